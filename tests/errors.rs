//! The closed list of failures: no other code is thrown, and those of readers and data are each
//! produced, with a place, what was expected, what was found and what to do next.

#![cfg(not(target_arch = "wasm32"))]

mod bad;
mod readers;

use mole::checkpoint::{Checkpoint, CheckpointError};
use mole::data::fetch::FetchError;
use mole::data::own::{OwnData, read, suggest};
use mole::data::{DataError, Files, source};
use mole::device::{DeviceError, DeviceKind};
use mole::embed::{Tsne, TsneConfig};
use mole::error::{CODES, Code, Evidence, Problem, Recovery};
use mole::estimators::EstimateError;
use mole::inspect::InspectError;
use mole::plan::Plan;
use mole::representation::WrongRepresentation;
use mole::rng::Seed;
use mole::run::{Cause, Fault, RewindError, RunError};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn files(name: &str, bytes: &[u8]) -> Files {
    let mut files = Files::default();
    files.insert(name, bytes.to_vec());
    files
}

/// Failures that no single bad file stands for.
fn others() -> Vec<Problem> {
    let table = files("t.csv", b"a,b\n1,x\n2,y\n3,x\n");
    let no_column = OwnData::Csv { label: "c".into(), header: true, test: 0.5, without: None };
    let unreachable = FetchError::Unreachable {
        file: "a".into(),
        reasons: "no route".into(),
        advice: "try again".into(),
    };
    let bad_archive = FetchError::BadArchive {
        file: "a.zip".into(),
        member: "a".into(),
        reason: "no end".into(),
        advice: "try again".into(),
    };
    let refused = FetchError::Refused {
        error: Box::new(DataError::MissingFile { file: "a".into() }),
        advice: "run it".into(),
    };
    let disk = FetchError::Disk { path: "a".into(), error: std::io::Error::other("full") };
    vec![
        source("nowhere").unwrap_err().into(),
        suggest(&Files::default()).unwrap_err().into(),
        read(&table, &no_column, Seed(0)).unwrap_err().into(),
        unreachable.into(),
        bad_archive.into(),
        refused.into(),
        disk.into(),
    ]
}

#[test]
fn every_code_of_readers_and_data_is_produced_with_its_words() {
    let bad = bad::files().into_iter().map(|file| {
        let problem = (file.read)(&file.bytes).expect_err(&file.name);
        assert_eq!(problem.code, file.code, "{}", file.name);
        problem
    });
    let mut produced = BTreeSet::new();
    for problem in bad.chain(others()) {
        let Code { text, recovery, .. } = Code::find(problem.code).expect(problem.code);
        assert_eq!((problem.text, problem.recovery), (*text, *recovery), "{}", problem.code);
        if problem.code.starts_with("parse/") {
            let Evidence { place, expected, found } = &**problem.evidence.as_ref().unwrap();
            assert_eq!(problem.message, format!("{place}: expected {expected}, found {found}"));
        }
        produced.insert(problem.code);
    }
    let ours = |name: &&str| name.starts_with("parse/") || name.starts_with("data/");
    let listed = CODES.iter().map(|code| code.name).filter(ours);
    assert_eq!(produced.into_iter().filter(ours).collect::<BTreeSet<_>>(), listed.collect());
}

/// What the command says it failed with.
fn failed(arguments: &[&str]) -> String {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_mole"));
    let output = command.args(arguments).arg("--json").output().unwrap();
    assert!(!output.status.success(), "{arguments:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let last: serde_json::Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    last["problem"]["code"].as_str().unwrap().to_owned()
}

/// Failures of devices, runs, checkpoints and views, as they leave the crate. That they happen when
/// they should is shown where those are tested.
fn of_runs() -> Vec<Problem> {
    let damaged = Checkpoint::from_bytes(b"").unwrap_err();
    let device = || DeviceError::Incomplete { expected: 2, found: 1 };
    let not_finite = |cause| RunError::NotFinite {
        stage: 0,
        step: 1,
        fault: Fault::Gradient,
        cause,
        rate: None,
    };
    let few = Tsne::new(&[0.0; 4], 2, TsneConfig::default(), Seed(0));
    let ragged = Tsne::new(&[0.0; 9], 2, TsneConfig::default(), Seed(0));
    let infinite = Tsne::new(&[f32::INFINITY; 60], 2, TsneConfig::default(), Seed(0));
    let with = |settings| Tsne::new(&[0.5; 600], 2, settings, Seed(0));
    let perplexity = with(TsneConfig { perplexity: 1e9, ..TsneConfig::default() });
    let setting = with(TsneConfig { rate: Some(-1.0), ..TsneConfig::default() });
    let mut problems = vec![
        RewindError::NoStage { found: 9, count: 3 }.into(),
        RewindError::NotReached { found: 2, at: 0 }.into(),
        RewindError::ChangedBefore { stage: 1 }.into(),
        "abacus".parse::<DeviceKind>().unwrap_err().into(),
        DeviceError::NoAdapter { reason: "none".into() }.into(),
        device().into(),
        RunError::Device(device()).into(),
        damaged.into(),
        CheckpointError::OtherVersion { found: 9 }.into(),
        CheckpointError::TooLarge { found: 1 << 40 }.into(),
        CheckpointError::OtherPlan { expected: "a".into(), found: "b".into() }.into(),
        CheckpointError::OtherData { expected: "a".into(), found: "b".into() }.into(),
        not_finite(Cause::Rate { rate: 1.0 }).into(),
        not_finite(Cause::Scale { greatest: 1e30 }).into(),
        not_finite(Cause::Setting { estimator: "MINE".into() }).into(),
        RunError::Representation(WrongRepresentation { expected: "a", found: "b" }).into(),
        InspectError::NotAlone.into(),
        Plan::from_json(b"{").unwrap_err().into(),
    ];
    let embeddings = [few, ragged, infinite, perplexity, setting];
    problems.extend(embeddings.map(|embedding| embedding.err().unwrap().into()));
    problems
}

#[test]
fn every_other_code_is_produced_with_its_words() {
    let mut produced = BTreeSet::new();
    for problem in of_runs() {
        let Code { text, recovery, .. } = Code::find(problem.code).expect(problem.code);
        assert_eq!((problem.text, problem.recovery), (*text, *recovery), "{}", problem.code);
        assert!(!problem.message.is_empty(), "{}", problem.code);
        // That a sample cannot be looked at alone has no place.
        assert!(problem.evidence.is_some() || problem.code == "inspect/impossible", "{problem:?}");
        produced.insert(problem.code.to_owned());
    }
    let folder = std::env::temp_dir().join(format!("mole-errors-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    let bare = folder.join("bare.md");
    fs::write(&bare, "no marks").unwrap();
    let bare = bare.to_str().unwrap();
    let quick = ["--dimensions", "1", "--rho", "0", "--steps", "1", "--seeds", "1"];
    let gaussians = |more: &[&'static str]| [&["gaussians"], &quick[..], more].concat();
    produced.extend([
        failed(&["train", "nowhere/bp"]),
        failed(&["train", "--resume", "/nowhere/run"]),
        failed(&["table1", "--rows", "vectors/bp", "--out", &format!("{bare}/runs")]),
        failed(&[&gaussians(&[])[..], &["--write", bare]].concat()),
        failed(&[&gaussians(&[])[..], &["--figure", "/nowhere/figure.svg"]].concat()),
    ]);
    fs::remove_dir_all(&folder).unwrap();
    let listed = CODES.iter().map(|code| code.name);
    // Calls of another form are of the boundary to JavaScript: `tests/browser/problems.test.js`; and
    // the backend that figures are drawn on, a string, never fails.
    let others = ["parse", "data", "request", "figure"];
    let ours = |name: &&str| !others.contains(&name.split('/').next().unwrap());
    let expected: BTreeSet<_> = listed.filter(ours).map(str::to_owned).collect();
    assert_eq!(produced, expected);
}

#[test]
fn what_is_said_is_short_and_plain() {
    let long = format!("\u{1b}[31m{}", "x".repeat(100_000));
    let problem = Problem::new("plan/invalid", long);
    assert_eq!(problem.message.chars().count(), 500);
    assert!(problem.message.starts_with("\\u{1b}[31mx"), "{}", problem.message);
}

#[test]
fn a_problem_has_the_form_that_the_page_reads() {
    let problem = |error: DataError| serde_json::to_value(Problem::from(error)).unwrap();
    let missing = problem(Files::default().get("adult.data").unwrap_err());
    let expected = serde_json::json!({
        "code": "data/missing-file",
        "text": "A file of the data set is missing.",
        "message": "adult.data: expected this file, found none",
        "place": "adult.data",
        "expected": "this file",
        "found": "none",
        "recovery": "fetch-the-data",
    });
    assert_eq!(missing, expected);
    let unknown = problem(source("nowhere").unwrap_err());
    assert_eq!(unknown["found"], "\"nowhere\"");
    assert_eq!(unknown["recovery"], "choose-another-plan");
    let alone = serde_json::to_value(Problem::from(InspectError::NotAlone)).unwrap();
    assert_eq!(alone.get("place"), None);
}

/// As the page and the command do.
#[test]
fn messages_count_stages_from_one() {
    let cause = Cause::Rate { rate: 1.0 };
    let (stage, step, fault) = (0, 7, Fault::Gradient);
    let not_finite = RunError::NotFinite { stage, step, fault, cause, rate: None };
    for (problem, place, said) in [
        (Problem::from(not_finite), "stage 1, step 7", "stage 1, step 7:"),
        (RewindError::NoStage { found: 3, count: 3 }.into(), "stage", "stage 4: the plan has 3"),
        (RewindError::NotReached { found: 2, at: 1 }.into(), "stage", "stage 3 has not begun"),
        (RewindError::ChangedBefore { stage: 1 }.into(), "plan before stage 2", "before stage 2"),
    ] {
        assert_eq!(problem.evidence.as_ref().unwrap().place, place);
        assert!(problem.message.contains(said), "{}", problem.message);
    }
}

/// An order other than 2 reads its matrices back, where a device that is lost shows.
#[test]
fn a_lost_device_is_one_whoever_asked() {
    let lost = || EstimateError::Device(DeviceError::Incomplete { expected: 2, found: 0 });
    let step = RunError::Step { stage: 0, source: lost().into() };
    let problems = [Problem::from(InspectError::from(lost())), Problem::from(step)];
    assert_eq!(problems.map(|problem| problem.code), ["device/failed"; 2]);
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let all = entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] });
    all.filter(|path| path.extension().is_some_and(|extension| extension == "rs")).collect()
}

/// The string that a piece of code starts with, if it does.
fn literal(code: &str) -> Option<&str> {
    code.trim_start().strip_prefix('"')?.split('"').next()
}

/// Codes are written where a `Problem` is made, and as what a function `code` gives.
#[test]
fn no_code_is_thrown_that_is_not_listed() {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut thrown = BTreeSet::new();
    for path in sources(&root) {
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for call in code.split("Problem::new(").skip(1) {
            let Some(name) = literal(call) else { continue };
            assert!(Code::find(name).is_some(), "{}: {name}", path.display());
            thrown.insert(name.to_owned());
        }
        let given = code.split("=>").skip(1).filter_map(literal);
        let shaped = |name: &&str| {
            let area = name.split('/').next().unwrap();
            name.matches('/').count() == 1
                && CODES.iter().any(|c| c.name.split('/').next() == Some(area))
        };
        for name in given.filter(shaped) {
            assert!(Code::find(name).is_some(), "{}: {name}", path.display());
            thrown.insert(name.to_owned());
        }
    }
    let unused: Vec<_> = CODES
        .iter()
        .map(|code| code.name)
        .filter(|name| !name.starts_with("parse/") && !thrown.contains(*name))
        .collect();
    assert!(unused.is_empty(), "{unused:?}");
    assert!(CODES.iter().any(|code| code.recovery == Recovery::FallBackToCpu));
}
