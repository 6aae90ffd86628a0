//! Graphs on a device: one graph, or a batch of graphs as a disjoint union.

use burn::tensor::{Device, Tensor};
use std::cell::OnceCell;

use crate::sparse::SparseMatrix;

/// The edges between the rows of a representation.
#[derive(Debug)]
pub struct Graph {
    /// How many nodes there are.
    pub n_nodes: usize,
    /// How many graphs the union holds.
    pub n_graphs: usize,
    /// Directed edges `[source, target]`, both directions of each, no self-loop.
    edges: Vec<[u32; 2]>,
    /// Which graph each node belongs to.
    graph_of_node: Vec<u32>,
    device: Device,
    // Built when first asked for: a layer or an estimator needs one of them.
    sum: OnceCell<SparseMatrix>,
    mean: OnceCell<SparseMatrix>,
    symmetric: OnceCell<SparseMatrix>,
    readout: OnceCell<SparseMatrix>,
    to_nodes: OnceCell<SparseMatrix>,
    linked: OnceCell<Vec<[u32; 2]>>,
}

impl Graph {
    /// A union of graphs. `graph_of_node` is ascending from 0; every graph has a node.
    pub fn new(edges: Vec<[u32; 2]>, graph_of_node: Vec<u32>, device: &Device) -> Self {
        Graph {
            n_nodes: graph_of_node.len(),
            n_graphs: graph_of_node.last().map_or(0, |last| *last as usize + 1),
            edges,
            graph_of_node,
            device: device.clone(),
            sum: OnceCell::new(),
            mean: OnceCell::new(),
            symmetric: OnceCell::new(),
            readout: OnceCell::new(),
            to_nodes: OnceCell::new(),
            linked: OnceCell::new(),
        }
    }

    /// The edges and each node with itself, in ascending order.
    pub fn linked(&self) -> &[[u32; 2]] {
        self.linked.get_or_init(|| {
            let mut linked = self.with_loops();
            linked.sort_unstable();
            linked
        })
    }

    /// `sum_{u in N(v)} h_u` for every node `v` (Gilmer et al. 2017): `n x d` from `n x d`.
    pub fn neighbour_sum(&self, rows: Tensor<2>) -> Tensor<2> {
        self.sum.get_or_init(|| self.adjacency(None)).matmul(rows)
    }

    /// The mean over the neighbours, 0 for an isolated node.
    pub fn neighbour_mean(&self, rows: Tensor<2>) -> Tensor<2> {
        self.mean().matmul(rows)
    }

    fn mean(&self) -> &SparseMatrix {
        self.mean.get_or_init(|| {
            let degrees = self.degrees();
            let weight = |[_, target]: &[u32; 2]| 1.0 / degrees[*target as usize] as f32;
            self.adjacency(Some(self.edges.iter().map(weight).collect()))
        })
    }

    /// Each node's row with the mean of its neighbours' beside it: `n x 2d` from `n x d`.
    pub fn with_neighbour_mean(&self, rows: Tensor<2>) -> Tensor<2> {
        Tensor::cat(vec![rows.clone(), self.neighbour_mean(rows)], 1)
    }

    /// The same for some nodes only, from sparse rows, without making the others dense.
    pub fn sparse_with_neighbour_mean(&self, rows: &SparseMatrix, nodes: &[usize]) -> Tensor<2> {
        let mean = self.mean().dense_rows_of_product(rows, nodes);
        Tensor::cat(vec![rows.dense_rows(nodes), mean], 1)
    }

    /// `S H` with `S = D~^(-1/2) (A + I) D~^(-1/2)` (Kipf and Welling 2017, eq. 2).
    pub fn propagate(&self, rows: Tensor<2>) -> Tensor<2> {
        let symmetric = self.symmetric.get_or_init(|| {
            let scale: Vec<f32> =
                self.degrees().iter().map(|degree| 1.0 / ((*degree + 1) as f32).sqrt()).collect();
            let entries = self.with_loops();
            let values = entries
                .iter()
                .map(|[source, target]| scale[*source as usize] * scale[*target as usize])
                .collect();
            self.matrix(self.n_nodes, &entries, Some(values))
        });
        symmetric.matmul(rows)
    }

    /// The mean over each graph's nodes: `n_graphs x d` from `n x d`.
    pub fn mean_readout(&self, rows: Tensor<2>) -> Tensor<2> {
        let readout = self.readout.get_or_init(|| {
            let mut counts = vec![0u32; self.n_graphs];
            self.graph_of_node.iter().for_each(|graph| counts[*graph as usize] += 1);
            let entries: Vec<[u32; 2]> =
                (0u32..).zip(&self.graph_of_node).map(|(node, graph)| [node, *graph]).collect();
            let weight = |graph: &u32| 1.0 / counts[*graph as usize] as f32;
            let values = self.graph_of_node.iter().map(weight).collect();
            self.matrix(self.n_graphs, &entries, Some(values))
        });
        readout.matmul(rows)
    }

    /// The row of each node's graph: `n x d` from `n_graphs x d`.
    pub fn to_nodes(&self, rows: Tensor<2>) -> Tensor<2> {
        let to_nodes = self.to_nodes.get_or_init(|| {
            let nodes: Vec<u32> = (0..self.n_nodes as u32).collect();
            let shape = [self.n_nodes, self.n_graphs];
            SparseMatrix::new(shape, &nodes, &self.graph_of_node, None, &self.device)
        });
        to_nodes.matmul(rows)
    }

    /// The edges, and an edge from each node to itself.
    fn with_loops(&self) -> Vec<[u32; 2]> {
        let loops = (0..self.n_nodes as u32).map(|node| [node, node]);
        self.edges.iter().copied().chain(loops).collect()
    }

    fn degrees(&self) -> Vec<u32> {
        let mut degrees = vec![0; self.n_nodes];
        self.edges.iter().for_each(|[_, target]| degrees[*target as usize] += 1);
        degrees
    }

    fn adjacency(&self, values: Option<Vec<f32>>) -> SparseMatrix {
        self.matrix(self.n_nodes, &self.edges, values)
    }

    /// The matrix that takes `source` to `target` for each entry.
    fn matrix(
        &self,
        n_rows: usize,
        entries: &[[u32; 2]],
        values: Option<Vec<f32>>,
    ) -> SparseMatrix {
        let [sources, targets] =
            [0, 1].map(|end| entries.iter().map(|entry| entry[end]).collect::<Vec<u32>>());
        let shape = [n_rows, self.n_nodes];
        SparseMatrix::new(shape, &targets, &sources, values.as_deref(), &self.device)
    }
}
