//! What a plan's fields say of their bounds is what the checks enforce: a form that keeps to them is
//! never refused for a number, and one that does not always is.

#![cfg(not(target_arch = "wasm32"))]

mod common;

use mole::data::Dataset;
use mole::estimators::{Bound, Estimator, Mine, Target};
use mole::layers::Layer;
use mole::plan::{FIELDS, Field, Objective, Plan, StagePlan, presets};
use serde_json::{Value, json};
use std::rc::Rc;

/// The last values inside the bounds and the first ones outside.
fn edges(field: &Field) -> (Vec<Value>, Vec<Value>) {
    let number = |value: f64| match field.whole {
        true => json!(value as i64),
        false => json!(value),
    };
    let (mut inside, mut outside) = (Vec::new(), Vec::new());
    if let Some(min) = field.min {
        let step = if field.whole { 1.0 } else { 1e-9 };
        inside.push(number(if field.above { min + 1e-9 } else { min }));
        outside.push(number(if field.above { min } else { min - step }));
    }
    if let Some(max) = field.max {
        let step = if field.whole { 1.0 } else { 1e-9 * max };
        inside.push(number(max));
        outside.push(number(max + step));
    }
    if field.whole {
        outside.push(json!(field.min.unwrap_or(0.0) + 1.5));
    }
    inside.extend(field.choices.iter().map(|choice| {
        let numbers = choice.numbers.iter().map(|(name, number)| (name.to_string(), json!(number)));
        match field.tag {
            Some(tag) => numbers.chain([(tag.to_owned(), json!(choice.value))]).collect(),
            None => json!(choice.value),
        }
    }));
    if !field.choices.is_empty() {
        outside.push(json!("something else"));
    }
    (inside, outside)
}

/// Where in an estimator a field stands: pointers to values whose last name is `name`, or with `whole`
/// to objects of that name.
fn places(value: &Value, name: &str, whole: bool, within: bool, at: String) -> Vec<String> {
    match value {
        Value::Object(_) if whole && within => vec![at],
        Value::Object(entries) => entries
            .iter()
            .flat_map(|(key, inner)| places(inner, name, whole, key == name, format!("{at}/{key}")))
            .collect(),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .flat_map(|(i, inner)| places(inner, name, whole, within, format!("{at}/{i}")))
            .collect(),
        _ if within && !whole => vec![at],
        _ => Vec::new(),
    }
}

/// Plans that between them have a place for every estimator: their first stage.
fn hosts() -> Vec<(Plan, Rc<Dataset>)> {
    let plans = ["glyphs/random", "community/random"].map(|name| {
        let mut plan = presets::find(name).unwrap();
        let first = StagePlan { modules: 0..1, ..plan.stages[0].clone() };
        plan.stages.insert(0, first);
        let dataset = common::dataset(&plan.dataset);
        (plan, dataset)
    });
    plans.into()
}

/// Whether an estimator of that form can be part of a plan for which its default can.
fn accepted(hosts: &[(Plan, Rc<Dataset>)], form: &Value) -> bool {
    let Ok(estimator) = serde_json::from_value::<Estimator>(form.clone()) else { return false };
    hosts.iter().any(|(plan, dataset)| {
        let (mut plan, estimator) = (plan.clone(), estimator.clone());
        plan.stages[0].objective = Objective::Information { target: Target::Input, estimator };
        plan.check(dataset).is_ok()
    })
}

#[test]
fn layers_refuse_what_lies_out_of_bounds() {
    let mut tried = 0;
    for layer in Layer::defaults() {
        let form = serde_json::to_value(&layer).unwrap();
        for field in FIELDS {
            let Some(name) = field.path.strip_prefix("layers.") else { continue };
            if form.get(name).is_none() {
                continue;
            }
            for value in edges(field).1 {
                let mut form = form.clone();
                form[name] = value.clone();
                let Ok(layer) = serde_json::from_value::<Layer>(form) else {
                    tried += 1;
                    continue;
                };
                // Where it stands alone it is refused for its number, if for nothing else.
                for name in ["vectors/bp", "glyphs/bp", "community/bp", "molecules/bp"] {
                    let mut plan = presets::find(name).unwrap();
                    plan.modules[0].layers = vec![layer.clone()];
                    let dataset = common::dataset(&plan.dataset);
                    let error = plan.check(&dataset).unwrap_err();
                    assert!(error.place.starts_with("modules[0].layers[0]."), "{error}");
                    tried += 1;
                }
            }
        }
    }
    assert!(tried > 20, "{tried} values");
}

#[test]
fn estimators_accept_what_lies_in_bounds_and_refuse_what_does_not() {
    let mut estimators = Estimator::defaults();
    estimators.push(Mine { bound: Bound::Smile { tau: 5.0 }, ..Mine::default() }.into());
    let (hosts, mut tried) = (hosts(), 0);
    for estimator in estimators {
        let form = serde_json::to_value(&estimator).unwrap();
        assert!(accepted(&hosts, &form), "{form}");
        for field in FIELDS {
            let Some(name) = field.path.strip_prefix("estimator.") else { continue };
            let (inside, outside) = edges(field);
            for place in places(&form, name, field.tag.is_some(), false, String::new()) {
                let with = |value: &Value| {
                    let mut form = form.clone();
                    *form.pointer_mut(&place).unwrap() = value.clone();
                    form
                };
                for value in &inside {
                    assert!(accepted(&hosts, &with(value)), "{place} = {value}: {form}");
                }
                for value in &outside {
                    assert!(!accepted(&hosts, &with(value)), "{place} = {value}: {form}");
                }
                tried += inside.len() + outside.len();
            }
        }
    }
    assert!(tried > 40, "{tried} values");
}

#[test]
fn stages_accept_what_lies_in_bounds_and_refuse_what_does_not() {
    let plan = presets::find("vectors/matrix").unwrap();
    let dataset = common::dataset(&plan.dataset);
    let accepted = |name: &str, value: &Value| {
        let mut plan = serde_json::to_value(&plan).unwrap();
        plan["stages"][0][name] = value.clone();
        serde_json::from_value::<Plan>(plan).is_ok_and(|plan| plan.check(&dataset).is_ok())
    };
    for name in ["epochs", "batch", "rate", "weight_decay", "clip"] {
        let path = format!("stages.{name}");
        let field = FIELDS.iter().find(|field| field.path == path).unwrap();
        let (inside, outside) = edges(field);
        assert!(inside.iter().all(|value| accepted(name, value)), "{name}: {inside:?}");
        assert!(!outside.iter().any(|value| accepted(name, value)), "{name}: {outside:?}");
    }
}
