//! The command line: one file per command, each a reader of the core's events.

mod data;
mod disk;
mod embed;
mod figure;
mod gaussians;
mod keeper;
mod kept;
mod marked;
mod own;
mod plans;
mod progress;
mod session;
mod slots;
mod table1;
mod train;

use clap::{Parser, Subcommand};
use std::io::{self, Write};
use std::process::ExitCode;

use mole::error::Problem;

/// Local learning without backpropagation: the Modular Learning Framework.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// List the plans, or print one as JSON.
    Plans(plans::Arguments),
    /// Download data sets from their publishers and check them.
    Data(data::Arguments),
    /// Train a network by a plan.
    Train(train::Arguments),
    /// Run the rows of the paper's Table 1 and print them beside the paper's figures.
    Table1(table1::Arguments),
    /// Train a network and draw its modules' outputs in two dimensions, by class.
    Embed(embed::Arguments),
    /// Measure the estimators on Gaussians of known information.
    Gaussians(gaussians::Arguments),
}

/// Reads the command line and does what it says.
pub fn main() -> ExitCode {
    match Arguments::parse().command {
        Command::Plans(arguments) => plans::run(&arguments),
        Command::Data(arguments) => data::run(&arguments),
        Command::Train(arguments) => train::run(&arguments),
        Command::Table1(arguments) => table1::run(&arguments),
        Command::Embed(arguments) => embed::run(&arguments),
        Command::Gaussians(arguments) => gaussians::run(&arguments),
    }
}

/// Says what went wrong, on standard error and, where events go to standard output, there too.
fn fail(problem: &Problem, json: bool) -> ExitCode {
    tell(&format!("error: {problem}"));
    if json {
        let event = serde_json::json!({ "type": "error", "problem": problem });
        // Whether it can be printed or not, it has failed, and standard error has it.
        let _ = say(&event.to_string());
    }
    ExitCode::FAILURE
}

/// Says that what was asked for is not there, since the user ended it. By convention the code of a process
/// that an interrupt has ended.
fn interrupted(what: &str) -> ExitCode {
    tell(&format!("interrupted: {what}"));
    ExitCode::from(130)
}

/// Prints a line on standard error, if anybody reads it.
fn tell(line: &str) {
    let _ = writeln!(io::stderr(), "{line}");
}

/// Prints a line on standard output; `false` where nobody reads it any more, as after `| head`.
///
/// # Errors
/// Where it cannot be written for another reason, such as a disk that is full.
fn say(line: &str) -> Result<bool, Problem> {
    match writeln!(io::stdout(), "{line}") {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Problem::new(
            "disk/refused",
            format!("standard output: {error}; write to another place"),
        )),
    }
}
