//! The tasks: networks that are trained on one fixed batch, step by step.

use std::error::Error;
use std::rc::Rc;

use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor, TensorData};
use mole::batch::{Batch, Labels};
use mole::data::{Dataset, Grids, Samples, Splits, Vectors};
use mole::device;
use mole::estimators::{Normalisation, gram, information};
use mole::graph::Graph;
use mole::layers::{Conv, Layer, Linear, MaxPool, Relu};
use mole::network::Network;
use mole::optimiser::{Adam, gradients, leaves};
use mole::plan::{ModulePlan, Objective, Plan, StagePlan};
use mole::representation::Representation;
use mole::rng::Seed;
use mole::sparse::SparseMatrix;
use mole::stage::{Stage, cross_entropy};

use crate::data::{self, Data, ON};

pub type Outcome<T> = Result<T, Box<dyn Error>>;

/// A task on a device.
pub enum Task {
    /// Through the crate's own stage: backpropagation over the whole network.
    Network(Box<NetworkTask>),
    /// The crate's sparse products.
    Gcn(Box<GcnTask>),
    /// The crate's matrix-based information.
    Gram(Box<GramTask>),
    /// One product of square matrices: what the machine's multiply-adds take at their best.
    Product(Box<[Tensor<2>; 2]>),
}

pub struct NetworkTask {
    network: Network,
    stage: Stage,
    batch: Batch,
}

pub struct GcnTask {
    x: Rc<SparseMatrix>,
    graph: Rc<Graph>,
    labels: Labels,
    weights: Vec<Tensor<1>>,
    adam: Adam,
}

pub struct GramTask {
    order: f64,
    x: Tensor<2>,
    weights: Vec<Tensor<1>>,
    adam: Adam,
}

/// Nodes of the citation graph that train.
const LABELLED: usize = 140;

/// The tasks' names, each with its batch sizes.
pub const TASKS: &[(&str, &[usize])] = &[
    ("mlp", &[128]),
    ("cnn", &[64, 128]),
    ("gcn", &[2708]),
    ("gram", &[128]),
    ("gram101", &[128]),
    ("product", &[512]),
];

impl Task {
    /// The task of a name at its start.
    pub fn new(name: &str, batch: usize, device: &Device) -> Outcome<Self> {
        Ok(match name {
            "mlp" => Task::Network(Box::new(NetworkTask::new(mlp(), data::mlp(batch), device)?)),
            "cnn" => Task::Network(Box::new(NetworkTask::new(cnn(), data::cnn(batch), device)?)),
            "gcn" => Task::Gcn(Box::new(GcnTask::new(device))),
            "gram" => Task::Gram(Box::new(GramTask::new(2.0, batch, device))),
            "gram101" => Task::Gram(Box::new(GramTask::new(1.01, batch, device))),
            "product" => {
                let ones = Tensor::ones([batch, batch], device);
                Task::Product(Box::new([ones.clone(), ones]))
            }
            other => return Err(format!("there is no task {other:?}").into()),
        })
    }

    /// One step; gives its loss, still on the device, and what to multiply it with: nats for
    /// cross-entropy, minus bits for information.
    pub async fn step(&mut self) -> Outcome<(Tensor<1>, f32)> {
        match self {
            Task::Network(task) => task.step().await,
            Task::Gcn(task) => task.step(),
            Task::Gram(task) => task.step().await,
            Task::Product(factors) => {
                let [a, b] = &**factors;
                Ok((a.clone().matmul(b.clone()).slice([0..1, 0..1]).flatten(0, 1), 1.0))
            }
        }
    }
}

/// Reads a loss.
pub async fn read((loss, factor): (Tensor<1>, f32)) -> Outcome<f32> {
    let read = device::read(vec![loss]).await?;
    Ok(read.first().and_then(|values| values.first()).ok_or("no loss was read")? * factor)
}

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D], device: &Device) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, shape), device)
}

/// Weights on the device, each flat.
fn flat(weights: Vec<Vec<f32>>, device: &Device) -> Vec<Tensor<1>> {
    let tensor = |values: Vec<f32>| {
        let n = values.len();
        tensor(values, [n], device)
    };
    weights.into_iter().map(tensor).collect()
}

fn mlp() -> (Vec<Layer>, [usize; 3], usize) {
    let linear = |width| Layer::from(Linear { width });
    let layers = vec![linear(64), Relu {}.into(), linear(16), Relu {}.into(), linear(2)];
    (layers, [104, 1, 1], 2)
}

fn cnn() -> (Vec<Layer>, [usize; 3], usize) {
    let block = |channels| -> [Layer; 3] {
        [
            Conv { channels, kernel: 5, padding: 0 }.into(),
            Relu {}.into(),
            MaxPool { size: 2 }.into(),
        ]
    };
    let head = [Linear { width: 128 }.into(), Relu {}.into(), Linear { width: 10 }.into()];
    (block(16).into_iter().chain(block(32)).chain(head).collect(), [1, 28, 28], 10)
}

impl NetworkTask {
    fn new(
        (layers, [channels, height, width], classes): (Vec<Layer>, [usize; 3], usize),
        Data { x, y, weights }: Data,
        device: &Device,
    ) -> Outcome<Self> {
        let n = y.len();
        // The plan is checked against a data set of the same form, with a sample more to test on; the batch
        // holds the values.
        let size = (n + 1) * channels * height * width;
        let samples = match height {
            1 => {
                let names = (0..channels).map(|feature| feature.to_string()).collect();
                Samples::Vectors(Vectors { width: channels, values: vec![0.0; size], names })
            }
            _ => Samples::Grids(Grids { channels, height, width, pixels: vec![0; size] }),
        };
        let dataset = Dataset {
            name: "bench".into(),
            classes: (0..classes).map(|class| class.to_string()).collect(),
            samples,
            labels: vec![0; n + 1],
            splits: Splits {
                train: (0..n as u32).collect(),
                valid: Vec::new(),
                test: vec![n as u32],
            },
        };
        let plan = Plan {
            name: "bench/bp".into(),
            description: String::new(),
            dataset: "bench".into(),
            modules: vec![ModulePlan { layers }],
            stages: vec![StagePlan {
                modules: 0..1,
                objective: Objective::CrossEntropy,
                epochs: 1,
                batch: None,
                rate: 1e-3,
                weight_decay: 0.0,
                clip: None,
            }],
        };
        let plan = plan.check(&dataset)?;
        let mut network = Network::new(&plan, Seed(0), device);
        network.set_values(0..1, flat(weights, device));
        let input = match height {
            1 => Representation::Vector(tensor(x, [n, channels], device)),
            _ => Representation::Grid(tensor(x, [n, channels, height, width], device)),
        };
        Ok(NetworkTask {
            network,
            stage: Stage::new(&plan, 0, n, Seed(0), device),
            batch: Batch { x: input.clone(), input, labels: Labels::new(y, classes, device) },
        })
    }

    async fn step(&mut self) -> Outcome<(Tensor<1>, f32)> {
        let outcome = self.stage.step_on(&mut self.network, self.batch.clone(), 0).await?;
        Ok((outcome.objective, std::f32::consts::LN_2))
    }
}

impl GcnTask {
    fn new(device: &Device) -> Self {
        let data::Citations { n, features, on, edges, y, weights } = data::gcn();
        let [rows, columns] =
            [0, 1].map(|k| on.iter().map(|entry| entry[k] as u32).collect::<Vec<_>>());
        let values = vec![ON; on.len()];
        let x = SparseMatrix::new([n, features], &rows, &columns, Some(&values), device);
        GcnTask {
            x: Rc::new(x),
            graph: Rc::new(Graph::new(edges, vec![0; n], device)),
            labels: Labels {
                rows: Some(Tensor::arange(0..LABELLED as i64, device)),
                ..Labels::new(y[..LABELLED].to_vec(), 7, device)
            },
            weights: flat(weights, device),
            adam: Adam::new(0.01, 0.0),
        }
    }

    fn step(&mut self) -> Outcome<(Tensor<1>, f32)> {
        let leaves = leaves(&self.weights);
        let [first, second] = [0, 1].map(|k| leaves[k].clone().reshape([-1, [16, 7][k]]));
        let hidden = relu(self.graph.propagate(self.x.matmul(first)));
        let scores = self.graph.propagate(hidden.matmul(second));
        let rows = self.labels.rows.clone().ok_or("no rows")?;
        let (estimate, _) = cross_entropy(scores.select(0, rows), &self.labels);
        self.weights = self.adam.step(&self.weights, gradients(&estimate.loss, &leaves));
        device::hand_over(&estimate.value.device())?;
        Ok((estimate.value, std::f32::consts::LN_2))
    }
}

impl GramTask {
    fn new(order: f64, n: usize, device: &Device) -> Self {
        let Data { x, weights, .. } = data::gram(n);
        GramTask {
            order,
            x: tensor(x, [n, 104], device),
            weights: flat(weights, device),
            adam: Adam::new(1e-3, 0.0),
        }
    }

    async fn step(&mut self) -> Outcome<(Tensor<1>, f32)> {
        // exp(-d^2 / s) with s = 208 for the input and 64 for the output.
        const WIDTHS: [f64; 2] = [10.198039, 5.656854249492381];
        let leaves = leaves(&self.weights);
        let output = relu(self.x.clone().matmul(leaves[0].clone().reshape([-1, 64])));
        let [x, t] = [gram::gaussian(self.x.clone(), WIDTHS[0]), gram::gaussian(output, WIDTHS[1])];
        let estimate = information(t, x, self.order, Normalisation::None).await?;
        self.weights = self.adam.step(&self.weights, gradients(&estimate.loss, &leaves));
        device::hand_over(&estimate.value.device())?;
        Ok((estimate.value, -1.0))
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn every_task_takes_a_step() {
        let device = pollster::block_on(device::open(device::DeviceKind::Cpu)).unwrap();
        for (name, batches) in TASKS {
            for batch in *batches {
                let mut task = Task::new(name, *batch, &device).unwrap();
                let loss = pollster::block_on(async { read(task.step().await?).await }).unwrap();
                assert!(loss.is_finite() && loss != 0.0, "{name} {batch}: {loss}");
            }
        }
    }
}
