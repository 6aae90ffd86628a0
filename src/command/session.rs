//! What training commands share: finding a plan, reading its data, running it.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use mole::data::{self, Dataset, fetch};
use mole::device::{self, DeviceKind};
use mole::error::Problem;
use mole::plan::{Plan, presets};
use mole::rng::Seed;
use mole::run::{Event, Run};

use super::keeper::Keeper;

/// Where data sets are looked for, and downloaded to, unless a folder is named.
pub const DATA_FOLDER: &str = "data";

/// The preset of that name, or the plan in the JSON file of that path.
pub fn find_plan(name: &str) -> Result<Plan, Problem> {
    if !name.ends_with(".json") && !Path::new(name).is_file() {
        return presets::named(name).map_err(|problem| {
            let message = format!("{}; `mole plans` lists them", problem.message);
            Problem { message, ..problem }
        });
    }
    let mut text = Vec::new();
    // One byte more than is read: it is refused then.
    let read = File::open(name)
        .and_then(|file| file.take(Plan::MOST_BYTES as u64 + 1).read_to_end(&mut text));
    read.map_err(|error| {
        let message = format!("{name}: {error}");
        Problem::new("plan/invalid", message).at(name, "a file to read", error)
    })?;
    Plan::from_json(&text).map_err(|error| {
        let problem = Problem::from(error);
        let message = format!("{name}: {}", problem.message);
        Problem { message, ..problem }
    })
}

/// Changes to a plan that every training command offers.
#[derive(clap::Args, Clone, serde::Serialize, serde::Deserialize)]
pub struct Changes {
    /// Epochs of every stage, in place of the plan's own.
    #[arg(long)]
    pub epochs: Option<usize>,
    /// Train on at most this many samples; no batch is larger.
    #[arg(long)]
    pub samples: Option<usize>,
    /// Hold out this share of the training samples for validation, where the data set has no
    /// validation split: settings are chosen on those, never on the test split.
    #[arg(long, value_name = "SHARE", value_parser = share)]
    pub hold_out: Option<f64>,
}

impl Changes {
    /// What they change of a plan for a data set that they were applied to.
    pub fn limit(&self, mut plan: Plan, dataset: &Dataset) -> Plan {
        for stage in &mut plan.stages {
            stage.epochs = self.epochs.unwrap_or(stage.epochs);
        }
        match self.samples.is_some() || self.hold_out.is_some() {
            true => plan.with_batches_within(dataset.splits.train.len()),
            false => plan,
        }
    }

    /// What they change of a data set.
    pub fn apply(&self, dataset: Dataset, seed: Seed) -> Dataset {
        let dataset = match self.hold_out {
            Some(share) => dataset.hold_out(share, seed),
            None => dataset,
        };
        match self.samples {
            Some(samples) => dataset.with_at_most(samples, seed),
            None => dataset,
        }
    }
}

/// A share as a command's argument.
pub fn share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if share > 0.0 && share < 1.0 => Ok(share),
        _ => Err("expected a share above 0 and below 1".into()),
    }
}

/// Reads a plan's data set, downloading what is missing.
pub fn load(plan: &Plan, folder: &Path, seed: Seed) -> Result<Dataset, Problem> {
    let source = data::source(&plan.dataset)?;
    fetch::fetch(source, folder, None, &fetch::bar())?;
    let files = fetch::read_dir(source, folder)?;
    Ok(source.load(&files, seed)?)
}

/// Runs a plan to its end, or until the flag is raised, giving every event to `watch`. The run holds
/// the network as it then is.
pub fn run_plan(
    plan: Plan,
    dataset: Rc<Dataset>,
    kind: DeviceKind,
    changes: &Changes,
    seed: Seed,
    stop: &AtomicBool,
    watch: impl FnMut(&Event),
) -> Result<Run, Problem> {
    let plan = changes.limit(plan, &dataset).check(&dataset)?;
    pollster::block_on(async {
        let device = device::open(kind).await?;
        let mut run = Run::new(plan, dataset, &device, kind.to_string(), seed);
        run_on(&mut run, None, stop, watch).await?;
        Ok(run)
    })
}

/// The same for a run that is there already, with a checkpoint of it kept up to date.
pub async fn run_on(
    run: &mut Run,
    mut keeper: Option<Keeper>,
    stop: &AtomicBool,
    mut watch: impl FnMut(&Event),
) -> Result<(), Problem> {
    /// How long to work between two looks at the flag.
    const BUDGET: Duration = Duration::from_millis(200);

    // Whoever asks for a checkpoint learns at once that there can be none.
    if let Some(keeper) = &mut keeper {
        keeper.save(run).await?;
    }
    while !run.is_done() {
        if stop.load(Ordering::Relaxed) {
            // Of the run as it was interrupted, so that it can go on, and not of its early end.
            if let Some(keeper) = &mut keeper {
                keeper.save(run).await?;
            }
            run.finish().await?.iter().for_each(&mut watch);
            break;
        }
        let (events, worked) = match run.advance(BUDGET).await {
            Ok(events) => (events, Ok(())),
            // What happened before it went wrong is told too.
            Err(error) => (run.take_events(), Err(error)),
        };
        events.iter().for_each(&mut watch);
        worked?;
        if let Some(keeper) = &mut keeper {
            keeper.look(run, &events).await;
        }
    }
    Ok(())
}

/// A flag that Ctrl-C raises. A second Ctrl-C ends the process at once.
pub fn stop_on_interrupt() -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let flag = stop.clone();
    // Only fails where a handler is set already; then that one is in charge.
    let _ = ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
    });
    stop
}
