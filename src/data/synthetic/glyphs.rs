//! Ten drawn figures, bent and shifted, among stray strokes and noise.

use super::{CITATION, TERMS, in_order};
use crate::data::{DataError, Dataset, Files, Grids, Kind, Origin, Samples, Source};
use crate::rng::{Seed, Stream};
use std::f64::consts::TAU;

pub(in crate::data) static GLYPHS: Source = Source {
    name: "glyphs",
    title: "Glyphs",
    description: "5,000 made-up drawings of 16 × 16 pixels: which of ten figures is it?",
    kind: Kind::Grids,
    files: &[],
    origin: Origin::Generated,
    terms: TERMS,
    citation: CITATION,
    read,
};

const N_TRAIN: u32 = 4000;
const N_TEST: u32 = 1000;
const SIZE: usize = 16;

/// A point or a stroke's end; the figures fill the square from -1 to 1.
type Point = [f64; 2];
type Stroke = [Point; 2];

/// Each figure as lines through points.
const FIGURES: [(&str, &[&[Point]]); 8] = [
    ("bar", &[&[[-1.0, 0.0], [1.0, 0.0]]]),
    ("cross", &[&[[-1.0, 0.0], [1.0, 0.0]], &[[0.0, -1.0], [0.0, 1.0]]]),
    ("corner", &[&[[-0.8, -1.0], [-0.8, 0.9], [0.9, 0.9]]]),
    ("tee", &[&[[-1.0, -0.9], [1.0, -0.9]], &[[0.0, -0.9], [0.0, 1.0]]]),
    ("triangle", &[&[[0.0, -1.0], [1.0, 0.8], [-1.0, 0.8], [0.0, -1.0]]]),
    ("square", &[&[[-0.8, -0.8], [0.8, -0.8], [0.8, 0.8], [-0.8, 0.8], [-0.8, -0.8]]]),
    ("zigzag", &[&[[-0.9, -0.9], [0.9, -0.9], [-0.9, 0.9], [0.9, 0.9]]]),
    ("fork", &[&[[-0.9, -1.0], [0.0, 0.0], [0.9, -1.0]], &[[0.0, 0.0], [0.0, 1.0]]]),
];

/// The two round ones, by the share of the circle that is drawn.
const ROUND: [(&str, f64); 2] = [("ring", 1.0), ("arc", 0.5)];

const N_STRAY: usize = 1;
const NOISE: f64 = 0.1;

fn read(_: &Files, seed: Seed) -> Result<Dataset, DataError> {
    let mut stream = seed.stream("data/glyphs");
    let figures = figures();
    let n = (N_TRAIN + N_TEST) as usize;
    let mut pixels = Vec::with_capacity(n * SIZE * SIZE);
    let mut labels = Vec::with_capacity(n);
    for _ in 0..n {
        let label = stream.below(figures.len());
        draw(&figures[label].1, &mut stream, &mut pixels);
        labels.push(label as u8);
    }
    Ok(Dataset {
        name: GLYPHS.name.to_owned(),
        classes: figures.into_iter().map(|(name, _)| name.to_owned()).collect(),
        samples: Samples::Grids(Grids { channels: 1, height: SIZE, width: SIZE, pixels }),
        labels,
        splits: in_order(N_TRAIN, 0, N_TEST),
    })
}

fn figures() -> Vec<(&'static str, Vec<Stroke>)> {
    let strokes = |line: &[Point]| line.windows(2).map(|p| [p[0], p[1]]).collect::<Vec<_>>();
    let straight =
        FIGURES.map(|(name, lines)| (name, lines.iter().flat_map(|line| strokes(line)).collect()));
    let round = ROUND.map(|(name, share)| {
        let corner = |i| {
            let angle = TAU * share * f64::from(i) / 12.0;
            [0.9 * angle.cos(), 0.9 * angle.sin()]
        };
        (name, strokes(&(0..=12).map(corner).collect::<Vec<_>>()))
    });
    straight.into_iter().chain(round).collect()
}

/// Draws a figure under a random affine map, with stray strokes and noise. A function of its own, not a loop of
/// its caller's: a browser optimises what is called often, from the next call on.
#[inline(never)]
fn draw(figure: &[Stroke], stream: &mut Stream, pixels: &mut Vec<u8>) {
    let mut between = |low: f64, high: f64| low + (high - low) * stream.uniform();
    let (angle, shear) = (between(-0.3, 0.3), between(-0.2, 0.2));
    let (width, height) = (between(3.8, 6.0), between(3.8, 6.0));
    let centre = [between(-2.0, 2.0), between(-2.0, 2.0)].map(|shift| SIZE as f64 / 2.0 + shift);
    let place = |[x, y]: Point| {
        let (x, y) = ((x + shear * y) * width, y * height);
        let (sin, cos) = angle.sin_cos();
        [centre[0] + cos * x - sin * y, centre[1] + sin * x + cos * y]
    };
    let mut strokes: Vec<Stroke> = figure.iter().map(|stroke| stroke.map(place)).collect();
    for _ in 0..N_STRAY {
        let start = [between(0.0, SIZE as f64), between(0.0, SIZE as f64)];
        let (angle, length) = (between(0.0, TAU), between(2.0, 5.0));
        strokes.push([start, [start[0] + length * angle.cos(), start[1] + length * angle.sin()]]);
    }
    let (thickness, ink) = (between(0.5, 1.0), between(0.6, 1.0));
    for pixel in 0..SIZE * SIZE {
        let at = [(pixel % SIZE) as f64 + 0.5, (pixel / SIZE) as f64 + 0.5];
        let squares = strokes.iter().map(|stroke| squared_distance(at, stroke));
        // Not `f64::min`, which is a call in WebAssembly.
        let nearest =
            squares.fold(f64::MAX, |least, square| if square < least { square } else { least });
        // The edge of a stroke fades over one pixel.
        let covered = (thickness + 0.5 - nearest.sqrt()).clamp(0.0, 1.0);
        let grey = ink * covered + NOISE * stream.normal();
        pixels.push((255.0 * grey.clamp(0.0, 1.0)).round() as u8);
    }
}

/// From a point to the nearest of a stroke. Squared, so that a pixel takes one root and not one a stroke.
fn squared_distance(at: Point, [from, to]: &Stroke) -> f64 {
    let along = [to[0] - from[0], to[1] - from[1]];
    let offset = [at[0] - from[0], at[1] - from[1]];
    let square = along[0] * along[0] + along[1] * along[1];
    let share = ((offset[0] * along[0] + offset[1] * along[1]) / square).clamp(0.0, 1.0);
    let away = [offset[0] - share * along[0], offset[1] - share * along[1]];
    away[0] * away[0] + away[1] * away[1]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_point_of_a_stroke() {
        let stroke = [[0.0, 0.0], [4.0, 0.0]];
        assert_eq!(squared_distance([2.0, 3.0], &stroke), 9.0);
        assert_eq!(squared_distance([7.0, 4.0], &stroke), 25.0);
    }
}
