//! Looking into a network without moving it: what each module gives, knows and weighs.
//!
//! Everything here reads; nothing is trained and no random number of a run is drawn, so a run that
//! was looked into goes on exactly as one that was not.

mod information;
mod weights;

use burn::tensor::activation::softmax;
use burn::tensor::{Int, Tensor};

pub use information::{Information, ModuleInformation};
pub use weights::Weight;

use crate::batch::Loader;
use crate::data::Samples;
use crate::device::{self, DeviceError};
use crate::estimators::EstimateError;
use crate::network::Network;
use crate::plan::ValidPlan;
use crate::representation::{Representation, Shape, WrongRepresentation};

/// A network with the data it reads.
pub struct Inspector<'a> {
    /// At its present weights.
    pub network: &'a Network,
    /// Its plan.
    pub plan: &'a ValidPlan,
    /// Where samples come from.
    pub loader: &'a Loader,
}

/// Why there was nothing to see.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages say what the fields are")]
pub enum InspectError {
    #[error("there is no module {found}: the network has {count}")]
    NoModule { found: usize, count: usize },
    #[error("there is no sample {found}: the data set has {count}")]
    NoSample { found: u32, count: usize },
    #[error("the sample {found} has no label")]
    NoLabel { found: u32 },
    #[error("{needed} samples are needed at least, the split has {found}")]
    TooFewSamples { needed: usize, found: usize },
    #[error("expected {expected} finite numbers for {shape}, found {found}")]
    Values { shape: Shape, expected: usize, found: String },
    #[error("a node or a graph cannot be looked at without its neighbours")]
    NotAlone,
    #[error(transparent)]
    Estimate(#[from] EstimateError),
    #[error(transparent)]
    Representation(#[from] WrongRepresentation),
    #[error(transparent)]
    Device(#[from] DeviceError),
    #[error("the weights could not be written: {0}")]
    Write(#[from] safetensors::SafeTensorError),
}

/// What the network says of one sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Prediction {
    /// The class of the greatest score.
    pub class: u8,
    /// Its share of the softmax, 0 to 1.
    pub confidence: f32,
}

/// What one module gives for one sample.
#[derive(Clone, Debug, PartialEq)]
pub struct Activation {
    /// `[width]`, `[channels, height, width]`, or `[nodes, width]` for a graph.
    pub shape: Vec<usize>,
    /// Row-major.
    pub values: Vec<f32>,
}

impl Inspector<'_> {
    /// The outputs of a module (`None`: the input itself), one row a sample, row-major, and how many
    /// numbers a row has. What a module gives for a graph of nodes is the mean over them.
    ///
    /// # Errors
    /// [`InspectError::NoModule`], [`InspectError::NoSample`], or a device that failed.
    pub async fn outputs(
        &self,
        module: Option<usize>,
        samples: &[u32],
    ) -> Result<(usize, Vec<f32>), InspectError> {
        let end = match module {
            Some(module) => self.check_module(module)? + 1,
            None => 0,
        };
        self.check_samples(samples)?;
        let mut rows = Vec::new();
        for piece in self.pieces(samples) {
            let input = self.loader.data_batch(piece).input;
            let output = self.by_sample(self.network.forward(0..end, input)?, piece);
            rows.extend(read(output).await?);
        }
        Ok((rows.len() / samples.len().max(1), rows))
    }

    /// What the whole network says of some samples.
    ///
    /// # Errors
    /// [`InspectError::NoSample`], or a device that failed.
    pub async fn predictions(&self, samples: &[u32]) -> Result<Vec<Prediction>, InspectError> {
        self.check_samples(samples)?;
        let mut predictions = Vec::with_capacity(samples.len());
        for piece in self.pieces(samples) {
            let input = self.loader.data_batch(piece).input;
            let scores = self.network.forward(0..self.network.modules.len(), input)?;
            let shares = read(softmax(self.by_sample(scores, piece), 1)).await?;
            let width = shares.len() / piece.len().max(1);
            predictions.extend(shares.chunks_exact(width.max(1)).map(most_likely));
        }
        Ok(predictions)
    }

    /// What every module gives for one sample of the data set, in order.
    ///
    /// # Errors
    /// [`InspectError::NoSample`], or a device that failed.
    pub async fn activations(&self, sample: u32) -> Result<Vec<Activation>, InspectError> {
        self.check_samples(&[sample])?;
        let input = self.loader.data_batch(&[sample]).input;
        let row = matches!(self.loader.dataset.samples, Samples::Nodes(_)).then_some(sample);
        self.follow(input, row).await
    }

    /// What every module gives for a vector or an image that is in no data set, in order.
    ///
    /// # Errors
    /// [`InspectError::Values`] for another number of values than the network reads,
    /// [`InspectError::NotAlone`] where it reads graphs.
    pub async fn classify(&self, values: Vec<f32>) -> Result<Vec<Activation>, InspectError> {
        let shape = self.plan.input();
        let expected = shape.size();
        let refuse = |found| Err(InspectError::Values { shape, expected, found });
        if values.len() != expected {
            return refuse(values.len().to_string());
        }
        if let Some(at) = values.iter().position(|value| !value.is_finite()) {
            return refuse(format!("{} at {at}", values[at]));
        }
        let input = match shape {
            Shape::Vector { width } => {
                Representation::Vector(self.loader.tensor(values, [1, width]))
            }
            Shape::Grid { channels, height, width } => {
                Representation::Grid(self.loader.tensor(values, [1, channels, height, width]))
            }
            Shape::Nodes { .. } => return Err(InspectError::NotAlone),
        };
        self.follow(input, None).await
    }

    /// One sample through all modules; `row` is the node to look at, where the batch is one graph.
    async fn follow(
        &self,
        mut at: Representation,
        row: Option<u32>,
    ) -> Result<Vec<Activation>, InspectError> {
        let mut shapes = Vec::new();
        let mut reads = Vec::new();
        for (index, module) in self.network.modules.iter().enumerate() {
            at = self.network.forward(index..index + 1, at)?;
            let mut rows = at.clone().rows();
            if let Some(row) = row {
                rows = rows.select(0, self.index(&[row]));
            }
            shapes.push(match module.output {
                Shape::Grid { channels, height, width } => vec![channels, height, width],
                Shape::Nodes { width } if row.is_none() => vec![rows.dims()[0], width],
                Shape::Nodes { width } | Shape::Vector { width } => vec![width],
            });
            reads.push(rows.flatten(0, 1));
        }
        let values = device::read(reads).await?;
        let activation = |(shape, values)| Activation { shape, values };
        Ok(shapes.into_iter().zip(values).map(activation).collect())
    }

    /// One row a sample.
    fn by_sample(&self, output: Representation, samples: &[u32]) -> Tensor<2> {
        match (&self.loader.dataset.samples, output) {
            (Samples::Nodes(_), output) => output.rows().select(0, self.index(samples)),
            (_, Representation::Nodes(rows, graph)) => graph.mean_readout(rows),
            (_, output) => output.rows(),
        }
    }

    fn index(&self, samples: &[u32]) -> Tensor<1, Int> {
        device::index(samples.iter().map(|sample| *sample as usize), self.loader.device())
    }

    /// The samples in the pieces that go through together: all of one graph's at once.
    fn pieces<'s>(&self, samples: &'s [u32]) -> impl Iterator<Item = &'s [u32]> + use<'s> {
        samples.chunks(self.loader.at_once(samples.len()).max(1))
    }

    fn check_module(&self, found: usize) -> Result<usize, InspectError> {
        let count = self.network.modules.len();
        if found < count { Ok(found) } else { Err(InspectError::NoModule { found, count }) }
    }

    fn check_samples(&self, samples: &[u32]) -> Result<(), InspectError> {
        let count = self.loader.dataset.labels.len();
        match samples.iter().find(|sample| **sample as usize >= count) {
            Some(found) => Err(InspectError::NoSample { found: *found, count }),
            None => Ok(()),
        }
    }
}

/// At most so many of the samples, evenly spaced: the same ones whenever it is asked.
pub fn spread(samples: &[u32], most: usize) -> Vec<u32> {
    let n = samples.len();
    match n <= most {
        true => samples.to_vec(),
        false => (0..most).map(|k| samples[(k as u64 * n as u64 / most as u64) as usize]).collect(),
    }
}

fn most_likely(shares: &[f32]) -> Prediction {
    let pairs = (0u8..).zip(shares);
    let (class, confidence) =
        pairs.fold((0, f32::MIN), |best, (class, share)| match *share > best.1 {
            true => (class, *share),
            false => best,
        });
    Prediction { class, confidence }
}

async fn read(rows: Tensor<2>) -> Result<Vec<f32>, DeviceError> {
    Ok(device::read(vec![rows.flatten(0, 1)]).await?.into_iter().flatten().collect())
}
