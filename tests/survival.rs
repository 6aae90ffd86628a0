//! The command's checkpoints: a kill at any moment leaves one that is whole, and the run that goes on
//! from it ends as the one that was not killed.

#![cfg(all(unix, not(target_arch = "wasm32")))]

use mole::checkpoint::{At, Checkpoint, State};
use mole::rng::{Seed, Stream};
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

fn mole(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mole"));
    command.args(arguments).current_dir(std::env::temp_dir());
    command
}

fn events(output: &Output) -> Vec<Value> {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// A run with its checkpoint, in a folder of its own.
struct Kept {
    folder: PathBuf,
    file: String,
    run: &'static [&'static str],
}

impl Kept {
    fn new(name: &str, run: &'static [&'static str]) -> Self {
        let folder = std::env::temp_dir().join(format!("mole-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let file = folder.join("run").to_str().unwrap().to_owned();
        Kept { folder, file, run }
    }

    fn slots(&self) -> [PathBuf; 2] {
        [self.file.clone().into(), format!("{}.previous", self.file).into()]
    }

    /// From the start where there is no checkpoint, otherwise on. Written whenever there is news.
    fn train(&self) -> Command {
        let mut command = match self.slots().iter().any(|slot| slot.exists()) {
            true => mole(&["train", "--resume", &self.file]),
            false => mole(&[self.run, &["--checkpoint", &self.file]].concat()),
        };
        command.args(["--checkpoint-every", "0", "--json"]);
        command
    }

    /// The newest that is whole; `None` where there is one that should be and is not.
    fn newest(&self) -> Option<Checkpoint> {
        let read = |slot: &PathBuf| Checkpoint::from_bytes(&fs::read(slot).ok()?).ok();
        self.slots().iter().find_map(read)
    }

    fn clear(&self) {
        for slot in self.slots() {
            let _ = fs::remove_file(slot);
        }
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        fs::remove_dir_all(&self.folder).unwrap();
    }
}

/// Until a write has begun and a bit longer, or for so long.
fn wait_for_a_write(scratch: &Path, draw: &mut Stream) {
    let began = Instant::now();
    while !scratch.exists() && began.elapsed() < Duration::from_millis(400) {
        std::thread::sleep(Duration::from_micros(50));
    }
    std::thread::sleep(Duration::from_micros(draw.below(1500) as u64));
}

/// Kills the command within so many of its writes, and at random moments in between, and each time lets
/// it go on from what is left. Gives how many times nothing whole was left.
fn kill(writes: usize) -> usize {
    const RUN: &[&str] =
        &["train", "vectors/mine", "--seed", "5", "--samples", "600", "--epochs", "30"];
    let undisturbed = Kept::new("undisturbed", RUN);
    events(&undisturbed.train().output().unwrap());
    let undisturbed = undisturbed.newest().unwrap();

    let kept = Kept::new("killed", RUN);
    let scratch = PathBuf::from(format!("{}.part", kept.file));
    let mut draw = Seed(1).stream("kills");
    let (mut unreadable, mut torn, mut ended, mut round) = (0, 0, 0, 0);
    while torn < writes {
        round += 1;
        assert!(round < 8 * writes, "{torn} writes met in {round} rounds");
        let _ = fs::remove_file(&scratch);
        let mut child = kept.train().stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        match round % 4 {
            0 => std::thread::sleep(Duration::from_millis(draw.below(700) as u64)),
            _ => wait_for_a_write(&scratch, &mut draw),
        }
        // SIGKILL: nothing is tidied up.
        child.kill().unwrap();
        child.wait().unwrap();
        torn += usize::from(scratch.exists());
        let begun = kept.slots().iter().any(|slot| slot.exists());
        match kept.newest() {
            None => unreadable += usize::from(begun),
            Some(Checkpoint { state: State { progress, .. }, values }) => {
                if progress.at == At::Done {
                    assert_eq!(values, undisturbed.values, "another run came of it");
                    kept.clear();
                    ended += 1;
                }
            }
        }
    }
    events(&kept.train().output().unwrap());
    assert_eq!(kept.newest().unwrap().values, undisturbed.values, "another run came of it");
    println!(
        "{round} kills, {torn} within a write, {unreadable} unreadable, {} runs ended alike",
        ended + 1
    );
    unreadable
}

#[test]
fn a_kill_at_any_moment_leaves_a_checkpoint_that_is_whole() {
    assert_eq!(kill(16), 0);
}

/// The figure of docs/reliability.md.
#[test]
#[ignore = "long: 1,000 kills within a write"]
fn a_thousand_kills_leave_a_checkpoint_that_is_whole() {
    assert_eq!(kill(1000), 0);
}

#[test]
fn an_interrupted_run_goes_on_to_the_end_of_the_whole() {
    const RUN: &[&str] = &["train", "glyphs/matrix", "--seed", "2", "--epochs", "3"];
    let whole = events(&mole(RUN).arg("--json").output().unwrap());
    let kept = Kept::new("interrupted", RUN);
    let child = kept.train().stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(700));
    let id = child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    let mut log = events(&child.wait_with_output().unwrap());
    let later = events(&kept.train().output().unwrap());
    assert_eq!(later[0]["type"], "resumed");
    log.truncate(later[0]["events"].as_u64().unwrap() as usize);
    let said = |events: &[Value]| -> Vec<Value> {
        let kept = events.iter().filter(|e| e["type"] != "resumed" && e["type"] != "caching");
        let timeless = |event: &Value| {
            let mut event = event.clone();
            event.as_object_mut().unwrap().remove("seconds");
            event
        };
        kept.map(timeless).collect()
    };
    assert_eq!(said(&whole), said(&[log, later].concat()));
}

#[test]
fn what_cannot_be_gone_on_with_is_said_with_the_way_out() {
    const RUN: &[&str] = &["train", "vectors/bp", "--epochs", "1", "--samples", "256"];
    let kept = Kept::new("refused", RUN);
    let code = |command: &mut Command| {
        let output = command.output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let last: Value = serde_json::from_str(text.lines().last().unwrap_or("{}")).unwrap();
        (last["problem"]["code"].as_str().unwrap_or("none").to_owned(), output.stderr)
    };
    let resume = || mole(&["train", "--json", "--resume", &kept.file]);
    assert_eq!(code(&mut resume()).0, "disk/unreadable");
    fs::write(&kept.file, "MOLE").unwrap();
    assert_eq!(code(&mut resume()).0, "checkpoint/damaged");

    // A damaged newest one costs what was trained since the one before.
    kept.clear();
    events(&kept.train().output().unwrap());
    fs::write(&kept.file, "MOLE").unwrap();
    assert_eq!(events(&resume().output().unwrap())[0]["type"], "resumed");

    // What a checkpoint knows is not to be said again, and where there can be none it is said first.
    let said_again = mole(&["train", "--resume", &kept.file, "--seed", "3"]).output().unwrap();
    assert!(String::from_utf8(said_again.stderr).unwrap().contains("cannot be used with"));
    let nowhere = format!("{}/none/run", kept.file);
    let refused = code(mole(RUN).args(["--json", "--checkpoint", &nowhere]));
    assert_eq!(refused.0, "disk/refused", "{}", String::from_utf8_lossy(&refused.1));
}
