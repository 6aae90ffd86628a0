//! What the command writes, and what it says where it cannot.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use mole::error::Problem;

/// That a file was refused, and why.
pub fn refused(path: &Path, error: &std::io::Error) -> Problem {
    let message = format!("{}: {error}; check that it can be written", path.display());
    Problem::new("disk/refused", message)
}

/// Asks that a file can be written there, before the work whose result it is to hold: by writing an empty one
/// beside it.
pub fn check_place(file: &Path) -> Result<(), Problem> {
    if file.is_dir() {
        return Err(refused(file, &ErrorKind::IsADirectory.into()));
    }
    if is_written_directly(file) {
        return Ok(());
    }
    let part = part_of(file);
    let tried = fs::write(&part, "").and_then(|()| fs::remove_file(&part));
    tried.map_err(|error| refused(file, &error))
}

/// Asks that a new file take the place of none of these.
pub fn check_not_one_of(file: &Path, others: &[&Path]) -> Result<(), Problem> {
    let real = |path: &Path| fs::canonicalize(path).or_else(|_| std::path::absolute(path)).ok();
    let taken = others.iter().any(|other| real(other).is_some() && real(other) == real(file));
    if !taken {
        return Ok(());
    }
    let message = format!("{} is another file of this run: name one of its own", file.display());
    Err(Problem::new("disk/refused", message))
}

/// Writes beside the file and renames: what ends the process leaves no half a file. What is none, such as a
/// terminal, is written to as it is.
pub fn write(file: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Problem> {
    if is_written_directly(file) {
        return fs::write(file, bytes).map_err(|error| refused(file, &error));
    }
    // Where it is a link, the file that it leads to is replaced.
    let file = &fs::canonicalize(file).unwrap_or_else(|_| file.into());
    let part = part_of(file);
    fs::write(&part, bytes).map_err(|error| refused(&part, &error))?;
    fs::rename(&part, file).map_err(|error| refused(file, &error))
}

fn is_written_directly(file: &Path) -> bool {
    fs::metadata(file).is_ok_and(|found| !found.is_file())
}

/// Where a file is written before it takes its place.
fn part_of(file: &Path) -> PathBuf {
    let mut part = OsString::from(file);
    part.push(".part");
    part.into()
}
