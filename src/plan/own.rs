//! Plans for a data set that no preset was made for.

use super::{Plan, presets};
use crate::data::{Dataset, Kind};
use crate::layers::Layer;

/// The presets of a set of the same kind, for this one: its name, its classes, no batch larger than
/// its training split. Those that do not fit it (patches larger than its images) are left out.
pub fn plans(dataset: &Dataset) -> Vec<Plan> {
    let model = match dataset.samples.kind() {
        Kind::Vectors => "vectors",
        Kind::Grids => "glyphs",
        Kind::Nodes => "cora",
        Kind::Graphs => "mutagenicity",
    };
    let presets = presets::all().into_iter().filter(|plan| plan.dataset == model);
    let plans = presets.map(|plan| fitted(plan, dataset));
    plans.filter(|plan| plan.clone().check(dataset).is_ok()).collect()
}

fn fitted(mut plan: Plan, dataset: &Dataset) -> Plan {
    plan.name = plan.name.replacen(&plan.dataset, &dataset.name, 1);
    // What the network is called counts the model's units: `16-64-16-4 perceptron`.
    let scheme = plan.description.split_once(": ").map(|(_, scheme)| scheme.to_owned());
    plan.description = scheme.unwrap_or(plan.description);
    plan.dataset.clone_from(&dataset.name);
    let last = plan.modules.last_mut().and_then(|module| module.layers.last_mut());
    if let Some(Layer::Linear(linear)) = last {
        linear.width = dataset.classes.len();
    }
    let train = dataset.splits.train.len();
    // A few samples still make a few steps an epoch.
    plan.with_batches_within((train / 8).max(16).min(train))
}
