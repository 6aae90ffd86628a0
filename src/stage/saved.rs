//! A stage as plain values, and back.

use burn::tensor::{Device, Tensor, TensorData};

use super::Stage;
use crate::checkpoint::{CheckpointError, Progress, TensorInfo};
use crate::parameters::Parameter;

impl Stage {
    /// The tensors that the stage alone holds, with their names: the estimator's parameters, Adam's
    /// moments, the moving average.
    pub(crate) fn tensors(&self) -> Vec<(TensorInfo, Tensor<1>)> {
        let critic = self.critic.iter().enumerate().map(|(k, Parameter { spec, value })| {
            let name = format!("critic.{k}");
            (TensorInfo { name, shape: spec.shape.clone() }, value.clone())
        });
        let flat = |name: String, value: Tensor<1>| {
            (TensorInfo { name, shape: value.dims().to_vec() }, value)
        };
        let moments = self.adam.moments.iter().enumerate().flat_map(|(k, [m, v])| {
            [("m", m), ("v", v)].map(|(moment, value)| {
                flat(format!("adam.{k}.{moment}"), Tensor::from_inner(value.clone()))
            })
        });
        let average = self.memory.average.clone().map(|value| flat("average".into(), value));
        critic.chain(moments).chain(average).collect()
    }

    /// Where its batches' stream stood before the epoch's order was drawn, or stands between two
    /// epochs; and its estimator's.
    pub(crate) fn positions(&self) -> [u128; 2] {
        let within = !self.step.is_multiple_of(self.steps_per_epoch);
        let shuffle = if within { self.before_order } else { self.shuffle.position() };
        [shuffle, self.memory.draws.position()]
    }

    /// What the stage trains beside its modules, and the averages of all squared gradients.
    pub(crate) fn trained(&self) -> impl Iterator<Item = Tensor<1>> {
        let critic = self.critic.iter().map(|parameter| parameter.value.clone());
        critic.chain(self.adam.moments.iter().map(|[_, v]| Tensor::from_inner(v.clone())))
    }

    /// Whether the estimator trains parameters of its own.
    pub(crate) fn has_critic(&self) -> bool {
        !self.critic.is_empty()
    }

    /// Another rate for the steps to come.
    pub(crate) fn set_rate(&mut self, rate: f64) {
        self.plan.rate = rate;
        self.adam.set_rate(rate);
    }

    /// How many steps it has in all.
    pub(crate) fn steps(&self) -> usize {
        self.steps_per_epoch * self.plan.epochs
    }

    /// Puts a stage at its start to where a checkpoint was. `trained` are the sizes of the modules'
    /// parameters that it trains, `tensors` what [`Stage::tensors`] gave.
    pub(crate) fn restore<'a>(
        &mut self,
        progress: &Progress,
        train: &[u32],
        trained: Vec<usize>,
        mut tensors: impl Iterator<Item = (&'a TensorInfo, &'a Vec<f32>)>,
        device: &Device,
    ) -> Result<(), CheckpointError> {
        let on_device = |values: &[f32]| {
            Tensor::<1>::from_data(TensorData::new(values.to_vec(), [values.len()]), device)
        };
        let mut next = |name: String, shape: &[usize]| match tensors.next() {
            Some((info, values)) if info.name == name && info.shape == shape => {
                Ok(on_device(values))
            }
            other => Err(wrong_tensor(&name, shape, other.map(|(info, _)| info))),
        };
        for (k, parameter) in self.critic.iter_mut().enumerate() {
            parameter.value = next(format!("critic.{k}"), &parameter.spec.shape)?;
        }
        if progress.step > 0 {
            let critic = self.critic.iter().map(|parameter| parameter.spec.len());
            let sizes: Vec<usize> = trained.into_iter().chain(critic).collect();
            let mut moments = Vec::with_capacity(sizes.len());
            for (k, size) in sizes.into_iter().enumerate() {
                let m = next(format!("adam.{k}.m"), &[size])?.inner();
                let v = next(format!("adam.{k}.v"), &[size])?.inner();
                moments.push([m, v]);
            }
            self.adam.restore(progress.step, moments);
        }
        match tensors.next() {
            None => {}
            Some((TensorInfo { name, shape }, values)) if name == "average" && *shape == [1] => {
                self.memory.average = Some(on_device(values));
            }
            Some((info, _)) => return Err(wrong_tensor("average", &[1], Some(info))),
        }
        if let Some((info, _)) = tensors.next() {
            return Err(CheckpointError::damaged("its tensors", "no more", &info.name));
        }
        self.step = progress.step;
        self.epoch = progress.step.saturating_sub(1) / self.steps_per_epoch;
        self.memory.draws.set_position(progress.draws);
        self.shuffle.set_position(progress.shuffle);
        if !self.step.is_multiple_of(self.steps_per_epoch) {
            self.draw_order(train);
        }
        Ok(())
    }
}

/// What stands where another tensor was expected.
pub(crate) fn wrong_tensor(
    name: &str,
    shape: &[usize],
    found: Option<&TensorInfo>,
) -> CheckpointError {
    let expected = format!("{name} of {shape:?}");
    let found = found.map_or("none".into(), |TensorInfo { name, shape }| {
        format!("{name} of {shape:?}").chars().take(80).collect::<String>()
    });
    CheckpointError::damaged("its tensors", expected, found)
}
