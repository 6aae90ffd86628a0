//! The page's "this stage, in Rust": what it writes compiles, and trains the very weights of a run.
//! The files of this folder are what `www/js/take/rust.js` makes (`www/test/rust.test.js`).

#![cfg(not(target_arch = "wasm32"))]

use mole::data::Dataset;
use mole::data::own::OwnData;
use mole::network::Network;
use mole::plan::{Plan, presets};
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
#[path = "code_view/own.rs"]
mod own;
#[path = "code_view/vectors.rs"]
mod vectors;

/// As www/test/rust.test.js asks for them.
const SEED: Seed = Seed(7);
const SAMPLES: usize = 200;

/// The fingerprint of each of the first `stages` stages of a run, an epoch each.
async fn run(plan: &str, stages: usize) -> Vec<String> {
    let plan = presets::find(plan).unwrap();
    let dataset = data::source(&plan.dataset).unwrap().load(&data::Files::default(), SEED);
    run_on(plan, dataset.unwrap(), stages).await
}

async fn run_on(mut plan: Plan, dataset: Dataset, stages: usize) -> Vec<String> {
    plan.stages.iter_mut().for_each(|stage| stage.epochs = 1);
    let dataset = Rc::new(dataset.with_at_most(SAMPLES, SEED));
    let plan = plan.with_batches_within(dataset.splits.train.len()).check(&dataset).unwrap();
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

/// From a table and a plan that lie in the present folder, as the page says that they are to.
#[test]
fn the_code_for_data_of_ones_own_trains_the_weights_of_the_run() {
    let folder = std::env::temp_dir().join(format!("mole-code-view-{}", std::process::id()));
    fs::create_dir_all(&folder).unwrap();
    // Without names above, and with as many classes as the preset tells apart.
    let row =
        |i: usize| format!("{},{},{},{i}.\n", i % 17, i * 7 % 13, ["a", "b", "c", "d"][i % 4]);
    let table: String = (0..800).map(row).collect();
    fs::write(folder.join("people.csv"), &table).unwrap();
    let preset = presets::find("vectors/matrix").unwrap();
    let plan = Plan { name: "own/matrix".into(), dataset: "own".into(), ..preset };
    fs::write(folder.join("own-matrix.json"), serde_json::to_string(&plan).unwrap()).unwrap();
    std::env::set_current_dir(&folder).unwrap();

    let mut files = data::Files::default();
    files.insert("people.csv", table.into_bytes());
    let how = OwnData::Csv {
        label: "column 3".into(),
        header: false,
        test: 0.25,
        without: Some(vec!["column 4".into()]),
    };
    let dataset = data::own::read(&files, &how, SEED).unwrap();
    pollster::block_on(async {
        let network = own::train().await.unwrap();
        assert_eq!(trained(network, 1).await, run_on(plan, dataset, 1).await);
    });
    fs::remove_dir_all(folder).unwrap();
}

/// The page's units write code for the plans in `plans.json`.
#[test]
fn the_plans_that_were_written_are_the_presets() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/code_view/plans.json");
    let plans: Vec<Plan> = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    assert_eq!(plans.len(), 4);
    for plan in plans {
        assert_eq!(Some(&plan), presets::find(&plan.name).as_ref());
    }
}
