//! Operations written out for a GPU, in burn's kernel language.
//!
//! Each extends the back end by a function that burn's fusion defers like its own operations.

pub mod classify;
pub mod sparse;
