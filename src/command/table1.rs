//! `mole table1`: the rows of the paper's Table 1, run and printed beside the paper's figures.

use clap::Args;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use wildmatch::WildMatch;

use super::fail;
use super::progress::Progress;
use super::session::{Changes, DATA_FOLDER, load, run_plan, stop_on_interrupt};
use mole::device::DeviceKind;
use mole::error::{Problem, Recovery};
use mole::plan::{Plan, presets};
use mole::rng::Seed;
use mole::run::Event;

#[derive(Args)]
pub struct Arguments {
    /// The rows to run, by plan: `adult/*`, `*/matrix`.
    #[arg(long, default_value = "*", value_name = "GLOB")]
    rows: String,
    /// Seeds of every row: 0, 1, ...
    #[arg(long, default_value_t = 1)]
    seeds: u64,
    /// Where to compute: cpu, and ndarray or gpu where this build has them.
    #[arg(long, default_value_t = DeviceKind::Cpu)]
    device: DeviceKind,
    /// The folder with the data sets; what is missing is downloaded into it.
    #[arg(long, default_value = DATA_FOLDER)]
    data: PathBuf,
    #[command(flatten)]
    changes: Changes,
    /// Print one row a line as JSON.
    #[arg(long)]
    json: bool,
}

/// The data sets of the table, in its order.
const DATASETS: [&str; 4] = ["adult", "mnist", "mutagenicity", "cora"];

/// Accuracies of the paper's Table 1 in percent: train, test.
const PAPER: &[(&str, f64, f64)] = &[
    ("adult/bp", 91.08, 83.94),
    ("adult/matrix", 84.74, 84.79),
    ("adult/mine", 83.58, 83.69),
    ("mnist/bp", 99.94, 99.28),
    ("mnist/matrix", 96.65, 94.71),
    ("mnist/mine", 95.05, 94.49),
    ("mnist/dim+mine", 98.60, 96.85),
    ("mutagenicity/bp", 76.82, 77.63),
    ("mutagenicity/matrix", 67.90, 66.55),
    ("mutagenicity/mine", 70.63, 69.55),
    ("mutagenicity/gmi+mine", 75.56, 76.01),
    ("cora/bp", 99.29, 70.60),
    ("cora/gmi+mine", 82.86, 68.40),
];

/// A row of the table: what its seeds gave.
#[derive(Serialize)]
struct Row {
    plan: String,
    seeds: usize,
    train_accuracy: Spread,
    test_accuracy: Spread,
    /// Mean of a run.
    seconds: f64,
    paper_train_accuracy: Option<f64>,
    paper_test_accuracy: Option<f64>,
}

/// Mean and sample standard deviation, in percent.
#[derive(Clone, Copy, Serialize)]
struct Spread {
    mean: f64,
    sd: f64,
}

pub fn run(arguments: &Arguments) -> ExitCode {
    match table(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => fail(&problem, arguments.json),
    }
}

fn table(arguments: &Arguments) -> Result<(), Problem> {
    let rows = WildMatch::new(&arguments.rows);
    let mut plans = presets::all();
    plans.retain(|plan| DATASETS.contains(&plan.dataset.as_str()) && rows.matches(&plan.name));
    if plans.is_empty() {
        let message = format!("no row matches {:?}; `mole plans` lists the plans", arguments.rows);
        return Err(Problem::new("plan/unknown", message, Recovery::ChooseAnotherPlan));
    }
    let stop = stop_on_interrupt();
    if !arguments.json {
        println!("| plan | train | test | paper, train | paper, test | seconds |");
        println!("| --- | ---: | ---: | ---: | ---: | ---: |");
    }
    for plan in plans {
        let Some(row) = run_row(&plan, arguments, &stop)? else { break };
        match (arguments.json, serde_json::to_string(&row)) {
            (false, _) => println!("{}", markdown(&row)),
            (true, Ok(line)) => println!("{line}"),
            (true, Err(error)) => unreachable!("a row is plain data: {error}"),
        }
    }
    Ok(())
}

/// All seeds of a row; `None` where the user ended it.
fn run_row(plan: &Plan, arguments: &Arguments, stop: &AtomicBool) -> Result<Option<Row>, Problem> {
    let Arguments { seeds, device, data, changes, .. } = arguments;
    let mut results = Vec::new();
    for seed in (0..*seeds).map(Seed) {
        let dataset = Rc::new(load(plan, data, changes, seed)?);
        let mut progress = Progress::new();
        run_plan(plan.clone(), dataset, *device, changes, seed, stop, |event| {
            progress.show(event);
            if let Event::Finished { train_accuracy, test_accuracy, seconds, .. } = event {
                results.push((*train_accuracy, *test_accuracy, *seconds));
            }
        })?;
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
    }
    let paper: BTreeMap<_, _> =
        PAPER.iter().map(|(name, train, test)| (*name, (train, test))).collect();
    let paper = paper.get(plan.name.as_str());
    Ok(Some(Row {
        plan: plan.name.clone(),
        seeds: results.len(),
        train_accuracy: spread(results.iter().filter_map(|(train, ..)| *train)),
        test_accuracy: spread(results.iter().filter_map(|(_, test, _)| *test)),
        seconds: spread(results.iter().map(|(.., seconds)| *seconds)).mean,
        paper_train_accuracy: paper.map(|(train, _)| **train),
        paper_test_accuracy: paper.map(|(_, test)| **test),
    }))
}

fn spread(values: impl Iterator<Item = f64>) -> Spread {
    let values: Vec<f64> = values.collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Spread { mean, sd: if n > 1.0 { (squares / (n - 1.0)).sqrt() } else { 0.0 } }
}

fn markdown(row: &Row) -> String {
    let ours = |spread: Spread| match row.seeds {
        1 => format!("{:.2}", spread.mean),
        _ => format!("{:.2} ± {:.2}", spread.mean, spread.sd),
    };
    let paper = |percent: Option<f64>| percent.map_or("".into(), |percent| format!("{percent:.2}"));
    let [train, test] = [row.train_accuracy, row.test_accuracy].map(ours);
    let [paper_train, paper_test] = [row.paper_train_accuracy, row.paper_test_accuracy].map(paper);
    format!(
        "| {} | {train} | {test} | {paper_train} | {paper_test} | {:.0} |",
        row.plan, row.seconds
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_is_that_of_a_sample() {
        let Spread { mean, sd } = spread([1.0, 2.0, 3.0].into_iter());
        assert_eq!((mean, sd), (2.0, 1.0));
        assert_eq!(spread([5.0].into_iter()).sd, 0.0);
    }
}
