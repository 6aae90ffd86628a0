//! Why a data set cannot be used.

use crate::bytes::ParseError;
use crate::bytes::text::quoted;

/// What a visitor's own files may be.
pub(crate) const FILES_THAT_ARE_READ: &str = "one table, IDX images with their labels, or the files of one Planetoid or TUDataset collection";

/// Every message names the file or the part concerned, what was expected and what was found.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages say what the fields are")]
pub enum DataError {
    /// No such data set is registered.
    #[error("there is no data set {}; there are {known}", quoted(.name))]
    UnknownName { name: String, known: String },
    /// A file of the set was not given.
    #[error("{file}: expected this file, found none")]
    MissingFile { file: String },
    /// A file is longer or shorter than the publisher's.
    #[error("{file}: expected {expected} bytes, found {found}")]
    WrongSize { file: String, expected: u64, found: u64 },
    /// A file is as long as the publisher's and has other bytes.
    #[error("{file}: expected the SHA-256 {expected}, found {found}")]
    WrongHash { file: String, expected: String, found: String },
    /// A file cannot be read.
    #[error(transparent)]
    Parse(#[from] ParseError),
    /// Nothing that is read here.
    #[error("{}: expected {FILES_THAT_ARE_READ}", quoted(.files))]
    Unrecognised { files: String },
    /// Files of one's own are not as they are said to be.
    #[error("{name}: expected {expected}, found {found}")]
    Setting { name: &'static str, expected: String, found: String },
    /// The files can be read and make no data set.
    #[error("{set}, {place}: expected {expected}, found {found}")]
    Inconsistent { set: String, place: String, expected: String, found: String },
}

impl DataError {
    /// The stable name of what went wrong: `data/wrong-hash`, or that of the [`ParseError`].
    pub fn code(&self) -> &'static str {
        match self {
            DataError::UnknownName { .. } => "data/unknown-name",
            DataError::MissingFile { .. } => "data/missing-file",
            DataError::WrongSize { .. } => "data/wrong-size",
            DataError::WrongHash { .. } => "data/wrong-hash",
            DataError::Parse(error) => error.code(),
            DataError::Unrecognised { .. } => "data/unrecognised",
            DataError::Setting { .. } => "data/setting",
            DataError::Inconsistent { .. } => "data/inconsistent",
        }
    }
}
