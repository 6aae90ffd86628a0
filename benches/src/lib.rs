//! Training steps to be timed.
//!
//! The tasks are those that other in-browser trainers and PyTorch are measured on: same data, same
//! initial weights, same Adam, so the first and the tenth loss must agree.

pub mod data;
#[cfg(not(target_arch = "wasm32"))]
pub mod epochs;
pub mod tasks;

#[cfg(target_arch = "wasm32")]
mod page;
