//! The one type of failure that leaves the crate: what went wrong, under a stable code, and what to
//! do next.

use serde::Serialize;

use crate::data::DataError;
#[cfg(not(target_arch = "wasm32"))]
use crate::data::fetch::FetchError;
use crate::device::DeviceError;
use crate::embed::EmbedError;
use crate::inspect::InspectError;
use crate::plan::PlanError;
use crate::run::{RewindError, RunError};

/// A failure, for people and for front ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{message}")]
pub struct Problem {
    /// Stable: `parse/truncated`, `plan/invalid`.
    pub code: &'static str,
    /// Names the place, what was expected and what was found.
    pub message: String,
    /// What to do next.
    pub recovery: Recovery,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recovery {
    /// The file is not what it should be.
    ChooseAnotherFile,
    /// Files are missing.
    FetchTheData,
    /// The plan does not fit.
    ChooseAnotherPlan,
    /// Another device can do it.
    FallBackToCpu,
    /// Training diverged.
    LowerTheLearningRate,
    /// A defect of ours.
    Report,
}

impl Problem {
    /// A problem of that code.
    pub fn new(code: &'static str, message: impl Into<String>, recovery: Recovery) -> Self {
        Problem { code, message: message.into(), recovery }
    }
}

impl From<DataError> for Problem {
    fn from(error: DataError) -> Self {
        Problem::new(error.code(), error.to_string(), after(&error))
    }
}

fn after(error: &DataError) -> Recovery {
    match error {
        DataError::MissingFile { .. } => Recovery::FetchTheData,
        DataError::UnknownName { .. } => Recovery::ChooseAnotherPlan,
        _ => Recovery::ChooseAnotherFile,
    }
}

#[cfg(not(target_arch = "wasm32"))]
impl From<FetchError> for Problem {
    fn from(error: FetchError) -> Self {
        let recovery = match &error {
            FetchError::Refused { error, .. } => after(error),
            _ => Recovery::FetchTheData,
        };
        Problem::new(error.code(), error.to_string(), recovery)
    }
}

impl From<PlanError> for Problem {
    fn from(error: PlanError) -> Self {
        Problem::new("plan/invalid", error.to_string(), Recovery::ChooseAnotherPlan)
    }
}

impl From<DeviceError> for Problem {
    fn from(error: DeviceError) -> Self {
        let code = match error {
            DeviceError::Unavailable { .. } => "device/unavailable",
            DeviceError::NoAdapter { .. } => "device/no-adapter",
            DeviceError::Failed(_) | DeviceError::Incomplete { .. } => "device/failed",
        };
        Problem::new(code, error.to_string(), Recovery::FallBackToCpu)
    }
}

impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        let message = error.to_string();
        match error {
            RunError::NotFinite { .. } => {
                Problem::new("train/not-finite", message, Recovery::LowerTheLearningRate)
            }
            RunError::Device(device) => device.into(),
            RunError::Step { source, .. } if source.is_device() => {
                Problem::new("device/failed", message, Recovery::FallBackToCpu)
            }
            RunError::Step { .. } | RunError::Representation(_) => {
                Problem::new("train/failed", message, Recovery::Report)
            }
        }
    }
}

impl From<RewindError> for Problem {
    fn from(error: RewindError) -> Self {
        let code = match error {
            RewindError::ChangedBefore { .. } => "plan/changed-before-stage",
            RewindError::NoStage { .. } | RewindError::NotReached { .. } => "plan/no-such-stage",
        };
        Problem::new(code, error.to_string(), Recovery::ChooseAnotherPlan)
    }
}

impl From<InspectError> for Problem {
    fn from(error: InspectError) -> Self {
        match error {
            InspectError::Device(device) => device.into(),
            error => Problem::new("inspect/impossible", error.to_string(), Recovery::Report),
        }
    }
}

impl From<EmbedError> for Problem {
    fn from(error: EmbedError) -> Self {
        Problem::new(error.code(), error.to_string(), Recovery::Report)
    }
}
