//! Numbers, one a line: the same whole as in two halves.

use super::{LIMITS, Target, assert_places};
use mole::bytes::{ParseError, Place, text};
use std::fmt::{Debug, Display};
use std::str::FromStr;

pub const TARGET: Target = Target {
    name: "text",
    read: |input| drop((numbers::<u32>(input), numbers::<i32>(input))),
    memory: |len| 64 * len + (16 << 10),
    check: |input| {
        check::<u32>(input);
        check::<i32>(input);
    },
    seeds: || {
        [&b"1\n2\n3\n"[..], b"0\r\n-1\r\n 7\n\n4294967295", b"", b"2147483647\n+5"]
            .map(<[u8]>::to_vec)
            .to_vec()
    },
    tokens: &[b"\n", b"\r\n", b"-", b"4294967296", b"+", b"\xc3", b"\xe2\x80\x8b", b"0"],
};

fn numbers<T: FromStr>(bytes: &[u8]) -> Result<Vec<T>, ParseError> {
    text::numbers("t.index", bytes, &LIMITS)
}

fn check<T: FromStr + Display + Debug + PartialEq + Copy>(input: &[u8]) {
    let whole = numbers::<T>(input);
    match &whole {
        Ok(read) => {
            let written: String = read.iter().map(|number| format!("{number}\n")).collect();
            assert_eq!(&numbers::<T>(written.as_bytes()).unwrap(), read);
        }
        Err(error) => assert_places(error, input),
    }
    let Some(cut) = input.iter().skip(input.len() / 2).position(|&byte| byte == b'\n') else {
        return;
    };
    let (first, second) = input.split_at(input.len() / 2 + cut + 1);
    let lines = first.iter().filter(|&&byte| byte == b'\n').count();
    match (numbers::<T>(first), numbers::<T>(second), &whole) {
        (Ok(first), Ok(second), Ok(whole)) => assert_eq!(&[first, second].concat(), whole),
        (Err(error), _, Err(whole)) => assert_eq!(&error, whole),
        (Ok(_), Err(mut error), Err(whole)) if error.kind == whole.kind => {
            let Place::Line(line) = error.place else { panic!("{error}") };
            error.place = Place::Line(line + lines);
            assert_eq!(&error, whole);
        }
        // Two halves may each be within a limit that the whole exceeds.
        (Ok(first), second, Err(whole)) => {
            assert_eq!(whole.code(), "parse/too-large");
            assert!(
                first.len() + second.map_or(LIMITS.items, |second| second.len()) > LIMITS.items
            );
        }
        other => panic!("{other:?}"),
    }
}
