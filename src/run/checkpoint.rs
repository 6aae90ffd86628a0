//! Stopping a run and going on with it elsewhere.

use burn::tensor::{Device, Tensor, TensorData};
use std::rc::Rc;
use web_time::Duration;

use super::task::{Caching, Purpose};
use super::{Event, Fault, Next, Run, RunError, Task, summaries};
use crate::checkpoint::{At, Checkpoint, CheckpointError, Progress, State, TensorInfo};
use crate::data::{Dataset, Splits};
use crate::device;
use crate::network::Network;
use crate::plan::{Objective, ValidPlan};
use crate::stage::{Stage, wrong_tensor};

impl Run {
    /// Everything that the run is now, between two pieces of its work; the run goes on as if nobody
    /// had asked. `note` is for whoever goes on with it: what it needs to find the data again.
    ///
    /// # Errors
    /// A device that failed, or a number that is not finite: such a run is not worth going on with.
    pub async fn checkpoint(&mut self, note: &str) -> Result<Checkpoint, RunError> {
        self.read_steps().await?;
        let (at, depth) = match &self.task {
            Task::Cache(caching, Next::GoOn(at)) => (*at, caching.modules.end),
            Task::Cache(_, Next::Begin) => (At::Prepare, self.depth),
            Task::Train => (At::Train, self.depth),
            Task::Evaluate(evaluation) => match evaluation.purpose {
                Purpose::Epoch => (At::EvaluateEpoch, self.depth),
                Purpose::Run { complete } => (At::EvaluateRun { complete }, self.depth),
            },
            // Nothing reads batches any more.
            Task::Done => (At::Done, 0),
        };
        let [shuffle, draws] = self.stage.positions();
        let progress = Progress {
            events: self.given + self.events.len() as u64,
            elapsed: self.elapsed,
            stage: self.index,
            stage_time: self.elapsed - self.stage_began,
            depth,
            at,
            step: self.stage.step,
            shuffle,
            draws,
            epoch: self.epoch,
        };
        let held = weights(&self.network).into_iter().chain(self.stage.tensors());
        let (tensors, reads): (Vec<_>, Vec<_>) = held.unzip();
        let values = device::read(reads).await?;
        if values.iter().flatten().any(|value| !value.is_finite()) {
            return Err(self.not_finite(self.stage.step, Fault::Weight));
        }
        let state = State {
            plan: (*self.plan).clone(),
            data: self.digest.get_or_init(|| self.loader.dataset.digest()).clone(),
            seed: self.seed,
            device: self.device_name.clone(),
            note: note.into(),
            progress,
            tensors,
        };
        Ok(Checkpoint { state, values })
    }

    /// A run that goes on where a checkpoint was made, on any device. `plan` and `dataset` must be
    /// what it was made with. The first event is [`Event::Resumed`]; where batches are read behind
    /// finished modules their outputs are computed again, and then follows what would have followed.
    ///
    /// # Errors
    /// [`CheckpointError`].
    pub fn resume(
        checkpoint: &Checkpoint,
        plan: ValidPlan,
        dataset: Rc<Dataset>,
        device: &Device,
        device_name: String,
    ) -> Result<Self, CheckpointError> {
        let Checkpoint { state, values } = checkpoint;
        if state.plan != *plan {
            let (expected, found) = (plan.name.clone(), state.plan.name.clone());
            return Err(CheckpointError::OtherPlan { expected, found });
        }
        let digest = dataset.digest();
        if state.data != digest {
            let found = state.data.chars().take(64).collect();
            return Err(CheckpointError::OtherData { expected: digest, found });
        }
        let progress = &state.progress;
        let train = dataset.splits.train.len();
        if progress.stage >= plan.stages.len() {
            let expected = format!("a stage below {}", plan.stages.len());
            return Err(CheckpointError::damaged("its progress", expected, progress.stage));
        }
        let mut stage = Stage::new(&plan, progress.stage, train, state.seed, device);
        check(progress, &stage, &plan)?;

        let mut network = Network::new(&plan, state.seed, device);
        let mut tensors = state.tensors.iter().zip(values);
        put_weights(&mut network, &mut tensors, device)?;
        let modules = stage.plan.modules.clone();
        let trained = network.values(modules).iter().map(|value| value.dims()[0]).collect();
        stage.restore(progress, &dataset.splits.train, trained, tensors, device)?;

        let mut run = Run::at_start(plan, dataset, device, device_name, state.seed, network, stage);
        run.index = progress.stage;
        run.elapsed = progress.elapsed;
        run.stage_began = progress.elapsed.saturating_sub(progress.stage_time);
        run.given = progress.events;
        run.epoch = progress.epoch;
        run.digest = digest.into();
        run.events.push(run.resumed(progress));
        // A device whose memory is smaller than the first one's goes without.
        let caching = match progress.depth {
            0 => None,
            depth => Caching::new(0..depth, &run.network, &run.loader.dataset),
        };
        match caching {
            Some(caching) => run.task = Task::Cache(caching, Next::GoOn(progress.at)),
            None => run.go_on(progress.at),
        }
        Ok(run)
    }

    /// On with what a checkpoint was made in the middle of.
    pub(super) fn go_on(&mut self, at: At) {
        match at {
            At::Prepare => self.prepare_stage(),
            At::Train => {
                self.task = Task::Train;
                self.keep_good();
            }
            At::EvaluateEpoch => {
                self.keep_good();
                self.evaluate_for(Purpose::Epoch);
            }
            At::EvaluateRun { complete } => self.evaluate_for(Purpose::Run { complete }),
            At::Done => self.task = Task::Done,
        }
    }

    fn resumed(&self, progress: &Progress) -> Event {
        let dataset = &self.loader.dataset;
        let Splits { train, valid, test } = &dataset.splits;
        Event::Resumed {
            plan: self.plan.name.clone(),
            dataset: dataset.name.clone(),
            seed: self.seed.0,
            device: self.device_name.clone(),
            train: train.len(),
            valid: valid.len(),
            test: test.len(),
            stages: summaries(&self.plan, &self.network, train.len()),
            stage: progress.stage,
            step: progress.step,
            events: progress.events,
        }
    }
}

/// All parameters of a network with their names.
fn weights(network: &Network) -> Vec<(TensorInfo, Tensor<1>)> {
    let modules = network.modules.iter().enumerate();
    let named = modules.flat_map(|(m, module)| {
        module.named().map(move |(name, parameter)| {
            let name = format!("modules.{m}.{name}");
            let shape = parameter.spec.shape.clone();
            (TensorInfo { name, shape }, parameter.value.clone())
        })
    });
    named.collect()
}

/// The same back from a checkpoint.
fn put_weights<'a>(
    network: &mut Network,
    tensors: &mut impl Iterator<Item = (&'a TensorInfo, &'a Vec<f32>)>,
    device: &Device,
) -> Result<(), CheckpointError> {
    let mut values = Vec::new();
    for (TensorInfo { name, shape }, _) in weights(network) {
        values.push(match tensors.next() {
            Some((info, values)) if info.name == name && info.shape == shape => {
                Tensor::from_data(TensorData::new(values.clone(), [values.len()]), device)
            }
            other => return Err(wrong_tensor(&name, &shape, other.map(|(info, _)| info))),
        });
    }
    network.set_values(0..network.modules.len(), values);
    Ok(())
}

/// What [`Run::checkpoint`] never writes would not be trained as the plan says.
fn check(progress: &Progress, stage: &Stage, plan: &ValidPlan) -> Result<(), CheckpointError> {
    /// A thousand years of training.
    const LONGEST: Duration = Duration::from_secs(1 << 35);

    let damaged = |expected: String, found: String| {
        Err(CheckpointError::damaged("its progress", expected, found))
    };
    let Progress { depth, at, step, elapsed, stage_time, epoch, .. } = progress;
    if *depth > stage.plan.modules.start {
        let expected = format!("at most {} modules to read behind", stage.plan.modules.start);
        return damaged(expected, depth.to_string());
    }
    if *elapsed.max(stage_time) > LONGEST || !(epoch.objective + epoch.correct).is_finite() {
        return damaged("finite times and sums".into(), format!("{elapsed:?}, {epoch:?}"));
    }
    let classifies = stage.plan.objective == Objective::CrossEntropy;
    let last = progress.stage + 1 == plan.stages.len();
    let steps = stage.steps();
    let fits = match at {
        At::Prepare => *step == 0,
        At::Train => *step < steps,
        At::EvaluateEpoch => stage.ends_epoch_at(*step) && classifies,
        At::EvaluateRun { complete } => last && (*step == steps || !complete),
        At::Done => true,
    };
    match fits && *step <= steps {
        true => Ok(()),
        false => damaged(format!("a step of {steps} to be at {at:?}"), step.to_string()),
    }
}
