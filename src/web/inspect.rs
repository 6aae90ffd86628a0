//! Questions about the present run. Numbers by the thousand cross as typed arrays.

use js_sys::{Float32Array, Uint32Array};
use serde::Serialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::session::Session;
use super::{bad_request, object, plan_from, thrown, to_js};
use crate::data::{Dataset, Kind, SampleView};
use crate::inspect::{Activation, InspectError, Inspector, spread};
use crate::plan::ValidPlan;

#[derive(Serialize)]
struct DatasetFacts<'a> {
    name: &'a str,
    kind: Kind,
    classes: &'a [String],
    train: usize,
    valid: usize,
    test: usize,
    /// `grids of 1 × 28 × 28`.
    input: String,
}

#[wasm_bindgen]
impl Session {
    /// Takes the run back to before a stage, with another plan from there on if one is given, and
    /// gives the events. The next `advance` trains that stage.
    #[wasm_bindgen(unchecked_return_type = "RunEvent[]")]
    pub fn retrain(
        &mut self,
        stage: usize,
        #[wasm_bindgen(unchecked_optional_param_type = "Plan")] plan: JsValue,
    ) -> Result<JsValue, JsValue> {
        let plan = match plan.is_undefined() || plan.is_null() {
            true => self.run()?.plan().clone(),
            false => self.within_run(plan_from(&plan)?)?,
        };
        let run = self.run()?;
        run.rewind(stage, plan).map_err(thrown)?;
        to_js(&run.take_events())
    }

    /// SHA-256 of each module's weights.
    #[wasm_bindgen(unchecked_return_type = "string[]")]
    pub async fn fingerprints(&mut self) -> Result<JsValue, JsValue> {
        to_js(&self.inspector()?.fingerprints().await.map_err(thrown)?)
    }

    /// Every module's `I(T;X)` and `I(T;Y)` in bits, from at most so many training samples.
    #[wasm_bindgen(unchecked_return_type = "Information")]
    pub async fn information(&mut self, samples: usize) -> Result<JsValue, JsValue> {
        let inspector = self.inspector()?;
        let samples = spread(&inspector.loader.dataset.splits.train, samples);
        to_js(&inspector.information(&samples).await.map_err(thrown)?)
    }

    /// A module's outputs (-1: the input) for at most so many samples of a split:
    /// `{ samples, labels, columns, values }`.
    #[wasm_bindgen(unchecked_return_type = "Outputs")]
    pub async fn outputs(
        &mut self,
        module: i32,
        #[wasm_bindgen(unchecked_param_type = "Split")] split: &str,
        most: usize,
    ) -> Result<JsValue, JsValue> {
        let inspector = self.inspector()?;
        let samples = spread(split_of(&inspector, split)?, most);
        let module = usize::try_from(module).ok();
        let (columns, values) = inspector.outputs(module, &samples).await.map_err(thrown)?;
        Ok(object([
            ("labels", labels(&inspector.loader.dataset, &samples).into()),
            ("samples", Uint32Array::from(&samples[..]).into()),
            ("columns", (columns as u32).into()),
            ("values", Float32Array::from(&values[..]).into()),
        ]))
    }

    /// What the network says of at most so many samples of a split:
    /// `{ samples, labels, predicted, confidence }`.
    #[wasm_bindgen(unchecked_return_type = "Predictions")]
    pub async fn predictions(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Split")] split: &str,
        most: usize,
    ) -> Result<JsValue, JsValue> {
        let inspector = self.inspector()?;
        let samples = spread(split_of(&inspector, split)?, most);
        let predictions = inspector.predictions(&samples).await.map_err(thrown)?;
        let predicted: Vec<u32> = predictions.iter().map(|p| u32::from(p.class)).collect();
        let confidence: Vec<f32> = predictions.iter().map(|p| p.confidence).collect();
        Ok(object([
            ("labels", labels(&inspector.loader.dataset, &samples).into()),
            ("samples", Uint32Array::from(&samples[..]).into()),
            ("predicted", Uint32Array::from(&predicted[..]).into()),
            ("confidence", Float32Array::from(&confidence[..]).into()),
        ]))
    }

    /// Samples as people see them.
    #[wasm_bindgen(unchecked_return_type = "Sample[]")]
    pub fn samples(&mut self, ids: Vec<u32>) -> Result<JsValue, JsValue> {
        let dataset = self.run()?.dataset();
        let view = |id: u32| {
            let count = dataset.labels.len();
            dataset.view(id).ok_or(InspectError::NoSample { found: id, count })
        };
        let views: Result<Vec<SampleView>, _> = ids.into_iter().map(view).collect();
        to_js(&views.map_err(thrown)?)
    }

    /// What every module gives for a sample: `{ module, shape, values }` each.
    #[wasm_bindgen(unchecked_return_type = "Activation[]")]
    pub async fn activations(&mut self, sample: u32) -> Result<JsValue, JsValue> {
        Ok(activations(self.inspector()?.activations(sample).await.map_err(thrown)?))
    }

    /// The same for a vector or an image that is in no data set.
    #[wasm_bindgen(unchecked_return_type = "Activation[]")]
    pub async fn classify(&mut self, values: Vec<f32>) -> Result<JsValue, JsValue> {
        Ok(activations(self.inspector()?.classify(values).await.map_err(thrown)?))
    }

    /// A module's parameters: `{ name, shape, values }` each.
    #[wasm_bindgen(unchecked_return_type = "Weights[]")]
    pub async fn weights(&mut self, module: usize) -> Result<JsValue, JsValue> {
        let weights = self.inspector()?.weights(module).await.map_err(thrown)?;
        let weight = |weight: crate::inspect::Weight| {
            object([
                ("name", weight.name.into()),
                ("shape", shape(&weight.shape)),
                ("values", Float32Array::from(&weight.values[..]).into()),
            ])
        };
        Ok(weights.into_iter().map(weight).collect::<js_sys::Array>().into())
    }

    /// All weights as a safetensors file.
    pub async fn safetensors(&mut self) -> Result<Vec<u8>, JsValue> {
        self.inspector()?.safetensors().await.map_err(thrown)
    }

    /// The present run's data set.
    #[wasm_bindgen(unchecked_return_type = "Dataset")]
    pub fn dataset(&mut self) -> Result<JsValue, JsValue> {
        let run = self.run()?;
        let (dataset, plan): (&Dataset, &ValidPlan) = (run.dataset(), run.plan());
        to_js(&DatasetFacts {
            name: &dataset.name,
            kind: dataset.samples.kind(),
            classes: &dataset.classes,
            train: dataset.splits.train.len(),
            valid: dataset.splits.valid.len(),
            test: dataset.splits.test.len(),
            input: plan.input().to_string(),
        })
    }
}

impl Session {
    fn inspector(&mut self) -> Result<Inspector<'_>, JsValue> {
        Ok(self.run()?.inspector())
    }
}

fn split_of<'a>(inspector: &Inspector<'a>, split: &str) -> Result<&'a [u32], JsValue> {
    let splits = &inspector.loader.dataset.splits;
    match split {
        "train" => Ok(&splits.train),
        "valid" => Ok(&splits.valid),
        "test" => Ok(&splits.test),
        other => Err(bad_request(format!("split: expected train, valid or test, found {other:?}"))),
    }
}

fn labels(dataset: &Dataset, samples: &[u32]) -> Uint32Array {
    let labels: Vec<u32> =
        samples.iter().map(|sample| u32::from(dataset.labels[*sample as usize])).collect();
    Uint32Array::from(&labels[..])
}

fn activations(activations: Vec<Activation>) -> JsValue {
    let pairs = activations.into_iter().enumerate().map(|(module, activation)| {
        object([
            ("module", (module as u32).into()),
            ("shape", shape(&activation.shape)),
            ("values", Float32Array::from(&activation.values[..]).into()),
        ])
    });
    pairs.collect::<js_sys::Array>().into()
}

fn shape(shape: &[usize]) -> JsValue {
    shape.iter().map(|side| JsValue::from(*side as u32)).collect::<js_sys::Array>().into()
}
