//! Looking into a run, and going back in it.

#![cfg(not(target_arch = "wasm32"))]

mod common;

use common::{SEED, SYNTHETIC, dataset, finish, objectives, short, start};
use mole::data::{Dataset, UNLABELLED};
use mole::device::DeviceKind;
use mole::inspect::{InspectError, spread};
use mole::plan::presets;
use mole::run::{Event, RewindError, Run};
use pollster::block_on;
use std::rc::Rc;
use std::time::Duration;

#[test]
fn looking_does_not_move_a_run() {
    for set in SYNTHETIC {
        let name = format!("{set}/matrix");
        let undisturbed = block_on(finish(&mut block_on(start(short(&name), DeviceKind::Cpu))));
        let mut run = block_on(start(short(&name), DeviceKind::Cpu));
        let samples = spread(&dataset(set).splits.train, 32);
        let mut events = Vec::new();
        while !run.is_done() {
            events.extend(block_on(run.advance(Duration::ZERO)).unwrap());
            let inspector = run.inspector();
            block_on(inspector.information(&samples)).unwrap();
            block_on(inspector.predictions(&samples)).unwrap();
            block_on(inspector.outputs(Some(0), &samples)).unwrap();
        }
        assert_eq!(objectives(&undisturbed), objectives(&events), "{name}");
    }
}

#[test]
fn predictions_give_the_accuracy_of_the_run() {
    for set in SYNTHETIC {
        let mut run = block_on(start(short(&format!("{set}/bp")), DeviceKind::Cpu));
        let events = block_on(finish(&mut run));
        let Some(Event::Finished { test_accuracy: Some(accuracy), .. }) = events.last() else {
            panic!("{set}: not finished");
        };
        let data = dataset(set);
        let test = &data.splits.test;
        let predictions = block_on(run.inspector().predictions(test)).unwrap();
        let right = predictions.iter().zip(test);
        let right = right.filter(|(p, sample)| p.class == data.labels[**sample as usize]).count();
        let found = 100.0 * right as f64 / test.len() as f64;
        assert!((found - accuracy).abs() < 1e-9, "{set}: {found} {accuracy}");
        assert!(predictions.iter().all(|p| p.confidence > 0.0 && p.confidence <= 1.0));
    }
}

#[test]
fn information_lies_between_nothing_and_its_cap() {
    for set in SYNTHETIC {
        let mut run = block_on(start(short(&format!("{set}/bp")), DeviceKind::Cpu));
        block_on(finish(&mut run));
        let samples = spread(&dataset(set).splits.train, 64);
        let information = block_on(run.inspector().information(&samples)).unwrap();
        assert_eq!(information.cap, (samples.len() as f64).log2());
        assert!(information.labels > 0.5, "{set}: {information:?}");
        assert_eq!(information.modules.len(), run.network.modules.len());
        for module in &information.modules {
            let bounded = -1e-6..=information.cap + 1e-3;
            assert!(bounded.contains(&module.input), "{set}: {information:?}");
            assert!(bounded.contains(&module.label), "{set}: {information:?}");
        }
        // Whatever else they lose, trained modules say something about the input.
        assert!(information.modules[0].input > 0.1, "{set}: {information:?}");
    }
}

#[test]
fn a_sample_and_its_values_alone_give_the_same_activations() {
    for set in ["vectors", "glyphs"] {
        let run = block_on(start(short(&format!("{set}/bp")), DeviceKind::Cpu));
        let inspector = run.inspector();
        let sample = dataset(set).splits.test[0];
        let (width, input) = block_on(inspector.outputs(None, &[sample])).unwrap();
        assert_eq!(width, input.len());
        let alone = block_on(inspector.classify(input.clone())).unwrap();
        assert_eq!(alone, block_on(inspector.activations(sample)).unwrap());
        assert_eq!(alone.len(), run.network.modules.len());
        let short = block_on(inspector.classify(input[1..].to_vec())).unwrap_err();
        assert!(matches!(short, InspectError::Values { .. }), "{short}");
        let infinite = vec![f32::INFINITY; input.len()];
        let infinite = block_on(inspector.classify(infinite)).unwrap_err();
        assert!(infinite.to_string().contains("inf at 0"), "{infinite}");
    }
    let run = block_on(start(short("community/bp"), DeviceKind::Cpu));
    let refused = block_on(run.inspector().classify(vec![0.0; 3])).unwrap_err();
    assert!(matches!(refused, InspectError::Values { .. } | InspectError::NotAlone), "{refused}");
}

#[test]
fn weights_are_those_of_the_safetensors_file() {
    let run = block_on(start(short("glyphs/bp"), DeviceKind::Cpu));
    let inspector = run.inspector();
    let bytes = block_on(inspector.safetensors()).unwrap();
    let (_, metadata) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
    let plan = metadata.metadata().as_ref().unwrap()["plan"].clone();
    assert_eq!(serde_json::from_str::<mole::plan::Plan>(&plan).unwrap(), **run.plan());
    let file = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let mut found = 0;
    for module in 0..run.network.modules.len() {
        for weight in block_on(inspector.weights(module)).unwrap() {
            let tensor = file.tensor(&format!("modules.{module}.{}", weight.name)).unwrap();
            assert_eq!(tensor.shape(), weight.shape);
            let values: Vec<u8> = weight.values.iter().flat_map(|v| v.to_le_bytes()).collect();
            assert_eq!(tensor.data(), values);
            found += 1;
        }
    }
    assert_eq!(found, file.names().len());
    assert!(matches!(
        block_on(inspector.weights(99)).unwrap_err(),
        InspectError::NoModule { found: 99, .. }
    ));
}

#[test]
fn a_stage_trained_again_gives_what_a_fresh_run_gives() {
    for name in ["vectors/matrix", "molecules/matrix", "community/mine", "glyphs/bp"] {
        let fresh = block_on(finish(&mut block_on(start(short(name), DeviceKind::Cpu))));
        let mut run = block_on(start(short(name), DeviceKind::Cpu));
        block_on(finish(&mut run));
        for stage in 0..run.plan().stages.len() {
            let before = block_on(run.inspector().fingerprints()).unwrap();
            let plan = run.plan().clone();
            let first = plan.stages[stage].modules.start;
            run.rewind(stage, plan).unwrap();
            let events = block_on(finish(&mut run));
            assert!(matches!(events[0], Event::Rewound { stage: s, .. } if s == stage), "{name}");
            let later = |events: &[Event]| -> Vec<f64> {
                let of = |event: &Event| match event {
                    Event::Step { stage: s, objective, .. } if *s >= stage => Some(*objective),
                    _ => None,
                };
                events.iter().filter_map(of).collect()
            };
            assert_eq!(later(&fresh), later(&events), "{name}, stage {stage}");
            let after = block_on(run.inspector().fingerprints()).unwrap();
            assert_eq!(before[..first], after[..first], "{name}, stage {stage}");
            assert_eq!(before, after, "{name}, stage {stage}: same seed, same weights");
        }
    }
}

#[test]
fn a_stage_may_change_and_what_lies_before_may_not() {
    let mut run = block_on(start(short("vectors/matrix"), DeviceKind::Cpu));
    block_on(finish(&mut run));
    let before = block_on(run.inspector().fingerprints()).unwrap();
    let data = dataset("vectors");

    let mut wider = (**run.plan()).clone();
    wider.stages[1].rate *= 0.5;
    run.rewind(1, wider.clone().check(&data).unwrap()).unwrap();
    block_on(finish(&mut run));
    let after = block_on(run.inspector().fingerprints()).unwrap();
    assert_eq!(before[0], after[0]);
    assert_ne!(before[1], after[1]);

    wider.stages[0].rate *= 0.5;
    let refused = run.rewind(1, wider.check(&data).unwrap()).unwrap_err();
    assert!(matches!(refused, RewindError::ChangedBefore { stage: 1 }), "{refused}");
    let other = presets::find("vectors/matrix").unwrap().check(&data).unwrap();
    assert!(matches!(run.rewind(9, other).unwrap_err(), RewindError::NoStage { found: 9, .. }));

    let mut begun = block_on(start(short("vectors/matrix"), DeviceKind::Cpu));
    let plan = begun.plan().clone();
    assert!(matches!(begun.rewind(1, plan).unwrap_err(), RewindError::NotReached { .. }));
}

/// Some nodes of Citeseer have no label: they can be looked at, but say nothing of `I(T;Y)`.
#[test]
fn a_sample_without_a_label_is_looked_at_as_any_other() {
    let plan = short("community/bp");
    let mut data = Dataset::clone(&dataset("community"));
    let splits = data.splits.clone();
    let used = [splits.train, splits.valid, splits.test].concat();
    let free = (0..data.labels.len() as u32).find(|sample| !used.contains(sample));
    // Where all are in a split, the last one of the test is taken out of it.
    let free = free.unwrap_or_else(|| data.splits.test.pop().unwrap());
    data.labels[free as usize] = UNLABELLED;
    let data = Rc::new(data);
    let device = block_on(mole::device::open(DeviceKind::Cpu)).unwrap();
    let run = Run::new(plan.check(&data).unwrap(), data.clone(), &device, "cpu".into(), SEED);
    let inspector = run.inspector();
    let everyone: Vec<u32> = (0..data.labels.len() as u32).collect();
    assert_eq!(block_on(inspector.predictions(&everyone)).unwrap().len(), everyone.len());
    assert!(!block_on(inspector.activations(free)).unwrap().is_empty());
    let (width, rows) = block_on(inspector.outputs(None, &[free])).unwrap();
    assert_eq!(rows.len(), width);
    let error = block_on(inspector.information(&[data.splits.train[0], free])).unwrap_err();
    assert!(matches!(error, InspectError::NoLabel { found } if found == free), "{error}");
}
