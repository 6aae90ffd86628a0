//! `cargo xtask fuzz`: every reader's oracle under libFuzzer, for a while. For millions of inputs, with
//! what it finds kept, there is `cargo fuzz` (`docs/reliability.md`).

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;

use crate::config::Config;
use crate::process::{answer, command, run as run_command};
use crate::{Outcome, builds, root};

#[derive(Args)]
pub struct Options {
    /// For each target.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Targets whose name contains this.
    #[arg(long, default_value = "")]
    only: String,
    /// Plans and checkpoints too, which takes the tensor library: slow to build.
    #[arg(long)]
    all: bool,
}

/// On each change: for so long as shows that every target still runs and finds nothing near.
pub const SHORT: Options = Options { seconds: 5, only: String::new(), all: false };

/// Gives how many targets there were.
pub fn run(options: &Options) -> Outcome<u64> {
    write_seeds()?;
    let folder = build(options.all)?;
    let mut names = targets(options.all)?;
    names.retain(|name| name.contains(&options.only));
    names.iter().try_for_each(|name| fuzz(&folder, name, options.seconds))?;
    Ok(names.len() as u64)
}

/// By the same build as the native tests.
fn write_seeds() -> Outcome {
    let mut seeds = command("cargo", ["test", "--workspace", "--features", "ndarray", "--quiet"]);
    seeds.args(["--profile", &Config::load()?.profile]);
    run_command(seeds.args(["--test", "mutations", "--", "--ignored"]))
}

/// Builds the targets with the counters that libFuzzer steers by, and gives their folder. What
/// `cargo fuzz` does, without its address sanitizer, for which the compiler must be a nightly one.
fn build(all: bool) -> Outcome<PathBuf> {
    const COUNTERS: [&str; 5] = [
        "-Cpasses=sancov-module",
        "-Cllvm-args=-sanitizer-coverage-level=4",
        "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
        "-Cllvm-args=-sanitizer-coverage-pc-table",
        "-Cllvm-args=-sanitizer-coverage-trace-compares",
    ];
    let host = answer(&mut command("rustc", ["--print", "host-tuple"]))
        .ok_or("rustc does not say what machine this is")?;
    let target = builds()?.join("fuzz");
    // Named, so that build scripts and procedural macros go without the counters.
    let mut build = command("cargo", ["build", "--release", "--locked", "--target", &host]);
    build.args(["--manifest-path", "tests/fuzz/Cargo.toml"]).arg("--target-dir").arg(&target);
    if all {
        build.args(["--features", "cpu"]);
    }
    let checks = ["--cfg fuzzing", "-Cdebug-assertions", "-Coverflow-checks"];
    build.env("RUSTFLAGS", [&COUNTERS[..], &checks].concat().join(" "));
    run_command(&mut build)?;
    Ok(target.join(host).join("release"))
}

/// Their names, as the manifest has them.
fn targets(all: bool) -> Outcome<Vec<String>> {
    let manifest: toml::Table =
        fs::read_to_string(root().join("tests/fuzz/Cargo.toml"))?.parse()?;
    let listed = manifest.get("bin").and_then(toml::Value::as_array).into_iter().flatten();
    let wanted = listed.filter(|bin| all || bin.get("required-features").is_none());
    let names = wanted.filter_map(|bin| bin.get("name")?.as_str().map(str::to_owned));
    Ok(names.collect())
}

/// Starts from the seeds. What it finds stays in the build folder.
fn fuzz(folder: &Path, name: &str, seconds: u64) -> Outcome {
    let mut fuzz = command(&folder.join(name).to_string_lossy(), [""; 0]);
    fuzz.arg(format!("-max_total_time={seconds}"));
    fuzz.args(["-max_len=4096", "-timeout=10", "-rss_limit_mb=512", "-verbosity=0"]);
    fuzz.args(["-print_final_stats=1", "-seed=1"]);
    let corpus = root().join("tests/fuzz/corpus");
    fuzz.arg(format!("-dict={}", corpus.join(format!("{name}.dict")).display()));
    // New inputs go to the first folder, both are read.
    let found = folder.join("found").join(name);
    fs::create_dir_all(&found)?;
    fuzz.arg(format!("-artifact_prefix={}/", found.display())).args([&found, &corpus.join(name)]);
    run_command(&mut fuzz)
}
