//! Adam's update.

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;
use burn::tensor::{Tensor, TensorData};

use super::host::entries;

/// The numbers of one step.
#[derive(Clone, Copy, Debug)]
pub struct AdamStep {
    /// Of the two moments.
    pub beta: [f64; 2],
    /// Added to the root of the second moment.
    pub epsilon: f64,
    /// `rate / (1 - b1^t)`.
    pub rate: f64,
    /// `1 - b2^t`.
    pub bias: f64,
    /// Of the parameter, added to the gradient.
    pub weight_decay: f64,
}

/// A parameter after a step, and its moments: `[w, m, v]` from `w`, its gradient, and `[m, v]`.
/// None of them takes part in differentiation.
pub fn adam(
    parameter: Tensor<1>,
    gradient: Tensor<1>,
    [m, v]: [Tensor<1>; 2],
    step: AdamStep,
) -> [Tensor<1>; 3] {
    let host = |tensor: &Tensor<1>| tensor.clone().try_into_primitive::<Flex>().ok();
    match (host(&parameter), host(&gradient), host(&m), host(&v)) {
        (Some(parameter), Some(gradient), Some(m), Some(v)) => {
            on_host([parameter, gradient, m, v], step).map(Tensor::from_primitive::<Flex>)
        }
        _ => plain(parameter, gradient, [m, v], step),
    }
}

/// The same by burn's operations.
pub(super) fn plain(
    parameter: Tensor<1>,
    gradient: Tensor<1>,
    [m, v]: [Tensor<1>; 2],
    step: AdamStep,
) -> [Tensor<1>; 3] {
    let AdamStep { beta, epsilon, rate, bias, weight_decay } = step;
    let gradient = match weight_decay == 0.0 {
        true => gradient,
        false => gradient + parameter.clone().mul_scalar(weight_decay),
    };
    let squared = gradient.clone() * gradient.clone();
    let m = m.mul_scalar(beta[0]) + gradient.mul_scalar(1.0 - beta[0]);
    let v = v.mul_scalar(beta[1]) + squared.mul_scalar(1.0 - beta[1]);
    let scale = v.clone().div_scalar(bias).sqrt().add_scalar(epsilon);
    [parameter - m.clone().mul_scalar(rate) / scale, m, v]
}

/// One pass over memory instead of a dozen.
fn on_host(tensors: [FlexTensor; 4], step: AdamStep) -> [FlexTensor; 3] {
    let tensors = tensors.map(|tensor| tensor.to_contiguous());
    let [parameter, gradient, m, v] = tensors.each_ref().map(entries);
    let beta = step.beta.map(|beta| [beta as f32, (1.0 - beta) as f32]);
    let [epsilon, rate, bias, decay] =
        [step.epsilon, step.rate, step.bias, step.weight_decay].map(|number| number as f32);
    let n = parameter.len();
    let mut updated = [vec![0.0; n], vec![0.0; n], vec![0.0; n]];
    let [next, next_m, next_v] = &mut updated;
    let old = parameter.iter().zip(gradient).zip(m.iter().zip(v));
    let new = next.iter_mut().zip(next_m.iter_mut().zip(next_v));
    for (((w, g), (m, v)), (next, (next_m, next_v))) in old.zip(new) {
        let g = g + decay * w;
        *next_m = m * beta[0][0] + g * beta[0][1];
        *next_v = v * beta[1][0] + g * g * beta[1][1];
        *next = w - *next_m * rate / ((*next_v / bias).sqrt() + epsilon);
    }
    updated.map(|values| FlexTensor::from_data(TensorData::new(values, [n])))
}
