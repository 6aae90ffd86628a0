//! `cargo xtask soak`: thousands of steps in one worker, and what it holds meanwhile.

use std::path::PathBuf;

use clap::Args;

use crate::process::run as run_command;
use crate::tools::with_tools;
use crate::{Outcome, live};

#[derive(Args)]
pub struct Options {
    /// At least so many for each plan; the run that is under way then is ended.
    #[arg(long, default_value_t = 10_000)]
    steps: usize,
    /// For each plan, after which it stops where it is.
    #[arg(long, default_value_t = 600)]
    minutes: usize,
    /// Plans whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
    /// Of `cpu` and `gpu`, with commas.
    #[arg(long, default_value = "cpu,gpu")]
    devices: String,
    /// A Markdown file with a place for the table.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
    /// Where to put the plot, as SVG.
    #[arg(long, value_name = "FILE")]
    figure: Option<PathBuf>,
}

pub fn run(options: &Options) -> Outcome {
    let mut soak = with_tools("node", ["benches/soak.mjs"])?;
    soak.args(["--steps", &options.steps.to_string()]);
    soak.args(["--minutes", &options.minutes.to_string()]);
    soak.args(["--only", &options.only, "--devices", &options.devices]);
    for (flag, path) in [("--write", &options.write), ("--figure", &options.figure)] {
        if let Some(path) = path {
            soak.arg(flag).arg(path);
        }
    }
    live::serve_to(&mut soak)?;
    run_command(&mut soak)
}
