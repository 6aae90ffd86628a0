//! Files that a user drops: recognised, looked at and read, or refused.

use super::sets::sound;
use super::{SEPARATOR, Target, assert_places, idx, parts};
use mole::data::own::{self, OwnData};
use mole::data::{DataError, Files};
use mole::rng::Seed;

pub const TARGET: Target = Target {
    name: "own",
    read: |input| drop(preview(input)),
    // As for the published sets: one-hot columns, up to a fixed number of values.
    memory: |_| 256 << 20,
    check,
    seeds,
    tokens: &[
        b",",
        b";",
        b"\t",
        b"\"",
        b"\n",
        b"\r\n",
        b"?",
        b"\xef\xbb\xbf",
        b"\xff",
        SEPARATOR,
        b"-1",
        b"1e300",
    ],
};

/// Names for the files of each kind; a table needs no particular one.
const NAMES: [&[&str]; 5] = [
    &["t.csv"],
    &["t10k-images", "t10k-labels", "train-images", "train-labels"],
    &["images", "labels"],
    &["t_A.txt", "t_graph_indicator.txt", "t_graph_labels.txt", "t_node_labels.txt"],
    &[
        "ind.t.y",
        "ind.t.tx",
        "ind.t.ty",
        "ind.t.allx",
        "ind.t.ally",
        "ind.t.graph",
        "ind.t.test.index",
    ],
];

/// The first byte says which names the files have, and by its upper half whether a table is read as
/// [`own::suggest`] says.
fn files(input: &[u8]) -> (Files, u8) {
    let (&choice, rest) = input.split_first().unwrap_or((&0, &[]));
    let parts: [&[u8]; 7] = parts(rest);
    let mut files = Files::default();
    for (&name, part) in NAMES[usize::from(choice & 15) % NAMES.len()].iter().zip(parts) {
        files.insert(name, part.to_vec());
    }
    (files, choice >> 4)
}

fn preview(input: &[u8]) -> Result<(own::Preview, mole::data::Dataset), DataError> {
    let (files, choice) = files(input);
    let data = match own::suggest(&files)? {
        OwnData::Csv { test, .. } if choice & 1 == 1 => {
            let without = (choice & 4 == 4).then(|| vec!["column 2".into()]);
            Some(OwnData::Csv { label: "column 1".into(), header: choice & 2 == 2, test, without })
        }
        _ => None,
    };
    own::preview(&files, data, Seed(0))
}

fn check(input: &[u8]) {
    let (files, _) = files(input);
    match preview(input) {
        Ok((preview, dataset)) => {
            assert_eq!(dataset.check(), Ok(()));
            assert_eq!(preview.samples, dataset.samples.len());
            assert!(preview.rows.len() <= 8 && (2..=255).contains(&preview.classes.len()));
            let read = |seed| own::read(&files, &preview.data, seed);
            let [first, again] = [read(Seed(0)), read(Seed(0))].map(Result::unwrap);
            assert!(format!("{first:?}") == format!("{again:?}"));
            // Another split may hold out what training needs, but is as sound where it does not.
            if let Ok(other) = read(Seed(1)) {
                assert_eq!(other.check(), Ok(()));
            }
        }
        Err(DataError::Parse(error)) => match files.get(&error.file) {
            // Places in a compressed file count in what it unpacks to.
            Ok(bytes) if !bytes.starts_with(&[0x1f, 0x8b]) => assert_places(&error, bytes),
            _ => super::assert_is_complete(&error),
        },
        Err(error) => super::assert_is_short(&error),
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let with = |choice: u8, files: &[Vec<u8>]| [&[choice], &files.join(SEPARATOR)[..]].concat();
    let table =
        b"age,town,tall\n30,Ulm,yes\n40,Bonn,no\n50,Ulm,yes\n?,Ulm,no\n20,Kiel,no\n".to_vec();
    let bare = b"1;2;a\n3;4;b\n5;6;a\n7;8;b\n9;1;b\n".to_vec();
    let pixels: Vec<u8> = (0..24).collect();
    vec![
        with(0, std::slice::from_ref(&table)),
        with(0, std::slice::from_ref(&bare)),
        with(0x10, std::slice::from_ref(&bare)),
        with(0x50, &[bare]),
        with(0x30, &[table]),
        with(
            1,
            &sound("mnist")[2..].iter().chain(&sound("mnist")[..2]).cloned().collect::<Vec<_>>(),
        ),
        with(2, &[idx::write(&[6, 2, 2], &pixels), idx::write(&[6], &[0, 1, 2, 0, 1, 2])]),
        with(3, &sound("mutagenicity")),
        with(4, &sound("cora")),
    ]
}
