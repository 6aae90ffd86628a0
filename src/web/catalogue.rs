//! What there is to choose from, for the page.

use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::to_js;
use crate::data::{Kind, SOURCES, Source};
use crate::device::DeviceKind;
use crate::plan::{Plan, presets};

#[derive(Serialize)]
struct Catalogue {
    devices: &'static [DeviceKind],
    datasets: Vec<DatasetEntry>,
    plans: Vec<PlanEntry>,
}

#[derive(Serialize)]
struct DatasetEntry {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    kind: Kind,
    citation: &'static str,
    terms: &'static str,
    /// None: the samples are made from the seed.
    files: Vec<FileEntry>,
}

#[derive(Serialize)]
struct FileEntry {
    name: &'static str,
    bytes: u64,
    sha256: &'static str,
}

#[derive(Serialize)]
struct PlanEntry {
    name: String,
    dataset: String,
    scheme: String,
    description: String,
    plan: Plan,
}

/// Devices, data sets and plans of this build.
#[wasm_bindgen]
pub fn catalogue() -> Result<JsValue, JsValue> {
    to_js(&Catalogue {
        devices: DeviceKind::AVAILABLE,
        datasets: SOURCES.iter().map(|source| DatasetEntry::of(source)).collect(),
        plans: presets::all().into_iter().map(PlanEntry::of).collect(),
    })
}

impl DatasetEntry {
    fn of(source: &Source) -> Self {
        let Source { name, title, description, kind, citation, terms, .. } = *source;
        let files = source.files.iter().map(|file| FileEntry {
            name: file.name,
            bytes: file.size,
            sha256: file.sha256,
        });
        DatasetEntry { name, title, description, kind, citation, terms, files: files.collect() }
    }
}

impl PlanEntry {
    fn of(plan: Plan) -> Self {
        PlanEntry {
            name: plan.name.clone(),
            dataset: plan.dataset.clone(),
            // A preset is named data set/scheme.
            scheme: plan.name.split('/').next_back().unwrap_or_default().into(),
            description: plan.description.clone(),
            plan,
        }
    }
}
