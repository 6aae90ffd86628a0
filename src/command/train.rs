//! `mole train`.

use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::atomic::Ordering;

use super::keeper::{Checkpoints, Note};
use super::own::{Own, find_own_plan};
use super::progress::Progress;
use super::session::{Changes, DATA_FOLDER, find_plan, load, run_on, stop_on_interrupt};
use super::slots::Slots;
use super::{disk, fail, say};
use mole::checkpoint::{At, CheckpointError, State};
use mole::device;
use mole::device::DeviceKind;
use mole::error::Problem;
use mole::rng::Seed;
use mole::run::Run;

#[derive(Args)]
pub struct Arguments {
    /// A plan of `mole plans`, or the path of a plan as JSON.
    #[arg(required_unless_present = "resume")]
    plan: Option<String>,
    /// Where to compute: cpu, and ndarray or gpu where this build has them.
    #[arg(long, default_value_t = DeviceKind::Cpu)]
    device: DeviceKind,
    /// The folder with the data sets; what is missing is downloaded into it.
    #[arg(long, default_value = DATA_FOLDER)]
    data: PathBuf,
    /// Everything random follows from it.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    #[command(flatten)]
    own: Own,
    #[command(flatten)]
    changes: Changes,
    #[command(flatten)]
    checkpoints: Checkpoints,
    /// Write the weights that the network has at the end to this file, as safetensors.
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,
    /// Print one event a line as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments) -> ExitCode {
    match pollster::block_on(train(arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => fail(&problem, arguments.json),
    }
}

async fn train(arguments: &Arguments) -> Result<(), Problem> {
    arguments.checkpoints.check_free()?;
    if let Some(file) = &arguments.weights {
        let Checkpoints { checkpoint, resume, .. } = &arguments.checkpoints;
        let others = arguments.own.files().iter().chain(checkpoint).chain(resume);
        disk::check_not_one_of(file, &others.map(PathBuf::as_path).collect::<Vec<_>>())?;
        disk::check_place(file)?;
    }
    let (mut run, note) = match (&arguments.checkpoints.resume, &arguments.plan) {
        (None, Some(plan)) => begin(arguments, plan).await?,
        (Some(file), _) => resume(arguments, &Slots::new(file)).await?,
        (None, None) => unreachable!("clap asks for one of them"),
    };
    let keeper = arguments.checkpoints.keeper(&note)?;
    // From here on there is something to keep: before, an interrupt ends the process.
    let stop = stop_on_interrupt();
    let mut progress = Progress::new();
    let mut unsaid = None;
    run_on(&mut run, keeper, &stop, |event| {
        progress.show(event);
        if arguments.json {
            let line = serde_json::to_string(event);
            let line = line.unwrap_or_else(|error| unreachable!("an event is plain data: {error}"));
            match say(&line) {
                Ok(true) => return,
                // Whoever reads no more ends the run, as an interrupt does.
                Ok(false) => {}
                Err(problem) => unsaid = unsaid.take().or(Some(problem)),
            }
            stop.store(true, Ordering::Relaxed);
        }
    })
    .await?;
    if let Some(file) = &arguments.weights {
        disk::write(file, run.inspector().safetensors().await?)?;
    }
    unsaid.map_or(Ok(()), Err)
}

/// A run at its start, and what its checkpoints say of the data.
async fn begin(arguments: &Arguments, plan: &str) -> Result<(Run, Note), Problem> {
    let Arguments { device: kind, data, seed, own, changes, .. } = arguments;
    let seed = Seed(*seed);
    let (plan, dataset) = match own.dataset(seed) {
        Some(dataset) => {
            let dataset = dataset?;
            (find_own_plan(plan, &dataset)?, dataset)
        }
        None => {
            let plan = find_plan(plan)?;
            let dataset = load(&plan, data, seed)?;
            (plan, dataset)
        }
    };
    let dataset = Rc::new(changes.apply(dataset, seed));
    let plan = changes.limit(plan, &dataset).check(&dataset)?;
    let device = device::open(*kind).await?;
    let run = Run::new(plan, dataset, &device, kind.to_string(), seed);
    Ok((run, Note { own: own.clone().absolute(), changes: changes.clone() }))
}

/// A run that goes on from the newest checkpoint that is whole.
async fn resume(arguments: &Arguments, slots: &Slots) -> Result<(Run, Note), Problem> {
    let Arguments { device: kind, data, .. } = arguments;
    let mut checkpoint = slots.load()?;
    let state = &checkpoint.state;
    let Note { own, changes } = serde_json::from_str(&state.note)
        .map_err(|error| CheckpointError::damaged("its note", "what the command writes", error))?;
    let own = own.moved_to(&arguments.own);
    let dataset = match own.dataset(state.seed) {
        Some(dataset) => dataset?,
        None => load(&state.plan, data, state.seed)?,
    };
    let dataset = Rc::new(changes.apply(dataset, state.seed));
    ask_again(&mut checkpoint.state, dataset.splits.train.len());
    let plan = checkpoint.state.plan.clone().check(&dataset)?;
    let device = device::open(*kind).await?;
    let run = Run::resume(&checkpoint, plan, dataset, &device, kind.to_string())?;
    Ok((run, Note { own, changes }))
}

/// A run that was over is evaluated once more: whoever resumes it learns how it ended.
fn ask_again(state: &mut State, train: usize) {
    let State { plan, progress, .. } = state;
    let (At::Done, Some(stage)) = (progress.at, plan.stages.get(progress.stage)) else { return };
    if progress.stage + 1 == plan.stages.len() && progress.step > 0 {
        let complete = progress.step == stage.epochs.saturating_mul(stage.steps_per_epoch(train));
        progress.at = At::EvaluateRun { complete };
    }
}
