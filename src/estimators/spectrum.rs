//! Rényi entropy of any order from the eigenvalues of a Gram matrix, on the host in double precision.
//!
//! No back end has a differentiable eigensolver, and none is needed: the gradient of
//! `S_a(A) = log2 tr(A^a) / (1 - a)` is a function of `A` itself, with the same eigenvectors.

use faer::dyn_stack::{MemBuffer, MemStack};
use faer::linalg::evd::{
    ComputeEigenvectors, SelfAdjointEvdParams, self_adjoint_evd, self_adjoint_evd_scratch,
};
use faer::{Auto, Mat, Par, Spec};
use std::f64::consts::LN_2;

/// The eigenvalues of a symmetric positive semi-definite matrix of trace 1.
pub struct Spectrum {
    /// Not negative, sum 1.
    values: Vec<f64>,
}

/// The same with its eigenvectors, which take twice as long, for gradients.
pub struct Eigenpairs {
    /// The eigenvalues, block by block.
    pub spectrum: Spectrum,
    blocks: Vec<Block>,
}

/// Rows and columns of a matrix that have no entry with others.
struct Block {
    at: Vec<usize>,
    /// A column each, in the order of the eigenvalues.
    vectors: Mat<f64>,
}

/// The eigensolver did not converge: the matrix holds a value that is not finite.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the Gram matrix of {n} samples has no eigenvalues: an entry is not a finite number")]
pub struct NoSpectrum {
    /// Samples.
    pub n: usize,
}

/// Eigenvalues, ascending, and a column for each of them in `vectors`, where they are wanted.
fn solve(gram: &Mat<f64>, vectors: Option<&mut Mat<f64>>) -> Result<Vec<f64>, NoSpectrum> {
    let n = gram.nrows();
    // The solver would not return from a matrix with a NaN in it.
    if !(0..n).all(|j| (0..n).all(|i| gram[(i, j)].is_finite())) {
        return Err(NoSpectrum { n });
    }
    let mut parameters = <SelfAdjointEvdParams as Auto<f64>>::auto();
    // Halved down to so many rows, to half of faer's own: of 128, 0.85 of the time.
    parameters.recursion_threshold = 64;
    let parameters = Spec::new(parameters);
    let wanted = vectors.as_ref().map_or(ComputeEigenvectors::No, |_| ComputeEigenvectors::Yes);
    let scratch = self_adjoint_evd_scratch::<f64>(n, wanted, Par::Seq, parameters);
    let mut scratch = MemBuffer::new(scratch);
    let mut values = Mat::<f64>::zeros(n, 1);
    self_adjoint_evd(
        gram.as_ref(),
        values.as_mut().col_mut(0).as_diagonal_mut(),
        vectors.map(|vectors| vectors.as_mut()),
        Par::Seq,
        MemStack::new(&mut scratch),
        parameters,
    )
    .map_err(|_| NoSpectrum { n })?;
    Ok(values.col(0).iter().copied().collect())
}

impl Spectrum {
    /// Of `K / tr K`, for a Gram matrix `K`.
    ///
    /// # Errors
    /// [`NoSpectrum`], where a number is not finite.
    pub fn new(gram: &Mat<f64>) -> Result<Self, NoSpectrum> {
        solve(gram, None).map(Spectrum::of)
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

    /// The eigenvalues, in the order they were given or found in: those of a matrix ascend.
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
        Self::of_blocks(gram, vec![(0..gram.nrows()).collect()])
    }

    /// Of what is left of `K` in blocks that have each index once, without what is between them: of its
    /// product with the delta kernel of classes. `C` classes alike take `1 / C^2` of the time.
    ///
    /// # Errors
    /// As [`Spectrum::new`].
    pub fn of_blocks(gram: &Mat<f64>, blocks: Vec<Vec<usize>>) -> Result<Self, NoSpectrum> {
        let mut values = Vec::new();
        let solved = blocks.into_iter().map(|at| {
            let n = at.len();
            let block = Mat::from_fn(n, n, |i, j| gram[(at[i], at[j])]);
            let mut vectors = Mat::zeros(n, n);
            values.extend(solve(&block, Some(&mut vectors))?);
            Ok(Block { at, vectors })
        });
        let blocks = solved.collect::<Result<_, _>>()?;
        Ok(Eigenpairs { spectrum: Spectrum::of(values), blocks })
    }

    /// `dS_a / dA = a / ((1 - a) ln 2) A^(a-1) / tr(A^a)`; at `a = 1`, `-(ln A + 1) / ln 2`.
    ///
    /// Where an eigenvalue is 0 and `a <= 1` the derivative is infinite; it is taken as 0 there, the
    /// direction in which a sample repeats another. Between blocks it is 0.
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
        let mut gradient = Mat::zeros(values.len(), values.len());
        let mut rest = values;
        for Block { at, vectors } in &self.blocks {
            let (values, after) = rest.split_at(at.len());
            rest = after;
            let weights: Vec<f64> = values.iter().map(|p| weight(*p)).collect();
            let scaled = Mat::from_fn(at.len(), at.len(), |i, k| vectors[(i, k)] * weights[k]);
            let block = &scaled * vectors.transpose();
            for (j, column) in at.iter().enumerate() {
                for (i, row) in at.iter().enumerate() {
                    gradient[(*row, *column)] = block[(i, j)];
                }
            }
        }
        gradient
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

    /// What is solved block by block is what is solved whole with nothing between the blocks.
    #[test]
    fn blocks_are_the_whole_without_what_is_between_them() {
        let n = 9;
        let gram = Mat::from_fn(n, n, |i, j| (-0.3 * (i as f64 - j as f64).powi(2)).exp());
        // One of them has a single sample.
        let block_of = |i: usize| if i == 4 { 2 } else { i % 2 };
        let apart =
            Mat::from_fn(n, n, |i, j| if block_of(i) == block_of(j) { gram[(i, j)] } else { 0.0 });
        let blocks = [0, 1, 2].map(|b| (0..n).filter(|i| block_of(*i) == b).collect()).to_vec();
        let [whole, parts] =
            [Eigenpairs::new(&apart).unwrap(), Eigenpairs::of_blocks(&gram, blocks).unwrap()];
        for order in [0.5, 1.0, 1.01, 2.0, 3.0] {
            let entropies = [&whole, &parts].map(|pairs| pairs.spectrum.entropy(order));
            assert!((entropies[0] - entropies[1]).abs() < 1e-12, "{order}: {entropies:?}");
            let gradients = [&whole, &parts].map(|pairs| pairs.entropy_gradient(order));
            for (i, j) in (0..n).flat_map(|i| (0..n).map(move |j| (i, j))) {
                let [one, other] = gradients.each_ref().map(|gradient| gradient[(i, j)]);
                assert!((one - other).abs() < 1e-10, "{order}, {i}, {j}: {one}, {other}");
            }
        }
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
