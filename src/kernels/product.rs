//! Products of small matrices.

use std::array;

use super::simd::{BLOCK, Kernel, LANES, OuterProducts, VECTORS, Vector};

/// Columns that are computed together.
const WIDTH: usize = VECTORS * LANES;

/// The right factor of products, its columns laid out as they are read.
pub(super) struct Columns {
    inner: usize,
    columns: usize,
    /// For `WIDTH` columns after the other, all rows of them.
    panels: Vec<[Vector; VECTORS]>,
}

impl Columns {
    /// Of a matrix that is given by its entries, `inner x columns`.
    pub(super) fn new(inner: usize, columns: usize, b: impl Fn(usize, usize) -> f32) -> Self {
        let entry = |k, column| if column < columns { b(k, column) } else { 0.0 };
        let panel = |first: usize| {
            let entry = &entry;
            (0..inner).map(move |k| {
                array::from_fn(|v| array::from_fn(|l| entry(k, first + v * LANES + l)))
            })
        };
        let panels = (0..columns).step_by(WIDTH).flat_map(panel).collect();
        Columns { inner, columns, panels }
    }

    /// `A B` with `A` of `rows x inner`, given by its entries; row-major. `skipped` tells which
    /// tiles, by their first row and their columns' end, are not wanted and stay 0.
    ///
    /// Each entry is summed up in the order of `inner`, wherever it stands: equal rows and columns
    /// give equal entries.
    pub(super) fn times(
        &self,
        rows: usize,
        a: impl Fn(usize, usize) -> f32,
        skipped: impl Fn(usize, usize) -> bool,
    ) -> Vec<f32> {
        let mut out = vec![0.0; rows * self.columns];
        let mut packed: Vec<[f32; BLOCK]> = Vec::with_capacity(self.inner);
        for first in (0..rows).step_by(BLOCK) {
            packed.clear();
            packed.extend((0..self.inner).map(|k| {
                array::from_fn(|row| if first + row < rows { a(first + row, k) } else { 0.0 })
            }));
            for (panel, start) in self.panels.chunks_exact(self.inner).zip((0..).step_by(WIDTH)) {
                if skipped(first, start + WIDTH) {
                    continue;
                }
                let valid = WIDTH.min(self.columns - start);
                let found = OuterProducts { columns: panel, rows: &packed }.sums();
                for (row, vectors) in (first..rows).zip(&found) {
                    out[row * self.columns + start..][..valid]
                        .copy_from_slice(&vectors.as_flattened()[..valid]);
                }
            }
        }
        out
    }
}
