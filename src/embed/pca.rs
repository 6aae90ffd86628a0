//! Principal components.

use faer::{Mat, Side};

use super::EmbedError;
use super::error::count_rows;

/// The first two principal components of `n x width` rows (Pearson 1901; Hotelling 1933):
/// `y = (x - mean) [u_1 u_2]`, with `u_k` the eigenvectors of the covariance matrix to its greatest
/// eigenvalues. Where `n < width` they come from the smaller Gram matrix of the centred rows, whose
/// eigenvectors, times the roots of its eigenvalues, are the same coordinates.
///
/// An eigenvector's sign is free: here each coordinate's entry of greatest magnitude (the first, if
/// there are several) is positive. A coordinate without variance is 0: both for constant rows or
/// fewer than two, the second for a single column.
///
/// # Errors
/// [`EmbedError::Ragged`] and [`EmbedError::NotFinite`].
pub fn pca(rows: &[f32], width: usize) -> Result<Vec<[f64; 2]>, EmbedError> {
    Ok(Principal::new(rows, width)?.plane())
}

/// The principal axes of some rows.
pub(super) struct Principal {
    /// `n x width`.
    centred: Mat<f64>,
    /// Ascending eigenvalues with their vectors, of the covariance matrix (`width x width`) or the
    /// Gram matrix (`n x n`), both times `n`.
    values: Vec<f64>,
    vectors: Mat<f64>,
}

impl Principal {
    pub fn new(rows: &[f32], width: usize) -> Result<Self, EmbedError> {
        count_rows(rows, width)?;
        let centred = centred(rows, width);
        let moments = match centred.ncols() <= centred.nrows() {
            true => centred.transpose() * &centred,
            false => &centred * centred.transpose(),
        };
        // All entries are finite (squares of single-precision numbers do not overflow), so the solver
        // converges; if it did not, there would be nothing to show.
        let eigen = moments.self_adjoint_eigen(Side::Lower).ok();
        let (values, vectors) = eigen.map_or((Vec::new(), Mat::new()), |eigen| {
            ((0..moments.nrows()).map(|k| eigen.S()[k]).collect(), eigen.U().to_owned())
        });
        Ok(Principal { centred, values, vectors })
    }

    fn by_columns(&self) -> bool {
        self.vectors.nrows() == self.centred.ncols()
    }

    /// The first two coordinates of each row.
    pub fn plane(&self) -> Vec<[f64; 2]> {
        let mut points = vec![[0.0; 2]; self.centred.nrows()];
        // Below this an eigenvalue is rounding: its vector would be noise.
        let cutoff = self
            .values
            .last()
            .map_or(0.0, |largest| largest * self.values.len() as f64 * f64::EPSILON);
        for (component, (k, value)) in self.values.iter().enumerate().rev().take(2).enumerate() {
            if *value <= cutoff {
                continue;
            }
            let vector = self.vectors.col(k);
            let scores: Vec<f64> = match self.by_columns() {
                true => (&self.centred * vector).iter().copied().collect(),
                false => vector.iter().map(|entry| entry * value.sqrt()).collect(),
            };
            let greater = |a: f64, b: &f64| if b.abs() > a.abs() { *b } else { a };
            let sign = scores.iter().fold(0.0, greater).signum();
            points
                .iter_mut()
                .zip(scores)
                .for_each(|(point, score)| point[component] = score * sign);
        }
        points
    }

    /// All coordinates of each row, row-major, those of greatest variance first; `None` where there
    /// are fewer rows than columns. A rotation: distances stay as they are.
    pub fn coordinates(&self) -> Option<Vec<f64>> {
        self.by_columns().then(|| {
            let turned = &self.centred * self.vectors.reverse_cols();
            let row = |i: usize| turned.row(i).iter().copied().collect::<Vec<f64>>();
            (0..turned.nrows()).flat_map(row).collect()
        })
    }
}

fn centred(rows: &[f32], width: usize) -> Mat<f64> {
    let n = rows.len() / width.max(1);
    let mut means = vec![0.0; width];
    for row in rows.chunks_exact(width.max(1)) {
        means.iter_mut().zip(row).for_each(|(mean, value)| *mean += f64::from(*value));
    }
    means.iter_mut().for_each(|mean| *mean /= n as f64);
    Mat::from_fn(n, width, |i, j| f64::from(rows[i * width + j]) - means[j])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Seed;

    #[test]
    fn a_line_has_one_component() {
        // (1, 2), (2, 4), (3, 6): the mean is (2, 4), steps along (1, 2) are sqrt 5 long. Of the
        // entries of equal magnitude the first is made positive.
        let points = pca(&[1.0, 2.0, 2.0, 4.0, 3.0, 6.0], 2).unwrap();
        for (point, expected) in points.iter().zip([5f64.sqrt(), 0.0, -(5f64.sqrt())]) {
            assert!((point[0] - expected).abs() < 1e-12 && point[1] == 0.0, "{points:?}");
        }
    }

    #[test]
    fn both_matrices_give_the_same_coordinates() {
        // 12 rows of 5 columns, and the same with 20 columns of zeros: first covariance, then Gram.
        let mut stream = Seed(1).stream("rows");
        let narrow: Vec<f32> = (0..60).map(|_| stream.normal() as f32).collect();
        let wide: Vec<f32> =
            narrow.chunks(5).flat_map(|row| row.iter().copied().chain([0.0; 20])).collect();
        let [a, b] = [pca(&narrow, 5).unwrap(), pca(&wide, 25).unwrap()];
        for (a, b) in a.iter().flatten().zip(b.iter().flatten()) {
            assert!((a - b).abs() < 1e-10);
        }
        let variance = |k: usize| a.iter().map(|point| point[k].powi(2)).sum::<f64>();
        assert!(variance(0) > variance(1));
        let covariance: f64 = a.iter().map(|[x, y]| x * y).sum();
        assert!(covariance.abs() < 1e-10);
    }

    #[test]
    fn a_rotation_keeps_distances() {
        let mut stream = Seed(2).stream("rows");
        let rows: Vec<f32> = (0..80).map(|k| (k % 4) as f32 * stream.normal() as f32).collect();
        let principal = Principal::new(&rows, 4).unwrap();
        let turned = principal.coordinates().unwrap();
        let squared = |rows: &[f64], i: usize, j: usize| {
            (0..4).map(|k| (rows[4 * i + k] - rows[4 * j + k]).powi(2)).sum::<f64>()
        };
        let rows: Vec<f64> = rows.into_iter().map(f64::from).collect();
        for (i, j) in [(0, 1), (3, 19), (7, 12)] {
            assert!((squared(&rows, i, j) - squared(&turned, i, j)).abs() < 1e-12);
        }
        let variance = |k: usize| turned.iter().skip(k).step_by(4).map(|x| x * x).sum::<f64>();
        assert!((1..4).all(|k| variance(k - 1) >= variance(k)));
        assert_eq!(Principal::new(&[1.0, 2.0], 2).unwrap().coordinates(), None);
    }

    #[test]
    fn what_has_no_variance_stays_at_the_origin() {
        assert_eq!(pca(&[], 3), Ok(vec![]));
        assert_eq!(pca(&[1.0, 2.0], 2), Ok(vec![[0.0; 2]]));
        assert_eq!(pca(&[4.5; 12], 3), Ok(vec![[0.0; 2]; 4]));
        assert_eq!(pca(&[1.0, 3.0], 1), Ok(vec![[1.0, 0.0], [-1.0, 0.0]]));
    }

    #[test]
    fn rows_that_are_none_are_refused() {
        assert_eq!(pca(&[1.0; 5], 2), Err(EmbedError::Ragged { width: 2, found: 5 }));
        assert_eq!(pca(&[1.0], 0), Err(EmbedError::Ragged { width: 0, found: 1 }));
        assert!(matches!(
            pca(&[1.0, 2.0, f32::NAN, 0.0], 2),
            Err(EmbedError::NotFinite { row: 1, column: 0, .. })
        ));
    }
}
