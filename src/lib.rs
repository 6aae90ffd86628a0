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
//! ```
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use mole::{data, device, plan::presets, rng::Seed, run::{Event, Run}};
//! use std::{rc::Rc, time::Duration};
//!
//! let seed = Seed(7);
//! let dataset = Rc::new(data::source("vectors")?.load(&data::Files::default(), seed)?);
//! let plan = presets::find("vectors/matrix").ok_or("no such plan")?.check(&dataset)?;
//! let device = device::open(device::DeviceKind::Cpu).await?;
//! let mut run = Run::new(plan, dataset, &device, "cpu".into(), seed);
//! while !run.is_done() {
//!     for event in run.advance(Duration::from_millis(100)).await? {
//!         if let Event::Finished { test_accuracy, .. } = event {
//!             println!("{test_accuracy:?} %");
//! #           assert!(test_accuracy > Some(80.0));
//!         }
//!     }
//! }
//! # Ok(())
//! # }
//! # #[cfg(not(target_arch = "wasm32"))]
//! # pollster::block_on(example()).unwrap();
//! ```
//!
//! The default feature `command` is the program `mole` and what it needs; a crate that builds on this one
//! takes `cpu` alone. Without that only [`bytes`], [`data`], [`rng`] and [`error`] are left, which need no
//! tensors.
//!
//! A run works in one thread and is not `Send`. Layers and estimators are closed sets, since plans name
//! them: one's own is added in this crate's folders (ARCHITECTURE.md). Files of one's own are read by
//! [`data::own`], and [`plan::own`](mod@plan::own) makes plans for them; a [`data::Dataset`] that is made
//! by hand is checked with the plan ([`Plan::check`](plan::Plan::check)).

#![warn(missing_docs, clippy::missing_errors_doc)]

/// Of the version whose types are in this crate's interface.
#[cfg(feature = "cpu")]
pub use burn;

pub mod bytes;
pub mod data;
pub mod error;
pub mod rng;

#[cfg(feature = "cpu")]
pub mod batch;
#[cfg(feature = "cpu")]
pub mod checkpoint;
#[cfg(feature = "cpu")]
pub mod device;
#[cfg(feature = "cpu")]
pub mod embed;
#[cfg(feature = "cpu")]
pub mod estimators;
#[cfg(feature = "cpu")]
pub mod graph;
#[cfg(feature = "cpu")]
pub mod inspect;
#[cfg(feature = "cpu")]
mod kernels;
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
