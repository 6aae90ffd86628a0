//! Estimators against correlated Gaussians, whose information is known.

use burn::tensor::{Device, Tensor, TensorData};

use super::{EstimateError, Memory, MutualInformation, TargetBatch};
use crate::device;
use crate::optimiser::{self, Adam};
use crate::parameters::Parameter;
use crate::representation::{Representation, Shape};
use crate::rng::{Seed, Stream};

/// Vectors `x` and `z` of standard normals, independent but for `x_k` and `z_k`, whose correlation is
/// `rho`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gaussians {
    /// Above -1 and below 1.
    pub rho: f64,
    /// Of each vector.
    pub dimension: usize,
}

/// How an estimator is trained on fresh pairs in every step (Poole et al. 2019, section 3), and then
/// asked about others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Protocol {
    /// Steps of Adam; an estimator without a critic needs none.
    pub steps: usize,
    /// Pairs in a step.
    pub batch: usize,
    /// Adam's learning rate.
    pub rate: f64,
    /// Pairs of one estimate after that.
    pub pairs: usize,
    /// Estimates whose mean is taken.
    pub estimates: usize,
}

impl Gaussians {
    /// `I(X; Z) = -dimension / 2 log2(1 - rho^2)`.
    pub fn bits(&self) -> f64 {
        // Adding 0 makes -0 a 0.
        -0.5 * self.dimension as f64 * (1.0 - self.rho * self.rho).log2() + 0.0
    }

    /// `n` pairs, row-major: `x` and `z`, both `n x dimension`.
    pub fn draw(&self, n: usize, draws: &mut Stream) -> [Vec<f32>; 2] {
        let independent = (1.0 - self.rho * self.rho).sqrt();
        let mut pairs = [Vec::new(), Vec::new()];
        for _ in 0..n * self.dimension {
            let [x, noise] = [draws.normal(), draws.normal()];
            pairs[0].push(x as f32);
            pairs[1].push((self.rho * x + independent * noise) as f32);
        }
        pairs
    }

    /// The estimate of an estimator in bits: its critic trained, then the mean over fresh pairs.
    ///
    /// # Errors
    /// A device that failed, or an estimator for something else than vectors.
    pub async fn estimate(
        &self,
        estimator: &dyn MutualInformation,
        protocol: Protocol,
        seed: Seed,
        device: &Device,
    ) -> Result<f64, EstimateError> {
        let mut init = seed.stream("gaussians/critic");
        let mut draws = seed.stream("gaussians/pairs");
        let mut memory = Memory { draws: seed.stream("gaussians/objective"), average: None };
        let shape = Shape::Vector { width: self.dimension };
        let specs = estimator.critic(&shape, &shape).into_iter();
        let mut critic: Vec<Tensor<1>> =
            specs.map(|spec| Parameter::new(spec, &mut init, device).value).collect();
        let mut pairs = |n| {
            self.draw(n, &mut draws).map(|values| {
                let rows = TensorData::new(values, [n, self.dimension]);
                Representation::Vector(Tensor::from_data(rows, device))
            })
        };
        let mut adam = Adam::new(protocol.rate, 0.0);
        let steps = if critic.is_empty() { 0 } else { protocol.steps };
        for _ in 0..steps {
            let leaves = optimiser::leaves(&critic);
            let [x, z] = pairs(protocol.batch);
            let estimate =
                estimator.estimate(&leaves, z.into(), TargetBatch::Input(x), &mut memory).await?;
            let gradients = optimiser::gradients(&estimate.loss, &leaves);
            critic = adam.step(&critic, gradients);
        }
        let mut total = 0.0;
        for _ in 0..protocol.estimates {
            let [x, z] = pairs(protocol.pairs);
            let mut memory = Memory { draws: memory.draws.clone(), average: None };
            let estimate =
                estimator.estimate(&critic, z.into(), TargetBatch::Input(x), &mut memory).await?;
            let read = device::read(vec![estimate.value]).await?;
            total += read.into_iter().flatten().map(f64::from).sum::<f64>();
        }
        Ok(total / protocol.estimates as f64)
    }
}
