//! Plans: the presets fit their data, JSON keeps them, and what cannot work is refused with its place.

#![cfg(not(target_arch = "wasm32"))]

mod common;

use mole::estimators::{InfoNce, MatrixRenyi, Normalisation};
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
fn shapes_that_do_not_fit_are_refused_with_their_place() {
    let error = refused("vectors/bp", |plan| {
        plan.modules[1].layers[0] = Conv { channels: 4, kernel: 3, padding: 1 }.into();
    });
    assert_eq!(error, "plan vectors/bp, modules[1].layers[0]: expects grids, found vectors of 64");
    let error = refused("glyphs/bp", |plan| {
        plan.modules[0].layers[0] = Conv { channels: 4, kernel: 40, padding: 1 }.into();
    });
    assert!(error.contains("modules[0].layers[0]: a kernel of 40 does not fit"), "{error}");
    let error = refused("glyphs/bp", |plan| plan.modules[0].layers[0] = Gcn { width: 4 }.into());
    assert!(error.contains("expects nodes, found grids of 1 × 16 × 16"), "{error}");
    let error =
        refused("vectors/bp", |plan| plan.modules[2].layers[0] = Linear { width: 3 }.into());
    assert!(error.contains("stages[0].objective: needs the last module to give 4"), "{error}");
    let error = refused("vectors/bp", |plan| plan.modules[0].layers.clear());
    assert!(error.contains("modules[0]: has no layers"), "{error}");
    let error =
        refused("vectors/bp", |plan| plan.modules[0].layers[0] = Linear { width: 0 }.into());
    assert!(error.contains("modules[0].layers[0]: has an output of width 0"), "{error}");
    let error = refused("vectors/bp", |plan| plan.dataset = "glyphs".into());
    assert!(error.contains("dataset: is for glyphs, given vectors"), "{error}");
}

#[test]
fn settings_that_cannot_work_are_refused_with_their_place() {
    let estimator = |order, width, samples| Objective::Information {
        target: Target::Input,
        estimator: MatrixRenyi { order, width, samples, normalisation: Normalisation::None }.into(),
    };
    type Change = Box<dyn Fn(&mut Plan)>;
    let cases: Vec<(Change, &str)> = vec![
        (Box::new(|plan| plan.stages[0].epochs = 0), "stages[0].epochs: must be at least 1"),
        (
            Box::new(|plan| plan.stages[0].rate = f64::NAN),
            "stages[0].rate: must be a number above 0",
        ),
        (Box::new(|plan| plan.stages[1].weight_decay = -1.0), "stages[1].weight_decay: must be 0"),
        (Box::new(|plan| plan.stages[1].batch = Some(1)), "stages[1].batch: must be from 2 to"),
        (
            Box::new(|plan| plan.stages[1].batch = Some(1 << 40)),
            "stages[1].batch: must be from 2 to",
        ),
        (Box::new(|plan| plan.stages[0].modules = 1..1), "stages[0].modules: must name some"),
        (Box::new(|plan| plan.stages[0].modules = 0..9), "stages[0].modules: must name some"),
        (Box::new(|plan| plan.stages.swap(0, 1)), "stages[1].modules: must name some"),
        (Box::new(|plan| plan.stages.truncate(2)), "stages: must end with cross-entropy"),
        (Box::new(|plan| plan.stages.clear()), "stages: must end with cross-entropy"),
        (Box::new(move |plan| plan.stages[0].objective = estimator(0.0, 1.0, 9)), "order must be"),
        (Box::new(move |plan| plan.stages[0].objective = estimator(2.0, -1.0, 9)), "width must be"),
        (
            Box::new(move |plan| plan.stages[0].objective = estimator(2.0, 1.0, 1)),
            "samples must be",
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
    assert!(error.contains("stages[0].objective.estimator: needs images"), "{error}");
    let error = swapped("glyphs/mine", "glyphs/dim+mine", 2, 0);
    assert!(error.contains("stages[2].objective.estimator: compares grids"), "{error}");
    let error = swapped("vectors/mine", "community/gmi+mine", 1, 0);
    assert!(error.contains("stages[1].objective.estimator: compares nodes"), "{error}");
    let error = swapped("vectors/infonce", "community/dgi+mine", 0, 0);
    assert!(error.contains("stages[0].objective.estimator: compares nodes"), "{error}");
    let infonce = |temperature, units, samples| Objective::Information {
        target: Target::Label,
        estimator: InfoNce { temperature, symmetric: true, units, hidden: 8, samples }.into(),
    };
    for (objective, part) in [
        (infonce(0.0, 8, 9), "temperature must be above 0, found 0"),
        (infonce(f64::NAN, 8, 9), "temperature must be above 0, found NaN"),
        (infonce(1.0, 0, 9), "units and hidden must be above 0"),
        (infonce(1.0, 8, 1), "samples must be at least 2, found 1"),
    ] {
        let error = refused("vectors/infonce", |plan| plan.stages[0].objective = objective);
        assert!(error.contains(part), "{error}");
    }
    let error = refused("community/bp", |plan| plan.stages[0].batch = Some(10));
    assert!(error.contains("stages[0].batch: must be null: one graph is one batch"), "{error}");
    let error = refused("molecules/matrix", |plan| {
        plan.stages[1].objective = plan.stages[2].objective.clone();
    });
    assert!(error.contains("but the labels are those of graphs"), "{error}");
    let error = refused("molecules/matrix", |plan| {
        plan.stages[2].objective = plan.stages[1].objective.clone();
    });
    assert!(error.contains("take it before the readout"), "{error}");
}
