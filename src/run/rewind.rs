//! Going back to a stage.

use super::{Event, Run, summaries};
use crate::checkpoint::EpochTotals;
use crate::network::{Module, Network};
use crate::parameters::ParameterSpec;
use crate::plan::ValidPlan;

/// Why a run cannot go back to a stage. Messages count stages from 1, as the page and the command do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages say what the fields are")]
pub enum RewindError {
    #[error("there is no stage {}: the plan has {count}", found.saturating_add(1))]
    NoStage { found: usize, count: usize },
    #[error("stage {} has not begun: the run is at stage {}", found + 1, at + 1)]
    NotReached { found: usize, at: usize },
    #[error(
        "the plan differs from the run's before stage {}, where modules are trained already",
        stage + 1
    )]
    ChangedBefore { stage: usize },
}

impl Run {
    /// Takes the run back to before a stage, also one that has ended, with a plan that may differ
    /// from that stage on. What lies before keeps its weights; a stage begins from its modules'
    /// initial weights, so what is trained again equals what a fresh run of the plan gives.
    ///
    /// # Errors
    /// [`RewindError`]; the run is then as it was.
    pub fn rewind(&mut self, stage: usize, plan: ValidPlan) -> Result<(), RewindError> {
        let Some(first) = plan.stages.get(stage).map(|stage| stage.modules.start) else {
            return Err(RewindError::NoStage { found: stage, count: plan.stages.len() });
        };
        if stage > self.index {
            return Err(RewindError::NotReached { found: stage, at: self.index });
        }
        // Also the modules that no stage trains: the ones before read from them.
        let same = self.plan.modules.get(..first) == plan.modules.get(..first)
            && self.plan.stages[..stage] == plan.stages[..stage]
            && self.plan.dataset == plan.dataset;
        if !same {
            return Err(RewindError::ChangedBefore { stage });
        }
        let mut network = Network::new(&plan, self.seed, &self.device);
        // Later modules stay as they are until their turn, where they still fit.
        for (new, old) in network.modules.iter_mut().zip(&self.network.modules) {
            let specs = |module: &Module| -> Vec<ParameterSpec> {
                module.parameters.iter().map(|parameter| parameter.spec.clone()).collect()
            };
            if specs(new) == specs(old) {
                new.parameters.clone_from(&old.parameters);
            }
        }
        self.network = network;
        self.plan = plan;
        if self.depth > first {
            self.loader.read_data();
            self.depth = 0;
        }
        self.pending.clear();
        self.epoch = EpochTotals::default();
        let train = self.loader.dataset.splits.train.len();
        let stages = summaries(&self.plan, &self.network, train);
        self.events.push(Event::Rewound { stage, stages });
        self.enter_stage(stage);
        Ok(())
    }
}
