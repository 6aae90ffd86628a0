//! `infonce.json`.

use burn::tensor::Device;
use mole::estimators::InfoNce;
use std::f64::consts::LN_2;

use super::case::{Case, Checks};

pub async fn infonce(case: &Case, device: &Device) -> Checks {
    let mut checks = Checks::default();
    let temperature = case.param("temperature");
    for (symmetric, loss, gradient) in
        [(false, "loss", "S"), (true, "loss_symmetric", "loss_symmetric.S")]
    {
        let estimator =
            InfoNce { temperature, symmetric, units: 1, hidden: 1, samples: usize::MAX };
        let scores = case.input::<2>("S", device).require_grad();
        let estimate = estimator.of_scores(scores.clone());
        checks.value(loss, estimate.loss.clone(), &case.outputs[loss]).await;
        if !symmetric {
            let nats = estimate.value.mul_scalar(LN_2);
            checks.value("bound", nats, &case.outputs["mi_lower_bound_nats"]).await;
        }
        let gradients = estimate.loss.backward();
        checks.gradient(gradient, &scores, &gradients, 1.0, case).await;
    }
    checks
}
