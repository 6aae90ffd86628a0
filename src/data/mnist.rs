//! MNIST: handwritten digits.

use super::{DataError, Dataset, Files, Grids, Kind, Origin, Samples, Source, SourceFile, Splits};
use crate::bytes::idx::{self, Idx};
use crate::bytes::{Limits, ParseError, ParseErrorKind, Place};
use crate::rng::Seed;

const TRAIN: [&str; 2] = ["train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"];
const TEST: [&str; 2] = ["t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz"];
const N_CLASSES: u8 = 10;

pub(super) static MNIST: Source = Source {
    name: "mnist",
    title: "MNIST",
    description: "70,000 handwritten digits of 28 × 28 pixels: which digit is it?",
    kind: Kind::Grids,
    files: &[
        SourceFile {
            name: TRAIN[0],
            size: 9_912_422,
            sha256: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        },
        SourceFile {
            name: TRAIN[1],
            size: 28_881,
            sha256: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        },
        SourceFile {
            name: TEST[0],
            size: 1_648_877,
            sha256: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        },
        SourceFile {
            name: TEST[1],
            size: 4_542,
            sha256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        },
    ],
    origin: Origin::Files {
        // The publisher's own address comes last: it has answered with errors for years.
        bases: &[
            "https://ossci-datasets.s3.amazonaws.com/mnist/",
            "https://storage.googleapis.com/cvdf-datasets/mnist/",
            "http://yann.lecun.com/exdb/mnist/",
        ],
    },
    terms: "copyright Yann LeCun and Corinna Cortes; Creative Commons Attribution-Share Alike 3.0 \
            according to the Keras documentation",
    citation: "Y. LeCun, C. Cortes, C. J. C. Burges, The MNIST database of handwritten digits, \
               http://yann.lecun.com/exdb/mnist/",
    read,
};

fn read(files: &Files, _: Seed) -> Result<Dataset, DataError> {
    let (mut grids, mut labels) = half(files, TRAIN)?;
    let (test, test_labels) = half(files, TEST)?;
    if (grids.height, grids.width) != (test.height, test.width) {
        let expected = format!("images of {} x {}", grids.height, grids.width);
        let found = format!("{} x {}", test.height, test.width);
        return Err(inconsistent(TEST[0], expected, found).into());
    }
    let n_train = labels.len() as u32;
    grids.pixels.extend_from_slice(&test.pixels);
    labels.extend_from_slice(&test_labels);
    let n = labels.len() as u32;
    Ok(Dataset {
        name: MNIST.name.to_owned(),
        classes: (0..N_CLASSES).map(|digit| digit.to_string()).collect(),
        samples: Samples::Grids(grids),
        labels,
        splits: Splits {
            train: (0..n_train).collect(),
            valid: Vec::new(),
            test: (n_train..n).collect(),
        },
    })
}

/// The images and labels of one split.
pub(super) fn half(
    files: &Files,
    [images, labels]: [&str; 2],
) -> Result<(Grids, Vec<u8>), DataError> {
    let limits = Limits::default();
    let Idx { dimensions, values: pixels } = idx::read(images, files.get(images)?, &limits)?;
    let &[n, height, width] = dimensions.as_slice() else {
        let found = format!("{dimensions:?}");
        return Err(inconsistent(images, "three dimensions", found).into());
    };
    let Idx { dimensions, values } = idx::read(labels, files.get(labels)?, &limits)?;
    if dimensions != [n] {
        let expected = format!("labels of {n} images");
        return Err(inconsistent(labels, expected, format!("{dimensions:?}")).into());
    }
    Ok((Grids { channels: 1, height, width, pixels }, values))
}

fn inconsistent(file: &str, expected: impl Into<String>, found: String) -> ParseError {
    ParseError::new(file, Place::Byte(0), ParseErrorKind::Inconsistent, expected, found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(images: &[u8], labels: &[u8]) -> Files {
        let mut files = Files::default();
        files.insert(TRAIN[0], vec![0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 255]);
        files.insert(TRAIN[1], vec![0, 0, 8, 1, 0, 0, 0, 1, 7]);
        files.insert(TEST[0], images.to_vec());
        files.insert(TEST[1], labels.to_vec());
        files
    }

    #[test]
    fn halves_that_disagree_are_refused() {
        let image = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 9, 8];
        let label = [0, 0, 8, 1, 0, 0, 0, 1, 9];
        let set = MNIST.parse(&files(&image, &label), Seed(0)).unwrap();
        let Samples::Grids(grids) = &set.samples else { panic!("not grids") };
        assert_eq!((grids.height, grids.width, grids.pixels.len()), (1, 2, 4));
        assert_eq!(set.labels, [7, 9]);
        let code = |images: &[u8], labels: &[u8]| {
            MNIST.parse(&files(images, labels), Seed(0)).unwrap_err().code()
        };
        assert_eq!(code(&image, &[0, 0, 8, 1, 0, 0, 0, 1, 10]), "data/inconsistent");
        assert_eq!(code(&image, &[0, 0, 8, 1, 0, 0, 0, 2, 1, 1]), "parse/inconsistent");
        assert_eq!(code(&label, &label), "parse/inconsistent");
        let tall = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1, 9, 8];
        assert_eq!(code(&tall, &label), "parse/inconsistent");
    }
}
