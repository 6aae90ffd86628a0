//! One graph of five communities whose members prefer each other and share some words.
//!
//! A planted partition (Holland, Laskey, Leinhardt 1983): two nodes of one community are linked
//! more often than two others. A node's words tell a little of its community, its neighbours' more.

use super::{CITATION, TERMS, in_order};
use crate::data::{
    DataError, Dataset, Files, Kind, Nodes, Origin, Samples, Source, SparseRows, edges,
};
use crate::rng::{Seed, Stream};

pub(in crate::data) static COMMUNITY: Source = Source {
    name: "community",
    title: "Community",
    description: "800 made-up people who know each other: which of five communities is it?",
    kind: Kind::Nodes,
    files: &[],
    origin: Origin::Generated,
    terms: TERMS,
    citation: CITATION,
    read,
};

const N_CLASSES: usize = 5;
const N_TRAIN: u32 = 100;
const N_VALID: u32 = 200;
const N_TEST: u32 = 500;
const N_NODES: usize = (N_TRAIN + N_VALID + N_TEST) as usize;
/// Mean number of neighbours in the own community, and in all the others together.
const INSIDE: f64 = 6.0;
const OUTSIDE: f64 = 2.0;
/// Words there are, and of them those that one community prefers.
const N_WORDS: usize = 300;
const N_OWN: usize = 20;
/// Words of a node, and the share of them that its community prefers.
const WORDS: usize = 12;
const OWN_SHARE: f64 = 0.2;

fn read(_: &Files, seed: Seed) -> Result<Dataset, DataError> {
    let mut stream = seed.stream("data/community");
    // In turn, so that the first 100 nodes hold 20 of each community.
    let labels: Vec<u8> = (0..N_NODES).map(|node| (node % N_CLASSES) as u8).collect();
    let features = words(&labels, &mut stream);
    let edges = links(&labels, &mut stream);
    Ok(Dataset {
        name: COMMUNITY.name.to_owned(),
        classes: (1..=N_CLASSES).map(|i| format!("community {i}")).collect(),
        samples: Samples::Nodes(Nodes { features, edges: edges::both_ways(edges) }),
        labels,
        splits: in_order(N_TRAIN, N_VALID, N_TEST),
    })
}

fn links(labels: &[u8], stream: &mut Stream) -> Vec<[u32; 2]> {
    let own = N_NODES as f64 / N_CLASSES as f64;
    let (inside, outside) = (INSIDE / own, OUTSIDE / (N_NODES as f64 - own));
    let mut links = Vec::new();
    for a in 0..N_NODES {
        for b in 0..a {
            let p = if labels[a] == labels[b] { inside } else { outside };
            if stream.uniform() < p {
                links.push([a as u32, b as u32]);
            }
        }
    }
    links
}

/// Binary words, each row divided by its sum.
fn words(labels: &[u8], stream: &mut Stream) -> SparseRows {
    let mut rows = SparseRows { width: N_WORDS, offsets: vec![0], ..SparseRows::default() };
    for &label in labels {
        let mut row: Vec<u32> = (0..WORDS)
            .map(|_| match stream.uniform() < OWN_SHARE {
                true => usize::from(label) * N_OWN + stream.below(N_OWN),
                false => stream.below(N_WORDS),
            })
            .map(|word| word as u32)
            .collect();
        row.sort_unstable();
        row.dedup();
        rows.values.extend(row.iter().map(|_| 1.0 / row.len() as f32));
        rows.columns.extend(row);
        rows.offsets.push(rows.columns.len() as u32);
    }
    rows
}
