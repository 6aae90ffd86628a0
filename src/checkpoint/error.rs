use super::{MOST_BYTES, VERSION};

/// Why a checkpoint cannot be gone on from. Nothing has been changed then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages say what the fields are")]
pub enum CheckpointError {
    #[error("checkpoint, {place}: expected {expected}, found {found}; take an older one")]
    Damaged { place: String, expected: String, found: String },
    #[error(
        "checkpoint: expected version {VERSION}, found {found}; go on with the release that wrote it"
    )]
    OtherVersion { found: u32 },
    #[error(
        "checkpoint: expected at most {MOST_BYTES} bytes, found {found}; train a smaller network"
    )]
    TooLarge { found: u64 },
    #[error("checkpoint: it is of the plan {found:?}, not of this {expected:?} as it stands now")]
    OtherPlan { expected: String, found: String },
    #[error(
        "checkpoint: expected data of digest {found}, read {expected}; give the files, seed and \
         limits that it began with"
    )]
    OtherData { expected: String, found: String },
}

impl CheckpointError {
    /// One of [`CODES`](crate::error::CODES).
    pub fn code(&self) -> &'static str {
        match self {
            CheckpointError::Damaged { .. } => "checkpoint/damaged",
            CheckpointError::OtherVersion { .. } => "checkpoint/other-version",
            CheckpointError::TooLarge { .. } => "checkpoint/too-large",
            CheckpointError::OtherPlan { .. } => "checkpoint/other-plan",
            CheckpointError::OtherData { .. } => "checkpoint/other-data",
        }
    }

    /// [`CheckpointError::Damaged`], from what stands at a place.
    pub fn damaged(
        place: impl Into<String>,
        expected: impl ToString,
        found: impl ToString,
    ) -> Self {
        let (expected, found) = (expected.to_string(), found.to_string());
        CheckpointError::Damaged { place: place.into(), expected, found }
    }
}
