//! Files that a visitor drops, read as they seem to be or as somebody says they are.

use super::{Collection, Read, STRANGERS};
use crate::readers::idx::write as idx;
use crate::readers::pickle::write_array;
use mole::bytes::pickle::{Array, Numbers};
use mole::data::Files;
use mole::data::own::{OwnData, preview};
use mole::rng::Seed;

type Entry<'a> = (&'a str, Vec<u8>);

const READ: Read = |bytes| {
    let (data, entries): (Option<OwnData>, Vec<(String, Vec<u8>)>) =
        serde_json::from_slice(bytes).unwrap();
    let mut files = Files::default();
    entries.into_iter().for_each(|(name, bytes)| files.insert(name, bytes));
    Ok(preview(&files, data, Seed(0)).map(drop)?)
};

/// Files and how they are to be read, as one.
fn pack(data: Option<&OwnData>, entries: &[Entry]) -> Vec<u8> {
    serde_json::to_vec(&(data, entries)).unwrap()
}

pub fn add(bad: &mut Collection) {
    tables(bad);
    images(bad);
    graphs(bad);
    nodes(bad);
    let mut unrecognised = |what: &str, entries: &[Entry]| {
        let name = format!("own/{what}");
        bad.add(READ, "data/unrecognised", name, pack(None, entries));
    };
    let table = || b"a,b\n1,x\n2,y\n".to_vec();
    unrecognised("no file", &[]);
    unrecognised("two tables", &[("a.csv", table()), ("b.csv", table())]);
    unrecognised("a table and images", &[("a.csv", table()), ("images", idx(&[2, 2, 2], &[1; 8]))]);
    unrecognised("images alone", &[("images", idx(&[2, 2, 2], &[1; 8]))]);
}

fn tables(bad: &mut Collection) {
    let mut add = |code, what: &str, text: &[u8]| {
        let name = format!("own/table {what}");
        bad.add(READ, code, name, pack(None, &[("people.csv", text.to_vec())]));
    };
    add("parse/truncated", "empty", b"");
    add("parse/wrong-column-count", "with one field less", b"a,b,c\n1,2,x\n3,y\n");
    add("parse/wrong-column-count", "with one field more", b"a,b\n1,x\n2,y,z\n");
    add("parse/bad-quote", "with an open quote", b"a,b\n1,x\n\"2,y\n");
    add("parse/bad-text", "that is not UTF-8", b"a,b\n1,\xff\n2,y\n");
    add("data/inconsistent", "of one class", b"a,b\n1,x\n1,x\n1,x\n");
    add("data/inconsistent", "without rows", b"a,b\n");
    add("data/inconsistent", "whose rows all lack a value", b"a,b\n?,x\n?,y\n");
    let many: String = (0..300).map(|i| format!("{i},c{i}\n")).collect();
    add("data/inconsistent", "of 300 classes", format!("a,b\n{many}").as_bytes());

    let text = b"a,b\n1,x\n2,y\n3,x\n4,y\n";
    let said =
        |label: &str, test| OwnData::Csv { label: label.into(), header: true, test, without: None };
    let mut setting = |what: &str, data: &OwnData| {
        let name = format!("own/table, {what}");
        bad.add(READ, "data/setting", name, pack(Some(data), &[("people.csv", text.to_vec())]));
    };
    for label in ["c", "A", " b", "column 1", "b\n"] {
        setting(&format!("label {label:?}"), &said(label, 0.5));
    }
    for test in [0.0, 1.0, -0.5, 2.0, 1e308] {
        setting(&format!("test {test}"), &said("b", test));
    }
    for without in ["b", "c", "", "a, b", "column 1"] {
        let without = Some(vec![without.into()]);
        let data = OwnData::Csv { label: "b".into(), header: true, test: 0.5, without };
        setting(&format!("{data:?}"), &data);
    }
}

fn images(bad: &mut Collection) {
    let labels = |n: usize| idx(&[n], &(0..n).map(|i| (i % 2) as u8).collect::<Vec<_>>());
    let pictures = |n: usize| idx(&[n, 2, 2], &vec![7; 4 * n]);
    let mut add = |code, what: &str, images: Vec<u8>, labels: Vec<u8>| {
        let name = format!("own/images {what}");
        bad.add(READ, code, name, pack(None, &[("images", images), ("labels", labels)]));
    };
    add("parse/inconsistent", "with one label less", pictures(6), labels(5));
    add("parse/inconsistent", "with one label more", pictures(5), labels(6));
    add("parse/truncated", "cut", pictures(6)[..30].to_vec(), labels(6));
    add("parse/truncated", "with labels cut", pictures(6), labels(6)[..10].to_vec());
    add("parse/trailing-bytes", "with more after them", [pictures(6), vec![0]].concat(), labels(6));
    add("data/inconsistent", "of one class", pictures(6), idx(&[6], &[1; 6]));
    for test in [0.0, 1.0, -1.0] {
        let entries = [("images", pictures(6)), ("labels", labels(6))];
        let name = format!("own/images, test {test}");
        bad.add(READ, "data/setting", name, pack(Some(&OwnData::Idx { test }), &entries));
    }
    for (what, bytes) in STRANGERS {
        let entries = [("images", bytes.to_vec()), ("labels", labels(6))];
        let data = OwnData::Idx { test: 0.5 };
        let name = format!("own/images, {what}");
        bad.add(READ, "parse/wrong-magic", name, pack(Some(&data), &entries));
    }
}

/// No number stands behind a shape with a 0 in it.
fn nodes(bad: &mut Collection) {
    for shape in [vec![0, i32::MAX as usize], vec![4, 0], vec![0, 1], vec![0, 300], vec![]] {
        let values = Numbers::Int(vec![0; shape.iter().product()]);
        let name = format!("own/nodes, classes of shape {shape:?}");
        let y = write_array(&Array { shape, values });
        let entries = [("ind.t.y", y), ("ind.t.allx", Vec::new())];
        bad.add(READ, "data/inconsistent", name, pack(None, &entries));
    }
}

fn graphs(bad: &mut Collection) {
    const FILES: [(&str, &str); 4] = [
        ("T_A.txt", "1, 2\n2, 1\n3, 4\n4, 3\n"),
        ("T_graph_indicator.txt", "1\n1\n2\n2\n"),
        ("T_graph_labels.txt", "0\n1\n"),
        ("T_node_labels.txt", "0\n1\n0\n1\n"),
    ];
    let with = |file: usize, text: Option<&str>| -> Vec<Entry<'static>> {
        let texts = FILES.iter().enumerate().filter_map(|(i, (name, sound))| {
            let text = if i == file { text? } else { sound };
            Some((*name, text.as_bytes().to_vec()))
        });
        texts.collect()
    };
    let data = OwnData::Tu { test: 0.5 };
    for (i, (name, _)) in FILES.iter().enumerate() {
        let what = format!("own/graphs without {name}");
        bad.add(READ, "data/missing-file", what, pack(Some(&data), &with(i, None)));
    }
    let mut add = |code, what: &str, file, text: &str| {
        let name = format!("own/graphs {what}");
        bad.add(READ, code, name, pack(None, &with(file, Some(text))));
    };
    add("parse/bad-number", "with an edge in words", 0, "one, two\n");
    add("parse/bad-number", "with an edge of three ends", 0, "1, 2, 3\n");
    add("parse/out-of-range", "with an edge to nowhere", 0, "1, 9\n");
    add("parse/inconsistent", "with an edge between two", 0, "1, 3\n");
    add("parse/inconsistent", "with one node's label less", 3, "0\n1\n0\n");
    add("parse/inconsistent", "with one graph's label more", 2, "0\n1\n0\n");
    add("data/inconsistent", "of one class", 2, "0\n0\n");
    for test in [0.0, 1.0, -1.0] {
        let entries = with(0, Some(FILES[0].1));
        let name = format!("own/graphs, test {test}");
        bad.add(READ, "data/setting", name, pack(Some(&OwnData::Tu { test }), &entries));
    }
}
