//! Operations written out for a GPU, in burn's kernel language.
//!
//! Each extends the back end by a function that burn's fusion defers like its own operations.

pub mod classify;
pub mod sparse;

use cubecl::prelude::{Client, CubeCount};
use cubecl::{CubeDim, calculate_cube_count_elemwise};

/// How a kernel is launched that has a unit of work for each of `n`.
fn units(client: &Client, n: usize) -> (CubeCount, CubeDim) {
    let dim = CubeDim::new(client, n);
    (calculate_cube_count_elemwise(client, n, dim), dim)
}
