//! What the command writes, and what it says where it cannot.

use std::ffi::OsString;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use mole::error::Problem;

/// That a file was refused, and why.
pub fn refused(path: &Path, error: &std::io::Error) -> Problem {
    let message = format!("{}: {error}; check that it can be written", path.display());
    Problem::new("disk/refused", message)
}

/// Asks that a file can be written there, before the work whose result it is to hold.
pub fn check_place(file: &Path) -> Result<(), Problem> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder.map_or(Ok(true), |folder| fs::metadata(folder).map(|found| found.is_dir())) {
        Ok(true) if !file.is_dir() => Ok(()),
        Ok(_) => Err(refused(file, &ErrorKind::NotADirectory.into())),
        Err(error) => Err(refused(file, &error)),
    }
}

/// Writes beside the file and renames: what ends the process leaves no half a file. What is none, such as a
/// terminal, is written to as it is.
pub fn write(file: &Path, bytes: impl AsRef<[u8]>) -> Result<(), Problem> {
    // Where it is a link, the file that it leads to is replaced.
    let file = &fs::canonicalize(file).unwrap_or_else(|_| file.into());
    if fs::metadata(file).is_ok_and(|found| !found.is_file()) {
        return fs::write(file, bytes).map_err(|error| refused(file, &error));
    }
    let mut part = OsString::from(file);
    part.push(".part");
    let part = Path::new(&part);
    fs::write(part, bytes).map_err(|error| refused(part, &error))?;
    fs::rename(part, file).map_err(|error| refused(file, &error))
}
