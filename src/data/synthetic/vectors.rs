//! Two hidden exclusive-ors among noise.
//!
//! Of 16 directions in space, four carry a sign each, `s_1` to `s_4`, blurred; the other 12 are
//! noise of larger variance. The class is the pair `(s_1 s_2, s_3 s_4)`: no direction alone says
//! anything of it. The whole is rotated at random, so that every feature mixes all directions.

use super::{CITATION, TERMS, in_order};
use crate::data::{DataError, Dataset, Files, Kind, Origin, Samples, Source, Vectors};
use crate::rng::{Seed, Stream};

pub(in crate::data) static VECTORS: Source = Source {
    name: "vectors",
    title: "Vectors",
    description: "5,000 made-up points of 16 features: which of four combinations of signs?",
    kind: Kind::Vectors,
    files: &[],
    origin: Origin::Generated,
    terms: TERMS,
    citation: CITATION,
    read,
};

const N_TRAIN: u32 = 4000;
const N_TEST: u32 = 1000;
const WIDTH: usize = 16;
const N_SIGNS: usize = 4;
/// Standard deviation around a sign.
const BLUR: f64 = 0.3;
/// Standard deviation of the other directions.
const NOISE: f64 = 1.2;

fn read(_: &Files, seed: Seed) -> Result<Dataset, DataError> {
    let mut stream = seed.stream("data/vectors");
    let rotation = rotation(&mut stream);
    let n = (N_TRAIN + N_TEST) as usize;
    let mut values = Vec::with_capacity(n * WIDTH);
    let mut labels = Vec::with_capacity(n);
    for _ in 0..n {
        let signs: [f64; N_SIGNS] = std::array::from_fn(|_| [-1.0, 1.0][stream.below(2)]);
        let point: [f64; WIDTH] = std::array::from_fn(|i| match signs.get(i) {
            Some(sign) => sign + BLUR * stream.normal(),
            None => NOISE * stream.normal(),
        });
        values.extend(rotation.iter().map(|axis| dot(axis, &point) as f32));
        labels.push(2 * u8::from(signs[0] != signs[1]) + u8::from(signs[2] != signs[3]));
    }
    let names = (1..=WIDTH).map(|i| format!("x{i}")).collect();
    Ok(Dataset {
        name: VECTORS.name.to_owned(),
        classes: ["same, same", "same, other", "other, same", "other, other"]
            .map(str::to_owned)
            .to_vec(),
        samples: Samples::Vectors(Vectors { width: WIDTH, values, names }),
        labels,
        splits: in_order(N_TRAIN, 0, N_TEST),
    })
}

/// A random orthogonal matrix: normal rows, made orthonormal one after the other (Gram, Schmidt).
fn rotation(stream: &mut Stream) -> Vec<[f64; WIDTH]> {
    let mut rows: Vec<[f64; WIDTH]> = Vec::with_capacity(WIDTH);
    while rows.len() < WIDTH {
        let mut row: [f64; WIDTH] = std::array::from_fn(|_| stream.normal());
        for done in &rows {
            let along = dot(&row, done);
            row.iter_mut().zip(done).for_each(|(x, d)| *x -= along * d);
        }
        let length = dot(&row, &row).sqrt();
        row.iter_mut().for_each(|x| *x /= length);
        rows.push(row);
    }
    rows
}

fn dot(a: &[f64; WIDTH], b: &[f64; WIDTH]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotations_are_orthogonal() {
        let rows = rotation(&mut Seed(1).stream("test"));
        for (i, a) in rows.iter().enumerate() {
            for (j, b) in rows.iter().enumerate() {
                assert!((dot(a, b) - f64::from(u8::from(i == j))).abs() < 1e-9);
            }
        }
    }
}
