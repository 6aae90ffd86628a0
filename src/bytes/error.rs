//! Where a file failed to parse, what should have been there, and what was.

use std::fmt;

/// Why a file was refused: `adult.data, line 17: expected 15 fields, found 14`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}, {place}: expected {expected}, found {found}")]
#[non_exhaustive]
pub struct ParseError {
    /// The file's name, without folders.
    pub file: String,
    /// Where in the file.
    pub place: Place,
    /// What kind of fault, with the stable code.
    pub kind: ParseErrorKind,
    /// What should be there: `15 fields`.
    pub expected: String,
    /// What is there: `14`.
    pub found: String,
}

impl ParseError {
    /// An error at a place of a file.
    pub fn new(
        file: &str,
        place: Place,
        kind: ParseErrorKind,
        expected: impl Into<String>,
        found: impl Into<String>,
    ) -> Self {
        ParseError {
            file: file.to_owned(),
            place,
            kind,
            expected: expected.into(),
            found: found.into(),
        }
    }

    /// The stable name of what went wrong: `parse/truncated`.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }
}

/// A place in a file. Bytes count from 0, lines and columns from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// An offset.
    Byte(usize),
    /// A line of a text.
    Line(usize),
    /// A field of a table.
    Cell {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Byte(offset) => write!(f, "byte {offset}"),
            Place::Line(line) => write!(f, "line {line}"),
            Place::Cell { line, column } => write!(f, "line {line}, column {column}"),
        }
    }
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $kind:ident = $code:literal,)+) => {
        /// What can be wrong with a file; each kind has a stable code.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ParseErrorKind {
            $($(#[doc = $doc])+ $kind,)+
        }

        impl ParseErrorKind {
            /// Every kind, in the order of declaration.
            pub const ALL: &[ParseErrorKind] = &[$(ParseErrorKind::$kind,)+];

            /// The stable name: `parse/truncated`.
            pub fn code(self) -> &'static str {
                match self {
                    $(ParseErrorKind::$kind => concat!("parse/", $code),)+
                }
            }
        }
    };
}

kinds! {
    /// The file ends before what it announces.
    Truncated = "truncated",
    /// The first bytes are those of another format.
    WrongMagic = "wrong-magic",
    /// Beyond one of the [`Limits`](super::Limits).
    TooLarge = "too-large",
    /// More bytes than the file announces.
    TrailingBytes = "trailing-bytes",
    /// Compressed data that do not decompress, or whose checksum is wrong.
    BadCompression = "bad-compression",
    /// Text that is not UTF-8.
    BadText = "bad-text",
    /// A quote that is not closed, or not followed by a delimiter.
    BadQuote = "bad-quote",
    /// Not a number, or not a finite one.
    BadNumber = "bad-number",
    /// A record with too few or too many fields.
    WrongColumnCount = "wrong-column-count",
    /// An index, a label or a size outside its range.
    OutOfRange = "out-of-range",
    /// Two parts of the data disagree.
    Inconsistent = "inconsistent",
    /// A category that the training rows do not have.
    UnknownCategory = "unknown-category",
    /// A form of the format that is not read here.
    Unsupported = "unsupported",
    /// A pickle asks for something outside the list of what is allowed.
    Forbidden = "forbidden",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_message_names_file_place_expected_and_found() {
        let error = ParseError::new(
            "adult.data",
            Place::Line(17),
            ParseErrorKind::WrongColumnCount,
            "15 fields",
            "14",
        );
        assert_eq!(error.to_string(), "adult.data, line 17: expected 15 fields, found 14");
        assert_eq!(error.code(), "parse/wrong-column-count");
        assert_eq!(Place::Cell { line: 2, column: 3 }.to_string(), "line 2, column 3");
        assert_eq!(Place::Byte(0).to_string(), "byte 0");
    }

    #[test]
    fn codes_are_distinct() {
        let codes: std::collections::BTreeSet<_> =
            ParseErrorKind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), ParseErrorKind::ALL.len());
    }
}
