//! t-SNE's objective over all pairs of points: `O(n^2)` in time, and in memory for `P`.
//!
//! With `w_ij = 1 / (1 + |y_i - y_j|^2)`, `Z = sum_{i != j} w_ij` and `q_ij = w_ij / Z`, it is
//! `KL(P || Q) = sum p_ij ln(p_ij / q_ij)` in nats (van der Maaten and Hinton 2008, eq. 2 and 4).

/// `w` for two points: Student's t-distribution with one degree of freedom.
pub(super) fn weight(a: [f64; 2], b: [f64; 2]) -> f64 {
    let [x, y] = [a[0] - b[0], a[1] - b[1]];
    1.0 / (1.0 + x * x + y * y)
}

/// `Z`, the sum of `w` over all ordered pairs.
pub fn normaliser(points: &[[f64; 2]]) -> f64 {
    let below = |i: usize| points[..i].iter().map(|other| weight(points[i], *other)).sum::<f64>();
    2.0 * (0..points.len()).map(below).sum::<f64>()
}

/// `Q`: `n x n`, symmetric, sum 1, diagonal 0.
pub fn similarities(points: &[[f64; 2]]) -> Vec<f64> {
    let z = normaliser(points);
    let row = |i: usize| {
        let q = move |j: usize| if i == j { 0.0 } else { weight(points[i], points[j]) / z };
        (0..points.len()).map(q)
    };
    (0..points.len()).flat_map(row).collect()
}

/// `KL(P || Q)` for `P` of `n x n`.
pub fn divergence(p: &[f64], points: &[[f64; 2]]) -> f64 {
    let z = normaliser(points);
    let term = |(p, q): (f64, f64)| if p > 0.0 { p * (p / q).ln() } else { 0.0 };
    let rows = p.chunks_exact(points.len().max(1)).zip(points);
    rows.map(|(row, a)| {
        let pairs = row.iter().zip(points);
        pairs.map(|(p, b)| term((*p, weight(*a, *b) / z))).sum::<f64>()
    })
    .sum()
}

/// `dKL / dy_i = 4 sum_j (e p_ij - q_ij) w_ij (y_i - y_j)`, with `P` times the exaggeration `e`
/// (1: the gradient itself; eq. 5).
pub fn gradient(p: &[f64], points: &[[f64; 2]], exaggeration: f64) -> Vec<[f64; 2]> {
    let xs: Vec<f64> = points.iter().map(|point| point[0]).collect();
    let ys: Vec<f64> = points.iter().map(|point| point[1]).collect();
    let rows = p.chunks_exact(points.len().max(1)).zip(points);
    let forces: Vec<Forces> = rows.map(|(row, point)| forces(row, *point, &xs, &ys)).collect();
    // Every point has met itself, at w = 1.
    let z = forces.iter().map(|forces| forces.z - 1.0).sum::<f64>().max(f64::MIN_POSITIVE);
    let along = |forces: &Forces, k: usize| {
        4.0 * (exaggeration * forces.attraction[k] - forces.repulsion[k] / z)
    };
    forces.iter().map(|forces| [along(forces, 0), along(forces, 1)]).collect()
}

/// Sums over all points `j` for one point `i`.
#[derive(Default)]
struct Forces {
    /// `sum p_ij w_ij (y_i - y_j)`.
    attraction: [f64; 2],
    /// `sum w_ij^2 (y_i - y_j)`.
    repulsion: [f64; 2],
    /// `sum w_ij`.
    z: f64,
}

/// One pass for both forces: `Z` divides afterwards, and `Q` is never stored.
fn forces(p: &[f64], [x, y]: [f64; 2], xs: &[f64], ys: &[f64]) -> Forces {
    /// Sums side by side, so that the compiler can use vector registers.
    const LANES: usize = 4;

    let mut sums = [[0.0; LANES]; 5];
    let mut add = |lane: usize, p: f64, x_j: f64, y_j: f64| {
        let [dx, dy] = [x - x_j, y - y_j];
        let w = 1.0 / (1.0 + dx * dx + dy * dy);
        let [pw, ww] = [p * w, w * w];
        sums[0][lane] += pw * dx;
        sums[1][lane] += pw * dy;
        sums[2][lane] += ww * dx;
        sums[3][lane] += ww * dy;
        sums[4][lane] += w;
    };
    let (p, p_rest) = p.as_chunks::<LANES>();
    let (xs, xs_rest) = xs.as_chunks::<LANES>();
    let (ys, ys_rest) = ys.as_chunks::<LANES>();
    for ((p, xs), ys) in p.iter().zip(xs).zip(ys) {
        for lane in 0..LANES {
            add(lane, p[lane], xs[lane], ys[lane]);
        }
    }
    for ((p, x_j), y_j) in p_rest.iter().zip(xs_rest).zip(ys_rest) {
        add(0, *p, *x_j, *y_j);
    }
    let [ax, ay, rx, ry, z] = sums.map(|lanes| lanes.iter().sum());
    Forces { attraction: [ax, ay], repulsion: [rx, ry], z }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embed::affinity;
    use crate::rng::Seed;

    #[test]
    fn three_points_by_hand() {
        // Distances^2 1, 1, 2: w = 1/2, 1/2, 1/3; Z = 2 (4/3) = 8/3.
        let points = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]];
        assert!((normaliser(&points) - 8.0 / 3.0).abs() < 1e-15);
        let q = similarities(&points);
        assert!((q[1] - 3.0 / 16.0).abs() < 1e-15 && (q[5] - 1.0 / 8.0).abs() < 1e-15);
        assert_eq!(divergence(&q, &points), 0.0);
        let uniform: Vec<f64> = (0..9).map(|k| if k % 4 == 0 { 0.0 } else { 1.0 / 6.0 }).collect();
        let expected = 4.0 / 6.0 * (8f64 / 9.0).ln() + 2.0 / 6.0 * (8f64 / 6.0).ln();
        assert!((divergence(&uniform, &points) - expected).abs() < 1e-15);
    }

    #[test]
    fn the_gradient_is_that_of_the_divergence() {
        let mut stream = Seed(3).stream("points");
        let rows: Vec<f64> = (0..70).map(|_| stream.normal()).collect();
        let mut points: Vec<[f64; 2]> =
            (0..14).map(|_| [stream.normal(), stream.normal()]).collect();
        let p = affinity::joint(affinity::conditional(&rows, 5, 4.0).probabilities, 14);
        let found = gradient(&p, &points, 1.0);
        for (i, row) in found.iter().enumerate() {
            for (k, found) in row.iter().enumerate() {
                let mut at = |shift: f64| {
                    points[i][k] += shift;
                    let value = divergence(&p, &points);
                    points[i][k] -= shift;
                    value
                };
                let expected = (at(1e-5) - at(-1e-5)) / 2e-5;
                assert!((found - expected).abs() < 1e-8, "{found} {expected}");
            }
        }
    }
}
