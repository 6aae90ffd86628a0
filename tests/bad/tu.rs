use super::{Collection, NOT_UTF8, Read, utf16};
use crate::readers::tu::{NAMES, SOUND, Texts, read};
use crate::readers::{SEPARATOR, parts};
use mole::bytes::Limits;

const READ: Read = |bytes| {
    let texts: Texts = parts(bytes);
    read(&texts, &Limits::default())?;
    Ok(())
};

// Where each file stands among `NAMES`.
const EDGES: usize = 0;
const INDICATOR: usize = 1;
const GRAPHS: usize = 2;
const NODES: usize = 3;
const EDGE_LABELS: usize = 4;

/// The collection with one of its files replaced.
fn with(file: usize, text: &[u8]) -> Vec<u8> {
    let mut texts = SOUND;
    texts[file] = text;
    texts.join(SEPARATOR)
}

/// The collection with one line of one file replaced; `None` leaves it out.
fn with_line(file: usize, line: usize, text: Option<&[u8]>) -> Vec<u8> {
    let mut lines: Vec<&[u8]> = SOUND[file].split_inclusive(|&byte| byte == b'\n').collect();
    let own = text.map(|text| [text, b"\n"].concat());
    match &own {
        Some(own) => lines[line] = own,
        None => drop(lines.remove(line)),
    }
    with(file, &lines.concat())
}

fn n_lines(file: usize) -> usize {
    SOUND[file].iter().filter(|&&byte| byte == b'\n').count()
}

pub fn add(bad: &mut Collection) {
    for file in [INDICATOR, NODES, EDGE_LABELS] {
        for line in 0..n_lines(file) {
            let name = format!("tu/{}/without line {line}", NAMES[file]);
            bad.add(READ, "parse/inconsistent", name, with_line(file, line, None));
        }
        let more = [SOUND[file], b"2\n"].concat();
        bad.add(
            READ,
            "parse/inconsistent",
            format!("tu/{}/one line more", NAMES[file]),
            with(file, &more),
        );
    }
    bad.add(
        READ,
        "parse/inconsistent",
        "tu/t.graph_labels/one line more",
        with(GRAPHS, b"1\n-1\n1\n"),
    );
    bad.add(READ, "parse/out-of-range", "tu/t.graph_labels/one line less", with(GRAPHS, b"1\n"));
    for file in [INDICATOR, NODES] {
        bad.add(READ, "parse/inconsistent", format!("tu/{}/empty", NAMES[file]), with(file, b""));
    }
    bad.add(READ, "parse/out-of-range", "tu/t.graph_labels/empty", with(GRAPHS, b""));
    for (file, name) in NAMES.iter().enumerate() {
        let number = if file == EDGES { "1, " } else { "" };
        for what in ["one", "1.0", "1e3", "0x1", "9999999999", "1 2", "½", "-"] {
            let text = format!("{number}{what}");
            let bytes = with_line(file, 1, Some(text.as_bytes()));
            bad.add(READ, "parse/bad-number", format!("tu/{name}/number {what:?}"), bytes);
        }
        for (what, bytes) in NOT_UTF8 {
            bad.add(
                READ,
                "parse/bad-text",
                format!("tu/{name}/{what}"),
                with_line(file, 0, Some(bytes)),
            );
        }
        let text = String::from_utf8(SOUND[file].to_vec()).unwrap();
        let bytes = with(file, &utf16(&text, u16::to_le_bytes));
        bad.add(READ, "parse/bad-text", format!("tu/{name}/UTF-16"), bytes);
    }
    let indicators: [(&str, &[u8]); 6] = [
        ("from 0", b"0\n0\n0\n1\n1\n"),
        ("from 2", b"2\n2\n2\n3\n3\n"),
        ("downwards", b"2\n2\n1\n1\n1\n"),
        ("back again", b"1\n1\n2\n2\n1\n"),
        ("with a gap", b"1\n1\n1\n3\n3\n"),
        ("beyond the labels", b"1\n1\n2\n2\n3\n"),
    ];
    for (what, text) in indicators {
        bad.add(
            READ,
            "parse/out-of-range",
            format!("tu/t.graph_indicator/{what}"),
            with(INDICATOR, text),
        );
    }
    bad.add(
        READ,
        "parse/inconsistent",
        "tu/t.graph_indicator/one graph",
        with(INDICATOR, b"1\n1\n1\n1\n1\n"),
    );
    let edges = [
        ("parse/out-of-range", "0, 1"),
        ("parse/out-of-range", "1, 0"),
        ("parse/out-of-range", "6, 1"),
        ("parse/out-of-range", "1, 4294967295"),
        ("parse/inconsistent", "3, 4"),
        ("parse/inconsistent", "5, 1"),
        ("parse/wrong-column-count", "1"),
        ("parse/wrong-column-count", "1 2"),
        ("parse/wrong-column-count", "1;2"),
        ("parse/wrong-column-count", "1\t2"),
        ("parse/bad-number", "1, 2, 3"),
        ("parse/bad-number", "1,"),
        ("parse/bad-number", ",1"),
        ("parse/bad-number", "-1, 2"),
    ];
    for (code, edge) in edges {
        for line in [0, 5] {
            let bytes = with_line(EDGES, line, Some(edge.as_bytes()));
            bad.add(READ, code, format!("tu/t.edges/line {line} {edge:?}"), bytes);
        }
    }
}
