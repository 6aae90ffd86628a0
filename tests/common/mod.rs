//! What several tests share: plans small enough for a test, and running them.

// Each test uses its own part of this.
#![allow(dead_code)]

use mole::data::{self, Dataset, Files};
use mole::device::DeviceKind;
use mole::plan::{Plan, ValidPlan, presets};
use mole::rng::Seed;
use mole::run::{Event, Run};
use std::rc::Rc;
use std::time::Duration;

pub const SEED: Seed = Seed(7);

/// A synthetic data set of every kind.
pub const SYNTHETIC: [&str; 4] = ["vectors", "glyphs", "community", "molecules"];

/// The presets for those, by name.
pub fn synthetic_plans() -> Vec<String> {
    let plans = presets::all().into_iter();
    plans.filter(|plan| SYNTHETIC.contains(&plan.dataset.as_str())).map(|plan| plan.name).collect()
}

pub fn dataset(name: &str) -> Rc<Dataset> {
    let source = data::source(name).unwrap();
    Rc::new(source.load(&Files::default(), SEED).unwrap().with_at_most(256, SEED))
}

/// The preset with every stage cut to one epoch.
pub fn short(name: &str) -> Plan {
    let mut plan = presets::find(name).unwrap();
    plan.stages.iter_mut().for_each(|stage| stage.epochs = 1);
    plan
}

pub fn valid(plan: Plan) -> (ValidPlan, Rc<Dataset>) {
    let dataset = dataset(&plan.dataset);
    (plan.check(&dataset).unwrap(), dataset)
}

/// A run of a plan on a device, at its start.
pub async fn start(plan: Plan, kind: DeviceKind) -> Run {
    let (plan, dataset) = valid(plan);
    let device = mole::device::open(kind).await.unwrap();
    Run::new(plan, dataset, &device, kind.to_string(), SEED)
}

/// All events of a run.
pub async fn finish(run: &mut Run) -> Vec<Event> {
    let mut events = Vec::new();
    while !run.is_done() {
        events.extend(run.advance(Duration::from_millis(50)).await.unwrap());
    }
    events
}

/// The objectives of a run's steps.
pub fn objectives(events: &[Event]) -> Vec<f64> {
    let objective = |event: &Event| match event {
        Event::Step { objective, .. } => Some(*objective),
        _ => None,
    };
    events.iter().filter_map(objective).collect()
}
