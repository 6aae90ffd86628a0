//! Downloading, against a server on this machine that misbehaves on request.
#![cfg(all(feature = "fetch", not(target_arch = "wasm32")))]

mod server;

use indicatif::ProgressBar;
use mole::data::fetch::{FetchError, fetch, read_dir};
use mole::data::{DataError, Origin};
use server::{
    FILE, Folder, Reply, Request, SET, Server, archive, content, from, from_archive, run, source,
};
use std::fs;
use std::net::TcpListener;
use std::sync::Arc;

fn assert_whole(folder: &Folder) {
    assert_eq!(folder.list(), [FILE]);
    assert!(fs::read(folder.path(FILE)).unwrap() == content());
}

#[test]
fn a_file_comes_whole_and_only_once() {
    let server = Server::new(|request, _| Reply::ranged(request, &content()));
    let (source, folder) = (from(&[&server]), Folder::new());
    run(&source, &folder).unwrap();
    assert_whole(&folder);
    run(&source, &folder).unwrap();
    assert_eq!(server.log(), [format!("/{FILE}")]);
    let files = read_dir(&source, &folder.0).unwrap();
    source.verify(&files).unwrap();
}

#[test]
fn a_file_that_was_changed_on_the_disk_is_brought_again() {
    let server = Server::new(|request, _| Reply::ranged(request, &content()));
    let folder = Folder::new();
    let other = vec![0; content().len()];
    folder.put(FILE, &other);
    run(&from(&[&server]), &folder).unwrap();
    // It may have been somebody's own.
    let kept = format!("{FILE}.bak");
    assert_eq!(folder.list().len(), 2);
    assert!(fs::read(folder.path(FILE)).unwrap() == content());
    assert!(fs::read(folder.path(&kept)).unwrap() == other);
}

#[test]
fn a_file_that_is_there_and_cannot_be_used_is_named_where_no_other_comes() {
    let server = Server::new(|_, _| Reply::status("404 Not Found"));
    let folder = Folder::new();
    folder.put(FILE, b"short");
    let message = run(&from(&[&server]), &folder).unwrap_err().to_string();
    assert!(message.contains("of what is there, letters.bin: "), "{message}");
    assert_eq!(fs::read(folder.path(FILE)).unwrap(), b"short");
}

#[test]
fn a_part_is_gone_on_with() {
    let server = Server::new(|request, _| Reply::ranged(request, &content()));
    let folder = Folder::new();
    folder.put("letters.bin.part", &content()[..100_000]);
    run(&from(&[&server]), &folder).unwrap();
    assert_whole(&folder);
    assert_eq!(server.log(), [format!("/{FILE} from 100000")]);
}

#[test]
fn a_broken_connection_is_taken_up_again() {
    let server = Server::new(|request, number| {
        Reply::ranged(request, &content()).cut(if number < 2 { 120_000 } else { usize::MAX })
    });
    let folder = Folder::new();
    run(&from(&[&server]), &folder).unwrap();
    assert_whole(&folder);
    assert_eq!(server.log().len(), 3);
    assert!(server.log()[2].contains(" from "), "{:?}", server.log());
}

#[test]
fn a_server_without_ranges_starts_again() {
    let server = Server::new(|_, _| Reply::whole(&content()));
    let folder = Folder::new();
    folder.put("letters.bin.part", &content()[..100_000]);
    run(&from(&[&server]), &folder).unwrap();
    assert_whole(&folder);
    assert_eq!(server.log().len(), 1);
}

#[test]
fn a_refused_or_misplaced_range_starts_again() {
    let refuse: fn(&Request, usize) -> Reply = |request, _| match request.from {
        Some(_) => Reply::status("416 Range Not Satisfiable"),
        None => Reply::whole(&content()),
    };
    let misplace: fn(&Request, usize) -> Reply = |request, _| match request.from {
        Some(_) => Reply::ranged(&Request { path: String::new(), from: Some(7) }, &content()),
        None => Reply::whole(&content()),
    };
    for answer in [refuse, misplace] {
        let (server, folder) = (Server::new(answer), Folder::new());
        folder.put("letters.bin.part", &content()[..100_000]);
        run(&from(&[&server]), &folder).unwrap();
        assert_whole(&folder);
        assert_eq!(server.log().len(), 2);
    }
}

#[test]
fn a_part_of_another_file_is_thrown_away() {
    for length in [100_000, 300_000, 300_001] {
        let server = Server::new(|request, _| Reply::ranged(request, &content()));
        let folder = Folder::new();
        folder.put("letters.bin.part", &vec![0; length]);
        run(&from(&[&server]), &folder).unwrap();
        assert_whole(&folder);
    }
}

#[test]
fn a_changed_file_says_what_to_do() {
    let server = Server::new(|_, _| Reply::whole(&vec![0; 300_000]));
    let message = run(&from(&[&server]), &Folder::new()).unwrap_err().to_string();
    assert!(message.starts_with("letters.bin: expected the SHA-256 "), "{message}");
    assert!(message.contains(", found "), "{message}");
    assert!(message.ends_with("`mole data letters --mirror URL`"), "{message}");
}

#[test]
fn a_truncated_file_stays_a_part() {
    let half = Server::new(|request, _| match request.from {
        Some(_) => Reply::status("416 Range Not Satisfiable"),
        None => Reply::whole(&content()[..150_000]),
    });
    let folder = Folder::new();
    let error = run(&from(&[&half]), &folder).unwrap_err();
    assert_eq!(error.code(), "data/unreachable");
    assert!(error.to_string().contains("ended after 150000 of 300000 bytes"), "{error}");
    assert_eq!(folder.list(), ["letters.bin.part"]);
    let whole = Server::new(|request, _| Reply::ranged(request, &content()));
    run(&from(&[&whole]), &folder).unwrap();
    assert_whole(&folder);
    assert_eq!(whole.log(), [format!("/{FILE} from 150000")]);
}

#[test]
fn more_bytes_than_stated_are_not_taken() {
    // Without a length, and far more than would be read at once.
    let server = Server::new(|_, _| {
        let body = content().repeat(20);
        Reply { headers: String::new(), ..Reply::whole(&body) }
    });
    let folder = Folder::new();
    let error = run(&from(&[&server]), &folder).unwrap_err();
    let FetchError::Refused { error, .. } = &error else { panic!("{error}") };
    let DataError::WrongSize { expected, found, .. } = **error else { panic!("{error}") };
    assert!(expected == 300_000 && (300_001..500_000).contains(&found), "{found}");
    assert!(folder.list().is_empty());
}

#[test]
fn the_next_address_is_tried() {
    let missing = Server::new(|_, _| Reply::status("404 Not Found"));
    let changed = Server::new(|_, _| Reply::whole(&vec![0; 300_000]));
    let good = Server::new(|request, _| Reply::ranged(request, &content()));
    let folder = Folder::new();
    run(&from(&[&missing, &changed, &good]), &folder).unwrap();
    assert_whole(&folder);
    assert_eq!((missing.log().len(), changed.log().len(), good.log().len()), (1, 1, 1));
}

#[test]
fn with_a_mirror_nothing_else_is_asked() {
    let publisher = Server::new(|_, _| Reply::whole(&content()));
    let mirror = Server::new(|request, _| Reply::ranged(request, &content()));
    let (source, folder) = (from(&[&publisher]), Folder::new());
    for base in [mirror.address.as_str(), mirror.address.trim_end_matches('/')] {
        let _ = fs::remove_file(folder.path(FILE));
        fetch(&source, &folder.0, Some(base), &ProgressBar::hidden()).unwrap();
        assert_whole(&folder);
    }
    assert_eq!(mirror.log(), [format!("/{SET}/{FILE}"), format!("/{SET}/{FILE}")]);
    assert!(publisher.log().is_empty());
}

#[test]
fn what_cannot_be_reached_says_what_to_do() {
    let missing = Server::new(|_, _| Reply::status("404 Not Found"));
    // A port that was free a moment ago.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let closed = Server { address: format!("http://{closed}/"), log: Arc::default() };
    let folder = Folder::new();
    let error = run(&from(&[&missing, &closed]), &folder).unwrap_err();
    let message = error.to_string();
    assert_eq!(error.code(), "data/unreachable");
    assert!(message.contains("status 404") && message.contains(&closed.address), "{message}");
    assert!(message.contains("`mole data letters --mirror URL`"), "{message}");
    assert!(message.contains(&folder.0.join(SET).display().to_string()), "{message}");
}

#[test]
fn a_missing_file_says_what_to_do() {
    let folder = Folder::new();
    let error = read_dir(&source(Origin::Files { bases: &[] }), &folder.0).unwrap_err();
    let dir = folder.0.display();
    let expected =
        format!("letters.bin: expected this file, found none; run `mole data letters --dir {dir}`");
    assert_eq!((error.code(), error.to_string()), ("data/missing-file", expected));
}

#[test]
fn a_member_of_an_archive_is_taken_out() {
    let bytes = archive("Letters/letters.bin", &content());
    let folder = Folder::new();
    folder.put("Letters.zip.part", &bytes[..1000]);
    let (server, source) = from_archive(bytes);
    run(&source, &folder).unwrap();
    assert_whole(&folder);
    assert_eq!(server.log(), ["/Letters.zip from 1000"]);
}

#[test]
fn a_beginning_of_another_archive_costs_a_second_download_only() {
    let bytes = archive("Letters/letters.bin", &content());
    let folder = Folder::new();
    folder.put("Letters.zip.part", &[0; 1000]);
    let (server, source) = from_archive(bytes);
    run(&source, &folder).unwrap();
    assert_whole(&folder);
    assert_eq!(server.log(), ["/Letters.zip from 1000", "/Letters.zip"]);
}

#[test]
fn bad_archives_are_refused_and_removed() {
    let mut changed = content();
    changed[7] ^= 1;
    let cases = [
        ("data/wrong-hash", archive("Letters/letters.bin", &changed)),
        ("data/wrong-size", archive("Letters/letters.bin", &vec![0; 50_000_000])),
        ("data/bad-archive", archive("letters.bin", &content())),
        ("data/bad-archive", content()),
        ("data/bad-archive", archive("Letters/letters.bin", &content())[..200_000].to_vec()),
    ];
    for (code, bytes) in cases {
        let ((_server, source), folder) = (from_archive(bytes), Folder::new());
        let error = run(&source, &folder).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(error.to_string().contains("`mole data letters --mirror URL`"), "{error}");
        assert!(folder.list().is_empty(), "{:?}", folder.list());
    }
}
