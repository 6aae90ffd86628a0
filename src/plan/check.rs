//! Checking a plan against its data: every shape inferred, every setting looked at, once.

use std::ops::{Deref, Range};

use super::bounds::{self, MOST_NUMBERS, MOST_PARAMETERS, MOST_STEPS};
use super::{Objective, Plan, StagePlan, Target};
use crate::batch::PIECE;
use crate::bytes::text::shown;
use crate::data::{DataError, Dataset, Samples};
use crate::representation::{Misfit, Shape};

/// A plan that fits its data.
#[derive(Clone, Debug)]
pub struct ValidPlan {
    plan: Plan,
    /// For each module, what each of its layers reads, and what the module gives.
    shapes: Vec<(Vec<Shape>, Shape)>,
    classes: usize,
}

/// What is wrong with a plan, and where: `modules[2].layers[0]: expected grids, found vectors of 64`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("plan {plan}, {place}: expected {expected}, found {found}")]
pub struct PlanError {
    /// Its name.
    pub plan: String,
    /// `stages[1].batch`.
    pub place: String,
    /// What should be there: `from 2 to 640`.
    pub expected: String,
    /// What is there.
    pub found: String,
}

impl PlanError {
    pub(super) fn new(plan: impl Into<String>, place: impl Into<String>, misfit: Misfit) -> Self {
        let Misfit { expected, found } = misfit;
        PlanError { plan: plan.into(), place: place.into(), expected, found }
    }
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
    /// Checks the plan against a data set and infers every shape. The data set itself is checked too,
    /// all but its values ([`Dataset::check`]): it may have been made by hand.
    ///
    /// # Errors
    /// The first thing that does not fit, with its place.
    pub fn check(self, dataset: &Dataset) -> Result<ValidPlan, PlanError> {
        let error = |place: String, misfit| Err(PlanError::new(&self.name, place, misfit));
        if self.dataset != dataset.name {
            return error("dataset".into(), Misfit::new(&self.dataset, &dataset.name));
        }
        if let Err(DataError::Inconsistent { place, expected, found, .. }) = dataset.check_indices()
        {
            return error(format!("dataset, {place}"), Misfit::new(expected, found));
        }
        let mut shapes = Vec::new();
        let mut shape = input_shape(dataset);
        let samples = self.most_samples(dataset);
        let mut parameters = 0.0;
        for (m, module) in self.modules.iter().enumerate() {
            let mut inputs = Vec::new();
            for (l, layer) in module.layers.iter().enumerate() {
                if let Err((field, misfit)) = bounds::check(layer, "layers") {
                    return error(format!("{}{field}", at(m, l)), misfit);
                }
                inputs.push(shape);
                let output = match layer.output(&shape) {
                    Ok(output) => output,
                    Err(misfit) => return error(at(m, l), misfit),
                };
                if matches!((&dataset.samples, output), (Samples::Nodes(_), Shape::Vector { .. })) {
                    let expected = "nodes, which are the samples of one graph";
                    return error(at(m, l), Misfit::new(expected, output));
                }
                let numbers = bounds::size(&output) * bounds::rows(dataset, &output, samples);
                if numbers > MOST_NUMBERS {
                    let most = format!("at most {MOST_NUMBERS} numbers for a batch");
                    return error(at(m, l), Misfit::new(most, shown(numbers)));
                }
                parameters += bounds::parameters(&layer.parameters(&shape));
                if parameters > MOST_PARAMETERS {
                    let most =
                        format!("at most {MOST_PARAMETERS} weights with the layers before it");
                    return error(at(m, l), Misfit::new(most, shown(parameters)));
                }
                shape = output;
            }
            if inputs.is_empty() {
                return error(format!("modules[{m}]"), Misfit::new("a layer, at least", "none"));
            }
            shapes.push((inputs, shape));
        }
        let plan = ValidPlan { plan: self, shapes, classes: dataset.classes.len() };
        match plan.check_stages(dataset) {
            Ok(()) => Ok(plan),
            Err((place, misfit)) => Err(PlanError::new(plan.plan.name, place, misfit)),
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
    fn check_stages(&self, dataset: &Dataset) -> Result<(), (String, Misfit)> {
        let mut trained = 0;
        for (s, stage) in self.stages.iter().enumerate() {
            let fail = |field: &str, misfit| Err((format!("stages[{s}]{field}"), misfit));
            let range = &stage.modules;
            if range.is_empty() || range.start < trained || range.end > self.modules.len() {
                let all = self.modules.len();
                let some = format!("some of the modules {trained}..{all}");
                return fail(".modules", Misfit::new(some, format!("{range:?}")));
            }
            trained = range.end;
            if let Err((field, misfit)) = self.check_stage(stage, dataset) {
                return fail(&field, misfit);
            }
        }
        let classifier = |stage: &StagePlan| stage.objective == Objective::CrossEntropy;
        match self.stages.last() {
            Some(last) if trained == self.modules.len() && classifier(last) => Ok(()),
            _ => {
                let end = "cross-entropy on the last module at the end";
                let last = self.stages.last().map_or("no stage", |stage| stage.objective.label());
                Err(("stages".into(), Misfit::new(end, format!("{last} up to module {trained}"))))
            }
        }
    }

    fn check_stage(&self, stage: &StagePlan, dataset: &Dataset) -> Result<(), (String, Misfit)> {
        bounds::check(stage, "stages")?;
        let whole_graph = matches!(dataset.samples, Samples::Nodes(_));
        let train = dataset.splits.train.len();
        if train < 2 {
            return Err((String::new(), Misfit::new("2 training samples, at least", train)));
        }
        if self.parameters(stage.modules.clone()) == 0.0 {
            return Err((".modules".into(), Misfit::new("a layer that has weights", "none")));
        }
        match stage.batch {
            Some(batch) if whole_graph => {
                return Err((".batch".into(), Misfit::new("null: one graph is one batch", batch)));
            }
            Some(batch) if batch > train => {
                return Err((".batch".into(), Misfit::new(format!("from 2 to {train}"), batch)));
            }
            _ => {}
        }
        let steps = stage.steps_per_epoch(train);
        if stage.epochs > MOST_STEPS / steps {
            let most = format!("at most {}", MOST_STEPS / steps);
            return Err((".epochs".into(), Misfit::new(most, stage.epochs)));
        }
        let output = self.output(stage.modules.end - 1);
        // Where every graph has one label, a module that gives nodes has no label to compare with.
        let labelled =
            !matches!((output, &dataset.samples), (Shape::Nodes { .. }, Samples::Graphs(_)));
        let unlabelled = || Misfit::new("a row for each graph, which has the label", output);
        match &stage.objective {
            Objective::CrossEntropy => {
                let classes = dataset.classes.len();
                if !labelled {
                    return Err((".objective".into(), unlabelled()));
                }
                if stage.modules.end != self.modules.len() || output.size() != classes {
                    let scores = format!("{classes} class scores of the last module");
                    return Err((".objective".into(), Misfit::new(scores, output)));
                }
            }
            Objective::Information { target, estimator } => {
                if *target == Target::Label && !labelled {
                    return Err((".objective".into(), unlabelled()));
                }
                if *target == Target::Input
                    && matches!(output, Shape::Vector { .. })
                    && matches!(dataset.samples, Samples::Graphs(_))
                {
                    let nodes = "nodes, as the input has: take it before the readout";
                    return Err((".objective".into(), Misfit::new(nodes, output)));
                }
                let place = ".objective.estimator";
                bounds::check(estimator, "estimator")
                    .map_err(|(field, misfit)| (format!("{place}{field}"), misfit))?;
                let input = self.input();
                let fits = estimator.check(&output, *target, &input);
                fits.map_err(|misfit| (place.to_string(), misfit))?;
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
                        let most = format!("at most {most} {what}");
                        return Err((place.into(), Misfit::new(most, shown(found))));
                    }
                }
            }
        }
        Ok(())
    }
}
