//! What the steps of a report gave: their values stay on the device until they are read together.

use burn::tensor::Tensor;

use super::finite::fault_in;
use super::{Event, Fault, Run, RunError};
use crate::device;
use crate::stage::StepOutcome;

/// A step whose values have not been read.
pub(super) struct Pending {
    pub step: usize,
    pub epoch: usize,
    pub seconds: f64,
    pub outcome: StepOutcome,
}

impl Run {
    /// Reads the values of all steps since the last read, in one transaction.
    pub(super) async fn read_steps(&mut self) -> Result<(), RunError> {
        let pending = std::mem::take(&mut self.pending);
        if pending.is_empty() {
            return Ok(());
        }
        let objectives =
            Tensor::cat(pending.iter().map(|step| step.outcome.objective.clone()).collect(), 0);
        let correct: Vec<_> =
            pending.iter().filter_map(|step| step.outcome.correct.clone()).collect();
        let mut reads = vec![objectives];
        if !correct.is_empty() {
            reads.push(Tensor::cat(correct, 0));
        }
        reads.push(self.sums());
        let mut read = device::read(reads).await?;
        let sums = read.pop().unwrap_or_default();
        let mut values = read.into_iter();
        let objectives = values.next().unwrap_or_default();
        self.epoch.correct += values.flatten().map(f64::from).sum::<f64>();
        for (step, value) in pending.iter().zip(objectives) {
            let value = f64::from(value);
            if !value.is_finite() {
                return Err(self.not_finite(step.step, Fault::Objective(value)));
            }
            self.epoch.steps += 1;
            self.epoch.objective += value;
            self.epoch.labelled += step.outcome.labelled;
            self.events.push(Event::Step {
                stage: self.index,
                step: step.step,
                epoch: step.epoch,
                objective: value,
                seconds: step.seconds,
            });
        }
        if let Some(fault) = fault_in(&sums) {
            return Err(self.not_finite(self.stage.step, fault));
        }
        self.keep_good();
        Ok(())
    }
}
