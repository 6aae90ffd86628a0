//! A stage: training some modules while the others stand still.

mod saved;

use burn::tensor::{Device, Tensor};

pub(crate) use saved::wrong_tensor;

use crate::batch::{Batch, Labels, Loader};
use crate::device::{self, DeviceError};
use crate::estimators::{Estimate, EstimateError, Memory, Output, TargetBatch};
use crate::kernels::{self, Classified};
use crate::network::Network;
use crate::optimiser::{self, Adam};
use crate::parameters::Parameter;
use crate::plan::{Objective, StagePlan, Target, ValidPlan};
use crate::representation::{Representation, WrongRepresentation};
use crate::rng::{Seed, Stream};

/// Training under way.
#[derive(Clone)]
pub struct Stage {
    /// What it does.
    pub plan: StagePlan,
    /// Counts from 0.
    pub epoch: usize,
    /// Steps done in all.
    pub step: usize,
    steps_per_epoch: usize,
    /// The epoch's order of the training samples.
    order: Vec<u32>,
    /// Where the stream of batches stood before that order was drawn.
    before_order: u128,
    shuffle: Stream,
    memory: Memory,
    /// The estimator's own parameters, gone with the stage.
    critic: Vec<Parameter>,
    adam: Adam,
}

/// What one step gave; still on the device.
pub struct StepOutcome {
    /// The objective before the update.
    pub objective: Tensor<1>,
    /// How many of the batch were classified correctly before the update, where classes are scored.
    pub correct: Option<Tensor<1>>,
    /// Of how many.
    pub labelled: usize,
}

/// Why a step failed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages are those of the parts")]
pub enum StepError {
    #[error(transparent)]
    Estimate(#[from] EstimateError),
    #[error(transparent)]
    Representation(#[from] WrongRepresentation),
    #[error(transparent)]
    Device(#[from] DeviceError),
}

impl StepError {
    /// Whether it was the device that failed.
    pub fn is_device(&self) -> bool {
        matches!(self, StepError::Device(_) | StepError::Estimate(EstimateError::Device(_)))
    }
}

impl Stage {
    /// The stage of that index, at its start.
    pub fn new(plan: &ValidPlan, index: usize, train: usize, seed: Seed, device: &Device) -> Self {
        let stage = plan.stages[index].clone();
        let mut init = seed.stream(&format!("stage/{index}/critic"));
        let critic = match &stage.objective {
            Objective::CrossEntropy => Vec::new(),
            Objective::Information { target, estimator } => {
                let output = plan.output(stage.modules.end - 1);
                estimator.critic(&output, &plan.compared(*target))
            }
        };
        Stage {
            steps_per_epoch: stage.steps_per_epoch(train),
            epoch: 0,
            step: 0,
            order: Vec::new(),
            before_order: 0,
            shuffle: seed.stream(&format!("stage/{index}/batches")),
            memory: Memory {
                draws: seed.stream(&format!("stage/{index}/objective")),
                average: None,
            },
            critic: critic
                .into_iter()
                .map(|spec| Parameter::new(spec, &mut init, device))
                .collect(),
            adam: Adam::new(stage.rate, stage.weight_decay),
            plan: stage,
        }
    }

    /// Whether the last step was the last of its epoch.
    pub fn at_epoch_end(&self) -> bool {
        self.ends_epoch_at(self.step)
    }

    /// Whether that many steps are some whole epochs.
    pub(crate) fn ends_epoch_at(&self, step: usize) -> bool {
        step > 0 && step.is_multiple_of(self.steps_per_epoch)
    }

    /// Whether every step is done.
    pub fn is_done(&self) -> bool {
        self.step >= self.steps()
    }

    /// The next batch's samples. For a graph whose nodes are the samples, all of them.
    fn next_samples(&mut self, train: &[u32]) -> Vec<u32> {
        let position = self.step % self.steps_per_epoch;
        if position == 0 {
            self.epoch = self.step / self.steps_per_epoch;
            self.draw_order(train);
        }
        let batch = self.plan.batch.unwrap_or(train.len());
        self.order.iter().skip(position * batch).take(batch).copied().collect()
    }

    fn draw_order(&mut self, train: &[u32]) {
        self.before_order = self.shuffle.position();
        self.order = train.to_vec();
        self.shuffle.shuffle(&mut self.order);
    }

    /// One update of the stage's modules and of the critic, and of nothing else. `depth` is how many
    /// modules the loader's batches have behind them.
    ///
    /// # Errors
    /// What the device, a layer or the estimator failed at.
    pub async fn step(
        &mut self,
        network: &mut Network,
        loader: &Loader,
        depth: usize,
    ) -> Result<StepOutcome, StepError> {
        let batch = self.next_batch(loader);
        self.step_on(network, batch, depth).await
    }

    /// What the next step works on.
    pub(crate) fn next_batch(&mut self, loader: &Loader) -> Batch {
        loader.batch(&self.next_samples(&loader.dataset.splits.train))
    }

    /// The same on a batch that is given.
    ///
    /// # Errors
    /// As [`Stage::step`].
    pub async fn step_on(
        &mut self,
        network: &mut Network,
        batch: Batch,
        depth: usize,
    ) -> Result<StepOutcome, StepError> {
        let modules = self.plan.modules.clone();
        let labelled = batch.labels.classes.dims()[0];
        // The border: whatever lies before the stage is a constant. Nothing else in this crate
        // cuts gradients between modules.
        let input = network.forward(depth..modules.start, batch.input)?.detach();

        let values = network.values(modules.clone());
        let n_module = values.len();
        let critic = self.critic.iter().map(|parameter| parameter.value.clone());
        let values: Vec<Tensor<1>> = values.into_iter().chain(critic).collect();
        let leaves = optimiser::leaves(&values);
        let forward = |input| network.forward_with(&leaves[..n_module], modules.clone(), input);

        let (Estimate { loss, value }, correct) = match &self.plan.objective {
            Objective::CrossEntropy => {
                let scores = labelled_rows(forward(input)?, &batch.labels).rows();
                let (estimate, correct) = cross_entropy(scores, &batch.labels);
                (estimate, Some(correct))
            }
            Objective::Information { target, estimator } => {
                let corrupted = estimator.corrupt(&input, &mut self.memory.draws)?;
                let corrupted = corrupted.map(forward).transpose()?;
                let own = forward(input)?;
                let (own, target) = match target {
                    Target::Input => (own, TargetBatch::Input(batch.x)),
                    Target::Label => {
                        let labelled = labelled_rows(own, &batch.labels);
                        (labelled, TargetBatch::Label(batch.labels))
                    }
                };
                let output = Output { own, corrupted };
                let critic = &leaves[n_module..];
                (estimator.estimate(critic, output, target, &mut self.memory).await?, None)
            }
        };

        let gradients = optimiser::gradients(&loss, &leaves);
        let gradients = match self.plan.clip {
            Some(most) => clipped(gradients, most),
            None => gradients,
        };
        let mut updated = self.adam.step(&values, gradients).into_iter();
        network.set_values(modules, updated.by_ref().take(n_module).collect());
        self.critic.iter_mut().zip(updated).for_each(|(parameter, value)| parameter.value = value);
        device::hand_over(&value.device())?;
        self.step += 1;
        Ok(StepOutcome { objective: value, correct, labelled })
    }
}

/// Gradients scaled down together where their common norm is above `most`.
fn clipped(gradients: Vec<Tensor<1>>, most: f64) -> Vec<Tensor<1>> {
    /// `2^-50`: squares of what is multiplied by it stay finite up to gradients of 1e34. Without it the
    /// norm was infinite from 1e19 on, and every gradient cut to 0.
    const SMALLER: f64 = 1.0 / (1u64 << 50) as f64;

    let square = |g: &Tensor<1>| g.clone().mul_scalar(SMALLER).powi_scalar(2).sum();
    let squares = gradients.iter().map(square).collect();
    let norm = Tensor::cat(squares, 0).sum().sqrt().div_scalar(SMALLER);
    let scale = norm.clamp_min(most).recip().mul_scalar(most);
    gradients.into_iter().map(|gradient| gradient * scale.clone()).collect()
}

/// The rows that have a label, where some have none.
fn labelled_rows(output: Representation, labels: &Labels) -> Representation {
    match &labels.rows {
        Some(rows) => Representation::Vector(output.rows().select(0, rows.clone())),
        None => output,
    }
}

/// Mean cross-entropy of class scores `N x C`, `-mean_i log softmax(s_i)_{y_i}`, in bits, with a loss
/// whose gradient is that in nats, and how many rows are greatest at their label.
///
/// The gradient is written out: through `log_softmax` a step took 13 more dispatches on WebGPU.
pub fn cross_entropy(scores: Tensor<2>, labels: &Labels) -> (Estimate, Tensor<1>) {
    let Labels { classes, one_hot, .. } = labels.clone();
    let Classified { nats, correct, gradient } =
        kernels::classify(scores.clone(), classes, one_hot);
    let value = nats.div_scalar(std::f64::consts::LN_2);
    (Estimate { value, loss: (scores * gradient).flatten(0, 1) }, correct)
}

/// How many of the samples the network's last modules classify correctly, from what the loader
/// reads.
///
/// # Errors
/// As [`Network::forward`].
pub fn evaluate(
    network: &Network,
    loader: &Loader,
    depth: usize,
    samples: &[u32],
) -> Result<Tensor<1>, WrongRepresentation> {
    let batch = loader.batch(samples);
    let scores = network.forward(depth..network.modules.len(), batch.input)?;
    Ok(kernels::count_correct(labelled_rows(scores, &batch.labels).rows(), batch.labels.classes))
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;

    #[test]
    fn gradients_keep_their_direction_however_large_they_are() {
        let device = pollster::block_on(device::open(device::DeviceKind::Cpu)).unwrap();
        for size in [1.0, 1e19, 1e30] {
            let gradients = [3.0 * size, -4.0 * size].map(|g: f32| Tensor::from_data([g], &device));
            let found = pollster::block_on(device::read(clipped(gradients.into(), 2.5))).unwrap();
            let found = found.concat();
            assert!((found[0] - 1.5).abs() < 1e-5 && (found[1] + 2.0).abs() < 1e-5, "{found:?}");
        }
    }
}
