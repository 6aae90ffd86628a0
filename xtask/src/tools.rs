//! The tools that a build needs: found, or installed into one cache folder at exact versions.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::process::{answer, command, run};
use crate::{Outcome, root, www};

pub const WASM_TARGET: &str = "wasm32-unknown-unknown";
const WASM_PACK: &str = "0.15.1";
const NODE_MAJOR: u32 = 20;

/// Programs of this folder come before those on the `PATH`: `$MOLE_TOOLS`, or a cache of the user.
fn folder() -> Outcome<PathBuf> {
    if let Some(folder) = env::var_os("MOLE_TOOLS") {
        return Ok(folder.into());
    }
    let home = env::var_os("HOME").ok_or("neither MOLE_TOOLS nor HOME is set")?;
    Ok(Path::new(&home).join(".cache/mole/tools"))
}

/// A program that sees the installed tools first.
pub fn with_tools<const N: usize>(program: &str, arguments: [&str; N]) -> Outcome<Command> {
    let mut command = command(program, arguments);
    command.env("PATH", path()?);
    Ok(command)
}

/// The search path with the installed tools first: wasm-pack finds wasm-bindgen by it.
pub fn path() -> Outcome<OsString> {
    let ours = [folder()?.join("bin"), www().join("node_modules/.bin")];
    let theirs = env::var_os("PATH").unwrap_or_default();
    let all = ours.into_iter().chain(env::split_paths(&theirs));
    Ok(env::join_paths(all)?)
}

/// Held while something is installed: the lanes of the tests ask for the same.
fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::new(());
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What building a bundle takes.
pub fn ensure_wasm() -> Outcome {
    let _alone = alone();
    let sysroot =
        answer(&mut command("rustc", ["--print", "sysroot"])).ok_or("rustc is missing")?;
    if !Path::new(&sysroot).join("lib/rustlib").join(WASM_TARGET).exists() {
        run(&mut command("rustup", ["target", "add", WASM_TARGET]))?;
    }
    // Tools run for seconds: what a better build of theirs would save is less than what it takes. One
    // calls others only, the other works through megabytes.
    ensure_crate("wasm-pack", "wasm-pack", WASM_PACK, "0")?;
    ensure_crate("wasm-bindgen-cli", "wasm-bindgen", &wasm_bindgen_version()?, "1")
}

/// The npm packages that `www/package.json` pins: checkers, the browser's remote control, wasm-opt.
pub fn ensure_npm() -> Outcome {
    let _alone = alone();
    let version = answer(&mut command("node", ["--version"]));
    let major = version.as_deref().and_then(|text| text.trim_start_matches('v').split('.').next());
    if major.and_then(|text| text.parse().ok()).is_none_or(|major: u32| major < NODE_MAJOR) {
        let found = version.as_deref().unwrap_or("none");
        return Err(format!("Node.js {NODE_MAJOR} or newer is needed; found: {found}").into());
    }
    // npm leaves a copy of the lock file behind: the same text means the same packages.
    let wanted = fs::read(www().join("package-lock.json"))?;
    let stamp = www().join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    run(command("npm", ["ci", "--no-audit", "--no-fund"]).current_dir(www()))?;
    Ok(fs::write(stamp, wanted)?)
}

/// What the browser tests run in.
pub struct Browsers {
    pub chromium: PathBuf,
    pub firefox: PathBuf,
}

/// The browsers, and Chromium's driver. They are the system's: this says what to do where they are
/// missing.
pub fn ensure_browsers() -> Outcome<Browsers> {
    let chromium = find(&["chromium", "chromium-browser", "google-chrome"]);
    let firefox = find(&["firefox-esr", "firefox"]);
    let driver = find(&["chromedriver"]);
    match (chromium, firefox, driver) {
        (Some(chromium), Some(firefox), Some(_)) => Ok(Browsers { chromium, firefox }),
        _ => Err("the browser tests need chromium, chromedriver and firefox on the PATH \
             (Debian: apt-get install chromium chromium-driver firefox-esr)"
            .into()),
    }
}

fn find(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|candidate| candidate.is_file())
}

/// Installs a crate's programs, built at an optimisation level, unless `program` is there at that very
/// version.
fn ensure_crate(krate: &str, program: &str, version: &str, level: &str) -> Outcome {
    let folder = folder()?;
    let installed = folder.join("bin").join(program);
    let answer =
        installed.exists().then(|| answer(Command::new(&installed).arg("--version"))).flatten();
    if answer.is_some_and(|text| text.split_whitespace().nth(1) == Some(version)) {
        return Ok(());
    }

    println!("Installing {krate} {version} into {}", folder.display());
    let exact = format!("{krate}@{version}");
    let install = |locked: &[&str]| {
        let mut install = command("cargo", ["install", "--quiet", "--force", &exact]);
        install.arg("--root").arg(&folder).args(locked);
        // A folder of its own: the build's flags and profiles have no business here.
        install.env_remove("CARGO_TARGET_DIR").env_remove("RUSTFLAGS");
        install.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", level);
        install.env("CARGO_PROFILE_RELEASE_LTO", "off");
        install.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        run(&mut install)
    };
    // A lock file can name a version that has been withdrawn; the tool is the same without it.
    install(&["--locked"]).or_else(|_| install(&[]))
}

/// The tool must be of the very version that the crate is built with.
fn wasm_bindgen_version() -> Outcome<String> {
    let lock = fs::read_to_string(root().join("Cargo.lock"))?;
    let lock: toml::Table = lock.parse()?;
    lock.get("package")
        .and_then(toml::Value::as_array)
        .into_iter()
        .flatten()
        .find(|package| package.get("name").and_then(toml::Value::as_str) == Some("wasm-bindgen"))
        .and_then(|package| package.get("version")?.as_str().map(str::to_owned))
        .ok_or_else(|| "Cargo.lock names no wasm-bindgen".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_file_gives_the_bindgen_version() {
        assert!(wasm_bindgen_version().unwrap().starts_with("0.2."));
    }
}
