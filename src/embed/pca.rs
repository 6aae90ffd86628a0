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
    let n = count_rows(rows, width)?;
    let mut points = vec![[0.0; 2]; n];
    if n < 2 {
        return Ok(points);
    }
    let centred = centred(rows, width);
    let by_columns = width <= n;
    let moments = match by_columns {
        true => centred.transpose() * &centred,
        false => &centred * centred.transpose(),
    };
    // All entries are finite (squares of single-precision numbers do not overflow), so the solver
    // converges; if it did not, there would be nothing to show.
    let Ok(eigen) = moments.self_adjoint_eigen(Side::Lower) else { return Ok(points) };
    let size = moments.nrows();
    let largest = eigen.S()[size - 1];
    for component in 0..size.min(2) {
        // Ascending order.
        let k = size - 1 - component;
        let value = eigen.S()[k];
        // Below this an eigenvalue is rounding: its vector would be noise.
        if value <= largest * size as f64 * f64::EPSILON {
            continue;
        }
        let vector = eigen.U().col(k);
        let scores: Vec<f64> = match by_columns {
            true => (&centred * vector).iter().copied().collect(),
            false => vector.iter().map(|entry| entry * value.sqrt()).collect(),
        };
        let greatest = scores.iter().fold(0.0f64, |a, b| if b.abs() > a.abs() { *b } else { a });
        for (point, score) in points.iter_mut().zip(scores) {
            point[component] = score * greatest.signum();
        }
    }
    Ok(points)
}

fn centred(rows: &[f32], width: usize) -> Mat<f64> {
    let n = rows.len() / width;
    let mut means = vec![0.0; width];
    for row in rows.chunks_exact(width) {
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
