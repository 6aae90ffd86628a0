//! `P` of near neighbours only, for many points.

use super::affinity::calibrate;
use super::neighbours::nearest;

/// A symmetric matrix by rows (CSR): row `i` holds `entries[offsets[i]..offsets[i + 1]]`, columns
/// ascending.
pub struct SparseAffinities {
    offsets: Vec<usize>,
    entries: Vec<(u32, f64)>,
}

impl SparseAffinities {
    /// `p_ij` of `n x width` points from each one's `3 perplexity` nearest neighbours; farther ones
    /// would have hardly any weight and get none (van der Maaten 2014, eq. 6 and 7).
    pub fn new(points: &[f64], width: usize, perplexity: f64) -> Self {
        let n = points.len() / width.max(1);
        let k = ((3.0 * perplexity) as usize).clamp(1, n - 1);
        let mut triples = Vec::with_capacity(2 * n * k);
        for (i, near) in (0u32..).zip(nearest(points, width, k)) {
            let mut row: Vec<f64> = near.iter().map(|neighbour| neighbour.squared).collect();
            calibrate(&mut row, perplexity);
            for (neighbour, p) in near.iter().zip(row) {
                let half = p / (2 * n) as f64;
                triples.extend([(i, neighbour.index, half), (neighbour.index, i, half)]);
            }
        }
        // At most two entries of a pair, and a sum of two does not depend on their order.
        triples.sort_unstable_by_key(|(i, j, _)| (*i, *j));
        triples.dedup_by(|second, first| {
            let same = (second.0, second.1) == (first.0, first.1);
            first.2 += if same { second.2 } else { 0.0 };
            same
        });
        let mut offsets = vec![0; n + 1];
        triples.iter().for_each(|(i, ..)| offsets[*i as usize + 1] += 1);
        (0..n).for_each(|i| offsets[i + 1] += offsets[i]);
        SparseAffinities { offsets, entries: triples.into_iter().map(|(_, j, p)| (j, p)).collect() }
    }

    /// The columns and values of each row.
    pub fn rows(&self) -> impl Iterator<Item = &[(u32, f64)]> {
        self.offsets.windows(2).map(|ends| &self.entries[ends[0]..ends[1]])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::embed::affinity::{conditional, joint};
    use crate::rng::Seed;

    #[test]
    fn with_all_neighbours_it_is_the_exact_one() {
        let mut stream = Seed(5).stream("points");
        let points: Vec<f64> = (0..48).map(|_| stream.normal()).collect();
        // 3 x 5 neighbours of 16 points: all of them.
        let expected = joint(conditional(&points, 3, 5.0).probabilities, 16);
        let sparse = SparseAffinities::new(&points, 3, 5.0);
        for (i, row) in sparse.rows().enumerate() {
            assert_eq!(row.len(), 15);
            for (j, p) in row {
                assert!((p - expected[i * 16 + *j as usize]).abs() < 1e-12);
            }
        }
    }
}
