//! What flows between modules: `T_k`, and the network's input `X`.

use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::rc::Rc;

use crate::device::index;
use crate::graph::Graph;
use crate::sparse::SparseMatrix;

/// The shape of one sample of a representation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the fields are numbers of columns, channels and pixels")]
pub enum Shape {
    /// A vector a sample.
    Vector { width: usize },
    /// An image a sample.
    Grid { channels: usize, height: usize, width: usize },
    /// A vector a node, with edges between nodes.
    Nodes { width: usize },
}

impl Shape {
    /// Numbers per sample (per node, for nodes).
    pub fn size(&self) -> usize {
        match *self {
            Shape::Vector { width } | Shape::Nodes { width } => width,
            Shape::Grid { channels, height, width } => channels * height * width,
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Shape::Vector { width } => write!(f, "vectors of {width}"),
            Shape::Grid { channels, height, width } => {
                write!(f, "grids of {channels} × {height} × {width}")
            }
            Shape::Nodes { width } => write!(f, "nodes of {width}"),
        }
    }
}

/// Why a part of a plan cannot be there. The plan's check knows the place:
/// [`PlanError`](crate::plan::PlanError).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// What should be there: `nodes`, `from 1 to 4096`.
    pub expected: String,
    /// What is there.
    pub found: String,
}

impl Misfit {
    pub(crate) fn new(expected: impl Into<String>, found: impl ToString) -> Self {
        Misfit { expected: expected.into(), found: found.to_string() }
    }
}

/// A layer met a representation that its plan's check should have refused: a defect of ours.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a layer for {expected} was given {found}")]
pub struct WrongRepresentation {
    /// What the layer takes.
    pub expected: &'static str,
    /// What it got.
    pub found: &'static str,
}

/// A batch of samples on a device.
#[derive(Clone, Debug)]
pub enum Representation {
    /// `N x d`.
    Vector(Tensor<2>),
    /// `N x C x H x W`.
    Grid(Tensor<4>),
    /// `n x d` for the `n` nodes of the graph.
    Nodes(Tensor<2>, Rc<Graph>),
    /// The same with few non-zero entries: word features. Only ever an input.
    SparseNodes(Rc<SparseMatrix>, Rc<Graph>),
}

impl Representation {
    /// One row per sample or node; grids flattened.
    pub fn rows(self) -> Tensor<2> {
        match self {
            Representation::Vector(rows) | Representation::Nodes(rows, _) => rows,
            Representation::Grid(grid) => grid.flatten(1, 3),
            Representation::SparseNodes(matrix, _) => matrix.to_dense(),
        }
    }

    /// The images, where it has any.
    ///
    /// # Errors
    /// Where it holds something else.
    pub fn grid(self) -> Result<Tensor<4>, WrongRepresentation> {
        match self {
            Representation::Grid(grid) => Ok(grid),
            other => Err(WrongRepresentation { expected: "grids", found: other.kind() }),
        }
    }

    /// The graph between the rows, where there is one.
    ///
    /// # Errors
    /// As [`Representation::grid`].
    pub fn graph(&self) -> Result<Rc<Graph>, WrongRepresentation> {
        match self {
            Representation::Nodes(_, graph) | Representation::SparseNodes(_, graph) => {
                Ok(graph.clone())
            }
            other => Err(WrongRepresentation { expected: "nodes", found: other.kind() }),
        }
    }

    /// `rows * weight`, without making sparse rows dense.
    pub fn matmul(self, weight: Tensor<2>) -> Tensor<2> {
        match self {
            Representation::SparseNodes(matrix, _) => matrix.matmul(weight),
            other => other.rows().matmul(weight),
        }
    }

    /// The rows in another order between the same edges: row `i` becomes row `places[i]`.
    pub fn with_rows_at(&self, places: &[usize]) -> Self {
        // What comes to stand in each row.
        let mut sources = vec![0; places.len()];
        (0..).zip(places).for_each(|(source, place)| sources[*place] = source);
        match self {
            Representation::Vector(rows) => {
                let sources = index(sources, &rows.device());
                Representation::Vector(rows.clone().select(0, sources))
            }
            Representation::Grid(grid) => {
                let sources = index(sources, &grid.device());
                Representation::Grid(grid.clone().select(0, sources))
            }
            Representation::Nodes(rows, graph) => {
                let sources = index(sources, &rows.device());
                Representation::Nodes(rows.clone().select(0, sources), graph.clone())
            }
            Representation::SparseNodes(matrix, graph) => {
                Representation::SparseNodes(Rc::new(matrix.with_rows_at(places)), graph.clone())
            }
        }
    }

    /// The same samples with other rows: nodes keep their graph, anything else becomes vectors.
    pub fn with_rows(graph: Option<Rc<Graph>>, rows: Tensor<2>) -> Self {
        match graph {
            Some(graph) => Representation::Nodes(rows, graph),
            None => Representation::Vector(rows),
        }
    }

    /// Cut off from whatever computed it: no gradient passes.
    pub fn detach(self) -> Self {
        match self {
            Representation::Vector(rows) => Representation::Vector(rows.detach()),
            Representation::Grid(grid) => Representation::Grid(grid.detach()),
            Representation::Nodes(rows, graph) => Representation::Nodes(rows.detach(), graph),
            sparse @ Representation::SparseNodes(..) => sparse,
        }
    }

    fn kind(&self) -> &'static str {
        match self {
            Representation::Vector(_) => "vectors",
            Representation::Grid(_) => "grids",
            Representation::Nodes(..) | Representation::SparseNodes(..) => "nodes",
        }
    }
}
