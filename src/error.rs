//! The one type of failure that leaves the crate: what went wrong, under a stable code, where, and
//! what to do next.

mod codes;

use serde::Serialize;

use crate::bytes::ParseError;
use crate::bytes::text::quoted;
#[cfg(feature = "cpu")]
use crate::checkpoint::{CheckpointError, MOST_BYTES, VERSION};
#[cfg(all(feature = "fetch", not(target_arch = "wasm32")))]
use crate::data::fetch::FetchError;
use crate::data::{DataError, FILES_THAT_ARE_READ};
#[cfg(feature = "cpu")]
use crate::device::{DeviceError, DeviceKind};
#[cfg(feature = "cpu")]
use crate::embed::EmbedError;
#[cfg(feature = "cpu")]
use crate::estimators::EstimateError;
#[cfg(feature = "cpu")]
use crate::inspect::InspectError;
#[cfg(feature = "cpu")]
use crate::plan::PlanError;
#[cfg(feature = "cpu")]
use crate::representation::WrongRepresentation;
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

    /// The same with its message's parts.
    pub fn at(
        self,
        place: impl Into<String>,
        expected: impl Into<String>,
        found: impl ToString,
    ) -> Self {
        let part = |text: String| shown(&text);
        let evidence = Evidence {
            place: part(place.into()),
            expected: part(expected.into()),
            found: part(found.to_string()),
        };
        Problem { evidence: Some(Box::new(evidence)), ..self }
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
            DataError::UnknownName { name, known } => {
                ("data set".into(), format!("one of {known}"), quoted(&name))
            }
            DataError::Unrecognised { files } => {
                ("files".into(), FILES_THAT_ARE_READ.into(), quoted(&files))
            }
        };
        problem.at(place, expected, found)
    }
}

impl From<ParseError> for Problem {
    fn from(error: ParseError) -> Self {
        DataError::from(error).into()
    }
}

#[cfg(all(feature = "fetch", not(target_arch = "wasm32")))]
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
        let problem = Problem::new("plan/invalid", error.to_string());
        let PlanError { place, expected, found, .. } = error;
        problem.at(place, expected, found)
    }
}

#[cfg(feature = "cpu")]
impl From<DeviceError> for Problem {
    fn from(error: DeviceError) -> Self {
        let message = error.to_string();
        match error {
            DeviceError::Unavailable { name } => Problem::new("device/unavailable", message).at(
                "device",
                format!("one of {}", DeviceKind::known()),
                name,
            ),
            DeviceError::NoAdapter { reason } => Problem::new("device/no-adapter", message).at(
                "device",
                "a graphics adapter",
                reason,
            ),
            DeviceError::Failed(error) => {
                Problem::new("device/failed", message).at("device", "an answer", error)
            }
            DeviceError::Incomplete { expected, found } => Problem::new("device/failed", message)
                .at("device", format!("{expected} numbers"), found),
        }
    }
}

#[cfg(feature = "cpu")]
impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        let message = error.to_string();
        match error {
            RunError::NotFinite { stage, step, fault, cause, rate } => {
                let code = match cause {
                    Cause::Input { .. } | Cause::Scale { .. } => "train/bad-data",
                    Cause::Setting { .. } => "train/bad-setting",
                    Cause::Rate { .. } | Cause::Critic { .. } => "train/not-finite",
                };
                let place = format!("stage {}, step {step}", stage + 1);
                let found = format!("{fault}: {cause}");
                let problem = Problem::new(code, message).at(place, "finite numbers", found);
                Problem { rate, ..problem }
            }
            RunError::Device(device) => device.into(),
            RunError::Step { source, .. } if source.is_device() => {
                Problem::new("device/failed", message)
            }
            RunError::Step { .. } => Problem::new("train/failed", message),
            RunError::Representation(WrongRepresentation { expected, found }) => {
                Problem::new("train/failed", message).at("representation", expected, found)
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
            CheckpointError::OtherVersion { found } => {
                ("version".into(), VERSION.to_string(), found.to_string())
            }
            CheckpointError::TooLarge { found } => {
                ("size".into(), format!("at most {MOST_BYTES} bytes"), found.to_string())
            }
        };
        problem.at(place, expected, found)
    }
}

#[cfg(feature = "cpu")]
impl From<RewindError> for Problem {
    fn from(error: RewindError) -> Self {
        let message = error.to_string();
        match error {
            RewindError::ChangedBefore { stage } => {
                let place = format!("plan before stage {}", stage + 1);
                let problem = Problem::new("plan/changed-before-stage", message);
                problem.at(place, "the run's own", "another")
            }
            RewindError::NoStage { found, count } => Problem::new("plan/no-such-stage", message)
                .at("stage", format!("at most {count}"), found.saturating_add(1)),
            RewindError::NotReached { found, at } => Problem::new("plan/no-such-stage", message)
                .at("stage", format!("at most {}", at + 1), found + 1),
        }
    }
}

#[cfg(feature = "cpu")]
impl From<InspectError> for Problem {
    fn from(error: InspectError) -> Self {
        let problem = Problem::new("inspect/impossible", error.to_string());
        match error {
            InspectError::Device(device)
            | InspectError::Estimate(EstimateError::Device(device)) => device.into(),
            InspectError::NoModule { found, count } => {
                problem.at("module", format!("below {count}"), found)
            }
            InspectError::NoSample { found, count } => {
                problem.at("sample", format!("below {count}"), found)
            }
            InspectError::NoLabel { found } => problem.at("sample", "one with a label", found),
            InspectError::TooFewSamples { needed, found } => {
                problem.at("split", format!("{needed} samples, at least"), found)
            }
            InspectError::Values { shape, expected, found } => {
                problem.at("values", format!("{expected} finite numbers for {shape}"), found)
            }
            _ => problem,
        }
    }
}

#[cfg(feature = "cpu")]
impl From<EmbedError> for Problem {
    fn from(error: EmbedError) -> Self {
        let problem = Problem::new(error.code(), error.to_string());
        match error {
            EmbedError::TooFewPoints { found } => problem.at("points", "3, at least", found),
            EmbedError::Ragged { width, found } => {
                problem.at("rows", format!("whole rows of {width} numbers"), found)
            }
            EmbedError::NotFinite { row, column, value } => {
                problem.at(format!("row {row}, column {column}"), "a finite number", value)
            }
            EmbedError::Perplexity { found, limit } => {
                problem.at("perplexity", format!("from 1 to below {limit}"), found)
            }
            EmbedError::Setting { name, expected, found } => problem.at(name, expected, found),
        }
    }
}
