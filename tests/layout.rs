//! What the source tree promises: every layer and estimator registered, no synchronous read of a
//! device, and a file's size.

#![cfg(not(target_arch = "wasm32"))]

use mole::estimators::Estimator;
use mole::layers::Layer;
use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<PathBuf> {
    files(folder, "rs")
}

fn files(folder: &Path, kind: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries
        .flat_map(|path| if path.is_dir() { files(&path, kind) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|extension| extension == kind))
        .collect()
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_layer_and_estimator_is_registered() {
    /// Files of the folder that are not a layer or an estimator themselves.
    const SHARED: [&str; 7] =
        ["mod", "critic", "dependence", "gaussians", "gram", "prior", "spectrum"];
    for (folder, registered) in [("layers", Layer::FILES), ("estimators", Estimator::FILES)] {
        let mut found: Vec<String> = sources(&root().join("src").join(folder))
            .iter()
            .filter_map(|path| Some(path.file_stem()?.to_str()?.to_owned()))
            .filter(|name| !SHARED.contains(&name.as_str()))
            .collect();
        found.sort();
        let mut registered = registered.to_vec();
        registered.sort_unstable();
        assert_eq!(found, registered, "src/{folder}");
    }
}

/// A synchronous read works on the CPU and panics on WebGPU, so tests on the CPU do not find it. All
/// reads go through `device::read`. Clippy has the same list (`.clippy.toml`), where it can name a
/// method; this also finds those of traits.
#[test]
fn nothing_reads_a_device_synchronously() {
    const BANNED: &[&str] = &[
        ".into_data()",
        ".to_data()",
        ".into_scalar()",
        ".to_data_as",
        ".into_data_as",
        ".try_into_data",
        ".try_to_data",
        ".try_into_scalar",
        ".try_into_vec",
        ".try_to_vec",
        ".into_data_dtype",
        ".to_data_dtype",
        ".execute()",
        ".try_execute()",
        ".nonzero()",
        ".argwhere()",
        ".mask_select(",
        ".argsort(",
        ".one_hot(",
        ".one_hot_fill(",
        ".sort_with_indices(",
        ".sort_descending(",
        ".topk(",
        ".topk_with_indices(",
        ".into_record()",
        ".to_record()",
        "svd(",
        ".into_bytes()",
        ".all_close(",
        "block_on(",
    ];
    let mut found = Vec::new();
    for path in sources(&root().join("src")) {
        // The command and unit tests are native only, and their futures may be waited for.
        if path.starts_with(root().join("src/command")) || path.ends_with("tests.rs") {
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        // Tests at a file's foot run natively.
        let code = text.split("\nmod tests {").next().unwrap();
        for (number, line) in code.lines().enumerate() {
            let line = line.split("//").next().unwrap();
            if let Some(banned) = BANNED.iter().find(|banned| line.contains(*banned)) {
                found.push(format!("{}:{}: {banned}", path.display(), number + 1));
            }
        }
    }
    assert!(found.is_empty(), "synchronous reads:\n{}", found.join("\n"));
}

#[test]
fn no_file_has_more_than_450_lines() {
    let [rust, script] = ["rs", "js"];
    for (folder, kind) in [
        ("src", rust),
        ("tests", rust),
        ("xtask", rust),
        ("benches/src", rust),
        ("www/js", script),
        ("www/test", script),
        ("tests/browser", script),
    ] {
        for path in files(&root().join(folder), kind) {
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            assert!(lines <= 450, "{}: {lines} lines", path.display());
        }
    }
}
