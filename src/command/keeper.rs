//! When a run is written down: at its start, at the end of each stage, every few seconds, at its end,
//! and when it is interrupted.

use clap::Args;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use mole::error::Problem;
use mole::run::{Event, Run};

use super::own::Own;
use super::session::Changes;
use super::slots::Slots;
use super::tell;

#[derive(Args)]
pub struct Checkpoints {
    /// Keep a checkpoint of the run in this file, and the one before in FILE.previous.
    #[arg(long, value_name = "FILE")]
    pub checkpoint: Option<PathBuf>,
    /// How often to write it, beside the ends of stages.
    #[arg(long, value_name = "SECONDS", default_value = "5", value_parser = seconds)]
    checkpoint_every: Duration,
    /// Go on from a checkpoint, with its plan, seed, data and limits; it is then kept up to date.
    #[arg(long, value_name = "FILE", conflicts_with_all = RUN)]
    pub resume: Option<PathBuf>,
}

/// The arguments that say what a run is, which a checkpoint knows. Where files of one's own lie now may
/// be said anew.
const RUN: [&str; 9] =
    ["plan", "seed", "label", "without", "header", "test", "epochs", "samples", "hold_out"];

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    seconds.ok_or_else(|| "expected seconds, 0 or more".into())
}

/// What a checkpoint says of where its data came from.
#[derive(Serialize, Deserialize)]
pub struct Note {
    pub own: Own,
    pub changes: Changes,
}

/// Keeps one run's checkpoint up to date.
pub struct Keeper {
    slots: Slots,
    every: Duration,
    note: String,
    last: Instant,
}

impl Checkpoints {
    /// Asks that a new checkpoint take no other file's place.
    ///
    /// # Errors
    /// As [`Slots::check_free`].
    pub fn check_free(&self) -> Result<(), Problem> {
        match &self.checkpoint {
            Some(file) if self.resume.as_ref() != Some(file) => Slots::new(file).check_free(),
            _ => Ok(()),
        }
    }

    /// For a run with that note; `None` where no checkpoint is asked for.
    ///
    /// # Errors
    /// Where the note has a path that is no text.
    pub fn keeper(&self, note: &Note) -> Result<Option<Keeper>, Problem> {
        let Some(file) = self.checkpoint.as_ref().or(self.resume.as_ref()) else {
            return Ok(None);
        };
        let note = serde_json::to_string(note).map_err(|error| {
            let message =
                format!("a checkpoint cannot name the data's files: {error}; rename them");
            Problem::new("disk/refused", message)
        })?;
        let every = self.checkpoint_every;
        Ok(Some(Keeper { slots: Slots::new(file), every, note, last: Instant::now() }))
    }
}

impl Keeper {
    /// Writes the run as it is.
    pub async fn save(&mut self, run: &mut Run) -> Result<(), Problem> {
        let bytes = run.checkpoint(&self.note).await?.to_bytes()?;
        self.slots.save(&bytes)?;
        self.last = Instant::now();
        Ok(())
    }

    /// Writes it where these events, or the time since, ask for it. A disk that refuses costs the
    /// checkpoint, not the run.
    pub async fn look(&mut self, run: &mut Run, events: &[Event]) {
        let ends =
            |event: &Event| matches!(event, Event::StageFinished { .. } | Event::Finished { .. });
        if (events.iter().any(ends) || self.last.elapsed() >= self.every)
            && let Err(problem) = self.save(run).await
        {
            tell(&format!("no checkpoint: {problem}"));
            self.last = Instant::now();
        }
    }
}
