//! `mole data`.

use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

use super::session::DATA_FOLDER;
use super::{fail, tell};
use mole::data::{self, SOURCES, Source, fetch};
use mole::error::Problem;

#[derive(Args)]
pub struct Arguments {
    /// Data sets; all of them where none is named.
    names: Vec<String>,
    /// Where they are kept, a folder each. Files already there are checked, not downloaded.
    #[arg(long, default_value = DATA_FOLDER)]
    dir: PathBuf,
    /// Download from BASE/SET/FILE in place of the publishers.
    #[arg(long, value_name = "BASE")]
    mirror: Option<String>,
}

pub fn run(arguments: &Arguments) -> ExitCode {
    match bring(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => fail(&problem, false),
    }
}

fn bring(arguments: &Arguments) -> Result<(), Problem> {
    let named: Result<Vec<&Source>, _> =
        arguments.names.iter().map(|name| data::source(name)).collect();
    let sources = match named? {
        all if all.is_empty() => SOURCES.to_vec(),
        named => named,
    };
    for source in sources.into_iter().filter(|source| !source.files.is_empty()) {
        fetch::fetch(source, &arguments.dir, arguments.mirror.as_deref(), &fetch::bar())?;
        let folder = arguments.dir.join(source.name);
        tell(&format!("{}: {} files in {}", source.title, source.files.len(), folder.display()));
    }
    Ok(())
}
