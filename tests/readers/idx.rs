//! IDX: what is read is the file, byte for byte.

use super::{LIMITS, Target, assert_places, gzip::pack, gzip::store};
use mole::bytes::{Limits, ParseErrorKind, idx};

pub const TARGET: Target = Target {
    name: "idx",
    read: |input| drop(idx::read("t.idx", input, &LIMITS)),
    memory: |len| 4 * LIMITS.unpacked.min(len * LIMITS.ratio) + (256 << 10),
    check,
    seeds,
    tokens: &[
        b"\x00\x00\x08\x01",
        b"\x00\x00\x08\x03",
        b"\x00\x00\x00\x01",
        b"\xff\xff\xff\xff",
        b"\x1f\x8b\x08",
    ],
};

/// The file of an array of unsigned bytes.
pub fn write(dimensions: &[usize], values: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, 8, dimensions.len() as u8];
    dimensions.iter().for_each(|&size| file.extend((size as u32).to_be_bytes()));
    file.extend_from_slice(values);
    file
}

fn check(input: &[u8]) {
    let array = match idx::read("t.idx", input, &LIMITS) {
        Ok(array) => array,
        Err(error) if input.starts_with(&[0x1f, 0x8b]) => {
            // Places count in what the file unpacks to.
            super::assert_is_complete(&error);
            return;
        }
        Err(error) => return assert_places(&error, input),
    };
    assert_eq!(array.dimensions.iter().product::<usize>(), array.values.len());
    assert!((1..=4).contains(&array.dimensions.len()) && array.dimensions[0] <= LIMITS.items);
    let file = write(&array.dimensions, &array.values);
    if !input.starts_with(&[0x1f, 0x8b]) {
        assert!(file == input);
    }
    assert_eq!(idx::read("t.idx", &store(&file), &Limits::default()).unwrap(), array);
    let kind = |bytes: &[u8]| idx::read("t.idx", bytes, &LIMITS).unwrap_err().kind;
    if file.len() < LIMITS.file {
        assert_eq!(kind(&[&file[..], &[0]].concat()), ParseErrorKind::TrailingBytes);
        assert_eq!(kind(&file[..file.len() - 1]), ParseErrorKind::Truncated);
        assert_eq!(kind(&file[..file.len() / 2]), ParseErrorKind::Truncated);
    }
}

fn seeds() -> Vec<Vec<u8>> {
    let images = write(&[2, 2, 3], &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    let labels = write(&[5], &[0, 9, 3, 3, 1]);
    vec![
        pack(&images),
        pack(&labels),
        write(&[1, 1, 1, 1], &[255]),
        write(&[300], &[7; 300]),
        images,
        labels,
    ]
}
