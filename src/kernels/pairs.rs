//! Products of rows, pair by pair.

use std::sync::Arc;

use burn::tensor::Tensor;

use super::host::{HostOperation, apply, each_part, operand};
use super::sparse::{CompressedRows, SparseFactor, sparse_product};
use crate::device::index;

/// `s_p = a_i · b_j` for each pair `p = [i, j]`, from `a` of `N x d` and `b` of `M x d`; differentiable in
/// both. At least one pair.
pub fn pair_products(a: Tensor<2>, b: Tensor<2>, pairs: &[[u32; 2]]) -> Tensor<1> {
    let [_, d] = a.dims();
    match (operand(&a), operand(&b)) {
        (Some(a), Some(b)) => {
            let shape = [pairs.len()];
            apply(PairProducts { pairs: pairs.into(), d }, [a, b], shape)
        }
        _ => plain(a, b, pairs),
    }
}

/// The same by operations on whole matrices.
pub(super) fn plain(a: Tensor<2>, b: Tensor<2>, pairs: &[[u32; 2]]) -> Tensor<1> {
    let rows = |of, end| chosen(of, pairs.iter().map(|pair: &[u32; 2]| pair[end]).collect());
    (rows(a, 0) * rows(b, 1)).sum_dim(1).squeeze_dim(1)
}

/// These rows: by a product with a matrix of ones where there is one. Its gradient is another product;
/// that of `select` adds up the rows one after the other.
fn chosen(rows: Tensor<2>, places: Vec<u32>) -> Tensor<2> {
    let (n, order) = (places.len(), (0..places.len() as u32).collect::<Vec<_>>());
    let ones = CompressedRows::new(n, &order, &places, None);
    let ones = Arc::new(SparseFactor::new(ones, rows.dims()[0]));
    sparse_product(&ones, &rows).unwrap_or_else(|| {
        let places = places.iter().map(|place| *place as usize);
        rows.clone().select(0, index(places, &rows.device()))
    })
}

/// Without the matrices of all pairs' rows.
#[derive(Clone, Debug)]
struct PairProducts {
    pairs: Arc<[[u32; 2]]>,
    d: usize,
}

impl PairProducts {
    fn row(&self, row: u32) -> std::ops::Range<usize> {
        row as usize * self.d..(row as usize + 1) * self.d
    }
}

impl HostOperation<2> for PairProducts {
    type Saved = ();

    fn forward(&self, [a, b]: [&[f32]; 2]) -> (Vec<f32>, ()) {
        /// In one piece of work.
        const PAIRS: usize = 1024;
        let mut products = vec![0.0; self.pairs.len()];
        each_part(&mut products, PAIRS, |part, products| {
            for (product, [i, j]) in products.iter_mut().zip(&self.pairs[part * PAIRS..]) {
                let terms = a[self.row(*i)].iter().zip(&b[self.row(*j)]);
                *product = terms.map(|(a, b)| a * b).sum();
            }
        });
        (products, ())
    }

    fn backward(
        &self,
        _saved: &(),
        [a, b]: [&[f32]; 2],
        gradient: &[f32],
        wanted: [bool; 2],
    ) -> [Option<Vec<f32>>; 2] {
        // Where `end` of each pair is to be moved, along the row at the other end.
        let along = |end: usize, own: &[f32], other: &[f32]| {
            let mut sums = vec![0.0; own.len()];
            for (weight, pair) in gradient.iter().zip(self.pairs.iter()) {
                let other = &other[self.row(pair[1 - end])];
                let sums = &mut sums[self.row(pair[end])];
                sums.iter_mut().zip(other).for_each(|(sum, other)| *sum += weight * other);
            }
            sums
        };
        [wanted[0].then(|| along(0, a, b)), wanted[1].then(|| along(1, b, a))]
    }
}
