//! `mine.json`.

use burn::tensor::{Device, Int, Tensor, TensorData};
use mole::estimators::Bound;
use mole::estimators::critic::{Activation, Critic};
use mole::representation::Representation;
use std::f64::consts::LN_2;

use super::case::{Case, Checks};

/// A bound from the scores of the case, in nats plus `shift`, and its gradients.
async fn bound(
    case: &Case,
    device: &Device,
    bound: Bound,
    average: &mut Option<Tensor<1>>,
    outputs: &[(&str, f64)],
) -> Checks {
    let mut checks = Checks::default();
    let [joint, product] =
        ["T_joint", "T_product"].map(|name| case.input::<1>(name, device).require_grad());
    let estimate = bound.estimate(joint.clone(), product.clone(), average);
    for (name, shift) in outputs {
        let nats = estimate.value.clone().mul_scalar(LN_2).add_scalar(*shift);
        checks.value(name, nats, &case.outputs[name]).await;
    }
    let gradients = estimate.loss.backward();
    checks.gradient("T_joint", &joint, &gradients, -1.0, case).await;
    checks.gradient("T_product", &product, &gradients, -1.0, case).await;
    checks
}

pub async fn dv(case: &Case, device: &Device) -> Checks {
    let form = Bound::DonskerVaradhan { average: None };
    bound(case, device, form, &mut None, &[("I_nats", 0.0)]).await
}

pub async fn nwj(case: &Case, device: &Device) -> Checks {
    bound(case, device, Bound::Nwj {}, &mut None, &[("I_nats", 0.0)]).await
}

pub async fn jsd(case: &Case, device: &Device) -> Checks {
    let outputs = [("value", 0.0), ("unshifted", -2.0 * LN_2)];
    bound(case, device, Bound::JensenShannon {}, &mut None, &outputs).await
}

pub async fn smile(case: &Case, device: &Device) -> Checks {
    let form = Bound::Smile { tau: case.param("tau") };
    bound(case, device, form, &mut None, &[("I_nats", 0.0)]).await
}

pub async fn ema(case: &Case, device: &Device) -> Checks {
    let previous = case.params["previous_ema"].as_f64();
    let mut average = previous.map(|value| Tensor::from_data([value as f32], device));
    let form = Bound::DonskerVaradhan { average: Some(case.param("rate")) };
    let mut checks = bound(case, device, form, &mut average, &[("I_nats", 0.0)]).await;
    checks.value("ema", average.unwrap(), &case.outputs["ema"]).await;
    checks
}

pub async fn critic(case: &Case, device: &Device) -> Checks {
    let mut checks = Checks::default();
    let activation = match case.params["activation"].as_str() {
        Some("elu") => Activation::Elu,
        _ => Activation::Relu,
    };
    let critic = Critic { hidden: vec![case.param("hidden") as usize], activation };
    let [x, z, w1, w2] =
        ["X", "Z", "W1", "W2"].map(|name| case.input::<2>(name, device).require_grad());
    let [b1, b2] = ["b1", "b2"].map(|name| case.input::<1>(name, device).require_grad());
    let permutation: Vec<i32> = case.ints("permutation").iter().map(|row| *row as i32).collect();
    let n = permutation.len();
    let permutation = Tensor::<1, Int>::from_data(TensorData::new(permutation, [n]), device);
    let parameters = [w1.clone().flatten(0, 1), b1.clone(), w2.clone().flatten(0, 1), b2.clone()];
    let [joint, product] =
        critic.scores(&parameters, Representation::Vector(x.clone()), z.clone(), permutation);
    checks.value("T_joint", joint.clone(), &case.outputs["T_joint"]).await;
    checks.value("T_product", product.clone(), &case.outputs["T_product"]).await;
    let form = Bound::DonskerVaradhan { average: None };
    let estimate = form.estimate(joint, product, &mut None);
    checks.value("I_nats", estimate.value.mul_scalar(LN_2), &case.outputs["I_nats"]).await;
    let gradients = estimate.loss.backward();
    for (name, leaf) in [("X", &x), ("Z", &z), ("W1", &w1), ("W2", &w2)] {
        checks.gradient(name, leaf, &gradients, -1.0, case).await;
    }
    for (name, leaf) in [("b1", &b1), ("b2", &b2)] {
        checks.gradient(name, leaf, &gradients, -1.0, case).await;
    }
    checks
}
