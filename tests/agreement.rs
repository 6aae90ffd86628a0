//! How far two ways to compute the same agree, and one way with itself. `-- --nocapture` prints the
//! figures that `docs/reliability.md` has.

#![cfg(all(not(target_arch = "wasm32"), feature = "ndarray"))]

mod common;

use common::{SEED, short, valid};
use mole::device::{self, DeviceKind};
use mole::run::{Event, Measurement, measure};
use pollster::block_on;

/// Two independent CPU back ends, which round differently. The first steps agree to the last digits.
/// Later, two trajectories of a critic and a module that chase each other part like any other
/// chaotic pair, and what agrees is where they have got to: the mean of the last ten objectives.
#[test]
fn a_hundred_steps_agree_between_both_back_ends() {
    for name in common::synthetic_plans() {
        // The control's only stage is every plan's last.
        if name.ends_with("/random") {
            continue;
        }
        let [flex, ndarray] = [DeviceKind::Cpu, DeviceKind::Ndarray].map(|kind| {
            let (plan, dataset) = valid(short(&name));
            let device = block_on(device::open(kind)).unwrap();
            block_on(measure(&plan, dataset, &device, SEED, 100)).unwrap().objectives
        });
        let part =
            |objectives: &[f64]| Measurement { milliseconds: 0.0, objectives: objectives.to_vec() };
        let mean =
            |objectives: &[f64]| part(&[objectives.iter().sum::<f64>() / objectives.len() as f64]);
        let first = part(&flex[..4]).difference(&part(&ndarray[..4]));
        let last = mean(&flex[90..]).difference(&mean(&ndarray[90..]));
        println!("| `{name}` | {first:.0e} | {last:.0e} |");
        assert!(first < 1e-3, "{name}: the first steps differ by {first}");
        assert!(last < 0.1, "{name}: after a hundred steps objectives differ by {last}");
    }
}

/// However the threads come and go.
#[test]
fn twenty_runs_have_one_hash() {
    for name in ["vectors/mine", "glyphs/matrix", "community/gmi+mine", "molecules/dgi+mine"] {
        let hashes = || -> Vec<String> {
            let mut run = block_on(common::start(short(name), DeviceKind::Cpu));
            let events = block_on(common::finish(&mut run)).into_iter();
            let fingerprint = |event| match event {
                Event::StageFinished { fingerprint, .. } => Some(fingerprint),
                _ => None,
            };
            events.filter_map(fingerprint).collect()
        };
        let first = hashes();
        assert!(!first.is_empty());
        for repeat in 2..=20 {
            assert_eq!(hashes(), first, "{name}: run {repeat} ends with other weights");
        }
    }
}
