use burn::tensor::Tensor;
use burn::tensor::activation::softplus;
use serde::{Deserialize, Serialize};
use std::f64::consts::LN_2;

use super::critic::{Activation, Critic};
use super::{About, Estimate, Estimating, Memory, MutualInformation, Output, Target, TargetBatch};
use crate::device;
use crate::representation::{Misfit, Shape};

/// Mutual information neural estimation (Belghazi et al. 2018): a critic `F` is trained with the
/// module to tell pairs `(x_i, t_i)` from shuffled ones, and a bound on the information follows from
/// its scores. The critic is discarded with the stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mine {
    /// The trained part.
    pub critic: Critic,
    /// What is made of its scores.
    pub bound: Bound,
}

/// A lower bound on `I`, or what stands for one, from scores `a` of `N` joint and `b` of `M` product
/// pairs. All in nats here, in bits once estimated.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", tag = "form")]
pub enum Bound {
    /// `mean a - ln mean e^b` (Donsker and Varadhan). Its gradient on a batch is biased; with a rate
    /// `r` in `(0, 1]` the denominator `mean e^b` of the gradient is a moving average
    /// `e <- r mean e^b + (1 - r) e` (Belghazi et al. 2018, section 3.2).
    DonskerVaradhan {
        /// `r`; `None`: the batch's own.
        average: Option<f64>,
    },
    /// `mean a - mean e^(b - 1)` (Nguyen, Wainwright and Jordan 2010): looser, gradient unbiased.
    Nwj {},
    /// `2 ln 2 - mean sp(-a) - mean sp(b)`, `sp(x) = ln(1 + e^x)`: bounded, not a value of `I`.
    JensenShannon {},
    /// Donsker and Varadhan with `b` clipped to `[-tau, tau]` (Song and Ermon 2020).
    Smile {
        /// Above 0.
        tau: f64,
    },
}

/// The defaults of the releases: two hidden layers of 128, and the moving average.
impl Default for Mine {
    fn default() -> Self {
        let critic = Critic { hidden: vec![128, 128], activation: Activation::Relu };
        Mine { critic, bound: Bound::DonskerVaradhan { average: Some(Bound::AVERAGE) } }
    }
}

impl MutualInformation for Mine {
    fn about(&self) -> About {
        About {
            title: "MINE",
            description: "A small network, the critic, learns to tell true pairs from shuffled \
                ones; how well it can is a lower bound on the information.",
            formula: "I(T;Z) ≥ E[F(t, z)] − ln E[exp F(t, z′)],  z′ shuffled",
            source: "Belghazi et al. 2018",
            targets: super::BOTH,
            kinds: super::ALL_KINDS,
        }
    }

    fn label(&self) -> String {
        match self.bound {
            Bound::DonskerVaradhan { .. } => "MINE".into(),
            Bound::Nwj {} => "MINE, NWJ bound".into(),
            Bound::JensenShannon {} => "MINE, Jensen-Shannon".into(),
            Bound::Smile { tau } => format!("SMILE, τ = {tau}"),
        }
    }

    fn unit(&self) -> &'static str {
        match self.bound {
            Bound::JensenShannon {} => super::JENSEN_SHANNON,
            _ => "bits",
        }
    }

    fn check(&self, _output: &Shape, _target: Target, _input: &Shape) -> Result<(), Misfit> {
        self.critic.check()
    }

    fn critic(&self, output: &Shape, target: &Shape) -> Vec<crate::parameters::ParameterSpec> {
        self.critic.parameters(target.size(), output.size())
    }

    fn estimate<'a>(
        &'a self,
        critic: &'a [Tensor<1>],
        output: Output,
        target: TargetBatch,
        memory: &'a mut Memory,
    ) -> Estimating<'a> {
        Box::pin(async move {
            let t = output.own.rows();
            let x = target.representation();
            let shuffled = memory.draws.permutation(t.dims()[0]);
            let shuffled = device::index(shuffled, &t.device());
            let [joint, product] = self.critic.scores(critic, x, t, shuffled);
            Ok(self.bound.estimate(joint, product, &mut memory.average))
        })
    }
}

impl Bound {
    /// The rate of the moving average that the releases use.
    pub(crate) const AVERAGE: f64 = 0.01;

    /// The bound from scores of joint and product pairs. `average` is the moving average before and
    /// after; `None` before the first batch.
    pub fn estimate(
        &self,
        joint: Tensor<1>,
        product: Tensor<1>,
        average: &mut Option<Tensor<1>>,
    ) -> Estimate {
        let (nats, gradient) = match *self {
            Bound::Nwj {} => (joint.mean() - product.sub_scalar(1.0).exp().mean(), None),
            Bound::JensenShannon {} => {
                let nats = softplus(joint.neg(), 1.0).mean() + softplus(product, 1.0).mean();
                (nats.neg().add_scalar(2.0 * LN_2), None)
            }
            Bound::Smile { tau } => (joint.mean() - log_mean_exp(product.clamp(-tau, tau)), None),
            Bound::DonskerVaradhan { average: None } => {
                (joint.mean() - log_mean_exp(product), None)
            }
            Bound::DonskerVaradhan { average: Some(rate) } => {
                let n = product.dims()[0] as f64;
                let log_mean = log_mean_exp(product.clone().detach());
                // One bad batch must not own the average for good.
                let mean = log_mean.clone().clamp_max(1e6f64.ln()).exp();
                let moved = match average.take() {
                    Some(before) => before.mul_scalar(1.0 - rate) + mean.mul_scalar(rate),
                    None => mean,
                };
                let log_average = moved.clone().add_scalar(1e-6).log();
                *average = Some(moved);
                // e^b / (M e), from the logarithm; the clamp keeps single precision finite.
                let weights = (product.clone().detach() - log_average).clamp_max(80.0).exp();
                let weighted = (weights * product).sum().div_scalar(n);
                (joint.clone().mean().detach() - log_mean, Some(joint.mean() - weighted))
            }
        };
        let loss = gradient.unwrap_or_else(|| nats.clone()).neg();
        Estimate { loss, value: nats.detach().div_scalar(LN_2) }
    }
}

/// `ln mean e^b`, shifted by the greatest score so that no exponential overflows. Not by the sum's logarithm,
/// which `ln N` would have to be taken from: what is left is smaller than its rounding.
fn log_mean_exp(scores: Tensor<1>) -> Tensor<1> {
    let shift = scores.clone().detach().max();
    (scores - shift.clone()).exp().mean().log() + shift
}
