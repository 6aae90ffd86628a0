//! One byte of a download changed, wherever it is: refused before anything reads it.

#![cfg(all(feature = "fetch", not(target_arch = "wasm32")))]

mod server;

use mole::data::SOURCES;
use mole::rng::{Seed, Stream};
use server::{FILE, Folder, Reply, Server, archive, content, from, from_archive, run};
use std::fs;
use std::path::PathBuf;

/// The bytes with one of them changed.
fn changed(bytes: &[u8], stream: &mut Stream) -> Vec<u8> {
    let mut changed = bytes.to_vec();
    changed[stream.below(bytes.len())] ^= 1 + stream.below(255) as u8;
    changed
}

/// By the command, from a server that answers with a file that is not quite the publisher's.
fn downloads_are_refused(n: usize) {
    let mut stream = Seed(2).stream("downloads");
    for _ in 0..n {
        let bytes = changed(&content(), &mut stream);
        let server = Server::new(move |request, _| Reply::ranged(request, &bytes));
        let folder = Folder::new();
        let error = run(&from(&[&server]), &folder).unwrap_err();
        assert_eq!(error.code(), "data/wrong-hash", "{error}");
        assert!(folder.list().is_empty());
    }
}

/// An archive has bytes that are no part of its files, a time for one: it is refused, or the file in
/// it is the publisher's to the last byte.
fn archives_are_refused_or_harmless(n: usize) {
    let mut stream = Seed(3).stream("archives");
    let sound = archive("Letters/letters.bin", &content());
    let mut harmless = 0;
    for _ in 0..n {
        let ((_server, source), folder) =
            (from_archive(changed(&sound, &mut stream)), Folder::new());
        match run(&source, &folder) {
            Ok(()) => {
                assert!(fs::read(folder.path(FILE)).unwrap() == content());
                harmless += 1;
            }
            Err(error) => {
                assert!(["data/wrong-hash", "data/bad-archive"].contains(&error.code()), "{error}");
                assert!(folder.list().is_empty());
            }
        }
    }
    println!("{n} archives: {} refused, {harmless} with the file as it was", n - harmless);
    assert!(harmless * 10 < n);
}

/// The published files, as the page and the command check them before they are read.
fn published_files_are_refused(n: usize) {
    let folder = std::env::var_os("MOLE_DATA").expect("MOLE_DATA names the folder of data sets");
    let mut stream = Seed(4).stream("published files");
    let files: Vec<_> = SOURCES
        .iter()
        .flat_map(|source| source.files.iter().map(|file| (source.name, file)))
        .map(|(set, file)| (file, PathBuf::from(&folder).join(set).join(file.name)))
        .map(|(file, path)| (file, fs::read(path).unwrap()))
        .collect();
    for i in 0..n {
        let (file, sound) = &files[i % files.len()];
        let error = file.verify(&changed(sound, &mut stream)).unwrap_err();
        assert_eq!(error.code(), "data/wrong-hash", "{error}");
    }
}

#[test]
fn one_changed_byte_is_refused() {
    downloads_are_refused(50);
    archives_are_refused_or_harmless(50);
    published_files_are_refused(48);
}

#[test]
#[ignore = "the long form: a minute"]
fn a_thousand_changed_bytes_are_refused() {
    downloads_are_refused(1000);
    archives_are_refused_or_harmless(1000);
    published_files_are_refused(1000);
}
