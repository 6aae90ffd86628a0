//! What every data set promises, checked once after it is read.

use super::edges::by_target;
use super::{DataError, Dataset, Graphs, Grids, Nodes, Samples, SparseRows, UNLABELLED, Vectors};

/// What was wrong: the place, what was expected there, what was found.
type Fault = (String, String, String);

fn fault<T>(place: impl Into<String>, expected: impl Into<String>, found: T) -> Result<(), Fault>
where
    T: ToString,
{
    Err((place.into(), expected.into(), found.to_string()))
}

impl Dataset {
    /// Checks all that the documentation of [`Dataset`] and its parts says: counts agree, labels
    /// and indices are in range, values are finite, splits are ascending, disjoint and labelled,
    /// edges are symmetric, sorted and within one graph.
    ///
    /// # Errors
    /// [`DataError::Inconsistent`] at the first fault.
    pub fn check(&self) -> Result<(), DataError> {
        self.check_indices()?;
        let checked = match &self.samples {
            Samples::Vectors(vectors) => check_finite("feature", &vectors.values),
            Samples::Nodes(nodes) => check_finite("feature", &nodes.features.values),
            // Bytes and one-hot rows are always finite.
            Samples::Grids(_) | Samples::Graphs(_) => Ok(()),
        };
        checked.map_err(|fault| self.inconsistent(fault))
    }

    /// All of [`Dataset::check`] but the values themselves: what has to hold for nothing to be read from
    /// where there is nothing.
    pub(crate) fn check_indices(&self) -> Result<(), DataError> {
        let samples = match &self.samples {
            Samples::Vectors(vectors) => check_vectors(vectors),
            Samples::Grids(grids) => check_grids(grids),
            Samples::Nodes(nodes) => check_nodes(nodes),
            Samples::Graphs(graphs) => check_graphs(graphs),
        };
        let checked = samples.and_then(|()| self.check_labels()).and_then(|()| self.check_splits());
        checked.map_err(|fault| self.inconsistent(fault))
    }

    fn inconsistent(&self, (place, expected, found): Fault) -> DataError {
        DataError::Inconsistent { set: self.name.clone(), place, expected, found }
    }

    fn check_labels(&self) -> Result<(), Fault> {
        let (n_labels, n_samples, n_classes) =
            (self.labels.len(), self.samples.len(), self.classes.len());
        if n_labels != n_samples {
            return fault("labels", format!("one for each of {n_samples} samples"), n_labels);
        }
        if !(2..=usize::from(UNLABELLED)).contains(&n_classes) {
            return fault("classes", "2 to 255", n_classes);
        }
        let known = |label: u8| label == UNLABELLED || usize::from(label) < n_classes;
        match self.labels.iter().position(|&label| !known(label)) {
            Some(i) => fault(format!("label {i}"), format!("below {n_classes}"), self.labels[i]),
            None => Ok(()),
        }
    }

    fn check_splits(&self) -> Result<(), Fault> {
        let splits = &self.splits;
        let parts = [("train", &splits.train), ("valid", &splits.valid), ("test", &splits.test)];
        let mut used = vec![false; self.labels.len()];
        for (name, part) in parts {
            let place = format!("{name} split");
            if part.is_empty() && name != "valid" {
                return fault(place, "at least one sample", 0);
            }
            if !part.is_sorted() {
                return fault(place, "ascending indices", "others");
            }
            for &i in part {
                match used.get_mut(i as usize) {
                    None => return fault(place, "an index of a sample", i),
                    Some(true) => return fault(place, "samples in one split once", i),
                    Some(used) => *used = true,
                }
                if self.labels[i as usize] == UNLABELLED {
                    return fault(place, "labelled samples", i);
                }
            }
        }
        Ok(())
    }
}

fn check_vectors(vectors: &Vectors) -> Result<(), Fault> {
    let Vectors { width, values, names } = vectors;
    if *width == 0 || !values.len().is_multiple_of(*width) {
        return fault("features", format!("rows of {width}"), values.len());
    }
    if names.len() != *width {
        return fault("feature names", width.to_string(), names.len());
    }
    Ok(())
}

fn check_grids(grids: &Grids) -> Result<(), Fault> {
    let Grids { channels, height, width, pixels } = grids;
    let size = channels.checked_mul(*height).and_then(|size| size.checked_mul(*width));
    match size {
        Some(size) if size > 0 && pixels.len().is_multiple_of(size) => Ok(()),
        _ => fault("pixels", format!("images of {channels} x {height} x {width}"), pixels.len()),
    }
}

fn check_nodes(nodes: &Nodes) -> Result<(), Fault> {
    let SparseRows { width, offsets, columns, values } = &nodes.features;
    if *width == 0 {
        return fault("features", "one column, at least", "none");
    }
    check_offsets("feature offsets", offsets, columns.len())?;
    if values.len() != columns.len() {
        return fault("features", format!("{} values", columns.len()), values.len());
    }
    for pair in offsets.windows(2) {
        let row = &columns[pair[0] as usize..pair[1] as usize];
        if !row.is_sorted_by(|a, b| a < b) || row.last().is_some_and(|&c| c as usize >= *width) {
            return fault("features", format!("ascending columns below {width}"), "others");
        }
    }
    let n = offsets.len() - 1;
    check_edges(&nodes.edges, |node| ((node as usize) < n).then_some(0))
}

fn check_graphs(graphs: &Graphs) -> Result<(), Fault> {
    let Graphs { node_kinds, node_offsets, node_labels, edge_offsets, edges } = graphs;
    check_offsets("node offsets", node_offsets, node_labels.len())?;
    check_offsets("edge offsets", edge_offsets, edges.len())?;
    if edge_offsets.len() != node_offsets.len() {
        return fault("edge offsets", node_offsets.len().to_string(), edge_offsets.len());
    }
    if !node_offsets.is_sorted_by(|a, b| a < b) {
        return fault("node offsets", "at least one node a graph", "none");
    }
    if let Some(kind) = node_labels.iter().find(|&&kind| usize::from(kind) >= node_kinds.len()) {
        return fault("node labels", format!("below {}", node_kinds.len()), kind);
    }
    let n = node_labels.len();
    let graph = |node: u32| {
        ((node as usize) < n).then(|| node_offsets.partition_point(|&start| start <= node))
    };
    check_edges(edges, graph)?;
    for (g, pair) in edge_offsets.windows(2).enumerate() {
        let own = &edges[pair[0] as usize..pair[1] as usize];
        if let Some(&[_, target]) = own.iter().find(|&&[_, to]| graph(to) != Some(g + 1)) {
            return fault(format!("edges of graph {g}"), "its own nodes", target);
        }
    }
    Ok(())
}

/// `graph` gives the graph of a node, or `None` where there is no such node.
fn check_edges(edges: &[[u32; 2]], graph: impl Fn(u32) -> Option<usize>) -> Result<(), Fault> {
    if !edges.is_sorted_by(|a, b| by_target(a) < by_target(b)) {
        return fault("edges", "sorted by target and source, none twice", "others");
    }
    for &[source, target] in edges {
        let place = || format!("edge {source} to {target}");
        if source == target {
            return fault(place(), "no self-loop", "one");
        }
        if graph(source).is_none() || graph(source) != graph(target) {
            return fault(place(), "two nodes of one graph", "others");
        }
        let back = by_target(&[target, source]);
        if edges.binary_search_by_key(&back, by_target).is_err() {
            return fault(place(), "an edge back", "none");
        }
    }
    Ok(())
}

/// Offsets into `n` things: from 0 to `n`, never down.
fn check_offsets(place: &str, offsets: &[u32], n: usize) -> Result<(), Fault> {
    let whole = offsets.first() == Some(&0)
        && offsets.last().is_some_and(|&last| last as usize == n)
        && offsets.is_sorted();
    if whole { Ok(()) } else { fault(place, format!("ascending from 0 to {n}"), "others") }
}

fn check_finite(place: &str, values: &[f32]) -> Result<(), Fault> {
    match values.iter().position(|value| !value.is_finite()) {
        Some(i) => fault(format!("{place} {i}"), "a finite value", values[i]),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Splits;

    fn with(samples: Samples) -> Dataset {
        let splits = Splits { train: vec![0], valid: vec![], test: vec![1] };
        let classes = vec!["a".into(), "b".into()];
        Dataset { name: "x".into(), classes, samples, labels: vec![0, 1], splits }
    }

    fn vectors() -> Dataset {
        let names = vec!["u".into()];
        with(Samples::Vectors(Vectors { width: 1, values: vec![0.0, 1.0], names }))
    }

    fn nodes(edges: &[[u32; 2]]) -> Dataset {
        let features = SparseRows {
            width: 2,
            offsets: vec![0, 2, 2],
            columns: vec![0, 1],
            values: vec![0.5; 2],
        };
        with(Samples::Nodes(Nodes { features, edges: edges.to_vec() }))
    }

    fn graphs() -> Graphs {
        Graphs {
            node_kinds: vec!["C".into(), "O".into()],
            node_offsets: vec![0, 2, 4],
            node_labels: vec![0, 1, 0, 0],
            edge_offsets: vec![0, 2, 4],
            edges: vec![[1, 0], [0, 1], [3, 2], [2, 3]],
        }
    }

    #[test]
    fn nodes_without_a_feature_are_refused() {
        let features =
            SparseRows { width: 0, offsets: vec![0; 3], columns: vec![], values: vec![] };
        let set = with(Samples::Nodes(Nodes { features, edges: vec![] }));
        assert!(set.check().is_err());
    }

    #[test]
    fn sound_sets_pass() {
        let grids = Grids { channels: 1, height: 1, width: 2, pixels: vec![0; 4] };
        for set in [
            vectors(),
            with(Samples::Grids(grids)),
            nodes(&[[1, 0], [0, 1]]),
            with(Samples::Graphs(graphs())),
        ] {
            assert_eq!(set.check(), Ok(()));
        }
    }

    #[test]
    fn labels_and_splits_are_checked() {
        let message = |change: fn(&mut Dataset)| {
            let mut set = vectors();
            change(&mut set);
            let error = set.check().unwrap_err();
            assert_eq!(error.code(), "data/inconsistent");
            error.to_string()
        };
        assert_eq!(message(|s| s.labels[1] = 2), "x, label 1: expected below 2, found 2");
        assert!(message(|s| s.labels[1] = UNLABELLED).contains("labelled samples"));
        assert!(message(|s| s.labels.push(0)).contains("one for each of 2 samples"));
        assert!(message(|s| s.splits.test = vec![2]).contains("an index of a sample"));
        assert!(message(|s| s.splits.test = vec![0]).contains("in one split once"));
        assert!(message(|s| s.splits.train = vec![]).contains("at least one sample"));
        assert!(message(|s| s.splits.train = vec![1, 0]).contains("ascending"));
        assert!(message(|s| s.classes.truncate(1)).contains("2 to 255"));
        let nan = |s: &mut Dataset| {
            if let Samples::Vectors(v) = &mut s.samples {
                v.values[1] = f32::NAN;
            }
        };
        assert_eq!(message(nan), "x, feature 1: expected a finite value, found NaN");
    }

    #[test]
    fn edges_are_checked() {
        let message = |edges: &[[u32; 2]]| nodes(edges).check().unwrap_err().to_string();
        assert!(message(&[[1, 0]]).contains("an edge back"));
        assert!(message(&[[0, 0]]).contains("no self-loop"));
        assert!(message(&[[0, 1], [1, 0]]).contains("sorted"));
        assert!(message(&[[2, 0], [0, 2]]).contains("two nodes of one graph"));
        let message = |change: fn(&mut Graphs)| {
            let mut graphs = graphs();
            change(&mut graphs);
            with(Samples::Graphs(graphs)).check().unwrap_err().to_string()
        };
        assert!(message(|g| g.edges = vec![[2, 1], [1, 2]]).contains("edge offsets"));
        assert!(message(|g| g.edges = vec![[3, 0], [3, 2], [0, 3], [2, 3]]).contains("one graph"));
        assert!(message(|g| g.edge_offsets[1] = 1).contains("its own nodes"));
        assert!(message(|g| g.node_offsets = vec![0, 0, 4]).contains("at least one node"));
        assert!(message(|g| g.node_labels[0] = 2).contains("below 2"));
    }
}
