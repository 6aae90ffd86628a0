//! Operations written out for the CPU, with their gradients.
//!
//! Each is a function on tensors that does the same everywhere: on burn-flex by the code here, on
//! other devices by burn's own operations. `docs/performance.md` has what each one gains.

mod adam;
mod convolution;
mod gaussian;
mod host;
mod pooling;
mod product;
mod simd;
mod sparse;
#[cfg(feature = "webgpu")]
mod sparse_gpu;

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;

pub use adam::{AdamStep, adam};
pub use convolution::convolve;
pub use gaussian::gaussian;
pub use pooling::max_pool;
pub use sparse::{CompressedRows, SparseFactor, sparse_product};
