//! `mole plans`.

use clap::Args;
use std::process::ExitCode;

use super::session::find_plan;
use super::{fail, say};
use mole::error::Problem;
use mole::plan::presets;

#[derive(Args)]
pub struct Arguments {
    /// Print this plan as JSON: change it, and `mole train FILE.json` trains it.
    plan: Option<String>,
}

pub fn run(arguments: &Arguments) -> ExitCode {
    match print(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => fail(&problem, false),
    }
}

fn print(arguments: &Arguments) -> Result<(), Problem> {
    let Some(name) = &arguments.plan else {
        for plan in presets::all() {
            if !say(&format!("{:<22} {}", plan.name, plan.description))? {
                break;
            }
        }
        return Ok(());
    };
    match serde_json::to_string_pretty(&find_plan(name)?) {
        Ok(text) => say(&text).map(|_| ()),
        Err(error) => unreachable!("a plan is plain data: {error}"),
    }
}
