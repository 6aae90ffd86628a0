//! t-SNE, one iteration at a time.

use super::error::count_rows;
use super::pca::Principal;
use super::sparse::SparseAffinities;
use super::{EmbedError, TsneConfig, affinity, barnes_hut, exact};
use crate::rng::Seed;

/// Up to so many points all pairs are taken; beyond, near neighbours and cells.
const MOST_EXACT: usize = 2_000;

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
        let principal = Principal::new(rows, width)?;
        let mut points = principal.plane();
        let rows = || rows.iter().map(|value| f64::from(*value)).collect::<Vec<f64>>();
        let affinities = if n <= MOST_EXACT || config.theta == 0.0 {
            let conditional = affinity::conditional(&rows(), width, config.perplexity);
            Affinities::Dense(affinity::joint(conditional.probabilities, n))
        } else {
            // With the greatest differences first, most distances are soon known to be too large.
            let rows = principal.coordinates().unwrap_or_else(rows);
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Two Gaussian blobs of `n / 2` rows, 8 standard deviations apart.
    fn blobs(n: usize, width: usize) -> Vec<f32> {
        let mut stream = Seed(8).stream("blobs");
        let shift = |i: usize, j: usize| if 2 * i < n && j == 0 { 8.0 } else { 0.0 };
        (0..n * width).map(|k| (shift(k / width, k % width) + stream.normal()) as f32).collect()
    }

    fn run(rows: &[f32], width: usize, config: TsneConfig, seed: u64) -> Tsne {
        let mut tsne = Tsne::new(rows, width, config, Seed(seed)).unwrap();
        while !tsne.is_done() {
            tsne.step();
        }
        tsne
    }

    /// Whether every point is nearer to the mean of its own half.
    fn separates(points: &[[f64; 2]]) -> bool {
        let halves = points.split_at(points.len() / 2);
        let mean = |half: &[[f64; 2]]| {
            [0, 1].map(|k| half.iter().map(|point| point[k]).sum::<f64>() / half.len() as f64)
        };
        let [a, b] = [mean(halves.0), mean(halves.1)];
        let squared = |p: &[f64; 2], q: [f64; 2]| (p[0] - q[0]).powi(2) + (p[1] - q[1]).powi(2);
        halves.0.iter().all(|p| squared(p, a) < squared(p, b))
            && halves.1.iter().all(|p| squared(p, b) < squared(p, a))
    }

    #[test]
    fn two_blobs_separate_and_the_divergence_falls() {
        let rows = blobs(200, 10);
        let config = TsneConfig { exaggeration_steps: 100, steps: 400, ..TsneConfig::default() };
        let mut tsne = Tsne::new(&rows, 10, config, Seed(1)).unwrap();
        let mut divergences = vec![tsne.divergence()];
        while !tsne.is_done() {
            (0..100).for_each(|_| tsne.step());
            divergences.push(tsne.divergence());
        }
        assert!(divergences.is_sorted_by(|before, after| before > after), "{divergences:?}");
        assert!(separates(tsne.points()));
        let points = tsne.points().to_vec();
        tsne.step();
        assert_eq!((tsne.points(), tsne.iteration()), (points.as_slice(), 400));
    }

    #[test]
    fn many_points_separate_by_cells() {
        let rows = blobs(2 * MOST_EXACT, 5);
        let config = TsneConfig { perplexity: 10.0, steps: 300, ..TsneConfig::default() };
        let mut tsne = Tsne::new(&rows, 5, config, Seed(1)).unwrap();
        assert!(matches!(tsne.affinities, Affinities::Sparse(_)));
        let before = tsne.divergence();
        while !tsne.is_done() {
            tsne.step();
        }
        assert!(tsne.divergence() < 0.6 * before, "{} {before}", tsne.divergence());
        assert!(separates(tsne.points()));
    }

    #[test]
    fn a_seed_gives_the_same_points_to_the_bit() {
        for (n, steps) in [(60, 300), (MOST_EXACT + 1, 5)] {
            let rows = blobs(n, 4);
            let config = TsneConfig { perplexity: 8.0, steps, ..TsneConfig::default() };
            let [a, b, other] = [1, 1, 2].map(|seed| run(&rows, 4, config.clone(), seed));
            assert_eq!(a.points(), b.points());
            assert_ne!(a.points(), other.points());
        }
    }

    #[test]
    fn rows_that_are_none_are_refused() {
        let nan = Tsne::new(&[0.0, f32::NAN, 1.0], 1, TsneConfig::for_points(3), Seed(0));
        assert!(matches!(nan.err(), Some(EmbedError::NotFinite { row: 1, .. })));
        let two = Tsne::new(&[0.0, 1.0], 1, TsneConfig::for_points(2), Seed(0));
        assert_eq!(two.err(), Some(EmbedError::TooFewPoints { found: 2 }));
    }

    #[test]
    fn repeated_and_constant_rows_stay_finite() {
        let pairs: Vec<f32> = (0..60).map(|k| (k / 12) as f32).collect();
        for rows in [vec![1.0; 90], pairs, vec![f32::MAX, 0.0, f32::MIN, 0.0, 0.0, 1.0]] {
            let tsne = run(&rows, 1, TsneConfig::for_points(rows.len()), 1);
            assert!(tsne.points().as_flattened().iter().all(|y| y.is_finite()));
            assert!(tsne.divergence().is_finite());
        }
    }
}
