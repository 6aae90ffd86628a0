//! The plans that come with the crate: the paper's networks and small ones for the synthetic sets,
//! each by every scheme.
//!
//! What the paper leaves open (widths, rates, epochs, kernel widths) is chosen here, on validation
//! data where the reference run had not settled it.

use std::ops::Range;

use super::{ModulePlan, Objective, Plan, StagePlan, Target};
use crate::estimators::critic::{Activation, Critic};
use crate::estimators::{Bound, Dim, Estimator, Gmi, LocalForm, MatrixRenyi, Mine, Normalisation};
use crate::layers::{Conv, Gcn, Layer, Linear, MaxPool, MessagePassing, Readout, Relu};

/// Every plan, data set by data set.
pub fn all() -> Vec<Plan> {
    RECIPES.iter().flat_map(Recipe::plans).collect()
}

/// The plan of that name.
pub fn find(name: &str) -> Option<Plan> {
    all().into_iter().find(|plan| plan.name == name)
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
    /// A scheme with an estimator of its own for each hidden module.
    mixed: Option<Mixed>,
    output: Training,
}

/// `dim+mine`.
struct Mixed {
    name: &'static str,
    description: &'static str,
    /// Of each hidden module.
    hidden: fn() -> Vec<(Estimator, Training)>,
    output: Training,
}

/// Epochs and Adam's rate.
#[derive(Clone, Copy)]
struct Training(usize, f64);

/// Gradients of critics are clipped at this norm: one bad batch can have a huge bound.
const CLIP: Option<f64> = Some(5.0);

impl Recipe {
    fn plans(&self) -> Vec<Plan> {
        let last = (self.modules)().len() - 1;
        let everything =
            self.stage(0..last + 1, Objective::CrossEntropy, self.backpropagation, None);
        let same = |estimator: Estimator, training| vec![(estimator, training); last];
        let matrix = same(self.matrix.clone().into(), self.local);
        let mut plans = vec![
            self.plan("bp", "backpropagation end to end, the baseline", vec![everything]),
            self.plan(
                "matrix",
                "MOLE with the matrix-based Rényi estimator on every hidden module",
                self.stages(matrix, None, self.output),
            ),
            self.plan(
                "mine",
                "MOLE with MINE on every hidden module",
                self.stages(same(mine(), self.mine), CLIP, self.output),
            ),
        ];
        if let Some(Mixed { name, description, hidden, output }) = &self.mixed {
            let stages = self.stages(hidden(), CLIP, *output);
            plans.push(self.plan(name, description, stages));
        }
        let control = "hidden modules left at their initial weights: the control";
        plans.push(self.plan("random", control, self.stages(Vec::new(), None, self.output)));
        plans
    }

    /// A stage for each hidden module that has an estimator, and the output module's.
    fn stages(
        &self,
        hidden: Vec<(Estimator, Training)>,
        clip: Option<f64>,
        output: Training,
    ) -> Vec<StagePlan> {
        let hidden = self.hidden.iter().zip(hidden).enumerate();
        let hidden = hidden.map(|(module, (target, (estimator, training)))| {
            let objective = Objective::Information { target: *target, estimator };
            self.stage(module..module + 1, objective, training, clip)
        });
        let last = self.hidden.len();
        let output = self.stage(last..last + 1, Objective::CrossEntropy, output, None);
        hidden.chain([output]).collect()
    }

    fn stage(
        &self,
        modules: Range<usize>,
        objective: Objective,
        Training(epochs, rate): Training,
        clip: Option<f64>,
    ) -> StagePlan {
        StagePlan { modules, objective, epochs, batch: self.batch, rate, weight_decay: 0.0, clip }
    }

    fn plan(&self, scheme: &str, description: &str, stages: Vec<StagePlan>) -> Plan {
        Plan {
            name: format!("{}/{scheme}", self.dataset),
            description: format!("{}: {description}", self.network),
            dataset: self.dataset.into(),
            modules: (self.modules)(),
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
fn mine() -> Estimator {
    let critic = Critic { hidden: vec![128, 128], activation: Activation::Relu };
    Mine { critic, bound: Bound::DonskerVaradhan { average: Some(0.01) } }.into()
}

/// DIM between patches of the image and the whole output of a convolution.
fn dim(patch: usize) -> Estimator {
    let stride = patch / 2;
    Dim { form: LocalForm::InfoNce { own: None }, units: 64, hidden: 128, patch, stride }.into()
}

/// GMI with the release's weights and number of negatives.
fn gmi() -> Estimator {
    Gmi { weights: [0.8, 1.0, 1.0], negatives: 5, squash: false }.into()
}

const GMI_AND_MINE: &str = "MOLE with GMI on the first graph layer and MINE on the others";
const DIM_AND_MINE: &str = "MOLE with DIM on the convolutions and MINE on the dense module";

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
        mixed: None,
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
        mixed: Some(Mixed {
            name: "dim+mine",
            description: DIM_AND_MINE,
            hidden: || {
                vec![
                    (dim(4), Training(10, 1e-3)),
                    (dim(4), Training(10, 1e-3)),
                    (mine(), Training(10, 1e-3)),
                ]
            },
            output: Training(20, 1e-2),
        }),
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
        mixed: Some(Mixed {
            name: "gmi+mine",
            description: GMI_AND_MINE,
            hidden: || vec![(gmi(), Training(100, 1e-2)), (mine(), Training(100, 1e-2))],
            output: Training(200, 3e-2),
        }),
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
        mixed: Some(Mixed {
            name: "gmi+mine",
            description: GMI_AND_MINE,
            hidden: || {
                vec![
                    (mine(), Training(10, 3e-3)),
                    (gmi(), Training(10, 3e-3)),
                    (mine(), Training(10, 3e-3)),
                ]
            },
            output: Training(20, 1e-2),
        }),
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
        mixed: None,
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
        mixed: Some(Mixed {
            name: "dim+mine",
            description: DIM_AND_MINE,
            hidden: || {
                let conv = Training(2, 1e-3);
                vec![(dim(8), conv), (dim(8), conv), (mine(), Training(8, 1e-3))]
            },
            output: Training(4, 3e-3),
        }),
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
        mixed: Some(Mixed {
            name: "gmi+mine",
            description: GMI_AND_MINE,
            hidden: || {
                vec![
                    (mine(), Training(15, 1e-3)),
                    (gmi(), Training(15, 1e-3)),
                    (mine(), Training(15, 1e-3)),
                ]
            },
            output: Training(20, 1e-2),
        }),
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
        mixed: Some(Mixed {
            name: "gmi+mine",
            description: GMI_AND_MINE,
            hidden: || vec![(gmi(), Training(300, 1e-2)), (mine(), Training(40, 1e-2))],
            output: Training(100, 1e-2),
        }),
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
