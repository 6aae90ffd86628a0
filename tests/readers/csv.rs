//! Comma-separated text: what is read comes back when written, from any record on.

use super::{LIMITS, Target, assert_places};
use mole::bytes::csv::{Format, Reader};
use mole::bytes::{Limits, ParseError};

pub const TARGET: Target = Target {
    name: "csv",
    read: |input| {
        let (format, text) = split(input);
        if let Ok(reader) = Reader::new("t.csv", text, format, &LIMITS) {
            reader.for_each(drop);
        }
    },
    // One record at a time, and the copy of a field with doubled quotes.
    memory: |len| 4 * len + (16 << 10),
    check,
    seeds,
    tokens: &[
        b",",
        b"\"",
        b"\"\"",
        b"\n",
        b"\r\n",
        b"\r",
        b"?",
        b"\xef\xbb\xbf",
        b"\xff",
        b" ",
        b"|",
        b";",
        b"\t",
    ],
};

type Fields = Vec<Option<String>>;

const DELIMITERS: [u8; 8] = *b",,,;\t| \"";

/// The first byte says how the rest is written.
fn split(input: &[u8]) -> (Format, &[u8]) {
    let (&choice, text) = input.split_first().unwrap_or((&0, &[]));
    let format = Format {
        delimiter: DELIMITERS[usize::from(choice & 7)],
        comment: [None, Some(b'|')][usize::from(choice >> 3 & 1)],
        header: choice >> 4 & 1 == 1,
        columns: [None, Some(3)][usize::from(choice >> 5 & 1)],
        missing: [&["", "?"][..], &["?"]][usize::from(choice >> 6 & 1)],
    };
    (format, text)
}

/// The records with the lines they start on, and the error that ended them.
fn records(
    text: &[u8],
    format: Format,
    limits: &Limits,
) -> (Vec<(usize, Fields)>, Option<ParseError>) {
    let mut read = Vec::new();
    let reader = match Reader::new("t.csv", text, format, limits) {
        Ok(reader) => reader,
        Err(error) => return (read, Some(error)),
    };
    for record in reader {
        match record {
            Ok(record) => {
                let own = record.fields.into_iter().map(|field| field.map(Into::into)).collect();
                read.push((record.line, own));
            }
            Err(error) => return (read, Some(error)),
        }
    }
    (read, None)
}

fn check(input: &[u8]) {
    let (format, text) = split(input);
    let (read, error) = records(text, format, &LIMITS);
    if let Some(error) = &error {
        assert_places(error, text);
    }
    assert!(read.is_sorted_by(|(a, _), (b, _)| a < b), "lines go up");
    let Some((_, first)) = read.first() else { return };
    let width = first.len();
    assert!(width <= LIMITS.columns && format.columns.is_none_or(|columns| columns == width));
    assert!(read.iter().all(|(_, fields)| fields.len() == width));
    let taken: usize = read.iter().flat_map(|(_, fields)| fields).flatten().map(String::len).sum();
    assert!(taken <= text.len());
    // A delimiter that is also the quote has no written form.
    if format.delimiter == b'"' {
        return;
    }
    let bare = Format { header: false, columns: Some(width), ..format };
    let fields = |read: &[(usize, Fields)]| -> Vec<Fields> {
        read.iter().map(|(_, fields)| fields.clone()).collect()
    };
    let (again, none) = records(&write(&fields(&read), format), bare, &Limits::default());
    assert_eq!((fields(&again), none), (fields(&read), None));
    // From the middle on, the rest is as it was.
    let middle = &read[read.len() / 2..];
    let skipped = middle[0].0 - 1;
    let mut lines = text.iter().enumerate().filter(|&(_, &byte)| byte == b'\n');
    let start = skipped.checked_sub(1).map_or(0, |n| lines.nth(n).unwrap().0 + 1);
    if !text[start..].starts_with(b"\xef\xbb\xbf") && error.is_none() {
        let (rest, none) = records(&text[start..], bare, &Limits::default());
        assert_eq!((fields(&rest), none), (fields(middle), None));
        assert!(rest.iter().zip(middle).all(|(a, b)| a.0 + skipped == b.0));
    }
}

fn write(records: &[Fields], format: Format) -> Vec<u8> {
    let mut text = Vec::new();
    for fields in records {
        for (i, field) in fields.iter().enumerate() {
            if i > 0 {
                text.push(format.delimiter);
            }
            match field {
                Some(field) => text.extend(format!("\"{}\"", field.replace('"', "\"\"")).bytes()),
                None => text.push(b'?'),
            }
        }
        text.push(b'\n');
    }
    text
}

fn seeds() -> Vec<Vec<u8>> {
    let texts: [(u8, &[u8]); 8] = [
        (0x30, b"a,b,c\nx,1.5,\"y, z\"\n,2,?\n"),
        (0x30, b"\xef\xbb\xbf\"a\",b,c\r\n\"two\nlines\",1,\"\"\"\"\r\n"),
        (0x48, b"|1x3 comment\n39, State-gov, <=50K.\n50, ?, >50K\n\n"),
        (0x00, b"1\n2\n3"),
        (0x03, b"1;2\n\"3\";4\n"),
        (0x04, b"1\t2\n \t4\n"),
        (0x0d, b"|\na|b\n"),
        (0x06, b"a b\n\"c\" d\n"),
    ];
    texts.iter().map(|&(choice, text)| [&[choice], text].concat()).collect()
}
