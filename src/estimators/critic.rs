//! Critics: the small networks that neural estimators train beside the module.

use burn::tensor::activation::relu;
use burn::tensor::{Int, Tensor};
use serde::{Deserialize, Serialize};

use crate::device;
use crate::parameters::{Init, ParameterSpec};
use crate::representation::{Misfit, Representation};

/// A perceptron `F(x, z) -> R` on pairs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Critic {
    /// Widths of the hidden layers; at least one.
    pub hidden: Vec<usize>,
    /// After each of them.
    pub activation: Activation,
}

/// One side of a separable critic `F(x, z) = g(x) · h(z) / sqrt(units)`: two dense layers with a ReLU
/// between them. All `N^2` scores of a batch cost one product of matrices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Projection {
    /// Width of the hidden layer.
    pub hidden: usize,
    /// Width of the result.
    pub units: usize,
}

/// A critic's nonlinearity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    /// `max(0, x)`.
    Relu,
    /// `x` above 0, `e^x - 1` below.
    Elu,
}

impl Critic {
    /// Whether it has the layers it needs.
    ///
    /// # Errors
    /// What it lacks.
    pub fn check(&self) -> Result<(), Misfit> {
        match self.hidden.is_empty() {
            true => Err(Misfit::new("a width in hidden, at least", "none")),
            false => Ok(()),
        }
    }

    /// Weight and bias of each layer, for `x` of `d_x` columns and `z` of `d_z`.
    pub fn parameters(&self, d_x: usize, d_z: usize) -> Vec<ParameterSpec> {
        let widths = [&[d_x + d_z][..], &self.hidden, &[1]].concat();
        dense_parameters(["critic_weight", "critic_bias"], &widths)
    }

    /// `F(x_i, z_i)` and `F(x_i, z_permutation(i))`, each `N`: samples of the joint distribution and
    /// of the product of the marginals.
    pub fn scores(
        &self,
        parameters: &[Tensor<1>],
        x: Representation,
        z: Tensor<2>,
        permutation: Tensor<1, Int>,
    ) -> [Tensor<1>; 2] {
        let [n, d_z] = z.dims();
        // The first layer acts on x and z apart: the permuted pairs then cost no second product,
        // and a sparse x stays sparse.
        let [weight, bias] = dense(parameters, 0, self.hidden[0]);
        let d_x = weight.dims()[0] - d_z;
        let from_x = x.matmul(weight.clone().narrow(0, 0, d_x));
        let from_z = z.matmul(weight.narrow(0, d_x, d_z)) + bias;
        let joint = from_x.clone() + from_z.clone();
        let product = from_x + from_z.select(0, permutation);
        let mut rows = Tensor::cat(vec![joint, product], 0);
        let widths = self.hidden[1..].iter().copied().chain([1]);
        for (k, width) in widths.enumerate() {
            let [weight, bias] = dense(parameters, k + 1, width);
            rows = self.activation.apply(rows).matmul(weight) + bias;
        }
        let scores = rows.reshape([2 * n]);
        [scores.clone().narrow(0, 0, n), scores.narrow(0, n, n)]
    }
}

impl Projection {
    /// How many parameters it has.
    pub const PARAMETERS: usize = 4;

    /// Weight and bias of each layer, for rows of `d` columns.
    pub fn parameters(&self, d: usize) -> Vec<ParameterSpec> {
        dense_parameters(["projection_weight", "projection_bias"], &[d, self.hidden, self.units])
    }

    /// `N x units` from `N x d`.
    pub fn project(&self, parameters: &[Tensor<1>], rows: Representation) -> Tensor<2> {
        let [weight, bias] = dense(parameters, 0, self.hidden);
        let hidden = relu(rows.matmul(weight) + bias);
        let [weight, bias] = dense(parameters, 1, self.units);
        hidden.matmul(weight) + bias
    }

    /// `g_i · h_j / sqrt(units)` for all rows `i` of one projection and `j` of another. Undivided,
    /// wide projections would saturate what is made of the scores.
    pub fn scores(&self, g: Tensor<2>, h: Tensor<2>) -> Tensor<2> {
        g.matmul(h.transpose()).div_scalar((self.units as f64).sqrt())
    }
}

/// Weight and bias of each dense layer from width to width, by the names given.
pub(super) fn dense_parameters(
    [weight, bias]: [&'static str; 2],
    widths: &[usize],
) -> Vec<ParameterSpec> {
    let layer = |widths: &[usize]| {
        let init = Init::fan_in(widths[0]);
        [ParameterSpec::new(weight, widths, init), ParameterSpec::new(bias, [widths[1]], init)]
    };
    widths.windows(2).flat_map(layer).collect()
}

/// The weight, `d x width`, and bias, `1 x width`, of the dense layer at that place.
pub(super) fn dense(parameters: &[Tensor<1>], place: usize, width: usize) -> [Tensor<2>; 2] {
    let [weight, bias] = [0, 1].map(|k| parameters[2 * place + k].clone());
    [weight.reshape([-1, width as i32]), bias.unsqueeze()]
}

/// Each row's scores with its own targets, columns `i own` to `(i + 1) own` of row `i`: `N x own` from
/// `N x (N own)`.
pub(super) fn own_scores(scores: &Tensor<2>, own: usize) -> Tensor<2> {
    let [n, columns] = scores.dims();
    let places = device::index(0..columns, &scores.device()).reshape([n, own]);
    scores.clone().gather(1, places)
}

impl Activation {
    fn apply(self, rows: Tensor<2>) -> Tensor<2> {
        match self {
            Activation::Relu => relu(rows),
            // e^x of a large x is infinite, and infinity times 0 in its gradient is NaN: burn's own
            // function masks only afterwards.
            Activation::Elu => relu(rows.clone()) + rows.clamp_max(0.0).exp().sub_scalar(1.0),
        }
    }
}
