//! Gradients of a step, and Adam with its moments in plain sight.

use burn::tensor::Tensor;

use crate::kernels::{self, AdamStep};

/// The values as leaves of a new graph: without a history, and reached by gradients.
pub fn leaves(values: &[Tensor<1>]) -> Vec<Tensor<1>> {
    values.iter().map(|value| value.clone().detach().require_grad()).collect()
}

/// A loss's gradient at each leaf, without differentiation; zeros where it does not reach.
///
/// They are taken out one by one: left to be dropped with burn's map of them, they would go in an order
/// that differs each time, and a WebGPU device keeps a plan of every order of operations it has met.
pub fn gradients(loss: &Tensor<1>, leaves: &[Tensor<1>]) -> Vec<Tensor<1>> {
    let mut found = loss.backward();
    let each = leaves.iter();
    each.map(|leaf| {
        leaf.grad_remove(&mut found).unwrap_or_else(|| leaf.clone().inner().zeros_like())
    })
    .collect()
}

/// Adam (Kingma and Ba 2015, algorithm 1): with gradient `g` at step `t`
///
/// `m <- b1 m + (1 - b1) g`, `v <- b2 v + (1 - b2) g^2`,
/// `w <- w - rate m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + eps)`,
///
/// where weight decay adds `decay w` to `g`.
#[derive(Clone, Debug)]
pub struct Adam {
    rate: f64,
    weight_decay: f64,
    steps: i32,
    /// `m` and `v` of each parameter; empty before the first step.
    pub moments: Vec<[Tensor<1>; 2]>,
}

const BETA: [f64; 2] = [0.9, 0.999];
const EPSILON: f64 = 1e-8;

impl Adam {
    /// At its start.
    pub fn new(rate: f64, weight_decay: f64) -> Self {
        Adam { rate, weight_decay, steps: 0, moments: Vec::new() }
    }

    /// Another rate for the steps to come.
    pub fn set_rate(&mut self, rate: f64) {
        self.rate = rate;
    }

    /// Goes on from after `steps` steps, with the moments that they left.
    pub fn restore(&mut self, steps: usize, moments: Vec<[Tensor<1>; 2]>) {
        self.steps = i32::try_from(steps).unwrap_or(i32::MAX);
        self.moments = moments;
    }

    /// The parameters after one step, without a history. Both lists keep their order from call to call;
    /// gradients are as [`gradients`] gives them.
    pub fn step(&mut self, parameters: &[Tensor<1>], gradients: Vec<Tensor<1>>) -> Vec<Tensor<1>> {
        if self.moments.is_empty() {
            let zeros = |gradient: &Tensor<1>| [gradient.zeros_like(), gradient.zeros_like()];
            self.moments = gradients.iter().map(zeros).collect();
        }
        self.steps += 1;
        let [bias_1, bias] = BETA.map(|beta| 1.0 - beta.powi(self.steps));
        let step = AdamStep {
            beta: BETA,
            epsilon: EPSILON,
            rate: self.rate / bias_1,
            bias,
            weight_decay: self.weight_decay,
        };
        let each = parameters.iter().zip(gradients).zip(&mut self.moments);
        each.map(|((parameter, gradient), moments)| {
            let value = parameter.clone().inner();
            let [updated, m, v] = kernels::adam(value, gradient, moments.clone(), step);
            *moments = [m, v];
            Tensor::from_inner(updated)
        })
        .collect()
    }
}
