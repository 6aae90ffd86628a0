//! A device, a data set and a run, for one worker.

use burn::tensor::Device;
use js_sys::{Object, Reflect, Uint8Array};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use super::{bad_request, from_js, plan_from, thrown, to_js};
use crate::data::own::{self, OwnData};
use crate::data::{self, DataError, Dataset, Files};
use crate::device::{self, DeviceKind};
use crate::plan::{Plan, ValidPlan, presets};
use crate::rng::Seed;
use crate::run::{MOST_DIFFERENCE, Run, measure};

/// What the page keeps of the core: one in each worker.
#[wasm_bindgen]
pub struct Session {
    pub(super) kind: DeviceKind,
    pub(super) device: Device,
    device_name: String,
    /// The files of the last data set: another seed may split them otherwise.
    files: Files,
    /// The last data set that was read, with what it was read by.
    dataset: Option<(DataRequest, Rc<Dataset>)>,
    run: Option<Run>,
    /// Whether the run's samples were limited.
    limited: bool,
}

/// A request, checked.
pub(super) struct Prepared {
    pub plan: ValidPlan,
    pub dataset: Rc<Dataset>,
    pub seed: Seed,
    pub limited: bool,
}

/// What to run.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Request {
    /// A preset's name or a plan, which [`plan_from`] reads: one reader of plans is enough to load.
    #[serde(rename = "plan")]
    _plan: IgnoredAny,
    seed: u64,
    /// In place of every stage's own.
    epochs: Option<usize>,
    /// At most so many training samples.
    samples: Option<usize>,
    /// What the files are, where they are the visitor's own.
    data: Option<OwnData>,
}

/// What decides how files are read.
#[derive(Clone, PartialEq)]
struct DataRequest {
    seed: Seed,
    dataset: String,
    own: Option<OwnData>,
}

#[derive(Serialize)]
struct DeviceInfo {
    kind: DeviceKind,
    name: String,
}

/// Which device is faster, and whether they agree.
#[derive(Serialize)]
struct Comparison {
    /// Milliseconds a step, over all steps of all stages.
    cpu_ms: f64,
    gpu_ms: f64,
    /// Of each stage.
    stages: Vec<StageTimes>,
    /// Largest relative difference between the objectives.
    difference: f64,
    agree: bool,
}

#[derive(Serialize)]
struct StageTimes {
    cpu_ms: f64,
    gpu_ms: f64,
}

#[wasm_bindgen]
impl Session {
    /// Opens a device: `cpu`, and `gpu` or `ndarray` where the bundle has them.
    pub async fn open(
        #[wasm_bindgen(unchecked_param_type = "DeviceKind")] device: &str,
    ) -> Result<Session, JsValue> {
        let kind: DeviceKind = device.parse().map_err(thrown)?;
        let (device, device_name) = device::open_named(kind).await.map_err(thrown)?;
        let files = Files::default();
        Ok(Session { kind, device, device_name, files, dataset: None, run: None, limited: false })
    }

    /// `{ kind, name }`.
    #[wasm_bindgen(getter, unchecked_return_type = "Device")]
    pub fn device(&self) -> Result<JsValue, JsValue> {
        to_js(&DeviceInfo { kind: self.kind, name: self.device_name.clone() })
    }

    /// Starts a run in place of the present one. `files` maps names to bytes; what was read before
    /// need not come again. Gives what there is to know before the first step. A request that fails
    /// leaves the present run alone.
    #[wasm_bindgen(unchecked_return_type = "RunEvent[]")]
    pub fn start(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "RunRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_param_type = "Files")] files: JsValue,
    ) -> Result<JsValue, JsValue> {
        let Prepared { plan, dataset, seed, limited } = self.prepare(request, &files)?;
        let name = self.kind.to_string();
        // Memory is never given back, so that the one before goes first, now that nothing can fail.
        self.run = None;
        self.take(Run::new(plan, dataset, &self.device, name, seed), limited)
    }

    /// Works for about so many milliseconds and gives the events of that time.
    #[wasm_bindgen(unchecked_return_type = "RunEvent[]")]
    pub async fn advance(&mut self, milliseconds: f64) -> Result<JsValue, JsValue> {
        // Anything that is not a time is none: the run then does its least piece.
        let budget = Duration::try_from_secs_f64(milliseconds / 1e3).unwrap_or_default();
        to_js(&self.run()?.advance(budget).await.map_err(thrown)?)
    }

    /// Ends the run with the result so far.
    #[wasm_bindgen(unchecked_return_type = "RunEvent[]")]
    pub async fn finish(&mut self) -> Result<JsValue, JsValue> {
        to_js(&self.run()?.finish().await.map_err(thrown)?)
    }

    /// Times a step of every stage of a run on the CPU and on the session's own device.
    #[wasm_bindgen(unchecked_return_type = "Comparison")]
    pub async fn compare(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "RunRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_param_type = "Files")] files: JsValue,
    ) -> Result<JsValue, JsValue> {
        /// Of a stage on a device, beyond its first steps.
        const BUDGET: Duration = Duration::from_millis(50);

        let Prepared { plan, dataset, seed, .. } = self.prepare(request, &files)?;
        let cpu = device::open(DeviceKind::Cpu).await.map_err(thrown)?;
        let on_cpu = measure(&plan, dataset.clone(), &cpu, seed, BUDGET).await.map_err(thrown)?;
        let own = measure(&plan, dataset, &self.device, seed, BUDGET).await.map_err(thrown)?;
        let difference = on_cpu.difference(&own);
        let both = on_cpu.stages.iter().zip(&own.stages);
        to_js(&Comparison {
            cpu_ms: on_cpu.milliseconds(),
            gpu_ms: own.milliseconds(),
            stages: both
                .map(|(cpu, own)| StageTimes { cpu_ms: cpu.milliseconds, gpu_ms: own.milliseconds })
                .collect(),
            difference,
            agree: difference <= MOST_DIFFERENCE,
        })
    }
}

impl Session {
    /// A plan for the present run, under its limit.
    pub(super) fn within_run(&mut self, plan: Plan) -> Result<ValidPlan, JsValue> {
        let limited = self.limited;
        let dataset = self.run()?.dataset();
        let plan =
            if limited { plan.with_batches_within(dataset.splits.train.len()) } else { plan };
        plan.check(dataset).map_err(thrown)
    }

    pub(super) fn run(&mut self) -> Result<&mut Run, JsValue> {
        self.run.as_mut().ok_or_else(|| bad_request("there is no run: call start() first"))
    }

    /// Makes a run the present one and gives its first events.
    pub(super) fn take(&mut self, mut run: Run, limited: bool) -> Result<JsValue, JsValue> {
        let events = run.take_events();
        self.run = Some(run);
        self.limited = limited;
        to_js(&events)
    }

    fn prepare(&mut self, request: JsValue, files: &JsValue) -> Result<Prepared, JsValue> {
        self.prepare_plan(request, files, None)
    }

    /// The checked plan, the request's unless another is given, and its data set, read anew only
    /// where it is another one.
    pub(super) fn prepare_plan(
        &mut self,
        request: JsValue,
        files: &JsValue,
        plan: Option<Plan>,
    ) -> Result<Prepared, JsValue> {
        let named = Reflect::get(&request, &"plan".into()).unwrap_or_default();
        let request: Request = from_js(&request)?;
        let seed = Seed(request.seed);
        let plan = match plan {
            Some(plan) => plan,
            None => {
                let mut plan = match named.as_string() {
                    Some(name) => presets::named(&name).map_err(thrown)?,
                    None => plan_from(&named)?,
                };
                if let Some(epochs) = request.epochs {
                    plan.stages.iter_mut().for_each(|stage| stage.epochs = epochs);
                }
                plan
            }
        };
        let wanted = DataRequest { seed, dataset: plan.dataset.clone(), own: request.data };
        let new = read_files(files)?;
        let dataset = match &self.dataset {
            Some((read, dataset)) if *read == wanted && new.is_empty() => dataset.clone(),
            _ => {
                let files = if new.is_empty() { &self.files } else { &new };
                let dataset = Rc::new(wanted.read(files).map_err(thrown)?);
                if !new.is_empty() {
                    self.files = new;
                }
                self.dataset = Some((wanted, dataset.clone()));
                dataset
            }
        };
        let (plan, dataset) = match request.samples {
            Some(samples) => {
                let dataset = Dataset::clone(&dataset).with_at_most(samples, seed);
                (plan.with_batches_within(dataset.splits.train.len()), Rc::new(dataset))
            }
            None => (plan, dataset),
        };
        let plan = plan.check(&dataset).map_err(thrown)?;
        Ok(Prepared { plan, dataset, seed, limited: request.samples.is_some() })
    }
}

impl DataRequest {
    fn read(&self, files: &Files) -> Result<Dataset, DataError> {
        match &self.own {
            Some(own) => own::read(files, own, self.seed),
            None => data::source(&self.dataset)?.load(files, self.seed),
        }
    }
}

/// `{ name: Uint8Array }` as files.
pub(super) fn read_files(files: &JsValue) -> Result<Files, JsValue> {
    let mut read = Files::default();
    let Some(object) = files.dyn_ref::<Object>() else { return Ok(read) };
    for entry in Object::entries(object) {
        let entry = js_sys::Array::from(&entry);
        let name = entry.get(0).as_string();
        let bytes = entry.get(1).dyn_into::<Uint8Array>().ok();
        let (Some(name), Some(bytes)) = (name, bytes) else {
            return Err(bad_request("files must map names to Uint8Array"));
        };
        read.insert(name, bytes.to_vec());
    }
    Ok(read)
}
