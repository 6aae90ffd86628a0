//! `cargo xtask test`: every check and test there is.

mod tally;

use std::fs;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Instant;

use clap::{Args, ValueEnum};

use crate::bundles;
use crate::config::Config;
use crate::process::{answer, command, run_reading, run_showing_last};
use crate::tools::with_tools;
use crate::{Outcome, fuzz, live, root, tools};
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

/// Run side by side: each waits for one processor much of the time. Cargo lets one of them build at
/// a time, and the page's flows go to the lane that is free.
const LANES: [&[Step]; 2] = [
    &[
        Step { part: Part::Lint, name: "format", run: format },
        Step { part: Part::Lint, name: "clippy", run: clippy },
        Step { part: Part::Native, name: "native tests", run: native },
        Step { part: Part::Native, name: "fuzzing", run: fuzzing },
        Step { part: Part::Wasm, name: "browser tests of the core", run: wasm },
        Step { part: Part::Page, name: "page flows, first lane", run: page_flows },
    ],
    &[
        Step { part: Part::Page, name: "page types", run: page_types },
        Step { part: Part::Page, name: "page units", run: page_units },
        Step { part: Part::Lint, name: "clippy for the browser", run: wasm_clippy },
        Step { part: Part::Page, name: "page flows, second lane", run: page_flows },
    ],
];

pub fn run(options: &Options) -> Outcome {
    let chosen = |steps: &'static [Step]| {
        let wanted = |step: &&Step| options.only.is_none_or(|part| part == step.part);
        steps.iter().filter(wanted).collect::<Vec<_>>()
    };
    let failed = AtomicBool::new(false);
    let lanes = LANES.map(chosen);
    let done = thread::scope(|scope| {
        let running = lanes.each_ref().map(|lane| scope.spawn(|| in_order(lane, &failed)));
        let ended = running.map(|lane| lane.join().unwrap_or_else(|panic| resume_unwind(panic)));
        ended.into_iter().flatten().collect::<Vec<_>>()
    });

    println!();
    let mut tally = Tally::default();
    for step in &done {
        let word = if step.failure.is_none() { "ok" } else { "FAILED" };
        println!("{:<28}{:>8.1} s  {word}", step.name, step.seconds);
        tally.passed += step.tally.passed;
        tally.failed += step.tally.failed;
    }
    println!("{} passed, {} failed", tally.passed, tally.failed);
    all(done.into_iter().filter_map(|step| step.failure).collect())
}

/// Nothing that failed is hidden by something else that did.
fn all(failures: Vec<String>) -> Outcome {
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n").into()) }
}

/// How a step ended.
struct Done {
    name: &'static str,
    seconds: f64,
    tally: Tally,
    failure: Option<String>,
}

/// Runs steps one after another until a lint fails, here or in another lane. What else fails leaves the others
/// to be told too: all of them take most of an hour.
fn in_order(steps: &[&Step], failed: &AtomicBool) -> Vec<Done> {
    let mut done = Vec::new();
    for step in steps {
        if failed.load(Ordering::Relaxed) {
            break;
        }
        println!("\n=== {} ===", step.name);
        let began = Instant::now();
        let mut tally = Tally::default();
        let failure = tally.step(step.run).err().map(|error| error.to_string());
        if failure.is_some() && step.part == Part::Lint {
            failed.store(true, Ordering::Relaxed);
        }
        let seconds = began.elapsed().as_secs_f64();
        done.push(Done { name: step.name, seconds, tally, failure });
    }
    done
}

fn format(tally: &mut Tally) -> Outcome {
    // Not `cargo fmt`: it follows `mod` lines, and layers and estimators are registered by a macro.
    let listed = answer(&mut command("git", ["ls-files", "*.rs"]))
        .ok_or("git does not list the sources: run this in a checkout")?;
    let mut rustfmt = command("rustfmt", ["--check", "--edition", "2024"]);
    reading(tally, rustfmt.args(listed.lines()))
}

fn clippy(tally: &mut Tally) -> Outcome {
    let scope = ["clippy", "--workspace", "--all-targets", "--features", "ndarray"];
    let mut clippy = command("cargo", scope);
    clippy.args(["--profile", &Config::load()?.profile]);
    reading(tally, clippy.args(["--", "-D", "warnings"]))
}

/// What the native build leaves out: the boundary to JavaScript, the GPU. By clippy's driver in the
/// compiler's place, so that the dependencies are those of the bundle: `cargo clippy` would go through all
/// of burn once more.
fn wasm_clippy(tally: &mut Tally) -> Outcome {
    tools::ensure_wasm()?;
    let config = Config::load()?;
    let features = config.bundle("gpu")?.features.join(",");
    let scope = ["rustc", "--lib", "--crate-type", "rlib", "--target", tools::WASM_TARGET];
    let mut clippy = command("cargo", scope);
    // Nothing of it is run.
    let unoptimised = format!("profile.{}.package.mole.opt-level=0", config.profile);
    clippy.args(["--profile", &config.profile, "--config", &unoptimised]);
    let (flags, value) = bundles::rustflags(&config);
    clippy.args(["--features", &features, "--", "-D", "warnings"]).env(flags, value);
    reading(tally, clippy.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver"))
}

fn native(tally: &mut Tally) -> Outcome {
    let scope = ["test", "--workspace", "--features", "ndarray", "--no-fail-fast"];
    let mut tests = command("cargo", scope);
    reading(tally, tests.args(["--profile", &Config::load()?.profile]))
}

fn fuzzing(tally: &mut Tally) -> Outcome {
    tally.passed += fuzz::run(&fuzz::SHORT)?;
    Ok(())
}

fn wasm(tally: &mut Tally) -> Outcome {
    tools::ensure_wasm()?;
    tools::ensure_browsers()?;
    let config = Config::load()?;
    let (flags, value) = bundles::rustflags(&config);
    // The GPU bundle's features: it holds the CPU too, and the page's flows use the same build.
    let features = config.bundle("gpu")?.features.join(",");
    let kind = ["test", "--headless", "--chrome", "--mode", "no-install", "."];
    let mut test = with_tools("wasm-pack", kind)?;
    test.args(["--profile", &config.profile, "--features", &features]).env(flags, value);
    // Software shaders take their time, the more so beside the native tests.
    reading(tally, test.env("WASM_BINDGEN_TEST_TIMEOUT", "1200"))
}

fn page_types(tally: &mut Tally) -> Outcome {
    tools::ensure_npm()?;
    reading(tally, &mut with_tools("tsc", ["--project", "www"])?)
}

fn page_units(tally: &mut Tally) -> Outcome {
    let mut units = node_tests()?;
    reading(tally, units.args(test_files("www/test")?))
}

/// Takes one file of flows after the other until none is waiting, whoever takes them.
fn page_flows(tally: &mut Tally) -> Outcome {
    static WAITING: Mutex<Option<Vec<PathBuf>>> = Mutex::new(None);
    let mut failures = Vec::new();
    loop {
        let mut flows = node_tests()?;
        {
            // Whoever comes while the first one builds the page waits here.
            let mut waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
            if waiting.is_none() {
                *waiting = Some(test_files("tests/browser")?);
            }
            let Some(file) = waiting.as_mut().and_then(Vec::pop) else { break };
            live::serve_to(flows.arg(file))?;
        }
        // One that fails leaves the others to be told too.
        let outcome = run_showing_last(&mut flows, |line| tally.read(line));
        failures.extend(outcome.err().map(|error| error.to_string()));
    }
    all(failures)
}

/// A folder's test files, in order: how node's runner takes a folder itself differs by version.
fn test_files(folder: &str) -> Outcome<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(root().join(folder))? {
        let path = entry?.path();
        if path.to_string_lossy().ends_with(".test.js") {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Node's runner, to be given files, which it runs one after another.
fn node_tests() -> Outcome<Command> {
    // Of a file as a whole: one that hangs ends, and shows how far it came.
    const TIMEOUT: &str = "--test-timeout=2400000";
    with_tools("node", ["--test", "--test-reporter=spec", TIMEOUT, "--test-concurrency=1"])
}

/// Runs it and counts the tests that it reports.
fn reading(tally: &mut Tally, command: &mut Command) -> Outcome {
    run_reading(command, |line| tally.read(line))
}
