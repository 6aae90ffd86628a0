use burn::tensor::Tensor;
use serde::Serialize;

use super::{InspectError, Inspector};
use crate::batch::Labels;
use crate::data::{Samples, UNLABELLED};
use crate::device;
use crate::estimators::spectrum::Spectrum;
use crate::estimators::{MatrixRenyi, Memory, MutualInformation, Normalisation, TargetBatch};
use crate::representation::Representation;
use crate::rng::Seed;

/// Every module's place in the information plane (Tishby and Zaslavsky 2015), in bits.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Information {
    /// How many samples it was estimated from.
    pub samples: usize,
    /// `log2 samples`: no estimate from Gram matrices of so many samples goes beyond.
    pub cap: f64,
    /// `H(Y)` of the same samples by the same estimator: the most that a module can tell.
    pub labels: f64,
    /// The estimator, for people.
    pub estimator: String,
    /// In order.
    pub modules: Vec<ModuleInformation>,
}

/// One module's place.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct ModuleInformation {
    /// `I(T;X)`.
    pub input: f64,
    /// `I(T;Y)`.
    pub label: f64,
}

/// Always the same instrument, whatever the plan trains with, so that schemes can be compared: near
/// order 1, where the matrix-based entropy is nearest to Shannon's, and plain bits.
const INSTRUMENT: MatrixRenyi = MatrixRenyi {
    order: 1.01,
    width: 1.0,
    normalisation: Normalisation::None,
    samples: usize::MAX,
};

impl Inspector<'_> {
    /// `I(T;X)` and `I(T;Y)` of every module on some samples: matrix-based Rényi information of
    /// order 1.01. A node's `X` is its features and the mean of its neighbours'; a graph is the mean
    /// over its nodes. One eigendecomposition costs `O(N^3)`, and each module takes four, and one a class.
    ///
    /// # Errors
    /// [`InspectError::TooFewSamples`] below two samples, [`InspectError::NoSample`],
    /// [`InspectError::NoLabel`], or a device that failed.
    pub async fn information(&self, samples: &[u32]) -> Result<Information, InspectError> {
        let n = samples.len();
        if n < 2 {
            return Err(InspectError::TooFewSamples { needed: 2, found: n });
        }
        self.check_samples(samples)?;
        let known = &self.loader.dataset.labels;
        if let Some(&found) = samples.iter().find(|sample| known[**sample as usize] == UNLABELLED) {
            return Err(InspectError::NoLabel { found });
        }
        let batch = self.loader.data_batch(samples);
        let labels = Labels { rows: None, ..batch.labels };
        let x = self.plain(self.with_neighbours(batch.x.clone())?, samples);
        let mut values = Vec::new();
        let mut at = batch.input;
        for index in 0..self.network.modules.len() {
            at = self.network.forward(index..index + 1, at)?;
            let t = self.plain(at.clone(), samples);
            values.push(estimate(t.clone(), TargetBatch::Input(x.clone())).await?);
            values.push(estimate(t, TargetBatch::Label(labels.clone())).await?);
        }
        let values: Vec<f64> =
            device::read(values).await?.into_iter().flatten().map(f64::from).collect();
        let place = |pair: &[f64]| ModuleInformation { input: pair[0], label: pair[1] };
        Ok(Information {
            samples: n,
            cap: (n as f64).log2(),
            labels: self.label_entropy(samples),
            estimator: INSTRUMENT.label(),
            modules: values.chunks_exact(2).map(place).collect(),
        })
    }

    /// One row or image a sample, without edges between them.
    fn plain(&self, output: Representation, samples: &[u32]) -> Representation {
        match output {
            grid @ Representation::Grid(_) => grid,
            other => Representation::Vector(self.by_sample(other, samples)),
        }
    }

    fn with_neighbours(&self, x: Representation) -> Result<Representation, InspectError> {
        let Samples::Nodes(_) = self.loader.dataset.samples else { return Ok(x) };
        let graph = x.graph()?;
        Ok(Representation::Nodes(graph.with_neighbour_mean(x.rows()), graph))
    }

    /// `S_a` of the delta kernel: its eigenvalues are the classes' shares.
    fn label_entropy(&self, samples: &[u32]) -> f64 {
        let dataset = &self.loader.dataset;
        let mut counts = vec![0.0; dataset.classes.len()];
        samples.iter().for_each(|s| counts[usize::from(dataset.labels[*s as usize])] += 1.0);
        Spectrum::of(counts).entropy(INSTRUMENT.order)
    }
}

async fn estimate(t: Representation, target: TargetBatch) -> Result<Tensor<1>, InspectError> {
    // It keeps every sample, so it draws nothing.
    let mut memory = Memory { draws: Seed(0).stream("inspect"), average: None };
    Ok(INSTRUMENT.estimate(&[], t.into(), target, &mut memory).await?.value)
}
