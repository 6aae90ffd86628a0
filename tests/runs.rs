//! Whole runs: their events, repeating them, ending them early, and what they learn.

#![cfg(not(target_arch = "wasm32"))]

mod common;

use common::{SEED, SYNTHETIC, finish, objectives, short, start, valid};
use mole::data::{self, Files};
use mole::device::{self, DeviceKind};
use mole::plan::presets;
use mole::run::{Event, Measurement, Run, StageTime, measure};
use pollster::block_on;
use std::rc::Rc;
use std::time::Duration;

#[test]
fn events_come_in_order_and_agree_with_the_summary() {
    for dataset in SYNTHETIC {
        for scheme in ["bp", "matrix", "random"] {
            let name = format!("{dataset}/{scheme}");
            let mut run = block_on(start(short(&name), DeviceKind::Cpu));
            let events = block_on(finish(&mut run));
            let Some(Event::Started { stages, .. }) = events.first() else {
                panic!("{name}: begins with {:?}", events.first());
            };
            let mut steps = vec![0; stages.len()];
            for event in &events {
                if let Event::Step { stage, step, .. } = event {
                    steps[*stage] += 1;
                    assert_eq!(*step, steps[*stage], "{name}");
                }
            }
            let announced: Vec<usize> = stages.iter().map(|stage| stage.steps).collect();
            assert_eq!(steps, announced, "{name}");
            let Some(Event::Finished { complete: true, test_accuracy: Some(test), .. }) =
                events.last()
            else {
                panic!("{name}: ends with {:?}", events.last());
            };
            assert!((0.0..=100.0).contains(test), "{name}: {test} %");
        }
    }
}

#[test]
fn the_same_seed_gives_the_same_run_however_it_is_cut() {
    for name in ["vectors/matrix", "molecules/matrix", "glyphs/bp", "community/matrix"] {
        let whole = block_on(finish(&mut block_on(start(short(name), DeviceKind::Cpu))));
        let mut run = block_on(start(short(name), DeviceKind::Cpu));
        let mut pieces = Vec::new();
        while !run.is_done() {
            pieces.extend(block_on(run.advance(Duration::ZERO)).unwrap());
        }
        assert_eq!(objectives(&whole), objectives(&pieces), "{name}");
        let prints = |events: &[Event]| -> Vec<String> {
            let print = |event: &Event| match event {
                Event::StageFinished { fingerprint, .. } => Some(fingerprint.clone()),
                _ => None,
            };
            events.iter().filter_map(print).collect()
        };
        assert_eq!(prints(&whole), prints(&pieces), "{name}");
    }
}

#[test]
fn a_run_ended_early_says_so() {
    let mut run = block_on(start(short("vectors/matrix"), DeviceKind::Cpu));
    block_on(run.advance(Duration::ZERO)).unwrap();
    let events = block_on(run.finish()).unwrap();
    let Some(Event::Finished { complete: false, test_accuracy: None, .. }) = events.last() else {
        panic!("ends with {:?}", events.last());
    };
    assert!(run.is_done());

    // Within the output stage the classifier is evaluated as it stands.
    let mut run = block_on(start(short("vectors/bp"), DeviceKind::Cpu));
    block_on(run.advance(Duration::ZERO)).unwrap();
    let events = block_on(run.finish()).unwrap();
    let Some(Event::Finished { complete: false, test_accuracy: Some(_), .. }) = events.last()
    else {
        panic!("ends with {:?}", events.last());
    };
}

#[test]
fn a_run_that_is_over_cannot_be_ended_again() {
    let mut run = block_on(start(short("vectors/bp"), DeviceKind::Cpu));
    // Ended while the last evaluation is under way, it is complete all the same.
    loop {
        let events = block_on(run.advance(Duration::ZERO)).unwrap();
        if events.iter().any(|event| matches!(event, Event::StageFinished { .. })) {
            break;
        }
    }
    let events = block_on(run.finish()).unwrap();
    assert!(matches!(events.last(), Some(Event::Finished { complete: true, .. })), "{events:?}");
    assert_eq!(block_on(run.finish()).unwrap(), []);
}

#[test]
fn the_last_piece_of_work_is_in_the_times() {
    let mut run = block_on(start(short("glyphs/bp"), DeviceKind::Cpu));
    let events = block_on(finish(&mut run));
    let Some(Event::Finished { seconds: whole, .. }) = events.last() else { panic!() };
    let stages = events.iter().filter_map(|event| match event {
        Event::StageFinished { seconds, .. } => Some(*seconds),
        _ => None,
    });
    let steps = events.iter().filter_map(|event| match event {
        Event::Step { seconds, .. } => Some(*seconds),
        _ => None,
    });
    // One piece is an evaluation, or a step: whichever was left out would be seen here.
    let stages: f64 = stages.sum();
    assert!(stages <= *whole && steps.fold(0.0, f64::max) <= stages, "{stages} of {whole}");
}

#[test]
fn a_network_left_at_random_is_clearly_worse_than_a_trained_one() {
    for (dataset, margin) in
        [("vectors", 8.0), ("glyphs", 8.0), ("community", 8.0), ("molecules", 8.0)]
    {
        let [trained, random] = ["bp", "random"].map(|scheme| {
            let plan = presets::find(&format!("{dataset}/{scheme}")).unwrap();
            let source = data::source(dataset).unwrap();
            let dataset = Rc::new(source.load(&Files::default(), SEED).unwrap());
            let device = block_on(mole::device::open(DeviceKind::Cpu)).unwrap();
            let plan = plan.check(&dataset).unwrap();
            let mut run = Run::new(plan, dataset, &device, "cpu".into(), SEED);
            match block_on(finish(&mut run)).pop() {
                Some(Event::Finished { test_accuracy: Some(test), .. }) => test,
                other => panic!("{other:?}"),
            }
        });
        assert!(trained >= random + margin, "{dataset}: {trained} % trained, {random} % random");
    }
}

#[test]
fn every_stage_is_measured_as_it_will_be_trained() {
    for name in ["vectors/matrix", "glyphs/mine", "community/dgi+mine", "molecules/gmi+mine"] {
        let (plan, dataset) = valid(short(name));
        let cpu = block_on(device::open(DeviceKind::Cpu)).unwrap();
        let measured = |milliseconds| {
            let budget = Duration::from_millis(milliseconds);
            block_on(measure(&plan, dataset.clone(), &cpu, SEED, budget)).unwrap()
        };
        // A faster device takes more steps within its time: what is compared must not show it.
        let (first, second) = (measured(0), measured(20));
        let count = plan.stages.len();
        assert_eq!((first.stages.len(), first.objectives.len()), (count, 2 * count), "{name}");
        assert!(first.stages.iter().all(|stage| stage.milliseconds > 0.0), "{name}: {first:?}");
        assert_eq!(first.difference(&second), 0.0, "{name}: objectives of one device differ");

        let own = objectives(&block_on(finish(&mut block_on(start(short(name), DeviceKind::Cpu)))));
        assert_eq!(first.objectives[0], own[0], "{name}");
    }
}

/// The run itself says what went wrong, and offers a lower rate.
#[test]
fn a_plan_whose_numbers_go_wrong_is_measured() {
    let mut plan = short("vectors/matrix");
    plan.stages[0].rate = 1e39;
    let (plan, dataset) = valid(plan);
    let cpu = block_on(device::open(DeviceKind::Cpu)).unwrap();
    let measured = block_on(measure(&plan, dataset, &cpu, SEED, Duration::ZERO)).unwrap();
    assert!(measured.difference(&measured).is_nan(), "{measured:?}");
}

#[test]
fn a_measurement_counts_each_stage_by_its_steps() {
    let stages =
        [(4.0, 100), (1.0, 300)].map(|(milliseconds, steps)| StageTime { milliseconds, steps });
    let measurement = Measurement { stages: stages.to_vec(), ..Measurement::default() };
    assert_eq!(measurement.milliseconds(), 1.75);
}
