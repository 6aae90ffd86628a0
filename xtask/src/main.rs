//! `cargo xtask <command>`: serves the page, runs every test, makes what is published, measures.

mod bench;
mod bundle;
mod bundles;
mod config;
mod data;
mod fuzz;
mod http;
mod live;
mod page;
mod process;
mod screenshots;
mod serve;
mod server;
mod soak;
mod test;
mod tools;

use std::env;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::LazyLock;

use clap::{Parser, Subcommand};

type Outcome<T = ()> = Result<T, Box<dyn Error + Send + Sync>>;

#[derive(Parser)]
#[command(bin_name = "cargo xtask", about = "Serves, tests and bundles MOLE", version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build what is stale and serve the page on this machine.
    Serve(serve::Options),
    /// Run every check and test; only a lint that fails ends the run.
    Test(test::Options),
    /// Take pictures of every view of the page, around a run that is really trained.
    Screenshots(screenshots::Options),
    /// Build the bundles as they ship and put the page together in one folder.
    Bundle(bundle::Options),
    /// Time training steps in the browser and natively, beside other trainers.
    Bench(bench::Options),
    /// Run the readers' oracles under libFuzzer.
    Fuzz(fuzz::Options),
    /// Train for thousands of steps in the browser, and watch what the worker holds.
    Soak(soak::Options),
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Serve(options) => serve::run(&options),
        Command::Test(options) => test::run(&options),
        Command::Screenshots(options) => screenshots::run(&options),
        Command::Bundle(options) => bundle::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Fuzz(options) => fuzz::run(&options).map(drop),
        Command::Soak(options) => soak::run(&options),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The top of the repository: of the one that cargo runs this in, where it may have been built in another
/// with the same folder of builds.
fn root() -> &'static Path {
    static HERE: LazyLock<PathBuf> = LazyLock::new(|| {
        let here = env::var_os("CARGO_MANIFEST_DIR").unwrap_or(env!("CARGO_MANIFEST_DIR").into());
        PathBuf::from(here)
    });
    HERE.parent().unwrap_or(&HERE)
}

/// Cargo's folder of builds, in which this program lies by its profile.
fn builds() -> Outcome<PathBuf> {
    let this = env::current_exe()?;
    let builds = this.ancestors().nth(2).ok_or("this program lies in no folder of cargo's")?;
    Ok(builds.into())
}

/// The folder of the page.
fn www() -> PathBuf {
    root().join("www")
}
