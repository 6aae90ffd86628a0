//! `graph_infomax.json`.

use burn::tensor::activation::prelu;
use burn::tensor::{Device, Tensor};
use mole::estimators::{Dgi, Scored, edge_loss};
use mole::graph::Graph;

use super::case::{Case, Checks};

pub async fn gmi_loss(case: &Case, device: &Device) -> Checks {
    let mut checks = Checks::default();
    let x = case.input::<2>("X", device);
    let [h, hw, w1, w2] =
        ["H", "HW", "W1", "W2"].map(|name| case.input::<2>(name, device).require_grad());
    let n = h.dims()[0];
    let adjacent = case.ints("A");
    let pairs = |linked: bool| -> Vec<[u32; 2]> {
        let wanted = |at: &usize| (adjacent[*at] != 0 || at / n == at % n) == linked;
        (0..n * n).filter(wanted).map(|at| [(at / n) as u32, (at % n) as u32]).collect()
    };
    let edges = (0..n * n).filter(|at| adjacent[*at] != 0);
    let edges = edges.map(|at| [(at % n) as u32, (at / n) as u32]).collect();
    let graph = Graph::new(edges, vec![0; n], device);
    let slope = Tensor::from_data([case.param("prelu") as f32], device);
    let neighbours = prelu(graph.neighbour_mean(hw.clone()), slope);
    let drawn = case.ints("negatives");
    let apart: Vec<[u32; 2]> =
        drawn.iter().enumerate().map(|(at, other)| [(at % n) as u32, *other as u32]).collect();
    let bias = |name: &str| Tensor::from_data([case.param(name) as f32], device);
    let own = Scored {
        h: h.clone(),
        other: x.matmul(w1.clone().transpose()),
        bias: bias("bias1"),
        apart: apart.clone(),
    };
    let neighbour = Scored {
        h: neighbours.matmul(w2.clone().transpose()),
        other: h.clone(),
        bias: bias("bias2"),
        apart,
    };
    let squash = case.params["sigmoid_before_jsd"] == true;
    let terms = [
        ("fmi_self", "alpha", own.loss(squash)),
        ("fmi_neighbour", "beta", neighbour.loss(squash)),
        ("edge", "gamma", edge_loss(h.clone(), &pairs(true), &pairs(false))),
    ];
    let mut loss = Tensor::<1>::zeros([1], device);
    for (name, weight, term) in terms {
        checks.value(name, term.clone(), &case.outputs[name]).await;
        loss = loss + term.mul_scalar(case.param(weight));
    }
    let gradients = loss.backward();
    checks.value("loss", loss, &case.outputs["loss"]).await;
    for (name, leaf) in [("H", &h), ("HW", &hw), ("W1", &w1), ("W2", &w2)] {
        checks.gradient(name, leaf, &gradients, 1.0, case).await;
    }
    checks
}

pub async fn dgi_loss(case: &Case, device: &Device) -> Checks {
    let mut checks = Checks::default();
    let [own, corrupted, weight] =
        ["H_pos", "H_neg", "W"].map(|name| case.input::<2>(name, device).require_grad());
    let graph = Graph::new(Vec::new(), vec![0; own.dims()[0]], device);
    let summary = Dgi::summary(&graph, own.clone());
    checks.value("summary", summary.clone(), &case.outputs["summary"]).await;
    let bias = Tensor::from_data([case.param("bias") as f32], device);
    let scores = [&own, &corrupted]
        .map(|h| Dgi::scores(&graph, h.clone(), summary.clone(), weight.clone(), bias.clone()));
    for (name, scores) in ["scores_pos", "scores_neg"].into_iter().zip(&scores) {
        checks.value(name, scores.clone(), &case.outputs[name]).await;
    }
    let loss = Dgi::of_scores(scores).loss;
    checks.value("loss", loss.clone(), &case.outputs["loss"]).await;
    let gradients = loss.backward();
    for (name, leaf) in [("H_pos", &own), ("H_neg", &corrupted), ("W", &weight)] {
        checks.gradient(name, leaf, &gradients, 1.0, case).await;
    }
    checks
}

pub async fn dgi_loss_from_scores(case: &Case, device: &Device) -> Checks {
    let mut checks = Checks::default();
    let scores =
        ["scores_pos", "scores_neg"].map(|name| case.input::<1>(name, device).require_grad());
    let estimate = Dgi::of_scores(scores.clone());
    checks.value("loss", estimate.loss.clone(), &case.outputs["loss"]).await;
    let gradients = estimate.loss.backward();
    for (name, leaf) in ["scores_pos", "scores_neg"].into_iter().zip(&scores) {
        checks.gradient(name, leaf, &gradients, 1.0, case).await;
    }
    checks
}
