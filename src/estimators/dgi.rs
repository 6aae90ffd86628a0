use burn::tensor::Tensor;
use burn::tensor::activation::{sigmoid, softplus};
use serde::{Deserialize, Serialize};
use std::f64::consts::LN_2;

use super::{About, Estimate, Estimating, Memory, MutualInformation, Output, Target, TargetBatch};
use crate::data::Kind;
use crate::graph::Graph;
use crate::parameters::{Init, ParameterSpec};
use crate::representation::{Misfit, Representation, Shape, WrongRepresentation};
use crate::rng::Stream;

/// Deep Graph Infomax (Veličković et al. 2019): the summary of a graph is to tell the module's outputs
/// at its nodes, `h_i`, from those it gives for a corrupted graph, `h~_i`, whose nodes have the features
/// of others (the rows of the module's input permuted, across the graphs of a batch) and the same edges.
///
/// `c = s(mean_i h_i)` for each graph, `D(h, c) = h^T W c + b`, `s` the sigmoid, and
///
/// `loss = (sum_i sp(-D(h_i, c)) + sum_i sp(D(h~_i, c))) / 2n`, `sp(x) = ln(1 + e^x)`,
///
/// over all `n` nodes. A module that does not look at neighbours has nothing to learn from it: on one
/// graph it gives the same outputs for both, in another order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dgi {}

impl MutualInformation for Dgi {
    fn about(&self) -> About {
        About {
            title: "Deep Graph Infomax",
            description: "A graph's summary is to tell the nodes' outputs from those for a graph \
                with the same edges and its nodes' features mixed up.",
            formula: "max  E[ln D(h_i, c)] + E[ln(1 − D(h̃_i, c))],  c = σ(mean h)",
            source: "Veličković et al. 2019",
            targets: &[Target::Input],
            kinds: &[Kind::Nodes, Kind::Graphs],
        }
    }

    fn label(&self) -> String {
        "DGI".into()
    }

    fn unit(&self) -> &'static str {
        "bits of Jensen-Shannon divergence"
    }

    fn check(&self, output: &Shape, target: Target, _input: &Shape) -> Result<(), Misfit> {
        match (output, target) {
            (Shape::Nodes { .. }, Target::Input) => Ok(()),
            _ => Err(Misfit::new("nodes, and the input", format!("{output} and the {target}"))),
        }
    }

    fn critic(&self, output: &Shape, _target: &Shape) -> Vec<ParameterSpec> {
        let d = output.size();
        vec![
            ParameterSpec::new("summary_bilinear", [d, d], Init::glorot(d, d)),
            ParameterSpec::new("summary_bias", [1], Init::Zeros),
        ]
    }

    fn corrupt(
        &self,
        input: &Representation,
        draws: &mut Stream,
    ) -> Result<Option<Representation>, WrongRepresentation> {
        let places = draws.permutation(input.graph()?.n_nodes);
        Ok(Some(input.with_rows_at(&places)))
    }

    fn estimate<'a>(
        &'a self,
        critic: &'a [Tensor<1>],
        Output { own, corrupted }: Output,
        target: TargetBatch,
        _memory: &'a mut Memory,
    ) -> Estimating<'a> {
        Box::pin(async move {
            let graph = target.input()?.graph()?;
            let missing = WrongRepresentation { expected: "a corrupted input", found: "none" };
            let corrupted = corrupted.ok_or(missing)?.rows();
            let h = own.rows();
            let [_, d] = h.dims();
            let weight = critic[0].clone().reshape([-1, d as i32]);
            let summary = Dgi::summary(&graph, h.clone());
            let scores = [h, corrupted].map(|h| {
                Dgi::scores(&graph, h, summary.clone(), weight.clone(), critic[1].clone())
            });
            Ok(Dgi::of_scores(scores))
        })
    }
}

impl Dgi {
    /// `s(mean_i h_i)` for each graph: `n_graphs x d` from `n x d`.
    pub fn summary(graph: &Graph, h: Tensor<2>) -> Tensor<2> {
        sigmoid(graph.mean_readout(h))
    }

    /// `h_i^T W c + b` for each node and its graph's summary, `n`.
    pub fn scores(
        graph: &Graph,
        h: Tensor<2>,
        summary: Tensor<2>,
        weight: Tensor<2>,
        bias: Tensor<1>,
    ) -> Tensor<1> {
        let mixed = graph.to_nodes(summary.matmul(weight.transpose()));
        (h * mixed).sum_dim(1).squeeze_dim::<1>(1) + bias
    }

    /// The estimate from the scores of true and of corrupted nodes, `n` each. The value is a lower
    /// bound on the Jensen-Shannon divergence between the two, `1 - loss / ln 2` bits.
    pub fn of_scores([own, corrupted]: [Tensor<1>; 2]) -> Estimate {
        let nats = softplus(own.neg(), 1.0).mean() + softplus(corrupted, 1.0).mean();
        let loss = nats.div_scalar(2.0);
        let value = loss.clone().detach().div_scalar(-LN_2).add_scalar(1.0);
        Estimate { loss, value }
    }
}
