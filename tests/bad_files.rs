//! Files as they should not be: each is refused with its own code, and the message names the file,
//! the place, what was expected and what was found. Nothing panics.

#![cfg(not(target_arch = "wasm32"))]

mod bad;
mod readers;

use mole::bytes::ParseErrorKind;
use mole::data::own::suggest;
use mole::data::{DataError, Files, source};
use mole::error::{Evidence, Problem};
use mole::rng::Seed;
use readers::{TARGETS, assert_is_short};
use std::collections::{BTreeMap, BTreeSet};

/// Where, what was expected and what was found, in few words, and none that a terminal or a page would
/// take for more than text.
fn assert_tells(name: &str, problem: &Problem) {
    let Evidence { place, expected, found } = &**problem.evidence.as_ref().expect(name);
    for part in [place, expected, found, &problem.message] {
        assert!(!part.is_empty() && part.chars().count() < 300, "{name}: {part}");
        assert!(!part.chars().any(char::is_control), "{name}: {part}");
    }
    if problem.code.starts_with("parse/") {
        assert_eq!(problem.message, format!("{place}: expected {expected}, found {found}"));
    }
}

#[test]
fn every_bad_file_has_its_code() {
    let files = bad::files();
    let names: BTreeSet<_> = files.iter().map(|file| &file.name).collect();
    assert_eq!(names.len(), files.len());
    let mut wrong = Vec::new();
    let (mut counts, mut areas) = (BTreeMap::new(), BTreeMap::new());
    for file in &files {
        *counts.entry(file.code).or_insert(0) += 1;
        *areas.entry(file.name.split('/').next().unwrap()).or_insert(0) += 1;
        match (file.read)(&file.bytes) {
            Ok(()) => wrong.push(format!("{}: expected {}, was read", file.name, file.code)),
            Err(problem) => {
                assert_tells(&file.name, &problem);
                if problem.code != file.code {
                    let found = problem.code;
                    wrong.push(format!("{}: expected {}, {found} {problem}", file.name, file.code));
                }
            }
        }
    }
    println!("{} bad files: {areas:#?} {counts:#?}", files.len());
    assert!(wrong.is_empty(), "{} wrong codes:\n{}", wrong.len(), wrong.join("\n"));
    assert!(files.len() >= 400);
    for kind in ParseErrorKind::ALL {
        assert!(counts.contains_key(kind.code()), "no file for {}", kind.code());
    }
}

/// Binary formats say how long they are, so that no prefix is a file. A text cut between two lines
/// is a shorter text: only the size that is pinned tells (`readers::text`, `readers::csv` and
/// `Source::verify`).
#[test]
fn every_prefix_of_every_small_sound_file_is_refused_or_is_its_beginning() {
    let mut n = 0;
    for target in TARGETS {
        let seeds = (target.seeds)();
        for seed in seeds.iter().filter(|seed| seed.len() < 1000) {
            for end in 0..seed.len() {
                (target.check)(&seed[..end]);
                n += 1;
            }
        }
    }
    assert!(n > 2000, "{n}");
}

#[test]
fn no_changed_byte_makes_a_reader_break_a_promise() {
    for target in TARGETS.iter().filter(|target| !["sets", "own"].contains(&target.name)) {
        for seed in (target.seeds)().iter().filter(|seed| seed.len() < 400) {
            for at in 0..seed.len() {
                for value in 0..=255 {
                    let mut changed = seed.clone();
                    changed[at] = value;
                    (target.check)(&changed);
                }
            }
        }
    }
}

#[test]
fn a_file_that_is_not_the_publishers_is_refused_before_it_is_read() {
    let adult = source("adult").unwrap();
    let load = |files: &Files| adult.load(files, Seed(0)).unwrap_err();
    let mut files = Files::default();
    let missing = load(&files);
    assert_eq!(missing.to_string(), "adult.data: expected this file, found none");
    assert_eq!(missing.code(), "data/missing-file");
    files.insert("adult.data", b"39, State-gov\n".to_vec());
    let short = load(&files);
    assert_eq!(short.to_string(), "adult.data: expected 3974305 bytes, found 14");
    assert_eq!(short.code(), "data/wrong-size");
    files.insert("adult.data", vec![b'\n'; 3_974_305]);
    let changed = load(&files);
    assert_eq!(changed.code(), "data/wrong-hash");
    let DataError::WrongHash { expected, found, .. } = &changed else { panic!("{changed}") };
    assert!(expected.len() == 64 && found.len() == 64 && expected != found);
    // Without the check of hashes the reader itself says what is wrong.
    let read = adult.parse(&Files::default(), Seed(0)).unwrap_err();
    assert_eq!(read.code(), "data/missing-file");
    files.insert("adult.data", b"39, State-gov\n".to_vec());
    files.insert("adult.test", Vec::new());
    let read = adult.parse(&files, Seed(0)).unwrap_err();
    assert_eq!(read.to_string(), "adult.data, line 1: expected 15 fields, found 2");
}

#[test]
fn names_that_somebody_gave_are_not_repeated_in_full() {
    let name = "<script>\n".repeat(10_000);
    let error = source(&name).unwrap_err();
    assert_eq!(error.code(), "data/unknown-name");
    assert_is_short(&error);
    let mut files = Files::default();
    (0..1000).for_each(|i| files.insert(format!("{i}\n.txt"), Vec::new()));
    let error = suggest(&files).unwrap_err();
    assert_eq!(error.code(), "data/unrecognised");
    assert_is_short(&error);
}
