//! `cargo xtask bench`: the same training steps in a browser and natively, beside other trainers'.

use std::path::PathBuf;
use std::{env, fs};

use clap::Args;

use crate::bundles::{Form, Package, build};
use crate::config::Config;
use crate::process::{command, run as run_command};
use crate::{Outcome, builds, root, tools};

#[derive(Args)]
pub struct Options {
    /// The folder of other trainers that take the same steps: `node run.mjs` and
    /// `python torch_steps.py` there.
    #[arg(long, value_name = "DIR")]
    peers: Option<PathBuf>,
    /// A Python that has PyTorch, for the native reference.
    #[arg(long, value_name = "PROGRAM", requires = "peers")]
    python: Option<PathBuf>,
    /// Visits of each.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Milliseconds of measuring in a visit.
    #[arg(long, default_value_t = 2000)]
    budget: u64,
    /// Only tasks whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
    /// Count what a step asks of a (software) GPU too.
    #[arg(long)]
    gpu: bool,
    /// The folder with the data sets: time an epoch of every stage of every plan too.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Build as published, with the optimisations that take minutes.
    #[arg(long)]
    ship: bool,
    /// Put the tables between their marks in this file.
    #[arg(long, value_name = "FILE")]
    write: Option<PathBuf>,
}

pub fn run(options: &Options) -> Outcome {
    tools::ensure_npm()?;
    tools::ensure_wasm()?;
    let browser = tools::ensure_browsers()?.chromium;
    let config = Config::load()?;
    let form = if options.ship { Form::Shipped } else { Form::Quick };
    // Counting alone takes no visits on the CPU.
    let timed = options.rounds > 0;
    let wanted = [("cpu", timed), ("gpu", options.gpu)];
    for (name, _) in wanted.into_iter().filter(|(_, wanted)| *wanted) {
        let folder = root().join("benches/page/pkg").join(name);
        fs::create_dir_all(&folder)?;
        let bundle = config.bundle(name)?;
        let package = Package { krate: "benches", out_name: "bench", bundle, target_dir: None };
        build(&config, &package, &folder, form)?;
    }
    if timed || options.data.is_some() {
        run_command(&mut command("cargo", ["build", "--release", "--package", "mole-bench"]))?;
    }

    let mut steps = tools::with_tools("node", ["benches/steps.mjs"])?;
    steps.arg("--chromium").arg(browser);
    steps.arg("--native").arg(builds()?.join("release/mole-bench"));
    steps.args(["--rounds", &options.rounds.to_string()]);
    steps.args(["--budget", &options.budget.to_string(), "--only", &options.only]);
    let paths = [
        ("--peers", &options.peers),
        ("--python", &options.python),
        ("--data", &options.data),
        ("--write", &options.write),
    ];
    for (flag, path) in paths {
        if let Some(path) = path {
            // A program's name without a folder is looked up, not found here.
            let path = if path.exists() { env::current_dir()?.join(path) } else { path.clone() };
            steps.arg(flag).arg(path);
        }
    }
    if options.gpu {
        steps.arg("--gpu");
    }
    run_command(&mut steps)
}
