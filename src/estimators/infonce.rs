use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use std::f64::consts::LN_2;

use super::critic::{Projection, own_scores};
use super::{About, Estimate, Estimating, Memory, MutualInformation, Output, Target, TargetBatch};
use crate::kernels::log_sum_exp;
use crate::parameters::ParameterSpec;
use crate::representation::{Misfit, Shape};

/// InfoNCE (van den Oord, Li and Vinyals 2018): from the module's output `t_i` it is to be told which
/// of the batch's targets `x_1 .. x_N` is its own. For scores `S_ij` of pairs `(t_i, x_j)`,
///
/// `loss = mean_i (ln sum_j e^(S_ij / tau) - S_ii / tau)`, `I(T; X) >= ln N - loss`,
///
/// a bound that cannot exceed `ln N`. The critic is separable, `S_ij = g(t_i) · h(x_j) / sqrt(units)`
/// with two dense layers for `g` and for `h`, which are discarded with the stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InfoNce {
    /// What the scores are divided by, above 0.
    pub temperature: f64,
    /// Also ask which output belongs to a target, and take the mean of both losses.
    pub symmetric: bool,
    /// Width of the projections.
    pub units: usize,
    /// Width of their hidden layers.
    pub hidden: usize,
    /// Most samples (or nodes) that are compared; a larger batch is thinned out at random.
    pub samples: usize,
}

/// One way, at temperature 1.
impl Default for InfoNce {
    fn default() -> Self {
        InfoNce { temperature: 1.0, symmetric: false, units: 64, hidden: 128, samples: 512 }
    }
}

impl MutualInformation for InfoNce {
    fn about(&self) -> About {
        About {
            title: "InfoNCE",
            description: "From a module's output it is to be told which of the batch's inputs or \
                labels is its own; that bounds the information from below, by log2 N at most.",
            formula: "I(T;Z) ≥ ln N − E[ln Σ_j exp S(t_i, z_j) − S(t_i, z_i)]",
            source: "van den Oord, Li and Vinyals 2018",
            targets: super::BOTH,
            kinds: super::ALL_KINDS,
        }
    }

    fn label(&self) -> String {
        if self.symmetric { "InfoNCE, both ways".into() } else { "InfoNCE".into() }
    }

    fn check(&self, _output: &Shape, _target: Target, _input: &Shape) -> Result<(), Misfit> {
        Ok(())
    }

    fn scores(&self, rows: f64, _input: &Shape) -> f64 {
        rows.min(self.samples as f64).powi(2)
    }

    fn critic(&self, output: &Shape, target: &Shape) -> Vec<ParameterSpec> {
        [output, target].map(|shape| self.projection().parameters(shape.size())).concat()
    }

    fn estimate<'a>(
        &'a self,
        critic: &'a [Tensor<1>],
        output: Output,
        target: TargetBatch,
        memory: &'a mut Memory,
    ) -> Estimating<'a> {
        Box::pin(async move {
            let projection = self.projection();
            let (g, h) = critic.split_at(Projection::PARAMETERS);
            let [g, h] =
                [projection.project(g, output.own), projection.project(h, target.representation())];
            let thinning = memory.thinning(&g, self.samples);
            Ok(self.of_scores(projection.scores(thinning.apply(g), thinning.apply(h))))
        })
    }
}

impl InfoNce {
    fn projection(&self) -> Projection {
        Projection { hidden: self.hidden, units: self.units }
    }

    /// The estimate from scores `N x N` whose diagonal holds the true pairs.
    pub fn of_scores(&self, scores: Tensor<2>) -> Estimate {
        let [n, _] = scores.dims();
        let scores = scores.div_scalar(self.temperature);
        let own = own_scores(&scores, 1).mean();
        let any = log_sum_exp(scores.clone()).mean();
        let loss = match self.symmetric {
            true => (any + log_sum_exp(scores.transpose()).mean()).div_scalar(2.0) - own,
            false => any - own,
        };
        let value = loss.clone().detach().neg().add_scalar((n as f64).ln()).div_scalar(LN_2);
        Estimate { loss, value }
    }
}
