//! Timing a plan's first steps on a device, and their objectives: which device to take.

use burn::tensor::Device;
use std::rc::Rc;
use web_time::Instant;

use super::RunError;
use crate::batch::Loader;
use crate::data::Dataset;
use crate::device;
use crate::network::Network;
use crate::plan::ValidPlan;
use crate::rng::Seed;
use crate::stage::Stage;

/// What a few steps took and gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Measurement {
    /// Median time of a step with its objective read back, the first left out: it builds pipelines.
    pub milliseconds: f64,
    /// The objective of each step.
    pub objectives: Vec<f64>,
}

impl Measurement {
    /// The largest relative difference between the objectives of two devices; NaN where one has none.
    /// Objectives near 0, as an untrained critic's are, are compared with a tenth of a bit.
    pub fn difference(&self, other: &Measurement) -> f64 {
        let pairs = self.objectives.iter().zip(&other.objectives);
        let relative = pairs.map(|(a, b)| (a - b).abs() / a.abs().max(b.abs()).max(0.1));
        // Not f64::max, which would pass over a NaN.
        relative.fold(0.0, |worst, next| if next > worst || next.is_nan() { next } else { worst })
    }
}

/// Runs `steps` steps of the plan's first stage from its start. Nothing of it is kept.
pub async fn measure(
    plan: &ValidPlan,
    dataset: Rc<Dataset>,
    device: &Device,
    seed: Seed,
    steps: usize,
) -> Result<Measurement, RunError> {
    let mut network = Network::new(plan, seed, device);
    let mut stage = Stage::new(plan, 0, dataset.splits.train.len(), seed, device);
    let loader = Loader::new(dataset, device);
    let mut times = Vec::new();
    let mut objectives = Vec::new();
    for _ in 0..steps {
        let start = Instant::now();
        let outcome = stage.step(&mut network, &loader, 0).await;
        let outcome = outcome.map_err(|source| RunError::Step { stage: 0, source })?;
        let read = device::read(vec![outcome.objective]).await?;
        objectives.extend(read.into_iter().flatten().map(f64::from));
        times.push(start.elapsed().as_secs_f64() * 1e3);
    }
    let mut times = times.split_off(times.len().min(1));
    times.sort_by(f64::total_cmp);
    let milliseconds = times.get(times.len() / 2).copied().unwrap_or(f64::NAN);
    Ok(Measurement { milliseconds, objectives })
}
