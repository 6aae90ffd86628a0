//! `mole gaussians`: what the estimators find in correlated Gaussians, whose information is known.

use clap::Args;
use plotters::prelude::*;
use serde::Serialize;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::Ordering;

use super::figure::{self, Drawing, colour, marker};
use super::marked;
use super::session::stop_on_interrupt;
use super::table1::{Spread, spread};
use super::{disk, fail, interrupted, say};
use mole::device::{self, DeviceKind};
use mole::error::Problem;
use mole::estimators::critic::{Activation, Critic};
use mole::estimators::gaussians::{Gaussians, Protocol};
use mole::estimators::{
    Bound, EstimateError, Estimator, InfoNce, MatrixRenyi, Mine, Normalisation,
};
use mole::rng::Seed;

#[derive(Args)]
pub struct Arguments {
    /// Correlations between the two vectors, entry by entry, with commas between them.
    #[arg(
        long,
        value_delimiter = ',',
        allow_negative_numbers = true,
        default_values_t = [0.0, 0.5, 0.8, 0.9]
    )]
    rho: Vec<f64>,
    /// Dimensions of each vector, with commas between them.
    #[arg(long, value_delimiter = ',', default_values_t = [1, 2, 5])]
    dimensions: Vec<usize>,
    /// Seeds of every estimate: 0, 1, ...
    #[arg(long, default_value_t = 3)]
    seeds: u64,
    /// Steps for which a critic is trained, with 256 fresh pairs in each.
    #[arg(long, default_value_t = 1_500)]
    steps: usize,
    /// Where to compute: cpu, and ndarray or gpu where this build has them.
    #[arg(long, default_value_t = DeviceKind::Cpu)]
    device: DeviceKind,
    /// Draw estimates over truth.
    #[arg(long, value_name = "FILE.svg")]
    figure: Option<PathBuf>,
    /// Also put the table into this file, between the lines `<!-- gaussians -->` and
    /// `<!-- /gaussians -->`.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Print one estimate a line as JSON.
    #[arg(long)]
    json: bool,
}

/// An estimator on one kind of pairs, over the seeds.
#[derive(Serialize)]
struct Row {
    estimator: String,
    dimension: usize,
    rho: f64,
    /// Bits.
    truth: f64,
    estimate: Spread,
}

pub fn run(arguments: &Arguments) -> ExitCode {
    match measure(arguments) {
        Ok(code) => code,
        Err(problem) => fail(&problem, arguments.json),
    }
}

/// The estimators that speak of information in bits, each with the pairs of an estimate and how many
/// of those are averaged. InfoNCE's bound depends on the pairs of a batch; the moving average of MINE
/// is for training only. A Gram matrix has a row for every pair.
fn estimators() -> Vec<(Estimator, usize, usize)> {
    let critic = Critic { hidden: vec![128, 128], activation: Activation::Relu };
    let mine = |bound| Estimator::from(Mine { critic: critic.clone(), bound });
    let infonce =
        InfoNce { temperature: 1.0, symmetric: true, units: 32, hidden: 128, samples: 256 };
    let matrix = |order, width| {
        let normalisation = Normalisation::None;
        Estimator::from(MatrixRenyi { order, width, normalisation, samples: 256 })
    };
    vec![
        (mine(Bound::DonskerVaradhan { average: Some(0.01) }), 50_000, 1),
        (mine(Bound::Nwj {}), 50_000, 1),
        (infonce.into(), 256, 100),
        (matrix(1.01, 0.5), 256, 4),
        (matrix(2.0, 0.5), 256, 4),
    ]
}

fn measure(arguments: &Arguments) -> Result<ExitCode, Problem> {
    /// As a plan's layers.
    const MOST_DIMENSIONS: usize = 4096;

    let Arguments { rho, dimensions, seeds, steps, .. } = arguments;
    let refused = |message: String| Problem::new("plan/invalid", message);
    if let Some(rho) = rho.iter().find(|rho| rho.is_nan() || rho.abs() >= 1.0) {
        return Err(refused(format!("rho: expected numbers between -1 and 1, found {rho}")));
    }
    if let Some(found) = dimensions.iter().find(|found| !(1..=MOST_DIMENSIONS).contains(*found)) {
        let message = format!("dimensions: expected from 1 to {MOST_DIMENSIONS}, found {found}");
        return Err(refused(message));
    }
    if *seeds == 0 {
        return Err(refused("seeds: expected one, at least, found 0".into()));
    }
    // Said before the training, which takes long.
    if let Some(file) = &arguments.write {
        marked::read(file, "gaussians")?;
    }
    if let Some(file) = &arguments.figure {
        disk::check_place(file)?;
    }
    let stop = stop_on_interrupt();
    let device = pollster::block_on(device::open(arguments.device))?;
    let estimators = estimators();
    let cells = estimators.len() * dimensions.len() * rho.len();
    let bar = indicatif::ProgressBar::new(cells as u64 * seeds);
    let style = indicatif::ProgressStyle::with_template("[{wide_bar}] {pos}/{len} ETA {eta}");
    let bar = match style {
        Ok(style) => bar.with_style(style),
        Err(error) => unreachable!("the template is a constant: {error}"),
    };
    let mut rows = Vec::new();
    for (estimator, pairs, estimates) in &estimators {
        let protocol = Protocol {
            steps: *steps,
            batch: 256,
            rate: 1e-3,
            pairs: *pairs,
            estimates: *estimates,
        };
        for dimension in dimensions.iter().copied() {
            for rho in rho.iter().copied() {
                let gaussians = Gaussians { rho, dimension };
                let mut found = Vec::new();
                for seed in (0..*seeds).map(Seed) {
                    // A table with holes would pass for a whole one.
                    if stop.load(Ordering::Relaxed) {
                        return Ok(interrupted("there is no table"));
                    }
                    let estimate = gaussians.estimate(&**estimator, protocol, seed, &device);
                    found.push(pollster::block_on(estimate).map_err(failed)?);
                    bar.inc(1);
                }
                let row = Row {
                    estimator: estimator.label(),
                    dimension,
                    rho,
                    truth: gaussians.bits(),
                    estimate: spread(found.into_iter()),
                };
                if arguments.json && !say(&serde_json::json!(row).to_string())? {
                    return Ok(ExitCode::SUCCESS);
                }
                rows.push(row);
            }
        }
    }
    bar.finish_and_clear();
    let markdown = markdown(&rows);
    if !arguments.json {
        say(markdown.trim_end())?;
    }
    if let Some(file) = &arguments.figure {
        figure::write(file, draw(&rows, dimensions))?;
    }
    if let Some(file) = &arguments.write {
        marked::write(file, "gaussians", &markdown)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn failed(error: EstimateError) -> Problem {
    match error {
        EstimateError::Device(error) => error.into(),
        error => Problem::new("train/failed", error.to_string()),
    }
}

fn markdown(rows: &[Row]) -> String {
    let mut text = "| estimator | dimension | ρ | true bits | estimate | bias | spread |\n\
                    | --- | ---: | ---: | ---: | ---: | ---: | ---: |\n"
        .to_owned();
    for Row { estimator, dimension, rho, truth, estimate: Spread { mean, sd } } in rows {
        let bias = mean - truth;
        text += &format!(
            "| {estimator} | {dimension} | {rho} | {truth:.3} | {mean:.3} | {bias:+.3} | {sd:.3} |\n"
        );
    }
    text
}

/// A panel a dimension: estimates over truth, with their spread over seeds. On the grey line they
/// would be right.
fn draw(rows: &[Row], dimensions: &[usize]) -> Drawing<String> {
    const PANEL: u32 = 330;

    let mut names: Vec<&str> = Vec::new();
    for row in rows.iter().filter(|row| row.dimension == rows[0].dimension) {
        if !names.contains(&row.estimator.as_str()) {
            names.push(&row.estimator);
        }
    }
    let mut svg = String::new();
    {
        let size = (PANEL * dimensions.len() as u32 + 230, PANEL + 20);
        let area = SVGBackend::with_string(&mut svg, size).into_drawing_area();
        area.fill(&WHITE)?;
        let (panels, legend) = area.split_horizontally(size.0 - 230);
        for (panel, dimension) in panels.split_evenly((1, dimensions.len())).iter().zip(dimensions)
        {
            let rows: Vec<&Row> = rows.iter().filter(|row| row.dimension == *dimension).collect();
            let most = rows.iter().map(|row| row.truth.max(row.estimate.mean)).fold(0.1, f64::max);
            let mut chart = ChartBuilder::on(panel)
                .caption(format!("dimension {dimension}"), ("sans-serif", 16))
                .margin(10)
                .set_left_and_bottom_label_area_size(40)
                .build_cartesian_2d(-0.03 * most..1.05 * most, -0.03 * most..1.05 * most)?;
            chart
                .configure_mesh()
                .disable_mesh()
                .x_labels(5)
                .y_labels(5)
                .x_desc("true bits")
                .y_desc("estimate, bits")
                .draw()?;
            let plot = chart.plotting_area();
            plot.draw(&PathElement::new([(0.0, 0.0), (most, most)], BLACK.mix(0.3)))?;
            for (class, name) in names.iter().enumerate() {
                let own = rows.iter().filter(|row| row.estimator == *name);
                let own: Vec<&Row> = own.copied().collect();
                let line: Vec<_> = own.iter().map(|row| (row.truth, row.estimate.mean)).collect();
                plot.draw(&PathElement::new(line, colour(class).mix(0.6)))?;
                for Row { truth, estimate: Spread { mean, sd }, .. } in own {
                    let ends = [(*truth, mean - sd), (*truth, mean + sd)];
                    plot.draw(&PathElement::new(ends, colour(class).stroke_width(2)))?;
                    plot.draw(&marker((*truth, *mean), class))?;
                }
            }
        }
        for ((class, name), y) in names.iter().enumerate().zip((50..).step_by(24)) {
            legend.draw(&marker((10, y), class))?;
            legend.draw(&Text::new(*name, (22, y - 7), ("sans-serif", 15)))?;
        }
        area.present()?;
    }
    Ok(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        let row = |dimension, mean| Row {
            estimator: "MINE".into(),
            dimension,
            rho: 0.5,
            truth: 0.25,
            estimate: Spread { mean, sd: 0.125 },
        };
        vec![row(1, 0.5), row(2, 0.0)]
    }

    #[test]
    fn a_row_has_bias_and_spread() {
        let text = markdown(&rows());
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[2], "| MINE | 1 | 0.5 | 0.250 | 0.500 | +0.250 | 0.125 |");
        assert_eq!(lines[3], "| MINE | 2 | 0.5 | 0.250 | 0.000 | -0.250 | 0.125 |");
    }

    #[test]
    fn the_figure_has_a_panel_for_each_dimension_and_a_mark_for_each_estimate() {
        let svg = draw(&rows(), &[1, 2]).unwrap();
        for text in ["dimension 1", "dimension 2", "MINE", "true bits"] {
            assert!(svg.contains(text), "{text}");
        }
        // Two estimates and the legend.
        assert_eq!(svg.matches("<circle").count(), 3);
    }
}
