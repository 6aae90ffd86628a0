//! How far two ways to compute the same agree, and one way with itself. `-- --nocapture` prints the
//! figures that `docs/reliability.md` has.

#![cfg(all(not(target_arch = "wasm32"), feature = "ndarray"))]

mod common;

use common::{SEED, SYNTHETIC, short};
use mole::data::fetch::read_dir;
use mole::data::{self, Dataset};
use mole::device::{self, DeviceKind};
use mole::plan::{Plan, presets};
use mole::run::{Event, first_objectives};
use pollster::block_on;
use std::rc::Rc;

/// Two independent CPU back ends, which round differently.
fn both_back_ends_agree(plan: Plan, dataset: &Rc<Dataset>, steps: usize) {
    let name = plan.name.clone();
    let plan = plan.check(dataset).unwrap();
    let [flex, ndarray] = [DeviceKind::Cpu, DeviceKind::Ndarray].map(|kind| {
        let device = block_on(device::open(kind)).unwrap();
        block_on(first_objectives(&plan, dataset.clone(), &device, SEED, steps)).unwrap()
    });
    println!("{}", common::assert_agreement(&name, ["flex", "ndarray"], &flex, &ndarray));
}

/// The control's only stage is every plan's last.
fn is_control(plan: &Plan) -> bool {
    plan.name.ends_with("/random")
}

#[test]
fn the_first_steps_of_every_plan_and_a_hundred_of_some_agree() {
    /// The other families' hundred take minutes on burn-ndarray, which the tests do not optimise.
    const LONG: [&str; 3] = ["vectors/mine", "vectors/infonce", "molecules/dgi+mine"];
    for name in common::synthetic_plans() {
        let plan = short(&name);
        if !is_control(&plan) {
            let steps = if LONG.contains(&name.as_str()) { 100 } else { 4 };
            let dataset = common::dataset(&plan.dataset);
            both_back_ends_agree(plan, &dataset, steps);
        }
    }
}

/// The figures of docs/reliability.md: a hundred steps of every plan for a data set, all of it.
fn a_hundred_steps_agree(set: &str) {
    let source = data::source(set).unwrap();
    let folder = std::env::var_os("MOLE_DATA").expect("MOLE_DATA names the folder of data sets");
    let files = read_dir(source, folder.as_ref()).unwrap();
    let dataset = Rc::new(source.load(&files, SEED).unwrap());
    for plan in presets::all() {
        if plan.dataset == set && !is_control(&plan) {
            both_back_ends_agree(plan, &dataset, 100);
        }
    }
}

#[test]
#[ignore = "long"]
fn a_hundred_steps_agree_on_the_built_in_sets() {
    SYNTHETIC.into_iter().for_each(a_hundred_steps_agree);
}

#[test]
#[ignore = "long, reads the published files"]
fn a_hundred_steps_agree_on_adult() {
    a_hundred_steps_agree("adult");
}

#[test]
#[ignore = "long, reads the published files"]
fn a_hundred_steps_agree_on_mnist() {
    a_hundred_steps_agree("mnist");
}

#[test]
#[ignore = "long, reads the published files"]
fn a_hundred_steps_agree_on_mutagenicity() {
    a_hundred_steps_agree("mutagenicity");
}

#[test]
#[ignore = "long, reads the published files"]
fn a_hundred_steps_agree_on_citation_graphs() {
    ["cora", "citeseer"].into_iter().for_each(a_hundred_steps_agree);
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
