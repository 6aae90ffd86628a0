//! `mole table1`: the rows of the paper's Table 1, run and printed beside the paper's figures.

use clap::{Args, value_parser};
use serde::Serialize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};
use wildmatch::WildMatch;

use super::kept::{Folder, Kept, RunKey};
use super::marked;
use super::progress::Progress;
use super::session::{Changes, DATA_FOLDER, load, run_plan, stop_on_interrupt};
use super::{fail, interrupted, say, tell};
use mole::device::DeviceKind;
use mole::error::Problem;
use mole::plan::{Plan, presets};
use mole::rng::Seed;
use mole::run::Event;

#[derive(Args)]
pub struct Arguments {
    /// The rows to run, by plan: `adult/*`, `*/matrix`.
    #[arg(long, default_value = "*", value_name = "GLOB")]
    rows: String,
    /// Seeds of every row: 0, 1, ...
    #[arg(long, default_value_t = 1, value_parser = value_parser!(u64).range(1..))]
    seeds: u64,
    /// Where to compute: cpu, and ndarray or gpu where this build has them.
    #[arg(long, default_value_t = DeviceKind::Cpu)]
    device: DeviceKind,
    /// The folder with the data sets; what is missing is downloaded into it.
    #[arg(long, default_value = DATA_FOLDER)]
    data: PathBuf,
    #[command(flatten)]
    changes: Changes,
    /// Where finished runs are kept, with table1.json and table1.md of all that were run under the
    /// same settings: called again, the command goes on where it stopped.
    #[arg(long, default_value = "table1", value_name = "DIR")]
    out: PathBuf,
    /// Also put the rows into the table of this file, between the lines `<!-- table1 -->` and
    /// `<!-- /table1 -->`.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
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
#[derive(Clone, Serialize)]
struct Row {
    plan: String,
    seeds: usize,
    train_accuracy: Spread,
    /// Where there is a validation split.
    valid_accuracy: Option<Spread>,
    test_accuracy: Spread,
    /// Mean of a run.
    seconds: f64,
    paper_train_accuracy: Option<f64>,
    paper_test_accuracy: Option<f64>,
}

/// Mean and sample standard deviation.
#[derive(Clone, Copy, Serialize)]
pub struct Spread {
    pub mean: f64,
    pub sd: f64,
}

pub fn run(arguments: &Arguments) -> ExitCode {
    match table(arguments) {
        Ok(code) => code,
        Err(problem) => fail(&problem, arguments.json),
    }
}

fn table(arguments: &Arguments) -> Result<ExitCode, Problem> {
    let glob = WildMatch::new(&arguments.rows);
    let mut plans = presets::all();
    plans.retain(|plan| DATASETS.contains(&plan.dataset.as_str()));
    let wanted = plans.iter().filter(|plan| glob.matches(&plan.name)).count();
    if wanted == 0 {
        let message = format!(
            "no row matches {:?}; the table has plans for {}, which `mole plans` lists",
            arguments.rows,
            DATASETS.join(", ")
        );
        let problem = Problem::new("plan/unknown", message);
        return Err(problem.at("rows", "a name or a pattern of plans", &arguments.rows));
    }
    // Said before the training, which takes long.
    if let Some(file) = &arguments.write {
        marked::read(file, "table1")?;
    }
    let folder = Folder::new(&arguments.out)?;
    let stop = stop_on_interrupt();
    let bar = indicatif::ProgressBar::new(wanted as u64 * arguments.seeds);
    let (mut rows, mut asked, mut ended) = (Vec::new(), Vec::new(), false);
    for plan in &plans {
        if ended || !glob.matches(&plan.name) {
            // Those of earlier calls under the same settings belong to the table as well.
            rows.extend(kept_row(plan, arguments, &folder));
            continue;
        }
        let Some(row) = run_row(plan, arguments, &folder, &stop, &bar)? else {
            ended = true;
            continue;
        };
        // Whoever reads no more waits for no other row.
        ended = arguments.json && !say(&serde_json::json!(row).to_string())?;
        rows.push(row.clone());
        asked.push(row);
    }
    bar.finish_and_clear();
    if !arguments.json && !asked.is_empty() {
        say(markdown(&asked).trim_end())?;
    }
    if !rows.is_empty() {
        folder.write("table1.json", &format!("{:#}\n", serde_json::json!(rows)))?;
        folder.write("table1.md", &markdown(&rows))?;
    }
    if let Some(file) = &arguments.write {
        let kept = marked::read(file, "table1")?;
        marked::write(file, "table1", &with_rows_of(&markdown(&asked), &kept))?;
    }
    if ended && stop.load(Ordering::Relaxed) {
        return Ok(interrupted(&format!(
            "{} of {wanted} rows are done; call it again",
            asked.len()
        )));
    }
    Ok(ExitCode::SUCCESS)
}

/// A row of which every seed was run before; `None` where one was not.
fn kept_row(plan: &Plan, arguments: &Arguments, folder: &Folder) -> Option<Row> {
    let Arguments { device, changes, seeds, .. } = arguments;
    let runs: Option<Vec<Kept>> = (0..*seeds)
        .map(|seed| folder.find(&RunKey { plan, seed, device: *device, changes }))
        .collect();
    runs.map(|runs| row_of(plan, &runs))
}

/// All seeds of a row; `None` where the user ended it.
fn run_row(
    plan: &Plan,
    arguments: &Arguments,
    folder: &Folder,
    stop: &AtomicBool,
    bar: &indicatif::ProgressBar,
) -> Result<Option<Row>, Problem> {
    let mut runs = Vec::new();
    for seed in 0..arguments.seeds {
        let key = RunKey { plan, seed, device: arguments.device, changes: &arguments.changes };
        let kept = match folder.find(&key) {
            Some(kept) => kept,
            None => {
                let Some(new) = run_seed(&key, arguments, stop)? else { return Ok(None) };
                folder.keep(&key, &new)?;
                new
            }
        };
        runs.push(kept);
        bar.inc(1);
        tell(&format!(
            "{} of {} runs, {} left",
            bar.position(),
            bar.length().unwrap_or(0),
            left(bar)
        ));
    }
    Ok(Some(row_of(plan, &runs)))
}

fn row_of(plan: &Plan, runs: &[Kept]) -> Row {
    let paper = PAPER.iter().find(|(name, ..)| *name == plan.name);
    let valid: Option<Vec<f64>> = runs.iter().map(|run| run.valid_accuracy).collect();
    Row {
        plan: plan.name.clone(),
        seeds: runs.len(),
        train_accuracy: spread(runs.iter().map(|run| run.train_accuracy)),
        valid_accuracy: valid.map(|valid| spread(valid.into_iter())),
        test_accuracy: spread(runs.iter().map(|run| run.test_accuracy)),
        seconds: spread(runs.iter().map(|run| run.seconds)).mean,
        paper_train_accuracy: paper.map(|(_, train, _)| *train),
        paper_test_accuracy: paper.map(|(.., test)| *test),
    }
}

fn left(bar: &indicatif::ProgressBar) -> String {
    indicatif::HumanDuration(bar.eta()).to_string()
}

/// One run to its end; `None` where the user ended it.
fn run_seed(
    key: &RunKey,
    arguments: &Arguments,
    stop: &AtomicBool,
) -> Result<Option<Kept>, Problem> {
    let RunKey { plan, seed, device, changes } = *key;
    let dataset = load(plan, &arguments.data, Seed(seed))?;
    let dataset = Rc::new(changes.apply(dataset, Seed(seed)));
    let mut progress = Progress::new();
    let mut kept = None;
    run_plan(plan.clone(), dataset, device, changes, Seed(seed), stop, |event| {
        progress.show(event);
        if let Event::Finished {
            train_accuracy: Some(train_accuracy),
            valid_accuracy,
            test_accuracy: Some(test_accuracy),
            seconds,
            complete: true,
            ..
        } = event
        {
            kept = Some(Kept {
                plan: plan.name.clone(),
                seed,
                device: device.to_string(),
                train_accuracy: *train_accuracy,
                valid_accuracy: *valid_accuracy,
                test_accuracy: *test_accuracy,
                seconds: *seconds,
            });
        }
    })?;
    Ok(kept)
}

pub fn spread(values: impl Iterator<Item = f64>) -> Spread {
    let values: Vec<f64> = values.collect();
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    Spread { mean, sd: if n > 1.0 { (squares / (n - 1.0)).sqrt() } else { 0.0 } }
}

fn markdown(rows: &[Row]) -> String {
    let mut text = "| plan | train | test | paper, train | paper, test | seconds |\n\
                    | --- | ---: | ---: | ---: | ---: | ---: |\n"
        .to_owned();
    for row in rows {
        let ours = |spread: Spread| match row.seeds {
            1 => format!("{:.2}", spread.mean),
            _ => format!("{:.2} ± {:.2}", spread.mean, spread.sd),
        };
        let paper =
            |percent: Option<f64>| percent.map_or("".into(), |percent| format!("{percent:.2}"));
        let [train, test] = [row.train_accuracy, row.test_accuracy].map(ours);
        let [paper_train, paper_test] =
            [row.paper_train_accuracy, row.paper_test_accuracy].map(paper);
        let cells = [&row.plan, &train, &test, &paper_train, &paper_test];
        let cells: Vec<&str> = cells.into_iter().map(String::as_str).collect();
        text += &format!("| {} | {:.0} |\n", cells.join(" | "), row.seconds);
    }
    text
}

/// The table with the lines of rows that another table has and this one lacks, in the order of the
/// plans: what was not run this time stays as it was.
fn with_rows_of(table: &str, other: &str) -> String {
    let plan = |line: &str| line.split('|').nth(1).map(|cell| cell.trim().to_owned());
    let line = |table: &str, name: &str| {
        let found = table.lines().find(|line| plan(line).is_some_and(|plan| plan == name));
        found.map(|line| format!("{line}\n"))
    };
    let names = presets::all().into_iter().map(|plan| plan.name);
    let head: String = table.lines().take(2).map(|line| format!("{line}\n")).collect();
    names
        .filter_map(|name| line(table, &name).or_else(|| line(other, &name)))
        .fold(head, |a, b| a + &b)
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

    #[test]
    fn rows_that_were_not_run_stay_as_they_were() {
        let head = "| plan | train |\n| --- | ---: |\n";
        let old =
            "\n| plan | train |\n| --- | ---: |\n| adult/bp | 1 |\n| cora/bp | 2 |\n| x/y | 3 |\n";
        let new = format!("{head}| cora/bp | 4 |\n");
        let merged = format!("{head}| adult/bp | 1 |\n| cora/bp | 4 |\n");
        assert_eq!(with_rows_of(&new, old), merged);
        assert_eq!(with_rows_of(&new, ""), new);
    }
}
