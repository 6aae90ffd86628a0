//! Smaller training splits: for quick runs, and for choosing settings without the test split.

use super::{Dataset, Kind, Splits};
use crate::rng::Seed;

impl Splits {
    /// A random split of `n` samples, where the publisher has none: `share` of them train, the others
    /// test. Not stratified. `stream` names the draw.
    pub(super) fn random(n: usize, share: f64, seed: Seed, stream: &str) -> Splits {
        let order = seed.stream(stream).permutation(n);
        let n_train = (n as f64 * share).round() as usize;
        let (train, test) = order.split_at(n_train.min(n));
        let ascending = |part: &[usize]| {
            let mut part: Vec<u32> = part.iter().map(|&i| i as u32).collect();
            part.sort_unstable();
            part
        };
        Splits { train: ascending(train), valid: Vec::new(), test: ascending(test) }
    }
}

impl Dataset {
    /// Keeps at most `samples` of the training split, drawn at random and with the classes in the
    /// same proportions (largest remainders). The nodes of a graph stay as they are: their split
    /// is small already, and the others are needed for their edges.
    pub fn with_at_most(mut self, samples: usize, seed: Seed) -> Dataset {
        if samples < self.splits.train.len() && self.samples.kind() != Kind::Nodes {
            self.splits.train = self.stratified(samples, seed, "data/subset");
        }
        self
    }

    /// Moves a share of the training split into the validation split, where that is empty: drawn at
    /// random, with the classes in the same proportions.
    pub fn hold_out(mut self, share: f64, seed: Seed) -> Dataset {
        if self.splits.valid.is_empty() {
            let samples = (self.splits.train.len() as f64 * share.clamp(0.0, 1.0)) as usize;
            self.splits.valid = self.stratified(samples, seed, "data/hold-out");
            let valid = &self.splits.valid;
            self.splits.train.retain(|sample| valid.binary_search(sample).is_err());
        }
        self
    }

    /// So many training samples, ascending, each class in proportion. At most all of them.
    fn stratified(&self, samples: usize, seed: Seed, stream: &str) -> Vec<u32> {
        let mut by_class = vec![Vec::new(); self.classes.len()];
        for &sample in &self.splits.train {
            let class = self.labels.get(sample as usize).map(|&label| usize::from(label));
            if let Some(members) = class.and_then(|class| by_class.get_mut(class)) {
                members.push(sample);
            }
        }
        let sizes: Vec<usize> = by_class.iter().map(Vec::len).collect();
        let mut stream = seed.stream(stream);
        let mut drawn = Vec::with_capacity(samples);
        for (mut members, quota) in by_class.into_iter().zip(quotas(&sizes, samples)) {
            stream.shuffle(&mut members);
            drawn.extend(members.into_iter().take(quota));
        }
        drawn.sort_unstable();
        drawn
    }
}

/// `total` shared out in proportion to `sizes`, by largest remainders. `total` is at most their sum.
fn quotas(sizes: &[usize], total: usize) -> Vec<usize> {
    let n = sizes.iter().sum::<usize>().max(1) as u128;
    let shares: Vec<u128> = sizes.iter().map(|&size| size as u128 * total as u128).collect();
    let mut quotas: Vec<usize> = shares.iter().map(|share| (share / n) as usize).collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|&class| std::cmp::Reverse(shares[class] % n));
    let left = total - quotas.iter().sum::<usize>();
    order.into_iter().take(left).for_each(|class| quotas[class] += 1);
    quotas
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Samples, Splits, Vectors};

    fn dataset() -> Dataset {
        let labels: Vec<u8> = (0..100).map(|i| u8::from(i % 4 == 0)).collect();
        let vectors = Vectors { width: 1, values: vec![0.0; 100], names: vec!["x".into()] };
        Dataset {
            name: "x".into(),
            classes: vec!["a".into(), "b".into()],
            samples: Samples::Vectors(vectors),
            labels,
            splits: Splits { train: (0..80).collect(), valid: vec![], test: (80..100).collect() },
        }
    }

    #[test]
    fn a_subset_keeps_the_proportions_and_the_seed_decides() {
        let small = dataset().with_at_most(20, Seed(1));
        assert_eq!(small.splits.train.len(), 20);
        assert!(small.check().is_ok());
        let ones = small.splits.train.iter().filter(|&&i| small.labels[i as usize] == 1).count();
        assert_eq!(ones, 5);
        assert_eq!(small.splits, dataset().with_at_most(20, Seed(1)).splits);
        assert_ne!(small.splits, dataset().with_at_most(20, Seed(2)).splits);
        assert_eq!(small.splits.test, dataset().splits.test);
        assert_eq!(dataset().with_at_most(80, Seed(1)).splits, dataset().splits);
    }

    #[test]
    fn remainders_are_shared_out() {
        assert_eq!(quotas(&[5, 3, 2], 5), [3, 1, 1]);
        assert_eq!(quotas(&[1, 1, 1], 2), [1, 1, 0]);
        assert_eq!(quotas(&[], 0), [0; 0]);
    }
}
