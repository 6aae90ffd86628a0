use burn::tensor::{Tensor, TensorData};
use faer::Mat;
use serde::{Deserialize, Serialize};
use std::f64::consts::LN_2;

use super::gram::{self, Gram};
use super::spectrum::{Eigenpairs, NoSpectrum, Spectrum};
use super::{
    About, Estimate, EstimateError, Estimating, Memory, MutualInformation, Output, Target,
    TargetBatch, Thinning,
};
use crate::representation::{Misfit, Representation, Shape};

/// Bits of entropy below which there is none, in single precision.
const LEAST_ENTROPY: f64 = 1e-4;

/// Matrix-based Rényi mutual information (Sánchez Giraldo, Rao and Príncipe 2014; several variables:
/// Yu et al. 2019), in bits:
///
/// `I_a(T; Z) = S_a(K_T / N) + S_a(K_Z / N) - S_a(K_T ∘ K_Z / N)`,
/// `S_a(A) = log2 tr(A^a) / (1 - a)`,
///
/// with Gaussian Gram matrices of scale-free width ([`gram::scale_free`]), for labels the delta
/// kernel. A grid is as many variables as it has channels; an input node is two, its features and
/// the mean of its neighbours'. No parameters of its own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MatrixRenyi {
    /// `a > 0`. At 2 the entropy is a Frobenius norm and stays on the device; any other order costs
    /// eigendecompositions on the host, `O(N^3)`.
    pub order: f64,
    /// Kernel width as a share of the root mean squared distance.
    pub width: f64,
    /// What the information is divided by.
    pub normalisation: Normalisation,
    /// Most samples (or nodes) in a Gram matrix; a larger batch is thinned out at random.
    pub samples: usize,
}

/// The divisor of an information. But for [`Normalisation::None`] the result is a share, at most
/// about 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Normalisation {
    /// Plain `I`, in bits.
    None,
    /// `I / min(S_T, S_Z)`, which for two variables is the total correlation of Yu et al. (2021).
    Min,
    /// `I / max(S_T, S_Z)`: tells tight clusters from scattered points, which plain `I` does not.
    Max,
    /// `I / S_(T, Z)`.
    Joint,
}

impl Normalisation {
    /// Every one.
    pub const ALL: [Normalisation; 4] =
        [Normalisation::None, Normalisation::Min, Normalisation::Max, Normalisation::Joint];
}

/// Near order 1, on as many samples as a browser has eigenvalues for.
impl Default for MatrixRenyi {
    fn default() -> Self {
        MatrixRenyi { order: 1.01, width: 1.0, normalisation: Normalisation::None, samples: 128 }
    }
}

impl MutualInformation for MatrixRenyi {
    fn about(&self) -> About {
        About {
            title: "Matrix-based Rényi",
            description: "Entropies of normalised kernel matrices: no density is estimated and \
                nothing is trained beside the module.",
            formula: "I_α(T;Z) = S_α(A_T) + S_α(A_Z) − S_α(A_T ∘ A_Z / tr(A_T ∘ A_Z)),  \
                S_α(A) = log₂ tr(A^α) / (1 − α)",
            source: "Sánchez Giraldo, Rao and Príncipe 2014; Yu et al. 2019",
            targets: super::BOTH,
            kinds: super::ALL_KINDS,
        }
    }

    fn label(&self) -> String {
        format!("matrix-based Rényi, α = {}", self.order)
    }

    fn unit(&self) -> &'static str {
        match self.normalisation {
            Normalisation::None => "bits",
            Normalisation::Min => "of the smaller entropy",
            Normalisation::Max => "of the larger entropy",
            Normalisation::Joint => "of the joint entropy",
        }
    }

    fn check(&self, _output: &Shape, _target: Target, _input: &Shape) -> Result<(), Misfit> {
        Ok(())
    }

    fn scores(&self, rows: f64, _input: &Shape) -> f64 {
        rows.min(self.samples as f64).powi(2)
    }

    fn estimate<'a>(
        &'a self,
        _critic: &'a [Tensor<1>],
        output: Output,
        target: TargetBatch,
        memory: &'a mut Memory,
    ) -> Estimating<'a> {
        Box::pin(async move {
            let mut output = Variables::of(output.own);
            let thinning = memory.thinning(&output.rows, self.samples);
            output.rows = thinning.apply(output.rows);
            let gram = |Variables { rows, count }| gram::scale_free(rows, count, self.width);
            let other = match target {
                TargetBatch::Input(input) => gram(Variables::of_input(input, &thinning)),
                TargetBatch::Label(labels) => gram::delta(thinning.apply(labels.one_hot)),
            };
            information(gram(output), other, self.order, self.normalisation).await
        })
    }
}

/// The variables of a representation, side by side: `N x (count d)`.
struct Variables {
    rows: Tensor<2>,
    count: usize,
}

impl Variables {
    fn of(representation: Representation) -> Self {
        let count = match &representation {
            Representation::Grid(grid) => grid.dims()[1],
            _ => 1,
        };
        Variables { rows: representation.rows(), count }
    }

    /// Those of the network's input for the samples that are left. A node's neighbours are part of it.
    fn of_input(input: Representation, thinning: &Thinning) -> Self {
        match input {
            Representation::SparseNodes(rows, graph) => {
                let nodes = thinning.samples(graph.n_nodes);
                Variables { rows: graph.sparse_with_neighbour_mean(&rows, &nodes), count: 2 }
            }
            Representation::Nodes(rows, graph) => {
                Variables { rows: thinning.apply(graph.with_neighbour_mean(rows)), count: 2 }
            }
            other => {
                let Variables { rows, count } = Variables::of(other);
                Variables { rows: thinning.apply(rows), count }
            }
        }
    }
}

/// `I_a` of two Gram matrices, both `N x N`, in bits or normalised, and a loss whose gradient is
/// `-dI_a / dK_T` (only `t` is differentiated).
///
/// # Errors
/// Where the matrices cannot be read, or have no eigenvalues: of orders other than 2 only.
pub async fn information(
    t: Gram,
    z: Gram,
    order: f64,
    normalisation: Normalisation,
) -> Result<Estimate, EstimateError> {
    match order == 2.0 {
        true => Ok(frobenius(t, z, normalisation)),
        false => spectral(t, z, order, normalisation).await,
    }
}

/// Order 2: `S_2(K / N) = 2 log2 N - log2 sum_ij K_ij^2`, no eigenvalues, so it never leaves the
/// device. The gradient is written out, `dS_2 / dK = -2 K / (ln 2 sum_ij K_ij^2)`: half the
/// operations of a pass through the matrices.
fn frobenius(t: Gram, z: Gram, normalisation: Normalisation) -> Estimate {
    let source = t.source();
    let n = source.dims()[0] as f64;
    let [gram_t, gram_z] = [&t, &z].map(Gram::matrix);
    let joint = gram_t.clone() * gram_z.clone();
    // As 1 x 1, to be spread over matrices; in one dimension, since a sum takes a kernel for each.
    let squares =
        |gram: &Tensor<2>| (gram.clone() * gram.clone()).flatten::<1>(0, 1).sum().unsqueeze::<2>();
    let [sum_t, sum_z, sum_joint] = [&gram_t, &gram_z, &joint].map(squares);
    let entropy =
        |sum: &Tensor<2>| sum.clone().log().neg().add_scalar(2.0 * n.ln()).div_scalar(LN_2);
    let [s_t, s_z, s_joint] = [&sum_t, &sum_z, &sum_joint].map(entropy);
    let plain = s_t.clone() + s_z.clone() - s_joint.clone();
    // What K_T and the product of both are weighted with in the gradient.
    let per = |sum: Tensor<2>, sign: f64| sum.recip().mul_scalar(sign * -2.0 / LN_2);
    let (own, shared) = (per(sum_t, 1.0), per(sum_joint, -1.0));
    // The divisor, and how it moves with S_T and with the joint entropy, as in `information_on_host`.
    let (none, all) = (|| s_t.zeros_like(), || s_t.ones_like());
    let normalised = match normalisation {
        Normalisation::None => None,
        Normalisation::Min => {
            let with_t = s_t.clone().lower_equal(s_z.clone()).float();
            Some((s_t.clone().min_pair(s_z), with_t, none()))
        }
        Normalisation::Max => {
            let with_t = s_t.clone().greater_equal(s_z.clone()).float();
            Some((s_t.clone().max_pair(s_z), with_t, none()))
        }
        Normalisation::Joint => Some((s_joint, none(), all())),
    };
    let (value, own, shared) = match normalised {
        None => (plain, own, shared),
        Some((divisor, with_t, with_joint)) => {
            // Without entropy there is no information either: 0 rather than 0 / 0, with no gradient. A
            // logarithm in single precision is off by 1e-6 there.
            let share = divisor.clone().greater_elem(LEAST_ENTROPY).float()
                / divisor.clamp_min(LEAST_ENTROPY);
            let value = plain * share.clone();
            let own = own * (with_t * value.clone()).neg().add_scalar(1.0) * share.clone();
            let shared = shared * (with_joint * value.clone()).add_scalar(1.0) * share;
            (value, own, shared)
        }
    };
    let gradient = match &t {
        Gram::Exact(_) => gram_t * own + joint * gram_z * shared,
        // Labels are given.
        Gram::Delta(_) => source.zeros_like(),
        Gram::Gaussian(_) => {
            // As in `spectral`, with the gradient times K in one piece.
            let weights =
                (gram_t.clone() * gram_t * own + joint.clone() * joint * shared).mul_scalar(-2.0);
            let points = source.clone().detach();
            let mixed = weights.clone().matmul(points.clone());
            points * weights.sum_dim(1) - mixed
        }
    };
    Estimate { loss: (source * gradient).neg().flatten(0, 1), value: value.flatten(0, 1) }
}

/// Any order: entropies, and the gradient with respect to the points, come from eigenpairs on the
/// host; minus the product of points and constant gradient has the gradient of `-I`.
async fn spectral(
    t: Gram,
    z: Gram,
    order: f64,
    normalisation: Normalisation,
) -> Result<Estimate, EstimateError> {
    let source = t.source();
    let [n, width] = source.dims();
    let device = source.device();
    let grams = [t, z];
    let on_host = gram::read_sources(&grams).await?;
    let [k, l] = [0, 1].map(|which| grams[which].on_host(&on_host[which]));
    let classes = grams[1].classes(&on_host[1]);
    let (value, gradient) = information_on_host(&k, &l, classes, order, normalisation)?;
    let gradient = match grams[0] {
        Gram::Exact(_) => gradient,
        // Labels are given.
        Gram::Delta(_) => Mat::zeros(n, width),
        Gram::Gaussian(_) => {
            // dK_ij / dp_i = -K_ij (p_i - p_j), once from row i and once from column i.
            let weight = Mat::from_fn(n, n, |i, j| -2.0 * gradient[(i, j)] * k[(i, j)]);
            let mixed = &weight * &on_host[0];
            let row_sum = |i| (0..n).map(|j| weight[(i, j)]).sum::<f64>();
            let row_sums: Vec<f64> = (0..n).map(row_sum).collect();
            Mat::from_fn(n, width, |i, j| row_sums[i] * on_host[0][(i, j)] - mixed[(i, j)])
        }
    };
    let entries = (0..n * width).map(|at| gradient[(at / width, at % width)] as f32);
    let gradient = TensorData::new(entries.collect::<Vec<_>>(), [n, width]);
    let gradient = Tensor::from_data(gradient, &device);
    let value = Tensor::from_data([value as f32], &device);
    Ok(Estimate { loss: (source * gradient).neg().flatten(0, 1), value })
}

/// The (normalised) information and its derivative with respect to `K_T`. With `classes`, `K_Z` is their
/// delta kernel.
fn information_on_host(
    gram_t: &Mat<f64>,
    gram_z: &Mat<f64>,
    classes: Option<Vec<Vec<usize>>>,
    order: f64,
    normalisation: Normalisation,
) -> Result<(f64, Mat<f64>), NoSpectrum> {
    let n = gram_t.nrows();
    let pairs_t = Eigenpairs::new(gram_t)?;
    let (spectrum_z, pairs_joint) = match classes {
        None => {
            let product = Mat::from_fn(n, n, |i, j| gram_t[(i, j)] * gram_z[(i, j)]);
            (Spectrum::new(gram_z)?, Eigenpairs::new(&product)?)
        }
        // Ones in a block for each class: its eigenvalues are the classes' sizes, and zeros.
        Some(classes) => {
            let sizes = classes.iter().map(|samples| samples.len() as f64);
            (Spectrum::of(sizes.collect()), Eigenpairs::of_blocks(gram_t, classes)?)
        }
    };
    let [s_t, s_joint] = [&pairs_t, &pairs_joint].map(|pairs| pairs.spectrum.entropy(order));
    let s_z = spectrum_z.entropy(order);
    let plain = s_t + s_z - s_joint;
    // The divisor, and how it moves with S_T and with the joint entropy.
    let (divisor, with_t, with_joint) = match normalisation {
        Normalisation::None => (1.0, 0.0, 0.0),
        Normalisation::Min => (s_t.min(s_z), f64::from(s_t <= s_z), 0.0),
        Normalisation::Max => (s_t.max(s_z), f64::from(s_t >= s_z), 0.0),
        Normalisation::Joint => (s_joint, 0.0, 1.0),
    };
    if divisor < 1e-12 {
        // Without entropy there is no information either: 0 rather than 0 / 0.
        return Ok((0.0, Mat::zeros(n, n)));
    }
    let value = plain / divisor;
    let factor_t = (1.0 - value * with_t) / divisor;
    let factor_joint = (-1.0 - value * with_joint) / divisor;
    let [m_t, m_joint] = [&pairs_t, &pairs_joint].map(|pairs| pairs.entropy_gradient(order));
    let entry = |i, j| factor_t * m_t[(i, j)] + factor_joint * m_joint[(i, j)] * gram_z[(i, j)];
    Ok((value, Mat::from_fn(n, n, |i, j| entry(i, j) / n as f64)))
}
