//! The same tasks for a page.

use mole::device::{self, DeviceKind};
use wasm_bindgen::JsError;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::tasks::{Task, read};

/// A task on a device.
#[wasm_bindgen]
pub struct Steps {
    task: Task,
}

fn failure(error: impl ToString) -> JsError {
    JsError::new(&error.to_string())
}

#[wasm_bindgen]
impl Steps {
    /// The task of that name at its start.
    pub async fn open(device: &str, task: &str, batch: usize) -> Result<Steps, JsError> {
        let kind: DeviceKind = device.parse().map_err(failure)?;
        let device = device::open(kind).await.map_err(failure)?;
        Ok(Steps { task: Task::new(task, batch, &device).map_err(failure)? })
    }

    /// So many steps, and the loss of the last one, read back.
    pub async fn step(&mut self, steps: usize) -> Result<f32, JsError> {
        let mut last = self.task.step().await.map_err(failure)?;
        for _ in 1..steps {
            last = self.task.step().await.map_err(failure)?;
        }
        read(last).await.map_err(failure)
    }
}
