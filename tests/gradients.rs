//! Gradients of every layer and objective against central differences.

#![cfg(not(target_arch = "wasm32"))]

mod common;

use burn::tensor::{Device, Tensor, TensorData};
use mole::batch::Loader;
use mole::device::{self, DeviceKind};
use mole::estimators::gram::{Gram, scale_free};
use mole::estimators::prior;
use mole::estimators::{Estimator, Memory, Normalisation, Output, TargetBatch, information};
use mole::network::Network;
use mole::parameters::Parameter;
use mole::plan::{Objective, Target};
use mole::representation::{Representation, Shape};
use mole::rng::Seed;
use pollster::block_on;
use std::f64::consts::LN_2;

/// The value of `f` at `x`, and its gradient there.
fn differentiate(
    f: &dyn Fn(Tensor<1>) -> Tensor<1>,
    x: &[f32],
    device: &Device,
) -> (f64, Vec<f32>) {
    let leaf =
        Tensor::<1>::from_data(TensorData::new(x.to_vec(), [x.len()]), device).require_grad();
    let value = f(leaf.clone());
    let gradient = leaf.grad(&value.backward()).unwrap();
    let read = block_on(device::read(vec![value, gradient])).unwrap();
    (f64::from(read[0][0]), read[1].clone())
}

/// Compares the gradient along random directions with central differences of the value, up to a share
/// of the slope.
fn check(
    name: &str,
    f: &dyn Fn(Tensor<1>) -> Tensor<1>,
    x: &[f32],
    device: &Device,
    tolerance: f64,
) {
    let (_, gradient) = differentiate(f, x, device);
    let mut stream = Seed(3).stream(name);
    let norm = gradient.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt();
    assert!(norm > 0.0, "{name}: the gradient is zero");
    for _ in 0..4 {
        // Mostly along the gradient, where the difference is large against rounding.
        let direction: Vec<f64> = gradient
            .iter()
            .map(|g| f64::from(*g) / norm + 0.3 * stream.normal() / (x.len() as f64).sqrt())
            .collect();
        // Corners spoil long steps and rounding short ones: the best of four counts.
        let difference = |step: f64| {
            let at = |sign: f64| {
                let moved: Vec<f32> = x
                    .iter()
                    .zip(&direction)
                    .map(|(x, d)| (f64::from(*x) + sign * step * d) as f32)
                    .collect();
                differentiate(f, &moved, device).0
            };
            (at(1.0) - at(-1.0)) / (2.0 * step)
        };
        let slope: f64 = gradient.iter().zip(&direction).map(|(g, d)| f64::from(*g) * d).sum();
        let differences = [2e-3, 4e-4, 8e-5, 1.6e-5].map(difference);
        let near = |found: f64| (found - slope).abs() <= tolerance * slope.abs() + 1e-4;
        let any = differences.into_iter().any(near);
        assert!(any, "{name}: {slope} against {differences:?}");
    }
}

/// One back end's: those of the others are compared with it, and with the golden ones.
fn device() -> Device {
    block_on(device::open(DeviceKind::Cpu)).unwrap()
}

/// Every layer, through the modules of the synthetic plans: each module's parameters, with a smooth
/// function of its output.
#[test]
fn every_layer_has_the_gradient_of_its_output() {
    let device = device();
    for name in ["vectors/bp", "glyphs/bp", "community/bp", "molecules/bp"] {
        let (plan, dataset) = common::valid(common::short(name));
        let network = Network::new(&plan, Seed(1), &device);
        let batch = Loader::new(dataset.clone(), &device).batch(&dataset.splits.train[..12]);
        for m in 0..network.modules.len() {
            let input = network.forward(0..m, batch.input.clone()).unwrap();
            let values = network.values(m..m + 1);
            let sizes: Vec<usize> = values.iter().map(|value| value.dims()[0]).collect();
            let flat = block_on(device::read(values)).unwrap().concat();
            let f = |flat: Tensor<1>| {
                let parts = flat.split_with_sizes(sizes.clone(), 0);
                let output = network.forward_with(&parts, m..m + 1, input.clone()).unwrap();
                output.rows().tanh().mean().mul_scalar(100.0)
            };
            check(&format!("{name}, module {m}"), &f, &flat, &device, 0.02);
        }
    }
}

#[test]
fn the_information_has_its_gradient_at_every_order_and_normalisation() {
    let mut stream = Seed(2).stream("points");
    let n = 20;
    let z: Vec<f32> = (0..n * 4).map(|_| stream.normal() as f32).collect();
    let x: Vec<f32> = (0..n * 3).map(|_| stream.normal() as f32).collect();
    let device = device();
    let other = scale_free(Tensor::from_data(TensorData::new(x.clone(), [n, 3]), &device), 1, 0.8);
    let other = Gram::Exact(other.matrix());
    for order in [0.8, 1.0, 1.01, 2.0, 3.5] {
        for form in Normalisation::ALL {
            for k in [1, 2] {
                let at = |flat: Tensor<1>| scale_free(flat.reshape([n, 4]), k, 0.7);
                // The loss has the right gradient; the value is in bits.
                let value = |flat: Tensor<1>| {
                    block_on(information(at(flat), other.clone(), order, form)).unwrap()
                };
                let f = |flat: Tensor<1>| {
                    let estimate = value(flat);
                    let loss = estimate.loss.sum();
                    // The value of the estimate with the gradient of the loss.
                    estimate.value.neg() + loss.clone() - loss.detach()
                };
                let name = format!("order {order}, {form:?}, {k} variables");
                check(&name, &f, &z, &device, 0.02);
            }
        }
    }
}

/// The neural objective of every stage of every synthetic plan, with respect to the module's parameters and
/// the critic's, as a stage puts them together. An untrained critic's slope is a small difference of
/// large ones, each with the corners of ReLU and max-pooling in it: hence the wide tolerance. The
/// formulas by themselves are held to 1e-3 by the golden values.
#[test]
fn every_neural_objective_has_the_gradient_of_its_estimate() {
    let device = device();
    for name in common::synthetic_plans() {
        let (plan, dataset) = common::valid(common::short(&name));
        let network = Network::new(&plan, Seed(1), &device);
        let batch = Loader::new(dataset.clone(), &device).batch(&dataset.splits.train[..24]);
        for stage in &plan.stages {
            let Objective::Information { target, estimator } = &stage.objective else {
                continue;
            };
            // At order 2 the rounding of its sums over all pairs of nodes outweighs the
            // difference; the test above has it on few points.
            if matches!(estimator, Estimator::MatrixRenyi(_)) {
                continue;
            }
            let modules = stage.modules.clone();
            let input = network.forward(0..modules.start, batch.input.clone()).unwrap();
            let target_shape = match target {
                Target::Input => plan.input(),
                Target::Label => Shape::Vector { width: plan.classes() },
            };
            let specs = estimator.critic(&plan.output(modules.end - 1), &target_shape);
            let mut init = Seed(5).stream(&name);
            let critic =
                specs.into_iter().map(|spec| Parameter::new(spec, &mut init, &device).value);
            let n_module = network.values(modules.clone()).len();
            let values: Vec<_> =
                network.values(modules.clone()).into_iter().chain(critic).collect();
            let sizes: Vec<usize> = values.iter().map(|value| value.dims()[0]).collect();
            let flat = block_on(device::read(values)).unwrap().concat();
            let f = |flat: Tensor<1>| {
                let parts = flat.split_with_sizes(sizes.clone(), 0);
                let forward =
                    |input| network.forward_with(&parts[..n_module], modules.clone(), input);
                // The same draws in every call.
                let mut memory = Memory { draws: Seed(6).stream(&name), average: None };
                let corrupted = estimator.corrupt(&input, &mut memory.draws).unwrap();
                let corrupted = corrupted.map(|input| forward(input).unwrap());
                let own = forward(input.clone()).unwrap();
                let (own, target) = match (target, &batch.labels.rows) {
                    (Target::Input, _) => (own, TargetBatch::Input(batch.x.clone())),
                    (Target::Label, Some(rows)) => {
                        let rows = own.rows().select(0, rows.clone());
                        (Representation::Vector(rows), TargetBatch::Label(batch.labels.clone()))
                    }
                    (Target::Label, None) => (own, TargetBatch::Label(batch.labels.clone())),
                };
                let output = Output { own, corrupted };
                let estimate = estimator.estimate(&parts[n_module..], output, target, &mut memory);
                let estimate = block_on(estimate).unwrap();
                let loss = estimate.loss.sum();
                // The value of the estimate, in nats as the loss is, with the loss's gradient.
                estimate.value.mul_scalar(-LN_2) + loss.clone() - loss.detach()
            };
            check(&format!("{name}, modules {modules:?}"), &f, &flat, &device, 0.15);
        }
    }
}

/// A discriminator of prior matching for outputs of three numbers.
fn discriminator(device: &Device) -> Vec<Tensor<1>> {
    let mut init = Seed(7).stream("discriminator");
    let parameters = prior::parameters(3).into_iter();
    parameters.map(|spec| Parameter::new(spec, &mut init, device).value.require_grad()).collect()
}

/// Three of them, flat.
fn outputs(device: &Device) -> Tensor<1> {
    let points = TensorData::from([0.1f32, 0.7, 0.4, 0.9, -0.2, 0.5, -0.6, 0.3, 0.2]);
    Tensor::from_data(points, device).require_grad()
}

#[test]
fn the_discriminators_slope_is_its_gradient() {
    let device = device();
    let x = outputs(&device);
    let points = x.clone().reshape([3, 3]);
    let (logits, slopes) = prior::discriminate(&discriminator(&device), points);
    let gradient = x.grad(&logits.sum().backward()).unwrap();
    let both = vec![slopes.flatten(0, 1), gradient];
    let both = block_on(device::read(both)).unwrap();
    for (found, expected) in both[0].iter().zip(&both[1]) {
        assert!((found - expected).abs() < 1e-5, "{found} {expected}");
    }
}

#[test]
fn prior_matching_trains_each_side_for_its_own_loss() {
    let device = device();
    let [parameters, x] = [discriminator(&device), vec![outputs(&device)]];
    let losses = || {
        let mut draws = Seed(8).stream("prior");
        prior::losses(&parameters, x[0].clone().reshape([3, 3]), &mut draws)
    };
    let reached = |loss: Tensor<1>| {
        let gradients = loss.backward();
        [&parameters, &x].map(|leaves| leaves.iter().all(|l| l.grad(&gradients).is_some()))
    };
    let [own, encoder] = losses();
    assert_eq!([reached(own), reached(encoder)], [[true, false], [false, true]]);
}
