//! Sparse matrices on a device, as lists of entries.

use burn::tensor::{Device, IndexingUpdateOp, Int, Tensor, TensorData};

/// A constant sparse matrix: entry `k` is `values[k]` at `(rows[k], columns[k])`.
///
/// Products gather the rows of the other factor, scale them and add them up by row: for `m` entries
/// and `d` columns `2 m d` operations instead of `2 n_rows n_columns d`. Cora's features are 1.27 %
/// dense and its adjacency 0.18 %.
#[derive(Clone, Debug)]
pub struct SparseMatrix {
    shape: [usize; 2],
    /// `None`: all entries are zero. Not every back end has tensors without elements.
    entries: Option<Entries>,
}

#[derive(Clone, Debug)]
struct Entries {
    rows: Tensor<1, Int>,
    columns: Tensor<1, Int>,
    /// `None`: every entry is 1.
    values: Option<Tensor<1>>,
}

impl SparseMatrix {
    /// From entries `(row, column, value)` given as three lists of one length. `values: None` makes
    /// every entry 1.
    pub fn new(
        shape: [usize; 2],
        rows: Vec<i32>,
        columns: Vec<i32>,
        values: Option<Vec<f32>>,
        device: &Device,
    ) -> Self {
        let n = rows.len();
        let index = |values| Tensor::from_data(TensorData::new(values, [n]), device);
        let entries = (n > 0).then(|| Entries {
            rows: index(rows),
            columns: index(columns),
            values: values.map(|values| Tensor::from_data(TensorData::new(values, [n]), device)),
        });
        SparseMatrix { shape, entries }
    }

    /// `A B`, `n_rows x d` for `B` of `n_columns x d`. Differentiable in `B`.
    pub fn matmul(&self, dense: Tensor<2>) -> Tensor<2> {
        let [_, d] = dense.dims();
        let zeros = Tensor::zeros([self.shape[0], d], &dense.device());
        let Some(Entries { rows, columns, values }) = &self.entries else { return zeros };
        let terms = dense.select(0, columns.clone());
        let terms = match values {
            Some(values) => terms * values.clone().unsqueeze_dim(1),
            None => terms,
        };
        zeros.select_assign(0, rows.clone(), terms, IndexingUpdateOp::Add)
    }

    /// The same rows in another order: row `i` becomes row `places[i]`.
    pub fn with_rows_at(&self, places: Tensor<1, Int>) -> Self {
        let moved = |entries: &Entries| Entries {
            rows: places.clone().select(0, entries.rows.clone()),
            ..entries.clone()
        };
        SparseMatrix { shape: self.shape, entries: self.entries.as_ref().map(moved) }
    }

    /// All entries, zeros included.
    pub fn to_dense(&self, device: &Device) -> Tensor<2> {
        let [n_rows, n_columns] = self.shape;
        let zeros = Tensor::<1>::zeros([n_rows * n_columns], device);
        let flat = match &self.entries {
            Some(Entries { rows, columns, values }) => {
                let at = rows.clone().mul_scalar(n_columns as i32) + columns.clone();
                let ones = || Tensor::ones(columns.dims(), device);
                let values = values.clone().unwrap_or_else(ones);
                zeros.select_assign(0, at, values, IndexingUpdateOp::Add)
            }
            None => zeros,
        };
        flat.reshape([n_rows, n_columns])
    }
}
