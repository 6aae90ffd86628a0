//! The settings of t-SNE.

use serde::{Deserialize, Serialize};

use super::EmbedError;

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

    /// Whether `n` points can be placed so.
    ///
    /// # Errors
    /// The first setting out of range.
    pub fn check(&self, n: usize) -> Result<(), EmbedError> {
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
            ("theta", "0 to 0.7", self.theta, (0.0..=0.7).contains(&self.theta)),
        ];
        match settings.into_iter().find(|(.., valid)| !valid) {
            Some((name, expected, found, _)) => Err(EmbedError::Setting { name, expected, found }),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_do_not_fit_are_refused() {
        let code = |config: TsneConfig, n: usize| config.check(n).err().map(|error| error.code());
        let config = TsneConfig::default();
        assert_eq!(code(config.clone(), 32), None);
        assert_eq!(code(config.clone(), 31), Some("embed/perplexity"));
        for perplexity in [0.5, -1.0, f64::NAN, f64::INFINITY] {
            let config = TsneConfig { perplexity, ..config.clone() };
            assert_eq!(code(config, 100), Some("embed/perplexity"));
        }
        for wrong in [
            TsneConfig { theta: 1.5, ..config.clone() },
            TsneConfig { theta: f64::NAN, ..config.clone() },
            TsneConfig { rate: Some(0.0), ..config.clone() },
            TsneConfig { exaggeration: f64::INFINITY, ..config },
        ] {
            assert_eq!(code(wrong, 100), Some("embed/setting"));
        }
    }

    #[test]
    fn there_are_settings_for_any_number_of_points() {
        assert_eq!(TsneConfig::for_points(2).check(2), Err(EmbedError::TooFewPoints { found: 2 }));
        assert!((3..200).all(|n| TsneConfig::for_points(n).check(n).is_ok()));
        assert_eq!(TsneConfig::for_points(91), TsneConfig::default());
    }
}
