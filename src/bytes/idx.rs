//! IDX, the format of MNIST: two zero bytes, a type, the number of dimensions, one big-endian
//! count per dimension, then the values row-major. Only unsigned bytes are read, plain or gzipped.
//!
//! Source: <http://yann.lecun.com/exdb/mnist/>, "File formats".

use super::{Input, Limits, ParseError, ParseErrorKind, gzip};
use std::borrow::Cow;

/// The type code of unsigned bytes.
const UNSIGNED_BYTE: u8 = 0x08;

/// More dimensions than this are not a list of images.
const MAX_DIMENSIONS: u8 = 4;

/// An array of bytes, row-major.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Idx {
    /// One size per dimension, none of them 0; the first counts the items.
    pub dimensions: Vec<usize>,
    /// As many as the product of the sizes.
    pub values: Vec<u8>,
}

/// Reads an IDX file, decompressing it first where it starts as gzip does.
///
/// # Errors
/// Those of [`gzip::unpack`]; [`ParseErrorKind::WrongMagic`], [`ParseErrorKind::Unsupported`] for
/// another type or number of dimensions, [`ParseErrorKind::OutOfRange`] for a size of 0 or a
/// product that overflows, [`ParseErrorKind::TooLarge`] for too many items,
/// [`ParseErrorKind::Truncated`] and [`ParseErrorKind::TrailingBytes`].
pub fn read(file: &str, bytes: &[u8], limits: &Limits) -> Result<Idx, ParseError> {
    let mut plain = gzip::plain(file, bytes, limits)?;
    let mut input = Input::new(file, &plain);
    let dimensions = header(&mut input, limits)?;
    let total = dimensions.iter().try_fold(1usize, |product, &size| product.checked_mul(size));
    let total = total.ok_or_else(|| {
        let found = format!("{dimensions:?}");
        input.error(ParseErrorKind::OutOfRange, "sizes that fit in memory", found)
    })?;
    let start = input.position();
    input.take(total)?;
    input.finish()?;
    let values = match &mut plain {
        Cow::Borrowed(bytes) => bytes.iter().skip(start).copied().collect(),
        // The values slide to the front: a second copy of 47 MB would be one too many in a page.
        Cow::Owned(bytes) => {
            bytes.drain(..start);
            std::mem::take(bytes)
        }
    };
    Ok(Idx { dimensions, values })
}

fn header(input: &mut Input, limits: &Limits) -> Result<Vec<usize>, ParseError> {
    let [zero_0, zero_1, kind, n_dimensions] = input.array()?;
    if [zero_0, zero_1] != [0, 0] {
        let found = format!("{zero_0}, {zero_1}");
        return Err(input.error(ParseErrorKind::WrongMagic, "two zero bytes", found));
    }
    if kind != UNSIGNED_BYTE {
        let found = format!("type {kind:#04x}");
        return Err(input.error(ParseErrorKind::Unsupported, "unsigned bytes (0x08)", found));
    }
    if !(1..=MAX_DIMENSIONS).contains(&n_dimensions) {
        let found = n_dimensions.to_string();
        return Err(input.error(ParseErrorKind::Unsupported, "1 to 4 dimensions", found));
    }
    let mut dimensions = Vec::new();
    for _ in 0..n_dimensions {
        let size = input.count_be()?;
        if size == 0 {
            return Err(input.error(ParseErrorKind::OutOfRange, "a size of at least 1", "0"));
        }
        dimensions.push(size);
    }
    match dimensions.first() {
        Some(&items) if items > limits.items => {
            let expected = format!("at most {} items", limits.items);
            Err(input.error(ParseErrorKind::TooLarge, expected, items.to_string()))
        }
        _ => Ok(dimensions),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMAGES: &[u8] = &[0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];

    fn kind(bytes: &[u8]) -> ParseErrorKind {
        read("x", bytes, &Limits::default()).unwrap_err().kind
    }

    #[test]
    fn images_and_labels() {
        let images = read("x", IMAGES, &Limits::default()).unwrap();
        assert_eq!((images.dimensions, images.values), (vec![2, 1, 3], vec![1, 2, 3, 4, 5, 6]));
        let labels = read("x", &[0, 0, 8, 1, 0, 0, 0, 2, 7, 9], &Limits::default()).unwrap();
        assert_eq!((labels.dimensions, labels.values), (vec![2], vec![7, 9]));
    }

    #[test]
    fn every_prefix_is_truncated() {
        for end in 0..IMAGES.len() {
            assert_eq!(kind(&IMAGES[..end]), ParseErrorKind::Truncated, "{end}");
        }
    }

    #[test]
    fn a_header_that_lies_is_refused() {
        let with = |at: usize, byte: u8| {
            let mut bytes = IMAGES.to_vec();
            bytes[at] = byte;
            kind(&bytes)
        };
        assert_eq!(with(0, 1), ParseErrorKind::WrongMagic);
        assert_eq!(with(2, 0x0d), ParseErrorKind::Unsupported);
        assert_eq!(with(3, 0), ParseErrorKind::Unsupported);
        assert_eq!(with(3, 5), ParseErrorKind::Unsupported);
        assert_eq!(with(4, 255), ParseErrorKind::TooLarge);
        assert_eq!(with(7, 3), ParseErrorKind::Truncated);
        assert_eq!(with(7, 1), ParseErrorKind::TrailingBytes);
        assert_eq!(with(7, 0), ParseErrorKind::OutOfRange);
        assert_eq!(with(12, 255), ParseErrorKind::Truncated);
        let huge = [&[0, 0, 8, 4, 0, 0, 0, 1][..], &[255; 12]].concat();
        assert_eq!(kind(&huge), ParseErrorKind::OutOfRange);
    }
}
