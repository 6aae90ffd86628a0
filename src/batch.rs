//! Batches: samples of a data set, or a finished module's outputs for them, on a device.

use burn::tensor::{Device, Int, Tensor, TensorData};
use std::ops::Range;
use std::rc::Rc;

use crate::data::{Dataset, Graphs, Nodes, Samples};
use crate::device::index;
use crate::graph::Graph;
use crate::representation::{Representation, Shape};
use crate::sparse::SparseMatrix;

/// The labels of a batch.
#[derive(Clone, Debug)]
pub struct Labels {
    /// The rows of a module's output that have a label, in order; `None`: all of them.
    pub rows: Option<Tensor<1, Int>>,
    /// The class of each labelled row.
    pub classes: Tensor<1, Int>,
    /// The same, `N x C`.
    pub one_hot: Tensor<2>,
}

impl Labels {
    /// Of all rows, from classes below `n_classes`. A row without a label is 0 in every column of `one_hot`.
    pub fn new(classes: Vec<i32>, n_classes: usize, device: &Device) -> Self {
        let n = classes.len();
        let mut one_hot = vec![0.0f32; n * n_classes];
        for (row, class) in one_hot.chunks_exact_mut(n_classes).zip(&classes) {
            if let Some(cell) = row.get_mut(*class as usize) {
                *cell = 1.0;
            }
        }
        Labels {
            rows: None,
            classes: index(classes.iter().map(|class| *class as usize), device),
            one_hot: Tensor::from_data(TensorData::new(one_hot, [n, n_classes]), device),
        }
    }
}

/// Samples that go through a network at once where nothing is trained, unless they are nodes of one graph.
pub(crate) const PIECE: usize = 128;

/// What one step works on.
#[derive(Clone, Debug)]
pub struct Batch {
    /// What the first module of the stage reads: `X`, or cached outputs.
    pub input: Representation,
    /// The network's input `X`, for objectives that ask for it.
    pub x: Representation,
    /// Of the same samples.
    pub labels: Labels,
}

/// A finished module's outputs for every sample: one row a sample, or one a node for graphs.
///
/// Kept in parts of about 64 kB, all made at once, for WebAssembly's memory, which only ever grows. In one
/// piece of hundreds of megabytes there was no room for the next run's where the last one's had been:
/// 604 MiB became 1,022. Parts made one by one came to lie between what each piece of work needed for a
/// while, and left too little room for that.
#[derive(Debug)]
pub struct Cached {
    shape: Shape,
    /// Of [`Cached::rows_a_part`] rows each, row-major; the last may be shorter.
    parts: Vec<Vec<f32>>,
    /// How many numbers there are so far.
    count: usize,
}

impl Cached {
    /// Room for so many rows of `shape`; more may come.
    pub fn new(shape: Shape, rows: usize) -> Self {
        let mut cached = Cached { shape, parts: Vec::new(), count: 0 };
        let part = cached.rows_a_part();
        let parts = (0..rows).step_by(part).map(|start| part.min(rows - start));
        cached.parts = parts.map(|rows| Vec::with_capacity(rows * shape.size())).collect();
        cached
    }

    /// The rows of the next samples.
    pub fn extend(&mut self, mut values: &[f32]) {
        let full = self.rows_a_part() * self.shape.size();
        while !values.is_empty() {
            let place = self.count / full;
            if place == self.parts.len() {
                self.parts.push(Vec::with_capacity(full));
            }
            let part = &mut self.parts[place];
            let (now, later) = values.split_at(values.len().min(full - part.len()));
            part.extend_from_slice(now);
            self.count += now.len();
            values = later;
        }
    }

    /// All rows so far; none are left.
    pub fn take(&mut self) -> Cached {
        std::mem::replace(self, Cached::new(self.shape, 0))
    }

    fn rows_a_part(&self) -> usize {
        const NUMBERS: usize = 1 << 14;

        (NUMBERS / self.shape.size()).max(1)
    }

    /// The given rows, one after another.
    fn gather(&self, rows: &[u32]) -> Vec<f32> {
        let (width, count) = (self.shape.size(), self.rows_a_part());
        let mut gathered = Vec::with_capacity(rows.len() * width);
        for row in rows.iter().map(|row| *row as usize) {
            let start = row % count * width;
            gathered.extend_from_slice(&self.parts[row / count][start..start + width]);
        }
        gathered
    }
}

/// Makes batches of a data set.
pub struct Loader {
    /// What it reads.
    pub dataset: Rc<Dataset>,
    device: Device,
    cached: Option<Cached>,
    /// The one graph of a node data set, on the device, and what its nodes hold there: the same
    /// batch in every step.
    whole: Option<(Representation, Representation)>,
}

impl Loader {
    /// Reads the data themselves, to begin with.
    pub fn new(dataset: Rc<Dataset>, device: &Device) -> Self {
        let whole = match &dataset.samples {
            Samples::Nodes(nodes) => {
                let x = whole_graph(nodes, device);
                Some((x.clone(), x))
            }
            _ => None,
        };
        Loader { dataset, device: device.clone(), cached: None, whole }
    }

    /// From now on batches read the data again.
    pub fn read_data(&mut self) {
        self.cached = None;
        if let Some((input, x)) = &mut self.whole {
            *input = x.clone();
        }
    }

    /// From now on batches read these outputs in place of the data.
    pub fn read_from(&mut self, cached: Cached) {
        if let Some((input, x)) = &mut self.whole {
            let rows = cached.parts.concat();
            let n = rows.len() / cached.shape.size();
            let rows = TensorData::new(rows, [n, cached.shape.size()]);
            *input =
                Representation::with_rows(x.graph().ok(), Tensor::from_data(rows, &self.device));
        } else {
            self.cached = Some(cached);
        }
    }

    /// The batch of the given samples. For a node data set it is the whole graph, with the labels of
    /// these nodes.
    pub fn batch(&self, samples: &[u32]) -> Batch {
        let labels = self.labels(samples);
        if let Some((input, x)) = self.whole.clone() {
            return Batch { input, x, labels };
        }
        let x = self.data(samples);
        let input = match &self.cached {
            Some(cached) => self.cached_rows(cached, samples, &x),
            None => x.clone(),
        };
        Batch { input, x, labels }
    }

    /// The same with the data themselves as input, whatever batches read.
    pub fn data_batch(&self, samples: &[u32]) -> Batch {
        let x = match &self.whole {
            Some((_, x)) => x.clone(),
            None => self.data(samples),
        };
        Batch { input: x.clone(), x, labels: self.labels(samples) }
    }

    /// How many of some samples go through a network at once where nothing is trained: of one graph's
    /// nodes all, since each of them takes the whole graph.
    pub(crate) fn at_once(&self, samples: usize) -> usize {
        if self.whole.is_some() { samples } else { samples.min(PIECE) }
    }

    /// Where batches are made.
    pub fn device(&self) -> &Device {
        &self.device
    }

    fn labels(&self, samples: &[u32]) -> Labels {
        let classes = samples.iter().map(|s| i32::from(self.dataset.labels[*s as usize])).collect();
        let rows = || index(samples.iter().map(|sample| *sample as usize), &self.device);
        Labels {
            rows: self.whole.is_some().then(rows),
            ..Labels::new(classes, self.dataset.classes.len(), &self.device)
        }
    }

    /// `X` for the given samples.
    fn data(&self, samples: &[u32]) -> Representation {
        match &self.dataset.samples {
            Samples::Vectors(vectors) => {
                let rows = gather(&vectors.values, vectors.width, samples);
                Representation::Vector(self.tensor(rows, [samples.len(), vectors.width]))
            }
            Samples::Grids(grids) => {
                let size = grids.channels * grids.height * grids.width;
                let pixels = gather(&grids.pixels, size, samples);
                let values = pixels.into_iter().map(|pixel| f32::from(pixel) / 255.0).collect();
                let shape = [samples.len(), grids.channels, grids.height, grids.width];
                Representation::Grid(self.tensor(values, shape))
            }
            Samples::Graphs(graphs) => {
                let kinds = graphs.node_kinds.len();
                let nodes = samples.iter().flat_map(|graph| nodes_of(graphs, *graph));
                let labels: Vec<u8> = nodes.map(|node| graphs.node_labels[node]).collect();
                let mut rows = vec![0.0f32; labels.len() * kinds];
                for (row, label) in rows.chunks_exact_mut(kinds).zip(&labels) {
                    row[usize::from(*label)] = 1.0;
                }
                let rows = self.tensor(rows, [labels.len(), kinds]);
                Representation::Nodes(rows, Rc::new(union(graphs, samples, &self.device)))
            }
            Samples::Nodes(nodes) => whole_graph(nodes, &self.device),
        }
    }

    fn cached_rows(&self, cached: &Cached, samples: &[u32], x: &Representation) -> Representation {
        let size = cached.shape.size();
        let by_sample = || cached.gather(samples);
        match (cached.shape, &self.dataset.samples, x.graph()) {
            (Shape::Grid { channels, height, width }, ..) => {
                let shape = [samples.len(), channels, height, width];
                Representation::Grid(self.tensor(by_sample(), shape))
            }
            (Shape::Nodes { width }, Samples::Graphs(graphs), Ok(graph)) => {
                let nodes: Vec<u32> = samples
                    .iter()
                    .flat_map(|graph| nodes_of(graphs, *graph))
                    .map(|node| node as u32)
                    .collect();
                let rows = cached.gather(&nodes);
                Representation::Nodes(self.tensor(rows, [nodes.len(), width]), graph)
            }
            _ => Representation::Vector(self.tensor(by_sample(), [samples.len(), size])),
        }
    }

    pub(crate) fn tensor<const D: usize>(&self, values: Vec<f32>, shape: [usize; D]) -> Tensor<D> {
        Tensor::from_data(TensorData::new(values, shape), &self.device)
    }
}

/// The given rows of a row-major table, one after another.
fn gather<T: Copy>(table: &[T], width: usize, rows: &[u32]) -> Vec<T> {
    rows.iter()
        .flat_map(|row| &table[*row as usize * width..(*row as usize + 1) * width])
        .copied()
        .collect()
}

fn nodes_of(graphs: &Graphs, graph: u32) -> Range<usize> {
    let at = |graph: u32| graphs.node_offsets[graph as usize] as usize;
    at(graph)..at(graph + 1)
}

/// The disjoint union of some graphs, renumbered.
fn union(graphs: &Graphs, samples: &[u32], device: &Device) -> Graph {
    let mut edges = Vec::new();
    let mut graph_of_node = Vec::new();
    for (position, graph) in (0u32..).zip(samples) {
        let nodes = nodes_of(graphs, *graph);
        let edge_at = |graph: u32| graphs.edge_offsets[graph as usize] as usize;
        let shift = |node: u32| node - nodes.start as u32 + graph_of_node.len() as u32;
        let own = &graphs.edges[edge_at(*graph)..edge_at(*graph + 1)];
        edges.extend(own.iter().map(|edge| edge.map(shift)));
        graph_of_node.extend(nodes.map(|_| position));
    }
    Graph::new(edges, graph_of_node, device)
}

fn whole_graph(nodes: &Nodes, device: &Device) -> Representation {
    let features = &nodes.features;
    let n = features.offsets.len().saturating_sub(1);
    let rows = features.offsets.windows(2).zip(0u32..);
    let rows: Vec<u32> =
        rows.flat_map(|(ends, row)| (ends[0]..ends[1]).map(move |_| row)).collect();
    let shape = [n, features.width];
    let matrix = SparseMatrix::new(shape, &rows, &features.columns, Some(&features.values), device);
    let graph = Graph::new(nodes.edges.clone(), vec![0; n], device);
    Representation::SparseNodes(Rc::new(matrix), Rc::new(graph))
}
