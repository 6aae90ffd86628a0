//! `matrix_renyi.json`.

use burn::tensor::{Device, Tensor};
use faer::Mat;
use mole::estimators::dependence::Dependence;
use mole::estimators::gram::{self, Gram};
use mole::estimators::spectrum::Spectrum;
use mole::estimators::{Normalisation, information};
use serde_json::{Value, json};

use super::case::{self, Case, Checks};

fn leaf(case: &Case, device: &Device) -> Tensor<2> {
    case.input::<2>("Z", device).require_grad()
}

fn sigmas(case: &Case) -> [f64; 2] {
    [0, 1].map(|k| case.params["sigma"][k].as_f64().unwrap())
}

/// `S_a(K / N)` is the information with a variable that tells all samples apart: its Gram matrix is
/// the identity, so `S_Z = S_(T, Z) = log2 N`.
async fn entropy_of(gram: Gram, order: f64) -> mole::estimators::Estimate {
    let matrix = gram.matrix();
    let eye = Gram::Exact(Tensor::eye(matrix.dims()[0], &matrix.device()));
    information(gram, eye, order, Normalisation::None).await.unwrap()
}

pub async fn gram(case: &Case, device: &Device) -> Checks {
    let mut checks = Checks::default();
    let k = gram::gaussian(case.input("Z", device), case.param("sigma")).matrix();
    let n = k.dims()[0];
    checks.value("K", k.clone(), &case.outputs["K"]).await;
    checks.value("A", k.clone().div_scalar(n as f64), &case.outputs["A"]).await;
    let read = mole::device::read(vec![k.flatten(0, 1)]).await.unwrap();
    let host = Mat::from_fn(n, n, |i, j| f64::from(read[0][i * n + j]));
    let spectrum = Spectrum::new(&host).unwrap();
    checks.numbers(
        "eigenvalues",
        spectrum.values().to_vec(),
        &case.outputs["eigenvalues_ascending"],
    );
    checks
}

pub async fn entropy(case: &Case, device: &Device) -> Checks {
    let mut checks = Checks::default();
    for (key, order) in case.orders() {
        let z = leaf(case, device);
        let estimate = entropy_of(gram::gaussian(z.clone(), case.param("sigma")), order).await;
        checks.value(&format!("S@{key}"), estimate.value, &case.outputs["S"][&key]).await;
        let gradients = estimate.loss.backward();
        checks.gradient(&format!("Z@{key}"), &z, &gradients, -1.0, case).await;
    }
    checks
}

pub async fn joint_entropy(case: &Case, device: &Device) -> Checks {
    let mut checks = Checks::default();
    let [sigma_z, sigma_x] = sigmas(case);
    let z = gram::gaussian(case.input("Z", device), sigma_z);
    let x = gram::gaussian(case.input("X", device), sigma_x);
    // Two Gaussians multiplied are one on the points side by side.
    let points = [z, x].map(|gram| match gram {
        Gram::Gaussian(points) => points,
        _ => panic!("a Gaussian kernel has points"),
    });
    let joint = Gram::Gaussian(Tensor::cat(points.to_vec(), 1));
    for (key, order) in case.orders() {
        let estimate = entropy_of(joint.clone(), order).await;
        checks.value(&format!("S@{key}"), estimate.value, &case.outputs["S"][&key]).await;
    }
    checks
}

pub async fn mi(case: &Case, device: &Device) -> Checks {
    let mut checks = Checks::default();
    let [sigma_z, sigma_x] = sigmas(case);
    let x = gram::gaussian(case.input("X", device), sigma_x);
    let forms = [
        ("I", Normalisation::None),
        ("I_over_min", Normalisation::Min),
        ("I_over_max", Normalisation::Max),
        ("I_over_joint", Normalisation::Joint),
    ];
    for (key, order) in case.orders() {
        for (name, normalisation) in forms {
            let z = leaf(case, device);
            let k = gram::gaussian(z.clone(), sigma_z);
            let estimate = information(k, x.clone(), order, normalisation).await.unwrap();
            let expected = &case.outputs[name][&key];
            checks.value(&format!("{name}@{key}"), estimate.value, expected).await;
            if normalisation == Normalisation::None {
                let gradients = estimate.loss.backward();
                checks.gradient(&format!("Z@{key}"), &z, &gradients, -1.0, case).await;
            }
        }
    }
    checks
}

pub async fn mi_label(case: &Case, device: &Device) -> Checks {
    let mut checks = Checks::default();
    let labels = case::labels(&case.ints("y"), case.param("classes") as usize, device);
    let l = match &case.params["label_sigma"] {
        Value::Number(sigma) => gram::gaussian(labels.one_hot, sigma.as_f64().unwrap()),
        _ => gram::delta(labels.one_hot),
    };
    checks.value("L", l.matrix(), &case.outputs["L"]).await;
    for (key, order) in case.orders() {
        let z = leaf(case, device);
        let k = gram::gaussian(z.clone(), case.param("sigma"));
        let of_labels = entropy_of(l.clone(), order).await;
        checks.value(&format!("S_Y@{key}"), of_labels.value, &case.outputs["S_Y"][&key]).await;
        let estimate = information(k, l.clone(), order, Normalisation::None).await.unwrap();
        checks.value(&format!("I@{key}"), estimate.value, &case.outputs["I"][&key]).await;
        let gradients = estimate.loss.backward();
        checks.gradient(&format!("Z@{key}"), &z, &gradients, -1.0, case).await;
    }
    checks
}

pub async fn mi_scale_free(case: &Case, device: &Device) -> Checks {
    let mut checks = Checks::default();
    let width = case.param("w");
    let kernel = |z: Tensor<2>| gram::scale_free(z, 1, width);
    let other = match case.params["other"].as_str() {
        Some("label") => {
            let labels = case::labels(&case.ints("y"), case.param("classes") as usize, device);
            gram::delta(labels.one_hot)
        }
        _ => kernel(case.input("X", device)),
    };
    checks.value("K_other", other.matrix(), &case.outputs["K_other"]).await;
    checks.value("K", kernel(case.input("Z", device)).matrix(), &case.outputs["K"]).await;
    for (name, expected) in case.outputs.as_object().unwrap() {
        let Some((form, order)) = name.split_once('@') else { continue };
        let normalisation = match form {
            "plain" => Normalisation::None,
            "max" => Normalisation::Max,
            other => panic!("{}: unknown form {other}", case.id),
        };
        let z = leaf(case, device);
        let order = order.parse().unwrap();
        let estimate =
            information(kernel(z.clone()), other.clone(), order, normalisation).await.unwrap();
        checks.value(name, estimate.value, expected).await;
        let gradients = estimate.loss.backward();
        checks.gradient(&format!("{name}.Z"), &z, &gradients, -1.0, case).await;
    }
    checks
}

pub async fn multivariate(case: &Case, device: &Device) -> Checks {
    let mut checks = Checks::default();
    let variables = case.input::<3>("V", device);
    let [k, n, d] = variables.dims();
    let sigmas = case.params["sigma"].as_array().unwrap();
    let gram = |(i, sigma): (usize, &Value)| {
        let z = variables.clone().narrow(0, i, 1).reshape([n, d]);
        gram::gaussian(z, sigma.as_f64().unwrap())
    };
    let grams: Vec<Gram> = sigmas.iter().enumerate().map(gram).collect();
    for (key, order) in case.orders() {
        let found = Dependence::new(&grams, order).await.unwrap();
        let expected = &case.outputs["by_alpha"][&key];
        for (name, numbers) in
            [("marginal", found.marginals.clone()), ("partial_joint", found.without.clone())]
        {
            let stored = json!({ "shape": [k], "data": expected[name] });
            checks.numbers(&format!("{name}@{key}"), numbers, &stored);
        }
        for (name, number, expected) in [
            ("joint", found.joint, &expected["joint"]),
            ("tc", found.total_correlation(), &expected["tc"]),
            ("ntc", found.normalised_total_correlation(), &expected["ntc"]),
            ("dtc", found.dual_total_correlation(), &expected["dtc"]),
            ("ndtc", found.normalised_dual_total_correlation(), &expected["ndtc"]),
            (
                "group against last",
                found.information_with_others(k - 1),
                &case.outputs["I_group_vs_last"][&key],
            ),
        ] {
            let stored = json!({ "shape": [1], "data": [expected] });
            checks.numbers(&format!("{name}@{key}"), vec![number], &stored);
        }
    }
    checks
}
