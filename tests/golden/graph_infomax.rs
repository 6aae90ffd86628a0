//! `graph_infomax.json`.

use burn::tensor::activation::prelu;
use burn::tensor::{Device, Int, Tensor, TensorData};
use mole::estimators::{Scored, edge_loss};
use mole::graph::Graph;

use super::case::{Case, Checks};

fn index(rows: Vec<i32>, device: &Device) -> Tensor<1, Int> {
    let n = rows.len();
    Tensor::from_data(TensorData::new(rows, [n]), device)
}

pub async fn gmi_loss(case: &Case, device: &Device) -> Checks {
    let mut checks = Checks::default();
    let x = case.input::<2>("X", device);
    let [h, hw, w1, w2] =
        ["H", "HW", "W1", "W2"].map(|name| case.input::<2>(name, device).require_grad());
    let n = h.dims()[0];
    let adjacent = case.ints("A");
    let pairs = |linked: bool| {
        let wanted = |at: &usize| (adjacent[*at] != 0 || at / n == at % n) == linked;
        let at: Vec<usize> = (0..n * n).filter(wanted).collect();
        let ends = |end: fn(usize, usize) -> usize| {
            index(at.iter().map(|at| end(*at, n) as i32).collect(), device)
        };
        [ends(|at, n| at / n), ends(|at, n| at % n)]
    };
    let edges = (0..n * n).filter(|at| adjacent[*at] != 0);
    let edges = edges.map(|at| [(at % n) as u32, (at / n) as u32]).collect();
    let graph = Graph::new(edges, vec![0; n], device);
    let slope = Tensor::from_data([case.param("prelu") as f32], device);
    let neighbours = prelu(graph.neighbour_mean(hw.clone()), slope);
    let others: Vec<_> = case
        .ints("negatives")
        .chunks(n)
        .map(|list| index(list.iter().map(|node| *node as i32).collect(), device))
        .collect();
    let bias = |name: &str| Tensor::from_data([case.param(name) as f32], device);
    let own = Scored {
        h: h.clone(),
        other: x.matmul(w1.clone().transpose()),
        bias: bias("bias1"),
        others: others.clone(),
    };
    let neighbour = Scored {
        h: neighbours.matmul(w2.clone().transpose()),
        other: h.clone(),
        bias: bias("bias2"),
        others,
    };
    let squash = case.params["sigmoid_before_jsd"] == true;
    let terms = [
        ("fmi_self", "alpha", own.loss(squash)),
        ("fmi_neighbour", "beta", neighbour.loss(squash)),
        ("edge", "gamma", edge_loss(h.clone(), [pairs(true), pairs(false)])),
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
