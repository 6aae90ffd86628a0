//! A run: a plan's stages in order, pulled piece by piece.
//!
//! Nothing here calls back. A front end asks for some milliseconds of work and gets the events of
//! that time; pausing is not asking.

mod checkpoint;
mod event;
mod finite;
mod measure;
mod report;
mod rewind;
mod task;

use burn::tensor::Device;
use std::cell::OnceCell;
use std::rc::Rc;
use web_time::{Duration, Instant};

pub use event::{Event, StageSummary};
pub use finite::{Cause, Fault, lower};
pub use measure::{MOST_DIFFERENCE, Measurement, StageTime, first_objectives, measure};
pub use rewind::RewindError;

use crate::batch::Loader;
use crate::checkpoint::{At, EpochTotals};
use crate::data::{Dataset, Splits};
use crate::device::DeviceError;
use crate::estimators::EstimateError;
use crate::inspect::Inspector;
use crate::network::Network;
use crate::plan::{StagePlan, ValidPlan};
use crate::representation::WrongRepresentation;
use crate::rng::Seed;
use crate::stage::{Stage, StepError};
use finite::Good;
use report::Pending;
use task::{Caching, Evaluation, Purpose};

/// Why a run stopped before its end. Messages count stages from 1, as the page and the command do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages say what the fields are")]
pub enum RunError {
    /// Something is NaN or infinite. The device may treat those as it likes, so they are looked for
    /// here, in values that are read. The run stands at the last good weights, from which
    /// [`Run::set_rate`] and `advance` go on; `rate` is one to try, where a lower one can help.
    #[error("stage {}, step {step}: {fault}: {cause}", stage + 1)]
    NotFinite { stage: usize, step: usize, fault: Fault, cause: Cause, rate: Option<f64> },
    #[error("stage {}: {source}", stage + 1)]
    Step { stage: usize, source: StepError },
    #[error(transparent)]
    Device(#[from] DeviceError),
    #[error(transparent)]
    Representation(#[from] WrongRepresentation),
}

/// A plan being run.
pub struct Run {
    plan: ValidPlan,
    seed: Seed,
    device_name: String,
    device: Device,
    /// At its present weights.
    pub network: Network,
    loader: Loader,
    /// How many modules the loader's batches have behind them.
    depth: usize,
    index: usize,
    stage: Stage,
    task: Task,
    /// Time spent at work, without the present piece.
    elapsed: Duration,
    /// When the present piece of work began.
    since: Option<Instant>,
    /// The time spent at work when the stage began.
    stage_began: Duration,
    pending: Vec<Pending>,
    epoch: EpochTotals,
    events: Vec<Event>,
    /// The stage when its numbers were finite, at the last report and at the one before; empty once
    /// it has gone back there, until they are again.
    good: Vec<Good>,
    /// How many events have been given out: the length of the log.
    given: u64,
    /// Of the data set, once a checkpoint has asked for it.
    digest: OnceCell<String>,
}

/// What a run is at.
enum Task {
    Cache(Caching, Next),
    Train,
    Evaluate(Evaluation),
    Done,
}

/// What follows when the stage's input is there.
#[derive(Clone, Copy)]
enum Next {
    /// The stage begins.
    Begin,
    /// A run that was stopped goes on.
    GoOn(At),
}

impl Run {
    /// A run at its start. `device_name` is for people.
    pub fn new(
        plan: ValidPlan,
        dataset: Rc<Dataset>,
        device: &Device,
        device_name: String,
        seed: Seed,
    ) -> Self {
        let network = Network::new(&plan, seed, device);
        let stage = Stage::new(&plan, 0, dataset.splits.train.len(), seed, device);
        let mut run = Run::at_start(plan, dataset, device, device_name, seed, network, stage);
        run.events.push(run.started());
        run.prepare_stage();
        run
    }

    fn at_start(
        plan: ValidPlan,
        dataset: Rc<Dataset>,
        device: &Device,
        device_name: String,
        seed: Seed,
        network: Network,
        stage: Stage,
    ) -> Self {
        Run {
            network,
            loader: Loader::new(dataset, device),
            device: device.clone(),
            device_name,
            seed,
            depth: 0,
            index: 0,
            stage,
            task: Task::Done,
            elapsed: Duration::ZERO,
            since: None,
            stage_began: Duration::ZERO,
            pending: Vec::new(),
            epoch: EpochTotals::default(),
            events: Vec::new(),
            good: Vec::new(),
            given: 0,
            digest: OnceCell::new(),
            plan,
        }
    }

    /// Whether the last event has been given out.
    pub fn is_done(&self) -> bool {
        matches!(self.task, Task::Done) && self.events.is_empty()
    }

    /// The events so far that have not been given out; no work is done.
    pub fn take_events(&mut self) -> Vec<Event> {
        self.given += self.events.len() as u64;
        std::mem::take(&mut self.events)
    }

    /// Works for about `budget` (at least one piece) and gives what happened.
    ///
    /// # Errors
    /// The first thing that went wrong. The events before it come with the next call.
    pub async fn advance(&mut self, budget: Duration) -> Result<Vec<Event>, RunError> {
        let start = Instant::now();
        loop {
            self.since = Some(Instant::now());
            let piece = match &self.task {
                Task::Done => Ok(()),
                Task::Train => self.train().await,
                Task::Cache(..) => self.cache().await,
                Task::Evaluate(_) => self.evaluate().await,
            };
            self.elapsed = self.worked();
            self.since = None;
            piece?;
            if matches!(self.task, Task::Done) || start.elapsed() >= budget {
                break;
            }
        }
        self.read_steps().await?;
        Ok(self.take_events())
    }

    /// Time spent at work.
    fn worked(&self) -> Duration {
        self.elapsed + self.since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    /// Ends the run now. Where the classifier was being trained it is evaluated as it stands; a run
    /// that is over already stays as it is.
    ///
    /// # Errors
    /// As [`Run::advance`].
    pub async fn finish(&mut self) -> Result<Vec<Event>, RunError> {
        self.read_steps().await?;
        let last = self.index + 1 == self.plan.stages.len();
        match &self.task {
            Task::Done => {}
            _ if last && self.stage.step > 0 => {
                let complete = self.is_ending();
                self.evaluate_for(Purpose::Run { complete });
                while matches!(self.task, Task::Evaluate(_)) {
                    self.evaluate().await?;
                }
            }
            _ => self.finished([None; 3], false),
        }
        Ok(self.take_events())
    }

    /// Whether every stage has run to its end, and only the last evaluation is to come.
    fn is_ending(&self) -> bool {
        match &self.task {
            Task::Evaluate(evaluation) => evaluation.purpose == Purpose::Run { complete: true },
            // Resumed, it computes what the evaluation reads first.
            Task::Cache(_, Next::GoOn(at)) => matches!(at, At::EvaluateRun { complete: true }),
            _ => false,
        }
    }

    /// The plan being run.
    pub fn plan(&self) -> &ValidPlan {
        &self.plan
    }

    /// What it trains on.
    pub fn dataset(&self) -> &Dataset {
        &self.loader.dataset
    }

    /// A look into the network as it stands.
    pub fn inspector(&self) -> Inspector<'_> {
        Inspector { network: &self.network, plan: &self.plan, loader: &self.loader }
    }

    fn started(&self) -> Event {
        let dataset = &self.loader.dataset;
        let Splits { train, valid, test } = &dataset.splits;
        Event::Started {
            plan: self.plan.name.clone(),
            dataset: dataset.name.clone(),
            seed: self.seed.0,
            device: self.device_name.clone(),
            train: train.len(),
            valid: valid.len(),
            test: test.len(),
            stages: summaries(&self.plan, &self.network, train.len()),
        }
    }

    fn enter_stage(&mut self, index: usize) {
        self.index = index;
        self.stage_began = self.worked();
        let train = self.loader.dataset.splits.train.len();
        self.stage = Stage::new(&self.plan, index, train, self.seed, &self.device);
        self.network.initialise(self.stage.plan.modules.clone(), self.seed, &self.device);
        self.prepare_stage();
    }

    /// What comes before the stage: its input's cache, where there are modules before it.
    fn prepare_stage(&mut self) {
        let modules = self.depth..self.stage.plan.modules.start;
        let caching = match modules.is_empty() {
            true => None,
            false => Caching::new(modules, &self.network, &self.loader.dataset),
        };
        match caching {
            Some(caching) => self.task = Task::Cache(caching, Next::Begin),
            None => self.begin_stage(),
        }
    }

    fn begin_stage(&mut self) {
        self.task = Task::Train;
        self.good.clear();
        self.keep_good();
        self.events.push(Event::StageStarted { stage: self.index });
    }

    async fn cache(&mut self) -> Result<(), RunError> {
        let Task::Cache(caching, next) = &mut self.task else { return Ok(()) };
        let result = caching.advance(&self.network, &self.loader).await?;
        let (Caching { done, total, .. }, next) = (caching, *next);
        let (done, total) = (*done, *total);
        self.events.push(Event::Caching { stage: self.index, done, total });
        if let Some((depth, cached)) = result {
            self.loader.read_from(cached);
            self.depth = depth;
            match next {
                Next::Begin => self.begin_stage(),
                Next::GoOn(at) => self.go_on(at),
            }
        }
        Ok(())
    }

    async fn train(&mut self) -> Result<(), RunError> {
        /// Steps after which values are read in any case: they hold memory on the device.
        const MOST_PENDING: usize = 64;

        let stage = self.index;
        let outcome = self.stage.step(&mut self.network, &self.loader, self.depth).await;
        let outcome = match outcome {
            Ok(outcome) => outcome,
            Err(StepError::Estimate(EstimateError::Spectrum(_))) => {
                // What went wrong before it comes first.
                self.read_steps().await?;
                return Err(self.not_finite(self.stage.step + 1, Fault::Matrix));
            }
            Err(source) => return Err(RunError::Step { stage, source }),
        };
        let classifies = outcome.correct.is_some();
        self.pending.push(Pending {
            step: self.stage.step,
            epoch: self.stage.epoch + 1,
            seconds: self.worked().as_secs_f64(),
            outcome,
        });
        if self.stage.at_epoch_end() {
            self.read_steps().await?;
            if classifies {
                self.evaluate_for(Purpose::Epoch);
            } else {
                self.end_epoch().await?;
            }
        } else if self.pending.len() >= MOST_PENDING {
            self.read_steps().await?;
        }
        Ok(())
    }

    fn evaluate_for(&mut self, purpose: Purpose) {
        self.task = Task::Evaluate(Evaluation::new(purpose, &self.loader.dataset.splits));
    }

    async fn evaluate(&mut self) -> Result<(), RunError> {
        let Task::Evaluate(evaluation) = &mut self.task else { return Ok(()) };
        let result = evaluation.advance(&self.network, &self.loader, self.depth).await?;
        let Some(accuracies) = result else { return Ok(()) };
        match evaluation.purpose {
            Purpose::Run { complete } => self.finished(accuracies, complete),
            Purpose::Epoch => {
                let [_, valid_accuracy, test_accuracy] = accuracies;
                let EpochTotals { correct, labelled, .. } = self.epoch;
                self.events.push(Event::Accuracy {
                    stage: self.index,
                    epoch: self.stage.epoch + 1,
                    train_accuracy: 100.0 * correct / labelled.max(1) as f64,
                    valid_accuracy,
                    test_accuracy,
                });
                self.end_epoch().await?;
            }
        }
        Ok(())
    }

    /// After an epoch's events: on with training, or with the next stage, or with the end.
    async fn end_epoch(&mut self) -> Result<(), RunError> {
        let epoch = std::mem::take(&mut self.epoch);
        if !self.stage.is_done() {
            self.task = Task::Train;
            return Ok(());
        }
        self.events.push(Event::StageFinished {
            stage: self.index,
            fingerprint: self.network.fingerprint(self.stage.plan.modules.clone()).await?,
            seconds: (self.worked() - self.stage_began).as_secs_f64(),
            objective: epoch.objective / epoch.steps.max(1) as f64,
        });
        if self.index + 1 < self.plan.stages.len() {
            self.enter_stage(self.index + 1);
        } else {
            self.evaluate_for(Purpose::Run { complete: true });
        }
        Ok(())
    }

    fn finished(&mut self, accuracies: [Option<f64>; 3], complete: bool) {
        let [train_accuracy, valid_accuracy, test_accuracy] = accuracies;
        self.task = Task::Done;
        self.events.push(Event::Finished {
            plan: self.plan.name.clone(),
            dataset: self.plan.dataset.clone(),
            seed: self.seed.0,
            device: self.device_name.clone(),
            train_accuracy,
            valid_accuracy,
            test_accuracy,
            seconds: self.worked().as_secs_f64(),
            complete,
        });
    }
}

fn summaries(plan: &ValidPlan, network: &Network, train: usize) -> Vec<StageSummary> {
    let summary = |stage: &StagePlan| {
        StageSummary::new(stage, plan, network.count(stage.modules.clone()), train)
    };
    plan.stages.iter().map(summary).collect()
}
