//! Plans: the presets fit their data, JSON keeps them, and what cannot work is refused with its place.

#![cfg(not(target_arch = "wasm32"))]

mod common;

use mole::data::{Dataset, Samples};
use mole::estimators::{Bound, Dim, InfoNce, LocalForm, MatrixRenyi, Normalisation};
use mole::layers::{Conv, Gcn, Linear};
use mole::plan::{Objective, Plan, Target, presets};

/// The error of a preset after a change.
fn refused(name: &str, change: impl FnOnce(&mut Plan)) -> String {
    let mut plan = presets::find(name).unwrap();
    let dataset = common::dataset(&plan.dataset);
    change(&mut plan);
    plan.check(&dataset).unwrap_err().to_string()
}

#[test]
fn synthetic_presets_pass_and_names_are_distinct() {
    let plans = presets::all();
    let mut names: Vec<_> = plans.iter().map(|plan| plan.name.clone()).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), plans.len());
    for name in common::synthetic_plans() {
        common::valid(presets::find(&name).unwrap());
    }
}

#[test]
fn a_plan_survives_json() {
    for plan in presets::all() {
        let text = serde_json::to_string(&plan).unwrap();
        assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), plan);
    }
    let error = serde_json::from_str::<Plan>(r#"{ "name": "x", "colour": "red" }"#).unwrap_err();
    assert!(error.to_string().contains("unknown field `colour`"), "{error}");
}

#[test]
fn a_choice_without_numbers_of_its_own_takes_none() {
    let unknown = |error: serde_json::Error| {
        assert!(error.to_string().contains("unknown field `average`"), "{error}");
    };
    for form in ["nwj", "jensen-shannon"] {
        let text = format!(r#"{{ "form": "{form}", "average": 0.1 }}"#);
        unknown(serde_json::from_str::<Bound>(&text).unwrap_err());
    }
    for name in ["jensen-shannon", "donsker-varadhan"] {
        let text = format!(r#"{{ "name": "{name}", "average": 0.1 }}"#);
        unknown(serde_json::from_str::<LocalForm>(&text).unwrap_err());
    }
}

#[test]
fn a_data_set_that_was_made_by_hand_and_does_not_hold_together_is_refused() {
    let sound = common::dataset("vectors");
    let refusal = |change: fn(&mut Dataset)| {
        let mut dataset = Dataset::clone(&sound);
        change(&mut dataset);
        presets::find("vectors/bp").unwrap().check(&dataset).unwrap_err().to_string()
    };
    let error = refusal(|dataset| dataset.labels[3] = 7);
    assert!(error.contains("dataset, label 3: expected below 4, found 7"), "{error}");
    let error = refusal(|dataset| dataset.splits.test.push(1 << 20));
    assert!(error.contains("dataset, test split: expected an index of a sample"), "{error}");
    let error = refusal(|dataset| {
        let Samples::Vectors(vectors) = &mut dataset.samples else { panic!("not vectors") };
        vectors.values.pop();
    });
    assert!(error.contains("dataset, features: expected rows of"), "{error}");
}

#[test]
fn the_constant_of_the_image_itself_has_bounds() {
    for own in [500.0, 1e300, -1e3, f64::NAN] {
        let error = refused("glyphs/dim+mine", |plan| {
            let form = LocalForm::InfoNce { own: Some(own) };
            let estimator = Dim { form, patch: 4, stride: 2, ..Dim::default() }.into();
            plan.stages[0].objective = Objective::Information { target: Target::Input, estimator };
        });
        assert!(error.contains("for the image itself from -80 to 0"), "{error}");
    }
}

#[test]
fn shapes_that_do_not_fit_are_refused_with_their_place() {
    let error = refused("vectors/bp", |plan| {
        plan.modules[1].layers[0] = Conv { channels: 4, kernel: 3, padding: 1 }.into();
    });
    assert_eq!(error, "plan vectors/bp, modules[1].layers[0]: expected grids, found vectors of 64");
    let error = refused("glyphs/bp", |plan| {
        plan.modules[0].layers[0] = Conv { channels: 4, kernel: 40, padding: 1 }.into();
    });
    assert!(error.contains("modules[0].layers[0]: expected a kernel that fits into"), "{error}");
    let error = refused("glyphs/bp", |plan| plan.modules[0].layers[0] = Gcn { width: 4 }.into());
    assert!(error.contains("expected nodes, found grids of 1 × 16 × 16"), "{error}");
    let error =
        refused("vectors/bp", |plan| plan.modules[2].layers[0] = Linear { width: 3 }.into());
    assert!(error.contains("stages[0].objective: expected 4 class scores"), "{error}");
    let error = refused("vectors/bp", |plan| plan.modules[0].layers.clear());
    assert!(error.contains("modules[0]: expected a layer"), "{error}");
    let error =
        refused("vectors/bp", |plan| plan.modules[0].layers[0] = Linear { width: 0 }.into());
    assert!(
        error.contains("modules[0].layers[0].width: expected from 1 to 4096, found 0"),
        "{error}"
    );
    let error = refused("vectors/bp", |plan| plan.dataset = "glyphs".into());
    assert!(error.contains("dataset: expected glyphs, found vectors"), "{error}");
}

#[test]
fn settings_that_cannot_work_are_refused_with_their_place() {
    let estimator = |order, width, samples| Objective::Information {
        target: Target::Input,
        estimator: MatrixRenyi { order, width, samples, normalisation: Normalisation::None }.into(),
    };
    type Change = Box<dyn Fn(&mut Plan)>;
    let cases: Vec<(Change, &str)> = vec![
        (Box::new(|plan| plan.stages[0].epochs = 0), "stages[0].epochs: expected from 1 to"),
        (
            Box::new(|plan| plan.stages[0].rate = f64::NAN),
            "stages[0].rate: expected above 0, found NaN",
        ),
        (
            Box::new(|plan| plan.stages[1].weight_decay = -1.0),
            "stages[1].weight_decay: expected at least 0, found -1",
        ),
        (
            Box::new(|plan| plan.stages[1].batch = Some(1)),
            "stages[1].batch: expected at least 2, found 1",
        ),
        (
            Box::new(|plan| plan.stages[1].batch = Some(1 << 40)),
            "stages[1].batch: expected from 2 to",
        ),
        (
            Box::new(|plan| plan.stages[0].modules = 1..1),
            "stages[0].modules: expected some of the modules",
        ),
        (
            Box::new(|plan| plan.stages[0].modules = 0..9),
            "stages[0].modules: expected some of the modules",
        ),
        (
            Box::new(|plan| plan.stages.swap(0, 1)),
            "stages[1].modules: expected some of the modules",
        ),
        (
            Box::new(|plan| plan.stages.truncate(2)),
            "stages: expected cross-entropy on the last module",
        ),
        (Box::new(|plan| plan.stages.clear()), "stages: expected cross-entropy on the last module"),
        (
            Box::new(move |plan| plan.stages[0].objective = estimator(0.0, 1.0, 9)),
            "stages[0].objective.estimator.order: expected above 0, found 0",
        ),
        (
            Box::new(move |plan| plan.stages[0].objective = estimator(2.0, -1.0, 9)),
            "estimator.width: expected above 0, found -1",
        ),
        (
            Box::new(move |plan| plan.stages[0].objective = estimator(2.0, 1.0, 1)),
            "estimator.samples: expected from 2 to 4096, found 1",
        ),
    ];
    for (change, expected) in cases {
        let error = refused("vectors/matrix", |plan| change(plan));
        assert!(error.contains(expected), "{error}");
    }
    let swapped = |name: &str, other: &str, stage: usize, from: usize| {
        let other = presets::find(other).unwrap().stages[from].objective.clone();
        refused(name, |plan| plan.stages[stage].objective = other)
    };
    let error = swapped("vectors/mine", "glyphs/dim+mine", 0, 0);
    assert!(error.contains("stages[0].objective.estimator: expected images"), "{error}");
    let error = swapped("glyphs/mine", "glyphs/dim+mine", 2, 0);
    assert!(
        error.contains("stages[2].objective.estimator: expected grids, and the input"),
        "{error}"
    );
    let error = swapped("vectors/mine", "community/gmi+mine", 1, 0);
    assert!(
        error.contains("stages[1].objective.estimator: expected nodes, and the input"),
        "{error}"
    );
    let error = swapped("vectors/infonce", "community/dgi+mine", 0, 0);
    assert!(
        error.contains("stages[0].objective.estimator: expected nodes, and the input"),
        "{error}"
    );
    let infonce = |temperature, units, samples| Objective::Information {
        target: Target::Label,
        estimator: InfoNce { temperature, symmetric: true, units, hidden: 8, samples }.into(),
    };
    for (objective, part) in [
        (infonce(0.0, 8, 9), "estimator.temperature: expected above 0, found 0"),
        (infonce(f64::NAN, 8, 9), "estimator.temperature: expected above 0, found NaN"),
        (infonce(1.0, 0, 9), "estimator.units: expected from 1 to 4096, found 0"),
        (infonce(1.0, 8, 1), "estimator.samples: expected from 2 to 4096, found 1"),
    ] {
        let error = refused("vectors/infonce", |plan| plan.stages[0].objective = objective);
        assert!(error.contains(part), "{error}");
    }
    let error = refused("community/bp", |plan| plan.stages[0].batch = Some(10));
    assert!(error.contains("stages[0].batch: expected null: one graph is one batch"), "{error}");
    let error = refused("molecules/matrix", |plan| {
        plan.stages[1].objective = plan.stages[2].objective.clone();
    });
    assert!(error.contains("expected a row for each graph"), "{error}");
    let error = refused("molecules/matrix", |plan| {
        plan.stages[2].objective = plan.stages[1].objective.clone();
    });
    assert!(error.contains("take it before the readout"), "{error}");
}

#[test]
fn what_no_memory_holds_is_refused_before_it_is_asked_for() {
    let wide = |width| move |plan: &mut Plan| plan.modules[0].layers[0] = Linear { width }.into();
    let error = refused("vectors/bp", wide(1 << 40));
    assert!(error.contains("modules[0].layers[0].width: expected from 1 to 4096"), "{error}");
    let many = |plan: &mut Plan| {
        let wide = || Linear { width: 4096 }.into();
        plan.modules[0].layers = vec![wide(), wide(), wide(), wide()];
    };
    let error = refused("vectors/bp", many);
    assert!(error.contains("layers[2]: expected at most 33554432 weights"), "{error}");
    let error = refused("glyphs/bp", |plan| {
        plan.modules[0].layers[0] = Conv { channels: 4096, kernel: 3, padding: 4096 }.into();
    });
    assert!(error.contains("modules[0].layers[0]: expected at most 134217728 numbers"), "{error}");
    let error = refused("vectors/mine", |plan| {
        let critic = mole::estimators::critic::Critic {
            hidden: vec![4096; 4],
            activation: mole::estimators::critic::Activation::Relu,
        };
        let mine = mole::estimators::Mine { critic, ..Default::default() };
        plan.stages[0].objective =
            Objective::Information { target: Target::Input, estimator: mine.into() };
    });
    assert!(error.contains("objective.estimator: expected at most 33554432 weights"), "{error}");
    let mut plan = presets::find("glyphs/dim+mine").unwrap();
    plan.stages[0].batch = None;
    let source = mole::data::source("glyphs").unwrap();
    let glyphs = source.load(&Default::default(), common::SEED).unwrap();
    let error = plan.check(&glyphs).unwrap_err().to_string();
    assert!(error.contains("objective.estimator: expected at most 134217728 scores"), "{error}");
}

#[test]
fn a_stage_without_anything_to_train_is_refused() {
    let error = refused("vectors/matrix", |plan| {
        plan.modules[1].layers.remove(0);
        plan.modules[2].layers.insert(0, Linear { width: 8 }.into());
    });
    assert!(error.contains("stages[1].modules: expected a layer that has weights"), "{error}");
}

#[test]
fn one_vector_of_a_whole_graph_is_refused() {
    let error = refused("community/bp", |plan| {
        plan.modules[1].layers.push(mole::layers::Readout {}.into());
    });
    assert!(error.contains("expected nodes, which are the samples"), "{error}");
}

#[test]
fn a_data_set_without_training_samples_is_refused() {
    let refusal = |samples| {
        let dataset = Dataset::clone(&common::dataset("vectors"));
        let mut plan = presets::find("vectors/bp").unwrap();
        plan.stages[0].batch = None;
        let refused = plan.check(&dataset.with_at_most(samples, mole::rng::Seed(1)));
        refused.unwrap_err().to_string()
    };
    let error = refusal(0);
    assert!(error.contains("train split: expected at least one sample, found 0"), "{error}");
    let error = refusal(1);
    assert!(error.contains("stages[0]: expected 2 training samples"), "{error}");
}
