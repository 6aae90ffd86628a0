//! The pickles that Planetoid's files are (Python 2, protocol 2), and no others.
//!
//! A pickle is a program for a small stack machine, and Python's reader lets it call anything. This
//! one knows the 28 opcodes and the six globals that those files use, builds inert values from
//! them, and refuses the rest. A value read back from the memo is a handle, never a copy, so a
//! small file cannot grow into a large structure.
//!
//! Source: the comments of Python's `pickletools`; the opcodes were counted on the files.

mod machine;
mod numpy;
mod opcode;

pub use numpy::{Array, Csr, Numbers, array, csr, lists};

use super::{Input, Limits, ParseError, ParseErrorKind, Place, text};

/// What a pickle may name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Global {
    Dtype,
    Ndarray,
    Reconstruct,
    CsrMatrix,
    DefaultDict,
    List,
}

const GLOBALS: [(&str, &str, Global); 6] = [
    ("numpy", "dtype", Global::Dtype),
    ("numpy", "ndarray", Global::Ndarray),
    ("numpy.core.multiarray", "_reconstruct", Global::Reconstruct),
    ("scipy.sparse.csr", "csr_matrix", Global::CsrMatrix),
    ("collections", "defaultdict", Global::DefaultDict),
    ("__builtin__", "list", Global::List),
];

/// A value, or the number of the node that holds it.
#[derive(Clone, Copy, Debug)]
enum Value<'a> {
    None,
    Bool(bool),
    Int(i32),
    Bytes(&'a [u8]),
    Global(Global),
    Node(usize),
}

/// A value made of others.
#[derive(Debug)]
enum Node<'a> {
    Tuple(Vec<Value<'a>>),
    List(Vec<Value<'a>>),
    Dict(Vec<(Value<'a>, Value<'a>)>),
    /// An object: what it was made by, its first argument, and the state it was given.
    Object {
        kind: Object,
        argument: Value<'a>,
        state: Option<Value<'a>>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Object {
    Dtype,
    Array,
    Csr,
}

/// What a pickle holds: every node with the byte it was made at, and the value on top at the end.
struct Pickle<'a> {
    file: &'a str,
    nodes: Vec<(usize, Node<'a>)>,
    root: Value<'a>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// `{0: [1, 2], 1: [0]}` as a `defaultdict(list)`.
    const LISTS: &[u8] =
        b"\x80\x02ccollections\ndefaultdict\nq\x01c__builtin__\nlist\nq\x02\x85Rq\x03\
        (K\x00]q\x04(K\x01K\x02eK\x01]q\x05K\x00au.";

    fn kind(bytes: &[u8]) -> ParseErrorKind {
        lists("x", bytes, &Limits::default()).unwrap_err().kind
    }

    #[test]
    fn a_dict_of_lists() {
        let read = lists("x", LISTS, &Limits::default()).unwrap();
        assert_eq!(read, BTreeMap::from([(0, vec![1, 2]), (1, vec![0])]));
    }

    #[test]
    fn every_prefix_is_truncated() {
        for end in 0..LISTS.len() {
            assert_eq!(kind(&LISTS[..end]), ParseErrorKind::Truncated, "{end}");
        }
    }

    #[test]
    fn what_is_not_on_the_list_is_forbidden() {
        let error = lists("x", b"\x80\x02cos\nsystem\nU\x02ls\x85R.", &Limits::default());
        assert_eq!(
            error.unwrap_err().to_string(),
            "x, byte 2: expected a global that is allowed, found \"os.system\""
        );
        // Allowed names in calls that the files do not make.
        assert_eq!(kind(b"\x80\x02c__builtin__\nlist\n)R."), ParseErrorKind::Forbidden);
        assert_eq!(kind(b"\x80\x02c__builtin__\nlist\n)\x81."), ParseErrorKind::Forbidden);
        assert_eq!(kind(b"\x80\x02K\x00)R."), ParseErrorKind::Forbidden);
        // `__reduce__` by extension registry, persistent ids, and protocol 0's own `INST`.
        for opcode in *b"\x82P\x51i" {
            assert_eq!(kind(&[0x80, 2, opcode]), ParseErrorKind::Forbidden);
        }
    }

    #[test]
    fn a_stack_that_does_not_fit_is_refused() {
        let inconsistent = [
            &b"\x80\x02."[..],
            b"\x80\x02NN.",
            b"\x80\x02(N.",
            b"\x80\x02t.",
            b"\x80\x02N(a.",
            b"\x80\x02Na.",
            b"\x80\x02](\x85.",
            b"\x80\x02}(Nu.",
            b"\x80\x02NNb.",
            b"\x80\x02q\x00.",
            b"\x80\x02h\x00.",
        ];
        for bytes in inconsistent {
            assert_eq!(kind(bytes), ParseErrorKind::Inconsistent, "{bytes:?}");
        }
        assert_eq!(kind(b"\x80\x04N."), ParseErrorKind::WrongMagic);
        assert_eq!(kind(b"\x80\x02N.N"), ParseErrorKind::TrailingBytes);
        assert_eq!(kind(b"\x80\x02N."), ParseErrorKind::Unsupported);
    }

    #[test]
    fn depth_values_and_copies_are_capped() {
        let marks = [&b"\x80\x02"[..], &[b'('; 17]].concat();
        assert_eq!(kind(&marks), ParseErrorKind::TooLarge);
        let few = Limits { values: 15, ..Limits::default() };
        assert_eq!(lists("x", LISTS, &few).unwrap_err().kind, ParseErrorKind::TooLarge);
        // One list under two keys: three numbers in the file, six in the result.
        let shared = b"\x80\x02}(K\x00](K\x01K\x02K\x03eq\x00K\x01h\x00u.";
        let limits = Limits { items: 6, ..Limits::default() };
        assert_eq!(lists("x", shared, &limits).unwrap()[&1], [1, 2, 3]);
        let limits = Limits { items: 5, ..limits };
        assert_eq!(lists("x", shared, &limits).unwrap_err().kind, ParseErrorKind::TooLarge);
        // A list that holds itself is a handle to itself, and no list of numbers.
        assert_eq!(kind(b"\x80\x02}(K\x00]q\x00h\x00au."), ParseErrorKind::Unsupported);
    }
}
