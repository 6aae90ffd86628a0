//! Products with a sparse matrix.

use std::sync::{Arc, OnceLock};

use burn::tensor::Tensor;

use super::host::{HostOperation, apply, each_part, operand};

/// A sparse matrix row by row, on the host.
#[derive(Clone, Debug)]
pub struct CompressedRows {
    /// Where each row's entries begin, and the end of the last.
    offsets: Vec<usize>,
    /// One entry each.
    columns: Vec<u32>,
    /// `None`: every entry is 1.
    values: Option<Vec<f32>>,
}

impl CompressedRows {
    /// From entries in any order; those of a row keep theirs.
    pub fn new(n_rows: usize, rows: &[u32], columns: &[u32], values: Option<&[f32]>) -> Self {
        let mut offsets = vec![0; n_rows + 1];
        rows.iter().for_each(|row| offsets[*row as usize + 1] += 1);
        for row in 0..n_rows {
            offsets[row + 1] += offsets[row];
        }
        let mut next = offsets.clone();
        let places = rows.iter().map(|row| {
            let place = next[*row as usize];
            next[*row as usize] += 1;
            place
        });
        let mut matrix = CompressedRows {
            offsets,
            columns: vec![0; rows.len()],
            values: values.map(|values| vec![0.0; values.len()]),
        };
        for (entry, place) in places.enumerate() {
            matrix.columns[place] = columns[entry];
            if let (Some(to), Some(from)) = (&mut matrix.values, values) {
                to[place] = from[entry];
            }
        }
        matrix
    }

    /// The column and the value of each of a row's entries.
    pub fn row(&self, row: usize) -> impl Iterator<Item = (usize, f32)> {
        (self.offsets[row]..self.offsets[row + 1]).map(|at| {
            let value = self.values.as_ref().map_or(1.0, |values| values[at]);
            (self.columns[at] as usize, value)
        })
    }

    /// Row, column and value of all entries, row by row.
    pub fn entries(&self) -> impl Iterator<Item = (usize, usize, f32)> {
        let rows = 0..self.offsets.len() - 1;
        rows.flat_map(|row| self.row(row).map(move |(column, value)| (row, column, value)))
    }

    /// Where each row's entries begin, and the end of the last.
    #[cfg(feature = "webgpu")]
    pub(super) fn offsets(&self) -> &[usize] {
        &self.offsets
    }

    /// How many entries there are.
    pub fn count(&self) -> usize {
        self.columns.len()
    }

    /// The value of each entry, row by row; `None`: every entry is 1.
    pub fn values(&self) -> Option<&[f32]> {
        self.values.as_deref()
    }

    fn transposed(&self, n_columns: usize) -> Self {
        let rows: Vec<u32> = self.entries().map(|(row, _, _)| row as u32).collect();
        CompressedRows::new(n_columns, &self.columns, &rows, self.values.as_deref())
    }

    /// `A B` for `B` of `d` columns, row-major.
    fn times(&self, dense: &[f32], d: usize) -> Vec<f32> {
        /// In one piece of work.
        const ROWS: usize = 64;
        let n_rows = self.offsets.len() - 1;
        let mut out = vec![0.0; n_rows * d];
        each_part(&mut out, ROWS * d, |part, out| {
            for (row, out) in (part * ROWS..).zip(out.chunks_exact_mut(d)) {
                for (column, value) in self.row(row) {
                    let dense = &dense[column * d..][..d];
                    out.iter_mut().zip(dense).for_each(|(out, entry)| *out += value * entry);
                }
            }
        });
        out
    }
}

/// A constant sparse matrix that can be multiplied with.
#[derive(Debug)]
pub struct SparseFactor {
    /// Its entries.
    pub rows: CompressedRows,
    n_columns: usize,
    /// For gradients; made when first asked for.
    transposed: OnceLock<CompressedRows>,
    #[cfg(feature = "webgpu")]
    pub(super) on_device: super::gpu::sparse::OnDevice,
}

impl SparseFactor {
    /// With so many columns.
    pub fn new(rows: CompressedRows, n_columns: usize) -> Self {
        SparseFactor {
            rows,
            n_columns,
            transposed: OnceLock::new(),
            #[cfg(feature = "webgpu")]
            on_device: Default::default(),
        }
    }

    pub(super) fn transposed(&self) -> &CompressedRows {
        self.transposed.get_or_init(|| self.rows.transposed(self.n_columns))
    }
}

/// `A B`, differentiable in `B`, where there is a way that is better than burn's operations; `None`
/// where there is none.
pub fn sparse_product(matrix: &Arc<SparseFactor>, dense: &Tensor<2>) -> Option<Tensor<2>> {
    let [_, d] = dense.dims();
    let n_rows = matrix.rows.offsets.len() - 1;
    match operand(dense) {
        Some(operand) => Some(apply(Product { matrix: matrix.clone(), d }, [operand], [n_rows, d])),
        #[cfg(feature = "webgpu")]
        None => super::gpu::sparse::product(matrix, dense),
        #[cfg(not(feature = "webgpu"))]
        None => None,
    }
}

#[derive(Clone, Debug)]
struct Product {
    matrix: Arc<SparseFactor>,
    d: usize,
}

impl HostOperation<1> for Product {
    type Saved = ();

    fn forward(&self, [dense]: [&[f32]; 1]) -> (Vec<f32>, ()) {
        (self.matrix.rows.times(dense, self.d), ())
    }

    fn backward(
        &self,
        _saved: &(),
        _inputs: [&[f32]; 1],
        gradient: &[f32],
        _wanted: [bool; 1],
    ) -> [Option<Vec<f32>>; 1] {
        [Some(self.matrix.transposed().times(gradient, self.d))]
    }
}
