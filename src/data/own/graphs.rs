//! Graphs of one's own.

use super::{OWN, numbered};
use crate::bytes::{Limits, tu};
use crate::data::{DataError, Dataset, Files, Graphs, Samples, Splits, edges, planetoid};
use crate::rng::Seed;

/// The `NAME` of `ind.NAME.allx`, where there is such a file.
pub fn planetoid_name(files: &Files) -> Option<&str> {
    files.names().find_map(|name| name.strip_prefix("ind.")?.strip_suffix(".allx"))
}

/// The `NAME` of `NAME_A.txt`, where there is such a file.
pub fn tu_name(files: &Files) -> Option<&str> {
    files.names().find_map(|name| name.strip_suffix("_A.txt"))
}

pub fn planetoid(files: &Files) -> Result<Dataset, DataError> {
    let name = planetoid_name(files)
        .ok_or_else(|| DataError::MissingFile { file: "ind.NAME.allx".into() })?;
    let count = planetoid::count_classes(name, files)?;
    // A shape may claim any number of them.
    if !(2..=255).contains(&count) {
        return Err(super::wrong_classes(&format!("ind.{name}.y"), count));
    }
    let classes = (0..count).map(|class| format!("class {class}")).collect();
    let dataset = planetoid::read(name, classes, files)?;
    Ok(Dataset { name: OWN.into(), ..dataset })
}

pub fn tu(files: &Files, train: f64, seed: Seed) -> Result<Dataset, DataError> {
    let set = tu_name(files).ok_or_else(|| DataError::MissingFile { file: "NAME_A.txt".into() })?;
    let names = ["A", "graph_indicator", "graph_labels", "node_labels"]
        .map(|part| format!("{set}_{part}.txt"));
    let file = |at: usize| {
        let name = names[at].as_str();
        Ok::<_, DataError>(tu::File { name, bytes: files.get(name)? })
    };
    let parts = tu::Files {
        edges: file(0)?,
        graph_indicator: file(1)?,
        graph_labels: file(2)?,
        node_labels: file(3)?,
        edge_labels: None,
    };
    let collection = tu::read(&parts, &Limits::default())?;
    let (classes, labels) = numbered(&collection.graph_labels, &names[2])?;
    let (kinds, node_labels) = numbered(&collection.node_labels, &names[3])?;
    let edges = edges::both_ways(collection.edges);
    Ok(Dataset {
        name: OWN.into(),
        classes,
        splits: Splits::random(labels.len(), train, seed, "data/own/split"),
        labels,
        samples: Samples::Graphs(Graphs {
            node_kinds: kinds,
            edge_offsets: edges::offsets(&edges, &collection.node_offsets),
            node_offsets: collection.node_offsets,
            node_labels,
            edges,
        }),
    })
}
