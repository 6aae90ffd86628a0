//! The plans that come with the crate: the paper's networks and small ones for the synthetic sets,
//! each by every scheme.
//!
//! What the paper leaves open (widths, rates, epochs, kernel widths) is chosen here, on validation
//! data where the reference run had not settled it.

use std::ops::Range;

use super::Target::{self, Input, Label};
use super::networks::{graph_convolutions, lenet, message_passing, perceptron};
use super::{ModulePlan, Objective, Plan, StagePlan};
use crate::bytes::text::quoted;
use crate::error::Problem;
use crate::estimators::{Dgi, Dim, Estimator, Gmi, InfoNce, MatrixRenyi, Mine, Normalisation};

/// Every plan, data set by data set.
pub fn all() -> Vec<Plan> {
    RECIPES.iter().flat_map(Recipe::plans).collect()
}

/// The plan of that name.
pub fn find(name: &str) -> Option<Plan> {
    all().into_iter().find(|plan| plan.name == name)
}

/// The same, or what there is to choose from.
///
/// # Errors
/// `plan/unknown`.
pub fn named(name: &str) -> Result<Plan, Problem> {
    find(name).ok_or_else(|| {
        let plan = quoted(name);
        let problem = Problem::new("plan/unknown", format!("there is no plan {plan}"));
        problem.at("plan", "the name of a plan", plan)
    })
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
    /// Of encoders and of decoders.
    mine: [Training; 2],
    /// Schemes with estimators of their own.
    others: &'static [Scheme],
    output: Training,
}

/// `dim+mine`.
struct Scheme {
    name: &'static str,
    description: &'static str,
    /// For each hidden module: information about what, by which estimator.
    hidden: fn() -> Vec<(Target, Estimator, Training)>,
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
        let same = |estimator: Estimator, [encoders, decoders]: [Training; 2]| {
            let stage = |target: &Target| {
                let training = if *target == Input { encoders } else { decoders };
                (*target, estimator.clone(), training)
            };
            self.hidden.iter().map(stage).collect()
        };
        let matrix = same(self.matrix.clone().into(), [self.local; 2]);
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
        for Scheme { name, description, hidden, output } in self.others {
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
        hidden: Vec<(Target, Estimator, Training)>,
        clip: Option<f64>,
        output: Training,
    ) -> Vec<StagePlan> {
        let hidden = hidden.into_iter().enumerate();
        let hidden = hidden.map(|(module, (target, estimator, training))| {
            let objective = Objective::Information { target, estimator };
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

fn mine() -> Estimator {
    Mine::default().into()
}

/// DIM between patches of the image and the whole output of a convolution.
fn dim(patch: usize) -> Estimator {
    Dim { patch, stride: patch / 2, ..Dim::default() }.into()
}

fn gmi() -> Estimator {
    Gmi::default().into()
}

fn dgi() -> Estimator {
    Dgi {}.into()
}

fn infonce() -> Estimator {
    InfoNce::default().into()
}

const INFONCE: &str = "MOLE with InfoNCE on every hidden module";
const DGI_AND_MINE: &str = "MOLE with DGI on the first graph layer and MINE on the others";
const GMI_AND_MINE: &str = "MOLE with GMI on the first graph layer and MINE on the others";
const DIMS_AND_MINE: &str = "MOLE with DIM on the convolutions and MINE on the dense module";
/// Appendix A.2 of the paper names DIM between grids, MINE between grid and vector, and MINE between
/// vectors: of the second convolution it is the labels, which are vectors, that MINE compares.
const DIM_AND_MINE: &str = "MOLE with DIM on the first convolution and MINE on the others";

const RECIPES: &[Recipe] = &[
    Recipe {
        dataset: "vectors",
        network: "16-64-16-4 perceptron",
        modules: || perceptron(&[64, 16, 4]),
        hidden: &[Input, Label],
        batch: Some(256),
        matrix: near_order_1(1.0),
        backpropagation: Training(60, 3e-3),
        local: Training(30, 3e-3),
        mine: [Training(30, 3e-3); 2],
        others: &[Scheme {
            name: "infonce",
            description: INFONCE,
            hidden: || {
                let t = Training(30, 3e-3);
                vec![(Input, infonce(), t), (Label, infonce(), t)]
            },
            output: Training(20, 1e-2),
        }],
        output: Training(20, 1e-2),
    },
    Recipe {
        dataset: "glyphs",
        network: "two convolutions and two dense layers",
        modules: || lenet(&[8, 16], 5, 64, 10),
        hidden: &[Input, Input, Label],
        batch: Some(64),
        matrix: order_2(0.8, Normalisation::Max),
        backpropagation: Training(10, 1e-3),
        local: Training(10, 1e-3),
        mine: [Training(10, 1e-3); 2],
        others: &[
            Scheme {
                name: "dim+mine",
                description: DIMS_AND_MINE,
                hidden: || {
                    let t = Training(10, 1e-3);
                    vec![(Input, dim(4), t), (Input, dim(4), t), (Label, mine(), t)]
                },
                output: Training(20, 1e-2),
            },
            Scheme {
                name: "infonce",
                description: INFONCE,
                hidden: || {
                    let t = Training(10, 1e-3);
                    vec![(Input, infonce(), t), (Input, infonce(), t), (Label, infonce(), t)]
                },
                output: Training(20, 1e-2),
            },
        ],
        output: Training(20, 1e-2),
    },
    Recipe {
        dataset: "community",
        network: "two graph convolutions and a dense layer",
        modules: || graph_convolutions(32, 16, 5),
        hidden: &[Input, Label],
        batch: None,
        matrix: order_2(0.5, Normalisation::Max),
        backpropagation: Training(100, 1e-2),
        local: Training(100, 1e-2),
        mine: [Training(100, 1e-2); 2],
        others: &[
            Scheme {
                name: "gmi+mine",
                description: GMI_AND_MINE,
                hidden: || {
                    vec![(Input, gmi(), Training(100, 1e-2)), (Label, mine(), Training(100, 1e-2))]
                },
                output: Training(200, 3e-2),
            },
            Scheme {
                name: "dgi+mine",
                description: DGI_AND_MINE,
                hidden: || {
                    vec![(Input, dgi(), Training(100, 1e-2)), (Label, mine(), Training(100, 1e-2))]
                },
                output: Training(200, 3e-2),
            },
        ],
        output: Training(200, 3e-2),
    },
    Recipe {
        dataset: "molecules",
        network: "node embedding, two message-passing layers, mean readout, dense layer",
        modules: || message_passing(32, 2),
        hidden: &[Input, Input, Label],
        batch: Some(64),
        matrix: order_2(0.5, Normalisation::Max),
        backpropagation: Training(40, 3e-3),
        local: Training(10, 3e-3),
        mine: [Training(10, 3e-3); 2],
        others: &[
            Scheme {
                name: "gmi+mine",
                description: GMI_AND_MINE,
                hidden: || {
                    let t = Training(10, 3e-3);
                    vec![(Input, mine(), t), (Input, gmi(), t), (Label, mine(), t)]
                },
                output: Training(20, 1e-2),
            },
            Scheme {
                name: "dgi+mine",
                description: DGI_AND_MINE,
                hidden: || {
                    let t = Training(10, 3e-3);
                    vec![(Input, mine(), t), (Input, dgi(), t), (Label, mine(), t)]
                },
                output: Training(20, 1e-2),
            },
        ],
        output: Training(20, 1e-2),
    },
    Recipe {
        dataset: "adult",
        network: "104-64-16-2 perceptron",
        modules: || perceptron(&[64, 16, 2]),
        hidden: &[Input, Label],
        batch: Some(256),
        matrix: near_order_1(1.5),
        backpropagation: Training(15, 1e-3),
        local: Training(3, 1e-3),
        mine: [Training(3, 1e-3); 2],
        others: &[Scheme {
            name: "infonce",
            description: INFONCE,
            hidden: || {
                let t = Training(3, 1e-3);
                vec![(Input, infonce(), t), (Label, infonce(), t)]
            },
            output: Training(10, 1e-2),
        }],
        output: Training(10, 1e-2),
    },
    Recipe {
        dataset: "mnist",
        network: "two convolutions and two dense layers",
        modules: || lenet(&[16, 32], 5, 128, 10),
        hidden: &[Input, Input, Label],
        batch: Some(128),
        matrix: order_2(0.5, Normalisation::None),
        backpropagation: Training(6, 1e-3),
        local: Training(1, 1e-3),
        mine: [Training(1, 1e-3); 2],
        others: &[
            Scheme {
                name: "dim+mine",
                description: DIM_AND_MINE,
                hidden: || {
                    let t = Training(8, 1e-3);
                    vec![(Input, dim(8), Training(1, 1e-3)), (Label, mine(), t), (Label, mine(), t)]
                },
                output: Training(4, 3e-3),
            },
            Scheme {
                name: "infonce",
                description: INFONCE,
                hidden: || {
                    let t = Training(2, 1e-3);
                    vec![(Input, infonce(), t), (Input, infonce(), t), (Label, infonce(), t)]
                },
                output: Training(4, 3e-3),
            },
        ],
        output: Training(3, 1e-2),
    },
    Recipe {
        dataset: "mutagenicity",
        network: "node embedding, two message-passing layers, mean readout, dense layer",
        modules: || message_passing(64, 2),
        hidden: &[Input, Input, Label],
        batch: Some(128),
        matrix: order_2(1.0, Normalisation::Max),
        backpropagation: Training(40, 1e-3),
        local: Training(8, 1e-3),
        mine: [Training(8, 1e-3), Training(30, 3e-3)],
        others: &[
            Scheme {
                name: "gmi+mine",
                description: GMI_AND_MINE,
                hidden: || {
                    let t = Training(15, 3e-3);
                    vec![(Input, mine(), t), (Input, gmi(), t), (Label, mine(), Training(40, 3e-3))]
                },
                output: Training(20, 1e-2),
            },
            Scheme {
                name: "dgi+mine",
                description: DGI_AND_MINE,
                hidden: || {
                    let t = Training(15, 3e-3);
                    vec![(Input, mine(), t), (Input, dgi(), t), (Label, mine(), Training(40, 3e-3))]
                },
                output: Training(20, 1e-2),
            },
        ],
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
        hidden: &[Input, Label],
        batch: None,
        matrix: near_order_1(1.5),
        backpropagation: Training(200, 1e-2),
        local: Training(100, 1e-2),
        mine: [Training(100, 1e-2); 2],
        others: &[
            Scheme {
                name: "gmi+mine",
                description: GMI_AND_MINE,
                hidden: || {
                    vec![(Input, gmi(), Training(300, 1e-2)), (Label, mine(), Training(40, 1e-2))]
                },
                output: Training(100, 1e-2),
            },
            Scheme {
                name: "dgi+mine",
                description: DGI_AND_MINE,
                hidden: || {
                    vec![(Input, dgi(), Training(300, 3e-3)), (Label, mine(), Training(40, 1e-2))]
                },
                output: Training(100, 1e-2),
            },
        ],
        output: Training(200, 1e-1),
    }
}
