//! `graph_net.json`.

use burn::tensor::{Device, Tensor};
use mole::graph::Graph;
use mole::layers::{Gcn, LayerKind, Relu};
use mole::representation::Representation;
use std::rc::Rc;

use super::case::{Case, Checks};

fn edges(case: &Case) -> Vec<[u32; 2]> {
    let [sources, targets] = ["edge_src", "edge_dst"].map(|name| case.ints(name));
    sources.iter().zip(&targets).map(|(s, t)| [*s as u32, *t as u32]).collect()
}

pub async fn gcn_layer(case: &Case, device: &Device) -> Checks {
    let mut checks = Checks::default();
    let x = case.input::<2>("X", device).require_grad();
    let w = case.input::<2>("W", device).require_grad();
    let b = case.input::<1>("b", device).require_grad();
    let [n, width] = [x.dims()[0], w.dims()[1]];
    let graph = Rc::new(Graph::new(edges(case), vec![0; n], device));
    checks.value("S_sym", graph.propagate(Tensor::eye(n, device)), &case.outputs["S_sym"]).await;
    let sum = graph.neighbour_sum(x.clone().matmul(w.clone()));
    checks.value("sum", sum, &case.outputs["sum_aggregation_no_self"]).await;

    let parameters = [w.clone().flatten(0, 1), b.clone()];
    let gcn = Gcn { width }.forward(&parameters, Representation::Nodes(x.clone(), graph)).unwrap();
    checks.value("pre_activation", gcn.clone().rows(), &case.outputs["pre_activation"]).await;
    let output = Relu {}.forward(&[], gcn).unwrap().rows();
    checks.value("output", output.clone(), &case.outputs["output"]).await;
    let sum = (output * case.input("upstream", device)).sum();
    let gradients = sum.backward();
    checks.value("weighted_sum", sum, &case.outputs["weighted_sum"]).await;
    checks.gradient("weighted_sum.X", &x, &gradients, 1.0, case).await;
    checks.gradient("weighted_sum.W", &w, &gradients, 1.0, case).await;
    checks.gradient("weighted_sum.b", &b, &gradients, 1.0, case).await;
    checks
}

pub async fn readout(case: &Case, device: &Device) -> Checks {
    let mut checks = Checks::default();
    let x = case.input::<2>("X", device).require_grad();
    let graph_of_node = case.ints("batch").iter().map(|graph| *graph as u32).collect();
    let graph = Graph::new(edges(case), graph_of_node, device);
    let mean = graph.mean_readout(x.clone());
    checks.value("mean", mean.clone(), &case.outputs["mean"]).await;
    let messages = [
        ("message_sum", graph.neighbour_sum(x.clone())),
        ("message_mean", graph.neighbour_mean(x.clone())),
    ];
    for (name, found) in messages {
        checks.value(name, found, &case.outputs[name]).await;
    }
    let gradients = (mean * case.input("upstream", device)).sum().backward();
    checks.gradient("mean.X", &x, &gradients, 1.0, case).await;
    checks
}
