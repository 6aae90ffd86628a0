//! `cargo xtask bundle`: the page as it is published, in one folder of static files.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use brotli::CompressorWriter;
use brotli::enc::BrotliEncoderParams;
use clap::{Args, ValueEnum};
use flate2::Compression;
use flate2::write::GzEncoder;
use mole::data::SOURCES;

use crate::bundles::{Form, ensure, reproduce, wasm_file};
use crate::config::{Config, Sizes};
use crate::data::Data;
use crate::page::{SERVICE_WORKER, is_own_source, loaded_first, page_files, service_worker};
use crate::process::run as run_command;
use crate::{Outcome, root, tools, www};

#[derive(Args)]
pub struct Options {
    /// `quick` is quick to build, and not held to the size budgets.
    #[arg(long, value_enum, default_value_t = Profile::Ship)]
    profile: Profile,
    /// The folder to put the page into; an earlier one is replaced.
    #[arg(long, default_value = "dist")]
    out: PathBuf,
    /// A folder with data files, as <set>/<file>; what it lacks is fetched from the publishers.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Build every bundle once more from nothing, and refuse one that differs in a byte.
    #[arg(long)]
    twice: bool,
    /// Publish the built-in data sets only.
    #[arg(long)]
    no_data: bool,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
enum Profile {
    Ship,
    Quick,
}

pub fn run(options: &Options) -> Outcome {
    let config = Config::load()?;
    tools::ensure_wasm()?;
    tools::ensure_npm()?;
    let shipped = options.profile == Profile::Ship;
    let form = if shipped { Form::Shipped } else { Form::Quick };
    for bundle in &config.bundles {
        ensure(&config, bundle, form)?;
        if options.twice {
            reproduce(&config, bundle, form)?;
        }
    }
    let out = assemble(options)?;
    minify(&out)?;
    let worker = out.join(SERVICE_WORKER);
    fs::write(&worker, service_worker(&out, &fs::read_to_string(&worker)?)?)?;
    let within = report(&config, &out)?;
    if shipped && !within {
        return Err("a size is over its budget in wasm-pack.toml".into());
    }
    println!("The page is in {}", out.display());
    Ok(())
}

/// Writes the page's own scripts and styles into `out` without comments, spaces and long names.
/// Each file stays a file of its own: browsers load modules side by side, and a change leaves the
/// other files in their caches.
fn minify(out: &Path) -> Outcome {
    let mut esbuild = tools::with_tools("esbuild", ["--minify", "--format=esm"])?;
    // Browsers get the language as it is written; tsconfig.json is for the checker alone.
    esbuild.args(["--target=esnext", "--charset=utf8", "--tsconfig-raw={}"]);
    esbuild.args(["--log-level=warning", "--outbase=www"]);
    esbuild.arg(format!("--outdir={}", out.display()));
    for path in page_files(&www())?.into_iter().filter(|path| is_own_source(path)) {
        esbuild.arg(Path::new("www").join(path));
    }
    run_command(&mut esbuild)
}

/// Prints what has to be transferred, and says whether all of it is within budget. The page is the
/// one in `out`.
fn report(config: &Config, out: &Path) -> Outcome<bool> {
    println!("{:<14}{:>12}{:>12}{:>12}", "bytes", "raw", "gzip", "brotli");
    let mut within = true;
    for bundle in &config.bundles {
        let found = sizes(&fs::read(wasm_file(config, bundle))?)?;
        let Sizes { raw, gzip, brotli } = bundle.budget;
        println!("{:<14}{:>12}{:>12}{:>12}", bundle.name, found.raw, found.gzip, found.brotli);
        println!("{:<14}{raw:>12}{gzip:>12}{brotli:>12}", "  budget");
        within &= found.raw <= raw && found.gzip <= gzip && found.brotli <= brotli;
    }
    let first = gzipped(out, loaded_first(out)?)?;
    let sources = page_files(out)?.into_iter().filter(|path| is_own_source(path));
    let all = gzipped(out, sources.collect())?;
    println!("{:<14}{:>12}{first:>12}", "first js, css", "");
    println!("{:<14}{:>12}{:>12}", "  budget", "", config.page.gzip);
    println!("{:<14}{:>12}{all:>12}", "all js, css", "");
    Ok(within && first <= config.page.gzip)
}

/// Bytes of the files, each compressed by itself, as hosts send them.
fn gzipped(folder: &Path, files: Vec<PathBuf>) -> Outcome<u64> {
    let mut total = 0;
    for path in files {
        total += sizes(&fs::read(folder.join(path))?)?.gzip;
    }
    Ok(total)
}

fn sizes(bytes: &[u8]) -> Outcome<Sizes> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(bytes)?;
    let gzip = gzip.finish()?.len() as u64;

    // Quality 9 of 11: hosts compress once at the most, and 11 takes minutes.
    let settings = BrotliEncoderParams { quality: 9, lgwin: 22, ..Default::default() };
    let mut brotli = CompressorWriter::with_params(Vec::new(), 1 << 16, &settings);
    brotli.write_all(bytes)?;
    let brotli = brotli.into_inner().len() as u64;
    Ok(Sizes { raw: bytes.len() as u64, gzip, brotli })
}

/// Puts the page's files together; returns the folder.
fn assemble(options: &Options) -> Outcome<PathBuf> {
    let out = root().join(&options.out);
    sweep(&out)?;
    for path in page_files(&www())? {
        copy(&www().join(&path), &out.join(&path))?;
    }
    // Static hosts otherwise pass the files through a site generator.
    fs::write(out.join(".nojekyll"), "")?;

    if !options.no_data {
        let data = Data::new(options.data.clone());
        for source in SOURCES {
            for file in source.files {
                if let Some(found) = data.file(source.name, file.name) {
                    copy(&found?, &out.join("data").join(source.name).join(file.name))?;
                }
            }
        }
    }
    Ok(out)
}

/// An empty folder in the place of an earlier bundle. Only what this command has made may be swept away by it.
fn sweep(out: &Path) -> Outcome {
    const MARK: &str = ".mole-bundle";

    if out.exists() {
        if !out.join(MARK).exists() || out.join(".git").exists() {
            return Err(format!("{} is there and is not an earlier bundle", out.display()).into());
        }
        fs::remove_dir_all(out)?;
    }
    fs::create_dir_all(out)?;
    Ok(fs::write(out.join(MARK), "")?)
}

fn copy(from: &Path, to: &Path) -> Outcome {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    // Contents only: a read-only source must not make a folder that cannot be replaced.
    Ok(fs::write(to, fs::read(from)?)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_somebody_else_is_left_alone() {
        let folder = std::env::temp_dir().join(format!("mole-bundle-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for name in [".nojekyll", "index.html"] {
            fs::write(folder.join(name), "theirs").unwrap();
        }
        assert!(sweep(&folder).is_err());
        assert!(folder.join("index.html").exists());
        fs::remove_dir_all(&folder).unwrap();

        sweep(&folder).unwrap();
        fs::write(folder.join("index.html"), "ours").unwrap();
        sweep(&folder).unwrap();
        assert!(!folder.join("index.html").exists());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn compressed_is_smaller() {
        let found = sizes(&[7; 10_000]).unwrap();
        assert!(found.raw == 10_000 && found.gzip < 200 && found.brotli < 200);
    }
}
