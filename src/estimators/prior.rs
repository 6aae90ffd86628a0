//! Prior matching (Hjelm et al. 2019, section 3.3): outputs are made to look like draws from the
//! uniform distribution on `[0, 1]^d`, by a discriminator that is trained to tell them apart.

use burn::tensor::activation::{relu, sigmoid, softplus};
use burn::tensor::{Tensor, TensorData};

use super::critic::{dense, dense_parameters};
use crate::parameters::ParameterSpec;
use crate::rng::Stream;

/// Widths of the discriminator's hidden layers, those of the authors' release.
const HIDDEN: [usize; 2] = [1000, 200];

/// Weight and bias of each of the discriminator's layers, `d -> 1000 -> 200 -> 1`.
pub fn parameters(d: usize) -> Vec<ParameterSpec> {
    dense_parameters(["prior_weight", "prior_bias"], &[d, HIDDEN[0], HIDDEN[1], 1])
}

/// What the discriminator minimises on logits `D(v_i)` of draws from the prior and `D(t_i)` of
/// outputs: `mean sp(-D(v)) + mean sp(D(t))`, in nats.
pub fn discriminator_loss(prior: Tensor<1>, encoded: Tensor<1>) -> Tensor<1> {
    softplus(prior.neg(), 1.0).mean() + softplus(encoded, 1.0).mean()
}

/// What the encoder minimises, non-saturating: `mean sp(-D(t))`, in nats.
pub fn encoder_loss(encoded: Tensor<1>) -> Tensor<1> {
    softplus(encoded.neg(), 1.0).mean()
}

/// Both losses of a batch of outputs, `N x d`: `[discriminator, encoder]`. The first has the penalty
/// `mean |dD/dx|^2` over draws and outputs, and reaches the discriminator's `parameters` alone; the
/// second reaches the outputs alone.
pub fn losses(parameters: &[Tensor<1>], output: Tensor<2>, draws: &mut Stream) -> [Tensor<1>; 2] {
    let encoded = sigmoid(output);
    let [n, d] = encoded.dims();
    let uniform: Vec<f32> = (0..n * d).map(|_| draws.uniform() as f32).collect();
    let prior = Tensor::from_data(TensorData::new(uniform, [n, d]), &encoded.device());

    let both = Tensor::cat(vec![prior, encoded.clone().detach()], 0);
    let (logits, slopes) = discriminate(parameters, both);
    let penalty = slopes.square().sum().div_scalar((2 * n) as f64);
    let [of_prior, of_encoded] = [0, n].map(|start| logits.clone().narrow(0, start, n));
    let discriminator = discriminator_loss(of_prior, of_encoded) + penalty;

    let still: Vec<_> = parameters.iter().map(|parameter| parameter.clone().detach()).collect();
    [discriminator, encoder_loss(discriminate(&still, encoded).0)]
}

/// `D(x_i)` and its gradient by `x_i`, `N` and `N x d`. The gradient is written out, so that it can
/// be part of a loss: a ReLU's own slope does not change with its input.
pub fn discriminate(parameters: &[Tensor<1>], x: Tensor<2>) -> (Tensor<1>, Tensor<2>) {
    let slope = |rows: &Tensor<2>| rows.clone().detach().greater_elem(0.0).float();
    let [n, _] = x.dims();
    let widths = [HIDDEN[0], HIDDEN[1], 1];
    let [[w_1, b_1], [w_2, b_2], [w_3, b_3]] = [0, 1, 2].map(|k| dense(parameters, k, widths[k]));
    let first = x.matmul(w_1.clone()) + b_1;
    let second = relu(first.clone()).matmul(w_2.clone()) + b_2;
    let logits = relu(second.clone()).matmul(w_3.clone()) + b_3;
    let back = (slope(&second) * w_3.transpose()).matmul(w_2.transpose()) * slope(&first);
    (logits.reshape([n]), back.matmul(w_1.transpose()))
}
