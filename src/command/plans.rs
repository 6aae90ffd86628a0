//! `mole plans`.

use clap::Args;
use std::process::ExitCode;

use super::session::find_plan;
use super::{fail, say};
use mole::plan::presets;

#[derive(Args)]
pub struct Arguments {
    /// Print this plan as JSON: change it, and `mole train FILE.json` trains it.
    plan: Option<String>,
}

pub fn run(arguments: &Arguments) -> ExitCode {
    match &arguments.plan {
        None => {
            let mut plans = presets::all().into_iter();
            plans.all(|plan| say(&format!("{:<22} {}", plan.name, plan.description)));
        }
        Some(name) => match find_plan(name) {
            Ok(plan) => match serde_json::to_string_pretty(&plan) {
                Ok(text) => {
                    say(&text);
                }
                Err(error) => unreachable!("a plan is plain data: {error}"),
            },
            Err(problem) => return fail(&problem, false),
        },
    }
    ExitCode::SUCCESS
}
