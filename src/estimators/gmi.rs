use burn::tensor::Tensor;
use burn::tensor::activation::{prelu, sigmoid, softplus};
use serde::{Deserialize, Serialize};
use std::f64::consts::LN_2;

use super::{About, Estimate, Estimating, Memory, MutualInformation, Output, Target, TargetBatch};
use crate::data::Kind;
use crate::graph::Graph;
use crate::kernels::pair_products;
use crate::parameters::{Init, ParameterSpec};
use crate::representation::{Misfit, Shape};
use crate::rng::Stream;

/// Graphical mutual information (Peng et al. 2020) between the nodes' outputs `h_i` and the input
/// graph, as a loss of three terms:
///
/// - `mean_i sp(-D_1(h_i, x_i)) + mean sp(D_1(h_i, x_k))`: a node's output and its own features,
/// - `mean_i sp(-D_2(h_i, n_i)) + mean sp(D_2(h_k, n_i))`: and its neighbours', `n_i` their mean
///   after a projection and a PReLU,
/// - `2 mean sp(-h_i · h_j) + c mean sp(h_i · h_k)` over linked pairs (edges, and nodes with
///   themselves) and as many others: the edges that the outputs speak of and those that there are;
///   `c = (n^2 - m) / (n^2 - m / 2)` for `n` nodes and `m` linked pairs,
///
/// with bilinear `D(h, x) = h^T Θ x + b`, `sp(x) = ln(1 + e^x)`, and `k` drawn from the other nodes.
/// The third term samples the pairs that the release sums over, whose number grows with the square
/// of the nodes'; its weights are the release's own, worked out for means. In a batch of many graphs most
/// of the other pairs join nodes of two graphs (99 in 100 on Mutagenicity at 128): there it asks
/// foremost which nodes are of one graph. The neighbours' features are projected by a matrix of the
/// critic's own where the release takes that of its only layer, so no gradient reaches the module by them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gmi {
    /// Weights of the three terms: 0.8, 1 and 1 in the release.
    pub weights: [f64; 3],
    /// Other nodes drawn for each node and term.
    pub negatives: usize,
    /// Squash the scores of the first two terms before the softplus, as the release does. The terms
    /// then never fall below 1.006 and have weak gradients.
    #[serde(default)]
    pub squash: bool,
}

/// Slope below 0 of the neighbours' PReLU.
const SLOPE: f64 = 0.25;

/// The release's weights and number of negatives.
impl Default for Gmi {
    fn default() -> Self {
        Gmi { weights: [0.8, 1.0, 1.0], negatives: 5, squash: false }
    }
}

impl MutualInformation for Gmi {
    fn about(&self) -> About {
        About {
            title: "Graphical mutual information",
            description: "A node's output is to tell its own features and its neighbours' from \
                those of other nodes, and which nodes are linked.",
            formula: "max  w₁ Î(h_i; x_i) + w₂ Î(h_i; x_N(i)) + w₃ Î(h_i·h_j; a_ij)",
            source: "Peng et al. 2020",
            targets: &[Target::Input],
            kinds: &[Kind::Nodes, Kind::Graphs],
        }
    }

    fn label(&self) -> String {
        "GMI".into()
    }

    fn unit(&self) -> &'static str {
        "bits, minus the loss"
    }

    fn check(&self, output: &Shape, target: Target, _input: &Shape) -> Result<(), Misfit> {
        if !matches!(output, Shape::Nodes { .. }) || target == Target::Label {
            return Err(Misfit::new("nodes, and the input", format!("{output} and the {target}")));
        }
        Ok(())
    }

    fn critic(&self, output: &Shape, target: &Shape) -> Vec<ParameterSpec> {
        let [d, d_x] = [output.size(), target.size()];
        let matrix = |name, shape: [usize; 2]| {
            ParameterSpec::new(name, shape, Init::glorot(shape[0], shape[1]))
        };
        vec![
            matrix("own_bilinear", [d_x, d]),
            ParameterSpec::new("own_bias", [1], Init::Zeros),
            matrix("neighbour_projection", [d_x, d]),
            matrix("neighbour_bilinear", [d, d]),
            ParameterSpec::new("neighbour_bias", [1], Init::Zeros),
        ]
    }

    fn scores(&self, rows: f64, _input: &Shape) -> f64 {
        rows * self.negatives as f64
    }

    fn estimate<'a>(
        &'a self,
        critic: &'a [Tensor<1>],
        output: Output,
        target: TargetBatch,
        memory: &'a mut Memory,
    ) -> Estimating<'a> {
        Box::pin(async move {
            let x = target.input()?;
            let graph = x.graph()?;
            let h = output.own.rows();
            let [_, d] = h.dims();
            let matrix = |at: usize| critic[at].clone().reshape([-1, d as i32]);
            let neighbours = graph.neighbour_mean(x.clone().matmul(matrix(2)));
            let neighbours = prelu(neighbours, Tensor::from_data([SLOPE], &h.device()));
            let own = Scored {
                h: h.clone(),
                other: x.matmul(matrix(0)),
                bias: critic[1].clone(),
                apart: self.draw(&graph, &mut memory.draws),
            };
            let neighbour = Scored {
                h: neighbours.matmul(matrix(3)),
                other: h.clone(),
                bias: critic[4].clone(),
                apart: self.draw(&graph, &mut memory.draws),
            };
            let edges = edge_loss(h, graph.linked(), &apart(&graph, &mut memory.draws));
            let terms = [own.loss(self.squash), neighbour.loss(self.squash), edges];
            let weighted = terms.into_iter().zip(self.weights);
            let weighted = weighted.map(|(term, weight)| term.mul_scalar(weight)).collect();
            let loss = Tensor::cat(weighted, 0).sum();
            Ok(Estimate { value: loss.clone().detach().div_scalar(-LN_2), loss })
        })
    }
}

impl Gmi {
    /// Each node with others, `negatives` times.
    fn draw(&self, graph: &Graph, draws: &mut Stream) -> Vec<[u32; 2]> {
        let n = graph.n_nodes;
        // Anything but itself, which only a graph of one node cannot offer.
        let mut other = |node: usize| match n {
            1 => 0,
            _ => (node + 1 + draws.below(n - 1)) % n,
        };
        let nodes = (0..self.negatives).flat_map(|_| 0..n);
        nodes.map(|node| [node as u32, other(node) as u32]).collect()
    }
}

/// One of the first two terms: rows that stay, and rows that true and drawn pairs take.
pub struct Scored {
    /// `n x d`: row `i` of every pair of node `i`.
    pub h: Tensor<2>,
    /// `n x d`: row `i` for the true pair, another row for a drawn one.
    pub other: Tensor<2>,
    /// Added to every score.
    pub bias: Tensor<1>,
    /// The drawn pairs: a row of `h`, a row of `other`.
    pub apart: Vec<[u32; 2]>,
}

impl Scored {
    /// `mean sp(-D)` over true pairs and `mean sp(D)` over drawn ones.
    pub fn loss(self, squash: bool) -> Tensor<1> {
        let score = |products: Tensor<1>| {
            let score = products + self.bias.clone();
            if squash { sigmoid(score) } else { score }
        };
        let own = score((self.h.clone() * self.other.clone()).sum_dim(1).squeeze_dim(1));
        let apart = score(pair_products(self.h, self.other, &self.apart));
        softplus(own.neg(), 1.0).mean() + softplus(apart, 1.0).mean()
    }
}

/// As many pairs of nodes that are not linked as there are linked ones.
fn apart(graph: &Graph, draws: &mut Stream) -> Vec<[u32; 2]> {
    let wanted = graph.linked().len();
    // In a graph that is nearly complete there may be none: a few tries each, then fewer pairs.
    let tries = (0..4 * wanted).map(|_| [0, 1].map(|_| draws.below(graph.n_nodes) as u32));
    tries.filter(|pair| graph.linked().binary_search(pair).is_err()).take(wanted).collect()
}

/// The third term: over linked pairs and others. With every pair in one of the lists it is the release's
/// sum.
pub fn edge_loss(h: Tensor<2>, linked: &[[u32; 2]], apart: &[[u32; 2]]) -> Tensor<1> {
    let all = (h.dims()[0] as f64).powi(2);
    let count = linked.len() as f64;
    let weight = (all - count) / (all - count / 2.0);
    let score = |pairs| pair_products(h.clone(), h.clone(), pairs);
    let none = apart.is_empty();
    let linked = softplus(score(linked).neg(), 1.0).mean().mul_scalar(2.0);
    match none {
        true => linked,
        false => linked + softplus(score(apart), 1.0).mean().mul_scalar(weight),
    }
}
