//! What the command's figures share: colours, marks, and writing them.

use plotters::prelude::*;
use std::path::Path;

use super::disk;
use mole::error::Problem;

/// The palette of Okabe and Ito (2008), which people tell apart with any colour vision; without
/// its black.
const COLOURS: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(230, 159, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(213, 94, 0),
    RGBColor(240, 228, 66),
];

/// What drawing fails with; the back end for strings never does.
pub type Drawing<T> = Result<T, Box<dyn std::error::Error>>;

pub fn colour(class: usize) -> RGBColor {
    COLOURS[class % COLOURS.len()]
}

/// The mark of a class: one of seven colours and one of five shapes, in 35 combinations.
pub fn marker<'a, DB: DrawingBackend + 'a, C: Clone + 'a>(
    at: C,
    class: usize,
) -> DynElement<'a, DB, C> {
    let style = colour(class).mix(0.75).filled();
    let at = EmptyElement::at(at);
    match class % 5 {
        0 => (at + Circle::new((0, 0), 3, style)).into_dyn(),
        1 => (at + TriangleMarker::new((0, 0), 5, style)).into_dyn(),
        2 => (at + Rectangle::new([(-3, -3), (3, 3)], style)).into_dyn(),
        3 => (at + Cross::new((0, 0), 3, style)).into_dyn(),
        _ => (at + Polygon::new(vec![(-5, 0), (0, -5), (5, 0), (0, 5)], style)).into_dyn(),
    }
}

/// Writes a finished figure.
pub fn write(file: &Path, figure: Drawing<String>) -> Result<(), Problem> {
    let failed =
        |error: Box<dyn std::error::Error>| Problem::new("figure/not-drawn", error.to_string());
    disk::write(file, figure.map_err(failed)?)
}
