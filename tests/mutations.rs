//! What every reader promises of any input, on inputs that are nearly sound: the short form of the
//! fuzzing in `tests/fuzz/`, with the same oracles.

mod readers;

use mole::rng::Seed;
use readers::{TARGETS, mutate::mutated};

fn keeps_its_promises(name: &str, n: usize) {
    let target = TARGETS.iter().find(|target| target.name == name).unwrap();
    let seeds = (target.seeds)();
    seeds.iter().for_each(|seed| (target.check)(seed));
    let mut stream = Seed(11).stream(name);
    for _ in 0..n {
        (target.check)(&mutated(target, &seeds, &mut stream));
    }
}

#[test]
fn gzip() {
    keeps_its_promises("gzip", 50_000);
}

#[test]
fn idx() {
    keeps_its_promises("idx", 100_000);
}

#[test]
fn csv() {
    keeps_its_promises("csv", 200_000);
}

#[test]
fn text() {
    keeps_its_promises("text", 200_000);
}

#[test]
fn tu() {
    keeps_its_promises("tu", 200_000);
}

#[test]
fn pickle() {
    keeps_its_promises("pickle", 200_000);
}

#[test]
fn sets() {
    keeps_its_promises("sets", 5_000);
}

#[test]
fn own() {
    keeps_its_promises("own", 10_000);
}

#[cfg(feature = "cpu")]
#[test]
fn plan() {
    keeps_its_promises("plan", 20_000);
}

#[cfg(all(feature = "cpu", not(target_arch = "wasm32")))]
#[test]
fn checkpoint() {
    keeps_its_promises("checkpoint", 5_000);
}

/// A folder per target, for `cargo fuzz`.
#[cfg(not(target_arch = "wasm32"))]
#[test]
#[ignore = "writes tests/fuzz/corpus"]
fn write_the_seeds_of_the_corpora() {
    use std::{fs, path::PathBuf};
    let corpora = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus");
    for target in TARGETS {
        let folder = corpora.join(target.name);
        fs::create_dir_all(&folder).unwrap();
        for (i, seed) in (target.seeds)().iter().enumerate() {
            fs::write(folder.join(format!("seed-{i}")), seed).unwrap();
        }
        // Quoted as libFuzzer's dictionaries are.
        let quoted = |token: &&[u8]| {
            let hex: String = token.iter().map(|byte| format!("\\x{byte:02x}")).collect();
            format!("\"{hex}\"\n")
        };
        let tokens: String = target.tokens.iter().map(quoted).collect();
        fs::write(corpora.join(format!("{}.dict", target.name)), tokens).unwrap();
    }
}

/// Where a size has 32 bits.
#[cfg(target_arch = "wasm32")]
mod browser {
    use super::*;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    wasm_bindgen_test_configure!(run_in_dedicated_worker);

    #[wasm_bindgen_test]
    fn readers_keep_their_promises() {
        TARGETS.iter().for_each(|target| keeps_its_promises(target.name, 1000));
    }
}
