//! What there is to choose from, for the page.

use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::session::read_files;
use super::{from_js, thrown, to_js};
use crate::data::own::{self, Outline, OwnData, Preview};
use crate::data::{Kind, SOURCES, Source};
use crate::device::DeviceKind;
use crate::error::Problem;
use crate::estimators::{About, Estimator};
use crate::plan::{self, FIELDS, Field, Plan, presets};
use crate::rng::Seed;

#[derive(Serialize)]
struct Catalogue {
    devices: &'static [DeviceKind],
    datasets: Vec<DatasetEntry>,
    plans: Vec<PlanEntry>,
    estimators: Vec<EstimatorEntry>,
    fields: &'static [Field],
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
struct EstimatorEntry {
    #[serde(flatten)]
    about: About,
    /// As it stands in a plan, at its defaults.
    example: Estimator,
}

#[derive(Serialize)]
struct OwnEntry {
    #[serde(flatten)]
    preview: Preview,
    plans: Vec<PlanEntry>,
}

#[derive(Serialize)]
struct RefusedEntry {
    #[serde(flatten)]
    outline: Outline,
    problem: Problem,
}

#[derive(Serialize)]
struct PlanEntry {
    name: String,
    dataset: String,
    scheme: String,
    description: String,
    plan: Plan,
}

/// A look at files of the visitor's own, read as `data` says or, without it, as they seem to be; with
/// the plans that fit. A table that cannot be used so is told with what there is to choose from in it.
#[wasm_bindgen(unchecked_return_type = "OwnPreview | OwnRefusal")]
pub fn preview(
    #[wasm_bindgen(unchecked_param_type = "Files")] files: JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "OwnData")] data: JsValue,
) -> Result<JsValue, JsValue> {
    let files = read_files(&files)?;
    let data: Option<OwnData> = match data.is_undefined() || data.is_null() {
        true => None,
        false => Some(from_js(&data)?),
    };
    match own::preview(&files, data.clone(), Seed(0)) {
        Ok((preview, dataset)) => {
            let plans = plan::own::plans(&dataset).into_iter().map(PlanEntry::of).collect();
            to_js(&OwnEntry { preview, plans })
        }
        Err(error) => match own::outline(&files, data) {
            Ok(Some(outline)) => to_js(&RefusedEntry { outline, problem: error.into() }),
            _ => Err(thrown(error)),
        },
    }
}

/// Devices, data sets, plans, estimators and fields of this build.
#[wasm_bindgen(unchecked_return_type = "Catalogue")]
pub fn catalogue() -> Result<JsValue, JsValue> {
    to_js(&Catalogue {
        devices: DeviceKind::AVAILABLE,
        datasets: SOURCES.iter().map(|source| DatasetEntry::of(source)).collect(),
        plans: presets::all().into_iter().map(PlanEntry::of).collect(),
        estimators: Estimator::defaults().into_iter().map(EstimatorEntry::of).collect(),
        fields: FIELDS,
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

impl EstimatorEntry {
    fn of(example: Estimator) -> Self {
        EstimatorEntry { about: example.about(), example }
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
