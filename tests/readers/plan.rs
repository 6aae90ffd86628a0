//! A plan as JSON, as it comes in a file, in a link or from someone else's page: read, checked against a
//! small data set, and built where it passes.

use super::Target;
use mole::data::{self, Dataset, Files};
use mole::device::{DeviceKind, open};
use mole::network::Network;
use mole::plan::{Plan, ValidPlan, presets};
use mole::rng::Seed;
use mole::stage::Stage;
use std::collections::BTreeMap;
use std::task::{Context, Poll, Waker};

pub const TARGET: Target = Target {
    name: "plan",
    read: |input| drop(Plan::from_json(input)),
    // A count is two characters in a list.
    memory: |length| (1 << 20) + 64 * length,
    check,
    seeds,
    tokens: &[
        b"0",
        b"-1",
        b"1e308",
        b"4097",
        b"4294967296",
        b"18446744073709551615",
        b"null",
        b"true",
        b"[]",
        b"{}",
        b"\"\"",
        b"\"kind\":",
        b"\"width\":4096",
        b"\"hidden\":[4096,4096]",
        b"\"batch\":null",
        b"\"cross-entropy\"",
        b"\\u0000",
    ],
};

/// Of every kind of sample, with few of them.
pub fn dataset(name: &str) -> Option<&'static Dataset> {
    thread_local! {
        static SETS: &'static BTreeMap<&'static str, Dataset> = Box::leak(Box::new(
            ["vectors", "glyphs", "community", "molecules"]
                .map(|name| {
                    let whole = data::source(name).unwrap().load(&Files::default(), Seed(0));
                    (name, whole.unwrap().with_at_most(32, Seed(0)))
                })
                .into(),
        ));
    }
    SETS.with(|sets| sets.get(name))
}

fn check(input: &[u8]) {
    let plan = match Plan::from_json(input) {
        Ok(plan) => plan,
        Err(error) => return assert_is_said(&error.into()),
    };
    // What is written of it is read again. JSON may take a last bit of a number.
    let text = serde_json::to_string(&plan).unwrap();
    let again = Plan::from_json(text.as_bytes());
    assert_eq!(again.map(|plan| plan.stages.len()), Ok(plan.stages.len()), "{text}");
    let Some(dataset) = dataset(&plan.dataset) else { return };
    match plan.check(dataset) {
        Ok(plan) => build(&plan, dataset),
        Err(error) => assert_is_said(&error.into()),
    }
}

/// Short enough to be read, and nothing in it that a terminal or a page would take for more than text.
pub fn assert_is_said(problem: &mole::error::Problem) {
    let message = &problem.message;
    assert!(message.chars().count() <= 500 && !message.chars().any(char::is_control), "{message}");
    assert!(!problem.text.is_empty(), "{}", problem.code);
}

/// What passes the check can be built: the network, and every stage. Only small ones are, since what the
/// bounds allow fills a page's memory.
pub fn build(plan: &ValidPlan, dataset: &Dataset) {
    let wide = |n: &serde_json::Value| n.as_u64().is_some_and(|n| n > 512);
    let json = serde_json::to_value(&**plan).unwrap();
    if numbers(&json["modules"]).any(wide) || numbers(&json["stages"]).any(wide) {
        return;
    }
    let device = ready(open(DeviceKind::Cpu)).unwrap();
    let network = Network::new(plan, Seed(0), &device);
    assert_eq!(network.modules.len(), plan.modules.len());
    for stage in 0..plan.stages.len() {
        drop(Stage::new(plan, stage, dataset.splits.train.len(), Seed(0), &device));
    }
}

/// Of something that waits for nothing.
pub fn ready<T>(future: impl Future<Output = T>) -> T {
    match std::pin::pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("the CPU is never waited for"),
    }
}

fn numbers(value: &serde_json::Value) -> Box<dyn Iterator<Item = &serde_json::Value> + '_> {
    match value {
        serde_json::Value::Array(list) => Box::new(list.iter().flat_map(numbers)),
        serde_json::Value::Object(entries) => Box::new(entries.values().flat_map(numbers)),
        number => Box::new(std::iter::once(number)),
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let presets = presets::all().into_iter().filter(|plan| dataset(&plan.dataset).is_some());
    presets.map(|plan| serde_json::to_vec(&plan).unwrap()).collect()
}
