//! Timing a plan's stages on a device, and their objectives: which device to take.

use burn::tensor::Device;
use std::rc::Rc;
use std::time::Duration;
use web_time::Instant;

use super::RunError;
use crate::batch::{Batch, Loader};
use crate::data::Dataset;
use crate::device;
use crate::estimators::EstimateError;
use crate::network::Network;
use crate::plan::ValidPlan;
use crate::rng::Seed;
use crate::stage::{Stage, StepError};

/// What training takes on a device, and how it begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Measurement {
    /// In order.
    pub stages: Vec<StageTime>,
    /// The objectives of every stage's first two steps, each in its own unit, with the modules before it as
    /// they begin.
    pub objectives: Vec<f64>,
}

/// Between the objectives of two devices that compute the same; reassociation and fused multiply-add
/// make far less of a difference.
pub const MOST_DIFFERENCE: f64 = 1e-3;

/// A stage's share of training.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StageTime {
    /// Of one step.
    pub milliseconds: f64,
    /// That it will take.
    pub steps: usize,
}

impl Measurement {
    /// Milliseconds a step, over all steps of all stages.
    pub fn milliseconds(&self) -> f64 {
        let whole: f64 = self.stages.iter().map(|each| each.milliseconds * each.steps as f64).sum();
        whole / self.stages.iter().map(|each| each.steps as f64).sum::<f64>()
    }

    /// The largest relative difference between the objectives of two devices; NaN where one is none, or
    /// where they are not of the same plan.
    /// Objectives near 0, as an untrained critic's are, are compared with a tenth of a bit.
    pub fn difference(&self, other: &Measurement) -> f64 {
        if self.objectives.len() != other.objectives.len() {
            return f64::NAN;
        }
        let pairs = self.objectives.iter().zip(&other.objectives);
        let relative = pairs.map(|(a, b)| (a - b).abs() / a.abs().max(b.abs()).max(0.1));
        // Not f64::max, which would pass over a NaN.
        relative.fold(0.0, |worst, next| if next > worst || next.is_nan() { next } else { worst })
    }
}

/// Times steps of each of the plan's stages on one batch, as they are in training: what the modules
/// before it give is there already, and objectives are read after many steps. A stage takes `budget`
/// and three steps at most. Nothing of it is kept.
///
/// # Errors
/// Those of a step, and the device's.
pub async fn measure(
    plan: &ValidPlan,
    dataset: Rc<Dataset>,
    device: &Device,
    seed: Seed,
    budget: Duration,
) -> Result<Measurement, RunError> {
    /// Between two reads, at most: what a run has in flight.
    const IN_FLIGHT: f64 = 32.0;

    let loader = Loader::new(dataset, device);
    let train = loader.dataset.splits.train.len();
    let mut measurement = Measurement::default();
    for index in 0..plan.stages.len() {
        let failed = |source| RunError::Step { stage: index, source };
        // Anew: how many steps the stages before it took here depends on the device's speed.
        let mut network = Network::new(plan, seed, device);
        let mut stage = Stage::new(plan, index, train, seed, device);
        let (depth, mut batch) = (stage.plan.modules.start, stage.next_batch(&loader));
        let input = network.forward(0..depth, batch.input);
        batch.input = input.map_err(|source| failed(source.into()))?.detach();

        // The first one builds pipelines.
        let (first, _) = take(1, &mut stage, &mut network, &batch).await.map_err(failed)?;
        let (second, once) = take(1, &mut stage, &mut network, &batch).await.map_err(failed)?;
        let more = (budget.as_secs_f64() * 1e3 / once).clamp(0.0, IN_FLIGHT) as usize;
        let milliseconds = match more {
            0 => once,
            _ => take(more, &mut stage, &mut network, &batch).await.map_err(failed)?.1,
        };
        measurement.objectives.extend([first, second]);
        measurement.stages.push(StageTime { milliseconds, steps: stage.steps() });
    }
    Ok(measurement)
}

/// Takes some steps on a batch: the last one's objective, NaN where numbers are not finite any more, and the
/// time of one in milliseconds.
async fn take(
    steps: usize,
    stage: &mut Stage,
    network: &mut Network,
    batch: &Batch,
) -> Result<(f64, f64), StepError> {
    let depth = stage.plan.modules.start;
    let start = Instant::now();
    let mut objective = None;
    for _ in 0..steps {
        match stage.step_on(network, batch.clone(), depth).await {
            Ok(outcome) => objective = Some(outcome.objective),
            // Numbers that went wrong; what the run is to say of them it says when it trains.
            Err(StepError::Estimate(EstimateError::Spectrum(_))) => {
                return Ok((f64::NAN, start.elapsed().as_secs_f64() * 1e3));
            }
            Err(error) => return Err(error),
        }
    }
    let read = device::read(objective.into_iter().collect()).await?;
    let value = read.into_iter().flatten().next().map_or(f64::NAN, f64::from);
    Ok((value, start.elapsed().as_secs_f64() * 1e3 / steps as f64))
}

/// The objectives of the first steps of the plan's first stage, each read back.
///
/// # Errors
/// Those of a step, and the device's.
pub async fn first_objectives(
    plan: &ValidPlan,
    dataset: Rc<Dataset>,
    device: &Device,
    seed: Seed,
    steps: usize,
) -> Result<Vec<f64>, RunError> {
    let mut network = Network::new(plan, seed, device);
    let mut stage = Stage::new(plan, 0, dataset.splits.train.len(), seed, device);
    let loader = Loader::new(dataset, device);
    let mut objectives = Vec::new();
    for _ in 0..steps {
        let outcome = stage.step(&mut network, &loader, 0).await;
        let outcome = outcome.map_err(|source| RunError::Step { stage: 0, source })?;
        let read = device::read(vec![outcome.objective]).await?;
        objectives.extend(read.into_iter().flatten().map(f64::from));
    }
    Ok(objectives)
}
