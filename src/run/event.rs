//! Events: all that a front end knows of a run.
//!
//! The command line prints them (`--json`: one a line), the worker posts them to the page.
//! Information is in bits, or a share of an entropy in bits; accuracies are in percent.

use serde::Serialize;

use crate::plan::{ModulePlan, Objective, Plan, StagePlan};

/// One thing that happened in a run, in order.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
#[expect(
    missing_docs,
    reason = "fields that say what they are by their names have no words beside"
)]
pub enum Event {
    /// The run is built; nothing has been trained.
    Started {
        plan: String,
        dataset: String,
        seed: u64,
        device: String,
        train: usize,
        valid: usize,
        test: usize,
        stages: Vec<StageSummary>,
    },
    /// The run goes on from a checkpoint: the first `events` events of its log, the last of which
    /// left it after `step` steps of `stage`, are followed by this one.
    Resumed {
        plan: String,
        dataset: String,
        seed: u64,
        device: String,
        train: usize,
        valid: usize,
        test: usize,
        stages: Vec<StageSummary>,
        stage: usize,
        step: usize,
        events: u64,
    },
    /// A stage begins; its input is ready.
    StageStarted { stage: usize },
    /// One update of the stage's parameters.
    Step {
        stage: usize,
        /// Counts from 1 to [`StageSummary::steps`].
        step: usize,
        /// Counts from 1.
        epoch: usize,
        /// The objective on this step's batch before the update, in [`StageSummary::unit`].
        objective: f64,
        /// Since the run began, pauses left out.
        seconds: f64,
    },
    /// The whole network evaluated, after an epoch of a stage that ends in class scores.
    Accuracy {
        stage: usize,
        /// Counts from 1.
        epoch: usize,
        /// Percent, on the batches of this epoch while they trained.
        train_accuracy: f64,
        valid_accuracy: Option<f64>,
        test_accuracy: Option<f64>,
    },
    /// The stage's parameters will not move any more.
    StageFinished {
        stage: usize,
        seconds: f64,
        /// Mean over the last epoch.
        objective: f64,
        /// SHA-256 over the stage's parameters: shows that later stages leave them alone.
        fingerprint: String,
    },
    /// The run stands before this stage again; the plan may be another from there on.
    Rewound { stage: usize, stages: Vec<StageSummary> },
    /// The stage goes on after `step` of its steps, which may be fewer than were told of, at another
    /// rate.
    RateSet { stage: usize, step: usize, rate: f64 },
    /// The stage's input, the finished modules' outputs over the whole set, is being computed, once.
    Caching { stage: usize, done: usize, total: usize },
    /// The last event of a run, also of one ended early.
    Finished {
        plan: String,
        dataset: String,
        seed: u64,
        device: String,
        /// Percent on the whole split; `None` where the run ended before there was a classifier.
        train_accuracy: Option<f64>,
        valid_accuracy: Option<f64>,
        test_accuracy: Option<f64>,
        seconds: f64,
        /// Whether every stage ran to its end.
        complete: bool,
    },
}

/// What a front end needs to lay out one stage before it runs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub struct StageSummary {
    /// The modules it trains, counted from 0: one, or all of them under backpropagation.
    pub modules: Vec<usize>,
    /// `conv 16`, `linear 64`.
    pub name: String,
    /// `encoder`, `decoder`, `output`, or `whole network`.
    pub role: String,
    /// `I(T;X)`, `I(T;Y)`, `cross-entropy`.
    pub objective: String,
    /// `matrix-based Rényi, α = 2`; empty where the objective needs no estimator.
    pub estimator: String,
    /// What the objective is in: `bits`, or `of the larger entropy` where it is a share.
    pub unit: String,
    /// Whether training raises the objective (information) or lowers it (cross-entropy).
    pub maximise: bool,
    /// Passes over the training samples.
    pub epochs: usize,
    /// Updates in all.
    pub steps: usize,
    /// Numbers it learns.
    pub parameters: usize,
}

impl StageSummary {
    /// Of a stage that learns `parameters` numbers from `train` samples.
    pub fn new(stage: &StagePlan, plan: &Plan, parameters: usize, train: usize) -> Self {
        let labels: Vec<String> =
            plan.modules[stage.modules.clone()].iter().map(ModulePlan::label).collect();
        let (estimator, unit) = match &stage.objective {
            Objective::Information { estimator, .. } => (estimator.label(), estimator.unit()),
            Objective::CrossEntropy => (String::new(), "bits"),
        };
        StageSummary {
            modules: stage.modules.clone().collect(),
            name: labels.join(" → "),
            role: stage.role().into(),
            objective: stage.objective.label().into(),
            estimator,
            unit: unit.into(),
            maximise: stage.objective != Objective::CrossEntropy,
            epochs: stage.epochs,
            steps: stage.epochs * stage.steps_per_epoch(train),
            parameters,
        }
    }
}
