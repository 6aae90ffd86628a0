//! How alike points are where they come from: the `P` of t-SNE.

/// Conditional similarities of every pair of points, and the kernels they were calibrated with.
#[derive(Clone, Debug, PartialEq)]
pub struct Conditional {
    /// `p(j|i)` at `i n + j`; 0 where `i = j`. Every row's sum is 1.
    pub probabilities: Vec<f64>,
    /// `beta_i = 1 / (2 sigma_i^2)`, the precision of point `i`'s Gaussian.
    pub betas: Vec<f64>,
}

/// `p(j|i) = exp(-beta_i |x_i - x_j|^2) / sum_{k != i} exp(-beta_i |x_i - x_k|^2)` for `n x width`
/// points, each row at the given perplexity (van der Maaten and Hinton 2008, eq. 1). See
/// [`calibrate`].
pub fn conditional(points: &[f64], width: usize, perplexity: f64) -> Conditional {
    let n = points.len() / width.max(1);
    let mut probabilities = vec![0.0; n * n];
    let point = |i: usize| &points[i * width..(i + 1) * width];
    for i in 0..n {
        for j in 0..i {
            let squared = squared_distance(point(i), point(j), f64::INFINITY);
            probabilities[i * n + j] = squared;
            probabilities[j * n + i] = squared;
        }
    }
    let mut betas = Vec::with_capacity(n);
    for (i, row) in probabilities.chunks_exact_mut(n.max(1)).enumerate() {
        // The point's own entry waits at the end while the others are calibrated.
        row.swap(i, n - 1);
        betas.push(calibrate(&mut row[..n - 1], perplexity));
        row.swap(i, n - 1);
    }
    Conditional { probabilities, betas }
}

/// `p_ij = (p(j|i) + p(i|j)) / (2n)`, in place: `n x n`, symmetric, sum 1 (the same paper, 3.1).
pub fn joint(mut conditional: Vec<f64>, n: usize) -> Vec<f64> {
    for i in 0..n {
        for j in 0..i {
            let mean = (conditional[i * n + j] + conditional[j * n + i]) / (2 * n) as f64;
            conditional[i * n + j] = mean;
            conditional[j * n + i] = mean;
        }
    }
    conditional
}

/// Turns a point's squared distances to others into the probabilities `w_j / sum w`,
/// `w_j = exp(-beta d_j^2)`, and gives the `beta` at which their entropy
/// `H = ln sum w + beta sum d^2 w / sum w` is `ln perplexity`.
///
/// `H` falls as `beta` grows, from `ln m` for `m` others to `ln t` for `t` equally near nearest
/// ones. Where `t` exceeds the perplexity (duplicates, binary features) there is no solution: the
/// nearest then share the probability. Others that are all at the same distance share it at any
/// `beta`, and 0 is given.
pub fn calibrate(squared: &mut [f64], perplexity: f64) -> f64 {
    /// Bounds of `ln beta`, relative to the mean distance: whatever the scale of the data.
    const RANGE: f64 = 60.0;
    /// In nats. Searches usually stop at 1e-5; Newton's method is below this one step later.
    const TOLERANCE: f64 = 1e-10;
    const MOST_STEPS: usize = 100;

    // Relative to the nearest, the greatest weight is 1 and the sum cannot vanish.
    let nearest = squared.iter().copied().fold(f64::INFINITY, f64::min);
    squared.iter_mut().for_each(|d| *d -= nearest);
    let mean = squared.iter().sum::<f64>() / squared.len() as f64;
    if mean == 0.0 {
        squared.fill(1.0 / squared.len() as f64);
        return 0.0;
    }
    let target = perplexity.ln();
    let [mut low, mut high] = [-RANGE, RANGE];
    let mut log_beta = 0.0f64;
    for _ in 0..MOST_STEPS {
        let (entropy, slope) = entropy(squared, log_beta.exp() / mean);
        let excess = entropy - target;
        if excess.abs() < TOLERANCE {
            break;
        }
        if excess > 0.0 {
            low = log_beta;
        } else {
            high = log_beta;
        }
        // Newton's step where it stays between the bounds, else halve them.
        let newton = log_beta - excess / slope;
        let halved = 0.5 * (low + high);
        log_beta = if newton > low && newton < high { newton } else { halved };
    }
    let beta = log_beta.exp() / mean;
    squared.iter_mut().for_each(|d| *d = (-beta * *d).exp());
    let sum: f64 = squared.iter().sum();
    squared.iter_mut().for_each(|weight| *weight /= sum);
    beta
}

/// `H` and `dH / d ln beta = -beta^2 Var(d^2)`, under the weights at `beta`.
fn entropy(squared: &[f64], beta: f64) -> (f64, f64) {
    let [mut sum, mut first, mut second] = [0.0; 3];
    for d in squared {
        let exponent = beta * d;
        let weight = (-exponent).exp();
        sum += weight;
        first += exponent * weight;
        second += exponent * exponent * weight;
    }
    let mean = first / sum;
    (sum.ln() + mean, mean * mean - second / sum)
}

/// `|a - b|^2`; no longer exact once it exceeds `limit`, but above it still.
pub(super) fn squared_distance(a: &[f64], b: &[f64], limit: f64) -> f64 {
    /// Sums side by side, so that the compiler can use vector registers.
    const LANES: usize = 8;
    /// Columns between two looks at the limit.
    const PIECE: usize = 4 * LANES;

    let mut total = 0.0;
    for (a, b) in a.chunks(PIECE).zip(b.chunks(PIECE)) {
        let mut lanes = [0.0; LANES];
        let (a, a_rest) = a.as_chunks::<LANES>();
        let (b, b_rest) = b.as_chunks::<LANES>();
        for (a, b) in a.iter().zip(b) {
            for lane in 0..LANES {
                let difference = a[lane] - b[lane];
                lanes[lane] += difference * difference;
            }
        }
        let rest = a_rest.iter().zip(b_rest).map(|(a, b)| (a - b) * (a - b));
        total += lanes.iter().sum::<f64>() + rest.sum::<f64>();
        if total > limit {
            break;
        }
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Seed;

    fn perplexity(probabilities: &[f64]) -> f64 {
        let positive = probabilities.iter().filter(|p| **p > 0.0);
        (-positive.map(|p| p * p.ln()).sum::<f64>()).exp()
    }

    #[test]
    fn every_row_has_the_perplexity_whatever_the_scale() {
        let mut stream = Seed(1).stream("distances");
        let distances: Vec<f64> = (0..99).map(|_| stream.normal().powi(2)).collect();
        for scale in [1e-70, 1e-6, 1.0, 1e9, 1e70] {
            for wanted in [1.5, 30.0, 90.0] {
                let mut row: Vec<f64> = distances.iter().map(|d| d * scale).collect();
                calibrate(&mut row, wanted);
                assert!((perplexity(&row) - wanted).abs() < 1e-7, "{scale} {wanted}");
            }
        }
    }

    #[test]
    fn more_ties_than_the_perplexity_share_it() {
        let mut row = [0.0, 0.0, 0.0, 0.0, 7.0, 9.0];
        calibrate(&mut row, 2.0);
        assert_eq!(row, [0.25, 0.25, 0.25, 0.25, 0.0, 0.0]);
        let mut equal = [3.0; 4];
        assert_eq!(calibrate(&mut equal, 2.0), 0.0);
        assert_eq!(equal, [0.25; 4]);
    }

    #[test]
    fn the_joint_is_symmetric_and_sums_to_1() {
        let mut stream = Seed(2).stream("points");
        let points: Vec<f64> = (0..60).map(|_| stream.normal()).collect();
        let p = joint(conditional(&points, 3, 5.0).probabilities, 20);
        assert!((p.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!(
            (0..20).all(|i| p[i * 21] == 0.0 && (0..20).all(|j| p[i * 20 + j] == p[j * 20 + i]))
        );
    }

    #[test]
    fn distances_of_any_width() {
        for width in [1, 7, 8, 31, 32, 33, 100] {
            let a: Vec<f64> = (0..width).map(f64::from).collect();
            assert_eq!(squared_distance(&a, &vec![0.0; a.len()], f64::INFINITY), {
                let last = f64::from(width) - 1.0;
                last * (last + 1.0) * (2.0 * last + 1.0) / 6.0
            });
        }
    }
}
