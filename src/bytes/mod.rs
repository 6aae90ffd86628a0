//! Bytes to plain values: IDX, CSV, Planetoid's pickles, TUDataset text, gzip.
//!
//! Every reader here treats its input as hostile. A count in a header is a claim, checked against
//! the bytes that are there before anything is allocated; arithmetic is checked; whatever is wrong
//! is a [`ParseError`] and never a panic. No tensors, no network, no files.
#![cfg_attr(
    not(test),
    deny(
        clippy::arithmetic_side_effects,
        clippy::as_conversions,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::panic,
        clippy::unwrap_used
    )
)]

pub mod csv;
mod error;
pub mod gzip;
pub mod idx;
mod input;
pub mod pickle;
pub mod text;
pub mod tu;

pub use error::{ParseError, ParseErrorKind, Place};
pub use input::Input;

/// What a reader refuses to go beyond. The defaults leave room for several times the largest
/// public set read here and keep one reader's memory under about half a gibibyte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file as given. MNIST's largest has 9.9 MB.
    pub file: usize,
    /// Bytes of one file after decompression. MNIST's largest has 47 MB.
    pub unpacked: usize,
    /// Bytes out for each byte in. Deflate cannot exceed 1,032; MNIST's labels reach 2.1.
    pub ratio: usize,
    /// Samples, nodes, edges or numbers of one text file. Mutagenicity has 266,894 edge lines.
    pub items: usize,
    /// Fields of one CSV record, columns of a sparse matrix. Citeseer's nodes have 3,703 features.
    pub columns: usize,
    /// Fields of one CSV file: each takes some 24 bytes in memory and as few as one in the file.
    /// Adult has 732,630.
    pub fields: usize,
    /// Bytes of one CSV field. A quote that is not closed could take in the rest of the file.
    pub field: usize,
    /// Values that a pickle may build or remember. Citeseer's graph takes some 25,000.
    pub values: usize,
    /// Marks that a pickle may have open. The files read here nest 3 deep.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            file: 64 << 20,
            unpacked: 128 << 20,
            ratio: 200,
            items: 8 << 20,
            columns: 1 << 16,
            fields: 8 << 20,
            field: 1 << 16,
            values: 1 << 20,
            depth: 16,
        }
    }
}

impl Limits {
    /// Refuses a file with more bytes than [`Limits::file`].
    ///
    /// # Errors
    /// [`ParseErrorKind::TooLarge`].
    pub fn check_file(&self, file: &str, bytes: &[u8]) -> Result<(), ParseError> {
        if bytes.len() <= self.file {
            return Ok(());
        }
        Err(ParseError {
            file: file.to_owned(),
            place: Place::Byte(0),
            kind: ParseErrorKind::TooLarge,
            expected: format!("at most {} bytes", self.file),
            found: bytes.len().to_string(),
        })
    }
}
