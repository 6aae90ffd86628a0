//! Checkpoints: everything that a run is, as plain values, so that it goes on elsewhere as if nothing
//! had happened. On the CPU the run that goes on equals the one that was not stopped bit for bit.
//!
//! What can be computed again is not in it: a finished module's outputs, the order of an epoch (the
//! position of its stream before the shuffle is), the counts of an evaluation. As a file:
//!
//! | bytes | what |
//! | ---: | --- |
//! | 8 | `MOLECKPT` |
//! | 4 | version, 1 |
//! | 4 | length of the header |
//! | 32 | SHA-256 of the two numbers before and all that follows |
//! | length | header, CBOR (RFC 8949): every field of [`Checkpoint`] but `values` |
//! | the rest | the tensors that the header names, in its order, row-major, single precision |
//!
//! Numbers are little-endian. CBOR keeps every bit of a plan's numbers, which JSON need not.

mod container;
mod error;

use serde::{Deserialize, Serialize};
use std::time::Duration;

pub use container::{Encoded, MOST_BYTES, VERSION};
pub use error::CheckpointError;

use crate::plan::Plan;
use crate::rng::Seed;

/// A run, stopped.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    /// What it is of and how far that has come.
    pub state: State,
    /// Tensors' numbers, in the order of [`State::tensors`].
    pub values: Vec<Vec<f32>>,
}

/// All of a checkpoint but the tensors' numbers.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct State {
    /// The plan being run.
    pub plan: Plan,
    /// [`Dataset::digest`](crate::data::Dataset::digest) of what it trains on.
    pub data: String,
    /// Everything random follows from it and the positions in [`Progress`].
    pub seed: Seed,
    /// Where it was trained, for people.
    pub device: String,
    /// Whatever the front end needs to find the data again; nothing here reads it.
    pub note: String,
    /// How far it has come.
    pub progress: Progress,
    /// Parameters of the modules, then of the estimator, Adam's two moments of all that is trained,
    /// the estimator's moving average where it keeps one.
    pub tensors: Vec<TensorInfo>,
}

/// A tensor's place in the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TensorInfo {
    /// `modules.0.layers.0.weight`, `critic.1`, `adam.2.m`, `average`.
    pub name: String,
    /// Its numbers are row-major.
    pub shape: Vec<usize>,
}

/// How far a run has come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Progress {
    /// The length of the event log.
    pub events: u64,
    /// Time spent at work.
    pub elapsed: Duration,
    /// The stage it is in.
    pub stage: usize,
    /// Time spent on it.
    pub stage_time: Duration,
    /// How many modules' outputs its batches are read behind.
    pub depth: usize,
    /// What it was at.
    pub at: At,
    /// Steps of the stage that are done, which are Adam's too.
    pub step: usize,
    /// Where the stream of batches stood before the present epoch's order was drawn, or where it
    /// stands between two epochs.
    pub shuffle: u128,
    /// Where the estimator's stream stands.
    pub draws: u128,
    /// What is known of the present epoch.
    pub epoch: EpochTotals,
}

/// What a run was at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum At {
    /// Computing the stage's input.
    Prepare,
    /// Training.
    Train,
    /// Evaluating at the end of an epoch.
    EvaluateEpoch,
    /// Evaluating at the end of the run.
    EvaluateRun {
        /// Whether every stage ran to its end.
        complete: bool,
    },
    /// Nothing any more.
    Done,
}

/// Sums over the epoch's steps that were read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EpochTotals {
    /// How many.
    pub steps: usize,
    /// Of the objective.
    pub objective: f64,
    /// Samples classified correctly.
    pub correct: f64,
    /// Samples classified.
    pub labelled: usize,
}
