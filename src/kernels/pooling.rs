//! Max-pooling.

use burn::tensor::Tensor;
use burn::tensor::module::max_pool2d;
use burn::tensor::ops::MaxPoolOptions;

use super::host::{HostOperation, apply, operand};

/// The largest of each `size x size` square, squares side by side; a rest is dropped. Where several
/// are largest, the first of them gets the gradient; a square with a NaN gives NaN.
pub fn max_pool(x: Tensor<4>, size: usize) -> Tensor<4> {
    let [images, channels, height, width] = x.dims();
    match operand(&x) {
        Some(x) if size == 2 => {
            let shape = [images, channels, height / 2, width / 2];
            apply(Pairs { height, width }, [x], shape)
        }
        _ => max_pool2d(x, MaxPoolOptions::new([size; 2])),
    }
}

/// Squares of two by two, in planes of this size.
#[derive(Clone, Copy, Debug)]
struct Pairs {
    height: usize,
    width: usize,
}

impl HostOperation<1> for Pairs {
    /// Which entry of each square is the largest, row by row.
    type Saved = Vec<u32>;

    fn forward(&self, [x]: [&[f32]; 1]) -> (Vec<f32>, Vec<u32>) {
        let Pairs { height, width } = *self;
        let [rows, columns] = [height / 2, width / 2];
        let planes = x.chunks_exact(height * width);
        let squares = planes.len() * rows * columns;
        let (mut out, mut places) = (vec![0.0; squares], vec![0; squares]);
        let results = out.chunks_exact_mut(columns).zip(places.chunks_exact_mut(columns));
        let bands = planes.flat_map(|plane| plane.chunks_exact(2 * width));
        for (band, (out, places)) in bands.zip(results) {
            let (top, bottom) = band.split_at(width);
            let rows = top.as_chunks().0.iter().zip(bottom.as_chunks().0);
            for (([a, b], [c, d]), (out, place)) in rows.zip(out.iter_mut().zip(places)) {
                (*out, *place) = largest([*a, *b, *c, *d]);
            }
        }
        (out, places)
    }

    fn backward(
        &self,
        places: &Vec<u32>,
        [x]: [&[f32]; 1],
        gradient: &[f32],
        _wanted: [bool; 1],
    ) -> [Option<Vec<f32>>; 1] {
        let Pairs { height, width } = *self;
        let mut found = vec![0.0; x.len()];
        let results = gradient.chunks_exact(width / 2).zip(places.chunks_exact(width / 2));
        let bands = found.chunks_exact_mut(height * width);
        let bands = bands.flat_map(|plane| plane.chunks_exact_mut(2 * width));
        for (band, (gradient, places)) in bands.zip(results) {
            let (top, bottom) = band.split_at_mut(width);
            for (half, row) in [top, bottom].into_iter().enumerate() {
                let squares = gradient.iter().zip(places);
                for (entries, (gradient, place)) in row.as_chunks_mut().0.iter_mut().zip(squares) {
                    let first = 2 * half as u32;
                    *entries =
                        [first, first + 1].map(|own| if *place == own { *gradient } else { 0.0 });
                }
            }
        }
        [Some(found)]
    }
}

/// Without branches, so that many squares are done at a time.
fn largest(entries: [f32; 4]) -> (f32, u32) {
    let mut best = (entries[0], 0);
    for (entry, place) in entries.into_iter().zip(0..).skip(1) {
        let kept = best.0.is_nan() || entry <= best.0;
        best = if kept { best } else { (entry, place) };
    }
    best
}
