//! Adam's update.

use burn::backend::Flex;
use burn::backend::flex::FlexTensor;
use burn::tensor::{Device, Tensor, TensorData};
use std::cell::OnceCell;

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

/// Parameters after a step, from their gradients and moments `[m, v]`, which are moved on too. None
/// of them takes part in differentiation.
pub fn adam(
    parameters: &[Tensor<1>],
    gradients: Vec<Tensor<1>>,
    moments: &mut [[Tensor<1>; 2]],
    step: AdamStep,
) -> Vec<Tensor<1>> {
    let host = |tensor: &Tensor<1>| tensor.clone().try_into_primitive::<Flex>().ok();
    // Numbers that differ from step to step are kept on the device: a kernel's own constants are
    // uploaded into a new buffer whenever they change.
    let scales = OnceCell::new();
    let each = parameters.iter().zip(gradients).zip(moments);
    each.map(|((parameter, gradient), moments)| {
        let [m, v] = moments.clone();
        let found = match (host(parameter), host(&gradient), host(&m), host(&v)) {
            (Some(parameter), Some(gradient), Some(m), Some(v)) => {
                on_host([parameter, gradient, m, v], step).map(Tensor::from_primitive::<Flex>)
            }
            _ => {
                let scales = scales.get_or_init(|| step.scales(&gradient.device()));
                plain(parameter.clone(), gradient, [m, v], step, scales)
            }
        };
        let [parameter, m, v] = found;
        *moments = [m, v];
        parameter
    })
    .collect()
}

impl AdamStep {
    /// `rate` and `bias` there.
    fn scales(&self, device: &Device) -> [Tensor<1>; 2] {
        [self.rate, self.bias].map(|number| Tensor::from_data([number as f32], device))
    }
}

/// The same by burn's operations.
fn plain(
    parameter: Tensor<1>,
    gradient: Tensor<1>,
    [m, v]: [Tensor<1>; 2],
    step: AdamStep,
    [rate, bias]: &[Tensor<1>; 2],
) -> [Tensor<1>; 3] {
    let AdamStep { beta, epsilon, weight_decay, .. } = step;
    let gradient = match weight_decay == 0.0 {
        true => gradient,
        false => gradient + parameter.clone().mul_scalar(weight_decay),
    };
    let squared = gradient.clone() * gradient.clone();
    let m = m.mul_scalar(beta[0]) + gradient.mul_scalar(1.0 - beta[0]);
    let v = v.mul_scalar(beta[1]) + squared.mul_scalar(1.0 - beta[1]);
    let scale = (v.clone() / bias.clone()).sqrt().add_scalar(epsilon);
    [parameter - m.clone() * rate.clone() / scale, m, v]
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rng::Seed;

    #[test]
    fn both_ways_give_the_same_to_the_last_bit() {
        let device = Device::flex();
        let mut stream = Seed(7).stream("adam");
        let mut drawn = || {
            let values: Vec<f32> = (0..37).map(|_| stream.normal() as f32).collect();
            Tensor::<1>::from_data(TensorData::new(values, [37]), &device)
        };
        let [w, g, m, v] = [drawn(), drawn(), drawn(), drawn()];
        let moments = [m, v.clone() * v];
        for weight_decay in [0.0, 5e-4] {
            let step =
                AdamStep { beta: [0.9, 0.999], epsilon: 1e-8, rate: 1e-2, bias: 0.1, weight_decay };
            let mut ours = [moments.clone()];
            let updated = adam(std::slice::from_ref(&w), vec![g.clone()], &mut ours, step);
            let [[m, v]] = ours;
            let ours = [updated[0].clone(), m, v];
            let scales = step.scales(&device);
            let burns = plain(w.clone(), g.clone(), moments.clone(), step, &scales);
            let numbers = |tensor: Tensor<1>| tensor.into_data().try_to_vec::<f32>().unwrap();
            assert_eq!(ours.map(numbers), burns.map(numbers));
        }
    }
}
