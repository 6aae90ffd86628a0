//! Brings a data set's files: from the publisher, a mirror or a zip archive, checked before use.
//!
//! A file lies at `DIR/SET/FILE`. While it is on its way its name ends in `.part`; what is left
//! there by a broken connection is gone on with. Only a file with the pinned size and SHA-256 gets
//! its own name.

use super::{DataError, Files, Origin, Source, SourceFile};
use crate::bytes::Limits;
use indicatif::{ProgressBar, ProgressStyle};
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;
use ureq::http::{Response, header};

/// Tries at one address, as long as each brings some bytes.
const TRIES: usize = 3;
const CONNECT: Duration = Duration::from_secs(15);
const ANSWER: Duration = Duration::from_secs(30);
/// For one try; the next one goes on where it stopped.
const BODY: Duration = Duration::from_secs(600);
const CHUNK: usize = 64 << 10;

/// Why a data set's files are not there. Every message says what can be done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages say what the fields are")]
pub enum FetchError {
    /// No address answered, or none to the end.
    #[error("{file}: no address gave it ({reasons}); {advice}")]
    Unreachable { file: String, reasons: String, advice: String },
    /// A file is missing, or is not the publisher's.
    #[error("{error}; {advice}")]
    Refused { error: Box<DataError>, advice: String },
    /// What should be an archive with the files is none.
    #[error("{file}: expected a zip archive with {member}, found {reason}; {advice}")]
    BadArchive { file: String, member: String, reason: String, advice: String },
    /// This machine's disk refused.
    #[error("{}: {error}; check that the folder can be written, or name another", path.display())]
    Disk { path: PathBuf, error: io::Error },
}

impl FetchError {
    /// The stable name of what went wrong: `data/unreachable`.
    pub fn code(&self) -> &'static str {
        match self {
            FetchError::Unreachable { .. } => "data/unreachable",
            FetchError::Refused { error, .. } => error.code(),
            FetchError::BadArchive { .. } => "data/bad-archive",
            FetchError::Disk { .. } => "data/disk",
        }
    }
}

/// A progress bar for [`fetch`]: bytes, rate and time left; silent where there is no terminal.
pub fn bar() -> ProgressBar {
    let template = "{msg:32} {bar:24} {bytes:>10} of {total_bytes} {bytes_per_sec} {eta}";
    let style = ProgressStyle::with_template(template);
    ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

/// Brings every file of `source` that is not whole in `DIR/SET`. With a `mirror` only
/// `MIRROR/SET/FILE` is asked, otherwise the publisher and then the copies known of.
///
/// A file of another content that is there already is kept as `FILE.bak`.
///
/// # Errors
/// [`FetchError`], after every address has been tried. Nothing that was brought and has the wrong content is
/// left.
pub fn fetch(
    source: &Source,
    dir: &Path,
    mirror: Option<&str>,
    bar: &ProgressBar,
) -> Result<(), FetchError> {
    let fetcher = Fetcher::new(source, dir, bar);
    let mut missing = Vec::new();
    let mut others = Vec::new();
    for file in source.files {
        match fetcher.is_whole(file)? {
            None => {}
            Some(DataError::MissingFile { .. }) => missing.push(file),
            Some(other) => {
                missing.push(file);
                others.push(other.to_string());
            }
        }
    }
    if missing.is_empty() {
        return Ok(());
    }
    let there = |error| match error {
        FetchError::Unreachable { file, mut reasons, advice } => {
            others.iter().for_each(|other| reasons += &format!("; of what is there, {other}"));
            FetchError::Unreachable { file, reasons, advice }
        }
        error => error,
    };
    fs::create_dir_all(&fetcher.folder).map_err(|error| disk(&fetcher.folder, error))?;
    let each = |urls: &dyn Fn(&SourceFile) -> Vec<String>| {
        missing.iter().try_for_each(|file| fetcher.file(file, &urls(file)))
    };
    let brought = match (mirror, &source.origin) {
        (Some(base), _) => each(&|file| {
            vec![format!("{}/{}/{}", base.trim_end_matches('/'), source.name, file.name)]
        }),
        (None, Origin::Files { bases }) => {
            each(&|file| bases.iter().map(|base| format!("{base}{}", file.name)).collect())
        }
        (None, &Origin::Zip { url, folder, max_size }) => {
            fetcher.archive(url, folder, max_size, &missing)
        }
        (None, Origin::Generated) => Ok(()),
    };
    brought.map_err(there)
}

/// The files of `source` in `DIR/SET`, not checked beyond a sane size.
///
/// # Errors
/// [`FetchError::Refused`] with [`DataError::MissingFile`] or [`DataError::WrongSize`],
/// [`FetchError::Disk`].
pub fn read_dir(source: &Source, dir: &Path) -> Result<Files, FetchError> {
    let mut files = Files::default();
    for file in source.files {
        let path = dir.join(source.name).join(file.name);
        let refused = |error| {
            let advice = format!("run `mole data {} --dir {}`", source.name, dir.display());
            FetchError::Refused { error: Box::new(error), advice }
        };
        let name = file.name.to_owned();
        let found = match fs::metadata(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(refused(DataError::MissingFile { file: name }));
            }
            other => other.map_err(|error| disk(&path, error))?.len(),
        };
        if found > Limits::default().file as u64 {
            let error = DataError::WrongSize { file: name, expected: file.size, found };
            return Err(refused(error));
        }
        let mut bytes = Vec::new();
        // What says that it is small may go on for ever: a device, or a pipe.
        let input = File::open(&path).map_err(|error| disk(&path, error))?;
        let read = input.take(Limits::default().file as u64 + 1).read_to_end(&mut bytes);
        read.map_err(|error| disk(&path, error))?;
        files.insert(name, bytes);
    }
    Ok(files)
}

/// Why one try at one address failed.
enum Failure {
    /// The connection broke: the next try goes on where this one stopped.
    Broken(String),
    /// The address does not have the file.
    Refusal(String),
    /// It has another.
    Wrong(DataError),
    Disk(FetchError),
}

struct Fetcher<'a> {
    set: &'static str,
    folder: PathBuf,
    agent: ureq::Agent,
    bar: &'a ProgressBar,
}

impl<'a> Fetcher<'a> {
    fn new(source: &Source, dir: &Path, bar: &'a ProgressBar) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(ANSWER))
            .timeout_recv_body(Some(BODY))
            .user_agent(concat!("mole/", env!("CARGO_PKG_VERSION")));
        let folder = dir.join(source.name);
        Fetcher { set: source.name, folder, agent: config.build().into(), bar }
    }

    /// What keeps a file from being used as it is there; `None` where it can be.
    fn is_whole(&self, file: &SourceFile) -> Result<Option<DataError>, FetchError> {
        let path = self.folder.join(file.name);
        let Ok(found) = fs::metadata(&path) else {
            return Ok(Some(DataError::MissingFile { file: file.name.to_owned() }));
        };
        if let Err(error) = file.verify_size(found.len()) {
            return Ok(Some(error));
        }
        let hash = hash(&path).map_err(|error| disk(&path, error))?;
        Ok(file.verify_hash(hash).err())
    }

    /// Brings one file from the first address that has it.
    fn file(&self, file: &SourceFile, urls: &[String]) -> Result<(), FetchError> {
        let check = |part: &Path| {
            let size = fs::metadata(part).map_err(|error| Failure::Disk(disk(part, error)))?.len();
            if size < file.size {
                return Err(Failure::Broken(format!("ended after {size} of {} bytes", file.size)));
            }
            let hash = hash(part).map_err(|error| Failure::Disk(disk(part, error)))?;
            file.verify_size(size).and_then(|()| file.verify_hash(hash)).map_err(Failure::Wrong)
        };
        self.download(file.name, urls, file.size, &check)
    }

    /// Brings an archive and takes the missing files out of it.
    fn archive(
        &self,
        url: &str,
        folder: &str,
        max_size: u64,
        missing: &[&SourceFile],
    ) -> Result<(), FetchError> {
        let name = url.rsplit('/').next().unwrap_or(url);
        let path = self.folder.join(name);
        // What was there before may be of another archive: once more from 0.
        let mut again = size(&self.part(name)) > 0;
        loop {
            // The archive itself is not pinned: its members are.
            self.download(name, &[url.to_owned()], max_size, &|_| Ok(()))?;
            let taken = missing.iter().try_for_each(|file| self.extract(&path, folder, file));
            fs::remove_file(&path).map_err(|error| disk(&path, error))?;
            match taken {
                Err(_) if again => again = false,
                taken => return taken,
            }
        }
    }

    fn extract(&self, archive: &Path, folder: &str, file: &SourceFile) -> Result<(), FetchError> {
        let member = format!("{folder}{}", file.name);
        let bad = |reason: String| FetchError::BadArchive {
            file: archive.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            member: member.clone(),
            reason,
            advice: self.advice_on_wrong(),
        };
        let reader = File::open(archive).map_err(|error| disk(archive, error))?;
        let mut zip =
            zip::ZipArchive::new(BufReader::new(reader)).map_err(|error| bad(error.to_string()))?;
        let entry = zip.by_name(&member).map_err(|error| bad(error.to_string()))?;
        let mut bytes = Vec::new();
        // One byte beyond the pinned size is enough to refuse whatever the archive unfolds to.
        entry
            .take(file.size.saturating_add(1))
            .read_to_end(&mut bytes)
            .map_err(|error| bad(error.to_string()))?;
        file.verify(&bytes).map_err(|error| self.refused(error))?;
        let part = self.part(file.name);
        fs::write(&part, &bytes).map_err(|error| disk(&part, error))?;
        self.publish(&part, file.name)
    }

    /// Brings `name` from the first of `urls` whose answer passes `check`.
    fn download(
        &self,
        name: &str,
        urls: &[String],
        max_size: u64,
        check: &dyn Fn(&Path) -> Result<(), Failure>,
    ) -> Result<(), FetchError> {
        let part = self.part(name);
        let (mut reasons, mut wrong) = (Vec::new(), None);
        for url in urls {
            for _ in 0..TRIES {
                let start = size(&part);
                match self.receive(name, url, &part, max_size).and_then(|()| check(&part)) {
                    Ok(()) => return self.publish(&part, name),
                    Err(Failure::Disk(error)) => return Err(error),
                    Err(Failure::Refusal(reason)) => {
                        reasons.push(format!("{url}: {reason}"));
                        break;
                    }
                    Err(Failure::Broken(reason)) => {
                        reasons.push(format!("{url}: {reason}"));
                        if size(&part) <= start {
                            break;
                        }
                    }
                    Err(Failure::Wrong(error)) => {
                        wrong = Some(error);
                        fs::remove_file(&part).map_err(|error| disk(&part, error))?;
                        // What was there before may have been the bad half: once more from 0.
                        if start == 0 {
                            break;
                        }
                    }
                }
            }
        }
        Err(match wrong {
            Some(error) => self.refused(error),
            None => FetchError::Unreachable {
                file: name.to_owned(),
                reasons: reasons.join("; "),
                advice: format!(
                    "name another copy with `mole data {} --mirror URL`, or put the file into {}",
                    self.set,
                    self.folder.display()
                ),
            },
        })
    }

    /// Asks for what is missing of a part and appends it, up to `max_size` bytes in all.
    fn receive(&self, name: &str, url: &str, part: &Path, max_size: u64) -> Result<(), Failure> {
        let start = size(part);
        if start >= max_size {
            return Ok(());
        }
        // A decompressed answer would be another file than the pinned one.
        let request = self.agent.get(url).header(header::ACCEPT_ENCODING, "identity");
        let request = match start {
            0 => request,
            _ => request.header(header::RANGE, format!("bytes={start}-")),
        };
        let response = request.call().map_err(|error| Failure::Broken(error.to_string()))?;
        let start = match response.status().as_u16() {
            206 if continues(&response, start) => start,
            200 => 0,
            206 | 416 if start > 0 => {
                fs::remove_file(part).map_err(|error| Failure::Disk(disk(part, error)))?;
                return self.receive(name, url, part, max_size);
            }
            status => return Err(Failure::Refusal(format!("answered with status {status}"))),
        };
        let left = response.body().content_length().unwrap_or(max_size.saturating_sub(start));
        self.bar.reset();
        self.bar.set_message(name.to_owned());
        self.bar.set_length(start.saturating_add(left));
        let mut options = OpenOptions::new();
        let options = options.create(true).write(true).append(start > 0).truncate(start == 0);
        let output = options.open(part).map_err(|error| Failure::Disk(disk(part, error)))?;
        self.copy(name, response.into_body().into_reader(), output, part, start, max_size)
    }

    fn copy(
        &self,
        name: &str,
        mut input: impl Read,
        mut output: File,
        part: &Path,
        start: u64,
        max_size: u64,
    ) -> Result<(), Failure> {
        let mut buffer = vec![0; CHUNK];
        let mut total = start;
        loop {
            self.bar.set_position(total);
            let n = input.read(&mut buffer).map_err(|error| Failure::Broken(error.to_string()))?;
            if n == 0 {
                break;
            }
            total += n as u64;
            if total > max_size {
                let (file, expected, found) = (name.to_owned(), max_size, total);
                return Err(Failure::Wrong(DataError::WrongSize { file, expected, found }));
            }
            let written = output.write_all(&buffer[..n]);
            written.map_err(|error| Failure::Disk(disk(part, error)))?;
        }
        // On the disk before it gets its name: a power cut must not leave a whole-looking file.
        output.sync_all().map_err(|error| Failure::Disk(disk(part, error)))
    }

    fn part(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.part"))
    }

    fn publish(&self, part: &Path, name: &str) -> Result<(), FetchError> {
        let path = self.folder.join(name);
        // Somebody's own, or what a disk has damaged: not ours to throw away.
        if path.is_file() {
            let kept = self.folder.join(format!("{name}.bak"));
            fs::rename(&path, kept).map_err(|error| disk(&path, error))?;
        }
        fs::rename(part, &path).map_err(|error| disk(part, error))
    }

    fn refused(&self, error: DataError) -> FetchError {
        FetchError::Refused { error: Box::new(error), advice: self.advice_on_wrong() }
    }

    fn advice_on_wrong(&self) -> String {
        format!("it was removed; name another copy with `mole data {} --mirror URL`", self.set)
    }
}

/// Whether an answer goes on from the byte `start`.
fn continues<B>(response: &Response<B>, start: u64) -> bool {
    let range = response.headers().get(header::CONTENT_RANGE);
    range.and_then(|range| {
        range.to_str().ok()?.strip_prefix("bytes ")?.split('-').next()?.parse().ok()
    }) == Some(start)
}

/// The bytes of a file; 0 where there is none.
fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |found| found.len())
}

fn hash(path: &Path) -> io::Result<Sha256> {
    let mut hash = Sha256::new();
    io::copy(&mut File::open(path)?, &mut hash)?;
    Ok(hash)
}

fn disk(path: &Path, error: io::Error) -> FetchError {
    FetchError::Disk { path: path.to_owned(), error }
}
