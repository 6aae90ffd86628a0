//! The page for programs that open it in a browser.

use std::env;
use std::process::Command;

use crate::bundles::{self, Form};
use crate::config::Config;
use crate::data::Data;
use crate::{Outcome, server, tools};

/// Builds what is stale, serves the page until this program ends, and tells `program` by its
/// environment where the page is (`BASE_URL`) and where the browsers are (`CHROMIUM`, `FIREFOX`).
pub fn serve_to(program: &mut Command) -> Outcome {
    tools::ensure_npm()?;
    tools::ensure_wasm()?;
    let browsers = tools::ensure_browsers()?;
    let config = Config::load()?;
    for bundle in &config.bundles {
        bundles::ensure(&config, bundle, Form::Quick)?;
    }
    // Cargo sets it for this very program: see `.cargo/config.toml`.
    let data = env::var_os("MOLE_DATA").map(Into::into);
    let address = server::start(0, Data::new(data))?;
    program.env("BASE_URL", format!("http://{address}/"));
    program.env("CHROMIUM", browsers.chromium).env("FIREFOX", browsers.firefox);
    Ok(())
}
