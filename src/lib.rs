//! Local learning without backpropagation: the Modular Learning Framework (MOLE; Li and Pei, ICML
//! LLW 2023).
//!
//! A network is cut into modules, trained one after another; no gradient crosses a module's border.
//! Encoder modules maximise the mutual information between their output and the network's input,
//! decoder modules that with the label, the output module minimises cross-entropy.
//!
//! Data flows one way:
//!
//! ```text
//! bytes -> data -> plan -> network -> stage -> run -> events -> (web | command)
//!              layers, estimators feed plan and stage
//! ```
//!
//! Without the default feature `cpu` only [`bytes`] and [`data`] are left, which need no tensors.

#![deny(unsafe_code)]
#![warn(missing_docs)]

pub mod bytes;
pub mod data;
pub mod rng;

#[cfg(feature = "cpu")]
pub mod batch;
#[cfg(feature = "cpu")]
pub mod device;
#[cfg(feature = "cpu")]
pub mod error;
#[cfg(feature = "cpu")]
pub mod estimators;
#[cfg(feature = "cpu")]
pub mod graph;
#[cfg(feature = "cpu")]
pub mod layers;
#[cfg(feature = "cpu")]
pub mod network;
#[cfg(feature = "cpu")]
pub mod optimiser;
#[cfg(feature = "cpu")]
pub mod parameters;
#[cfg(feature = "cpu")]
pub mod plan;
#[cfg(feature = "cpu")]
mod registry;
#[cfg(feature = "cpu")]
pub mod representation;
#[cfg(feature = "cpu")]
pub mod run;
#[cfg(feature = "cpu")]
pub mod sparse;
#[cfg(feature = "cpu")]
pub mod stage;
#[cfg(all(feature = "cpu", target_arch = "wasm32"))]
mod web;
