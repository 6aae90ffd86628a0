//! Checking a plan against its data: every shape inferred, every setting looked at, once.

use std::ops::Deref;

use super::{Objective, Plan, StagePlan, Target};
use crate::data::{Dataset, Samples};
use crate::representation::Shape;

/// A plan that fits its data.
#[derive(Clone, Debug)]
pub struct ValidPlan {
    plan: Plan,
    /// For each module, what each of its layers reads, and what the module gives.
    shapes: Vec<(Vec<Shape>, Shape)>,
    classes: usize,
}

/// What is wrong with a plan, and where: `modules[2].layers[0]: expects grids, found vectors of 64`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("plan {plan}, {place}: {reason}")]
pub struct PlanError {
    /// Its name.
    pub plan: String,
    /// `stages[1].batch`.
    pub place: String,
    /// What was expected and what was found.
    pub reason: String,
}

impl Deref for ValidPlan {
    type Target = Plan;

    fn deref(&self) -> &Plan {
        &self.plan
    }
}

impl ValidPlan {
    pub(crate) fn shapes(&self) -> &[(Vec<Shape>, Shape)] {
        &self.shapes
    }

    /// The shape of the network's input.
    pub fn input(&self) -> Shape {
        // A plan without modules, or a module without layers, does not pass the check.
        self.shapes[0].0[0]
    }

    /// How many classes the data set has.
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The shape of a module's output.
    pub fn output(&self, module: usize) -> Shape {
        self.shapes[module].1
    }
}

/// The shape of a data set's samples.
pub fn input_shape(dataset: &Dataset) -> Shape {
    match &dataset.samples {
        Samples::Vectors(vectors) => Shape::Vector { width: vectors.width },
        Samples::Grids(grids) => {
            Shape::Grid { channels: grids.channels, height: grids.height, width: grids.width }
        }
        Samples::Nodes(nodes) => Shape::Nodes { width: nodes.features.width },
        Samples::Graphs(graphs) => Shape::Nodes { width: graphs.node_kinds.len() },
    }
}

impl Plan {
    /// Checks the plan against a data set and infers every shape.
    ///
    /// # Errors
    /// The first thing that does not fit, with its place.
    pub fn check(self, dataset: &Dataset) -> Result<ValidPlan, PlanError> {
        let error = |place: String, reason: String| {
            Err(PlanError { plan: self.name.clone(), place, reason })
        };
        if self.dataset != dataset.name {
            let reason = format!("is for {}, given {}", self.dataset, dataset.name);
            return error("dataset".into(), reason);
        }
        let mut shapes = Vec::new();
        let mut shape = input_shape(dataset);
        for (m, module) in self.modules.iter().enumerate() {
            let mut inputs = Vec::new();
            for (l, layer) in module.layers.iter().enumerate() {
                inputs.push(shape);
                shape = match layer.output(&shape) {
                    Ok(output) if output.size() > 0 => output,
                    Ok(_) => return error(at(m, l), "has an output of width 0".into()),
                    Err(reason) => return error(at(m, l), reason),
                };
            }
            if inputs.is_empty() {
                return error(format!("modules[{m}]"), "has no layers".into());
            }
            shapes.push((inputs, shape));
        }
        let plan = ValidPlan { plan: self, shapes, classes: dataset.classes.len() };
        match plan.check_stages(dataset) {
            Ok(()) => Ok(plan),
            Err((place, reason)) => Err(PlanError { plan: plan.plan.name, place, reason }),
        }
    }
}

fn at(module: usize, layer: usize) -> String {
    format!("modules[{module}].layers[{layer}]")
}

impl ValidPlan {
    fn check_stages(&self, dataset: &Dataset) -> Result<(), (String, String)> {
        let mut trained = 0;
        for (s, stage) in self.stages.iter().enumerate() {
            let fail = |field: &str, reason: String| Err((format!("stages[{s}]{field}"), reason));
            let range = &stage.modules;
            if range.is_empty() || range.start < trained || range.end > self.modules.len() {
                let all = self.modules.len();
                let reason =
                    format!("must name some of the modules {trained}..{all}, found {range:?}");
                return fail(".modules", reason);
            }
            trained = range.end;
            if let Err((field, reason)) = self.check_stage(stage, dataset) {
                return fail(field, reason);
            }
        }
        let classifier = |stage: &StagePlan| stage.objective == Objective::CrossEntropy;
        match self.stages.last() {
            Some(last) if trained == self.modules.len() && classifier(last) => Ok(()),
            _ => Err(("stages".into(), "must end with cross-entropy on the last module".into())),
        }
    }

    fn check_stage(
        &self,
        stage: &StagePlan,
        dataset: &Dataset,
    ) -> Result<(), (&'static str, String)> {
        let whole_graph = matches!(dataset.samples, Samples::Nodes(_));
        let train = dataset.splits.train.len();
        match stage.batch {
            Some(_) if whole_graph => {
                return Err((".batch", "must be null: one graph is one batch".into()));
            }
            Some(batch) if batch < 2 || batch > train => {
                return Err((".batch", format!("must be from 2 to {train}, found {batch}")));
            }
            _ => {}
        }
        if stage.epochs == 0 {
            return Err((".epochs", "must be at least 1, found 0".into()));
        }
        if !(stage.rate > 0.0 && stage.rate.is_finite()) {
            return Err((".rate", format!("must be a number above 0, found {}", stage.rate)));
        }
        if !(stage.weight_decay >= 0.0 && stage.weight_decay.is_finite()) {
            let reason = format!("must be 0 or a number above it, found {}", stage.weight_decay);
            return Err((".weight_decay", reason));
        }
        if stage.clip.is_some_and(|clip| !(clip > 0.0 && clip.is_finite())) {
            return Err((
                ".clip",
                format!("must be null or a number above 0, found {:?}", stage.clip),
            ));
        }
        let output = self.output(stage.modules.end - 1);
        // Where every graph has one label, a module that gives nodes has no label to compare with.
        let labelled =
            !matches!((output, &dataset.samples), (Shape::Nodes { .. }, Samples::Graphs(_)));
        let unlabelled = format!("has an output of {output}, but the labels are those of graphs");
        match &stage.objective {
            Objective::CrossEntropy => {
                let classes = dataset.classes.len();
                if !labelled {
                    return Err((".objective", unlabelled));
                }
                if stage.modules.end != self.modules.len() || output.size() != classes {
                    let reason = format!("needs the last module to give {classes} class scores");
                    return Err((".objective", format!("{reason}, found {output}")));
                }
            }
            Objective::Information { target, estimator } => {
                if *target == Target::Label && !labelled {
                    return Err((".objective", unlabelled));
                }
                if *target == Target::Input
                    && matches!(output, Shape::Vector { .. })
                    && matches!(dataset.samples, Samples::Graphs(_))
                {
                    let reason =
                        "compares rows of its output with nodes: take it before the readout";
                    return Err((".objective", reason.into()));
                }
                let fits = estimator.check(&output, *target, &self.input());
                fits.map_err(|reason| (".objective.estimator", reason))?;
            }
        }
        Ok(())
    }
}
