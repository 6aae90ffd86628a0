use burn::tensor::Tensor;
use burn::tensor::activation::softplus;
use serde::{Deserialize, Serialize};
use std::f64::consts::LN_2;

use super::critic::{Projection, own_scores};
use super::prior;
use super::{About, Estimate, Estimating, Memory, MutualInformation, Output, Target, TargetBatch};
use crate::data::Kind;
use crate::device;
use crate::kernels::{log_sum_exp, log_sum_exp_of_others, own_entries};
use crate::parameters::ParameterSpec;
use crate::representation::{Misfit, Representation, Shape};

/// Deep InfoMax with the local objective (Hjelm et al. 2019, section 3.2): the module's whole output
/// is to tell patches of its own image from those of the other images in the batch.
///
/// Output and patches are each projected by two dense layers to `units` numbers, `g_i` and `l_jl`;
/// the scores are `U_ijl = g_i · l_jl / sqrt(units)` for image `i`, image `j` and patch `l` of `L`.
/// The projections are discarded with the stage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dim {
    /// What is made of the scores.
    pub form: LocalForm,
    /// Width of the projections.
    pub units: usize,
    /// Width of their hidden layers.
    pub hidden: usize,
    /// Side of a patch of the input, in pixels.
    pub patch: usize,
    /// From one patch to the next, in pixels.
    pub stride: usize,
    /// Weight of [prior matching](super::prior) on the outputs, through a sigmoid; 0: none.
    #[serde(default)]
    pub prior: f64,
}

/// Of [`LocalForm::InfoNce`]: `e` to it is still a number.
const LEAST_OWN: f64 = -80.0;

/// The local objective. Losses, in nats; `i = j` are the true pairs.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", tag = "name")]
pub enum LocalForm {
    /// `mean_{i != j, l} [sp(U_ijl) - ln 2] - mean_{i, l} [ln 2 - sp(-U_iil)]`.
    JensenShannon {},
    /// `ln mean_{i != j, l} e^{U_ijl} - mean_{i, l} U_iil`.
    DonskerVaradhan {},
    /// `mean_{i, l} -ln (e^{U_iil} / (e^{U_iil} + sum_{j != i, l'} e^{U_ijl'}))`.
    InfoNce {
        /// The authors' release leaves the `L` entries of the image itself in the sum at this
        /// constant (-10), from -80 to 0; `None` leaves them out.
        #[serde(default)]
        own: Option<f64>,
    },
}

/// Patches of 8 pixels, half overlapping.
impl Default for Dim {
    fn default() -> Self {
        let form = LocalForm::InfoNce { own: None };
        Dim { form, units: 64, hidden: 128, patch: 8, stride: 4, prior: 0.0 }
    }
}

impl MutualInformation for Dim {
    fn about(&self) -> About {
        About {
            title: "Deep InfoMax, local",
            description: "The whole output is to tell patches of its own image from patches of \
                the other images in the batch.",
            formula: "max  mean over patches l of  Î(x_l ; t)",
            source: "Hjelm et al. 2019, section 3.2",
            targets: &[Target::Input],
            kinds: &[Kind::Grids],
        }
    }

    fn label(&self) -> String {
        match self.form {
            LocalForm::JensenShannon {} => "DIM".into(),
            LocalForm::DonskerVaradhan {} => "DIM, Donsker-Varadhan".into(),
            LocalForm::InfoNce { .. } => "DIM, InfoNCE".into(),
        }
    }

    fn unit(&self) -> &'static str {
        match self.form {
            LocalForm::JensenShannon {} => super::JENSEN_SHANNON,
            _ => "bits",
        }
    }

    fn check(&self, output: &Shape, target: Target, input: &Shape) -> Result<(), Misfit> {
        let Shape::Grid { height, width, .. } = *input else {
            return Err(Misfit::new("images", input));
        };
        if !matches!(output, Shape::Grid { .. }) || target == Target::Label {
            return Err(Misfit::new("grids, and the input", format!("{output} and the {target}")));
        }
        if self.patch > height.min(width) {
            return Err(Misfit::new(format!("a patch that fits into {input}"), self.patch));
        }
        match self.form {
            LocalForm::InfoNce { own: Some(own) } if !(LEAST_OWN..=0.0).contains(&own) => {
                let expected = format!("a constant for the image itself from {LEAST_OWN} to 0");
                Err(Misfit::new(expected, own))
            }
            _ => Ok(()),
        }
    }

    fn critic(&self, output: &Shape, target: &Shape) -> Vec<ParameterSpec> {
        let Shape::Grid { channels, .. } = *target else { return Vec::new() };
        let patch = channels * self.patch * self.patch;
        let mut critic = [output.size(), patch].map(|d| self.projection().parameters(d)).concat();
        if self.prior > 0.0 {
            critic.extend(prior::parameters(output.size()));
        }
        critic
    }

    fn scores(&self, rows: f64, input: &Shape) -> f64 {
        let Shape::Grid { height, width, .. } = *input else { return rows };
        let corners = |side: usize| (side.saturating_sub(self.patch) / self.stride + 1) as f64;
        rows * rows * corners(height) * corners(width)
    }

    fn estimate<'a>(
        &'a self,
        critic: &'a [Tensor<1>],
        output: Output,
        target: TargetBatch,
        memory: &'a mut Memory,
    ) -> Estimating<'a> {
        Box::pin(async move {
            let input = target.input()?;
            let (patches, locations) = self.patches(input.grid()?);
            let projection = self.projection();
            let (global, rest) = critic.split_at(Projection::PARAMETERS);
            let (local, discriminator) = rest.split_at(Projection::PARAMETERS);
            let output = Representation::Vector(output.own.rows());
            let global = projection.project(global, output.clone());
            let local = projection.project(local, Representation::Vector(patches));
            let scores = projection.scores(global, local);
            let Estimate { loss, value } = self.form.estimate(scores, locations);
            if self.prior == 0.0 {
                return Ok(Estimate { loss, value });
            }
            let [discriminator, encoder] =
                prior::losses(discriminator, output.rows(), &mut memory.draws);
            Ok(Estimate { loss: loss + discriminator + encoder.mul_scalar(self.prior), value })
        })
    }
}

impl Dim {
    /// Every patch of every image as a row, `(N L) x (C patch^2)`, and `L`.
    fn patches(&self, grid: Tensor<4>) -> (Tensor<2>, usize) {
        let [n, channels, height, width] = grid.dims();
        let corners = |side: usize| (0..=side.saturating_sub(self.patch)).step_by(self.stride);
        let corners: Vec<[usize; 2]> =
            corners(height).flat_map(|y| corners(width).map(move |x| [y, x])).collect();
        let mut pixels = Vec::new();
        for [top, left] in &corners {
            for channel in 0..channels {
                for y in *top..(top + self.patch).min(height) {
                    let row = (channel * height + y) * width;
                    pixels.extend((*left..(left + self.patch).min(width)).map(|x| row + x));
                }
            }
        }
        let [count, locations] = [pixels.len(), corners.len()];
        let pixels = device::index(pixels, &grid.device());
        let rows = grid.flatten::<2>(1, 3).select(1, pixels);
        (rows.reshape([n * locations, count / locations]), locations)
    }

    fn projection(&self) -> Projection {
        Projection { hidden: self.hidden, units: self.units }
    }
}

impl LocalForm {
    /// The objective from scores `U` as `N x (N L)`: row `i`, column `j L + l`. The value is the
    /// information the form speaks of: minus the loss, for InfoNCE `ln((N - 1) L + 1)` minus it.
    pub fn estimate(&self, scores: Tensor<2>, locations: usize) -> Estimate {
        let [n, _] = scores.dims();
        let true_pairs = (n * locations) as f64;
        let false_pairs = (n * (n - 1) * locations) as f64;
        let (loss, offset) = match *self {
            LocalForm::JensenShannon {} => {
                let own = own_entries(n, locations, &scores.device());
                // sp(-U) = sp(U) - U: one softplus serves both kinds of pair.
                let other = own.clone().neg().add_scalar(1.0).div_scalar(false_pairs);
                let weights = own.clone().div_scalar(true_pairs) + other;
                let all = (softplus(scores.clone(), 1.0) * weights).sum();
                let positive = (scores * own).sum().div_scalar(true_pairs);
                ((all - positive).sub_scalar(2.0 * LN_2), 0.0)
            }
            LocalForm::DonskerVaradhan {} => {
                let positive = own_scores(&scores, locations).mean();
                let negative = log_sum_exp(log_sum_exp_of_others(scores, locations).transpose());
                (negative.squeeze_dim::<1>(1).sub_scalar(false_pairs.ln()) - positive, 0.0)
            }
            LocalForm::InfoNce { own: constant } => {
                let positive = own_scores(&scores, locations);
                let mut negative = log_sum_exp_of_others(scores, locations);
                if let Some(constant) = constant {
                    let kept = constant + (locations as f64).ln();
                    negative = softplus(negative.clone().neg().add_scalar(kept), 1.0) + negative;
                }
                let loss = softplus(negative.expand([n, locations]) - positive, 1.0).mean();
                (loss, (((n - 1) * locations + 1) as f64).ln())
            }
        };
        let value = loss.clone().detach().neg().add_scalar(offset).div_scalar(LN_2);
        Estimate { loss, value }
    }
}
