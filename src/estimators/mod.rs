//! Estimators of mutual information.
//!
//! Each takes a module's output `T` and a target (the input `X` or the label `Y`) for one batch and
//! gives something to minimise together with the estimate in bits.

use burn::tensor::{Int, Tensor};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::future::Future;
use std::pin::Pin;

pub mod critic;
pub mod dependence;
pub mod gaussians;
pub mod gram;
pub mod prior;
pub mod spectrum;

use crate::batch::Labels;
use crate::data::Kind;
use crate::device::{self, DeviceError};
use crate::parameters::ParameterSpec;
use crate::registry::registry;
use crate::representation::{Misfit, Representation, Shape, WrongRepresentation};
use crate::rng::Stream;

/// What most estimators can compare with.
const BOTH: &[Target] = &[Target::Input, Target::Label];

/// What `2 ln 2 - mean sp(-a) - mean sp(b)` is in, once in bits: not a value of the information.
const JENSEN_SHANNON: &str = "bits of twice the Jensen-Shannon divergence";

/// Every kind of sample.
const ALL_KINDS: &[Kind] = &[Kind::Vectors, Kind::Grids, Kind::Nodes, Kind::Graphs];

/// What the information is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// `I(T; X)`: the module is an encoder.
    Input,
    /// `I(T; Y)`: the module is a decoder.
    Label,
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(match self {
            Target::Input => "input",
            Target::Label => "label",
        })
    }
}

/// The same for one batch.
#[expect(clippy::large_enum_variant, reason = "one is made in each step, and moved once")]
pub enum TargetBatch {
    /// The network's input, for the samples of the batch.
    Input(Representation),
    /// The labels of the batch; the module's output has a row for each.
    Label(Labels),
}

impl TargetBatch {
    /// The network's input, or each label as a row of ones and zeros.
    fn representation(self) -> Representation {
        match self {
            TargetBatch::Input(input) => input,
            TargetBatch::Label(labels) => Representation::Vector(labels.one_hot),
        }
    }

    /// The network's input, for estimators that compare with nothing else.
    fn input(self) -> Result<Representation, WrongRepresentation> {
        match self {
            TargetBatch::Input(input) => Ok(input),
            TargetBatch::Label(_) => {
                Err(WrongRepresentation { expected: "an input", found: "labels" })
            }
        }
    }
}

/// What the module made of a batch.
pub struct Output {
    /// Of its input.
    pub own: Representation,
    /// Of what [`MutualInformation::corrupt`] made of its input, where that made something.
    pub corrupted: Option<Representation>,
}

impl From<Representation> for Output {
    fn from(own: Representation) -> Self {
        Output { own, corrupted: None }
    }
}

/// What an estimator carries from batch to batch of a stage, and loses with it.
#[derive(Clone)]
pub struct Memory {
    /// Its random numbers.
    pub draws: Stream,
    /// A moving average, where it keeps one; on the device.
    pub average: Option<Tensor<1>>,
}

impl Memory {
    /// Which samples to keep where a batch, given by its rows, has more than `most` of them: drawn at
    /// random, for estimators that compare each sample with every other.
    fn thinning(&mut self, rows: &Tensor<2>, most: usize) -> Thinning {
        let [n, _] = rows.dims();
        Thinning((n > most).then(|| {
            let keep: Vec<usize> = self.draws.permutation(n).into_iter().take(most).collect();
            let index = device::index(keep.iter().copied(), &rows.device());
            (keep, index)
        }))
    }
}

/// The samples that are left of a batch, here and on the device; `None`: all.
struct Thinning(Option<(Vec<usize>, Tensor<1, Int>)>);

impl Thinning {
    fn apply(&self, rows: Tensor<2>) -> Tensor<2> {
        match &self.0 {
            Some((_, keep)) => rows.select(0, keep.clone()),
            None => rows,
        }
    }

    /// The samples that are left of `n`.
    fn samples(&self, n: usize) -> Vec<usize> {
        match &self.0 {
            Some((keep, _)) => keep.clone(),
            None => (0..n).collect(),
        }
    }
}

/// The estimate on one batch.
pub struct Estimate {
    /// To minimise: its sum falls where the estimate rises. By how much, and so what a clip or a weight
    /// decay means beside it, is the estimator's: bits for matrix-based ones, nats for those with a critic,
    /// and with MINE's moving average another gradient than that of the estimate.
    pub loss: Tensor<1>,
    /// The estimate itself, one number in [`MutualInformation::unit`], outside the gradient.
    pub value: Tensor<1>,
}

/// Why an estimate failed.
#[derive(Debug, thiserror::Error)]
pub enum EstimateError {
    /// A matrix that is not finite.
    #[error(transparent)]
    Spectrum(#[from] spectrum::NoSpectrum),
    /// The plan's check should have refused it: a defect of ours.
    #[error(transparent)]
    Representation(#[from] WrongRepresentation),
    /// The device failed.
    #[error(transparent)]
    Device(#[from] DeviceError),
}

/// An estimate under way: reading a device is asynchronous.
pub type Estimating<'a> = Pin<Box<dyn Future<Output = Result<Estimate, EstimateError>> + 'a>>;

/// What people read about an estimator.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct About {
    /// `Matrix-based Rényi`.
    pub title: &'static str,
    /// A sentence or two.
    pub description: &'static str,
    /// What is maximised, in plain text.
    pub formula: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// What it can compare a module's output with.
    pub targets: &'static [Target],
    /// On which kinds of samples.
    pub kinds: &'static [Kind],
}

/// What an estimator must know to be part of a plan and of a stage.
pub trait MutualInformation {
    /// What people read about it.
    fn about(&self) -> About;

    /// `matrix-based Rényi, α = 2`: what people see.
    fn label(&self) -> String;

    /// What its estimates are in: bits, or what they are a share of.
    fn unit(&self) -> &'static str {
        "bits"
    }

    /// Whether it can compare `output` with the target (of a network that reads `input`). Its settings
    /// are within the bounds of [`FIELDS`](crate::plan::FIELDS).
    ///
    /// # Errors
    /// What it expects in their place.
    fn check(&self, output: &Shape, target: Target, input: &Shape) -> Result<(), Misfit>;

    /// Parameters of its own, trained with the module and discarded after the stage.
    fn critic(&self, output: &Shape, target: &Shape) -> Vec<ParameterSpec> {
        let _ = (output, target);
        Vec::new()
    }

    /// How many scores or kernel values it holds at once for an output of so many rows.
    fn scores(&self, rows: f64, input: &Shape) -> f64 {
        let _ = input;
        rows
    }

    /// The module's input made wrong, for estimators that also look at what the module makes of that;
    /// `None` for the others.
    ///
    /// # Errors
    /// Where the input is not of a kind that it works on.
    fn corrupt(
        &self,
        input: &Representation,
        draws: &mut Stream,
    ) -> Result<Option<Representation>, WrongRepresentation> {
        let _ = (input, draws);
        Ok(None)
    }

    /// The estimate of `I(T; target)`. `critic` holds the parameters it asked for, flat.
    fn estimate<'a>(
        &'a self,
        critic: &'a [Tensor<1>],
        output: Output,
        target: TargetBatch,
        memory: &'a mut Memory,
    ) -> Estimating<'a>;
}

registry! {
    /// An estimator of a plan.
    pub enum Estimator: MutualInformation {
        matrix_renyi: MatrixRenyi,
        mine: Mine,
        dim: Dim,
        gmi: Gmi,
        infonce: InfoNce,
        dgi: Dgi,
    }
}

pub use dim::LocalForm;
pub use gmi::{Scored, edge_loss};
pub use matrix_renyi::{Normalisation, information};
pub use mine::Bound;
