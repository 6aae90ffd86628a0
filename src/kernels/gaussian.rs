//! Gaussian Gram matrices.

use burn::tensor::{Tensor, s};

use super::exp::exp;
use super::host::{constant, entries, operand};
use super::product::Columns;

/// `K_ij = exp(-|p_i - p_j|^2 / 2)`, `N x N` from points `N x d`; a constant, no gradient passes.
pub fn gaussian(points: Tensor<2>) -> Tensor<2> {
    let [n, width] = points.dims();
    match operand(&points) {
        Some(points) => {
            let points = points.into_primitive().to_contiguous();
            constant(on_host(n, width, entries(&points)), [n, n])
        }
        None => plain(points.detach()),
    }
}

/// The same by burn's operations.
pub(super) fn plain(points: Tensor<2>) -> Tensor<2> {
    let [n, _] = points.dims();
    let product = points.clone().matmul(points.clone().transpose());
    // The norms are the product's own diagonal: computed apart they would round differently, and
    // a point and its duplicate would not be at distance 0.
    let diagonal = product.clone().reshape([n * n]).slice(s![..;n as isize + 1]);
    let norms = diagonal.reshape([n, 1]);
    let squared = norms.clone() + norms.transpose() - product.mul_scalar(2.0);
    squared.clamp_min(0.0).mul_scalar(-0.5).exp()
}

fn on_host(n: usize, width: usize, points: &[f32]) -> Vec<f32> {
    let entry = |i: usize, k: usize| points[i * width + k];
    // Of the two halves of a symmetric matrix one is enough.
    let columns = Columns::new(width, n, |k, j| entry(j, k));
    let mut gram = columns.times(n, entry, |first, end| end <= first);
    let norms: Vec<f32> = gram.iter().step_by(n + 1).copied().collect();
    for i in 0..n {
        for (entry, norm) in gram[i * n..][i..n].iter_mut().zip(&norms[i..]) {
            let squared = norms[i] + norm - 2.0 * *entry;
            *entry = exp(-0.5 * if squared < 0.0 { 0.0 } else { squared });
        }
        for j in i + 1..n {
            gram[j * n + i] = gram[i * n + j];
        }
    }
    gram
}
