//! `cargo xtask bundle`: the page as it is published, in one folder of static files.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use mole::data::SOURCES;

use crate::bundles::{Form, ensure, reproduce, wasm_file};
use crate::config::{Config, Sizes};
use crate::data::Data;
use crate::page::{SERVICE_WORKER, is_own_source, loaded_first, page_files, service_worker};
use crate::process::{answer, run as run_command};
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
    let within = report(&config, &out, &compress(&out, options.profile)?)?;
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

/// Writes each file that a host should compress once more, as `FILE.br`: those that can, send it as it lies
/// there. Returns the bytes of each.
fn compress(out: &Path, profile: Profile) -> Outcome<BTreeMap<PathBuf, Sizes>> {
    const KINDS: [&str; 7] = ["css", "html", "js", "json", "svg", "wasm", "webmanifest"];
    // The best one takes a minute.
    let quality = if profile == Profile::Ship { "11" } else { "4" };
    let mut node = tools::with_tools("node", ["xtask/compress.mjs", quality])?;
    for path in page_files(out)? {
        if path.extension().is_some_and(|kind| KINDS.iter().any(|known| kind == *known)) {
            node.arg(out.join(path));
        }
    }
    let told = answer(&mut node).ok_or("the page's files were not compressed")?;
    told.lines().map(|line| told_sizes(line, out)).collect()
}

/// `RAW GZIP BROTLI FILE`, the file as one in `out`.
fn told_sizes(line: &str, out: &Path) -> Outcome<(PathBuf, Sizes)> {
    let mut words = line.splitn(4, ' ');
    let mut next = || words.next().ok_or_else(|| format!("not the sizes of a file: {line}"));
    let (raw, gzip, brotli) = (next()?.parse()?, next()?.parse()?, next()?.parse()?);
    Ok((Path::new(next()?).strip_prefix(out)?.to_owned(), Sizes { raw, gzip, brotli }))
}

/// Prints what has to be transferred, and says whether all of it is within budget. The page is the
/// one in `out`, of the bytes that `sizes` has.
fn report(config: &Config, out: &Path, sizes: &BTreeMap<PathBuf, Sizes>) -> Outcome<bool> {
    println!("{:<14}{:>12}{:>12}{:>12}", "bytes", "raw", "gzip", "brotli");
    let mut within = true;
    for bundle in &config.bundles {
        let file = wasm_file(config, bundle)?;
        let found = sizes.get(&file).ok_or_else(|| format!("{} is missing", file.display()))?;
        let Sizes { raw, gzip, brotli } = bundle.budget;
        println!("{:<14}{:>12}{:>12}{:>12}", bundle.name, found.raw, found.gzip, found.brotli);
        println!("{:<14}{raw:>12}{gzip:>12}{brotli:>12}", "  budget");
        within &= found.raw <= raw && found.gzip <= gzip && found.brotli <= brotli;
    }
    // Each file compressed by itself, as hosts send them.
    let gzipped = |files: Vec<PathBuf>| files.iter().map(|path| sizes[path].gzip).sum::<u64>();
    let first = gzipped(loaded_first(out)?);
    let all = gzipped(sizes.keys().filter(|path| is_own_source(path)).cloned().collect());
    println!("{:<14}{:>12}{first:>12}", "first js, css", "");
    println!("{:<14}{:>12}{:>12}", "  budget", "", config.page.gzip);
    println!("{:<14}{:>12}{all:>12}", "all js, css", "");
    Ok(within && first <= config.page.gzip)
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
    fn the_sizes_of_a_file_are_read() {
        let (path, sizes) = told_sizes("30 20 10 out/pkg/a b.wasm", Path::new("out")).unwrap();
        assert_eq!(path, Path::new("pkg/a b.wasm"));
        assert!((sizes.raw, sizes.gzip, sizes.brotli) == (30, 20, 10));
        for line in ["", "1 2 3", "1 2 x out/a", "1 2 3 elsewhere/a"] {
            assert!(told_sizes(line, Path::new("out")).is_err(), "{line}");
        }
    }
}
