//! `cargo xtask serve`: the page on this machine.

use std::path::PathBuf;
use std::thread;

use clap::Args;

use crate::bundles::{Form, ensure};
use crate::config::Config;
use crate::data::Data;
use crate::{Outcome, server, tools};

#[derive(Args)]
pub struct Options {
    /// 0 takes a free one.
    #[arg(long, default_value_t = 8080)]
    port: u16,
    /// A folder with data files, as <set>/<file>; what it lacks is fetched from the publishers.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Leave the GPU bundle out, which takes long to build.
    #[arg(long)]
    quick: bool,
}

pub fn run(options: &Options) -> Outcome {
    let config = Config::load()?;
    tools::ensure_wasm()?;
    ensure(&config, config.bundle("cpu")?, Form::Quick)?;
    let address = server::start(options.port, Data::new(options.data.clone()))?;
    println!("MOLE is at http://{address}/ (Ctrl-C ends it)");

    // The page works without it, and says that it is on the CPU.
    if !options.quick {
        match ensure(&config, config.bundle("gpu")?, Form::Quick) {
            Ok(()) => println!("The GPU bundle is ready."),
            Err(error) => eprintln!("No GPU bundle, the page stays on the CPU: {error}"),
        }
    }
    loop {
        thread::park();
    }
}
