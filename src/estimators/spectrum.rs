//! Rényi entropy of any order from the eigenvalues of a Gram matrix, on the host in double precision.
//!
//! No back end has a differentiable eigensolver, and none is needed: the gradient of
//! `S_a(A) = log2 tr(A^a) / (1 - a)` is a function of `A` itself, with the same eigenvectors.

use faer::{Mat, Side};
use std::f64::consts::LN_2;

/// The eigenvalues of a symmetric positive semi-definite matrix of trace 1.
pub struct Spectrum {
    /// Not negative, sum 1.
    values: Vec<f64>,
}

/// The same with its eigenvectors, which take twice as long, for gradients.
pub struct Eigenpairs {
    /// The eigenvalues.
    pub spectrum: Spectrum,
    vectors: Mat<f64>,
}

/// The eigensolver did not converge: the matrix holds a value that is not finite.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the Gram matrix of {n} samples has no eigenvalues: an entry is not a finite number")]
pub struct NoSpectrum {
    /// Samples.
    pub n: usize,
}

/// The solvers would not return from a matrix with a NaN in it.
fn finite(gram: &Mat<f64>) -> Result<&Mat<f64>, NoSpectrum> {
    let n = gram.nrows();
    let finite = (0..n).all(|j| (0..n).all(|i| gram[(i, j)].is_finite()));
    if finite { Ok(gram) } else { Err(NoSpectrum { n }) }
}

impl Spectrum {
    /// Of `K / tr K`, for a Gram matrix `K`.
    ///
    /// # Errors
    /// [`NoSpectrum`], where a number is not finite.
    pub fn new(gram: &Mat<f64>) -> Result<Self, NoSpectrum> {
        let values = finite(gram)?.self_adjoint_eigenvalues(Side::Lower);
        values.map(Spectrum::of).map_err(|_| NoSpectrum { n: gram.nrows() })
    }

    /// Of eigenvalues that are known, up to a common factor, as the sizes of groups whose members are
    /// alike.
    pub fn of(mut values: Vec<f64>) -> Self {
        // Rounding leaves values a little off 0, and the sum a little off 1.
        let cutoff = values.len() as f64 * 1e-15;
        values.iter_mut().filter(|value| **value < cutoff).for_each(|value| *value = 0.0);
        let sum: f64 = values.iter().sum();
        values.iter_mut().for_each(|value| *value /= sum);
        Spectrum { values }
    }

    /// The eigenvalues, ascending.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// `S_a` in bits; at `a = 1` its limit, the von Neumann entropy.
    pub fn entropy(&self, order: f64) -> f64 {
        let positive = self.values.iter().copied().filter(|p| *p > 0.0);
        if order == 1.0 {
            return -positive.map(|p| p * p.log2()).sum::<f64>() + 0.0;
        }
        // Near order 1, log tr(A^a) is tiny and 1 / (1 - a) huge. With sum p = 1,
        // tr(A^a) - 1 = sum p (p^(a-1) - 1) keeps the digits.
        let excess: f64 = positive.map(|p| p * ((order - 1.0) * p.ln()).exp_m1()).sum();
        // Of a large order it keeps none of them: tr(A^a) is nearly 0.
        let log_trace = if excess > -0.5 { excess.ln_1p() } else { self.log_trace(order) };
        -log_trace / ((order - 1.0) * LN_2)
    }

    fn greatest(&self) -> f64 {
        self.values.iter().copied().fold(0.0, f64::max)
    }

    /// `sum (p / p_max)^a`, which no order makes vanish.
    fn scaled_trace(&self, order: f64) -> f64 {
        let greatest = self.greatest();
        self.values.iter().map(|p| (p / greatest).powf(order)).sum()
    }

    /// `ln tr(A^a)`.
    fn log_trace(&self, order: f64) -> f64 {
        order * self.greatest().ln() + self.scaled_trace(order).ln()
    }
}

impl Eigenpairs {
    /// Of `K / tr K`, for a Gram matrix `K`.
    ///
    /// # Errors
    /// As [`Spectrum::new`].
    pub fn new(gram: &Mat<f64>) -> Result<Self, NoSpectrum> {
        let eigen = finite(gram)?.self_adjoint_eigen(Side::Lower);
        let eigen = eigen.map_err(|_| NoSpectrum { n: gram.nrows() })?;
        let values = eigen.S().column_vector().iter().copied().collect();
        Ok(Eigenpairs { spectrum: Spectrum::of(values), vectors: eigen.U().to_owned() })
    }

    /// `dS_a / dA = a / ((1 - a) ln 2) A^(a-1) / tr(A^a)`; at `a = 1`, `-(ln A + 1) / ln 2`.
    ///
    /// Where an eigenvalue is 0 and `a <= 1` the derivative is infinite; it is taken as 0 there, the
    /// direction in which a sample repeats another.
    pub fn entropy_gradient(&self, order: f64) -> Mat<f64> {
        let values = self.spectrum.values();
        let (greatest, trace) = (self.spectrum.greatest(), self.spectrum.scaled_trace(order));
        let weight = |p: f64| match (p > 0.0, order == 1.0) {
            (false, _) if order <= 1.0 => 0.0,
            (_, true) => -(p.ln() + 1.0) / LN_2,
            _ => {
                let power = (p / greatest).powf(order - 1.0) / (greatest * trace);
                order / ((1.0 - order) * LN_2) * power
            }
        };
        let weights: Vec<f64> = values.iter().map(|p| weight(*p)).collect();
        let n = weights.len();
        let scaled = Mat::from_fn(n, n, |i, k| self.vectors[(i, k)] * weights[k]);
        &scaled * self.vectors.transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten values alike: log2 10 bits of any order. The sum whose digits count near order 1 is all
    /// but -1 from order 17 on, and powers vanish from order 308 on.
    #[test]
    fn large_orders_keep_their_digits() {
        let uniform = Spectrum::of(vec![1.0; 10]);
        for order in [0.5, 0.99, 1.0, 1.01, 2.0, 10.0, 17.0, 20.0, 400.0, 1e6] {
            let found = uniform.entropy(order);
            assert!((found - 10f64.log2()).abs() < 1e-12, "order {order}: {found}");
        }
        // Of a large order the greatest value decides: -log2 p_max.
        let found = Spectrum::of(vec![3.0, 1.0]).entropy(1e9);
        assert!((found - (4.0f64 / 3.0).log2()).abs() < 1e-8, "{found}");
    }

    /// `a / ((1 - a) ln 2 n^(-1)) / n` on the diagonal, where all `n` values are `1 / n`.
    #[test]
    fn gradients_of_large_orders_are_finite() {
        let n = 10;
        let alike = Mat::from_fn(n, n, |i, j| f64::from(u8::from(i == j)));
        for order in [2.0, 20.0, 400.0] {
            let gradient = Eigenpairs::new(&alike).unwrap().entropy_gradient(order);
            let expected = order / ((1.0 - order) * LN_2);
            assert!((gradient[(0, 0)] - expected).abs() < 1e-9, "{order}: {}", gradient[(0, 0)]);
        }
    }
}
