//! How several variables of the same samples depend on each other, beyond pairs: for looking at what
//! modules or feature maps share, not for training.

use faer::Mat;

use super::EstimateError;
use super::gram::{self, Gram};
use super::spectrum::Spectrum;

/// The matrix-based entropies of `k` variables in bits (Yu et al. 2019, 2021).
#[derive(Clone, Debug, PartialEq)]
pub struct Dependence {
    /// `S(V_i)`.
    pub marginals: Vec<f64>,
    /// `S` of all but one, `S(V_1 .. V_k without V_i)`.
    pub without: Vec<f64>,
    /// `S(V_1 .. V_k)`.
    pub joint: f64,
}

impl Dependence {
    /// Entropies of order `order` from a Gram matrix of each variable, all `N x N` with unit diagonal.
    /// `2k + 1` eigendecompositions on the host, `O(N^3)` each.
    ///
    /// # Errors
    /// A device that failed, or an entry that is not a finite number.
    pub async fn new(grams: &[Gram], order: f64) -> Result<Self, EstimateError> {
        let sources = gram::read_sources(grams).await?;
        let matrices: Vec<Mat<f64>> =
            grams.iter().zip(&sources).map(|(gram, source)| gram.on_host(source)).collect();
        let n = matrices.first().map_or(0, Mat::nrows);
        // Of the Hadamard product of some of them.
        let entropy = |which: &dyn Fn(usize) -> bool| {
            let chosen = || matrices.iter().enumerate().filter(|(k, _)| which(*k));
            let product = Mat::from_fn(n, n, |i, j| chosen().map(|(_, k)| k[(i, j)]).product());
            Ok::<f64, EstimateError>(Spectrum::new(&product)?.entropy(order))
        };
        let each = 0..matrices.len();
        let marginals: Result<_, EstimateError> =
            each.clone().map(|i| entropy(&|k| k == i)).collect();
        let without: Result<_, EstimateError> = each.map(|i| entropy(&|k| k != i)).collect();
        Ok(Dependence { marginals: marginals?, without: without?, joint: entropy(&|_| true)? })
    }

    /// `sum_i S(V_i) - S(V_1 .. V_k)` (Watanabe 1960).
    pub fn total_correlation(&self) -> f64 {
        self.marginals.iter().sum::<f64>() - self.joint
    }

    /// The same over its greatest value, `sum_i S(V_i) - max_i S(V_i)`.
    pub fn normalised_total_correlation(&self) -> f64 {
        let greatest = self.marginals.iter().copied().fold(0.0, f64::max);
        share(self.total_correlation(), self.marginals.iter().sum::<f64>() - greatest)
    }

    /// `sum_i S(all but V_i) - (k - 1) S(V_1 .. V_k)` (Han 1975).
    pub fn dual_total_correlation(&self) -> f64 {
        self.without.iter().sum::<f64>() - (self.without.len() as f64 - 1.0) * self.joint
    }

    /// The same over its greatest value, `S(V_1 .. V_k)`.
    pub fn normalised_dual_total_correlation(&self) -> f64 {
        share(self.dual_total_correlation(), self.joint)
    }

    /// `I(all but V_i; V_i)`: what a group tells of one.
    pub fn information_with_others(&self, i: usize) -> f64 {
        self.without[i] + self.marginals[i] - self.joint
    }
}

/// Without entropy there is no dependence either: 0 rather than 0 / 0.
fn share(part: f64, whole: f64) -> f64 {
    if whole < 1e-12 { 0.0 } else { part / whole }
}
