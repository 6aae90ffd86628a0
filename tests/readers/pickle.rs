//! Planetoid's pickles: three kinds of value, each of which comes back when written again.

use super::{LIMITS, Target, assert_places};
use mole::bytes::pickle::{self, Array, Csr, Numbers};
use mole::bytes::{Limits, ParseError, ParseErrorKind};
use std::collections::BTreeMap;
use std::fmt::Debug;

pub const TARGET: Target = Target {
    name: "pickle",
    read: |input| {
        let (choice, file) = split(input);
        match choice {
            0 => drop(pickle::array("t", file, &LIMITS)),
            1 => drop(pickle::csr("t", file, &LIMITS)),
            _ => drop(pickle::lists("t", file, &LIMITS)),
        }
    },
    // A one-byte opcode makes a value of 24 bytes and a node of 64, both in growing vectors; lists
    // may share their items, up to the limit.
    memory: |len| 400 * len + 64 * LIMITS.items + (64 << 10),
    check: |input| {
        let (choice, file) = split(input);
        match choice {
            0 => check(file, pickle::array, assert_array, write_array, |array| bits(&array.values)),
            1 => check(file, pickle::csr, assert_csr, write_csr, |csr| bits_of(&csr.values)),
            _ => check(file, pickle::lists, assert_lists, write_lists, |_| Vec::new()),
        }
    },
    seeds,
    tokens: &[
        b"\x80\x02",
        b"c__builtin__\nlist\n",
        b"cnumpy\ndtype\n",
        b"q\x01",
        b"h\x01",
        b"(",
        b"t",
        b"e",
        b"u",
        b"\x85",
        b"\x86",
        b"\x87",
        b"R",
        b"b",
        b".",
        b"K\x01",
        b"J\xff\xff\xff\xff",
        b"U\x01",
        b"]",
        b"}",
        b")",
        b"\x81",
        b"T\x08\x00\x00\x00",
        b"N",
        b"\x89",
        b"a",
    ],
};

fn split(input: &[u8]) -> (u8, &[u8]) {
    let (&choice, file) = input.split_first().unwrap_or((&0, &[]));
    (choice % 3, file)
}

fn check<T: Debug>(
    file: &[u8],
    read: fn(&str, &[u8], &Limits) -> Result<T, ParseError>,
    sound: fn(&T),
    write: fn(&T) -> Vec<u8>,
    bits: fn(&T) -> Vec<u32>,
) {
    let value = match read("t", file, &LIMITS) {
        Ok(value) => value,
        Err(error) => return assert_places(&error, file),
    };
    sound(&value);
    // Not by `==`: a value that is not a number does not equal itself.
    let again = read("t", &write(&value), &Limits::default()).unwrap();
    assert_eq!((format!("{again:?}"), bits(&again)), (format!("{value:?}"), bits(&value)));
    let kind = |bytes: &[u8]| read("t", bytes, &LIMITS).unwrap_err().kind;
    assert_eq!(kind(&file[..file.len() - 1]), ParseErrorKind::Truncated);
    assert_eq!(kind(&[file, b"."].concat()), ParseErrorKind::TrailingBytes);
}

fn bits_of(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn bits(values: &Numbers) -> Vec<u32> {
    match values {
        Numbers::Int(_) => Vec::new(),
        Numbers::Float(values) => bits_of(values),
    }
}

fn assert_array(array: &Array) {
    let n = match &array.values {
        Numbers::Int(values) => values.len(),
        Numbers::Float(values) => values.len(),
    };
    assert_eq!(array.shape.iter().product::<usize>(), n);
    assert!(array.shape.len() <= 4);
}

fn assert_csr(matrix: &Csr) {
    let Csr { n_rows, n_columns, offsets, columns, values } = matrix;
    assert!(offsets.len() == n_rows + 1 && offsets[0] == 0 && offsets.is_sorted());
    assert!(offsets[*n_rows] as usize == columns.len() && columns.len() == values.len());
    assert!(columns.iter().all(|&column| (column as usize) < *n_columns));
    assert!(*n_columns <= LIMITS.columns && values.iter().all(|value| value.is_finite()));
    for pair in offsets.windows(2) {
        assert!(columns[pair[0] as usize..pair[1] as usize].is_sorted_by(|a, b| a < b));
    }
}

fn assert_lists(lists: &BTreeMap<u32, Vec<u32>>) {
    assert!(lists.values().map(Vec::len).sum::<usize>() <= LIMITS.items);
}

fn int(n: usize) -> Vec<u8> {
    [&b"J"[..], &(n as u32).to_le_bytes()].concat()
}

fn tuple(sizes: &[usize]) -> Vec<u8> {
    [b"(".to_vec(), sizes.iter().flat_map(|&size| int(size)).collect(), b"t".to_vec()].concat()
}

/// An array's opcodes, without the pickle's first two bytes and its last.
fn array_body(shape: &[usize], kind: &[u8; 2], words: &[u8]) -> Vec<u8> {
    [
        b"cnumpy.core.multiarray\n_reconstruct\nq\x01cnumpy\nndarray\nq\x02K\x00\x85U\x01b\x87Rq\x03(K\x01",
        &tuple(shape)[..],
        b"cnumpy\ndtype\nq\x04U\x02",
        kind,
        b"K\x00K\x01\x87Rq\x05(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T",
        &(words.len() as u32).to_le_bytes(),
        words,
        b"tb",
    ]
    .concat()
}

pub fn whole(body: &[u8]) -> Vec<u8> {
    [b"\x80\x02", body, b"."].concat()
}

pub fn write_array(array: &Array) -> Vec<u8> {
    let (kind, words) = match &array.values {
        Numbers::Int(values) => (b"i4", values.iter().flat_map(|n| n.to_le_bytes()).collect()),
        Numbers::Float(values) => {
            (b"f4", values.iter().flat_map(|x| x.to_le_bytes()).collect::<Vec<_>>())
        }
    };
    whole(&array_body(&array.shape, kind, &words))
}

pub fn write_csr(matrix: &Csr) -> Vec<u8> {
    let ints = |ints: &[u32]| {
        let words: Vec<u8> = ints.iter().flat_map(|n| n.to_le_bytes()).collect();
        array_body(&[ints.len()], b"i4", &words)
    };
    let words: Vec<u8> = matrix.values.iter().flat_map(|x| x.to_le_bytes()).collect();
    let body = [
        b"cscipy.sparse.csr\ncsr_matrix\nq\x06)\x81q\x07}q\x08(U\x06_shape".to_vec(),
        tuple(&[matrix.n_rows, matrix.n_columns]),
        b"U\x06indptr".to_vec(),
        ints(&matrix.offsets),
        b"U\x07indices".to_vec(),
        ints(&matrix.columns),
        b"U\x04data".to_vec(),
        array_body(&[matrix.values.len()], b"f4", &words),
        b"ub".to_vec(),
    ];
    whole(&body.concat())
}

pub fn write_lists(lists: &BTreeMap<u32, Vec<u32>>) -> Vec<u8> {
    let mut body = b"ccollections\ndefaultdict\nq\x01c__builtin__\nlist\nq\x02\x85Rq\x03(".to_vec();
    for (&key, items) in lists {
        body.extend([int(key as usize), b"](".to_vec()].concat());
        items.iter().for_each(|&item| body.extend(int(item as usize)));
        body.push(b'e');
    }
    body.push(b'u');
    whole(&body)
}

pub fn sound_array() -> Array {
    Array { shape: vec![2, 3], values: Numbers::Int(vec![1, 0, 0, 0, -1, i32::MAX]) }
}

pub fn sound_csr() -> Csr {
    Csr {
        n_rows: 3,
        n_columns: 4,
        offsets: vec![0, 2, 2, 3],
        columns: vec![0, 3, 1],
        values: vec![1.0, 0.5, -2.0],
    }
}

pub fn sound_lists() -> BTreeMap<u32, Vec<u32>> {
    BTreeMap::from([(0, vec![1, 2]), (1, vec![0]), (2, vec![0, 2]), (3, vec![])])
}

fn seeds() -> Vec<Vec<u8>> {
    let floats = Array { shape: vec![2], values: Numbers::Float(vec![0.5, f32::NAN]) };
    let shared = whole(b"}(K\x00](K\x01K\x02K\x03eq\x00K\x01h\x00M\x00\x01h\x00u");
    vec![
        [&[0], &write_array(&sound_array())[..]].concat(),
        [&[0], &write_array(&floats)[..]].concat(),
        [&[1], &write_csr(&sound_csr())[..]].concat(),
        [&[2], &write_lists(&sound_lists())[..]].concat(),
        [&[2], &shared[..]].concat(),
    ]
}
