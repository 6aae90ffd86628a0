//! `cargo xtask screenshots`: pictures of every view of the page, for people to look at.

use std::env;
use std::path::PathBuf;

use clap::Args;

use crate::process::run as run_command;
use crate::tools::with_tools;
use crate::{Outcome, live};

#[derive(Args)]
pub struct Options {
    /// The folder to put them into; what is there under the same names is replaced.
    #[arg(long, value_name = "DIR", default_value = "target/screenshots")]
    out: PathBuf,
}

pub fn run(options: &Options) -> Outcome {
    let out = env::current_dir()?.join(&options.out);
    let mut album = with_tools("node", ["tests/browser/screenshots.js"])?;
    live::serve_to(album.arg(out))?;
    run_command(&mut album)
}
