//! Plans: an experiment as plain data.

use serde::{Deserialize, Serialize};
use std::ops::Range;

mod bounds;
mod check;
mod fields;
mod networks;
pub mod own;
pub mod presets;

pub use check::{PlanError, ValidPlan};
pub use fields::{FIELDS, Field};

pub use crate::estimators::Target;

use crate::estimators::Estimator;
use crate::layers::Layer;
use crate::representation::Misfit;

/// A network, cut into modules, and how it is trained.
///
/// A plan, a seed and a data set determine a run. [`Plan::check`] turns it into a [`ValidPlan`],
/// which is all that a network is built from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// `adult/matrix`.
    pub name: String,
    /// One sentence for people.
    pub description: String,
    /// The data set it is for, by name.
    pub dataset: String,
    /// In the order in which data flows.
    pub modules: Vec<ModulePlan>,
    /// In the order in which they run. A module in no stage stays at its initial weights.
    pub stages: Vec<StagePlan>,
}

/// A module: what is trained together and exchanges nothing but activations with the others.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModulePlan {
    /// One after another.
    pub layers: Vec<Layer>,
}

/// A stage: training some neighbouring modules while all others stand still. MOLE has a stage for
/// each module; backpropagation is one stage over all of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StagePlan {
    /// Counted from 0, the end not included.
    pub modules: Range<usize>,
    /// What it trains for.
    pub objective: Objective,
    /// Passes over the training samples.
    pub epochs: usize,
    /// Samples a step; `None`: all in one.
    pub batch: Option<usize>,
    /// Adam's learning rate.
    pub rate: f64,
    /// Added to the gradient, as a share of the weight.
    #[serde(default)]
    pub weight_decay: f64,
    /// The greatest norm of all gradients together; above it they are scaled down.
    #[serde(default)]
    pub clip: Option<f64>,
}

/// What a stage trains for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum Objective {
    /// Maximise the information between the module's output and a target.
    Information {
        /// Information about what.
        target: Target,
        /// How it is estimated.
        estimator: Estimator,
    },
    /// Minimise the cross-entropy of class scores.
    CrossEntropy,
}

impl Plan {
    /// More text is no plan.
    pub const MOST_BYTES: usize = 1 << 20;

    /// A plan from JSON, as `mole plans NAME` prints it.
    ///
    /// # Errors
    /// What is not JSON, or not a plan's, with its line and column.
    pub fn from_json(text: &[u8]) -> Result<Self, PlanError> {
        let error = |place: String, misfit| Err(PlanError::new("as JSON", place, misfit));
        if text.len() > Plan::MOST_BYTES {
            let most = format!("at most {} bytes", Plan::MOST_BYTES);
            return error("its length".into(), Misfit::new(most, text.len()));
        }
        serde_json::from_slice(text).or_else(|cause| {
            let place = format!("line {}, column {}", cause.line(), cause.column());
            error(place, Misfit::new("a plan", cause))
        })
    }

    /// For a data set that was limited to so many training samples: no batch is larger than those.
    #[must_use]
    pub fn with_batches_within(mut self, samples: usize) -> Self {
        for stage in &mut self.stages {
            // Below 2 it would be refused for the batch, and not for the samples.
            stage.batch = stage.batch.map(|batch| batch.min(samples.max(2)));
        }
        self
    }
}

impl ModulePlan {
    /// `conv 16, 5 × 5 · ReLU`: what people see.
    pub fn label(&self) -> String {
        self.layers.iter().map(|layer| layer.label()).collect::<Vec<_>>().join(" · ")
    }
}

impl Objective {
    /// `I(T;X)`, `I(T;Y)`, `cross-entropy`.
    pub fn label(&self) -> &'static str {
        match self {
            Objective::Information { target: Target::Input, .. } => "I(T;X)",
            Objective::Information { target: Target::Label, .. } => "I(T;Y)",
            Objective::CrossEntropy => "cross-entropy",
        }
    }
}

impl StagePlan {
    /// `encoder`, `decoder`, `output` or `whole network`.
    pub fn role(&self) -> &'static str {
        match &self.objective {
            Objective::Information { target: Target::Input, .. } => "encoder",
            Objective::Information { target: Target::Label, .. } => "decoder",
            Objective::CrossEntropy if self.modules.len() > 1 => "whole network",
            Objective::CrossEntropy => "output",
        }
    }

    /// Steps in an epoch over `n` training samples. A smaller last batch is dropped: estimates are
    /// comparable at equal size only.
    pub fn steps_per_epoch(&self, n: usize) -> usize {
        self.batch.map_or(1, |batch| (n / batch).max(1))
    }
}
