//! The one type of failure that leaves the crate: what went wrong, under a stable code, where, and
//! what to do next.

mod codes;

use serde::Serialize;

use crate::bytes::ParseError;
#[cfg(feature = "cpu")]
use crate::checkpoint::CheckpointError;
use crate::data::DataError;
#[cfg(not(target_arch = "wasm32"))]
use crate::data::fetch::FetchError;
#[cfg(feature = "cpu")]
use crate::device::DeviceError;
#[cfg(feature = "cpu")]
use crate::embed::EmbedError;
#[cfg(feature = "cpu")]
use crate::inspect::InspectError;
#[cfg(feature = "cpu")]
use crate::plan::PlanError;
#[cfg(feature = "cpu")]
use crate::run::{Cause, RewindError, RunError};

pub use codes::{CODES, Code, Recovery};

/// A failure, for people and for front ends.
#[derive(Clone, Debug, PartialEq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    /// One of [`CODES`]: `parse/truncated`, `plan/invalid`.
    pub code: &'static str,
    /// What that code is, in a sentence.
    pub text: &'static str,
    /// Names the place, what was expected and what was found.
    pub message: String,
    /// The parts of the message, where it has them.
    #[serde(flatten)]
    pub evidence: Option<Box<Evidence>>,
    /// What to do next.
    pub recovery: Recovery,
    /// The learning rate to go on with, where the recovery is a lower one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rate: Option<f64>,
}

/// What a message is about, part by part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// Where: `adult.data, line 17`.
    pub place: String,
    /// What should be there: `15 fields`.
    pub expected: String,
    /// What is there: `14`.
    pub found: String,
}

impl Problem {
    /// A problem of that code, which is one of [`CODES`], with the words and the recovery that stand there.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        let (text, recovery) =
            Code::find(code).map_or(("", Recovery::Report), |code| (code.text, code.recovery));
        let message = shown(&message.into());
        Problem { code, text, message, evidence: None, recovery, rate: None }
    }
}

/// What a file or a link had a say in, as people may see it: never so long that the rest is lost, and
/// nothing in it that a terminal would obey.
fn shown(message: &str) -> String {
    const LONGEST: usize = 500;

    let plain = |char: char| match char.is_control() {
        true => char.escape_unicode().to_string(),
        false => char.to_string(),
    };
    let mut shown: String = message.chars().map(plain).collect();
    if let Some((end, _)) = shown.char_indices().nth(LONGEST - 1) {
        shown.truncate(end);
        shown.push('…');
    }
    shown
}

impl From<DataError> for Problem {
    fn from(error: DataError) -> Self {
        let problem = Problem::new(error.code(), error.to_string());
        let (place, expected, found) = match error {
            DataError::MissingFile { file } => (file, "this file".into(), "none".into()),
            DataError::WrongSize { file, expected, found } => {
                (file, format!("{expected} bytes"), format!("{found} bytes"))
            }
            DataError::WrongHash { file, expected, found } => (file, expected, found),
            DataError::Setting { name, expected, found } => (name.into(), expected, found),
            DataError::Inconsistent { set, place, expected, found } => {
                (format!("{set}, {place}"), expected, found)
            }
            DataError::Parse(ParseError { file, place, expected, found, .. }) => {
                (format!("{file}, {place}"), expected, found)
            }
            DataError::UnknownName { .. } | DataError::Unrecognised { .. } => return problem,
        };
        Problem { evidence: Some(Box::new(Evidence { place, expected, found })), ..problem }
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl From<FetchError> for Problem {
    fn from(error: FetchError) -> Self {
        let message = error.to_string();
        match error {
            // With the advice that the cause does not know of.
            FetchError::Refused { error, .. } => Problem { message, ..(*error).into() },
            error => Problem::new(error.code(), message),
        }
    }
}

#[cfg(feature = "cpu")]
impl From<PlanError> for Problem {
    fn from(error: PlanError) -> Self {
        Problem::new("plan/invalid", error.to_string())
    }
}

#[cfg(feature = "cpu")]
impl From<DeviceError> for Problem {
    fn from(error: DeviceError) -> Self {
        let code = match error {
            DeviceError::Unavailable { .. } => "device/unavailable",
            DeviceError::NoAdapter { .. } => "device/no-adapter",
            DeviceError::Failed(_) | DeviceError::Incomplete { .. } => "device/failed",
        };
        Problem::new(code, error.to_string())
    }
}

#[cfg(feature = "cpu")]
impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        let message = error.to_string();
        match error {
            RunError::NotFinite { cause: Cause::Input { .. } | Cause::Scale { .. }, .. } => {
                Problem::new("train/bad-data", message)
            }
            RunError::NotFinite { cause: Cause::Setting { .. }, .. } => {
                Problem::new("train/bad-setting", message)
            }
            RunError::NotFinite { rate, .. } => {
                let problem = Problem::new("train/not-finite", message);
                Problem { rate, ..problem }
            }
            RunError::Device(device) => device.into(),
            RunError::Step { source, .. } if source.is_device() => {
                Problem::new("device/failed", message)
            }
            RunError::Step { .. } | RunError::Representation(_) => {
                Problem::new("train/failed", message)
            }
        }
    }
}

#[cfg(feature = "cpu")]
impl From<CheckpointError> for Problem {
    fn from(error: CheckpointError) -> Self {
        let problem = Problem::new(error.code(), error.to_string());
        let (place, expected, found) = match error {
            CheckpointError::Damaged { place, expected, found } => (place, expected, found),
            CheckpointError::OtherPlan { expected, found } => ("plan".into(), expected, found),
            CheckpointError::OtherData { expected, found } => ("data".into(), expected, found),
            CheckpointError::OtherVersion { .. } | CheckpointError::TooLarge { .. } => {
                return problem;
            }
        };
        Problem { evidence: Some(Box::new(Evidence { place, expected, found })), ..problem }
    }
}

#[cfg(feature = "cpu")]
impl From<RewindError> for Problem {
    fn from(error: RewindError) -> Self {
        let code = match error {
            RewindError::ChangedBefore { .. } => "plan/changed-before-stage",
            RewindError::NoStage { .. } | RewindError::NotReached { .. } => "plan/no-such-stage",
        };
        Problem::new(code, error.to_string())
    }
}

#[cfg(feature = "cpu")]
impl From<InspectError> for Problem {
    fn from(error: InspectError) -> Self {
        match error {
            InspectError::Device(device) => device.into(),
            error => Problem::new("inspect/impossible", error.to_string()),
        }
    }
}

#[cfg(feature = "cpu")]
impl From<EmbedError> for Problem {
    fn from(error: EmbedError) -> Self {
        Problem::new(error.code(), error.to_string())
    }
}
