//! Plans as JSON, as they come in files, in links and from pages.

use super::{Collection, NOT_UTF8, Read, STRANGERS, utf16};
use crate::readers::plan::dataset;
use mole::data::source;
use mole::plan::{Plan, presets};
use serde_json::{Value, json};

/// Read, and held against a small data set of its kind.
const READ: Read = |bytes| {
    let plan = Plan::from_json(bytes)?;
    match dataset(&plan.dataset) {
        Some(dataset) => Ok(plan.check(dataset).map(drop)?),
        None => Ok(source(&plan.dataset).map(drop)?),
    }
};

/// Between them of every layer and estimator.
const SOUND: [&str; 8] = [
    "vectors/matrix",
    "vectors/mine",
    "vectors/infonce",
    "glyphs/dim+mine",
    "community/gmi+mine",
    "community/dgi+mine",
    "molecules/matrix",
    "molecules/bp",
];

pub fn add(bad: &mut Collection) {
    for name in SOUND {
        let sound = serde_json::to_value(small(name)).unwrap();
        let text = sound.to_string();
        if let Err(problem) = READ(text.as_bytes()) {
            panic!("{name} is not sound: {problem}");
        }
        for place in places(&sound, String::new()) {
            for (what, value) in spoilt(&place, sound.pointer(&place).unwrap()) {
                let mut plan = sound.clone();
                *plan.pointer_mut(&place).unwrap() = value;
                // The data set's name is looked up.
                let code = if place == "/dataset" && what == "nonsense" {
                    "data/unknown-name"
                } else {
                    "plan/invalid"
                };
                bad.add(READ, code, format!("plan/{name}{place} {what}"), plan.to_string());
            }
        }
    }
    let text = serde_json::to_string(&small("vectors/matrix")).unwrap();
    let mut add = |what: &str, bytes: Vec<u8>| {
        bad.add(READ, "plan/invalid", format!("plan/{what}"), bytes);
    };
    add("empty", Vec::new());
    add("null", b"null".to_vec());
    add("list", format!("[{text}]").into());
    add("twice", text.repeat(2).into());
    add("nested without end", "[".repeat(100_000).into());
    add("longer than a plan", format!("{text}{}", " ".repeat(Plan::MOST_BYTES)).into());
    add("UTF-16", utf16(&text, u16::to_le_bytes));
    add("single quotes", text.replace('"', "'").into());
    add("NaN", text.replacen("0.0", "NaN", 1).into());
    for (what, bytes) in NOT_UTF8 {
        add(what, [&b"{\"name\": \""[..], bytes, &text.as_bytes()[10..]].concat());
    }
    for (what, bytes) in STRANGERS {
        add(what, bytes.to_vec());
    }
    let cuts = (1..text.len()).step_by(text.len() / 20);
    bad.cuts(READ, "plan/invalid", "plan", text.as_bytes(), cuts);
}

/// For the few samples that the readers' tests use.
fn small(name: &str) -> Plan {
    let mut plan = presets::find(name).unwrap();
    let train = dataset(&plan.dataset).unwrap().splits.train.len();
    for stage in &mut plan.stages {
        stage.batch = stage.batch.map(|batch| batch.min(train));
    }
    plan
}

/// The pointers to all values within one.
fn places(value: &Value, at: String) -> Vec<String> {
    let inner: Vec<String> = match value {
        Value::Object(entries) => {
            entries.iter().flat_map(|(key, inner)| places(inner, format!("{at}/{key}"))).collect()
        }
        Value::Array(list) => {
            let numbered = list.iter().enumerate();
            numbered.flat_map(|(i, inner)| places(inner, format!("{at}/{i}"))).collect()
        }
        _ => Vec::new(),
    };
    [vec![at], inner].concat()
}

/// What no plan has at that place.
fn spoilt(place: &str, value: &Value) -> Vec<(&'static str, Value)> {
    let free_text = place == "/name" || place == "/description";
    let optional = ["/batch", "/clip", "/average", "/own"].iter().any(|end| place.ends_with(end));
    let mut all = Vec::new();
    if !value.is_boolean() {
        all.push(("a truth", json!(true)));
    }
    if !optional {
        all.push(("null", Value::Null));
    }
    match value {
        Value::String(_) if free_text => {}
        Value::String(_) => all.push(("nonsense", json!("nonsense"))),
        Value::Number(number) => {
            all.push(("below zero", json!(-1)));
            all.push(("words", json!("1")));
            if !number.is_f64() {
                all.push(("a half", json!(0.5)));
                all.push(("beyond counting", json!(1e300)));
            }
        }
        // Of a choice that has no numbers of its own the word alone is looked at.
        Value::Object(entries) if entries.len() == 1 && !entries.contains_key("kind") => {}
        Value::Object(entries) => {
            let mut more = entries.clone();
            more.insert("colour".into(), json!("red"));
            all.push(("one field more", more.into()));
        }
        Value::Array(_) => all.push(("an object", json!({}))),
        _ => {}
    }
    all
}
