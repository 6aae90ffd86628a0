use super::{Collection, Read, utf16};
use crate::readers::idx::write as idx;
use crate::readers::pickle::write_array;
use crate::readers::sets::{SETS, sound};
use mole::bytes::pickle::{Array, Numbers};
use mole::data::{Files, SOURCES, source};
use mole::error::Problem;
use mole::rng::Seed;

/// Files end to end, each after its length: unlike text, an archive may hold any separator.
fn join(files: &[Option<Vec<u8>>]) -> Vec<u8> {
    let one = |file: &Option<Vec<u8>>| match file {
        Some(bytes) => [&(bytes.len() as i64).to_le_bytes()[..], bytes].concat(),
        None => (-1i64).to_le_bytes().to_vec(),
    };
    files.iter().flat_map(one).collect()
}

fn parse(set: &str, bytes: &[u8]) -> Result<(), Problem> {
    let (source, mut files, mut rest) = (source(set)?, Files::default(), bytes);
    for file in source.files {
        let (length, after) = rest.split_first_chunk().unwrap();
        rest = after;
        if let Ok(length) = usize::try_from(i64::from_le_bytes(*length)) {
            let (own, after) = rest.split_at(length);
            files.insert(file.name, own.to_vec());
            rest = after;
        }
    }
    Ok(source.parse(&files, Seed(0)).map(drop)?)
}

const READERS: [Read; 4] = [
    |bytes| parse("adult", bytes),
    |bytes| parse("mnist", bytes),
    |bytes| parse("mutagenicity", bytes),
    |bytes| parse("cora", bytes),
];

pub fn add(bad: &mut Collection) {
    for (set, read) in SETS.into_iter().zip(READERS) {
        let names = source(set).unwrap().files;
        for i in 0..names.len() {
            let mut files: Vec<_> = sound(set).into_iter().map(Some).collect();
            files[i] = None;
            let name = format!("{set}/without {}", names[i].name);
            bad.add(read, "data/missing-file", name, join(&files));
        }
    }
    for (set, file, code, what, bytes) in spoilt() {
        let i = SETS.iter().position(|&name| name == set).unwrap();
        let mut files: Vec<_> = sound(set).into_iter().map(Some).collect();
        files[file] = Some(bytes);
        let name = format!("{set}/{}/{what}", source(set).unwrap().files[file].name);
        bad.add(READERS[i], code, name, join(&files));
    }
    pins(bad);
}

/// Files that are not those that are pinned. The reader finds the pin by the name in front.
fn pins(bad: &mut Collection) {
    let read: Read = |bytes| {
        let end = bytes.iter().position(|&byte| byte == 0).unwrap();
        let name = std::str::from_utf8(&bytes[..end]).unwrap();
        let mut files = SOURCES.iter().flat_map(|source| source.files);
        Ok(files.find(|file| file.name == name).unwrap().verify(&bytes[end + 1..])?)
    };
    for file in SOURCES.iter().flat_map(|source| source.files) {
        let mut add = |code, what: &str, n: u64| {
            let bytes = [file.name.as_bytes(), &vec![0; n as usize + 1]].concat();
            bad.add(read, code, format!("pinned/{}/{what}", file.name), bytes);
        };
        add("data/wrong-size", "empty", 0);
        add("data/wrong-size", "of half its size", file.size / 2);
        add("data/wrong-hash", "of zeros", file.size);
    }
}

type Spoilt = (&'static str, usize, &'static str, &'static str, Vec<u8>);

/// Set, file, code, what was done, and the file.
fn spoilt() -> Vec<Spoilt> {
    [adult(), mnist(), mutagenicity(), cora()].concat()
}

fn text(set: &str, file: usize) -> String {
    String::from_utf8(sound(set)[file].clone()).unwrap()
}

fn adult() -> Vec<Spoilt> {
    let replace = |file, from: &str, to: &str| {
        let text = text("adult", file);
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1).into_bytes()
    };
    vec![
        ("adult", 0, "parse/unknown-category", "empty", Vec::new()),
        ("adult", 1, "data/inconsistent", "empty", Vec::new()),
        (
            "adult",
            0,
            "parse/unknown-category",
            "label without its sign",
            replace(0, "<=50K", "50K"),
        ),
        (
            "adult",
            1,
            "parse/unknown-category",
            "category of no training row",
            replace(1, "State-gov", "Self-emp"),
        ),
        ("adult", 0, "parse/bad-number", "age in words", replace(0, "39", "old")),
        ("adult", 1, "parse/bad-number", "age without end", replace(1, "25", "1e999")),
        (
            "adult",
            0,
            "data/inconsistent",
            "numbers whose mean overflows",
            replace(0, "77516", "1e308").repeat(2),
        ),
        ("adult", 0, "parse/wrong-column-count", "one field less", replace(0, "Sales, ", "")),
        ("adult", 1, "parse/bad-quote", "open quote", replace(1, "Male", "\"Male")),
        ("adult", 0, "parse/bad-text", "UTF-16", utf16(&text("adult", 0), u16::to_le_bytes)),
        (
            "adult",
            1,
            "parse/bad-text",
            "cut within a letter",
            [text("adult", 1).as_bytes(), b"\xc3"].concat(),
        ),
    ]
}

fn mnist() -> Vec<Spoilt> {
    let labels = sound("mnist")[1].clone();
    let images = sound("mnist")[2].clone();
    let empty = (0..4).map(|file| ("mnist", file, "parse/truncated", "empty", Vec::new()));
    let others = vec![
        ("mnist", 0, "parse/inconsistent", "labels for images", labels),
        ("mnist", 3, "parse/inconsistent", "images for labels", images),
        ("mnist", 1, "parse/inconsistent", "one label less", idx(&[2], &[7, 2])),
        ("mnist", 3, "data/inconsistent", "label of 10", idx(&[2], &[0, 10])),
        ("mnist", 3, "data/inconsistent", "label that means none", idx(&[2], &[0, 255])),
        ("mnist", 2, "parse/inconsistent", "images on their side", idx(&[2, 4, 2], &[9; 16])),
        ("mnist", 2, "parse/inconsistent", "one image less", idx(&[1, 2, 4], &[9; 8])),
    ];
    empty.chain(others).collect()
}

fn mutagenicity() -> Vec<Spoilt> {
    let cases = [
        (1, "parse/inconsistent", "empty", ""),
        (2, "parse/out-of-range", "empty", ""),
        (3, "parse/inconsistent", "empty", ""),
        (0, "parse/out-of-range", "edge to no node", "1, 9\n"),
        (0, "parse/inconsistent", "edge across graphs", "3, 4\n"),
        (2, "parse/out-of-range", "label of 2", "1\n2\n"),
        (2, "parse/out-of-range", "label below 0", "1\n-1\n"),
        (2, "parse/bad-number", "label in words", "1\nmutagen\n"),
        (3, "parse/out-of-range", "atom that is not known", "0\n14\n0\n3\n3\n"),
        (3, "parse/out-of-range", "atom of 256", "0\n256\n0\n3\n3\n"),
    ];
    cases.map(|(file, code, what, text)| ("mutagenicity", file, code, what, text.into())).to_vec()
}

fn cora() -> Vec<Spoilt> {
    let files = sound("cora");
    let [y, tx, ty, allx, ally, graph, _] = files.as_slice() else { panic!("not seven files") };
    let labels = |rows: usize, width: usize, values: Vec<i32>| {
        write_array(&Array { shape: vec![rows, width], values: Numbers::Int(values) })
    };
    let mut two_hot = vec![0; 21];
    two_hot[..2].copy_from_slice(&[1, 1]);
    let mut two = vec![0; 21];
    two[0] = 2;
    let index = |text: &str| text.as_bytes().to_vec();
    let empty = (0..6).map(|file| ("cora", file, "parse/truncated", "empty", Vec::new()));
    let others = vec![
        ("cora", 6, "parse/inconsistent", "empty", Vec::new()),
        ("cora", 0, "parse/unsupported", "a matrix for labels", tx.clone()),
        ("cora", 1, "parse/unsupported", "labels for a matrix", y.clone()),
        ("cora", 5, "parse/unsupported", "labels for the graph", ally.clone()),
        ("cora", 4, "parse/unsupported", "the graph for labels", graph.clone()),
        ("cora", 0, "parse/inconsistent", "as many as there are nodes", ally.clone()),
        ("cora", 2, "parse/inconsistent", "more labels than rows", ally.clone()),
        ("cora", 4, "parse/inconsistent", "fewer labels than rows", ty.clone()),
        ("cora", 3, "parse/inconsistent", "too few rows", tx.clone()),
        ("cora", 1, "parse/inconsistent", "too many rows", allx.clone()),
        ("cora", 2, "parse/out-of-range", "two classes at once", labels(3, 7, two_hot)),
        ("cora", 2, "parse/out-of-range", "class by 2", labels(3, 7, two)),
        ("cora", 2, "parse/wrong-column-count", "a column less", labels(3, 6, vec![0; 18])),
        ("cora", 2, "data/inconsistent", "no class at all", labels(3, 7, vec![0; 21])),
        ("cora", 6, "parse/inconsistent", "a node of the others", index("0\n508\n509\n")),
        ("cora", 6, "parse/inconsistent", "a node beyond the graph", index("507\n508\n511\n")),
        ("cora", 6, "data/inconsistent", "a node twice", index("507\n508\n508\n")),
        ("cora", 6, "parse/bad-number", "a node in words", index("507\nlast\n509\n")),
    ];
    empty.chain(others).collect()
}
