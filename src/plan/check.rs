//! Checking a plan against its data: every shape inferred, every setting looked at, once.

use std::ops::{Deref, Range};

use super::bounds::{self, MOST_NUMBERS, MOST_PARAMETERS, MOST_STEPS};
use super::{Objective, Plan, StagePlan, Target};
use crate::batch::PIECE;
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

    /// The shape of what an objective compares a module's output with.
    pub fn compared(&self, target: Target) -> Shape {
        match target {
            Target::Input => self.input(),
            Target::Label => Shape::Vector { width: self.classes },
        }
    }

    /// Numbers that some of its modules learn.
    fn parameters(&self, modules: Range<usize>) -> f64 {
        let layers = modules.flat_map(|m| self.modules[m].layers.iter().zip(&self.shapes[m].0));
        layers.map(|(layer, input)| bounds::parameters(&layer.parameters(input))).sum()
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
        let samples = self.most_samples(dataset);
        let mut parameters = 0.0;
        for (m, module) in self.modules.iter().enumerate() {
            let mut inputs = Vec::new();
            for (l, layer) in module.layers.iter().enumerate() {
                if let Err((field, reason)) = bounds::check(layer, "layers") {
                    return error(format!("{}{field}", at(m, l)), reason);
                }
                inputs.push(shape);
                let output = match layer.output(&shape) {
                    Ok(output) => output,
                    Err(reason) => return error(at(m, l), reason),
                };
                if matches!((&dataset.samples, output), (Samples::Nodes(_), Shape::Vector { .. })) {
                    let reason = "makes one vector of the graph, whose nodes are the samples";
                    return error(at(m, l), reason.into());
                }
                let numbers = bounds::size(&output) * bounds::rows(dataset, &output, samples);
                if numbers > MOST_NUMBERS {
                    let reason = format!(
                        "must give at most {MOST_NUMBERS} numbers for a batch, found {numbers}"
                    );
                    return error(at(m, l), reason);
                }
                parameters += bounds::parameters(&layer.parameters(&shape));
                if parameters > MOST_PARAMETERS {
                    let reason = format!(
                        "with the layers before it must have at most {MOST_PARAMETERS} weights, \
                         found {parameters}"
                    );
                    return error(at(m, l), reason);
                }
                shape = output;
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

impl Plan {
    /// The most samples that go through the network at once.
    fn most_samples(&self, dataset: &Dataset) -> usize {
        let train = dataset.splits.train.len();
        let batches = self.stages.iter().map(|stage| stage.batch.unwrap_or(train));
        batches.max().unwrap_or(0).max(PIECE).min(dataset.labels.len())
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
                return fail(&field, reason);
            }
        }
        let classifier = |stage: &StagePlan| stage.objective == Objective::CrossEntropy;
        match self.stages.last() {
            Some(last) if trained == self.modules.len() && classifier(last) => Ok(()),
            _ => Err(("stages".into(), "must end with cross-entropy on the last module".into())),
        }
    }

    fn check_stage(&self, stage: &StagePlan, dataset: &Dataset) -> Result<(), (String, String)> {
        bounds::check(stage, "stages")?;
        let whole_graph = matches!(dataset.samples, Samples::Nodes(_));
        let train = dataset.splits.train.len();
        if train < 2 {
            return Err((
                String::new(),
                format!("needs 2 training samples or more, found {train}"),
            ));
        }
        if self.parameters(stage.modules.clone()) == 0.0 {
            return Err((
                ".modules".into(),
                "must have something to train: no layer has weights".into(),
            ));
        }
        match stage.batch {
            Some(_) if whole_graph => {
                return Err((".batch".into(), "must be null: one graph is one batch".into()));
            }
            Some(batch) if batch > train => {
                return Err((".batch".into(), format!("must be from 2 to {train}, found {batch}")));
            }
            _ => {}
        }
        let steps = stage.steps_per_epoch(train);
        if stage.epochs > MOST_STEPS / steps {
            let reason = format!("must be at most {}, found {}", MOST_STEPS / steps, stage.epochs);
            return Err((".epochs".into(), reason));
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
                    return Err((".objective".into(), unlabelled));
                }
                if stage.modules.end != self.modules.len() || output.size() != classes {
                    let reason = format!("needs the last module to give {classes} class scores");
                    return Err((".objective".into(), format!("{reason}, found {output}")));
                }
            }
            Objective::Information { target, estimator } => {
                if *target == Target::Label && !labelled {
                    return Err((".objective".into(), unlabelled));
                }
                if *target == Target::Input
                    && matches!(output, Shape::Vector { .. })
                    && matches!(dataset.samples, Samples::Graphs(_))
                {
                    let reason =
                        "compares rows of its output with nodes: take it before the readout";
                    return Err((".objective".into(), reason.into()));
                }
                let place = ".objective.estimator";
                bounds::check(estimator, "estimator")
                    .map_err(|(field, reason)| (format!("{place}{field}"), reason))?;
                let input = self.input();
                let fits = estimator.check(&output, *target, &input);
                fits.map_err(|reason| (place.to_string(), reason))?;
                let batch = stage.batch.unwrap_or(train);
                let rows = bounds::rows(dataset, &output, batch);
                let scores = estimator.scores(rows, &input);
                let critic = estimator.critic(&output, &self.compared(*target));
                let weights = bounds::parameters(&critic);
                for (found, most, what) in [
                    (scores, MOST_NUMBERS, "scores a batch"),
                    (weights, MOST_PARAMETERS, "weights of its own"),
                ] {
                    if found > most {
                        let reason = format!("must have at most {most} {what}, found {found}");
                        return Err((place.into(), reason));
                    }
                }
            }
        }
        Ok(())
    }
}
