//! Images of one's own, as IDX.

use super::{OWN, numbered};
use crate::bytes::idx::{self, Idx};
use crate::bytes::{Limits, ParseError, ParseErrorKind, Place, gzip};
use crate::data::{DataError, Dataset, Files, Grids, Samples, Splits};
use crate::rng::Seed;

/// Whether a file starts as IDX does, gzipped or not.
pub fn is_idx(name: &str, files: &Files) -> bool {
    let start = |bytes: &[u8]| bytes.starts_with(&[0, 0]);
    files.get(name).is_ok_and(|bytes| {
        let limits = Limits::default();
        start(bytes) || gzip::plain(name, bytes, &limits).is_ok_and(|plain| start(&plain))
    })
}

/// An image file and its labels.
struct Pair {
    grids: Grids,
    labels: Vec<u8>,
}

pub fn read(files: &Files, train: f64, seed: Seed) -> Result<Dataset, DataError> {
    let mut pairs = pairs(files)?;
    let second = if pairs.len() == 2 { pairs.pop() } else { None };
    let Some(Pair { mut grids, mut labels }) = pairs.pop() else {
        return Err(unrecognised(files));
    };
    let splits = match second {
        None => Splits::random(labels.len(), train, seed, "data/own/split"),
        Some(test) => {
            let n_train = labels.len() as u32;
            grids.pixels.extend(test.grids.pixels);
            labels.extend(test.labels);
            Splits {
                train: (0..n_train).collect(),
                valid: Vec::new(),
                test: (n_train..labels.len() as u32).collect(),
            }
        }
    };
    let numbers: Vec<i32> = labels.iter().map(|label| i32::from(*label)).collect();
    let (classes, labels) = numbered(&numbers, "labels")?;
    Ok(Dataset { name: OWN.into(), classes, samples: Samples::Grids(grids), labels, splits })
}

/// One pair of images and labels, or two of the same size with the training one first.
fn pairs(files: &Files) -> Result<Vec<Pair>, DataError> {
    let mut images = Vec::new();
    let mut labels = Vec::new();
    for name in files.names() {
        let Idx { dimensions, values } = idx::read(name, files.get(name)?, &Limits::default())?;
        match dimensions[..] {
            [_, height, width] => {
                images.push((name, Grids { channels: 1, height, width, pixels: values }));
            }
            [_] => labels.push((name, values)),
            _ => return Err(inconsistent(name, "one dimension or three", &dimensions).into()),
        }
    }
    if images.len() != labels.len() || !(1..=2).contains(&images.len()) {
        return Err(unrecognised(files));
    }
    // By name, train-images goes with train-labels, and what tests comes after.
    let rank = |name: &str| {
        let name = name.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| name.contains(word));
        let place = match () {
            () if says(&["train"]) => 0,
            () if says(&["test", "t10k", "valid", "eval"]) => 2,
            () => 1,
        };
        (place, name)
    };
    images.sort_by_key(|(name, _)| rank(name));
    labels.sort_by_key(|(name, _)| rank(name));
    let mut size = None;
    let mut pairs = Vec::new();
    for ((name, grids), (of, labels)) in images.into_iter().zip(labels) {
        let n = grids.pixels.len() / grids.size();
        if n != labels.len() {
            let expected = format!("labels of the {n} images of {name}");
            return Err(inconsistent(of, expected, labels.len()).into());
        }
        let own = (grids.height, grids.width);
        if *size.get_or_insert(own) != own {
            return Err(inconsistent(name, format!("images of {size:?}"), own).into());
        }
        pairs.push(Pair { grids, labels });
    }
    Ok(pairs)
}

fn inconsistent(
    file: &str,
    expected: impl Into<String>,
    found: impl std::fmt::Debug,
) -> ParseError {
    let (place, kind) = (Place::Byte(0), ParseErrorKind::Inconsistent);
    ParseError::new(file, place, kind, expected, format!("{found:?}"))
}

fn unrecognised(files: &Files) -> DataError {
    DataError::Unrecognised { files: files.names().collect::<Vec<_>>().join(", ") }
}
