//! Operations written out, with their gradients.
//!
//! Each is a function on tensors that does the same everywhere: on burn-flex, or on a GPU, by the code
//! here, elsewhere by burn's own operations. `docs/performance.md` has what each one gains.

mod adam;
mod classify;
mod convolution;
mod exp;
mod gaussian;
#[cfg(feature = "webgpu")]
mod gpu;
mod host;
mod log_sum_exp;
mod pairs;
mod pooling;
mod product;
mod simd;
mod sparse;

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

pub use adam::{AdamStep, adam};
pub use classify::{Classified, classify, count_correct};
pub use convolution::convolve;
pub use gaussian::gaussian;
pub use log_sum_exp::{log_sum_exp, log_sum_exp_of_others, own_entries};
pub use pairs::pair_products;
pub use pooling::max_pool;
pub use sparse::{CompressedRows, SparseFactor, sparse_product};
