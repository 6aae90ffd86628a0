//! Inputs and initial weights of the tasks, from fixed seeds: number for number those that the other
//! trainers are given, so that the losses can be compared.

use std::collections::HashSet;

/// A small generator of 32 bits (mulberry32).
struct Draws(u32);

impl Draws {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x6d2b_79f5);
        let mut t = self.0;
        t = (t ^ (t >> 15)).wrapping_mul(t | 1);
        t ^= t.wrapping_add((t ^ (t >> 7)).wrapping_mul(t | 61));
        f64::from(t ^ (t >> 14)) / 4_294_967_296.0
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() * n as f64) as usize
    }

    /// Uniform on `(-bound, bound)`.
    fn uniform(&mut self, n: usize, bound: f64) -> Vec<f32> {
        (0..n).map(|_| ((2.0 * self.next() - 1.0) * bound) as f32).collect()
    }

    /// A dense layer's weight and bias.
    fn dense(&mut self, inputs: usize, outputs: usize) -> [Vec<f32>; 2] {
        let bound = 1.0 / (inputs as f64).sqrt();
        [self.uniform(inputs * outputs, bound), self.uniform(outputs, bound)]
    }

    /// A convolution's weight `[outputs, inputs, 5, 5]` and bias.
    fn conv(&mut self, inputs: usize, outputs: usize) -> [Vec<f32>; 2] {
        let bound = 1.0 / ((inputs * 25) as f64).sqrt();
        [self.uniform(outputs * inputs * 25, bound), self.uniform(outputs, bound)]
    }
}

/// Samples, labels and weights.
pub struct Data {
    pub x: Vec<f32>,
    pub y: Vec<i32>,
    pub weights: Vec<Vec<f32>>,
}

/// Inputs of unit variance.
const UNIT: f64 = 1.7320508;

pub fn mlp(n: usize) -> Data {
    let mut draws = Draws(1);
    let x = draws.uniform(n * 104, UNIT);
    let teacher = draws.uniform(104, 1.0);
    let score = |row: &[f32]| -> f64 {
        row.iter().zip(&teacher).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum()
    };
    let y = x.chunks_exact(104).map(|row| i32::from(score(row) > 0.0)).collect();
    let layers = [(104, 64), (64, 16), (16, 2)].map(|(i, o)| draws.dense(i, o));
    Data { x, y, weights: layers.into_iter().flatten().collect() }
}

pub fn cnn(n: usize) -> Data {
    let mut draws = Draws(2);
    let mut x = vec![0.0f32; n * 784];
    let mut y = Vec::new();
    for image in x.chunks_exact_mut(784) {
        let class = draws.below(10);
        let (column, row) = (4 + draws.below(20), 4 + draws.below(20));
        image.iter_mut().for_each(|pixel| *pixel = (0.2 * draws.next()) as f32);
        for k in 0..=2 * class {
            let at = (row + k).saturating_sub(class).min(27);
            let pixel = &mut image[at * 28 + column];
            *pixel = (f64::from(*pixel) + 0.8) as f32;
        }
        y.push(class as i32);
    }
    let mut weights = Vec::new();
    weights.extend(draws.conv(1, 16));
    weights.extend(draws.conv(16, 32));
    weights.extend(draws.dense(512, 128));
    weights.extend(draws.dense(128, 10));
    Data { x, y, weights }
}

/// A citation graph of the size of Cora.
pub struct Citations {
    pub n: usize,
    pub features: usize,
    /// `(row, column)` of every feature that is on.
    pub on: Vec<[i32; 2]>,
    /// Both directions of every edge, no self-loop.
    pub edges: Vec<[u32; 2]>,
    pub y: Vec<i32>,
    pub weights: Vec<Vec<f32>>,
}

/// The value of a feature that is on.
pub const ON: f32 = 1.0 / 18.0;

pub fn gcn() -> Citations {
    const N: usize = 2708;
    const FEATURES: usize = 1433;
    const CLASSES: usize = 7;
    const LINKS: usize = 5278;

    let mut draws = Draws(3);
    let y: Vec<i32> = (0..N).map(|_| draws.below(CLASSES) as i32).collect();
    let mut on = Vec::new();
    for (row, class) in y.iter().enumerate() {
        let mut columns = HashSet::new();
        for _ in 0..18 {
            let own = draws.next() < 0.3;
            let column = if own {
                ((f64::from(*class) + draws.next()) * (FEATURES as f64 / CLASSES as f64)) as usize
            } else {
                draws.below(FEATURES)
            };
            columns.insert(column.min(FEATURES - 1));
        }
        let mut columns: Vec<usize> = columns.into_iter().collect();
        columns.sort_unstable();
        on.extend(columns.into_iter().map(|column| [row as i32, column as i32]));
    }
    let mut seen = HashSet::new();
    while seen.len() < LINKS {
        let (a, b) = (draws.below(N) as u32, draws.below(N) as u32);
        if a != b {
            seen.insert([a.min(b), a.max(b)]);
        }
    }
    let mut edges: Vec<[u32; 2]> = seen.iter().flat_map(|&[a, b]| [[a, b], [b, a]]).collect();
    edges.sort_unstable_by_key(|&[source, target]| (target, source));
    let weights = [(FEATURES, 16), (16, CLASSES)]
        .map(|(i, o)| draws.uniform(i * o, 1.0 / (i as f64).sqrt()))
        .to_vec();
    Citations { n: N, features: FEATURES, on, edges, y, weights }
}

/// `128 x 104` samples and one weight, `104 x 64`.
pub fn gram(n: usize) -> Data {
    let mut draws = Draws(4);
    let x = draws.uniform(n * 104, UNIT);
    let weight = draws.uniform(104 * 64, 1.0 / 104f64.sqrt());
    Data { x, y: Vec::new(), weights: vec![weight] }
}
