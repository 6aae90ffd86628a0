//! Numbers that go wrong: noticed within one report, with the last good weights kept, the likely cause
//! named, and a lower rate to go on with.

use burn::tensor::Tensor;
use std::fmt;

use super::{Event, Run, RunError};
use crate::checkpoint::EpochTotals;
use crate::data::{Dataset, Samples};
use crate::network::Network;
use crate::plan::{Objective, Plan, PlanError, StagePlan};
use crate::stage::Stage;

/// A stage as it was when everything in it was finite.
pub(super) struct Good {
    network: Network,
    stage: Stage,
    epoch: EpochTotals,
}

/// What was not finite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fault {
    /// The objective had this value.
    Objective(f64),
    /// The estimator met a matrix with an entry that is not finite.
    Matrix,
    /// A gradient, or its square; the objective was finite still.
    Gradient,
    /// A parameter, by a gradient that was finite.
    Weight,
}

/// Why, most likely.
#[derive(Clone, Debug, PartialEq)]
pub enum Cause {
    /// The data hold a value that is not finite.
    Input {
        /// Which sample, or which node.
        sample: usize,
        /// Which of its values.
        feature: usize,
        /// What it is.
        value: f32,
    },
    /// The data are so large that their products are not finite.
    Scale {
        /// The greatest magnitude of a feature.
        greatest: f32,
    },
    /// It went wrong from the start: the estimator cannot be used with these settings.
    Setting {
        /// Its label.
        estimator: String,
    },
    /// The scores of the estimator's critic left the range of `e^x`.
    Critic {
        /// The estimator's label.
        estimator: String,
        /// Whether gradients are clipped already.
        clipped: bool,
    },
    /// The steps were too large.
    Rate {
        /// Adam's.
        rate: f64,
    },
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Fault::Objective(value) => write!(f, "the objective is {value}"),
            Fault::Matrix => f.write_str("a Gram matrix has an entry that is not finite"),
            Fault::Gradient => f.write_str("a gradient is not finite"),
            Fault::Weight => f.write_str("a weight is not finite"),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Cause::Input { sample, feature, value } => {
                write!(f, "value {feature} of sample {sample} is {value}; mend or leave it out")
            }
            Cause::Scale { greatest } => write!(
                f,
                "the data reach {greatest:e}, whose products single precision does not hold; \
                 standardise them"
            ),
            Cause::Setting { estimator } => write!(
                f,
                "it went wrong from the start, so it is a setting of the estimator, {estimator}; \
                 take its default"
            ),
            Cause::Critic { estimator, clipped } => write!(
                f,
                "the scores of the critic of {estimator} have left the range of the exponential; \
                 lower the rate{}",
                if *clipped { "" } else { ", or clip the gradients" }
            ),
            Cause::Rate { rate } => {
                write!(f, "the rate of {rate:e} takes steps that are too large; lower it")
            }
        }
    }
}

impl Cause {
    /// Whether smaller steps can help.
    pub fn is_rate(&self) -> bool {
        matches!(self, Cause::Critic { .. } | Cause::Rate { .. })
    }
}

/// A tenth of the rate, and no more than what Adam's authors propose.
pub fn lower(rate: f64) -> f64 {
    /// Kingma and Ba 2015, algorithm 1.
    const ADAM: f64 = 1e-3;

    let tenth = (rate / 10.0).min(ADAM);
    // Two digits: a suggestion that can be read.
    let digit = 10f64.powf(tenth.log10().floor() - 1.0);
    let rounded = (tenth / digit).round() * digit;
    if rounded > 0.0 { rounded } else { tenth }
}

impl Run {
    /// Takes note of the stage as it is, in which everything that was read is finite.
    pub(super) fn keep_good(&mut self) {
        let Run { network, stage, epoch, .. } = self;
        let epoch = if stage.at_epoch_end() { EpochTotals::default() } else { *epoch };
        let now = Good { network: network.clone(), stage: stage.clone(), epoch };
        if self.good.len() == 2 {
            self.good.remove(0);
        }
        self.good.push(now);
    }

    /// Sums over every parameter that the stage trains, then over the average of its squared
    /// gradient: not finite where one of those is not. To be looked at by [`fault_in`] on the host: a
    /// shader may assume that there is no NaN.
    pub(super) fn sums(&self) -> Tensor<1> {
        let modules = self.network.values(self.stage.plan.modules.clone());
        let all = modules.into_iter().chain(self.stage.trained());
        Tensor::cat(all.map(Tensor::sum).collect(), 0)
    }

    /// The failure of a step, after which the stage stands where everything was finite for the last
    /// time; where that already led here once before, at the stage's start.
    pub(super) fn not_finite(&mut self, step: usize, fault: Fault) -> RunError {
        /// Estimators are trained below.
        const USUAL: f64 = 1e-2;

        // A gradient is looked at once a report only.
        let first = match fault {
            Fault::Objective(_) | Fault::Matrix => step == 1,
            // At a large rate its first steps may have led there.
            Fault::Gradient => {
                self.stage.plan.rate <= USUAL
                    && self.good.last().is_some_and(|good| good.stage.step == 0)
            }
            Fault::Weight => false,
        };
        let cause = bad_data(&self.loader.dataset)
            .unwrap_or_else(|| bad_training(&self.stage.plan, self.stage.has_critic(), first));
        let rate = cause.is_rate().then(|| lower(self.stage.plan.rate));
        self.pending.clear();
        // Weights can be finite and give none: the first step from there tells.
        let at_once = self.good.last().is_some_and(|good| good.stage.step + 1 == step);
        if at_once && matches!(fault, Fault::Objective(_) | Fault::Matrix) {
            self.good.pop();
        }
        let last = self.good.pop();
        self.good.clear();
        match last {
            Some(Good { network, stage, epoch }) => {
                (self.network, self.stage, self.epoch) = (network, stage, epoch);
            }
            None => self.begin_anew(),
        }
        RunError::NotFinite { stage: self.index, step, fault, cause, rate }
    }

    /// The stage's own state and its modules' weights as at its beginning.
    fn begin_anew(&mut self) {
        let train = self.loader.dataset.splits.train.len();
        self.stage = Stage::new(&self.plan, self.index, train, self.seed, &self.device);
        self.network.initialise(self.stage.plan.modules.clone(), self.seed, &self.device);
        self.epoch = EpochTotals::default();
    }

    /// Goes on with the present stage at another rate, from the weights as they are: after
    /// [`RunError::NotFinite`] the last good ones. The plan is changed accordingly.
    ///
    /// # Errors
    /// What a plan's check says of such a rate; the run is then as it was.
    pub fn set_rate(&mut self, rate: f64) -> Result<(), PlanError> {
        let mut plan = Plan::clone(&self.plan);
        plan.stages[self.index].rate = rate;
        self.plan = plan.check(&self.loader.dataset)?;
        self.stage.set_rate(rate);
        // Where a later fault leads back to.
        self.good.iter_mut().for_each(|good| good.stage.set_rate(rate));
        let (stage, step) = (self.index, self.stage.step);
        self.events.push(Event::RateSet { stage, step, rate });
        Ok(())
    }
}

/// What the sums of [`Run::sums`] tell.
pub(super) fn fault_in(sums: &[f32]) -> Option<Fault> {
    let (weights, gradients) = sums.split_at(sums.len() / 2);
    let wrong = |sums: &[f32]| sums.iter().any(|sum| !sum.is_finite());
    match (wrong(gradients), wrong(weights)) {
        (true, _) => Some(Fault::Gradient),
        (false, true) => Some(Fault::Weight),
        (false, false) => None,
    }
}

/// What of the data no training can go well with.
fn bad_data(dataset: &Dataset) -> Option<Cause> {
    /// Squares of larger numbers, summed over a few of them, exceed single precision.
    const LARGEST: f32 = 1e15;

    let values = match &dataset.samples {
        Samples::Vectors(vectors) => &vectors.values,
        Samples::Nodes(nodes) => &nodes.features.values,
        // Bytes and one-hot rows are always finite.
        Samples::Grids(_) | Samples::Graphs(_) => return None,
    };
    if let Some((at, value)) = values.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        let (sample, feature) = match &dataset.samples {
            Samples::Nodes(nodes) => {
                let row = nodes.features.offsets.partition_point(|start| *start as usize <= at);
                (row.saturating_sub(1), nodes.features.columns[at] as usize)
            }
            Samples::Vectors(vectors) => (at / vectors.width, at % vectors.width),
            Samples::Grids(_) | Samples::Graphs(_) => (at, 0),
        };
        return Some(Cause::Input { sample, feature, value: *value });
    }
    let greatest = values.iter().fold(0.0f32, |greatest, value| greatest.max(value.abs()));
    (greatest > LARGEST).then_some(Cause::Scale { greatest })
}

/// What of the stage's settings is to blame, where the data are not.
/// `first`: it went wrong from the stage's start.
fn bad_training(plan: &StagePlan, has_critic: bool, first: bool) -> Cause {
    match &plan.objective {
        // The objective of the first step is that of the initial weights, whatever the rate.
        Objective::Information { estimator, .. } if first => {
            Cause::Setting { estimator: estimator.label() }
        }
        Objective::Information { estimator, .. } if has_critic => {
            Cause::Critic { estimator: estimator.label(), clipped: plan.clip.is_some() }
        }
        _ => Cause::Rate { rate: plan.rate },
    }
}

#[cfg(test)]
mod tests {
    use super::lower;

    #[test]
    fn a_lower_rate_is_a_tenth_in_two_digits() {
        let close = |a: f64, b: f64| (a / b - 1.0).abs() < 1e-12;
        for (rate, expected) in
            [(1e-3, 1e-4), (0.002, 2e-4), (1e30, 1e-3), (0.5, 1e-3), (1.26e-4, 1.3e-5)]
        {
            assert!(close(lower(rate), expected), "{rate}: {}", lower(rate));
        }
        assert!(lower(f64::MIN_POSITIVE) > 0.0);
    }
}
