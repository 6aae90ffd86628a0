//! The published sets' readers, from bytes to a checked data set, on files that are not the
//! publisher's.

use super::idx::write as idx;
use super::pickle::{write_array, write_csr, write_lists};
use super::{SEPARATOR, Target, assert_places, gzip, parts, tu};
use mole::bytes::pickle::{Array, Csr, Numbers};
use mole::data::{DataError, Dataset, Files, source};
use mole::rng::Seed;
use std::collections::BTreeMap;

pub const TARGET: Target = Target {
    name: "sets",
    read: |input| drop(parse(input)),
    // One-hot columns grow with the square of the file, up to a fixed number of values.
    memory: |_| 192 << 20,
    check,
    seeds: || {
        (0..SETS.len() as u8)
            .map(|set| [&[set], &sound(SETS[set as usize]).join(SEPARATOR)[..]].concat())
            .collect()
    },
    tokens: &[
        b", ",
        b"\n",
        SEPARATOR,
        b"?",
        b" >50K",
        b"\x00\x00\x08\x03",
        b"K\x01",
        b"1e300",
        b"NaN",
        b"-1",
    ],
};

/// Every set that has files, without the second of Planetoid's, which is read by the same code.
pub const SETS: [&str; 4] = ["adult", "mnist", "mutagenicity", "cora"];

const SEED: Seed = Seed(1);

fn files(input: &[u8]) -> (&'static str, Files) {
    let (&choice, rest) = input.split_first().unwrap_or((&0, &[]));
    let set = SETS[usize::from(choice) % SETS.len()];
    let parts: [&[u8]; 7] = parts(rest);
    let mut files = Files::default();
    for (file, part) in source(set).unwrap().files.iter().zip(parts) {
        files.insert(file.name, part.to_vec());
    }
    (set, files)
}

fn parse(input: &[u8]) -> Result<Dataset, DataError> {
    let (set, files) = files(input);
    source(set).unwrap().parse(&files, SEED)
}

fn check(input: &[u8]) {
    let (set, files) = files(input);
    let source = source(set).unwrap();
    match source.parse(&files, SEED) {
        Ok(dataset) => {
            assert_eq!(dataset.check(), Ok(()));
            assert_eq!(dataset.labels.len(), dataset.samples.len());
            let again = source.parse(&files, SEED).unwrap();
            assert!(format!("{again:?}") == format!("{dataset:?}"));
            let few = dataset.with_at_most(2, SEED);
            assert_eq!(few.check(), Ok(()));
        }
        Err(DataError::Parse(error)) => match files.get(&error.file) {
            // Places in a compressed file count in what it unpacks to.
            Ok(bytes) if !bytes.starts_with(&[0x1f, 0x8b]) => assert_places(&error, bytes),
            _ => super::assert_is_complete(&error),
        },
        Err(error) => {
            assert!(matches!(error, DataError::Inconsistent { .. }), "{error}");
            super::assert_is_short(&error);
        }
    }
}

/// The files of a small set of the same form, in the order of [`Source::files`](mole::data::Source).
pub fn sound(set: &str) -> Vec<Vec<u8>> {
    match set {
        "adult" => adult(),
        "mnist" => mnist(),
        "mutagenicity" => mutagenicity(),
        "cora" => cora(),
        other => panic!("no files for {other}"),
    }
}

fn adult() -> Vec<Vec<u8>> {
    let row = |age: u32, work: &str, label: &str| {
        format!(
            "{age}, {work}, 77516, Bachelors, 13, Never-married, Sales, Unmarried, White, Male, \
             2174, 0, 40, Cuba, {label}\n"
        )
    };
    let train = [row(39, "State-gov", "<=50K"), row(50, "Private", ">50K"), row(38, "?", "<=50K")];
    let test = [
        "|1x3 Cross validator\n".to_owned(),
        row(25, "Private", "<=50K."),
        row(44, "State-gov", ">50K."),
    ];
    vec![train.concat().into_bytes(), test.concat().into_bytes()]
}

fn mnist() -> Vec<Vec<u8>> {
    let pixels: Vec<u8> = (0..24).map(|i| i * 10).collect();
    vec![
        gzip::pack(&idx(&[3, 2, 4], &pixels)),
        idx(&[3], &[7, 2, 1]),
        idx(&[2, 2, 4], &pixels[..16]),
        gzip::pack(&idx(&[2], &[0, 9])),
    ]
}

fn mutagenicity() -> Vec<Vec<u8>> {
    let [edges, indicator, ..] = tu::SOUND;
    [edges, indicator, b"1\n0\n", b"0\n13\n0\n3\n3\n"].map(<[u8]>::to_vec).to_vec()
}

const N_CLASSES: usize = 7;
const N_TRAIN: usize = 7;
/// The reader takes the 500 nodes after the training ones for validation.
const N_ALL: usize = N_TRAIN + 500;
const N_TEST: usize = 3;
/// One node more, in neither list, as in Citeseer.
const N_NODES: usize = N_ALL + N_TEST + 1;

fn cora() -> Vec<Vec<u8>> {
    let one_hot = |n: usize| {
        let row = |i| (0..N_CLASSES).map(move |class| i32::from(i % N_CLASSES == class));
        let values = (0..n).flat_map(row).collect();
        write_array(&Array { shape: vec![n, N_CLASSES], values: Numbers::Int(values) })
    };
    let matrix = |n_rows: usize| {
        let columns: Vec<u32> = (0..n_rows as u32).map(|row| row % 5).collect();
        let (offsets, values) = ((0..=n_rows as u32).collect(), vec![1.0; n_rows]);
        write_csr(&Csr { n_rows, n_columns: 5, offsets, columns, values })
    };
    let graph: BTreeMap<u32, Vec<u32>> =
        (0..N_NODES as u32).map(|node| (node, vec![(node + 1) % N_NODES as u32])).collect();
    let index: String = (N_ALL..N_ALL + N_TEST).rev().map(|node| format!("{node}\n")).collect();
    vec![
        one_hot(N_TRAIN),
        matrix(N_TEST),
        one_hot(N_TEST),
        matrix(N_ALL),
        one_hot(N_ALL),
        write_lists(&graph),
        index.into_bytes(),
    ]
}
