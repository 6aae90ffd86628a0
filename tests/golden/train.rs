//! `train.json`.

use burn::tensor::{Device, Int, Tensor, TensorData};
use mole::optimiser::Adam;
use mole::stage::cross_entropy;

use super::case::{self, Case, Checks};

pub async fn softmax_cross_entropy(case: &Case, device: &Device) -> Checks {
    let mut checks = Checks::default();
    let logits = case.input::<2>("logits", device).require_grad();
    let rows: Vec<i32> =
        (0..).zip(case.ints("mask")).filter(|(_, mask)| *mask != 0).map(|(row, _)| row).collect();
    let classes: Vec<i64> = rows.iter().map(|row| case.ints("y")[*row as usize]).collect();
    let n = rows.len();
    let labels = case::labels(&classes, logits.dims()[1], device);
    let rows = Tensor::<1, Int>::from_data(TensorData::new(rows, [n]), device);
    let scores = logits.clone().select(0, rows);
    let (estimate, correct) = cross_entropy(scores, &labels);
    let accuracy = correct.div_scalar(n as f64);
    checks.value("accuracy", accuracy, &case.outputs["accuracy"]).await;
    let nats = estimate.value.mul_scalar(std::f64::consts::LN_2);
    checks.value("loss", nats, &case.outputs["loss"]).await;
    let gradients = estimate.loss.backward();
    checks.gradient("logits", &logits, &gradients, 1.0, case).await;
    checks
}

pub async fn adam(case: &Case, device: &Device) -> Checks {
    let mut checks = Checks::default();
    let mut adam = Adam::new(case.param("lr"), case.param("weight_decay"));
    let mut parameter = case.input::<1>("p0", device);
    let gradients = case.input::<2>("gradients", device).inner();
    let mut trajectory = Vec::new();
    for step in 0..gradients.dims()[0] {
        let gradient = gradients.clone().narrow(0, step, 1).squeeze_dim(0);
        parameter = adam.step(&[parameter], vec![gradient]).remove(0);
        trajectory.push(parameter.clone());
    }
    checks
        .value("trajectory", Tensor::stack::<2>(trajectory, 0), &case.outputs["trajectory"])
        .await;
    checks
}
