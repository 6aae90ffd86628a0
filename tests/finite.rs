//! Numbers that go wrong: each cause is injected, noticed within one report and named; the last good
//! weights are kept, and a lower rate goes on from them.

#![cfg(not(target_arch = "wasm32"))]

mod common;

use common::{SEED, dataset, finish, short};
use mole::data::{Dataset, Samples};
use mole::device::DeviceKind;
use mole::error::{Problem, Recovery};
use mole::estimators::{Bound, Estimator, InfoNce, MatrixRenyi, Mine};
use mole::plan::{Objective, Plan, Target};
use mole::run::{Cause, Event, Fault, Run, RunError};
use pollster::block_on;
use std::rc::Rc;
use std::time::Duration;

/// The first stage of a plan with another estimator.
fn with(estimator: impl Into<Estimator>, rate: f64) -> Plan {
    let mut plan = short("vectors/mine");
    let stage = &mut plan.stages[0];
    let estimator = estimator.into();
    stage.objective = Objective::Information { target: Target::Input, estimator };
    (stage.rate, stage.clip, stage.batch) = (rate, None, Some(32));
    plan
}

fn bp(rate: f64) -> Plan {
    let mut plan = short("vectors/bp");
    (plan.stages[0].rate, plan.stages[0].batch) = (rate, Some(32));
    plan
}

fn set(value: f32) -> Rc<Dataset> {
    let mut data = Dataset::clone(&dataset("vectors"));
    let Samples::Vectors(vectors) = &mut data.samples else { panic!("not vectors") };
    let first = data.splits.train[0] as usize;
    vectors.values[first * vectors.width + 3] = value;
    Rc::new(data)
}

fn begin(plan: Plan, dataset: Rc<Dataset>) -> Run {
    let device = block_on(mole::device::open(DeviceKind::Cpu)).unwrap();
    Run::new(plan.check(&dataset).unwrap(), dataset, &device, "cpu".into(), SEED)
}

/// Trains, one report a step or one for many, until it fails.
fn fail(run: &mut Run, budget: Duration) -> (Vec<Event>, RunError) {
    let mut events = Vec::new();
    loop {
        match block_on(run.advance(budget)) {
            Ok(more) => events.extend(more),
            Err(error) => {
                events.extend(run.take_events());
                return (events, error);
            }
        }
        assert!(!run.is_done(), "the run went on to its end");
    }
}

fn all_finite(run: &Run) -> bool {
    (0..run.network.modules.len()).all(|module| {
        let weights = block_on(run.inspector().weights(module)).unwrap();
        weights.iter().all(|weight| weight.values.iter().all(|value| value.is_finite()))
    })
}

#[test]
fn every_injected_cause_is_named_and_leaves_good_weights() {
    let sound = dataset("vectors");
    let nwj = Mine { bound: Bound::Nwj {}, ..Mine::default() };
    let flat = MatrixRenyi { width: 1e-30, order: 2.0, ..MatrixRenyi::default() };
    let flat_spectrum = MatrixRenyi { width: 1e-30, ..MatrixRenyi::default() };
    let plain = MatrixRenyi { order: 2.0, ..MatrixRenyi::default() };
    let cold = InfoNce { temperature: 1e-42, ..InfoNce::default() };
    let cases = [
        ("rate too high", bp(1e30), sound.clone(), "train/not-finite"),
        ("weights out of range after the step", bp(1e39), sound.clone(), "train/not-finite"),
        ("infinite feature", bp(1e-3), set(f32::INFINITY), "train/bad-data"),
        ("NaN feature", with(Mine::default(), 1e-3), set(f32::NAN), "train/bad-data"),
        ("feature out of scale", with(plain, 1e-3), set(3e38), "train/bad-data"),
        ("exploding critic", with(nwj, 3.0), sound.clone(), "train/not-finite"),
        ("kernel of width 0", with(flat, 1e-3), sound.clone(), "train/bad-setting"),
        (
            "kernel of width 0, spectrum",
            with(flat_spectrum, 1e-3),
            sound.clone(),
            "train/bad-setting",
        ),
        ("overflow in the score", with(cold, 1e-3), sound, "train/bad-setting"),
    ];
    for (name, plan, dataset, code) in cases {
        for budget in [Duration::ZERO, Duration::from_secs(5)] {
            let rate = plan.stages[0].rate;
            let mut run = begin(plan.clone(), dataset.clone());
            let (_, error) = fail(&mut run, budget);
            assert!(all_finite(&run), "{name}");
            let RunError::NotFinite { cause, rate: lower, .. } = &error else {
                panic!("{name}: {error}");
            };
            assert_eq!(lower.is_some(), cause.is_rate(), "{name}");
            assert!(lower.is_none_or(|lower| lower <= rate / 10.0 * 1.05), "{name}: {lower:?}");
            let words = error.to_string();
            let problem = Problem::from(error);
            assert_eq!(problem.code, code, "{name}: {words}");
            let offers = problem.recovery == Recovery::LowerTheLearningRate;
            assert_eq!(problem.rate.is_some(), offers, "{name}");
            println!("{name}: {words}");
        }
    }
}

/// Its objectives are finite and its steps too large: no default of the estimator would mend that.
#[test]
fn a_large_rate_is_to_blame_and_not_the_estimator_at_its_default() {
    for rate in [0.3, 1.0, 3.0] {
        let mut plan = with(Mine::default(), rate);
        plan.stages[0].epochs = 100;
        let (_, error) = fail(&mut begin(plan, dataset("vectors")), Duration::from_secs(5));
        let RunError::NotFinite { cause, step, fault, .. } = &error else { panic!("{error}") };
        println!("{rate}: {fault} after {step} steps");
        assert!(cause.is_rate(), "{error}");
    }
}

#[test]
fn clipping_is_not_advised_where_gradients_are_clipped() {
    let critic = |clipped| Cause::Critic { estimator: "MINE".into(), clipped }.to_string();
    assert!(critic(false).ends_with("lower the rate, or clip the gradients"));
    assert!(critic(true).ends_with("lower the rate"));
}

#[test]
fn the_place_of_a_bad_feature_is_named() {
    let data = set(f32::NAN);
    let (_, error) = fail(&mut begin(bp(1e-3), data.clone()), Duration::ZERO);
    let RunError::NotFinite { cause: Cause::Input { sample, feature, value }, .. } = error else {
        panic!("{error}");
    };
    assert_eq!((sample, feature), (data.splits.train[0] as usize, 3));
    assert!(value.is_nan());
}

#[test]
fn weights_that_overflow_are_noticed_in_the_report_of_their_step() {
    // The objective of a step is that from before its update.
    let mut run = begin(bp(1e39), dataset("vectors"));
    let (events, error) = fail(&mut run, Duration::ZERO);
    let RunError::NotFinite { step: 1, fault: Fault::Weight, .. } = error else {
        panic!("{error}");
    };
    let steps = events.iter().filter(|event| matches!(event, Event::Step { .. })).count();
    assert_eq!(steps, 1);
}

#[test]
fn a_lower_rate_goes_on_from_the_last_good_weights_to_the_end() {
    let mut run = begin(bp(1e30), dataset("vectors"));
    let (_, error) = fail(&mut run, Duration::ZERO);
    let RunError::NotFinite { rate: Some(rate), .. } = error else { panic!("{error}") };
    let good = block_on(run.inspector().fingerprints()).unwrap();
    // The first step has made weights of 1e30 that are finite but good for nothing: the stage stands
    // before it.
    run.set_rate(rate).unwrap();
    assert_eq!(good, block_on(run.inspector().fingerprints()).unwrap());
    let events = block_on(finish(&mut run));
    assert!(matches!(events[0], Event::RateSet { step: 0, .. }));
    assert!(matches!(events.last(), Some(Event::Finished { complete: true, .. })));
    assert_eq!(run.plan().stages[0].rate, rate);

    // It is then the run that began with that rate.
    let mut fresh = begin(bp(rate), dataset("vectors"));
    block_on(finish(&mut fresh));
    let prints = |run: &Run| block_on(run.inspector().fingerprints()).unwrap();
    assert_eq!(prints(&run), prints(&fresh));
    assert!(run.set_rate(f64::NAN).is_err());
    assert!(run.set_rate(0.0).is_err());
}

#[test]
fn a_fault_leads_back_to_earlier_weights_and_not_to_an_earlier_rate() {
    let mut run = begin(bp(1e-3), dataset("vectors"));
    for _ in 0..5 {
        block_on(run.advance(Duration::ZERO)).unwrap();
    }
    run.set_rate(1e30).unwrap();
    for _ in 0..2 {
        let (_, error) = fail(&mut run, Duration::ZERO);
        let RunError::NotFinite { cause: Cause::Rate { rate }, .. } = error else {
            panic!("{error}");
        };
        assert_eq!(rate, 1e30);
    }
}

#[test]
fn good_steps_before_a_fault_are_kept() {
    let mut run = begin(bp(1e-3), dataset("vectors"));
    for _ in 0..5 {
        block_on(run.advance(Duration::ZERO)).unwrap();
    }
    let prints = |run: &Run| block_on(run.inspector().fingerprints()).unwrap();
    let good = prints(&run);
    // The step of such a rate is finite itself: only the one after it shows that it was not good.
    run.set_rate(1e30).unwrap();
    let (_, error) = fail(&mut run, Duration::ZERO);
    let RunError::NotFinite { step, .. } = error else { panic!("{error}") };
    assert_eq!(prints(&run), good, "it failed at step {step}");
    assert_ne!(prints(&begin(bp(1e-3), dataset("vectors"))), good);
}

#[test]
fn a_checkpoint_is_never_made_of_numbers_that_are_not_finite() {
    let mut run = begin(bp(1e39), dataset("vectors"));
    fail(&mut run, Duration::ZERO);
    let checkpoint = block_on(run.checkpoint("")).unwrap();
    assert_eq!(checkpoint.state.progress.step, 0);
    assert!(checkpoint.values.iter().flatten().all(|value| value.is_finite()));
}
