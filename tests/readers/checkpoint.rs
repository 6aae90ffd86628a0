//! A checkpoint, its hash made to fit: read, and gone on with where it can be.

use super::Target;
use super::plan::{assert_is_said, build, dataset, ready};
use mole::checkpoint::Checkpoint;
use mole::device::{DeviceKind, open};
use mole::plan::{Plan, presets};
use mole::rng::Seed;
use mole::run::Run;
use sha2::{Digest, Sha256};
use std::rc::Rc;
use std::time::Duration;

pub const TARGET: Target = Target {
    name: "checkpoint",
    read: |input| drop(Checkpoint::from_bytes(&hashed(input))),
    // A copy of the input, and a header whose values are larger in memory than in the file. Serde
    // believes a list's claim for up to a mebibyte, and lists may lie in one another 32 deep.
    memory: |length| (33 << 20) + 64 * length,
    check,
    seeds,
    tokens: &[
        b"\x00\x00\x00\x00",
        b"\xff\xff\xff\xff",
        b"\x00\x00\xc0\x7f", // NaN
        b"\x00\x00\x80\x7f", // infinity
        b"\x9f",             // a list without a length
        b"\xbf",             // a map without one
        b"\xff",
        b"\x1b\xff\xff\xff\xff\xff\xff\xff\xff",
        b"\x9b\x00\x00\x00\x01\x00\x00\x00\x00",
        b"\xf6", // null
        b"fevents",
        b"estage",
        b"dstep",
    ],
};

/// What the file would be if its maker had known how to hash: otherwise nothing comes past the hash.
pub fn hashed(input: &[u8]) -> Vec<u8> {
    let mut file = input.to_vec();
    if file.len() >= 48 {
        let digest = Sha256::new().chain_update(&file[8..16]).chain_update(&file[48..]).finalize();
        file[16..48].copy_from_slice(&digest);
    }
    file
}

fn check(input: &[u8]) {
    let file = hashed(input);
    let checkpoint = match Checkpoint::from_bytes(&file) {
        Ok(checkpoint) => checkpoint,
        Err(error) => return assert_is_said(&error.into()),
    };
    // CBOR has several forms of a number: the second writing is the first one's.
    let written = checkpoint.to_bytes().unwrap();
    let again = Checkpoint::from_bytes(&written).unwrap();
    assert!(again.to_bytes().unwrap() == written);

    let plan = checkpoint.state.plan.clone();
    let Some(dataset) = dataset(&plan.dataset) else { return };
    let plan = match plan.check(dataset) {
        Ok(plan) => plan,
        Err(error) => return assert_is_said(&error.into()),
    };
    build(&plan, dataset);
    if !is_small(&plan) {
        return;
    }
    let device = ready(open(DeviceKind::Cpu)).unwrap();
    let run = Run::resume(&checkpoint, plan, Rc::new(dataset.clone()), &device, "cpu".into());
    match run {
        Ok(mut run) => {
            if let Err(error) = ready(run.advance(Duration::ZERO)) {
                assert_is_said(&error.into());
            }
        }
        Err(error) => assert_is_said(&error.into()),
    }
}

fn is_small(plan: &Plan) -> bool {
    plan.modules.len() <= 4 && plan.stages.iter().all(|stage| stage.batch.is_some_and(|n| n <= 32))
}

/// Narrow, so that the numbers are not most of the file.
fn narrow(name: &str) -> Plan {
    let plan = presets::find(name).unwrap();
    let text = serde_json::to_string(&plan).unwrap();
    let text = text.replace("\"width\":64", "\"width\":5").replace("\"width\":16", "\"width\":3");
    let mut plan = Plan::from_json(text.replace("128", "4").as_bytes()).unwrap();
    plan.stages.iter_mut().for_each(|stage| (stage.epochs, stage.batch) = (2, Some(8)));
    plan
}

fn seeds() -> Vec<Vec<u8>> {
    let device = ready(open(DeviceKind::Cpu)).unwrap();
    let at = |name: &str, pieces: usize| {
        let plan = narrow(name);
        let dataset = dataset(&plan.dataset).unwrap();
        let plan = plan.check(dataset).unwrap();
        let dataset = Rc::new(dataset.clone());
        let mut run = Run::new(plan, dataset, &device, "cpu".into(), Seed(1));
        for _ in 0..pieces {
            ready(run.advance(Duration::ZERO)).unwrap();
        }
        ready(run.checkpoint("note")).unwrap().to_bytes().unwrap()
    };
    vec![
        at("vectors/bp", 0),
        at("vectors/bp", 6),
        at("vectors/mine", 3),
        at("vectors/mine", 12),
        at("vectors/matrix", 20),
        at("vectors/infonce", 4),
    ]
}
