//! Randomness: one seed, named streams, drawn on the host.
//!
//! Devices' own generators differ between back ends, are global and cannot be saved. Every draw of
//! this crate therefore comes from ChaCha8 (Bernstein 2008), whose output is specified to the bit,
//! and each use has a stream of its own, so that one more draw in one place moves nothing elsewhere.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The seed of a run. Everything random in it follows from this number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Seed(pub u64);

impl Seed {
    /// The stream of the given name, at its start: `seed.stream("stage/2/batches")`.
    pub fn stream(self, name: &str) -> Stream {
        // The name is hashed into the key, so that streams are independent for any seed.
        let mut hash = Sha256::new();
        hash.update(self.0.to_le_bytes());
        hash.update(name.as_bytes());
        Stream { rng: ChaCha8Rng::from_seed(hash.finalize().into()) }
    }
}

/// A stream of draws.
#[derive(Clone, Debug)]
pub struct Stream {
    rng: ChaCha8Rng,
}

impl Stream {
    /// How many 32-bit words have been drawn; with the seed and the name, the whole state.
    pub fn position(&self) -> u128 {
        self.rng.get_word_pos()
    }

    /// Goes to a position that [`Stream::position`] gave.
    pub fn set_position(&mut self, position: u128) {
        self.rng.set_word_pos(position);
    }

    /// A whole number below `bound`, every one equally likely (Lemire 2019, with rejection).
    /// 0 where `bound` is 0.
    pub fn below(&mut self, bound: usize) -> usize {
        let bound = bound as u64;
        if bound == 0 {
            return 0;
        }
        let threshold = bound.wrapping_neg() % bound;
        loop {
            let product = u128::from(self.rng.next_u64()) * u128::from(bound);
            if product as u64 >= threshold {
                return (product >> 64) as usize;
            }
        }
    }

    /// Uniform on `[0, 1)`, 53 bits.
    pub fn uniform(&mut self) -> f64 {
        (self.rng.next_u64() >> 11) as f64 / (1u64 << 53) as f64
    }

    /// Standard normal (Box and Muller 1958, the cosine half).
    pub fn normal(&mut self) -> f64 {
        // 1 - u lies in (0, 1]: the logarithm is finite.
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// A permutation of `0..n` (Fisher and Yates).
    pub fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        self.shuffle(&mut order);
        order
    }

    /// Puts `items` into random order.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            items.swap(last, self.below(last + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_fixed_by_seed_and_name() {
        let draw = |seed, name| Seed(seed).stream(name).below(usize::MAX);
        assert_eq!(draw(1, "a"), draw(1, "a"));
        assert_ne!(draw(1, "a"), draw(2, "a"));
        assert_ne!(draw(1, "a"), draw(1, "b"));
    }

    #[test]
    fn a_stream_goes_on_from_a_saved_position() {
        let mut stream = Seed(3).stream("x");
        stream.permutation(7);
        let position = stream.position();
        let next = stream.normal();
        let mut resumed = Seed(3).stream("x");
        resumed.set_position(position);
        assert_eq!(resumed.normal(), next);
    }

    #[test]
    fn draws_have_the_moments_they_should() {
        let mut stream = Seed(5).stream("moments");
        let n = 20_000;
        let normal: Vec<f64> = (0..n).map(|_| stream.normal()).collect();
        let mean = normal.iter().sum::<f64>() / n as f64;
        let variance = normal.iter().map(|z| (z - mean).powi(2)).sum::<f64>() / n as f64;
        assert!(mean.abs() < 0.03 && (variance - 1.0).abs() < 0.05, "{mean} {variance}");
        let mut counts = [0; 3];
        (0..n).for_each(|_| counts[stream.below(3)] += 1);
        assert!(counts.iter().all(|&c| (c as f64 / n as f64 - 1.0 / 3.0).abs() < 0.02));
        let mut order = stream.permutation(50);
        order.sort_unstable();
        assert_eq!(order, (0..50).collect::<Vec<_>>());
        assert_eq!(stream.below(0), 0);
    }
}
