//! In a browser: WebGPU against the CPU, and that nothing on the way reads a device synchronously
//! (which would panic here, and only here).

#![cfg(all(target_arch = "wasm32", feature = "webgpu"))]

mod common;

use burn::tensor::{Device, Tensor, TensorData};
use common::{SEED, SYNTHETIC, short, valid};
use mole::device::{self, DeviceKind};
use mole::estimators::gram::{delta, scale_free};
use mole::estimators::{Normalisation, information};
use mole::inspect::spread;
use mole::optimiser::gradients;
use mole::run::{Event, MOST_DIFFERENCE, first_objectives, measure};
use mole::sparse::SparseMatrix;
use std::time::Duration;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Built with `MOLE_LONG` set the tests take the steps and repeats that `docs/reliability.md` has figures
/// of, which software takes minutes for.
const LONG: bool = option_env!("MOLE_LONG").is_some();

/// Every kind of layer and every estimator, forward and backward.
#[wasm_bindgen_test]
async fn the_first_steps_of_every_plan_agree() {
    // The control has only stages that the others have too.
    let steps = if LONG { 100 } else { 4 };
    let plans = common::synthetic_plans().into_iter();
    for name in plans.filter(|name| !name.ends_with("/random")) {
        let mut measured = Vec::new();
        for kind in [DeviceKind::Cpu, DeviceKind::Gpu] {
            let (plan, dataset) = valid(short(&name));
            let device = device::open(kind).await.unwrap();
            let objectives = first_objectives(&plan, dataset, &device, SEED, steps).await;
            measured.push(objectives.unwrap());
        }
        let ways = ["wasm", "webgpu"];
        console_log!("{}", common::assert_agreement(&name, ways, &measured[0], &measured[1]));
    }
}

/// What a visitor's device is chosen by: that no plan's GPU is left out for how floats round.
#[wasm_bindgen_test]
async fn every_stage_begins_alike() {
    /// Every kind of data, every estimator.
    const PLANS: [&str; 5] = [
        "vectors/matrix",
        "vectors/infonce",
        "glyphs/dim+mine",
        "community/gmi+mine",
        "molecules/dgi+mine",
    ];
    let plans = if LONG { common::synthetic_plans() } else { PLANS.map(String::from).to_vec() };
    for name in plans {
        let mut measured = Vec::new();
        for kind in [DeviceKind::Cpu, DeviceKind::Gpu] {
            let (plan, dataset) = valid(short(&name));
            let device = device::open(kind).await.unwrap();
            measured.push(measure(&plan, dataset, &device, SEED, Duration::ZERO).await.unwrap());
        }
        let difference = measured[0].difference(&measured[1]);
        console_log!("{name}: {difference:.1e}");
        assert!(difference <= MOST_DIFFERENCE, "{name}: {difference:.1e}, {measured:?}");
    }
}

/// On one device, however its work is cut into pieces.
#[wasm_bindgen_test]
async fn runs_on_webgpu_have_one_hash() {
    let repeats = if LONG { 20 } else { 3 };
    let name = "vectors/mine";
    let mut hashes = std::collections::BTreeSet::new();
    for _ in 0..repeats {
        let mut run = common::start(short(name), DeviceKind::Gpu).await;
        let events = common::finish(&mut run).await.into_iter();
        let prints = events.filter_map(|event| match event {
            Event::StageFinished { fingerprint, .. } => Some(fingerprint),
            _ => None,
        });
        hashes.insert(prints.collect::<Vec<_>>());
    }
    assert_eq!(hashes.len(), 1, "{hashes:?}");
}

/// Training, caching, evaluation, fingerprints: all of a run's reads.
#[wasm_bindgen_test]
async fn whole_runs_reach_their_end_on_webgpu() {
    for name in ["vectors/matrix", "molecules/matrix"] {
        let mut run = common::start(short(name), DeviceKind::Gpu).await;
        let events = common::finish(&mut run).await;
        let Some(Event::Finished { complete: true, test_accuracy: Some(_), .. }) = events.last()
        else {
            panic!("{name}: ends with {:?}", events.last());
        };
    }
}

/// What the page asks about a run, at its initial weights, on both devices.
#[wasm_bindgen_test]
async fn looking_into_a_run_agrees_on_webgpu() {
    for set in SYNTHETIC {
        let samples = spread(&common::dataset(set).splits.train, 32);
        let mut seen = Vec::new();
        for kind in [DeviceKind::Cpu, DeviceKind::Gpu] {
            let run = common::start(short(&format!("{set}/bp")), kind).await;
            let inspector = run.inspector();
            let information = inspector.information(&samples).await.unwrap();
            let bits = information.modules.iter().flat_map(|m| [m.input, m.label]);
            let (_, outputs) = inspector.outputs(Some(1), &samples).await.unwrap();
            let confidence = inspector.predictions(&samples).await.unwrap();
            let activations = inspector.activations(samples[0]).await.unwrap();
            seen.push([
                bits.collect::<Vec<f64>>(),
                outputs.into_iter().map(f64::from).collect(),
                confidence.into_iter().map(|p| f64::from(p.confidence)).collect(),
                activations.into_iter().flat_map(|a| a.values).map(f64::from).collect(),
            ]);
        }
        for (cpu, gpu) in seen[0].iter().flatten().zip(seen[1].iter().flatten()) {
            assert!((cpu - gpu).abs() <= 1e-3 * (1.0 + cpu.abs()), "{set}: {cpu} and {gpu}");
        }
    }
}

/// Fused kernels of burn 0.22.1 gave wrong gradients where samples stood in three dimensions and
/// were divided by a width of their own.
#[wasm_bindgen_test]
async fn widths_of_several_variables_agree_on_webgpu() {
    for k in [1, 2, 4] {
        let mut gradients = Vec::new();
        for kind in [DeviceKind::Cpu, DeviceKind::Gpu] {
            let device: Device = device::open(kind).await.unwrap();
            let values: Vec<f32> = (0..96).map(|i| (i * 37 % 17) as f32 / 5.0 - 1.6).collect();
            let z =
                Tensor::<2>::from_data(TensorData::new(values, [12, 8]), &device).require_grad();
            let labels: Vec<f32> =
                (0..36).map(|i| f32::from(u8::from(i % 3 == i / 3 % 3))).collect();
            let labels = Tensor::<2>::from_data(TensorData::new(labels, [12, 3]), &device);
            let gram = scale_free(z.clone(), k, 0.5);
            let estimate = information(gram, delta(labels), 2.0, Normalisation::Max).await.unwrap();
            let gradient = z.grad(&estimate.loss.backward()).unwrap();
            gradients.push(device::read(vec![gradient.flatten(0, 1)]).await.unwrap().concat());
        }
        let largest = gradients[0].iter().fold(0.0f32, |largest, g| largest.max(g.abs()));
        for (cpu, gpu) in gradients[0].iter().zip(&gradients[1]) {
            assert!((cpu - gpu).abs() <= 1e-4 * largest, "{k} variables: {cpu} and {gpu}");
        }
    }
}

/// Row by row by a kernel of our own, against the matrix with its zeros; a row and a column are empty.
#[wasm_bindgen_test]
async fn sparse_products_agree_with_dense_ones_on_webgpu() {
    let (rows, columns) = ([2, 0, 2, 0, 3, 2], [1, 4, 5, 0, 1, 1]);
    let values = [0.5, -1.0, 2.0, 0.25, 3.0, -2.5];
    let device = device::open(DeviceKind::Gpu).await.unwrap();
    let other: Vec<f32> = (0..30).map(|i| (i * 37 % 17) as f32 / 5.0 - 1.6).collect();
    for values in [Some(&values[..]), None] {
        let sparse = SparseMatrix::new([4, 6], &rows, &columns, values, &device);
        let dense = sparse.to_dense();
        let mut found = Vec::new();
        let ways: [&dyn Fn(Tensor<2>) -> Tensor<2>; 2] =
            [&|b| sparse.matmul(b), &|b| dense.clone().matmul(b)];
        for way in ways {
            let leaf = Tensor::<1>::from_data(TensorData::new(other.clone(), [30]), &device);
            let leaf = leaf.require_grad();
            // Its columns lie apart, so that strides are followed.
            let product = way(leaf.clone().reshape([5, 6]).transpose());
            let loss = (product.clone() * product.clone()).sum();
            let gradient = gradients(&loss, &[leaf]).remove(0);
            let read = vec![product.flatten(0, 1), Tensor::from_inner(gradient)];
            found.push(device::read(read).await.unwrap().concat());
        }
        let near = |(a, b): (&f32, &f32)| (a - b).abs() <= 1e-5 * (1.0 + b.abs());
        assert!(found[0].iter().zip(&found[1]).all(near), "{found:?}");
    }
}
