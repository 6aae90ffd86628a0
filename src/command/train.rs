//! `mole train`.

use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;

use super::fail;
use super::own::Own;
use super::progress::Progress;
use super::session::{Changes, DATA_FOLDER, find_plan, load, run_plan, stop_on_interrupt};
use mole::device::DeviceKind;
use mole::error::Problem;
use mole::rng::Seed;

#[derive(Args)]
pub struct Arguments {
    /// A plan of `mole plans`, or the path of a plan as JSON.
    plan: String,
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
    /// Print one event a line as JSON.
    #[arg(long)]
    json: bool,
}

pub fn run(arguments: &Arguments) -> ExitCode {
    match train(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => fail(&problem, arguments.json),
    }
}

fn train(arguments: &Arguments) -> Result<(), Problem> {
    let Arguments { plan, device, data, seed, own, changes, json } = arguments;
    let stop = stop_on_interrupt();
    let seed = Seed(*seed);
    let (plan, dataset) = match own.read(plan, seed) {
        Some(own) => own?,
        None => {
            let plan = find_plan(plan)?;
            let dataset = load(&plan, data, seed)?;
            (plan, dataset)
        }
    };
    let dataset = Rc::new(changes.apply(dataset, seed));
    let mut progress = Progress::new();
    run_plan(plan, dataset, *device, changes, seed, &stop, |event| {
        progress.show(event);
        if *json {
            match serde_json::to_string(event) {
                Ok(line) => println!("{line}"),
                Err(error) => unreachable!("an event is plain data: {error}"),
            }
        }
    })?;
    Ok(())
}
