//! Data files for the page: from a folder that has them, or fetched from their publisher once.

use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use mole::data::{SOURCES, Source, SourceFile, fetch};

use crate::{Outcome, www};

/// Where the page's data files are.
pub struct Data {
    /// Looked into first; the user's own copies.
    given: Option<PathBuf>,
    /// What has been fetched is kept here. Ignored by git.
    fetched: PathBuf,
    /// One download at a time: two visitors must not fetch the same file twice.
    fetching: Mutex<()>,
}

impl Data {
    pub fn new(given: Option<PathBuf>) -> Self {
        Self { given, fetched: www().join("data"), fetching: Mutex::new(()) }
    }

    /// A file of a data set on this machine, fetched if need be; `None` for unknown names.
    pub fn file(&self, set: &str, name: &str) -> Option<Outcome<PathBuf>> {
        let source = SOURCES.iter().find(|source| source.name == set)?;
        let file = source.files.iter().find(|file| file.name == name)?;
        Some(self.find_or_fetch(source, file))
    }

    fn find_or_fetch(&self, source: &Source, file: &SourceFile) -> Outcome<PathBuf> {
        let inside = PathBuf::from(source.name).join(file.name);
        let given = self.given.as_ref().map(|folder| folder.join(&inside));
        if let Some(given) = given.filter(|path| path.is_file()) {
            return Ok(given);
        }
        let _alone = self.fetching.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = self.fetched.join(&inside);
        if !kept.is_file() {
            // All of the set: the page asks for the others next.
            fetch::fetch(source, &self.fetched, None, &fetch::bar())?;
        }
        Ok(kept)
    }
}
