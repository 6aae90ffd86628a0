//! `mole embed`: trains a network and draws its modules' outputs in two dimensions, by class.

use clap::{Args, ValueEnum};
use plotters::prelude::*;
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;
use std::str::FromStr;
use std::sync::atomic::{AtomicBool, Ordering};

use super::figure::{self, Drawing, marker};
use super::progress::Progress;
use super::session::{Changes, DATA_FOLDER, find_plan, load, run_plan, stop_on_interrupt};
use super::{disk, fail, interrupted};
use mole::data::{Dataset, Splits};
use mole::device::DeviceKind;
use mole::embed::{EmbedError, Tsne, TsneConfig, pca};
use mole::error::Problem;
use mole::plan::Plan;
use mole::rng::Seed;
use mole::run::{Event, Run};

#[derive(Args)]
pub struct Arguments {
    /// A plan of `mole plans`, or the path of a plan as JSON.
    plan: String,
    /// Whose outputs are drawn: a module, counted from 0, `input` for what the network reads, or
    /// `all` for these side by side.
    #[arg(long, default_value = "all", value_name = "MODULE")]
    module: Which,
    /// The samples of this split.
    #[arg(long, value_enum, default_value_t = Split::Test)]
    split: Split,
    /// At most so many of them, drawn at random.
    #[arg(long, default_value_t = 2_000)]
    samples: usize,
    /// How they are brought to two dimensions.
    #[arg(long, value_enum, default_value_t = Method::Tsne)]
    method: Method,
    /// Epochs of every stage, in place of the plan's own.
    #[arg(long)]
    epochs: Option<usize>,
    /// Where to compute: cpu, and ndarray or gpu where this build has them.
    #[arg(long, default_value_t = DeviceKind::Cpu)]
    device: DeviceKind,
    /// The folder with the data sets; what is missing is downloaded into it.
    #[arg(long, default_value = DATA_FOLDER)]
    data: PathBuf,
    /// Everything random follows from it.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// The picture to write.
    #[arg(long, value_name = "FILE.svg")]
    out: PathBuf,
}

#[derive(Clone, Copy, ValueEnum)]
enum Split {
    Train,
    Valid,
    Test,
}

#[derive(Clone, Copy, ValueEnum)]
enum Method {
    /// The first two principal components.
    Pca,
    /// Stochastic neighbour embedding: what is near stays near.
    Tsne,
}

/// Outputs by how many modules they have behind them: the input has none.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Which {
    All,
    Depth(usize),
}

impl FromStr for Which {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match (text, text.parse::<usize>()) {
            ("all", _) => Ok(Which::All),
            ("input", _) => Ok(Which::Depth(0)),
            (_, Ok(module)) => Ok(Which::Depth(module.saturating_add(1))),
            _ => Err(format!("expected a module's number, `input` or `all`, found {text:?}")),
        }
    }
}

const NO_PICTURE: &str = "no picture was written";

/// Points of one representation, and what it is.
struct Panel {
    title: String,
    points: Vec<[f64; 2]>,
}

pub fn run(arguments: &Arguments) -> ExitCode {
    match embed(arguments) {
        Ok(code) => code,
        Err(problem) => fail(&problem, false),
    }
}

fn embed(arguments: &Arguments) -> Result<ExitCode, Problem> {
    let Arguments { epochs, device, data, out, .. } = arguments;
    disk::check_place(out)?;
    let seed = Seed(arguments.seed);
    let plan = find_plan(&arguments.plan)?;
    let changes = Changes { epochs: *epochs, samples: None, hold_out: None };
    let dataset = Rc::new(changes.apply(load(&plan, data, seed)?, seed));
    let depths = match arguments.module {
        Which::All => (0..plan.modules.len() + 1).collect(),
        Which::Depth(depth) => vec![depth],
    };
    if let Some(wrong) = depths.iter().find(|depth| **depth > plan.modules.len()) {
        let (name, last) = (&plan.name, plan.modules.len().saturating_sub(1));
        let message = format!("{name} has the modules 0 to {last}, not {}", wrong - 1);
        return Err(Problem::new("plan/invalid", message));
    }
    let Splits { train, valid, test } = &dataset.splits;
    let (samples, split) = match arguments.split {
        Split::Train => (train, "training"),
        Split::Valid => (valid, "validation"),
        Split::Test => (test, "test"),
    };
    let order = seed.stream("embed/samples").permutation(samples.len());
    let samples: Vec<u32> =
        order.into_iter().take(arguments.samples).map(|at| samples[at]).collect();
    if samples.len() < 3 {
        // Said before the training, which takes long.
        return Err(EmbedError::TooFewPoints { found: samples.len() }.into());
    }
    let stop = stop_on_interrupt();
    let run = train_up_to(&plan, &depths, &dataset, *device, &changes, seed, &stop)?;
    let Some(run) = run else { return Ok(interrupted(NO_PICTURE)) };
    let mut panels = Vec::new();
    for depth in depths {
        let module = depth.checked_sub(1);
        let (width, rows) = pollster::block_on(run.inspector().outputs(module, &samples))?;
        let points = place(&rows, width, arguments.method, seed, &stop)?;
        // An interrupted run gives no picture: it would pass for a finished one's.
        let Some(points) = points else { return Ok(interrupted(NO_PICTURE)) };
        let title = match module {
            None => "input".into(),
            Some(module) => format!("module {module}: {}", plan.modules[module].label()),
        };
        panels.push(Panel { title, points });
    }
    let n = samples.len();
    let method = match arguments.method {
        Method::Pca => "principal components".into(),
        Method::Tsne => format!("t-SNE, perplexity {:.0}", TsneConfig::for_points(n).perplexity),
    };
    let caption = format!("{}: {method}, {n} {split} samples, seed {}", plan.name, seed.0);
    let labels = samples.iter().map(|sample| usize::from(dataset.labels[*sample as usize]));
    figure::write(out, draw(&caption, &dataset.classes, &panels, &labels.collect::<Vec<_>>()))?;
    Ok(ExitCode::SUCCESS)
}

/// A run whose network has every module trained that the outputs have behind them; `None` where the
/// user ended it.
fn train_up_to(
    plan: &Plan,
    depths: &[usize],
    dataset: &Rc<Dataset>,
    device: DeviceKind,
    changes: &Changes,
    seed: Seed,
    stop: &AtomicBool,
) -> Result<Option<Run>, Problem> {
    let deepest = depths.iter().max().copied().unwrap_or(0);
    let last = plan.stages.iter().rposition(|stage| stage.modules.start < deepest);
    let mut progress = Progress::new();
    let mut enough = false;
    let run = run_plan(plan.clone(), dataset.clone(), device, changes, seed, stop, |event| {
        progress.show(event);
        // A stage that trains only what lies behind is not waited for.
        enough |= match (last, event) {
            (None, _) | (_, Event::Finished { complete: true, .. }) => true,
            (Some(last), Event::StageFinished { stage, .. }) => *stage == last,
            _ => false,
        };
        if enough {
            stop.store(true, Ordering::Relaxed);
        }
    })?;
    if enough {
        stop.store(false, Ordering::Relaxed);
    }
    Ok(enough.then_some(run))
}

/// Rows in two dimensions; `None` where the user ended it.
fn place(
    rows: &[f32],
    width: usize,
    method: Method,
    seed: Seed,
    stop: &AtomicBool,
) -> Result<Option<Vec<[f64; 2]>>, Problem> {
    let n = rows.len() / width.max(1);
    if let Method::Pca = method {
        return Ok(Some(pca(rows, width)?));
    }
    let mut tsne = Tsne::new(rows, width, TsneConfig::for_points(n), seed)?;
    while !tsne.is_done() {
        if stop.load(Ordering::Relaxed) {
            return Ok(None);
        }
        tsne.step();
    }
    Ok(Some(tsne.points().to_vec()))
}

/// A row of panels with the same samples, one legend beside them.
fn draw(caption: &str, classes: &[String], panels: &[Panel], labels: &[usize]) -> Drawing<String> {
    const SIDE: u32 = 400;
    const LEGEND: u32 = 170;

    let mut svg = String::new();
    {
        let width = SIDE * panels.len() as u32;
        // Two lines of text above the panels.
        let height = (SIDE + 60).max(80 + 22 * classes.len() as u32);
        let area = SVGBackend::with_string(&mut svg, (width + LEGEND, height)).into_drawing_area();
        area.fill(&WHITE)?;
        let area = area.titled(caption, ("sans-serif", 18))?;
        let (plots, legend) = area.split_horizontally(width);
        for (plot, Panel { title, points }) in
            plots.split_evenly((1, panels.len())).iter().zip(panels)
        {
            // One scale on both axes: a distance is the same in every direction. What the numbers
            // are says nothing, so there are none.
            let reach = points.as_flattened().iter().fold(1e-9, |a: f64, b| a.max(b.abs()));
            let range = -1.05 * reach..1.05 * reach;
            let mut chart = ChartBuilder::on(plot)
                .caption(title, ("sans-serif", 14))
                .margin(8)
                .build_cartesian_2d(range.clone(), range)?;
            chart.configure_mesh().disable_mesh().disable_axes().draw()?;
            for ([x, y], class) in points.iter().zip(labels) {
                chart.plotting_area().draw(&marker((*x, *y), *class))?;
            }
        }
        for ((class, name), y) in classes.iter().enumerate().zip((36..).step_by(22)) {
            legend.draw(&marker((15, y), class))?;
            legend.draw(&Text::new(name.as_str(), (28, y - 7), ("sans-serif", 15)))?;
        }
        area.present()?;
    }
    Ok(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_is_named_by_its_number_and_the_input_by_its_name() {
        assert_eq!("all".parse(), Ok(Which::All));
        assert_eq!("input".parse(), Ok(Which::Depth(0)));
        assert_eq!("2".parse(), Ok(Which::Depth(3)));
        assert!("-1".parse::<Which>().is_err());
    }

    #[test]
    fn the_picture_has_every_point_class_and_title() {
        let classes = ["<a>".to_string(), "b".to_string()];
        let points = vec![[0.0, 1.0], [-2.0, 0.5], [1.0, 0.0]];
        let panels =
            ["first", "second"].map(|title| Panel { title: title.into(), points: points.clone() });
        let svg = draw("caption", &classes, &panels, &[0, 0, 1]).unwrap();
        // Two points in each panel and a legend entry; one point in each and a legend entry.
        assert_eq!(svg.matches("<circle").count(), 5);
        assert_eq!(svg.matches("<polygon").count(), 3);
        for text in ["first", "second", "caption", "&lt;a&gt;"] {
            assert!(svg.contains(text), "{text}");
        }
    }
}
