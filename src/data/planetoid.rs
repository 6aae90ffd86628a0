//! Cora and Citeseer: papers that cite each other, and what each is about. From Planetoid's files.

use super::{
    DataError, Dataset, Files, Kind, Nodes, Origin, Samples, Source, SourceFile, SparseRows,
    Splits, UNLABELLED, edges,
};
use crate::bytes::pickle::{self, Array, Csr, Numbers};
use crate::bytes::{Limits, ParseError, ParseErrorKind, Place, text};

use std::collections::BTreeMap;

pub(super) static CORA: Source = Source {
    name: "cora",
    title: "Cora",
    description: "2,708 papers on machine learning that cite each other: what is each about?",
    kind: Kind::Nodes,
    files: &[
        file(
            "ind.cora.y",
            4_054,
            "94465c14eb53e04ca262198dcbb2521ee8af60fb3f3d546cd6ca24a511b0e7d1",
        ),
        file(
            "ind.cora.tx",
            148_025,
            "b9afbaa4a400df991f6f02ef677e1e44da55ffc04801fd02f9e673987829226a",
        ),
        file(
            "ind.cora.ty",
            28_135,
            "41f5ac76596a1699cc33f53084a2419e92961c42bb75f36fc38e616d348532ad",
        ),
        file(
            "ind.cora.allx",
            257_305,
            "9419ba2f26f5c35243db64aba110e0f35a04851609e0dc5433450676ca6b8543",
        ),
        file(
            "ind.cora.ally",
            47_959,
            "2b998f5cc7fedc86e7f97ca2498f47a1ffc1462c29e2d578b23bf3f62b6e7d71",
        ),
        file(
            "ind.cora.graph",
            59_847,
            "58f13302f39dde8852dad6fe6d15b89b077b6d7f837626bce671ef80344b383d",
        ),
        file(
            "ind.cora.test.index",
            5_000,
            "297ce89af2b51a6a194181c7dbe1796c6a1cf9cd9349a88383b1b1e227867875",
        ),
    ],
    origin: ORIGIN,
    terms: TERMS,
    citation: CITATION,
    read: |files, _| read("cora", classes(&CORA_CLASSES), files),
};

pub(super) static CITESEER: Source = Source {
    name: "citeseer",
    title: "Citeseer",
    description: "3,327 papers on computer science that cite each other: what is each about?",
    kind: Kind::Nodes,
    files: &[
        file(
            "ind.citeseer.y",
            3_014,
            "8ba87e515d8e3ee3cf52f6d2c5b86aa73f11ecad825a808455209ec26cd54924",
        ),
        file(
            "ind.citeseer.tx",
            260_321,
            "539a8906a2da97628d212f2fdd668c109a8b3f0d36574b59e5d3fd5b5303da21",
        ),
        file(
            "ind.citeseer.ty",
            24_135,
            "55e5bd1ba1e733a04598753ad1a8d57957f4b8f89e74519f41f4f4938767e4ce",
        ),
        file(
            "ind.citeseer.allx",
            595_021,
            "2ac30345d95c9ec933a817ee0bdd6a5f077f8c184a20e696910192d534414668",
        ),
        file(
            "ind.citeseer.ally",
            55_623,
            "f704b2d986dde6c2669934de1f3ae5696a6cf9455c0f6b2646a2d135ea0a1c95",
        ),
        file(
            "ind.citeseer.graph",
            61_987,
            "d79a4ef9d3e7169aee8946145f6b7306e35bc79bffad26346cfb94e10e9912a7",
        ),
        file(
            "ind.citeseer.test.index",
            5_000,
            "2af990671580b6b2df5d158d1038f8292e30c9cd821b5453f399659b25b723d4",
        ),
    ],
    origin: ORIGIN,
    terms: TERMS,
    citation: CITATION,
    read: |files, _| read("citeseer", classes(&CITESEER_CLASSES), files),
};

const ORIGIN: Origin = Origin::Files {
    bases: &[
        "https://raw.githubusercontent.com/kimiyoung/planetoid/master/data/",
        "https://github.com/kimiyoung/planetoid/raw/master/data/",
    ],
};
const TERMS: &str = "MIT licence, copyright 2016 Zhilin Yang; asks to cite the paper";
const CITATION: &str = "Z. Yang, W. W. Cohen, R. Salakhutdinov, Revisiting Semi-Supervised \
                        Learning with Graph Embeddings, ICML 2016, arXiv:1603.08861";

/// Planetoid's files do not name the classes. The number of papers in each (351 217 418 818 426
/// 298 180) is that of one class only in the collection that Cora was taken from (LINQS, 2008).
const CORA_CLASSES: [&str; 7] = [
    "theory",
    "reinforcement learning",
    "genetic algorithms",
    "neural networks",
    "probabilistic methods",
    "case-based",
    "rule learning",
];

/// As for Cora: 249 590 668 701 596 508 papers.
const CITESEER_CLASSES: [&str; 6] = [
    "artificial intelligence",
    "machine learning",
    "information retrieval",
    "databases",
    "agents",
    "human-computer interaction",
];

/// Nodes after the training ones that validate, in every user of these files since Planetoid.
const N_VALID: usize = 500;

fn classes(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

const fn file(name: &'static str, size: u64, sha256: &'static str) -> SourceFile {
    SourceFile { name, size, sha256 }
}

/// The files `ind.NAME.*`, read.
struct Parts {
    /// Rows of `y`, the training nodes.
    n_train: usize,
    /// The nodes from 0 on, in order.
    allx: Csr,
    ally: Vec<u8>,
    /// The test nodes, row by row at the numbers of `test_index`.
    tx: Csr,
    ty: Vec<u8>,
    test_index: Vec<u32>,
    /// Edges, some of them repeated or from a node to itself.
    citations: Vec<[u32; 2]>,
    n_nodes: usize,
}

/// How many classes the files `ind.SET.*` speak of.
pub(super) fn count_classes(set: &str, files: &Files) -> Result<usize, DataError> {
    let file = format!("ind.{set}.y");
    let array = pickle::array(&file, files.get(&file)?, &Limits::default())?;
    Ok(array.shape.last().copied().unwrap_or_default())
}

/// The data set of the files `ind.SET.*`.
pub(super) fn read(set: &str, classes: Vec<String>, files: &Files) -> Result<Dataset, DataError> {
    let parts = Parts::read(set, classes.len(), files)?;
    let mut rows = vec![None; parts.n_nodes];
    let mut labels = vec![UNLABELLED; parts.n_nodes];
    let first = (0..).zip(&parts.ally).map(|(row, &label)| (row, &parts.allx, row, label));
    let last = parts.test_index.iter().zip(0..).zip(&parts.ty);
    let last = last.map(|((&node, row), &label)| (node as usize, &parts.tx, row, label));
    // A node that is in neither list has no features and no label: 15 of Citeseer's.
    for (node, matrix, row, label) in first.chain(last) {
        rows[node] = Some((matrix, row));
        labels[node] = label;
    }
    let mut test = parts.test_index;
    test.sort_unstable();
    let (n_train, n_valid) = (parts.n_train as u32, N_VALID as u32);
    Ok(Dataset {
        name: set.to_owned(),
        classes,
        samples: Samples::Nodes(Nodes {
            features: features(parts.allx.n_columns, &rows),
            edges: edges::both_ways(parts.citations),
        }),
        labels,
        splits: Splits {
            train: (0..n_train).collect(),
            valid: (n_train..n_train + n_valid).collect(),
            test,
        },
    })
}

/// Rows divided by their sums; a row without features stays empty.
fn features(width: usize, rows: &[Option<(&Csr, usize)>]) -> SparseRows {
    let mut features = SparseRows { width, offsets: vec![0], ..SparseRows::default() };
    for row in rows {
        if let &Some((matrix, row)) = row {
            let range = matrix.offsets[row] as usize..matrix.offsets[row + 1] as usize;
            let values = &matrix.values[range.clone()];
            let sum: f32 = values.iter().sum();
            let scale = if sum == 0.0 { 0.0 } else { sum.recip() };
            features.columns.extend_from_slice(&matrix.columns[range]);
            features.values.extend(values.iter().map(|value| value * scale));
        }
        features.offsets.push(features.columns.len() as u32);
    }
    features
}

impl Parts {
    fn read(set: &str, n_classes: usize, files: &Files) -> Result<Parts, DataError> {
        let limits = Limits::default();
        let name = |part: &str| format!("ind.{set}.{part}");
        let matrix = |part: &str| {
            let file = name(part);
            Ok::<_, DataError>(pickle::csr(&file, files.get(&file)?, &limits)?)
        };
        let labels = |part: &str| {
            let file = name(part);
            let array = pickle::array(&file, files.get(&file)?, &limits)?;
            Ok::<_, DataError>(labels(&file, &array, n_classes)?)
        };
        let index = name("test.index");
        let graph = name("graph");
        let lists = pickle::lists(&graph, files.get(&graph)?, &limits)?;
        let parts = Parts {
            n_train: labels("y")?.len(),
            allx: matrix("allx")?,
            ally: labels("ally")?,
            tx: matrix("tx")?,
            ty: labels("ty")?,
            test_index: text::numbers(&index, files.get(&index)?, &limits)?,
            n_nodes: n_nodes(&graph, &lists)?,
            citations: lists
                .into_iter()
                .flat_map(|(node, cited)| cited.into_iter().map(move |other| [node, other]))
                .collect(),
        };
        parts.check(&name)?;
        Ok(parts)
    }

    /// Checks what the files say of each other.
    fn check(&self, name: &dyn Fn(&str) -> String) -> Result<(), ParseError> {
        let demand = |holds: bool, part: &str, expected: String, found: String| match holds {
            true => Ok(()),
            false => {
                let kind = ParseErrorKind::Inconsistent;
                Err(ParseError::new(&name(part), Place::Byte(0), kind, expected, found))
            }
        };
        let (n_all, n_test) = (self.allx.n_rows, self.tx.n_rows);
        let same = |part, expected: usize, found: usize| {
            demand(expected == found, part, format!("{expected} rows"), found.to_string())
        };
        same("ally", n_all, self.ally.len())?;
        same("ty", n_test, self.ty.len())?;
        same("test.index", n_test, self.test_index.len())?;
        let (width, test_width) = (self.allx.n_columns, self.tx.n_columns);
        demand(width == test_width, "tx", format!("{width} columns"), test_width.to_string())?;
        let split = self.n_train + N_VALID;
        demand(split <= n_all, "allx", format!("at least {split} rows"), n_all.to_string())?;
        let in_graph = |&node: &u32| (node as usize) < self.n_nodes;
        let tested = |node: &&u32| !in_graph(node) || (**node as usize) < n_all;
        let n_nodes = self.n_nodes;
        if let Some(node) = self.test_index.iter().find(tested) {
            let expected = format!("nodes from {n_all} to below {n_nodes}");
            return demand(false, "test.index", expected, node.to_string());
        }
        demand(n_all <= n_nodes, "graph", format!("at least {n_all} nodes"), n_nodes.to_string())?;
        match self.citations.iter().flatten().find(|node| !in_graph(node)) {
            Some(node) => {
                demand(false, "graph", format!("nodes below {n_nodes}"), node.to_string())
            }
            None => Ok(()),
        }
    }
}

/// The number of nodes of a graph that lists the neighbours of each, from 0 on.
fn n_nodes(file: &str, lists: &BTreeMap<u32, Vec<u32>>) -> Result<usize, ParseError> {
    let n = lists.len();
    match lists.last_key_value() {
        Some((&last, _)) if last as usize == n - 1 => Ok(n),
        _ => {
            let (place, kind) = (Place::Byte(0), ParseErrorKind::Inconsistent);
            let expected = "the nodes from 0 on, none left out";
            Err(ParseError::new(file, place, kind, expected, "others"))
        }
    }
}

/// The classes of one-hot rows; a row of zeros has none.
fn labels(file: &str, array: &Array, n_classes: usize) -> Result<Vec<u8>, ParseError> {
    let error = |kind, expected: String, found: String| {
        ParseError::new(file, Place::Byte(0), kind, expected, found)
    };
    let (Numbers::Int(values), &[_, width]) = (&array.values, array.shape.as_slice()) else {
        let (expected, found) = ("a table of whole numbers", format!("shape {:?}", array.shape));
        return Err(error(ParseErrorKind::Unsupported, expected.to_owned(), found));
    };
    if width != n_classes {
        let expected = format!("{n_classes} columns");
        return Err(error(ParseErrorKind::WrongColumnCount, expected, width.to_string()));
    }
    let class = |row: &[i32]| {
        let mut hot = (0..=u8::MAX).zip(row).filter(|&(_, &value)| value != 0);
        match (hot.next(), hot.next()) {
            (None, _) => Some(UNLABELLED),
            (Some((class, 1)), None) => Some(class),
            _ => None,
        }
    };
    let one_hot = |(i, row): (usize, &[i32])| match class(row) {
        Some(class) => Ok(class),
        None => {
            let expected = format!("at most one 1 in row {i}");
            Err(error(ParseErrorKind::OutOfRange, expected, format!("{row:?}")))
        }
    };
    values.chunks_exact(width).enumerate().map(one_hot).collect()
}
