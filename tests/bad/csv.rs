use super::{Collection, NOT_UTF8, Read, utf16};
use mole::bytes::Limits;
use mole::bytes::csv::{Format, Reader};

/// Three columns with names; the second holds numbers.
const READ: Read = |bytes| {
    let format = Format { columns: Some(3), ..Format::default() };
    let mut reader = Reader::new("t.csv", bytes, format, &Limits::default())?;
    Ok(reader.try_for_each(|record| record?.number(1).map(drop))?)
};

const ROWS: [[&str; 3]; 4] =
    [["a", "b", "c"], ["x", "1.5", "\"y, z\""], ["u", "-2", "w"], ["\"two\nlines\"", "3e2", ""]];

/// The file with one field replaced.
fn with(row: usize, column: usize, field: &[u8]) -> Vec<u8> {
    let mut rows = ROWS.map(|row| row.map(|field| field.as_bytes().to_vec()));
    rows[row][column] = field.to_vec();
    text(&rows.map(|row| row.join(&b","[..])), b"\n")
}

fn text(rows: &[Vec<u8>], end: &[u8]) -> Vec<u8> {
    rows.iter().flat_map(|row| [row, end].concat()).collect()
}

pub fn add(bad: &mut Collection) {
    let numbers = [
        "one",
        "NaN",
        "inf",
        "-inf",
        "1e999",
        "0x10",
        "1_000",
        "--1",
        "1 2",
        "1e",
        ".",
        "+",
        "½",
        "٣",
        "1\u{200b}",
        "1\0",
        "\"\"",
        "\"1,5\"",
        "TRUE",
        "12/06/2023",
    ];
    for row in 1..ROWS.len() {
        for number in numbers {
            let name = format!("csv/row {row}, number {number:?}");
            bad.add(READ, "parse/bad-number", name, with(row, 1, number.as_bytes()));
        }
        for missing in ["", "?", " ? "] {
            let name = format!("csv/row {row}, missing {missing:?}");
            bad.add(READ, "parse/out-of-range", name, with(row, 1, missing.as_bytes()));
        }
    }
    for row in 0..ROWS.len() {
        for (what, field) in [("more", "1,2"), ("more, empty", "1,"), ("more in quotes", "1,\"a\"")]
        {
            let name = format!("csv/row {row}, one field {what}");
            bad.add(READ, "parse/wrong-column-count", name, with(row, 1, field.as_bytes()));
        }
        let mut rows = ROWS.map(|row| row.join(",").into_bytes());
        rows[row] = ROWS[row][..2].join(",").into_bytes();
        let name = format!("csv/row {row}, one field less");
        bad.add(READ, "parse/wrong-column-count", name, text(&rows, b"\n"));
        for column in 0..3 {
            let name = format!("csv/open quote in row {row}, column {column}");
            bad.add(READ, "parse/bad-quote", name, with(row, column, b"\"open"));
            let name = format!("csv/text after the quote in row {row}, column {column}");
            bad.add(READ, "parse/bad-quote", name, with(row, column, b"\"1\"2"));
            for (what, bytes) in NOT_UTF8 {
                let name = format!("csv/{what} in row {row}, column {column}");
                bad.add(READ, "parse/bad-text", name, with(row, column, bytes));
            }
        }
    }
    let rows = ROWS.map(|row| row.join(","));
    let other_delimiter = |delimiter| rows.join("\n").replace(',', delimiter);
    for (what, delimiter) in [("semicolons", ";"), ("tabs", "\t"), ("spaces", " "), ("bars", "|")] {
        bad.add(
            READ,
            "parse/wrong-column-count",
            format!("csv/{what}"),
            other_delimiter(delimiter),
        );
    }
    bad.add(READ, "parse/bad-text", "csv/lines that end in \\r alone", rows.join("\r"));
    bad.add(
        READ,
        "parse/bad-text",
        "csv/UTF-16, lowest first",
        utf16(&rows.join("\n"), u16::to_le_bytes),
    );
    bad.add(
        READ,
        "parse/bad-text",
        "csv/UTF-16, highest first",
        utf16(&rows.join("\n"), u16::to_be_bytes),
    );
    for (what, empty) in
        [("nothing", ""), ("a byte order mark", "\u{feff}"), ("empty lines", "\n\r\n\n")]
    {
        bad.add(READ, "parse/truncated", format!("csv/{what}"), empty);
    }
    bad.add(READ, "parse/too-large", "csv/70,000 columns", ",".repeat(70_000));
    bad.add(READ, "parse/too-large", "csv/long field", with(1, 0, &[b'x'; (1 << 16) + 1]));
    bad.add(
        READ,
        "parse/too-large",
        "csv/long field in quotes",
        with(2, 2, format!("\"{}\"", "x\n".repeat(1 << 15) + "x").as_bytes()),
    );
    bad.add(READ, "parse/too-large", "csv/many fields", "1,2,3\n".repeat((8 << 20) / 3 + 1));
    bad.add(READ, "parse/too-large", "csv/file beyond the limit", vec![b'1'; (64 << 20) + 1]);
}
