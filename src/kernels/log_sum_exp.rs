//! Logarithms of sums of exponentials.

use std::ops::Range;

use burn::tensor::{Device, Tensor};

use super::exp::exp;
use super::host::{HostOperation, apply, each_part, operand};
use super::simd::{LANES, Vector};

/// The result where nothing is left to sum up.
const NOTHING: f32 = -1e9;

/// `ln sum_j e^{u_ij}` of each row, `N x 1` from `N x M`; differentiable, no exponential overflows.
pub fn log_sum_exp(rows: Tensor<2>) -> Tensor<2> {
    summed(rows, 0)
}

/// The same without a row's own columns, `i own` to `(i + 1) own` of row `i`, from `N x (N own)`. A row that
/// has no others, the only one, gives -1e9.
pub fn log_sum_exp_of_others(rows: Tensor<2>, own: usize) -> Tensor<2> {
    debug_assert_eq!(rows.dims()[1], rows.dims()[0] * own);
    summed(rows, own)
}

fn summed(rows: Tensor<2>, own: usize) -> Tensor<2> {
    let [n, width] = rows.dims();
    match operand(&rows) {
        Some(operand) => apply(LogSumExp { width, own }, [operand], [n, 1]),
        None => plain(rows, own),
    }
}

/// The same by burn's operations.
pub(super) fn plain(rows: Tensor<2>, own: usize) -> Tensor<2> {
    let [n, _] = rows.dims();
    let rows = match own {
        0 => rows,
        _ => {
            let low = own_entries(n, own, &rows.device()).mul_scalar(f64::from(NOTHING));
            rows + low
        }
    };
    let shift = rows.clone().detach().max_dim(1);
    (rows - shift.clone()).exp().sum_dim(1).log() + shift
}

/// 1 in each row's own columns, `N x (N own)`.
pub fn own_entries(n: usize, own: usize, device: &Device) -> Tensor<2> {
    // Made on the device: the host would send all of it in each step.
    let entries = Tensor::<2>::eye(n, device).unsqueeze_dim::<3>(2);
    entries.expand([n, n, own]).reshape([n, n * own])
}

/// Two passes over memory forward and one backward, many exponentials at a time.
#[derive(Clone, Debug)]
struct LogSumExp {
    width: usize,
    own: usize,
}

impl LogSumExp {
    /// The columns that a row leaves out.
    fn left_out(&self, row: usize) -> Range<usize> {
        row * self.own..(row + 1) * self.own
    }

    fn of_row(&self, row: usize, entries: &[f32]) -> f32 {
        let own = self.left_out(row);
        let others = [&entries[..own.start], &entries[own.end..]];
        if others.iter().all(|part| part.is_empty()) {
            return NOTHING;
        }
        let greater = |most: f32, next: f32| if next > most { next } else { most };
        let shift = fold(others, f32::NEG_INFINITY, greater);
        let shift = shift.into_iter().fold(f32::NEG_INFINITY, greater);
        let sums = fold(others, 0.0, |sum, next| sum + exp(next - shift));
        sums.iter().sum::<f32>().ln() + shift
    }
}

/// Over both parts, each lane of a vector by itself.
fn fold(parts: [&[f32]; 2], start: f32, step: impl Fn(f32, f32) -> f32) -> Vector {
    let mut lanes = [start; LANES];
    for part in parts {
        let (vectors, rest) = part.as_chunks::<LANES>();
        for entries in vectors.iter().map(|vector| vector.as_slice()).chain([rest]) {
            lanes.iter_mut().zip(entries).for_each(|(lane, next)| *lane = step(*lane, *next));
        }
    }
    lanes
}

impl HostOperation<1> for LogSumExp {
    /// The results.
    type Saved = Vec<f32>;

    fn forward(&self, [rows]: [&[f32]; 1]) -> (Vec<f32>, Vec<f32>) {
        let mut out = vec![0.0; rows.len() / self.width];
        each_part(&mut out, 1, |row, out| {
            out[0] = self.of_row(row, &rows[row * self.width..][..self.width]);
        });
        (out.clone(), out)
    }

    fn backward(
        &self,
        results: &Vec<f32>,
        [rows]: [&[f32]; 1],
        gradient: &[f32],
        _wanted: [bool; 1],
    ) -> [Option<Vec<f32>>; 1] {
        let mut found = vec![0.0; rows.len()];
        each_part(&mut found, self.width, |row, found| {
            let entries = rows[row * self.width..].iter();
            let [weight, result] = [gradient[row], results[row]];
            found.iter_mut().zip(entries).for_each(|(d, u)| *d = weight * exp(u - result));
            found[self.left_out(row)].fill(0.0);
        });
        [Some(found)]
    }
}
