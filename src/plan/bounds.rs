//! What a plan may ask for: every number within the bounds that its field states, and no more memory
//! than a browser's page has. Looked at before anything is multiplied or allocated.

use ciborium::Value;
use serde::Serialize;

use super::{FIELDS, Field};
use crate::data::{Dataset, Samples};
use crate::parameters::ParameterSpec;
use crate::representation::{Misfit, Shape};

/// Numbers in the parameters of a network, and in those of an estimator. Training holds four of each:
/// the parameter, its gradient, and Adam's two moments.
pub const MOST_PARAMETERS: f64 = (1u32 << 25) as f64;

/// Numbers in a layer's output for one batch, and in what an estimator makes of it.
pub const MOST_NUMBERS: f64 = (1u32 << 27) as f64;

/// Steps of a stage.
pub const MOST_STEPS: usize = 1 << 31;

/// Holds every number of a part of a plan against its field in `group`, the first word of its path.
///
/// # Errors
/// The first that lies outside: where it stands within the part (`.critic.hidden[1]`), and why.
pub(super) fn check(part: &impl Serialize, group: &str) -> Result<(), (String, Misfit)> {
    // Not JSON, which has no NaN. Plain data with names for keys always has this form.
    let value = Value::serialized(part).unwrap_or(Value::Null);
    within(&value, group, None, String::new())
}

fn within(
    value: &Value,
    group: &str,
    field: Option<&Field>,
    place: String,
) -> Result<(), (String, Misfit)> {
    let number = |number: f64| match field.and_then(|field| field.refusal(number)) {
        Some(misfit) => Err((place.clone(), misfit)),
        None => Ok(()),
    };
    match value {
        Value::Map(entries) => entries.iter().try_for_each(|(key, inner)| {
            let name = key.as_text().unwrap_or_default();
            let path = format!("{group}.{name}");
            let own = FIELDS.iter().find(|field| field.path == path);
            within(inner, group, own, format!("{place}.{name}"))
        }),
        Value::Array(list) => list
            .iter()
            .enumerate()
            .try_for_each(|(i, inner)| within(inner, group, field, format!("{place}[{i}]"))),
        Value::Integer(whole) => number(i128::from(*whole) as f64),
        Value::Float(value) => number(*value),
        _ => Ok(()),
    }
}

/// As [`Shape::size`], without wrapping around.
pub(super) fn size(shape: &Shape) -> f64 {
    match *shape {
        Shape::Vector { width } | Shape::Nodes { width } => width as f64,
        Shape::Grid { channels, height, width } => channels as f64 * height as f64 * width as f64,
    }
}

/// Numbers in all of the parameters.
pub(super) fn parameters(specs: &[ParameterSpec]) -> f64 {
    let numbers =
        |spec: &ParameterSpec| spec.shape.iter().map(|side| *side as f64).product::<f64>();
    specs.iter().map(numbers).sum()
}

/// About how many rows an output of that shape has for so many samples.
pub(super) fn rows(dataset: &Dataset, shape: &Shape, samples: usize) -> f64 {
    match (&dataset.samples, shape) {
        (Samples::Nodes(_), _) => dataset.labels.len() as f64,
        (Samples::Graphs(graphs), Shape::Nodes { .. }) => {
            let share = samples as f64 / dataset.labels.len().max(1) as f64;
            (graphs.node_labels.len() as f64 * share).ceil()
        }
        _ => samples as f64,
    }
}
