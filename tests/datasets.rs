//! The published files, read whole: the counts are those of the files' documentation, measured
//! independently of this crate.

#![cfg(not(target_arch = "wasm32"))]

use mole::bytes::{Limits, idx, pickle, tu};
use mole::data::{
    Dataset, Files, Graphs, Grids, Nodes, Samples, Splits, UNLABELLED, Vectors, source,
};
use mole::rng::Seed;
use std::fs;
use std::path::PathBuf;

/// The folder that `MOLE_DATA` names; cargo sets it (`.cargo/config.toml`).
fn folder() -> PathBuf {
    std::env::var_os("MOLE_DATA").expect("MOLE_DATA names the folder of data sets").into()
}

fn file(set: &str, name: &str) -> Vec<u8> {
    let path = folder().join(set).join(name);
    fs::read(&path).unwrap_or_else(|error| {
        panic!(
            "{}: {error}. These tests read the published files: `mole data --dir DIR` fetches \
             them, and the variable MOLE_DATA names DIR.",
            path.display()
        )
    })
}

fn load(set: &str, seed: u64) -> Dataset {
    let source = source(set).unwrap();
    let mut files = Files::default();
    source.files.iter().for_each(|f| files.insert(f.name, file(set, f.name)));
    source.load(&files, Seed(seed)).unwrap()
}

/// Samples of each class among `part`.
fn counts(set: &Dataset, part: &[u32]) -> Vec<usize> {
    let mut counts = vec![0; set.classes.len()];
    part.iter().for_each(|&i| counts[usize::from(set.labels[i as usize])] += 1);
    counts
}

fn sizes(Splits { train, valid, test }: &Splits) -> [usize; 3] {
    [train.len(), valid.len(), test.len()]
}

fn mean_and_deviation(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let n = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / n;
    (mean, (values.map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt())
}

#[test]
fn adult() {
    let set = load("adult", 0);
    assert_eq!(sizes(&set.splits), [30_162, 0, 15_060]);
    assert_eq!(set.classes, ["<=50K", ">50K"]);
    assert_eq!(counts(&set, &set.splits.train), [22_654, 7_508]);
    assert_eq!(counts(&set, &set.splits.test), [11_360, 3_700]);
    let Samples::Vectors(Vectors { width, values, names }) = &set.samples else { panic!() };
    let one_hot = names.iter().filter(|name| name.contains('=')).count();
    assert_eq!((names.len(), one_hot), (104, 98));
    let features = |column: &str| names.iter().filter(|name| name.starts_with(column)).count();
    let columns = ["workclass=", "education=", "marital-status=", "occupation="];
    assert_eq!(columns.map(features), [7, 16, 7, 14]);
    let columns = ["relationship=", "race=", "sex=", "native-country="];
    assert_eq!(columns.map(features), [6, 5, 2, 41]);
    for row in values.chunks(*width) {
        let hot = names.iter().zip(row).filter(|(name, x)| name.contains('=') && **x == 1.0);
        assert_eq!(hot.count(), 8);
    }
    for (column, name) in names.iter().enumerate().filter(|(_, name)| !name.contains('=')) {
        let train = values.iter().skip(column).step_by(*width).take(30_162);
        let (mean, deviation) = mean_and_deviation(train.map(|&x| f64::from(x)));
        assert!(mean.abs() < 1e-5 && (deviation - 1.0).abs() < 1e-5, "{name} {mean} {deviation}");
    }
    let age = names.iter().position(|name| name == "age").unwrap();
    assert!((values[age] - 0.042_796).abs() < 1e-4, "{}", values[age]);
}

#[test]
fn mnist() {
    let set = load("mnist", 0);
    assert_eq!(sizes(&set.splits), [60_000, 0, 10_000]);
    let train = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949];
    assert_eq!(counts(&set, &set.splits.train), train);
    let test = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009];
    assert_eq!(counts(&set, &set.splits.test), test);
    assert_eq!(
        (&set.labels[..5], &set.labels[60_000..60_005]),
        (&[5, 0, 4, 1, 9][..], &[7, 2, 1, 0, 4][..])
    );
    let Samples::Grids(Grids { channels, height, width, pixels }) = &set.samples else { panic!() };
    assert_eq!((*channels, *height, *width), (1, 28, 28));
    let (train, test) = pixels.split_at(60_000 * 784);
    for (part, mean, deviation) in [(train, 0.130_660, 0.308_108), (test, 0.132_515, 0.310_480)] {
        let (m, d) = mean_and_deviation(part.iter().map(|&byte| f64::from(byte) / 255.0));
        assert!((m - mean).abs() < 1e-6 && (d - deviation).abs() < 1e-6, "{m} {d}");
    }
    let small = set.with_at_most(1000, Seed(3));
    assert_eq!(counts(&small, &small.splits.train), [99, 112, 99, 102, 97, 90, 99, 105, 98, 99]);
}

/// Fashion-MNIST's files are of the same form; its test images are 1,000 of each class.
#[test]
#[ignore = "reads files that no data set here needs"]
fn fashion_mnist_is_idx_too() {
    let read = |name| idx::read(name, &file("fashion-mnist", name), &Limits::default()).unwrap();
    assert_eq!(read("t10k-images-idx3-ubyte.gz").dimensions, [10_000, 28, 28]);
    let labels = read("t10k-labels-idx1-ubyte.gz").values;
    assert_eq!(labels[..5], [9, 2, 1, 1, 6]);
    for class in 0..10 {
        assert_eq!(labels.iter().filter(|&&label| label == class).count(), 1000);
    }
}

fn nodes(set: &Dataset) -> &Nodes {
    match &set.samples {
        Samples::Nodes(nodes) => nodes,
        _ => panic!("not nodes"),
    }
}

#[test]
fn cora() {
    let set = load("cora", 0);
    assert_eq!(sizes(&set.splits), [140, 500, 1000]);
    assert_eq!(counts(&set, &(0..2708).collect::<Vec<_>>()), [351, 217, 418, 818, 426, 298, 180]);
    assert_eq!(counts(&set, &set.splits.train), [20; 7]);
    let Nodes { features, edges } = nodes(&set);
    assert_eq!(
        (features.width, features.offsets.len(), features.columns.len()),
        (1433, 2709, 49_216)
    );
    assert_eq!(edges.len(), 2 * 5278);
    let row = &features.values[..features.offsets[1] as usize];
    assert!((row.iter().sum::<f32>() - 1.0).abs() < 1e-6 && row.iter().all(|&x| x == row[0]));
    // The second line of `ind.cora.test.index` is 2532: row 1 of `tx` belongs there.
    let tx = pickle::csr("tx", &file("cora", "ind.cora.tx"), &Limits::default()).unwrap();
    let range = |offsets: &[u32], row: usize| offsets[row] as usize..offsets[row + 1] as usize;
    assert_eq!(features.columns[range(&features.offsets, 2532)], tx.columns[range(&tx.offsets, 1)]);
    assert_eq!(nodes(&set.clone().with_at_most(10, Seed(0))), nodes(&set));
}

/// `ind.cora.x` repeats the first rows of `allx`, and is not among the files that are needed.
#[test]
#[ignore = "reads a file that no data set here needs"]
fn cora_x_is_the_head_of_allx() {
    let read = |part: &str| {
        let name = format!("ind.cora.{part}");
        pickle::csr(&name, &file("cora", &name), &Limits::default()).unwrap()
    };
    let (x, allx) = (read("x"), read("allx"));
    assert_eq!((x.n_rows, x.n_columns, allx.n_rows), (140, 1433, 1708));
    assert!(allx.offsets.starts_with(&x.offsets) && allx.columns.starts_with(&x.columns));
}

#[test]
fn citeseer() {
    let set = load("citeseer", 0);
    assert_eq!(sizes(&set.splits), [120, 500, 1000]);
    let labelled: Vec<u32> = (0..3327).filter(|&i| set.labels[i as usize] != UNLABELLED).collect();
    assert_eq!(labelled.len(), 3327 - 15);
    assert_eq!(counts(&set, &labelled), [249, 590, 668, 701, 596, 508]);
    assert_eq!(counts(&set, &set.splits.train), [20; 6]);
    let Nodes { features, edges } = nodes(&set);
    assert_eq!((features.width, edges.len()), (3703, 2 * 4552));
    for (i, pair) in features.offsets.windows(2).enumerate() {
        assert!(pair[0] < pair[1] || set.labels[i] == UNLABELLED, "node {i}");
    }
    let mut linked = vec![false; 3327];
    edges.iter().for_each(|&[_, target]| linked[target as usize] = true);
    assert_eq!(linked.iter().filter(|&&linked| !linked).count(), 48);
}

#[test]
fn mutagenicity() {
    let set = load("mutagenicity", 0);
    assert_eq!(sizes(&set.splits), [3470, 0, 867]);
    assert_eq!(set.classes, ["mutagen", "nonmutagen"]);
    assert_eq!(counts(&set, &(0..4337).collect::<Vec<_>>()), [2401, 1936]);
    let Samples::Graphs(graphs) = &set.samples else { panic!() };
    let Graphs { node_kinds, node_offsets, node_labels, edges, .. } = graphs;
    let mut kinds = vec![0; node_kinds.len()];
    node_labels.iter().for_each(|&kind| kinds[usize::from(kind)] += 1);
    let expected = [53856, 10645, 1312, 58205, 6006, 240, 299, 654, 119, 23, 112, 14, 1, 2];
    assert_eq!(kinds, expected);
    assert_eq!((node_labels.len(), edges.len()), (131_488, 266_894));
    let sizes: Vec<u32> = node_offsets.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!((sizes.iter().min(), sizes.iter().max()), (Some(&4), Some(&417)));
    assert_eq!(load("mutagenicity", 0).splits, set.splits);
    assert_ne!(load("mutagenicity", 1).splits, set.splits);
}

#[test]
#[ignore = "reads a file that no data set here needs"]
fn mutagenicity_edge_labels() {
    let read = |part: &str| file("mutagenicity", &format!("Mutagenicity_{part}.txt"));
    let parts = ["A", "graph_indicator", "graph_labels", "node_labels", "edge_labels"];
    let bytes = parts.map(read);
    let file = |i: usize| tu::File { name: parts[i], bytes: &bytes[i] };
    let [edges, graph_indicator, graph_labels, node_labels] = [0, 1, 2, 3].map(file);
    let edge_labels = Some(file(4));
    let files = tu::Files { edges, graph_indicator, graph_labels, node_labels, edge_labels };
    let labels = tu::read(&files, &Limits::default()).unwrap().edge_labels;
    let count = |label| labels.iter().filter(|&&l| l == label).count();
    assert_eq!([0, 1, 2].map(count), [221_000, 45_674, 220]);
}

fn generated(set: &str, seed: u64) -> Dataset {
    source(set).unwrap().load(&Files::default(), Seed(seed)).unwrap()
}

#[test]
fn synthetic_sets_follow_the_seed() {
    let splits = [
        ("vectors", [4000, 0, 1000]),
        ("glyphs", [4000, 0, 1000]),
        ("community", [100, 200, 500]),
        ("molecules", [1200, 0, 300]),
    ];
    for (name, expected) in splits {
        let set = generated(name, 1);
        assert_eq!(sizes(&set.splits), expected, "{name}");
        let bytes = |set: &Dataset| format!("{set:?}");
        assert_eq!(bytes(&set), bytes(&generated(name, 1)), "{name}");
        assert_ne!(bytes(&set), bytes(&generated(name, 2)), "{name}");
        let counts = counts(&set, &set.splits.train);
        let fair = expected[0] / set.classes.len();
        assert!(counts.iter().all(|&n| n * 5 > fair * 4 && n * 5 < fair * 6), "{name} {counts:?}");
    }
}

#[test]
fn community_members_prefer_each_other() {
    let set = generated("community", 0);
    let edges = &nodes(&set).edges;
    let same = edges.iter().filter(|&&[a, b]| set.labels[a as usize] == set.labels[b as usize]);
    let share = same.count() as f64 / edges.len() as f64;
    assert!((0.65..0.85).contains(&share), "{share}");
    assert_eq!(counts(&set, &set.splits.train), [20; 5]);
}
