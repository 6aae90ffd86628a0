//! A checkpoint on disk that a kill at any moment leaves whole: two slots, `FILE` and
//! `FILE.previous`, and a scratch file beside them.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use mole::checkpoint::{Checkpoint, MOST_BYTES};
use mole::error::Problem;

use super::disk;

/// Where checkpoints of a run are kept.
pub struct Slots {
    newest: PathBuf,
    previous: PathBuf,
    scratch: PathBuf,
}

impl Slots {
    pub fn new(file: &Path) -> Self {
        let beside = |suffix: &str| {
            let mut name = file.as_os_str().to_owned();
            name.push(suffix);
            PathBuf::from(name)
        };
        Slots { newest: file.into(), previous: beside(".previous"), scratch: beside(".part") }
    }

    /// Asks that there be no file yet which the first checkpoint would take the place of.
    ///
    /// # Errors
    /// Names the one that is there.
    pub fn check_free(&self) -> Result<(), Problem> {
        let taken = [&self.newest, &self.previous].into_iter().find(|path| path.exists());
        let Some(path) = taken else { return Ok(()) };
        let (there, newest) = (path.display(), self.newest.display());
        let message = format!(
            "{there} is there already: go on with `--resume {newest}`, or name another file"
        );
        Err(Problem::new("disk/refused", message))
    }

    /// Writes to the scratch file, waits until it is on the disk, and only then lets it take the
    /// newest one's place, which becomes the previous one.
    pub fn save(&self, bytes: &[u8]) -> Result<(), Problem> {
        let write = || {
            let mut scratch = File::create(&self.scratch)?;
            scratch.write_all(bytes)?;
            scratch.sync_all()
        };
        write().map_err(|error| disk::refused(&self.scratch, &error))?;
        // A kill between the two renames leaves the previous one; one that is damaged must not take its
        // place, and one of another version is not ours to replace.
        match read(&self.newest) {
            Ok(_) => fs::rename(&self.newest, &self.previous)
                .map_err(|error| disk::refused(&self.newest, &error))?,
            Err(problem) if problem.code == "checkpoint/other-version" => return Err(problem),
            Err(_) => {}
        }
        fs::rename(&self.scratch, &self.newest)
            .map_err(|error| disk::refused(&self.newest, &error))?;
        self.settle().map_err(|error| disk::refused(&self.newest, &error))
    }

    /// Waits until the names, too, are on the disk.
    fn settle(&self) -> io::Result<()> {
        let folder = self.newest.parent().filter(|folder| !folder.as_os_str().is_empty());
        match cfg!(unix) {
            true => File::open(folder.unwrap_or(Path::new(".")))?.sync_all(),
            false => Ok(()),
        }
    }

    /// The newest that is whole.
    ///
    /// # Errors
    /// What is wrong with the newest, where neither is.
    pub fn load(&self) -> Result<Checkpoint, Problem> {
        let newest = read(&self.newest);
        if newest.is_err()
            && let Ok(previous) = read(&self.previous)
        {
            return Ok(previous);
        }
        newest
    }
}

fn read(path: &Path) -> Result<Checkpoint, Problem> {
    let unreadable = |error: io::Error| {
        let message = format!("{}: {error}", path.display());
        Problem::new("disk/unreadable", message)
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    // One byte more than is read: it is refused then.
    file.take(MOST_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    let named = |error: mole::checkpoint::CheckpointError| {
        let problem = Problem::from(error);
        Problem { message: format!("{}: {}", path.display(), problem.message), ..problem }
    };
    Checkpoint::from_bytes(&bytes).map_err(named)
}

#[cfg(test)]
mod tests {
    use super::Slots;
    use mole::data::{self, Files};
    use mole::device::{self, DeviceKind};
    use mole::plan::presets;
    use mole::rng::Seed;
    use mole::run::Run;
    use pollster::block_on;
    use std::fs;
    use std::rc::Rc;

    /// Of a run that has done nothing yet.
    fn checkpoint(seed: Seed) -> Vec<u8> {
        let dataset = data::source("vectors").unwrap().load(&Files::default(), seed).unwrap();
        let plan = presets::find("vectors/bp").unwrap().check(&dataset).unwrap();
        let device = block_on(device::open(DeviceKind::Cpu)).unwrap();
        let mut run = Run::new(plan, Rc::new(dataset), &device, "cpu".into(), seed);
        block_on(run.checkpoint("")).unwrap().to_bytes().unwrap()
    }

    #[test]
    fn a_damaged_newest_does_not_take_the_place_of_the_sound_one_before_it() {
        let folder = std::env::temp_dir().join(format!("mole-{}-slots", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let slots = Slots::new(&folder.join("run"));
        let [first, second, third] = [1, 2, 3].map(|seed| checkpoint(Seed(seed)));
        let damage = || {
            let mut bytes = fs::read(&slots.newest).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            fs::write(&slots.newest, bytes).unwrap();
        };
        slots.save(&first).unwrap();
        slots.save(&second).unwrap();
        damage();
        slots.save(&third).unwrap();
        assert_eq!(fs::read(&slots.previous).unwrap(), first);
        damage();
        assert_eq!(slots.load().unwrap().to_bytes().unwrap(), first);
        fs::remove_dir_all(&folder).unwrap();
    }
}
