//! The long tasks of a run between training steps, cut into pieces.

use burn::tensor::Tensor;
use std::ops::Range;

use super::RunError;
use crate::batch::{Cached, Loader, PIECE};
use crate::data::{Dataset, Samples, Splits};
use crate::device;
use crate::network::Network;
use crate::representation::Shape;
use crate::stage::evaluate;

/// Outputs larger than this are not kept but computed anew for every batch. A browser gives a page
/// 4 GiB of WebAssembly memory at most, and never takes it back.
#[cfg(target_arch = "wasm32")]
const MOST_CACHED_BYTES: u64 = 512 << 20;
#[cfg(not(target_arch = "wasm32"))]
const MOST_CACHED_BYTES: u64 = 4 << 30;

/// Computing what a stage reads, once for all its epochs.
pub struct Caching {
    pub modules: Range<usize>,
    /// Samples done, and how many there are; a node data set counts as one.
    pub done: usize,
    pub total: usize,
    outputs: Cached,
}

impl Caching {
    /// Of the outputs of the last of `modules`; `None` where they are too large to keep.
    pub fn new(modules: Range<usize>, network: &Network, dataset: &Dataset) -> Option<Self> {
        let shape = network.modules[modules.end - 1].output;
        let samples = dataset.labels.len();
        let rows = match (&dataset.samples, shape) {
            (Samples::Graphs(graphs), Shape::Nodes { .. }) => graphs.node_labels.len(),
            _ => samples,
        };
        let total = match &dataset.samples {
            Samples::Nodes(_) => 1,
            _ => samples,
        };
        // A size has 32 bits in a browser, and this would wrap around.
        let bytes = rows as u64 * shape.size() as u64 * size_of::<f32>() as u64;
        (bytes <= MOST_CACHED_BYTES).then(|| Caching {
            modules,
            done: 0,
            total,
            outputs: Cached::new(shape, rows),
        })
    }

    /// The next piece; at the end, the outputs and how many modules lie behind them.
    pub async fn advance(
        &mut self,
        network: &Network,
        loader: &Loader,
    ) -> Result<Option<(usize, Cached)>, RunError> {
        let end = (self.done + PIECE).min(self.total);
        let samples: Vec<u32> = match &loader.dataset.samples {
            Samples::Nodes(_) => Vec::new(),
            _ => (self.done as u32..end as u32).collect(),
        };
        let batch = loader.batch(&samples);
        let output = network.forward(self.modules.clone(), batch.input)?.rows();
        for values in device::read(vec![output.flatten(0, 1)]).await? {
            self.outputs.extend(&values);
        }
        self.done = end;
        let is_done = self.done == self.total;
        Ok(is_done.then(|| (self.modules.end, self.outputs.take())))
    }
}

/// Counting how many samples of each split the whole network classifies correctly.
pub struct Evaluation {
    pub purpose: Purpose,
    /// For train, validation and test: samples to come, how many there are in all, and the counts
    /// so far, still on the device.
    splits: [(Vec<u32>, usize, Vec<Tensor<1>>); 3],
}

/// What an evaluation is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// An epoch has ended: validation and test.
    Epoch,
    /// The run has ended, of itself or not: every split.
    Run { complete: bool },
}

impl Evaluation {
    pub fn new(purpose: Purpose, splits: &Splits) -> Self {
        let train = if purpose == Purpose::Epoch { &Vec::new() } else { &splits.train };
        let split = |samples: &Vec<u32>| (samples.clone(), samples.len(), Vec::new());
        Evaluation { purpose, splits: [train, &splits.valid, &splits.test].map(split) }
    }

    /// The next piece; at the end, the accuracies in percent, `None` for a split without samples.
    pub async fn advance(
        &mut self,
        network: &Network,
        loader: &Loader,
        depth: usize,
    ) -> Result<Option<[Option<f64>; 3]>, RunError> {
        if let Some((left, _, counts)) = self.splits.iter_mut().find(|(left, ..)| !left.is_empty())
        {
            let piece = left.split_off(left.len() - loader.at_once(left.len()));
            counts.push(evaluate(network, loader, depth, &piece)?);
            return Ok(None);
        }
        let counts = self.splits.iter().flat_map(|(.., counts)| counts.clone()).collect();
        let mut counts = device::read(counts).await?.into_iter().flatten();
        Ok(Some(self.splits.each_ref().map(|(_, total, pieces)| {
            let correct: f32 = counts.by_ref().take(pieces.len()).sum();
            (*total > 0).then(|| 100.0 * f64::from(correct) / *total as f64)
        })))
    }
}
