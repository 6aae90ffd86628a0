//! t-SNE's objective for many points: attraction between near neighbours only, repulsion cell by
//! cell, `O(n log n)` (van der Maaten 2014). Notation as in [`super::exact`].

use super::exact::weight;
use super::quadtree::QuadTree;
use super::sparse::SparseAffinities;

/// `KL(P || Q)`, with an approximate `Z`.
pub fn divergence(p: &SparseAffinities, points: &[[f64; 2]], theta: f64) -> f64 {
    let (_, z) = repulsion(points, theta);
    let term = |a: [f64; 2], (j, p): &(u32, f64)| match *p > 0.0 {
        true => p * (p * z / weight(a, points[*j as usize])).ln(),
        false => 0.0,
    };
    let rows = p.rows().zip(points);
    rows.map(|(row, point)| row.iter().map(|entry| term(*point, entry)).sum::<f64>()).sum()
}

/// `dKL / dy` with `P` times the exaggeration (the paper's eq. 8).
pub fn gradient(
    p: &SparseAffinities,
    points: &[[f64; 2]],
    exaggeration: f64,
    theta: f64,
) -> Vec<[f64; 2]> {
    let (forces, z) = repulsion(points, theta);
    let attractions = p.rows().zip(points).map(|(row, point)| {
        let mut attraction = [0.0; 2];
        for (j, p) in row {
            let other = points[*j as usize];
            let pull = p * weight(*point, other);
            attraction[0] += pull * (point[0] - other[0]);
            attraction[1] += pull * (point[1] - other[1]);
        }
        attraction
    });
    let along = |attraction: f64, force: f64| 4.0 * (exaggeration * attraction - force / z);
    let both = attractions.zip(forces);
    both.map(|(attraction, force)| [0, 1].map(|k| along(attraction[k], force[k]))).collect()
}

/// `sum_j w_ij^2 (y_i - y_j)` for every point, and `Z`.
fn repulsion(points: &[[f64; 2]], theta: f64) -> (Vec<[f64; 2]>, f64) {
    let tree = QuadTree::new(points);
    let mut forces = vec![[0.0; 2]; points.len()];
    let mut z = 0.0;
    for i in tree.order().iter().map(|i| *i as usize) {
        let (force, sum) = tree.repulsion(points[i], theta);
        forces[i] = force;
        // Without the point itself.
        z += sum - 1.0;
    }
    (forces, z.max(f64::MIN_POSITIVE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embed::exact;
    use crate::rng::Seed;

    #[test]
    fn the_approximation_is_close_to_all_pairs() {
        let mut stream = Seed(7).stream("points");
        let n = 600;
        let rows: Vec<f64> = (0..n * 4).map(|_| stream.normal()).collect();
        let p = SparseAffinities::new(&rows, 4, 20.0);
        let mut dense = vec![0.0; n * n];
        for (i, row) in p.rows().enumerate() {
            row.iter().for_each(|(j, p)| dense[i * n + *j as usize] = *p);
        }
        // As small as at the start, and as large as at the end.
        for spread in [1e-4, 1.0, 20.0] {
            let points: Vec<[f64; 2]> =
                (0..n).map(|_| [spread * stream.normal(), spread * stream.normal()]).collect();
            let expected = exact::gradient(&dense, &points, 1.0);
            let norm =
                |rows: &mut dyn Iterator<Item = f64>| rows.map(|x| x * x).sum::<f64>().sqrt();
            let size = norm(&mut expected.iter().flatten().copied());
            for (theta, bound) in [(0.0, 1e-9), (0.5, 0.05)] {
                let found = gradient(&p, &points, 1.0, theta);
                let pairs = found.iter().flatten().zip(expected.iter().flatten());
                let off = norm(&mut pairs.map(|(a, b)| a - b)) / size;
                assert!(off < bound, "spread {spread}, theta {theta}: {off}");
                let off = divergence(&p, &points, theta) - exact::divergence(&dense, &points);
                assert!(off.abs() < bound, "divergence: {off}");
            }
        }
    }
}
