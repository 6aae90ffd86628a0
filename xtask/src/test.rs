//! `cargo xtask test`: every check and test there is, in order, until one fails.

mod tally;

use std::fs;
use std::process::Command;
use std::time::Instant;

use clap::{Args, ValueEnum};

use crate::bundles;
use crate::config::Config;
use crate::process::{answer, command, run_reading};
use crate::tools::with_tools;
use crate::{Outcome, live, root, tools};
use tally::Tally;

#[derive(Args)]
pub struct Options {
    /// Only this part.
    #[arg(long, value_enum)]
    only: Option<Part>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Part {
    /// Formatting and lints.
    Lint,
    /// Rust on this machine.
    Native,
    /// Rust in a browser, on the CPU and on software WebGPU.
    Wasm,
    /// The page: types, units, and its flows in a browser.
    Page,
}

struct Step {
    part: Part,
    name: &'static str,
    run: fn(&mut Tally) -> Outcome,
}

const STEPS: &[Step] = &[
    Step { part: Part::Lint, name: "format", run: format },
    Step { part: Part::Lint, name: "clippy", run: clippy },
    Step { part: Part::Lint, name: "clippy for the browser", run: wasm_clippy },
    Step { part: Part::Native, name: "native tests", run: native },
    Step { part: Part::Wasm, name: "browser tests of the core", run: wasm },
    Step { part: Part::Page, name: "page types", run: page_types },
    Step { part: Part::Page, name: "page units", run: page_units },
    Step { part: Part::Page, name: "page flows", run: page_flows },
];

pub fn run(options: &Options) -> Outcome {
    let mut tally = Tally::default();
    let mut outcome = Ok(());
    let mut times = Vec::new();
    for step in STEPS {
        if options.only.is_some_and(|part| part != step.part) {
            continue;
        }
        println!("\n=== {} ===", step.name);
        let began = Instant::now();
        outcome = tally.step(step.run);
        times.push((step.name, began.elapsed().as_secs_f64(), outcome.is_ok()));
        if outcome.is_err() {
            break;
        }
    }
    println!();
    for (name, seconds, good) in times {
        println!("{name:<28}{seconds:>8.1} s  {}", if good { "ok" } else { "FAILED" });
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    outcome
}

fn format(tally: &mut Tally) -> Outcome {
    // Not `cargo fmt`: it follows `mod` lines, and layers and estimators are registered by a macro.
    let listed = answer(&mut command("git", ["ls-files", "*.rs"]))
        .ok_or("git does not list the sources: run this in a checkout")?;
    let mut rustfmt = command("rustfmt", ["--check", "--edition", "2024"]);
    reading(tally, rustfmt.args(listed.lines()))
}

fn clippy(tally: &mut Tally) -> Outcome {
    let scope = ["clippy", "--workspace", "--release", "--all-targets", "--features", "ndarray"];
    let mut clippy = command("cargo", scope);
    reading(tally, clippy.args(["--", "-D", "warnings"]))
}

/// What the native build leaves out: the boundary to JavaScript, the GPU.
fn wasm_clippy(tally: &mut Tally) -> Outcome {
    tools::ensure_wasm()?;
    let config = Config::load()?;
    let features = config.bundle("gpu")?.features.join(",");
    let scope = ["clippy", "--release", "--lib", "--target", tools::WASM_TARGET];
    let mut clippy = command("cargo", scope);
    let (flags, value) = bundles::rustflags(&config);
    clippy.args(["--features", &features, "--", "-D", "warnings"]).env(flags, value);
    reading(tally, &mut clippy)
}

fn native(tally: &mut Tally) -> Outcome {
    let scope = ["test", "--workspace", "--release", "--features", "ndarray"];
    reading(tally, &mut command("cargo", scope))
}

fn wasm(tally: &mut Tally) -> Outcome {
    tools::ensure_wasm()?;
    tools::ensure_browsers()?;
    let config = Config::load()?;
    let (flags, value) = bundles::rustflags(&config);
    // The GPU bundle's features: it holds the CPU too, and the page's flows use the same build.
    let features = config.bundle("gpu")?.features.join(",");
    let kind = ["test", "--headless", "--chrome", "--release", "--mode", "no-install", "."];
    let mut test = with_tools("wasm-pack", kind)?;
    test.args(["--features", &features]).env(flags, value);
    // Software shaders take their time.
    reading(tally, test.env("WASM_BINDGEN_TEST_TIMEOUT", "600"))
}

fn page_types(tally: &mut Tally) -> Outcome {
    tools::ensure_npm()?;
    reading(tally, &mut with_tools("tsc", ["--project", "www"])?)
}

fn page_units(tally: &mut Tally) -> Outcome {
    reading(tally, &mut node_tests("www/test")?)
}

fn page_flows(tally: &mut Tally) -> Outcome {
    let mut flows = node_tests("tests/browser")?;
    live::serve_to(&mut flows)?;
    reading(tally, &mut flows)
}

/// Node's runner on a folder's test files: how it takes a folder itself differs by version.
fn node_tests(folder: &str) -> Outcome<Command> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root().join(folder))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.js") {
            files.push(path);
        }
    }
    files.sort();
    // Of a file as a whole: one that hangs ends, and shows how far it came.
    const TIMEOUT: &str = "--test-timeout=2400000";
    let mut runner = with_tools("node", ["--test", "--test-reporter=spec", TIMEOUT])?;
    runner.args(files);
    Ok(runner)
}

/// Runs it and counts the tests that it reports.
fn reading(tally: &mut Tally, command: &mut Command) -> Outcome {
    run_reading(command, |line| tally.read(line))
}
