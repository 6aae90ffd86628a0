//! A sample as people see it.

use serde::Serialize;
use std::ops::Range;

use super::{Dataset, Samples, UNLABELLED};

/// One sample, for a front end to draw.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SampleView {
    /// Its index in the data set.
    pub id: u32,
    /// Its class, where it has one.
    pub label: Option<u8>,
    /// What is seen.
    #[serde(flatten)]
    pub view: View,
}

/// What is seen of a sample.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum View {
    /// A row of a table: names and values, a category as one value.
    Vector {
        /// In the order of the columns.
        values: Vec<NamedValue>,
    },
    /// An image.
    Grid {
        /// Rows.
        height: usize,
        /// Columns.
        width: usize,
        /// 1 for grey.
        channels: usize,
        /// Channel by channel, row by row, 0 to 1.
        values: Vec<f32>,
    },
    /// A node of the one graph.
    Node {
        /// How many of its features are not 0.
        features: usize,
        /// How many neighbours it has.
        degree: usize,
        /// The first of them.
        neighbours: Vec<Neighbour>,
        /// Edges among the neighbours shown, as positions in their list.
        edges: Vec<[usize; 2]>,
    },
    /// A whole graph.
    Graph {
        /// The kind of each node: `C`, `O`.
        nodes: Vec<String>,
        /// Each undirected edge once, as positions in `nodes`.
        edges: Vec<[usize; 2]>,
    },
}

/// A field of a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NamedValue {
    /// `age`, `workclass`.
    pub name: String,
    /// `Private`; a number as it is given to the network, standardised.
    pub value: String,
}

/// A neighbour of a node.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Neighbour {
    /// Its index in the data set.
    pub id: u32,
    /// Its class, where it has one.
    pub label: Option<u8>,
}

/// Neighbours shown of a node: Cora's most cited paper has 168.
const MOST_NEIGHBOURS: usize = 24;

impl Dataset {
    /// A sample for people; `None` where there is no such sample.
    pub fn view(&self, id: u32) -> Option<SampleView> {
        let label = self.label(id)?;
        let at = id as usize;
        let view = match &self.samples {
            Samples::Vectors(vectors) => {
                let row = vectors.values.chunks_exact(vectors.width).nth(at)?;
                View::Vector { values: named_values(&vectors.names, row) }
            }
            Samples::Grids(grids) => View::Grid {
                height: grids.height,
                width: grids.width,
                channels: grids.channels,
                values: grids
                    .pixels
                    .chunks_exact(grids.size())
                    .nth(at)?
                    .iter()
                    .map(|byte| f32::from(*byte) / 255.0)
                    .collect(),
            },
            Samples::Nodes(nodes) => {
                let own = incoming(&nodes.edges, id);
                let shown: Vec<u32> =
                    own.iter().map(|[source, _]| *source).take(MOST_NEIGHBOURS).collect();
                let offsets = &nodes.features.offsets;
                View::Node {
                    features: (offsets[at + 1] - offsets[at]) as usize,
                    degree: own.len(),
                    edges: edges_among(&nodes.edges, &shown),
                    neighbours: shown
                        .into_iter()
                        .map(|id| Neighbour { id, label: self.label(id).flatten() })
                        .collect(),
                }
            }
            Samples::Graphs(graphs) => {
                let range = |offsets: &[u32]| -> Range<usize> {
                    offsets[at] as usize..offsets[at + 1] as usize
                };
                let nodes = range(&graphs.node_offsets);
                let kind = |kind: &u8| graphs.node_kinds[usize::from(*kind)].clone();
                let edges = graphs.edges[range(&graphs.edge_offsets)].iter();
                View::Graph {
                    edges: edges
                        .filter(|[source, target]| source < target)
                        .map(|edge| edge.map(|node| node as usize - nodes.start))
                        .collect(),
                    nodes: graphs.node_labels[nodes].iter().map(kind).collect(),
                }
            }
        };
        Some(SampleView { id, label, view })
    }

    /// The class of a sample, if it has one; `None` where there is no such sample.
    fn label(&self, id: u32) -> Option<Option<u8>> {
        let label = *self.labels.get(id as usize)?;
        Some((label != UNLABELLED).then_some(label))
    }
}

/// One-hot columns `workclass=Private` as one value; others as they are given to the network.
fn named_values(names: &[String], row: &[f32]) -> Vec<NamedValue> {
    let named = |name: &str, value: String| NamedValue { name: name.into(), value };
    let pairs = names.iter().zip(row).filter_map(|(name, value)| match name.split_once('=') {
        Some((name, category)) => (*value > 0.5).then(|| named(name, category.into())),
        None => Some(named(name, format!("{value:.2}"))),
    });
    pairs.collect()
}

/// The edges that lead to a node: they are sorted by target.
fn incoming(edges: &[[u32; 2]], node: u32) -> &[[u32; 2]] {
    let start = edges.partition_point(|[_, target]| *target < node);
    let end = edges.partition_point(|[_, target]| *target <= node);
    &edges[start..end]
}

fn edges_among(edges: &[[u32; 2]], nodes: &[u32]) -> Vec<[usize; 2]> {
    let mut among = Vec::new();
    for (position, node) in nodes.iter().enumerate() {
        for [source, _] in incoming(edges, *node) {
            let other = nodes.iter().position(|node| node == source);
            among.extend(other.filter(|other| *other < position).map(|other| [other, position]));
        }
    }
    among
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Files, source};
    use crate::rng::Seed;

    fn view(set: &str, id: u32) -> SampleView {
        source(set).unwrap().load(&Files::default(), Seed(7)).unwrap().view(id).unwrap()
    }

    #[test]
    fn a_sample_of_every_kind_can_be_seen() {
        let View::Vector { values } = view("vectors", 3).view else { panic!("not a row") };
        assert!(!values.is_empty());
        let View::Grid { height, width, values, .. } = view("glyphs", 3).view else {
            panic!("not an image")
        };
        assert_eq!(values.len(), height * width);
        assert!(values.iter().all(|value| (0.0..=1.0).contains(value)));
        let View::Node { degree, neighbours, edges, .. } = view("community", 3).view else {
            panic!("not a node")
        };
        assert_eq!(neighbours.len(), degree.min(MOST_NEIGHBOURS));
        assert!(edges.iter().all(|[a, b]| a < b && *b < neighbours.len()));
        let View::Graph { nodes, edges } = view("molecules", 3).view else { panic!("no graph") };
        assert!(!edges.is_empty() && edges.iter().flatten().all(|node| *node < nodes.len()));
    }

    #[test]
    fn a_sample_that_is_none_is_not_seen() {
        let set = source("vectors").unwrap().load(&Files::default(), Seed(7)).unwrap();
        assert_eq!(set.view(set.labels.len() as u32), None);
    }

    #[test]
    fn categories_are_one_value() {
        let names = ["age", "sex=F", "sex=M"].map(String::from);
        let seen = named_values(&names, &[0.5, 0.0, 1.0]);
        let seen: Vec<_> = seen.iter().map(|f| [f.name.as_str(), f.value.as_str()]).collect();
        assert_eq!(seen, [["age", "0.50"], ["sex", "M"]]);
    }
}
