//! What every reader promises of any input, for `cargo fuzz` (`tests/fuzz/`) and for the plain tests that
//! run on each change (`tests/mutations.rs`), with the small sound files that both start from.

// Each test uses its own part of this.
#![allow(dead_code)]

#[cfg(all(feature = "cpu", not(target_arch = "wasm32")))]
pub mod checkpoint;
pub mod csv;
pub mod gzip;
pub mod idx;
#[cfg(not(target_arch = "wasm32"))]
pub mod memory;
pub mod mutate;
pub mod own;
pub mod pickle;
#[cfg(feature = "cpu")]
pub mod plan;
pub mod sets;
pub mod text;
pub mod tu;

use mole::bytes::{Limits, ParseError, Place};
use mole::data::DataError;

/// A reader and what it promises.
pub struct Target {
    pub name: &'static str,
    /// Calls the reader and drops what it gives.
    pub read: fn(&[u8]),
    /// The bytes of memory that `read` may hold at once, for an input of that length.
    pub memory: fn(usize) -> usize,
    /// Panics where the reader breaks a promise: a wrong value, an error without a place.
    pub check: fn(&[u8]),
    /// Small sound inputs, the same every time.
    pub seeds: fn() -> Vec<Vec<u8>>,
    /// Pieces that mean something in the format.
    pub tokens: &'static [&'static [u8]],
}

pub const TARGETS: &[Target] = &[
    gzip::TARGET,
    idx::TARGET,
    csv::TARGET,
    text::TARGET,
    tu::TARGET,
    pickle::TARGET,
    sets::TARGET,
    own::TARGET,
    #[cfg(feature = "cpu")]
    plan::TARGET,
    #[cfg(all(feature = "cpu", not(target_arch = "wasm32")))]
    checkpoint::TARGET,
];

/// Low enough for a small input to reach each of them.
pub const LIMITS: Limits = Limits {
    file: 1 << 16,
    unpacked: 1 << 18,
    ratio: 200,
    items: 1 << 10,
    columns: 64,
    fields: 1 << 9,
    field: 1 << 8,
    values: 1 << 10,
    depth: 16,
};

/// Several files in one input.
pub const SEPARATOR: &[u8] = b"\n--\n";

/// `N` files; those that are not there are empty, the last has the rest.
pub fn parts<const N: usize>(bytes: &[u8]) -> [&[u8]; N] {
    let mut rest = bytes;
    std::array::from_fn(|i| {
        let cut = rest.windows(SEPARATOR.len()).position(|window| window == SEPARATOR);
        match cut.filter(|_| i + 1 < N) {
            Some(at) => {
                let part = &rest[..at];
                rest = &rest[at + SEPARATOR.len()..];
                part
            }
            None => std::mem::take(&mut rest),
        }
    })
}

/// An error says where, what was expected and what was found, in few words, and the place is in the
/// file.
pub fn assert_places(error: &ParseError, bytes: &[u8]) {
    assert_is_complete(error);
    let lines = bytes.iter().filter(|&&byte| byte == b'\n').count() + 1;
    match error.place {
        Place::Byte(at) => assert!(at <= bytes.len(), "{error}: {} bytes", bytes.len()),
        Place::Line(line) => assert!((1..=lines).contains(&line), "{error}: {lines} lines"),
        Place::Cell { line, column } => {
            assert!((1..=lines).contains(&line) && column > 0, "{error}: {lines} lines");
        }
    }
}

/// `FILE, PLACE: expected EXPECTED, found FOUND`, short enough to be read, and nothing in it that a
/// terminal or a page would take for more than text.
pub fn assert_is_complete(error: &ParseError) {
    let message = error.to_string();
    let start = format!("{}, {}: expected ", error.file, error.place);
    assert!(message.starts_with(&start), "{message}");
    assert!(!error.expected.is_empty() && !error.found.is_empty(), "{message}");
    assert!(message.chars().count() < 200 && !message.chars().any(char::is_control), "{message}");
    assert!(error.code().starts_with("parse/"), "{message}");
}

/// The same for what is wrong with no one place of a file.
pub fn assert_is_short(error: &DataError) {
    let message = error.to_string();
    assert!(message.contains(": expected ") || message.starts_with("there is no "), "{message}");
    assert!(message.chars().count() < 250 && !message.chars().any(char::is_control), "{message}");
    assert!(error.code().starts_with("data/"), "{message}");
}
