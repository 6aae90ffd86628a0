//! What Planetoid's pickles hold: dense arrays, sparse matrices, and lists by number.

use super::{
    Limits, Node, Object, ParseError, ParseErrorKind, Pickle, Place, Value, machine::load,
};
use std::collections::BTreeMap;

/// Planetoid's arrays have two; NumPy's can have 64.
const MAX_DIMENSIONS: usize = 4;

/// A dense array, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    /// One size per dimension.
    pub shape: Vec<usize>,
    /// As many as the product of the sizes.
    pub values: Numbers,
}

/// The numbers of an array, by the two types that the files use.
#[derive(Clone, Debug, PartialEq)]
pub enum Numbers {
    /// `<i4`.
    Int(Vec<i32>),
    /// `<f4`.
    Float(Vec<f32>),
}

/// A sparse matrix by rows: row `i` holds `columns[offsets[i]..offsets[i + 1]]`, ascending.
#[derive(Clone, Debug, PartialEq)]
pub struct Csr {
    /// Height.
    pub n_rows: usize,
    /// Width.
    pub n_columns: usize,
    /// Where each row starts, and the end of the last.
    pub offsets: Vec<u32>,
    /// The column of each value.
    pub columns: Vec<u32>,
    /// Finite, row by row.
    pub values: Vec<f32>,
}

/// Reads a pickled `numpy.ndarray` of `<i4` or `<f4`.
///
/// # Errors
/// Those of the machine (`Truncated`, `WrongMagic`, `TrailingBytes`, `TooLarge`, `Inconsistent`,
/// `Forbidden`); [`ParseErrorKind::Unsupported`] for another value or type of number,
/// [`ParseErrorKind::Inconsistent`] where shape and data disagree.
pub fn array(file: &str, bytes: &[u8], limits: &Limits) -> Result<Array, ParseError> {
    let pickle = load(file, bytes, limits)?;
    pickle.array(pickle.root)
}

/// Reads a pickled `scipy.sparse.csr_matrix`.
///
/// # Errors
/// As [`array()`], [`ParseErrorKind::TooLarge`] for a width beyond [`Limits::columns`],
/// [`ParseErrorKind::OutOfRange`] for a column beyond the width, and
/// [`ParseErrorKind::BadNumber`] for a value that is not finite.
pub fn csr(file: &str, bytes: &[u8], limits: &Limits) -> Result<Csr, ParseError> {
    let pickle = load(file, bytes, limits)?;
    pickle.csr(pickle.root, limits)
}

/// Reads a pickled dict from whole numbers to lists of whole numbers, none of them negative.
///
/// # Errors
/// As [`array()`], [`ParseErrorKind::OutOfRange`] for a negative number, and
/// [`ParseErrorKind::TooLarge`] where the lists hold more than [`Limits::items`] together.
pub fn lists(
    file: &str,
    bytes: &[u8],
    limits: &Limits,
) -> Result<BTreeMap<u32, Vec<u32>>, ParseError> {
    let pickle = load(file, bytes, limits)?;
    let mut left = limits.items;
    let mut lists = BTreeMap::new();
    for &(key, value) in pickle.dict(pickle.root)? {
        let (at, items) = pickle.list(value)?;
        // One list may stand under many keys: a few bytes of file each, a copy of it all here.
        left = left.checked_sub(items.len()).ok_or_else(|| {
            let expected = format!("at most {} numbers", limits.items);
            pickle.error(at, ParseErrorKind::TooLarge, expected, "more")
        })?;
        let numbers =
            items.iter().map(|&item| pickle.natural(at, item)).collect::<Result<_, _>>()?;
        lists.insert(pickle.natural(at, key)?, numbers);
    }
    Ok(lists)
}

impl<'a> Pickle<'a> {
    fn array(&self, value: Value) -> Result<Array, ParseError> {
        let (at, state) = self.object(value, Object::Array)?;
        let &[Value::Int(1), shape, dtype, Value::Bool(false), Value::Bytes(bytes)] =
            self.tuple(at, state)?
        else {
            return Err(self.unsupported(at, "an array stored by rows"));
        };
        let shape = self.shape(at, shape)?;
        let values = self.numbers(dtype, bytes)?;
        let n = match &values {
            Numbers::Int(values) => values.len(),
            Numbers::Float(values) => values.len(),
        };
        let announced = shape.iter().try_fold(1usize, |product, &size| product.checked_mul(size));
        if announced != Some(n) {
            let expected = format!("numbers for the shape {shape:?}");
            return Err(self.error(at, ParseErrorKind::Inconsistent, expected, n.to_string()));
        }
        Ok(Array { shape, values })
    }

    fn csr(&self, value: Value, limits: &Limits) -> Result<Csr, ParseError> {
        let (at, state) = self.object(value, Object::Csr)?;
        let dict = self.dict(state)?;
        let get = |name: &str| {
            let is = |&&(key, _): &&(Value, Value)| matches!(key, Value::Bytes(b) if b == name.as_bytes());
            let missing =
                || self.error(at, ParseErrorKind::Unsupported, format!("a {name}"), "none");
            dict.iter().rev().find(is).map(|&(_, value)| value).ok_or_else(missing)
        };
        let &[n_rows, n_columns] = self.shape(at, get("_shape")?)?.as_slice() else {
            return Err(self.unsupported(at, "two dimensions"));
        };
        // The height is checked against the offsets; nothing in the file bears the width out, and
        // a network's first layer is as wide.
        if n_columns > limits.columns {
            let (kind, expected) =
                (ParseErrorKind::TooLarge, format!("at most {} columns", limits.columns));
            return Err(self.error(at, kind, expected, n_columns.to_string()));
        }
        let indices = |name| self.naturals(at, self.array(get(name)?)?.values);
        let Numbers::Float(values) = self.array(get("data")?)?.values else {
            return Err(self.unsupported(at, "data of the type f4"));
        };
        let (offsets, columns) = (indices("indptr")?, indices("indices")?);
        let matrix = Csr { n_rows, n_columns, offsets, columns, values };
        self.check(at, matrix)
    }

    fn check(&self, at: usize, matrix: Csr) -> Result<Csr, ParseError> {
        let Csr { n_rows, n_columns, offsets, columns, values } = &matrix;
        let as_size = |&n: &u32| usize::try_from(n).unwrap_or(usize::MAX);
        let whole = n_rows.checked_add(1) == Some(offsets.len())
            && offsets.first() == Some(&0)
            && offsets.last().map(as_size) == Some(columns.len())
            && columns.len() == values.len();
        if !whole {
            let expected = "as many offsets, columns and values as belong together";
            return Err(self.error(at, ParseErrorKind::Inconsistent, expected, "others"));
        }
        for pair in offsets.windows(2) {
            let row = match *pair {
                [start, end] => columns.get(as_size(&start)..as_size(&end)),
                _ => None,
            };
            if !row.is_some_and(|row| row.is_sorted_by(|a, b| a < b)) {
                let expected = "rows with ascending columns";
                return Err(self.error(at, ParseErrorKind::Inconsistent, expected, "others"));
            }
        }
        if let Some(column) = columns.iter().find(|&column| as_size(column) >= *n_columns) {
            let expected = format!("columns below {n_columns}");
            return Err(self.error(at, ParseErrorKind::OutOfRange, expected, column.to_string()));
        }
        if let Some(value) = values.iter().find(|value| !value.is_finite()) {
            let expected = "finite values";
            return Err(self.error(at, ParseErrorKind::BadNumber, expected, value.to_string()));
        }
        Ok(matrix)
    }

    /// The numbers that an array's bytes are, by its type object.
    fn numbers(&self, dtype: Value, bytes: &[u8]) -> Result<Numbers, ParseError> {
        let (at, state) = self.object(dtype, Object::Dtype)?;
        let [Value::Int(3), Value::Bytes(b"<"), ..] = self.tuple(at, state)? else {
            return Err(self.unsupported(at, "numbers with the lowest byte first"));
        };
        let (words, rest) = bytes.as_chunks::<4>();
        if !rest.is_empty() {
            let found = format!("{} bytes", bytes.len());
            return Err(self.error(at, ParseErrorKind::Inconsistent, "four bytes a number", found));
        }
        match self.node(dtype)? {
            (_, Node::Object { argument: Value::Bytes(b"i4"), .. }) => {
                Ok(Numbers::Int(words.iter().map(|&word| i32::from_le_bytes(word)).collect()))
            }
            (_, Node::Object { argument: Value::Bytes(b"f4"), .. }) => {
                Ok(Numbers::Float(words.iter().map(|&word| f32::from_le_bytes(word)).collect()))
            }
            _ => Err(self.unsupported(at, "numbers of the type i4 or f4")),
        }
    }

    fn shape(&self, at: usize, value: Value) -> Result<Vec<usize>, ParseError> {
        let size = |&size: &Value| {
            let size = self.natural(at, size)?;
            usize::try_from(size).map_err(|_| self.unsupported(at, "a size that fits in memory"))
        };
        let sizes = self.tuple(at, value)?;
        if sizes.len() > MAX_DIMENSIONS {
            let expected = format!("at most {MAX_DIMENSIONS} dimensions");
            let found = sizes.len().to_string();
            return Err(self.error(at, ParseErrorKind::Unsupported, expected, found));
        }
        sizes.iter().map(size).collect()
    }

    fn naturals(&self, at: usize, numbers: Numbers) -> Result<Vec<u32>, ParseError> {
        match numbers {
            Numbers::Int(ints) => {
                ints.iter().map(|&int| self.natural(at, Value::Int(int))).collect()
            }
            Numbers::Float(_) => Err(self.unsupported(at, "indices of the type i4")),
        }
    }

    fn natural(&self, at: usize, value: Value) -> Result<u32, ParseError> {
        let Value::Int(int) = value else {
            return Err(self.unsupported(at, "a whole number"));
        };
        u32::try_from(int).map_err(|_| {
            self.error(at, ParseErrorKind::OutOfRange, "a number of at least 0", int.to_string())
        })
    }

    /// The place and the state of an object.
    fn object(&self, value: Value, wanted: Object) -> Result<(usize, Value<'a>), ParseError> {
        match self.node(value)? {
            (at, &Node::Object { kind, state: Some(state), .. }) if kind == wanted => {
                Ok((at, state))
            }
            (at, _) => Err(self.unsupported(at, format!("a {wanted:?} with its state"))),
        }
    }

    fn dict(&self, value: Value) -> Result<&[(Value<'a>, Value<'a>)], ParseError> {
        match self.node(value)? {
            (_, Node::Dict(pairs)) => Ok(pairs),
            (at, _) => Err(self.unsupported(at, "a dict")),
        }
    }

    fn list(&self, value: Value) -> Result<(usize, &[Value<'a>]), ParseError> {
        match self.node(value)? {
            (at, Node::List(items)) => Ok((at, items)),
            (at, _) => Err(self.unsupported(at, "a list")),
        }
    }

    fn tuple(&self, at: usize, value: Value) -> Result<&[Value<'a>], ParseError> {
        match self.node(value) {
            Ok((_, Node::Tuple(items))) => Ok(items),
            _ => Err(self.unsupported(at, "a tuple")),
        }
    }

    fn node(&self, value: Value) -> Result<(usize, &Node<'a>), ParseError> {
        let node = match value {
            Value::Node(number) => self.nodes.get(number),
            _ => None,
        };
        node.map(|(at, node)| (*at, node)).ok_or_else(|| self.unsupported(0, "an object"))
    }

    fn unsupported(&self, at: usize, expected: impl Into<String>) -> ParseError {
        self.error(at, ParseErrorKind::Unsupported, expected, "another value")
    }

    fn error(
        &self,
        at: usize,
        kind: ParseErrorKind,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> ParseError {
        ParseError::new(self.file, Place::Byte(at), kind, expected, found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DTYPE: &[u8] = b"cnumpy\ndtype\nU\x02i4K\x00K\x01\x87R(K\x03U\x01<NNNJ\xff\xff\xff\xff\
        J\xff\xff\xff\xffK\x00tb";

    /// An array of one dimension, without the pickle's first two bytes and its last.
    fn vector(n: u8, kind: &[u8; 2], words: &[[u8; 4]]) -> Vec<u8> {
        let mut dtype = DTYPE.to_vec();
        dtype[15..17].copy_from_slice(kind);
        let length = u8::try_from(4 * words.len()).unwrap();
        [
            b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R(K\x01K",
            &[n, 0x85][..],
            &dtype,
            &[0x89, b'U', length],
            words.as_flattened(),
            b"tb",
        ]
        .concat()
    }

    fn whole(body: &[u8]) -> Vec<u8> {
        [b"\x80\x02", body, b"."].concat()
    }

    fn matrix(offsets: [i32; 3], columns: &[i32], values: &[f32]) -> Vec<u8> {
        let ints = |ints: &[i32]| {
            let words: Vec<_> = ints.iter().map(|int| int.to_le_bytes()).collect();
            vector(ints.len() as u8, b"i4", &words)
        };
        let words: Vec<_> = values.iter().map(|value| value.to_le_bytes()).collect();
        whole(
            &[
                b"cscipy.sparse.csr\ncsr_matrix\n)\x81}(U\x06_shapeK\x02K\x03\x86U\x06indptr",
                ints(&offsets).as_slice(),
                b"U\x07indices",
                &ints(columns),
                b"U\x04data",
                &vector(values.len() as u8, b"f4", &words),
                b"ub",
            ]
            .concat(),
        )
    }

    #[test]
    fn a_vector() {
        let bytes = whole(&vector(2, b"i4", &[[1, 0, 0, 0], [255; 4]]));
        let read = array("y", &bytes, &Limits::default()).unwrap();
        assert_eq!(read, Array { shape: vec![2], values: Numbers::Int(vec![1, -1]) });
        for end in 0..bytes.len() {
            let error = array("y", &bytes[..end], &Limits::default()).unwrap_err();
            assert_eq!(error.kind, ParseErrorKind::Truncated, "{end}");
        }
    }

    #[test]
    fn a_sparse_matrix() {
        let bytes = matrix([0, 2, 3], &[0, 2, 1], &[1.0, 1.0, 0.5]);
        let read = csr("x", &bytes, &Limits::default()).unwrap();
        assert_eq!((read.n_rows, read.n_columns), (2, 3));
        assert_eq!((read.offsets, read.columns), (vec![0, 2, 3], vec![0, 2, 1]));
        assert_eq!(read.values, [1.0, 1.0, 0.5]);
    }

    #[test]
    fn a_width_that_no_value_bears_out_is_refused() {
        let bytes = matrix([0, 2, 3], &[0, 2, 1], &[1.0, 1.0, 0.5]);
        let limits = Limits { columns: 2, ..Limits::default() };
        let error = csr("x", &bytes, &limits).unwrap_err();
        assert_eq!(error.to_string(), "x, byte 32: expected at most 2 columns, found 3");
    }

    #[test]
    fn a_shape_of_many_sizes_is_neither_read_nor_shown() {
        let array_with = |n: usize, size: &[u8]| {
            let bytes = whole(&vector(1, b"i4", &[[0; 4]]));
            let at = bytes.windows(3).position(|w| w == [b'K', 1, 0x85]).unwrap();
            let shape = [&b"("[..], &size.repeat(n), b"t"].concat();
            array("y", &[&bytes[..at], &shape, &bytes[at + 3..]].concat(), &Limits::default())
        };
        assert_eq!(array_with(4, b"K\x01").unwrap().shape, [1; 4]);
        let error = array_with(5, b"K\x01").unwrap_err();
        assert_eq!(error.kind, ParseErrorKind::Unsupported);
        assert!(array_with(100_000, b"K\x01").unwrap_err().to_string().len() < 100);
        assert!(array_with(4, b"J\xff\xff\xff\x7f").unwrap_err().to_string().len() < 150);
    }

    #[test]
    fn parts_that_disagree_are_refused() {
        let array_kind = |n, kind| {
            let bytes = whole(&vector(n, kind, &[[0; 4]; 2]));
            array("y", &bytes, &Limits::default()).unwrap_err().kind
        };
        assert_eq!(array_kind(3, b"i4"), ParseErrorKind::Inconsistent);
        assert_eq!(array_kind(2, b"i8"), ParseErrorKind::Unsupported);
        let kind = |offsets, columns: &[i32], values: &[f32]| {
            csr("x", &matrix(offsets, columns, values), &Limits::default()).unwrap_err().kind
        };
        assert_eq!(kind([0, 1, 2], &[0, 1], &[1.0]), ParseErrorKind::Inconsistent);
        assert_eq!(kind([0, 3, 2], &[0, 1], &[1.0; 2]), ParseErrorKind::Inconsistent);
        assert_eq!(kind([0, 2, 2], &[1, 1], &[1.0; 2]), ParseErrorKind::Inconsistent);
        assert_eq!(kind([1, 1, 2], &[1, 1], &[1.0; 2]), ParseErrorKind::Inconsistent);
        assert_eq!(kind([0, 1, 2], &[0, 3], &[1.0; 2]), ParseErrorKind::OutOfRange);
        assert_eq!(kind([0, 1, 2], &[0, -1], &[1.0; 2]), ParseErrorKind::OutOfRange);
        assert_eq!(kind([0, 1, 2], &[0, 1], &[1.0, f32::NAN]), ParseErrorKind::BadNumber);
    }
}
