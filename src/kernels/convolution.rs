//! Two-dimensional convolution.
//!
//! Written as sums over pairs of an offset into the image and a weight, with a few vectors of the
//! result held in registers: a product of matrices without the matrix of patches, which would be
//! `kernel^2` times the image.

use burn::tensor::Tensor;
use burn::tensor::module::conv2d;
use burn::tensor::ops::ConvOptions;
use std::array;
use std::ops::Range;

use super::host::{HostOperation, apply, each_part, operand};
use super::simd::{BLOCK, Correlations, Kernel, LANES, Patches, Run, VECTORS, Vector};

/// Convolution with a square kernel, stride 1 and `padding` zeros on every side: `N x O x H' x W'`
/// from `N x C x H x W`, weights `O x C x K x K` and a bias for each of the `O` planes, with
/// `H' = H + 2 padding - K + 1`.
pub fn convolve(x: Tensor<4>, weight: Tensor<4>, bias: Tensor<1>, padding: usize) -> Tensor<4> {
    let [images, channels, height, width] = x.dims();
    let [outputs, _, kernel, _] = weight.dims();
    let host = (operand(&x), operand(&weight), operand(&bias));
    // With more padding than that, the gradient of the input is no convolution of the same kind.
    if let ((Some(x), Some(weight), Some(bias)), true) = (host, padding < kernel) {
        let planes = Planes { channels, height, width, outputs, kernel, padding };
        let [out_height, out_width] = planes.output();
        let shape = [images, outputs, out_height, out_width];
        return apply(planes, [x, weight, bias], shape);
    }
    let options = ConvOptions::new([1; 2], [padding; 2], [1; 2], 1);
    conv2d(x, weight, Some(bias), options)
}

/// Images whose contributions to the weights' gradient are added up together: the images stay in the
/// first cache, and the order of additions does not depend on the number of threads.
const CHUNK: usize = 4;

/// What a convolution reads and makes of one image.
#[derive(Clone, Copy, Debug)]
struct Planes {
    channels: usize,
    height: usize,
    width: usize,
    outputs: usize,
    kernel: usize,
    padding: usize,
}

/// Vectors of the result that have the same kernel rows within the image.
struct Group {
    /// Which of the kernel's rows count, in each channel.
    rows: Range<usize>,
    /// Where each starts in the padded image, as if the kernel's first row were within it.
    starts: [usize; VECTORS],
    /// Row and column of each in the result.
    places: [[usize; 2]; VECTORS],
    count: usize,
}

impl HostOperation<3> for Planes {
    type Saved = ();

    fn forward(&self, [x, weight, bias]: [&[f32]; 3]) -> (Vec<f32>, ()) {
        let k = self.kernel;
        let at = |o: usize, c: usize, y: usize, x: usize| {
            weight[((o * self.channels + c) * k + y) * k + x]
        };
        (self.correlate(x, &self.pack(at), bias), ())
    }

    fn backward(
        &self,
        _saved: &(),
        [x, weight, _]: [&[f32]; 3],
        gradient: &[f32],
        wanted: [bool; 3],
    ) -> [Option<Vec<f32>>; 3] {
        [
            wanted[0].then(|| self.input_gradient(weight, gradient)),
            wanted[1].then(|| self.weight_gradient(x, gradient)),
            wanted[2].then(|| self.bias_gradient(gradient)),
        ]
    }
}

impl Planes {
    fn output(&self) -> [usize; 2] {
        [self.height, self.width].map(|side| side + 2 * self.padding + 1 - self.kernel)
    }

    fn plane(&self) -> usize {
        self.height * (self.width + 2 * self.padding)
    }

    /// Images with their padding on the left and on the right, and room for a vector that starts at
    /// the last entry. Rows above and below are left out of the sums instead.
    fn pad(&self, images: &[f32], padded: &mut Vec<f32>) {
        for row in images.chunks_exact(self.width) {
            padded.resize(padded.len() + self.padding, 0.0);
            padded.extend_from_slice(row);
            padded.resize(padded.len() + self.padding, 0.0);
        }
        padded.resize(padded.len() + LANES, 0.0);
    }

    /// The weights of `BLOCK` planes at a time, kernel row by kernel row, as [`Planes::rows`] lists
    /// them; planes that are not there have zeros.
    fn pack(&self, at: impl Fn(usize, usize, usize, usize) -> f32) -> Vec<[f32; BLOCK]> {
        let mut packed = Vec::new();
        for first in (0..self.outputs).step_by(BLOCK) {
            for y in 0..self.kernel {
                for c in 0..self.channels {
                    packed.extend((0..self.kernel).map(|x| {
                        array::from_fn(|o| match first + o < self.outputs {
                            true => at(first + o, c, y, x),
                            false => 0.0,
                        })
                    }));
                }
            }
        }
        packed
    }

    /// Where each row of the kernel, in each channel, begins from a vector's start.
    fn rows(&self) -> Vec<usize> {
        let stride = self.width + 2 * self.padding;
        let row = |y| (0..self.channels).map(move |c| c * self.plane() + y * stride);
        (0..self.kernel).flat_map(row).collect()
    }

    fn groups(&self) -> Vec<Group> {
        let [out_height, out_width] = self.output();
        let stride = self.width + 2 * self.padding;
        let mut groups: Vec<Group> = Vec::new();
        for y in 0..out_height {
            let first = self.padding.saturating_sub(y);
            let last = self.kernel.min(self.height + self.padding - y);
            let rows = first * self.channels..last * self.channels;
            for x in (0..out_width).step_by(LANES) {
                // The first rows start above the image: those of the kernel bring them back into it.
                let start = (y * stride + x).wrapping_sub(self.padding * stride);
                match groups.last_mut() {
                    Some(group) if group.count < VECTORS && group.rows == rows => {
                        group.starts[group.count] = start;
                        group.places[group.count] = [y, x];
                        group.count += 1;
                    }
                    _ => groups.push(Group {
                        rows: rows.clone(),
                        starts: [start; VECTORS],
                        places: [[y, x]; VECTORS],
                        count: 1,
                    }),
                }
            }
        }
        groups
    }

    /// `out[o, y, x] = bias[o] + sum over c, i, j of in[c, y + i - p, x + j - p] w[o, c, i, j]` for every
    /// image.
    fn correlate(&self, images: &[f32], packed: &[[f32; BLOCK]], bias: &[f32]) -> Vec<f32> {
        let [out_height, out_width] = self.output();
        let length = self.channels * self.height * self.width;
        let out_length = self.outputs * out_height * out_width;
        let (rows, groups) = (self.rows(), self.groups());
        let mut out = vec![0.0; images.len() / length * out_length];
        each_part(&mut out, out_length, |image, out| {
            let mut padded = Vec::with_capacity(self.channels * self.plane() + LANES);
            self.pad(&images[image * length..][..length], &mut padded);
            let blocks = packed.chunks_exact(rows.len() * self.kernel).enumerate();
            for (block, weights) in blocks {
                for Group { rows: own, starts, places, count } in &groups {
                    let weights = &weights[own.start * self.kernel..own.end * self.kernel];
                    let rows = &rows[own.clone()];
                    let patches = Patches {
                        image: &padded,
                        rows,
                        width: self.kernel,
                        weights,
                        starts: *starts,
                        count: *count,
                    };
                    for (o, sums) in (block * BLOCK..self.outputs).zip(patches.sums()) {
                        let bias = bias.get(o).copied().unwrap_or(0.0);
                        for (sums, [y, x]) in sums.iter().zip(places).take(*count) {
                            let row = &mut out[(o * out_height + y) * out_width..][..out_width];
                            let row = row[*x..].iter_mut().zip(sums);
                            row.for_each(|(out, sum)| *out = sum + bias);
                        }
                    }
                }
            }
        });
        out
    }

    /// A convolution of the output's gradient with the kernel turned round.
    fn input_gradient(&self, weight: &[f32], gradient: &[f32]) -> Vec<f32> {
        let k = self.kernel;
        let [height, width] = self.output();
        let turned = Planes {
            channels: self.outputs,
            height,
            width,
            outputs: self.channels,
            kernel: k,
            padding: k - 1 - self.padding,
        };
        let at = |c: usize, o: usize, y: usize, x: usize| {
            weight[((o * self.channels + c) * k + k - 1 - y) * k + k - 1 - x]
        };
        turned.correlate(gradient, &turned.pack(at), &[])
    }

    fn bias_gradient(&self, gradient: &[f32]) -> Vec<f32> {
        let [height, width] = self.output();
        let mut sums = vec![0.0; self.outputs];
        for image in gradient.chunks_exact(self.outputs * height * width) {
            for (sum, plane) in sums.iter_mut().zip(image.chunks_exact(height * width)) {
                *sum += plane.iter().sum::<f32>();
            }
        }
        sums
    }

    fn weight_gradient(&self, x: &[f32], gradient: &[f32]) -> Vec<f32> {
        let [out_height, out_width] = self.output();
        let length = self.channels * self.height * self.width;
        let out_length = self.outputs * out_height * out_width;
        let weights = self.outputs * self.channels * self.kernel * self.kernel;
        let mut parts = vec![0.0; x.len().div_ceil(length * CHUNK) * weights];
        each_part(&mut parts, weights, |chunk, part| {
            let x = &x[chunk * CHUNK * length..];
            let x = &x[..x.len().min(CHUNK * length)];
            let images = x.len() / length;
            let gradient = &gradient[chunk * CHUNK * out_length..][..images * out_length];
            let mut padded = Vec::with_capacity(images * self.channels * self.plane() + LANES);
            self.pad(x, &mut padded);
            self.add_weight_gradients(&padded, &self.tiles(gradient, images), images, part);
        });
        let (whole, rest) = parts.split_at_mut(weights);
        for part in rest.chunks_exact(weights) {
            whole.iter_mut().zip(part).for_each(|(sum, value)| *sum += value);
        }
        parts.truncate(weights);
        parts
    }

    /// The output's gradients, `BLOCK` planes side by side, of all images after each other, in rows of
    /// whole vectors; planes that are not there have zeros.
    fn tiles(&self, gradient: &[f32], images: usize) -> Vec<[Vector; BLOCK]> {
        let [out_height, out_width] = self.output();
        let plane = out_height * out_width;
        let in_block = images * out_height * out_width.div_ceil(LANES);
        let mut tiles = vec![[[0.0; LANES]; BLOCK]; self.outputs.div_ceil(BLOCK) * in_block];
        for (block, tiles) in tiles.chunks_exact_mut(in_block).enumerate() {
            for o in 0..BLOCK.min(self.outputs - block * BLOCK) {
                let planes = (0..images).flat_map(|image| {
                    let at = (image * self.outputs + block * BLOCK + o) * plane;
                    gradient[at..][..plane].chunks_exact(out_width)
                });
                let vectors = planes.flat_map(|row| row.chunks(LANES));
                for (tile, entries) in tiles.iter_mut().zip(vectors) {
                    tile[o][..entries.len()].copy_from_slice(entries);
                }
            }
        }
        tiles
    }

    /// Adds `sum over y, x of gradient[o, y, x] in[c, y + i - p, x + j - p]` of some images.
    fn add_weight_gradients(
        &self,
        padded: &[f32],
        tiles: &[[Vector; BLOCK]],
        images: usize,
        sums: &mut [f32],
    ) {
        let [out_height, out_width] = self.output();
        let k = self.kernel;
        let stride = self.width + 2 * self.padding;
        let in_row = out_width.div_ceil(LANES);
        let blocks = tiles.chunks_exact(images * out_height * in_row);
        for i in 0..k {
            // None where this row of the kernel lies below the image for all of the output.
            let below = (self.height + self.padding).saturating_sub(i);
            let rows = self.padding.saturating_sub(i)..out_height.min(below);
            let run = |image, y| Run {
                start: image * self.channels * self.plane() + (y + i - self.padding) * stride,
                tile: (image * out_height + y) * in_row,
            };
            let runs: Vec<Run> =
                (0..images).flat_map(|image| rows.clone().map(move |y| run(image, y))).collect();
            for (block, tiles) in blocks.clone().enumerate() {
                for c in 0..self.channels {
                    for j in (0..k).step_by(VECTORS) {
                        let count = VECTORS.min(k - j);
                        let image = &padded[c * self.plane() + j..];
                        let correlations = Correlations {
                            image,
                            factors: tiles,
                            runs: &runs,
                            length: in_row,
                            count,
                        };
                        let found = correlations.sums();
                        for (o, found) in (block * BLOCK..self.outputs).zip(&found) {
                            let to = ((o * self.channels + c) * k + i) * k + j;
                            let to = sums[to..][..count].iter_mut().zip(found);
                            to.for_each(|(to, lanes)| *to += lanes.iter().sum::<f32>());
                        }
                    }
                }
            }
        }
    }
}
