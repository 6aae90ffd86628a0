//! No gradient crosses a module's border: while a stage trains, every parameter outside it stays the
//! same to the bit.

#![cfg(not(target_arch = "wasm32"))]

mod common;

use common::short;
use mole::device::{self, DeviceKind};
use mole::run::{Event, Run};
use pollster::block_on;
use std::time::Duration;

/// The bits of every parameter, module by module.
fn bits(run: &Run) -> Vec<Vec<u32>> {
    let module = |m: usize| {
        let values = block_on(device::read(run.network.values(m..m + 1))).unwrap();
        values.into_iter().flatten().map(f32::to_bits).collect()
    };
    (0..run.network.modules.len()).map(module).collect()
}

#[test]
fn a_stage_moves_its_own_modules_and_no_other() {
    for name in common::synthetic_plans() {
        check(&name);
    }
}

fn check(name: &str) {
    let plan = short(name);
    let stages: Vec<_> = plan.stages.iter().map(|stage| stage.modules.clone()).collect();
    let mut run = block_on(common::start(plan, DeviceKind::Cpu));
    let mut current = None;
    let mut before = bits(&run);
    let mut moved = vec![false; before.len()];
    while !run.is_done() {
        // No time at all: one piece of work, so that each step is looked at by itself.
        let events = block_on(run.advance(Duration::ZERO)).unwrap();
        // What was trained in this piece: the first piece of a stage also says that it begins.
        for event in &events {
            if let Event::StageStarted { stage } = event {
                current = Some(*stage);
            }
        }
        let after = bits(&run);
        for (m, (old, new)) in before.iter().zip(&after).enumerate() {
            let trained = current.is_some_and(|stage: usize| stages[stage].contains(&m));
            assert!(trained || old == new, "{name}: module {m} moved in stage {current:?}");
            moved[m] |= old != new;
        }
        before = after;
        if events.iter().any(|event| matches!(event, Event::StageFinished { .. })) {
            current = None;
        }
    }
    for (m, moved) in moved.into_iter().enumerate() {
        let trained = stages.iter().any(|stage| stage.contains(&m));
        assert_eq!(moved, trained, "{name}: module {m}");
    }
}

#[test]
fn the_fingerprint_of_a_finished_stage_still_holds_at_the_end() {
    let mut run = block_on(common::start(short("vectors/matrix"), DeviceKind::Cpu));
    let events = block_on(common::finish(&mut run));
    let mut stages = 0;
    for event in events {
        if let Event::StageFinished { stage, fingerprint, .. } = event {
            let now = block_on(run.network.fingerprint(stage..stage + 1)).unwrap();
            assert_eq!(now, fingerprint, "stage {stage}");
            stages += 1;
        }
    }
    assert_eq!(stages, 3);
}
