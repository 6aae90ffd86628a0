//! Finished runs kept on disk, so that a table that was ended early goes on where it stopped.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};

use mole::device::DeviceKind;
use mole::error::Problem;
use mole::plan::Plan;

use super::disk;
use super::session::Changes;

/// What a finished run leaves.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Kept {
    pub plan: String,
    pub seed: u64,
    pub device: String,
    /// Percent.
    pub train_accuracy: f64,
    #[serde(default)]
    pub valid_accuracy: Option<f64>,
    pub test_accuracy: f64,
    pub seconds: f64,
}

/// A folder of finished runs.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new(path: &Path) -> Result<Self, Problem> {
        fs::create_dir_all(path).map_err(|error| disk::refused(path, &error))?;
        Ok(Folder(path.into()))
    }

    /// The run of a plan, a seed, a device and changes, if it has been finished before. A plan that
    /// was changed since is another plan.
    pub fn find(&self, run: &RunKey) -> Option<Kept> {
        let text = fs::read_to_string(self.path(run)).ok()?;
        serde_json::from_str(&text).ok()
    }

    pub fn keep(&self, run: &RunKey, kept: &Kept) -> Result<(), Problem> {
        disk::write(&self.path(run), format!("{:#}\n", serde_json::json!(kept)))
    }

    /// Writes a file beside the runs.
    pub fn write(&self, name: &str, text: &str) -> Result<(), Problem> {
        disk::write(&self.0.join(name), text)
    }

    fn path(&self, run: &RunKey) -> PathBuf {
        let RunKey { plan, seed, device, changes } = run;
        // Another release may train otherwise.
        let release = env!("CARGO_PKG_VERSION");
        let settings = serde_json::json!([plan, changes, device, release]).to_string();
        let hash = format!("{:x}", Sha256::digest(settings));
        let name = plan.name.replace('/', "-");
        self.0.join(format!("{name}-{seed}-{}.json", &hash[..8]))
    }
}

/// What makes two runs the same.
pub struct RunKey<'a> {
    pub plan: &'a Plan,
    pub seed: u64,
    pub device: DeviceKind,
    pub changes: &'a Changes,
}
