//! A run that is stopped and goes on is the run that was not stopped; and nothing but a checkpoint is
//! read as one.

#![cfg(not(target_arch = "wasm32"))]

mod common;

use common::{SEED, dataset, finish, short, start, valid};
use mole::checkpoint::{At, Checkpoint, CheckpointError, MOST_BYTES};
use mole::data::Files;
use mole::device::DeviceKind;
use mole::error::Problem;
use mole::plan::Plan;
use mole::rng::Seed;
use mole::run::{Event, Run};
use pollster::block_on;
use std::rc::Rc;
use std::time::Duration;

/// Every kind of estimator, every kind of sample, and backpropagation.
const PLANS: [&str; 9] = [
    "vectors/matrix",
    "vectors/mine",
    "vectors/infonce",
    "vectors/bp",
    "glyphs/dim+mine",
    "community/gmi+mine",
    "community/dgi+mine",
    "molecules/matrix",
    "molecules/mine",
];

/// Few and small steps, but two epochs in each stage, so that an order is drawn anew.
fn small(name: &str) -> Plan {
    let mut plan = short(name);
    for stage in &mut plan.stages {
        stage.epochs = if stage.batch.is_none() { 6 } else { 2 };
        stage.batch = stage.batch.map(|batch| batch.min(48));
    }
    plan
}

fn resume(bytes: &[u8]) -> Run {
    let checkpoint = Checkpoint::from_bytes(bytes).unwrap();
    let (plan, dataset) = valid(checkpoint.state.plan.clone());
    let device = block_on(mole::device::open(DeviceKind::Cpu)).unwrap();
    Run::resume(&checkpoint, plan, dataset, &device, "cpu".into()).unwrap()
}

fn bytes(run: &mut Run) -> Vec<u8> {
    block_on(run.checkpoint("")).unwrap().to_bytes().unwrap()
}

fn prints(run: &Run) -> Vec<String> {
    block_on(run.inspector().fingerprints()).unwrap()
}

/// What a log says, times and the progress of work that is done again aside.
fn said(events: &[Event]) -> Vec<String> {
    let timeless = |event: &Event| {
        let mut value = serde_json::to_value(event).unwrap();
        value.as_object_mut().unwrap().remove("seconds");
        value.to_string()
    };
    let kept = |event: &&Event| !matches!(event, Event::Caching { .. } | Event::Resumed { .. });
    events.iter().filter(kept).map(timeless).collect()
}

/// The length of the log and a checkpoint.
type Point = (usize, Vec<u8>);

/// The whole run, with a checkpoint after each of its pieces.
fn whole(plan: Plan) -> (Run, Vec<Event>, Vec<Point>) {
    let mut run = block_on(start(plan, DeviceKind::Cpu));
    let mut events = run.take_events();
    let mut points = vec![(events.len(), bytes(&mut run))];
    while !run.is_done() {
        events.extend(block_on(run.advance(Duration::ZERO)).unwrap());
        points.push((events.len(), bytes(&mut run)));
    }
    (run, events, points)
}

/// Goes on from a checkpoint and compares with the whole.
fn compare(name: &str, (run, events): (&Run, &[Event]), (length, bytes): &Point) {
    let mut resumed = resume(bytes);
    let later = block_on(finish(&mut resumed));
    let Some(Event::Resumed { events: log, step, stage, .. }) = later.first() else {
        panic!("{name}: begins with {:?}", later.first());
    };
    let place = format!("{name}, stage {stage}, step {step}");
    assert_eq!(*log, *length as u64, "{place}");
    assert_eq!(said(events), said(&[&events[..*length], &later].concat()), "{place}");
    assert_eq!(prints(run), prints(&resumed), "{place}");
}

/// At every end of a stage, and at `most` other places.
fn split_anywhere(most: usize) -> usize {
    let mut splits = 0;
    for name in PLANS {
        let (run, events, points) = whole(small(name));
        let mut draw = Seed(11).stream(name);
        let ends = points.iter().filter(|(length, _)| {
            matches!(events.get(length - 1), Some(Event::StageFinished { .. }))
        });
        let order = draw.permutation(points.len());
        let others = order.into_iter().take(most).map(|k| &points[k]);
        for point in ends.chain(others) {
            compare(name, (&run, &events), point);
            splits += 1;
        }
    }
    splits
}

#[test]
fn a_run_split_anywhere_equals_the_whole() {
    split_anywhere(4);
}

/// The figure of docs/reliability.md.
#[test]
#[ignore = "long: 50 places in each plan"]
fn a_run_split_in_50_places_equals_the_whole() {
    println!("{} splits of {} plans, all equal", split_anywhere(50), PLANS.len());
}

#[test]
fn a_run_split_again_and_again_equals_the_whole() {
    for name in ["vectors/mine", "glyphs/dim+mine"] {
        let (whole, _, points) = whole(small(name));
        let mut run = resume(&points[0].1);
        while !run.is_done() {
            let mut pieces = 0;
            while pieces < 25 && !run.is_done() {
                let events = block_on(run.advance(Duration::ZERO)).unwrap();
                // Begun again after each split, it would never come to its end.
                let caches = events.iter().any(|event| matches!(event, Event::Caching { .. }));
                pieces += usize::from(!caches);
            }
            run = resume(&bytes(&mut run));
            run.take_events();
        }
        assert_eq!(prints(&whole), prints(&run), "{name}");
    }
}

#[test]
fn asking_for_a_checkpoint_does_not_move_a_run() {
    for name in PLANS {
        let mut undisturbed = block_on(start(small(name), DeviceKind::Cpu));
        let events = block_on(finish(&mut undisturbed));
        let (asked, log, _) = whole(small(name));
        assert_eq!(prints(&undisturbed), prints(&asked), "{name}");
        assert_eq!(said(&events), said(&log), "{name}");
    }
}

#[test]
fn a_finished_run_is_kept_with_its_weights_and_can_be_taken_back() {
    let (run, _, points) = whole(small("vectors/matrix"));
    let mut kept = resume(&points.last().unwrap().1);
    assert!(matches!(kept.take_events()[..], [Event::Resumed { .. }]));
    assert!(kept.is_done());
    assert_eq!(prints(&run), prints(&kept));
    let plan = kept.plan().clone();
    kept.rewind(1, plan).unwrap();
    block_on(finish(&mut kept));
    assert_eq!(prints(&run), prints(&kept));
}

#[test]
fn a_run_whose_stages_are_done_is_complete_however_it_is_ended() {
    let (.., points) = whole(small("vectors/matrix"));
    let ending = |point: &&Point| {
        let at = Checkpoint::from_bytes(&point.1).unwrap().state.progress.at;
        at == At::EvaluateRun { complete: true }
    };
    let mut kept = resume(&points.iter().find(ending).unwrap().1);
    let events = block_on(kept.finish()).unwrap();
    assert!(matches!(events.last(), Some(Event::Finished { complete: true, .. })), "{events:?}");
}

#[test]
fn a_checkpoint_is_read_as_it_was_written() {
    let mut plan = small("vectors/mine");
    // Its shortest decimal form has 17 digits, which a fast reader of JSON gets wrong by one bit.
    plan.stages[0].rate = f64::from_bits(0.0012345678901234567f64.to_bits() + 1);
    let mut run = block_on(start(plan, DeviceKind::Cpu));
    block_on(run.advance(Duration::ZERO)).unwrap();
    let checkpoint = block_on(run.checkpoint("note")).unwrap();
    let read = Checkpoint::from_bytes(&checkpoint.to_bytes().unwrap()).unwrap();
    assert_eq!(checkpoint, read);
    assert_eq!(read.state.note, "note");
}

/// The checkpoint of a small network.
fn tiny() -> Checkpoint {
    let mut plan = small("vectors/mine");
    plan.modules.drain(..plan.modules.len() - 1);
    plan.stages.drain(..plan.stages.len() - 1);
    plan.stages[0].modules = 0..1;
    plan.description.clear();
    let mut run = block_on(start(plan, DeviceKind::Cpu));
    block_on(run.advance(Duration::ZERO)).unwrap();
    block_on(run.checkpoint("")).unwrap()
}

#[test]
fn every_beginning_and_every_changed_byte_is_refused() {
    let sound = tiny().to_bytes().unwrap();
    let refused = |bytes: &[u8], what: &str| {
        let error = Checkpoint::from_bytes(bytes).expect_err(what);
        assert!(error.to_string().chars().count() < 250, "{what}: {error}");
    };
    for length in 0..sound.len() {
        refused(&sound[..length], &format!("{length} bytes"));
    }
    refused(&[&sound[..], &[0]].concat(), "a byte more");
    let mut changed = sound.clone();
    for at in 0..sound.len() {
        // Every other value where parsing comes before the digest, some of them elsewhere.
        let step = if at < 48 { 1 } else { 85 };
        for by in (1..=255u8).step_by(step) {
            changed[at] = sound[at].wrapping_add(by);
            refused(&changed, &format!("byte {at} + {by}"));
        }
        changed[at] = sound[at];
    }
    println!("{} bytes", sound.len());
}

/// Somebody who computes a digest can write anything: it is refused too, and nothing panics.
#[test]
fn a_forged_checkpoint_is_refused_with_the_place() {
    let sound = tiny();
    let (plan, dataset) = valid(sound.state.plan.clone());
    let device = block_on(mole::device::open(DeviceKind::Cpu)).unwrap();
    let go_on = |forged: &Checkpoint| {
        let forged = Checkpoint::from_bytes(&forged.to_bytes()?)?;
        Run::resume(&forged, plan.clone(), dataset.clone(), &device, "cpu".into()).map(|_| ())
    };
    go_on(&sound).unwrap();
    type Forge = fn(&mut Checkpoint);
    let forgeries: &[(&str, Forge)] = &[
        ("a stage below", |c| c.state.progress.stage = usize::MAX),
        ("a step of", |c| c.state.progress.step = usize::MAX),
        ("a step of", |c| c.state.progress.at = At::Prepare),
        ("a step of", |c| c.state.progress.at = At::EvaluateEpoch),
        ("a step of", |c| c.state.progress.at = At::EvaluateRun { complete: true }),
        ("modules to read behind", |c| c.state.progress.depth = 1),
        ("finite times", |c| c.state.progress.elapsed = Duration::MAX),
        ("finite times", |c| c.state.progress.epoch.objective = f64::NAN),
        ("modules.0", |c| c.state.tensors[0].shape.reverse()),
        ("modules.0", |c| c.state.tensors[0].name = "x".repeat(10_000)),
        ("numbers", |c| c.state.tensors[0].shape = vec![usize::MAX, 2]),
        ("numbers", |c| drop(c.values.pop())),
        ("nothing after", |c| c.values.push(vec![0.0])),
        ("adam.0.m", |c| {
            c.state.tensors.truncate(2);
            c.values.truncate(2);
        }),
        ("average", |c| {
            c.state.tensors.extend(c.state.tensors.clone());
            c.values.extend(c.values.clone());
        }),
    ];
    for (part, forge) in forgeries {
        let mut forged = sound.clone();
        forge(&mut forged);
        let error = go_on(&forged).expect_err(part);
        assert!(matches!(error, CheckpointError::Damaged { .. }), "{part}: {error}");
        assert!(error.to_string().contains(part), "{part}: {error}");
        assert!(error.to_string().chars().count() < 300, "{part}: {error}");
    }
    let mut positions = sound.clone();
    positions.state.progress.shuffle = u128::MAX;
    positions.state.progress.draws = u128::MAX;
    go_on(&positions).unwrap();
}

#[test]
fn every_refusal_has_its_code_and_its_words() {
    let sound = tiny();
    let device = block_on(mole::device::open(DeviceKind::Cpu)).unwrap();
    let go_on = |plan: Plan, dataset: Rc<mole::data::Dataset>| {
        let plan = plan.check(&dataset).unwrap();
        Run::resume(&sound, plan, dataset, &device, "cpu".into()).map(|_| ()).unwrap_err()
    };
    let mut other = sound.state.plan.clone();
    other.stages[0].rate *= 2.0;
    let source = mole::data::source("vectors").unwrap();
    let elsewhere = Rc::new(source.load(&Files::default(), Seed(SEED.0 + 1)).unwrap());
    let bytes = sound.to_bytes().unwrap();
    let mut newer = bytes.clone();
    newer[8] += 1;
    let mut wide = sound.clone();
    wide.state.note = "x".repeat(17 << 20);
    let refusals = [
        (go_on(other, dataset("vectors")), "checkpoint/other-plan"),
        (go_on(sound.state.plan.clone(), elsewhere), "checkpoint/other-data"),
        (Checkpoint::from_bytes(&newer).unwrap_err(), "checkpoint/other-version"),
        (Checkpoint::from_bytes(&bytes[1..]).unwrap_err(), "checkpoint/damaged"),
        (wide.to_bytes().unwrap_err(), "checkpoint/too-large"),
    ];
    for (error, code) in refusals {
        let problem = Problem::from(error);
        assert_eq!(problem.code, code);
        let words = ["expected", "found", "not of this"];
        assert!(words.iter().any(|word| problem.message.contains(word)), "{}", problem.message);
        assert!(problem.message.contains("checkpoint"), "{}", problem.message);
    }
    assert!((bytes.len() as u64) < MOST_BYTES);
}
