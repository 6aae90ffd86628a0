//! A golden case, and comparing with it.

use burn::tensor::{Device, Gradients, Tensor, TensorData};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Deserialize)]
struct Family {
    cases: Vec<Case>,
}

/// One case, as the files give it.
#[derive(Deserialize)]
pub struct Case {
    pub id: String,
    pub op: String,
    pub params: Value,
    pub inputs: BTreeMap<String, Stored>,
    pub outputs: Value,
    #[serde(default)]
    pub grads: BTreeMap<String, Stored>,
}

/// A stored tensor.
#[derive(Clone, Deserialize)]
pub struct Stored {
    pub shape: Vec<usize>,
    pub data: Vec<f64>,
}

pub fn parse(text: &str) -> Vec<Case> {
    serde_json::from_str::<Family>(text).unwrap().cases
}

impl Case {
    /// An input of that many dimensions on the device.
    pub fn input<const D: usize>(&self, name: &str, device: &Device) -> Tensor<D> {
        let stored = &self.inputs[name];
        let values: Vec<f32> = stored.data.iter().map(|value| *value as f32).collect();
        Tensor::from_data(TensorData::new(values, stored.shape.clone()), device)
    }

    /// Whole numbers of an input.
    pub fn ints(&self, name: &str) -> Vec<i64> {
        self.inputs[name].data.iter().map(|value| *value as i64).collect()
    }

    pub fn param(&self, name: &str) -> f64 {
        self.params[name].as_f64().unwrap_or_else(|| panic!("{}: no number {name}", self.id))
    }

    /// The orders of a Rényi case, with their keys.
    pub fn orders(&self) -> Vec<(String, f64)> {
        let alphas = self.params["alphas"].as_array().unwrap();
        alphas
            .iter()
            .map(|alpha| (alpha.as_f64().unwrap().to_string(), alpha.as_f64().unwrap()))
            .collect()
    }
}

/// One-hot rows and class indices of labels.
pub fn labels(classes: &[i64], n_classes: usize, device: &Device) -> mole::batch::Labels {
    let classes = classes.iter().map(|class| *class as i32).collect();
    mole::batch::Labels::new(classes, n_classes, device)
}

/// The comparisons of one case.
#[derive(Default)]
pub struct Checks(Vec<Check>);

struct Check {
    name: String,
    kind: Kind,
    /// The largest difference, as a share of the largest number expected or of 1.
    error: f64,
    result: Result<(), String>,
}

/// What is compared.
#[derive(Clone, Copy, PartialEq)]
pub enum Kind {
    Value,
    Gradient,
}

impl Kind {
    /// In single precision: a share of the largest number expected, and what is always allowed.
    fn tolerance(self) -> [f64; 2] {
        match self {
            Kind::Value => [1e-4, 1e-5],
            Kind::Gradient => [1e-3, 1e-5],
        }
    }
}

impl Checks {
    pub fn failures(&self) -> impl Iterator<Item = String> {
        self.0.iter().filter_map(|Check { name, result, .. }| {
            result.as_ref().err().map(|reason| format!("{name}: {reason}"))
        })
    }

    /// The worst error of a kind, 0 where nothing of it was compared.
    pub fn worst(&self, kind: Kind) -> f64 {
        let of_kind = self.0.iter().filter(|check| check.kind == kind);
        of_kind.map(|check| check.error).fold(0.0, nan_max)
    }

    /// A number or tensor against an output of the case.
    pub async fn value<const D: usize>(&mut self, name: &str, found: Tensor<D>, expected: &Value) {
        let expected = match expected {
            Value::Number(number) => vec![number.as_f64().unwrap()],
            stored => serde_json::from_value::<Stored>(stored.clone()).unwrap().data,
        };
        self.compare(name, numbers(found).await, &expected, Kind::Value);
    }

    /// Numbers computed on the host.
    pub fn numbers(&mut self, name: &str, found: Vec<f64>, expected: &Value) {
        let expected = serde_json::from_value::<Stored>(expected.clone()).unwrap().data;
        self.compare(name, found, &expected, Kind::Value);
    }

    /// A gradient of the case against that of `leaf`, times `sign`.
    pub async fn gradient<const D: usize>(
        &mut self,
        name: &str,
        leaf: &Tensor<D>,
        gradients: &Gradients,
        sign: f64,
        case: &Case,
    ) {
        let Some(expected) = case.grads.get(name) else { return };
        let found = match leaf.grad(gradients) {
            Some(gradient) => numbers(gradient.mul_scalar(sign)).await,
            None => vec![0.0; expected.data.len()],
        };
        self.compare(&format!("gradient {name}"), found, &expected.data, Kind::Gradient);
    }

    fn compare(&mut self, name: &str, found: Vec<f64>, expected: &[f64], kind: Kind) {
        let [rtol, atol] = kind.tolerance();
        let largest = expected.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
        let bound = atol + rtol * largest;
        let worst = found.iter().zip(expected).map(|(f, e)| (f - e).abs()).fold(0.0, nan_max);
        let result = match found.len() == expected.len() && worst <= bound {
            true => Ok(()),
            false => Err(format!(
                "off by {worst:.3e}, allowed {bound:.3e} ({} numbers, {} expected)",
                found.len(),
                expected.len()
            )),
        };
        self.0.push(Check { name: name.into(), kind, error: worst / largest.max(1.0), result });
    }
}

/// The greater one, or NaN where either is.
fn nan_max(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }
}

async fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    let n = tensor.shape().num_elements();
    let read = mole::device::read(vec![tensor.reshape([n])]).await.unwrap();
    read.into_iter().flatten().map(f64::from).collect()
}
