//! Building a wasm bundle with wasm-pack, if what it is made of has changed.

use std::fs;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::config::{Bundle, Config};
use crate::process::{command, run};
use crate::{Outcome, root, tools};

/// What a bundle is for.
#[derive(Clone, Copy, PartialEq)]
pub enum Form {
    /// Tests and one's own machine.
    Quick,
    /// Optimised as published.
    Shipped,
}

/// Builds the bundle unless it stands there already. A shipped bundle also serves where a quick one
/// would do.
pub fn ensure(config: &Config, bundle: &Bundle, form: Form) -> Outcome {
    let folder = root().join(&bundle.out_dir);
    let stamp = folder.join(".built-from");
    let made_of = fingerprint(config, bundle)?;
    let shipped = format!("{} {made_of}", config.ship.profile);
    let quick = format!("{} {made_of}", config.profile);
    let built = fs::read_to_string(&stamp).unwrap_or_default();
    if built == shipped || (form == Form::Quick && built == quick) {
        return Ok(());
    }

    println!("Building the {} bundle", bundle.name);
    let mark = if form == Form::Quick { quick } else { shipped };
    place_licences(&folder)?;
    // What a build that fails leaves behind is of no known source.
    fs::write(&stamp, "")?;
    build(config, &Package::page(config, bundle), &folder, form)?;
    Ok(fs::write(stamp, mark)?)
}

/// Builds the bundle once more, from nothing and into folders of its own.
///
/// # Errors
/// Also where a byte of it differs from the one that stands there.
pub fn reproduce(config: &Config, bundle: &Bundle, form: Form) -> Outcome {
    let again = root().join("target/again").join(&bundle.name);
    // What an earlier time left there would be taken for built.
    if again.exists() {
        fs::remove_dir_all(&again)?;
    }
    let (target, folder) = (again.join("build"), again.join("bundle"));
    let package = Package { target_dir: Some(&target), ..Package::page(config, bundle) };
    println!("Building the {} bundle again", bundle.name);
    build(config, &package, &folder, form)?;
    let first = root().join(&bundle.out_dir);
    for suffix in ["_bg.wasm", ".js", ".d.ts"] {
        let name = format!("{}{suffix}", config.out_name);
        if fs::read(first.join(&name))? != fs::read(folder.join(&name))? {
            return Err(
                format!("{name} of the {} bundle differs when built again", bundle.name).into()
            );
        }
    }
    println!("The {} bundle is the same to the byte", bundle.name);
    Ok(())
}

/// A crate of this repository as a bundle.
pub struct Package<'a> {
    /// Its folder.
    pub krate: &'a str,
    pub out_name: &'a str,
    /// Which gives the features.
    pub bundle: &'a Bundle,
    /// Cargo's folder, where it is not the usual one.
    pub target_dir: Option<&'a Path>,
}

impl<'a> Package<'a> {
    /// The page's own.
    fn page(config: &'a Config, bundle: &'a Bundle) -> Self {
        Package { krate: ".", out_name: &config.out_name, bundle, target_dir: None }
    }
}

/// Builds it into `folder`.
pub fn build(config: &Config, package: &Package, folder: &Path, form: Form) -> Outcome {
    wasm_pack(config, package, folder, form)?;
    match form {
        Form::Quick => Ok(()),
        Form::Shipped => optimise(config, &folder.join(format!("{}_bg.wasm", package.out_name))),
    }
}

/// The bundle's `.wasm`, within the page's folder.
pub fn wasm_file(config: &Config, bundle: &Bundle) -> Outcome<PathBuf> {
    let folder = Path::new(&bundle.out_dir).strip_prefix("www")?;
    Ok(folder.join(format!("{}_bg.wasm", config.out_name)))
}

/// The environment variable by which cargo takes flags for wasm alone: build scripts and procedural
/// macros stay those of the native build.
pub fn rustflags(config: &Config) -> (&'static str, String) {
    ("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS", config.rustflags.join(" "))
}

/// wasm-pack lists in package.json the licences that lie in the folder, and copies them there only
/// after that: the first build into an empty folder would leave them out of the npm package.
fn place_licences(folder: &Path) -> Outcome {
    fs::create_dir_all(folder)?;
    for name in ["LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(root().join(name), folder.join(name))?;
    }
    Ok(())
}

fn wasm_pack(config: &Config, package: &Package, folder: &Path, form: Form) -> Outcome {
    let (flags, value) = rustflags(config);
    let mut build = command("wasm-pack", ["build", "--mode", "no-install", "--no-opt"]);
    build.args(["--target", &config.target, "--out-name", package.out_name]);
    build.arg("--out-dir").arg(folder);
    let profile = if form == Form::Quick { &config.profile } else { &config.ship.profile };
    build.args(["--profile", profile]);
    build.arg(package.krate);
    if !package.bundle.features.is_empty() {
        build.args(["--features", &package.bundle.features.join(",")]);
    }
    if let Some(folder) = package.target_dir {
        build.env("CARGO_TARGET_DIR", folder);
    }
    run(build.env("PATH", tools::path()?).env(flags, value))
}

fn optimise(config: &Config, wasm: &Path) -> Outcome {
    let mut optimise = command("wasm-opt", &config.ship.wasm_opt);
    optimise.arg(wasm).arg("-o").arg(wasm).env("PATH", tools::path()?);
    run(&mut optimise)
}

/// SHA-256 over all that decides how the bundle comes out.
fn fingerprint(config: &Config, bundle: &Bundle) -> Outcome<String> {
    let mut files = vec![root().join("Cargo.toml"), root().join("Cargo.lock")];
    files.push(root().join("wasm-pack.toml"));
    collect(&root().join("src"), &mut files)?;
    files.sort();

    let mut hash = Sha256::new();
    hash.update(format!("{:?} {:?} {}", config.rustflags, bundle.features, config.target));
    for file in files {
        let bytes = fs::read(&file)?;
        hash.update(file.strip_prefix(root())?.as_os_str().as_encoded_bytes());
        hash.update(bytes.len().to_le_bytes());
        hash.update(bytes);
    }
    Ok(format!("{:x}", hash.finalize()))
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Outcome {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, files)?;
        } else {
            files.push(path);
        }
    }
    Ok(())
}
