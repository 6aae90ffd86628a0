//! A data set before it is read: what it is, where its files are, how they become a [`Dataset`].

use super::{DataError, Dataset, Kind};
use crate::rng::Seed;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A registered data set.
#[derive(Debug)]
pub struct Source {
    /// What it is called in plans, links and folders: `adult`.
    pub name: &'static str,
    /// `UCI Adult`.
    pub title: &'static str,
    /// One sentence: the samples and the question.
    pub description: &'static str,
    /// The kind of its samples.
    pub kind: Kind,
    /// The files that are read; others of the publisher's are not needed.
    pub files: &'static [SourceFile],
    /// Where the files are.
    pub origin: Origin,
    /// The licence, or what is known of the terms.
    pub terms: &'static str,
    /// Whom to cite.
    pub citation: &'static str,
    /// Reads the files; the seed decides only what the publisher left open.
    pub read: fn(&Files, Seed) -> Result<Dataset, DataError>,
}

/// A file of a data set, pinned.
#[derive(Debug)]
pub struct SourceFile {
    /// Without folders.
    pub name: &'static str,
    /// Bytes.
    pub size: u64,
    /// In hexadecimal, lower case.
    pub sha256: &'static str,
}

/// Where the files are.
#[derive(Debug)]
pub enum Origin {
    /// Nowhere: the samples are made from the seed.
    Generated,
    /// Each at a base address followed by its name; the publisher's base first, then copies.
    Files {
        /// Addresses that end in `/`.
        bases: &'static [&'static str],
    },
    /// All in one zip archive of at most `max_size` bytes, each as `folder` followed by its name.
    Zip {
        /// The archive's address.
        url: &'static str,
        /// The folder in the archive, with a `/` at its end.
        folder: &'static str,
        /// Bytes that the archive may have.
        max_size: u64,
    },
}

/// Files in memory, by name.
#[derive(Clone, Debug, Default)]
pub struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    /// Adds a file, or replaces the one of the same name.
    pub fn insert(&mut self, name: impl Into<String>, bytes: Vec<u8>) {
        self.0.insert(name.into(), bytes);
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// In alphabetical order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// The bytes of a file.
    ///
    /// # Errors
    /// [`DataError::MissingFile`].
    pub fn get(&self, name: &str) -> Result<&[u8], DataError> {
        let missing = || DataError::MissingFile { file: name.to_owned() };
        self.0.get(name).map(Vec::as_slice).ok_or_else(missing)
    }
}

impl Source {
    /// Checks that the files are the publisher's, then reads them. `seed` is that of the run: it
    /// decides a split that the publisher left open, and every sample of a synthetic set.
    ///
    /// # Errors
    /// Those of [`Source::verify`] and [`Source::parse`].
    pub fn load(&self, files: &Files, seed: Seed) -> Result<Dataset, DataError> {
        self.verify(files)?;
        self.parse(files, seed)
    }

    /// Checks that every file is there, byte for byte as pinned.
    ///
    /// # Errors
    /// [`DataError::MissingFile`], [`DataError::WrongSize`], [`DataError::WrongHash`].
    pub fn verify(&self, files: &Files) -> Result<(), DataError> {
        self.files.iter().try_for_each(|file| file.verify(files.get(file.name)?))
    }

    /// Reads files that need not be the publisher's, as long as they have the same form.
    ///
    /// # Errors
    /// [`DataError::MissingFile`], [`DataError::Parse`], and [`DataError::Inconsistent`] where the
    /// files can be read but make no data set.
    pub fn parse(&self, files: &Files, seed: Seed) -> Result<Dataset, DataError> {
        let dataset = (self.read)(files, seed)?;
        dataset.check()?;
        Ok(dataset)
    }
}

impl SourceFile {
    /// Checks bytes against the pinned size and hash.
    ///
    /// # Errors
    /// [`DataError::WrongSize`], [`DataError::WrongHash`].
    pub fn verify(&self, bytes: &[u8]) -> Result<(), DataError> {
        self.verify_size(bytes.len() as u64)?;
        self.verify_hash(Sha256::new_with_prefix(bytes))
    }

    /// Checks a number of bytes against the pinned size.
    ///
    /// # Errors
    /// [`DataError::WrongSize`].
    pub fn verify_size(&self, found: u64) -> Result<(), DataError> {
        if found == self.size {
            return Ok(());
        }
        Err(DataError::WrongSize { file: self.name.to_owned(), expected: self.size, found })
    }

    /// Checks a hash over all bytes against the pinned one.
    ///
    /// # Errors
    /// [`DataError::WrongHash`].
    pub fn verify_hash(&self, hash: Sha256) -> Result<(), DataError> {
        let found = format!("{:x}", hash.finalize());
        if found == self.sha256 {
            return Ok(());
        }
        let (file, expected) = (self.name.to_owned(), self.sha256.to_owned());
        Err(DataError::WrongHash { file, expected, found })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{SOURCES, source};
    use std::collections::BTreeSet;

    #[test]
    fn a_file_is_checked_by_size_and_hash() {
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        let file = SourceFile { name: "x", size: 3, sha256 };
        assert!(file.verify(b"abc").is_ok());
        assert_eq!(file.verify(b"abcd").unwrap_err().code(), "data/wrong-size");
        let error = file.verify(b"abd").unwrap_err();
        assert_eq!(error.code(), "data/wrong-hash");
        assert!(error.to_string().starts_with("x: expected the SHA-256 ba78"), "{error}");
        assert_eq!(Files::default().get("x").unwrap_err().code(), "data/missing-file");
    }

    #[test]
    fn sources_are_complete_and_distinct() {
        let names: BTreeSet<_> = SOURCES.iter().map(|source| source.name).collect();
        assert_eq!(names.len(), SOURCES.len());
        for &source in SOURCES {
            assert!(source.description.ends_with(['.', '?']) && !source.terms.is_empty());
            let generated = matches!(source.origin, Origin::Generated);
            assert_eq!(generated, source.files.is_empty(), "{}", source.name);
            for file in source.files {
                assert!(file.sha256.len() == 64 && file.size > 0, "{}", file.name);
            }
        }
        assert_eq!(source("cora").unwrap().name, "cora");
        assert_eq!(source("coral").unwrap_err().code(), "data/unknown-name");
    }
}
