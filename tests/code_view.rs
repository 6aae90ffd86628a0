//! The page's "this stage, in Rust": what it writes compiles, and trains the very weights of a run.
//! The files of this folder are what `www/js/take/rust.js` makes (`www/test/rust.test.js`).

#![cfg(not(target_arch = "wasm32"))]

use mole::network::Network;
use mole::plan::presets;
use mole::rng::Seed;
use mole::run::{Event, Run};
use mole::{data, device};
use std::fs;
use std::path::Path;
use std::rc::Rc;
use std::time::Duration;

#[path = "code_view/community.rs"]
mod community;
#[path = "code_view/glyphs.rs"]
mod glyphs;
#[path = "code_view/molecules.rs"]
mod molecules;
#[path = "code_view/vectors.rs"]
mod vectors;

/// As www/test/rust.test.js asks for them.
const SEED: Seed = Seed(7);
const SAMPLES: usize = 512;

/// The fingerprint of each of the first `stages` stages of a run, an epoch each.
async fn run(plan: &str, stages: usize) -> Vec<String> {
    let mut plan = presets::find(plan).unwrap();
    plan.stages.iter_mut().for_each(|stage| stage.epochs = 1);
    let dataset = data::source(&plan.dataset).unwrap().load(&data::Files::default(), SEED);
    let dataset = Rc::new(dataset.unwrap().with_at_most(SAMPLES, SEED));
    let plan = plan.check(&dataset).unwrap();
    let device = device::open(device::DeviceKind::Cpu).await.unwrap();
    let mut run = Run::new(plan, dataset, &device, "cpu".into(), SEED);
    let mut found = Vec::new();
    while found.len() < stages && !run.is_done() {
        for event in run.advance(Duration::from_millis(50)).await.unwrap() {
            if let Event::StageFinished { fingerprint, .. } = event {
                found.push(fingerprint);
            }
        }
    }
    found.truncate(stages);
    found
}

/// Those of the network that the code gives, module by module.
async fn trained(network: Network, stages: usize) -> Vec<String> {
    let mut found = Vec::new();
    for module in 0..stages {
        found.push(network.fingerprint(module..module + 1).await.unwrap());
    }
    found
}

#[test]
fn the_code_trains_the_weights_of_the_run() {
    pollster::block_on(async {
        let network = vectors::train().await.unwrap();
        assert_eq!(trained(network, 2).await, run("vectors/matrix", 2).await);
        let network = glyphs::train().await.unwrap();
        assert_eq!(trained(network, 2).await, run("glyphs/dim+mine", 2).await);
        let network = community::train().await.unwrap();
        assert_eq!(trained(network, 1).await, run("community/gmi+mine", 1).await);
        let network = molecules::train().await.unwrap();
        let whole = vec![network.fingerprint(0..4).await.unwrap()];
        assert_eq!(whole, run("molecules/bp", 1).await);
    });
}

/// The page's units write code for the plans in `plans.json`.
#[test]
fn the_plans_that_were_written_are_the_presets() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/code_view/plans.json");
    let plans: Vec<mole::plan::Plan> =
        serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(plans.len(), 4);
    for plan in plans {
        assert_eq!(Some(&plan), presets::find(&plan.name).as_ref());
    }
}
