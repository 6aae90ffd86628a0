//! How far two ways to compute the same agree, and one way with itself. `-- --nocapture` prints the
//! figures that `docs/reliability.md` has.

#![cfg(all(not(target_arch = "wasm32"), feature = "ndarray"))]

mod common;

use common::{SEED, short, valid};
use mole::device::{self, DeviceKind};
use mole::run::{Event, first_objectives};
use pollster::block_on;

/// Two independent CPU back ends, which round differently.
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
            block_on(first_objectives(&plan, dataset, &device, SEED, 100)).unwrap()
        });
        println!("{}", common::assert_agreement(&name, ["flex", "ndarray"], &flex, &ndarray));
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
