//! Gaussian Gram matrices.

use burn::tensor::{Tensor, s};

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

/// `e^x` for `x <= 0`, to 1e-7 of its value: `2^k e^r` with `|r| <= ln 2 / 2` and a polynomial for
/// `e^r` (Cephes, `expf`). Without branches or calls, so that many are done at a time.
pub(super) fn exp(x: f32) -> f32 {
    // Adding 1.5 2^23 leaves the nearest whole number in the last bits; 127 is the exponent's bias.
    const ROUND: f32 = 12_582_912.0 + 127.0;
    const LN_2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];
    let shifted = x * std::f32::consts::LOG2_E + ROUND;
    let k = shifted - ROUND;
    let r = x - k * LN_2[0] - k * LN_2[1];
    let series = [1.987_569_1e-4, 1.398_2e-3, 8.333_452e-3, 4.166_579_6e-2, 0.166_666_65, 0.5];
    let tail = series.into_iter().fold(0.0, |sum, factor| sum * r + factor);
    let power = f32::from_bits(shifted.to_bits() << 23);
    let value = (tail * r * r + r + 1.0) * power;
    // Below, 2^k is no normal number any more.
    if x < -87.0 { 0.0 } else { value }
}

#[cfg(test)]
mod tests {
    use super::exp;

    #[test]
    fn exponentials_are_right_to_the_last_digit_but_one() {
        for step in 0..87_000 {
            let x = -(step as f32) * 1e-3;
            let right = f64::from(x).exp();
            assert!((f64::from(exp(x)) - right).abs() <= 1.2e-7 * right, "exp({x}) is {}", exp(x));
        }
        assert_eq!((exp(0.0), exp(-1e9), exp(f32::NEG_INFINITY)), (1.0, 0.0, 0.0));
        assert!(exp(f32::NAN).is_nan());
    }
}
