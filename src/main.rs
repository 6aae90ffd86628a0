//! The command `mole`: the same core without a browser.

#[cfg(not(target_arch = "wasm32"))]
mod command;

#[cfg(not(target_arch = "wasm32"))]
fn main() -> std::process::ExitCode {
    command::main()
}

/// Cargo builds the command beside the browser tests; there is nothing for it to do there.
#[cfg(target_arch = "wasm32")]
fn main() {}
