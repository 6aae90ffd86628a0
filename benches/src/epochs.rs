//! An epoch of each stage of each plan, with the finished modules' outputs cached, next to an epoch
//! of backpropagation over the same network.

use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use burn::tensor::Device;
use mole::batch::{Cached, Loader};
use mole::data::{self, Dataset, SOURCES, Samples, fetch};
use mole::device;
use mole::network::Network;
use mole::plan::{Objective, Plan, ValidPlan, presets};
use mole::rng::Seed;
use mole::stage::Stage;
use pollster::block_on;
use serde::Serialize;

use crate::tasks::Outcome;

/// Samples that stand for all: a step's time does not depend on how many others there are.
const SAMPLES: usize = 2000;
/// In one piece of a cache.
const PIECE: usize = 500;

/// One stage's epoch.
#[derive(Serialize)]
pub struct Epoch {
    pub plan: String,
    /// Counts from 1.
    pub stage: usize,
    pub objective: String,
    /// Median milliseconds of a step.
    pub step_ms: f64,
    pub steps: usize,
    pub epoch_ms: f64,
    /// To an epoch of backpropagation over the same network.
    pub ratio: f64,
}

/// Measures the plans of every data set, with `budget` for each stage; real data come from `folder`.
pub fn measure(
    folder: &Path,
    only: &str,
    device: &Device,
    budget: Duration,
    mut report: impl FnMut(&Epoch),
) -> Outcome<()> {
    for source in SOURCES.iter().map(|source| source.name) {
        let plans: Vec<Plan> = presets::all()
            .into_iter()
            .filter(|plan| plan.dataset == source && plan.name.contains(only))
            .collect();
        if plans.is_empty() {
            continue;
        }
        let source = data::source(source)?;
        let mut dataset = source.load(&fetch::read_dir(source, folder)?, Seed(0))?;
        let train = dataset.splits.train.len();
        if !matches!(dataset.samples, Samples::Nodes(_)) {
            dataset.splits.train.retain(|sample| (*sample as usize) < SAMPLES);
        }
        let dataset = Rc::new(dataset);
        let whole =
            presets::find(&format!("{}/bp", source.name)).ok_or("no plan to compare with")?;
        let whole = epoch(&whole.check(&dataset)?, 0, &dataset, train, device, budget)?;
        for plan in plans {
            let plan = plan.check(&dataset)?;
            for stage in 0..plan.stages.len() {
                let (step_ms, steps) = epoch(&plan, stage, &dataset, train, device, budget)?;
                let objective = &plan.stages[stage].objective;
                let estimator = match objective {
                    Objective::Information { estimator, .. } => {
                        format!(", {}", estimator.label())
                    }
                    Objective::CrossEntropy => String::new(),
                };
                let epoch_ms = step_ms * steps as f64;
                report(&Epoch {
                    plan: plan.name.clone(),
                    stage: stage + 1,
                    objective: format!("{}{estimator}", objective.label()),
                    step_ms,
                    steps,
                    epoch_ms,
                    ratio: epoch_ms / (whole.0 * whole.1 as f64),
                });
            }
        }
    }
    Ok(())
}

/// Milliseconds of a step and steps of an epoch over `train` samples.
fn epoch(
    plan: &ValidPlan,
    index: usize,
    dataset: &Rc<Dataset>,
    train: usize,
    device: &Device,
    budget: Duration,
) -> Outcome<(f64, usize)> {
    let mut network = Network::new(plan, Seed(0), device);
    let mut loader = Loader::new(dataset.clone(), device);
    let depth = plan.stages[index].modules.start;
    if depth > 0 {
        loader.read_from(cache(plan, depth, &network, &loader)?);
    }
    let mut stage = Stage::new(plan, index, dataset.splits.train.len(), Seed(0), device);
    let mut step = || {
        let begun = Instant::now();
        let outcome = block_on(stage.step(&mut network, &loader, depth))?;
        block_on(device::read(vec![outcome.objective]))?;
        Outcome::Ok(begun.elapsed().as_secs_f64() * 1e3)
    };
    for _ in 0..3 {
        step()?;
    }
    let mut times = Vec::new();
    let begun = Instant::now();
    while times.len() < 5 || begun.elapsed() < budget {
        times.push(step()?);
    }
    times.sort_by(f64::total_cmp);
    Ok((times[times.len() / 2], plan.stages[index].steps_per_epoch(train)))
}

/// What the first `depth` modules give for the samples that train.
fn cache(plan: &ValidPlan, depth: usize, network: &Network, loader: &Loader) -> Outcome<Cached> {
    let samples: Vec<u32> = match &loader.dataset.samples {
        Samples::Nodes(_) => vec![0],
        _ => (0..loader.dataset.labels.len().min(SAMPLES) as u32).collect(),
    };
    let mut outputs = Cached::new(plan.output(depth - 1), 0);
    for piece in samples.chunks(PIECE) {
        let output = network.forward(0..depth, loader.batch(piece).input)?.rows();
        for values in block_on(device::read(vec![output.flatten(0, 1)]))? {
            outputs.extend(&values);
        }
    }
    Ok(outputs)
}
