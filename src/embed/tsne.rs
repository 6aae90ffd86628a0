//! t-SNE, one iteration at a time.

use serde::{Deserialize, Serialize};

use super::error::count_rows;
use super::sparse::SparseAffinities;
use super::{EmbedError, affinity, barnes_hut, exact, pca};
use crate::rng::Seed;

/// Up to so many points all pairs are taken; beyond, near neighbours and cells.
const MOST_EXACT: usize = 2_000;

/// How points are placed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TsneConfig {
    /// How many neighbours a point has, smoothly counted: 30 (the paper takes 5 to 50).
    pub perplexity: f64,
    /// What `P` is multiplied by at first, so that clusters form early: 12 (van der Maaten 2014;
    /// 4 in 2008).
    pub exaggeration: f64,
    /// For so many iterations: 250.
    pub exaggeration_steps: usize,
    /// Iterations in all: 1,000.
    pub steps: usize,
    /// Learning rate; `None`: `max(n / exaggeration / 4, 50)`, which grows with the points as the
    /// gradient of one of them shrinks (Belkina et al. 2019).
    pub rate: Option<f64>,
    /// Above 2,000 points a cell stands for its points if its side is below `theta` times its
    /// distance: 0.5. At 0 all pairs are taken however many there are, in `8 n^2` bytes.
    pub theta: f64,
}

impl Default for TsneConfig {
    fn default() -> Self {
        TsneConfig {
            perplexity: 30.0,
            exaggeration: 12.0,
            exaggeration_steps: 250,
            steps: 1_000,
            rate: None,
            theta: 0.5,
        }
    }
}

impl TsneConfig {
    /// The defaults for `n` points: of fewer than 91 each gets a third as neighbours.
    pub fn for_points(n: usize) -> Self {
        let third = (n.saturating_sub(1) as f64 / 3.0).max(1.0);
        TsneConfig { perplexity: third.min(30.0), ..TsneConfig::default() }
    }

    fn check(&self, n: usize) -> Result<(), EmbedError> {
        if n < 3 {
            return Err(EmbedError::TooFewPoints { found: n });
        }
        let limit = n - 1;
        // Written so that NaN is refused.
        if !(self.perplexity >= 1.0 && self.perplexity < limit as f64) {
            return Err(EmbedError::Perplexity { found: self.perplexity, limit });
        }
        let positive = |value: f64| value > 0.0 && value.is_finite();
        let settings = [
            ("exaggeration", "a positive number", self.exaggeration, positive(self.exaggeration)),
            ("rate", "a positive number", self.rate.unwrap_or(1.0), self.rate.is_none_or(positive)),
            ("theta", "0 to 1", self.theta, (0.0..=1.0).contains(&self.theta)),
        ];
        match settings.into_iter().find(|(.., valid)| !valid) {
            Some((name, expected, found, _)) => Err(EmbedError::Setting { name, expected, found }),
            None => Ok(()),
        }
    }
}

/// Points in the plane on their way to where near ones in the data are near each other (van der
/// Maaten and Hinton 2008): gradient descent on `KL(P || Q)` with momentum and gains.
///
/// The same rows, settings and seed give the same points, bit for bit, on one platform.
///
/// ```
/// use mole::{embed::{Tsne, TsneConfig}, rng::Seed};
///
/// let rows: Vec<f32> = (0..60).map(|k| (k / 30) as f32 * 9.0 + (k % 7) as f32).collect();
/// let mut tsne = Tsne::new(&rows, 3, TsneConfig::for_points(20), Seed(1))?;
/// while !tsne.is_done() {
///     tsne.step(); // draw tsne.points() now and then
/// }
/// assert!(tsne.divergence() < 1.0);
/// # Ok::<(), mole::embed::EmbedError>(())
/// ```
pub struct Tsne {
    config: TsneConfig,
    affinities: Affinities,
    points: Vec<[f64; 2]>,
    velocities: Vec<[f64; 2]>,
    gains: Vec<[f64; 2]>,
    iteration: usize,
}

enum Affinities {
    Dense(Vec<f64>),
    Sparse(SparseAffinities),
}

impl Tsne {
    /// Calibrates `P` for `n x width` rows and places the points by their principal components, at a
    /// standard deviation of 1e-4 (Kobak and Berens 2019). Of noise there is a hundredth of that,
    /// from the stream `embed/tsne`: equal rows would stay together for ever without it, and rows on
    /// a line on that line.
    ///
    /// `O(n^2 width)` for up to 2,000 points; beyond, exact nearest neighbours are searched in a
    /// tree, which takes that long at worst.
    ///
    /// # Errors
    /// Any [`EmbedError`].
    pub fn new(
        rows: &[f32],
        width: usize,
        config: TsneConfig,
        seed: Seed,
    ) -> Result<Self, EmbedError> {
        let n = count_rows(rows, width)?;
        config.check(n)?;
        let mut points = pca(rows, width)?;
        let rows: Vec<f64> = rows.iter().map(|value| f64::from(*value)).collect();
        let affinities = if n <= MOST_EXACT || config.theta == 0.0 {
            let conditional = affinity::conditional(&rows, width, config.perplexity);
            Affinities::Dense(affinity::joint(conditional.probabilities, n))
        } else {
            Affinities::Sparse(SparseAffinities::new(&rows, width, config.perplexity))
        };
        start(&mut points, seed);
        Ok(Tsne {
            config,
            affinities,
            velocities: vec![[0.0; 2]; n],
            gains: vec![[1.0; 2]; n],
            points,
            iteration: 0,
        })
    }

    /// One iteration; nothing once all are done.
    ///
    /// `v <- m v - rate g dKL/dy`, `y <- y + v`, with momentum `m` 0.5 while `P` is exaggerated and
    /// 0.8 from then on, and a gain `g` for each coordinate: up by 0.2 where the gradient points
    /// against the velocity, else times 0.8, never below 0.01 (the authors' code; Jacobs 1988).
    pub fn step(&mut self) {
        if self.is_done() {
            return;
        }
        let TsneConfig { exaggeration, exaggeration_steps, rate, theta, .. } = self.config;
        let n = self.points.len() as f64;
        let rate = rate.unwrap_or((n / exaggeration / 4.0).max(50.0));
        let (momentum, exaggeration) =
            if self.iteration < exaggeration_steps { (0.5, exaggeration) } else { (0.8, 1.0) };
        let gradient = match &self.affinities {
            Affinities::Dense(p) => exact::gradient(p, &self.points, exaggeration),
            Affinities::Sparse(p) => barnes_hut::gradient(p, &self.points, exaggeration, theta),
        };
        let coordinates = self.points.as_flattened_mut().iter_mut();
        let velocities = self.velocities.as_flattened_mut().iter_mut();
        let gains = self.gains.as_flattened_mut().iter_mut();
        for (((y, v), gain), slope) in
            coordinates.zip(velocities).zip(gains).zip(gradient.as_flattened())
        {
            let onwards = (*slope > 0.0) != (*v > 0.0);
            *gain = if onwards { *gain + 0.2 } else { (*gain * 0.8).max(0.01) };
            *v = momentum * *v - rate * *gain * slope;
            *y += *v;
        }
        centre(&mut self.points);
        self.iteration += 1;
    }

    /// Where the points are, in the order of the rows; their mean is 0.
    pub fn points(&self) -> &[[f64; 2]] {
        &self.points
    }

    /// `KL(P || Q)` in nats at the present points, without exaggeration. It takes as long as a step.
    pub fn divergence(&self) -> f64 {
        match &self.affinities {
            Affinities::Dense(p) => exact::divergence(p, &self.points),
            Affinities::Sparse(p) => barnes_hut::divergence(p, &self.points, self.config.theta),
        }
    }

    /// How many iterations are done.
    pub fn iteration(&self) -> usize {
        self.iteration
    }

    /// Whether all are.
    pub fn is_done(&self) -> bool {
        self.iteration >= self.config.steps
    }
}

/// Scales principal components down and adds noise.
fn start(points: &mut [[f64; 2]], seed: Seed) {
    const DEVIATION: f64 = 1e-4;
    const NOISE: f64 = 0.01 * DEVIATION;

    let squares: f64 = points.iter().map(|point| point[0] * point[0]).sum();
    let deviation = (squares / points.len() as f64).sqrt();
    let scale = if deviation > 0.0 { DEVIATION / deviation } else { 0.0 };
    let mut stream = seed.stream("embed/tsne");
    for coordinate in points.as_flattened_mut() {
        *coordinate = *coordinate * scale + NOISE * stream.normal();
    }
    centre(points);
}

/// The objective sees differences only: without this, the points would drift.
fn centre(points: &mut [[f64; 2]]) {
    for k in 0..2 {
        let mean = points.iter().map(|point| point[k]).sum::<f64>() / points.len() as f64;
        points.iter_mut().for_each(|point| point[k] -= mean);
    }
}
