//! What a data set is once it is read: plain values, one kind of sample, splits.

use serde::Serialize;

/// The label of a sample that has none (15 nodes of Citeseer). Such a sample is in no split.
pub const UNLABELLED: u8 = u8::MAX;

/// Samples with labels and splits.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// The name it is registered under: `adult`.
    pub name: String,
    /// One name per class; a label is an index into it.
    pub classes: Vec<String>,
    /// What the network sees.
    pub samples: Samples,
    /// One label per sample, or [`UNLABELLED`].
    pub labels: Vec<u8>,
    /// Which samples train, validate and test.
    pub splits: Splits,
}

/// The kinds of sample a network can take.
#[derive(Clone, Debug)]
pub enum Samples {
    /// Rows of a table.
    Vectors(Vectors),
    /// Images.
    Grids(Grids),
    /// The nodes of one graph.
    Nodes(Nodes),
    /// Many small graphs.
    Graphs(Graphs),
}

/// `n x width` real features, row-major.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Vectors {
    /// Features of a row.
    pub width: usize,
    /// Row by row.
    pub values: Vec<f32>,
    /// One name per feature: `age`, `workclass=Private`.
    pub names: Vec<String>,
}

/// Images of one size, `n x channels x height x width`, row-major. Kept as bytes (a quarter of the
/// memory); a pixel's value is its byte over 255.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Grids {
    /// 1 for grey.
    pub channels: usize,
    /// Rows of an image.
    pub height: usize,
    /// Columns of an image.
    pub width: usize,
    /// Image by image, channel by channel, row by row.
    pub pixels: Vec<u8>,
}

/// One graph whose nodes are the samples.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Nodes {
    /// One row a node.
    pub features: SparseRows,
    /// Directed edges `[source, target]`, both directions of every undirected edge, no self-loop,
    /// no repeat, sorted by target and then source.
    pub edges: Vec<[u32; 2]>,
}

/// A sparse matrix by rows (CSR): row `i` holds `columns[offsets[i]..offsets[i + 1]]`, ascending.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SparseRows {
    /// Columns of the whole matrix.
    pub width: usize,
    /// Where each row starts, and the end of the last.
    pub offsets: Vec<u32>,
    /// The column of each value.
    pub columns: Vec<u32>,
    /// Row by row.
    pub values: Vec<f32>,
}

/// Many graphs with one label on every node, as one disjoint union: graph `g` owns the nodes
/// `node_offsets[g]..node_offsets[g + 1]` and the edges `edge_offsets[g]..edge_offsets[g + 1]`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graphs {
    /// One name per kind of node: `C`, `O`, `Cl`. A node's feature vector is its kind, one-hot.
    pub node_kinds: Vec<String>,
    /// Where each graph's nodes start, and the end of the last.
    pub node_offsets: Vec<u32>,
    /// The kind of each node, an index into `node_kinds`.
    pub node_labels: Vec<u8>,
    /// Where each graph's edges start, and the end of the last.
    pub edge_offsets: Vec<u32>,
    /// As [`Nodes::edges`], numbered within the whole union.
    pub edges: Vec<[u32; 2]>,
}

/// Which samples train, validate and test; indices into the samples, ascending, disjoint.
/// `valid` may be empty.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Splits {
    /// What the parameters are fitted to.
    pub train: Vec<u32>,
    /// What settings are chosen on.
    pub valid: Vec<u32>,
    /// What the result is measured on, and nothing else.
    pub test: Vec<u32>,
}

/// What kind of sample a data set has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Rows of a table.
    Vectors,
    /// Images.
    Grids,
    /// The nodes of one graph.
    Nodes,
    /// Many small graphs.
    Graphs,
}

impl Samples {
    /// How many samples there are.
    pub fn len(&self) -> usize {
        match self {
            Samples::Vectors(vectors) => vectors.values.len() / vectors.width.max(1),
            Samples::Grids(grids) => grids.pixels.len() / grids.size().max(1),
            Samples::Nodes(nodes) => nodes.features.offsets.len().saturating_sub(1),
            Samples::Graphs(graphs) => graphs.node_offsets.len().saturating_sub(1),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Their kind.
    pub fn kind(&self) -> Kind {
        match self {
            Samples::Vectors(_) => Kind::Vectors,
            Samples::Grids(_) => Kind::Grids,
            Samples::Nodes(_) => Kind::Nodes,
            Samples::Graphs(_) => Kind::Graphs,
        }
    }
}

impl Grids {
    /// Values of one image.
    pub fn size(&self) -> usize {
        self.channels * self.height * self.width
    }
}
