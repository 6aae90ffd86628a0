//! `dim.json`.

use burn::tensor::Device;
use mole::estimators::LocalForm;
use mole::estimators::prior::{discriminator_loss, encoder_loss};
use std::f64::consts::LN_2;

use super::case::{Case, Checks};

pub async fn local(case: &Case, device: &Device, form: LocalForm) -> Checks {
    let mut checks = Checks::default();
    let scores = case.input::<3>("U", device).require_grad();
    let [n, _, locations] = scores.dims();
    let estimate = form.estimate(scores.clone().reshape([n, n * locations]), locations);
    checks.value("loss", estimate.loss.clone(), &case.outputs["loss"]).await;
    if let Some(bound) = case.outputs.get("bound_nats") {
        checks.value("bound", estimate.value.mul_scalar(LN_2), bound).await;
    }
    let gradients = estimate.loss.backward();
    checks.gradient("U", &scores, &gradients, 1.0, case).await;
    checks
}

pub async fn local_infonce(case: &Case, device: &Device) -> Checks {
    let own = (case.params["self_mask"] != "excluded").then_some(-10.0);
    local(case, device, LocalForm::InfoNce { own }).await
}

pub async fn dot_local_jsd(case: &Case, device: &Device) -> Checks {
    let mut checks = Checks::default();
    let local = case.input::<3>("local", device).require_grad();
    let global = case.input::<3>("glob", device).require_grad();
    let [n, channels, locations] = local.dims();
    let rows = local.clone().swap_dims(1, 2).reshape([n * locations, channels]);
    let scores = global.clone().reshape([n, channels]).matmul(rows.transpose());
    checks.value("U", scores.clone().reshape([n, n, locations]), &case.outputs["U"]).await;
    let estimate = LocalForm::JensenShannon {}.estimate(scores, locations);
    checks.value("loss", estimate.loss.clone(), &case.outputs["loss"]).await;
    let gradients = estimate.loss.backward();
    checks.gradient("local", &local, &gradients, 1.0, case).await;
    checks.gradient("glob", &global, &gradients, 1.0, case).await;
    checks
}

pub async fn prior_matching(case: &Case, device: &Device) -> Checks {
    let mut checks = Checks::default();
    let [prior, encoded] =
        ["D_prior", "D_encoded"].map(|name| case.input::<1>(name, device).require_grad());
    let losses = [
        ("disc_loss", discriminator_loss(prior.clone(), encoded.clone())),
        ("enc_loss_nonsaturating", encoder_loss(encoded.clone())),
    ];
    for (name, loss) in losses {
        checks.value(name, loss.clone(), &case.outputs[name]).await;
        let gradients = loss.backward();
        checks.gradient(&format!("{name}.D_prior"), &prior, &gradients, 1.0, case).await;
        checks.gradient(&format!("{name}.D_encoded"), &encoded, &gradients, 1.0, case).await;
    }
    checks
}
