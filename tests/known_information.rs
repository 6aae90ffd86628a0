//! Estimators against correlated Gaussians, whose information is known:
//! `I = -1/2 log2(1 - rho^2)` bits.

#![cfg(not(target_arch = "wasm32"))]

use burn::tensor::{Device, Int, Tensor, TensorData};
use mole::device::{self, DeviceKind};
use mole::estimators::critic::{Activation, Critic};
use mole::estimators::gram::scale_free;
use mole::estimators::{Bound, Normalisation, information};
use mole::optimiser::Adam;
use mole::parameters::Parameter;
use mole::representation::Representation;
use mole::rng::{Seed, Stream};
use pollster::block_on;

/// `n` pairs of standard normals with correlation `rho`, as two columns.
fn pairs(n: usize, rho: f64, draws: &mut Stream) -> [Vec<f32>; 2] {
    let mut columns = [Vec::new(), Vec::new()];
    for _ in 0..n {
        let [x, noise] = [draws.normal(), draws.normal()];
        columns[0].push(x as f32);
        columns[1].push((rho * x + (1.0 - rho * rho).sqrt() * noise) as f32);
    }
    columns
}

fn column(values: &[f32], device: &Device) -> Tensor<2> {
    Tensor::from_data(TensorData::new(values.to_vec(), [values.len(), 1]), device)
}

fn true_bits(rho: f64) -> f64 {
    -0.5 * (1.0 - rho * rho).log2()
}

/// Trains a critic for 1,500 steps of 256 out of 5,000 pairs, and estimates on 20,000 new ones.
fn mine_bits(rho: f64, seed: u64, device: &Device) -> f64 {
    let critic = Critic { hidden: vec![128, 128], activation: Activation::Relu };
    let mut draws = Seed(seed).stream("gaussians");
    let specs = critic.parameters(1, 1);
    let mut parameters: Vec<Tensor<1>> =
        specs.into_iter().map(|spec| Parameter::new(spec, &mut draws, device).value).collect();
    let train = pairs(5_000, rho, &mut draws);
    let score = |parameters: &[Tensor<1>], x: &[f32], z: &[f32], draws: &mut Stream| {
        let order: Vec<i32> = draws.permutation(x.len()).iter().map(|row| *row as i32).collect();
        let order = Tensor::<1, Int>::from_data(TensorData::new(order, [x.len()]), device);
        let x = Representation::Vector(column(x, device));
        critic.scores(parameters, x, column(z, device), order)
    };
    let bound = Bound::DonskerVaradhan { average: Some(0.01) };
    let mut average = None;
    let mut adam = Adam::new(1e-3, 0.0);
    for _ in 0..1_500 {
        let rows: Vec<usize> = (0..256).map(|_| draws.below(5_000)).collect();
        let pick = |column: &[f32]| rows.iter().map(|row| column[*row]).collect::<Vec<_>>();
        let leaves: Vec<Tensor<1>> =
            parameters.iter().map(|value| value.clone().detach().require_grad()).collect();
        let [joint, product] = score(&leaves, &pick(&train[0]), &pick(&train[1]), &mut draws);
        let gradients = bound.estimate(joint, product, &mut average).loss.backward();
        let gradients = leaves.iter().map(|leaf| leaf.grad(&gradients).unwrap()).collect();
        let values: Vec<_> = parameters.into_iter().map(Tensor::inner).collect();
        parameters = adam.step(&values, gradients).into_iter().map(Tensor::from_inner).collect();
    }
    let [x, z] = pairs(20_000, rho, &mut draws);
    let [joint, product] = score(&parameters, &x, &z, &mut draws);
    let estimate =
        Bound::DonskerVaradhan { average: None }.estimate(joint, product, &mut None).value;
    f64::from(block_on(device::read(vec![estimate])).unwrap()[0][0])
}

#[test]
fn mine_finds_the_information_of_gaussians() {
    let device = block_on(device::open(DeviceKind::Cpu)).unwrap();
    for rho in [0.5, 0.8] {
        for seed in 0..2 {
            let [found, truth] = [mine_bits(rho, seed, &device), true_bits(rho)];
            println!("rho {rho}, seed {seed}: {found:.3} bits, true {truth:.3}");
            assert!(
                (0.9 * truth..=1.1 * truth).contains(&found),
                "rho {rho}: {found}, not {truth}"
            );
        }
    }
}

#[test]
fn the_matrix_estimate_rises_with_the_correlation() {
    let device = block_on(device::open(DeviceKind::Cpu)).unwrap();
    for order in [1.01, 2.0] {
        let estimate = |rho: f64| {
            let [x, z] = pairs(256, rho, &mut Seed(4).stream("gaussians"));
            let [x, z] = [x, z].map(|values| scale_free(column(&values, &device), 1, 0.5));
            let estimate = block_on(information(x, z, order, Normalisation::None)).unwrap();
            block_on(device::read(vec![estimate.value])).unwrap()[0][0]
        };
        let estimates: Vec<f32> =
            [0.0, 0.3, 0.5, 0.7, 0.9, 0.99].into_iter().map(estimate).collect();
        println!("order {order}: {estimates:?}");
        assert!(estimates.is_sorted(), "order {order}: {estimates:?}");
        // No more than the entropy of so many samples.
        assert!(estimates.iter().all(|bits| (-0.04..=8.0).contains(bits)), "{estimates:?}");
    }
}
