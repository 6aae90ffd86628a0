//! The plans that come with the crate: the paper's networks and small ones for the synthetic sets,
//! each by every scheme.
//!
//! What the paper leaves open (widths, rates, epochs, kernel widths) is chosen here, on validation
//! data where the reference run had not settled it.

use super::{ModulePlan, Objective, Plan, StagePlan, Target};
use crate::estimators::critic::{Activation, Critic};
use crate::estimators::{Bound, Estimator, MatrixRenyi, Mine, Normalisation};
use crate::layers::{Conv, Gcn, Layer, Linear, MaxPool, MessagePassing, Readout, Relu};

/// Every plan, data set by data set.
pub fn all() -> Vec<Plan> {
    RECIPES.iter().flat_map(|recipe| Scheme::ALL.map(|scheme| recipe.plan(scheme))).collect()
}

/// The plan of that name.
pub fn find(name: &str) -> Option<Plan> {
    all().into_iter().find(|plan| plan.name == name)
}

/// How a network is trained.
#[derive(Clone, Copy)]
enum Scheme {
    Backpropagation,
    Matrix,
    Mine,
    Random,
}

impl Scheme {
    const ALL: [Scheme; 4] =
        [Scheme::Backpropagation, Scheme::Matrix, Scheme::Mine, Scheme::Random];

    fn name(self) -> &'static str {
        match self {
            Scheme::Backpropagation => "bp",
            Scheme::Matrix => "matrix",
            Scheme::Mine => "mine",
            Scheme::Random => "random",
        }
    }

    fn description(self) -> &'static str {
        match self {
            Scheme::Backpropagation => "backpropagation end to end, the baseline",
            Scheme::Matrix => "MOLE with the matrix-based Rényi estimator on every hidden module",
            Scheme::Mine => "MOLE with MINE on every hidden module",
            Scheme::Random => "hidden modules left at their initial weights: the control",
        }
    }
}

/// A network for a data set, and what its schemes need.
struct Recipe {
    dataset: &'static str,
    /// What kind of network: `an MLP`.
    network: &'static str,
    modules: fn() -> Vec<ModulePlan>,
    /// What each hidden module maximises the information about; the output module follows.
    hidden: &'static [Target],
    batch: Option<usize>,
    matrix: MatrixRenyi,
    backpropagation: Training,
    local: Training,
    mine: Training,
    output: Training,
}

/// Epochs and Adam's rate.
#[derive(Clone, Copy)]
struct Training(usize, f64);

impl Recipe {
    fn plan(&self, scheme: Scheme) -> Plan {
        let modules = (self.modules)();
        let last = modules.len() - 1;
        let stage = |modules, objective, Training(epochs, rate): Training| StagePlan {
            modules,
            objective,
            epochs,
            batch: self.batch,
            rate,
            weight_decay: 0.0,
            clip: None,
        };
        let output = stage(last..last + 1, Objective::CrossEntropy, self.output);
        let local = |estimator: Estimator, training, clip| {
            let hidden = self.hidden.iter().enumerate().map(|(module, target)| {
                let estimator = estimator.clone();
                let objective = Objective::Information { target: *target, estimator };
                StagePlan { clip, ..stage(module..module + 1, objective, training) }
            });
            hidden.chain([output.clone()]).collect()
        };
        let stages = match scheme {
            Scheme::Backpropagation => {
                vec![stage(0..last + 1, Objective::CrossEntropy, self.backpropagation)]
            }
            Scheme::Random => vec![output],
            Scheme::Matrix => local(Estimator::from(self.matrix.clone()), self.local, None),
            Scheme::Mine => local(Estimator::from(mine()), self.mine, Some(5.0)),
        };
        Plan {
            name: format!("{}/{}", self.dataset, scheme.name()),
            description: format!("{}: {}", self.network, scheme.description()),
            dataset: self.dataset.into(),
            modules,
            stages,
        }
    }
}

/// Order 2, which stays on the device.
const fn order_2(width: f64, normalisation: Normalisation) -> MatrixRenyi {
    MatrixRenyi { order: 2.0, width, normalisation, samples: 512 }
}

/// The order of Yu et al.'s own code, which comes near Shannon's entropy. 128 samples keep its
/// eigendecompositions affordable in a browser.
const fn near_order_1(width: f64) -> MatrixRenyi {
    MatrixRenyi { order: 1.01, width, normalisation: Normalisation::None, samples: 128 }
}

/// The defaults of the releases: two hidden layers of 128, the moving average at 0.01.
fn mine() -> Mine {
    Mine {
        critic: Critic { hidden: vec![128, 128], activation: Activation::Relu },
        bound: Bound::DonskerVaradhan { average: Some(0.01) },
    }
}

const RECIPES: &[Recipe] = &[
    Recipe {
        dataset: "vectors",
        network: "16-64-16-4 perceptron",
        modules: || perceptron(&[64, 16, 4]),
        hidden: &[Target::Input, Target::Label],
        batch: Some(256),
        matrix: near_order_1(1.0),
        backpropagation: Training(60, 3e-3),
        local: Training(30, 3e-3),
        mine: Training(30, 3e-3),
        output: Training(20, 1e-2),
    },
    Recipe {
        dataset: "glyphs",
        network: "two convolutions and two dense layers",
        modules: || lenet(&[8, 16], 5, 64, 10),
        hidden: &[Target::Input, Target::Input, Target::Label],
        batch: Some(64),
        matrix: order_2(0.8, Normalisation::Max),
        backpropagation: Training(10, 1e-3),
        local: Training(10, 1e-3),
        mine: Training(10, 1e-3),
        output: Training(20, 1e-2),
    },
    Recipe {
        dataset: "community",
        network: "two graph convolutions and a dense layer",
        modules: || graph_convolutions(32, 16, 5),
        hidden: &[Target::Input, Target::Label],
        batch: None,
        matrix: order_2(0.5, Normalisation::Max),
        backpropagation: Training(100, 1e-2),
        local: Training(100, 1e-2),
        mine: Training(100, 1e-2),
        output: Training(200, 3e-2),
    },
    Recipe {
        dataset: "molecules",
        network: "node embedding, two message-passing layers, mean readout, dense layer",
        modules: || message_passing(32, 2),
        hidden: &[Target::Input, Target::Input, Target::Label],
        batch: Some(64),
        matrix: order_2(0.5, Normalisation::Max),
        backpropagation: Training(40, 3e-3),
        local: Training(10, 3e-3),
        mine: Training(10, 3e-3),
        output: Training(20, 1e-2),
    },
    Recipe {
        dataset: "adult",
        network: "104-64-16-2 perceptron",
        modules: || perceptron(&[64, 16, 2]),
        hidden: &[Target::Input, Target::Label],
        batch: Some(256),
        matrix: near_order_1(1.5),
        backpropagation: Training(15, 1e-3),
        local: Training(3, 1e-3),
        mine: Training(3, 1e-3),
        output: Training(10, 1e-2),
    },
    Recipe {
        dataset: "mnist",
        network: "two convolutions and two dense layers",
        modules: || lenet(&[16, 32], 5, 128, 10),
        hidden: &[Target::Input, Target::Input, Target::Label],
        batch: Some(128),
        matrix: order_2(0.5, Normalisation::None),
        backpropagation: Training(6, 1e-3),
        local: Training(1, 1e-3),
        mine: Training(1, 1e-3),
        output: Training(3, 1e-2),
    },
    Recipe {
        dataset: "mutagenicity",
        network: "node embedding, two message-passing layers, mean readout, dense layer",
        modules: || message_passing(64, 2),
        hidden: &[Target::Input, Target::Input, Target::Label],
        batch: Some(128),
        matrix: order_2(1.0, Normalisation::Max),
        backpropagation: Training(40, 1e-3),
        local: Training(8, 1e-3),
        mine: Training(8, 1e-3),
        output: Training(20, 1e-2),
    },
    graph_convolution_recipe("cora", || graph_convolutions(64, 32, 7)),
    graph_convolution_recipe("citeseer", || graph_convolutions(64, 32, 6)),
];

const fn graph_convolution_recipe(
    dataset: &'static str,
    modules: fn() -> Vec<ModulePlan>,
) -> Recipe {
    Recipe {
        dataset,
        network: "two graph convolutions and a dense layer",
        modules,
        hidden: &[Target::Input, Target::Label],
        batch: None,
        matrix: near_order_1(1.5),
        backpropagation: Training(200, 1e-2),
        local: Training(100, 1e-2),
        mine: Training(100, 1e-2),
        output: Training(200, 1e-1),
    }
}

fn module(layers: impl Into<Vec<Layer>>) -> ModulePlan {
    ModulePlan { layers: layers.into() }
}

/// Dense layers with ReLU between them, a module each.
fn perceptron(widths: &[usize]) -> Vec<ModulePlan> {
    let modules = widths.iter().enumerate().map(|(index, width)| {
        let mut layers = vec![Linear { width: *width }.into()];
        if index + 1 < widths.len() {
            layers.push(Relu {}.into());
        }
        module(layers)
    });
    modules.collect()
}

/// Convolutions with ReLU and 2 x 2 max-pooling, then two dense layers, a module each.
fn lenet(channels: &[usize], kernel: usize, hidden: usize, classes: usize) -> Vec<ModulePlan> {
    let convolutions = channels.iter().map(|channels| {
        let conv = Conv { channels: *channels, kernel, padding: kernel / 2 };
        module([conv.into(), Relu {}.into(), MaxPool { size: 2 }.into()])
    });
    convolutions.chain(perceptron(&[hidden, classes])).collect()
}

/// A dense layer on every node, message passing twice, the mean over nodes, a dense layer.
fn message_passing(width: usize, classes: usize) -> Vec<ModulePlan> {
    let pass = || Layer::from(MessagePassing { width });
    vec![
        module([Linear { width }.into(), Relu {}.into()]),
        module([pass(), Relu {}.into()]),
        module([pass(), Relu {}.into(), Readout {}.into()]),
        module([Linear { width: classes }.into()]),
    ]
}

/// Two graph convolutions with ReLU and a dense layer, a module each.
fn graph_convolutions(first: usize, second: usize, classes: usize) -> Vec<ModulePlan> {
    vec![
        module([Gcn { width: first }.into(), Relu {}.into()]),
        module([Gcn { width: second }.into(), Relu {}.into()]),
        module([Linear { width: classes }.into()]),
    ]
}
