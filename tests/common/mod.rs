//! What several tests share: plans small enough for a test, and running them.

// Each test uses its own part of this.
#![allow(dead_code)]

use mole::data::{self, Dataset, Files};
use mole::device::DeviceKind;
use mole::plan::{Plan, ValidPlan, presets};
use mole::rng::Seed;
use mole::run::{Event, Measurement, Run};
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

/// Holds two ways to compute the same training against each other, and says in a table's row how far they
/// agree and where they have got to. The first steps agree to the last digits. Later, two trajectories
/// of a critic and a module that chase each other part like any other chaotic pair, and what agrees is
/// the level that they have come to: the mean of the last ten objectives of a hundred, within a tenth.
pub fn assert_agreement(plan: &str, ways: [&str; 2], one: &[f64], other: &[f64]) -> String {
    /// Begins at an information of 0 to six digits and leaves it by what rounding leaves there: when it does,
    /// and so how far it has come after a hundred steps, is as much a matter of chance as of the seed.
    const BY_CHANCE: [&str; 2] = ["cora/mine", "citeseer/mine"];
    let part = |objectives: &[f64]| Measurement {
        objectives: objectives.to_vec(),
        ..Measurement::default()
    };
    let mean = |objectives: &[f64]| objectives.iter().sum::<f64>() / objectives.len() as f64;
    let first = part(&one[..4]).difference(&part(&other[..4]));
    assert!(first < 1e-3, "{plan}: the first steps differ by {first}");
    if one.len() < 100 {
        return format!("| `{plan}` | {} | {first:.0e} | |", ways.join(", "));
    }
    let levels = [one, other].map(|objectives| mean(&objectives[90..100]));
    let last = part(&levels[..1]).difference(&part(&levels[1..]));
    assert!(
        last < 0.1 || BY_CHANCE.contains(&plan),
        "{plan}: after a hundred steps objectives differ by {last}"
    );
    format!("| `{plan}` | {} | {first:.0e} | {last:.0e} | {levels:?}", ways.join(", "))
}
