//! A run kept outside of the module, and gone on with.

use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::session::{Prepared, Session};
use super::{thrown, to_js};
use crate::checkpoint::Checkpoint;
use crate::run::Run;

#[wasm_bindgen]
impl Session {
    /// The run as it stands, as bytes; it goes on as if nobody had asked.
    pub async fn checkpoint(&mut self) -> Result<Uint8Array, JsValue> {
        let checkpoint = self.run()?.checkpoint("").await.map_err(thrown)?;
        let encoded = checkpoint.encode().map_err(thrown)?;
        // Outside of WebAssembly's memory, which only ever grows.
        let file = Uint8Array::new_with_length(encoded.length as u32);
        let mut at = 0;
        encoded.write(|part| {
            let end = at + part.len() as u32;
            file.subarray(at, end).copy_from(part);
            at = end;
        });
        Ok(file)
    }

    /// Goes on from a checkpoint in place of the present run, as `start` begins one, and gives the
    /// first event. The request and the files are those that the run began with; the plan is the
    /// checkpoint's, which may have been changed since. What fails leaves the present run alone.
    #[wasm_bindgen(unchecked_return_type = "RunEvent[]")]
    pub fn resume(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "RunRequest")] request: JsValue,
        #[wasm_bindgen(unchecked_param_type = "Files")] files: JsValue,
        checkpoint: &[u8],
    ) -> Result<JsValue, JsValue> {
        let checkpoint = Checkpoint::from_bytes(checkpoint).map_err(thrown)?;
        let plan = checkpoint.state.plan.clone();
        let Prepared { plan, dataset, limited, .. } =
            self.prepare_plan(request, &files, Some(plan))?;
        let name = self.kind.to_string();
        let run = Run::resume(&checkpoint, plan, dataset, &self.device, name);
        self.take(run.map_err(thrown)?, limited)
    }

    /// Goes on with the present stage at another rate, from its last good weights.
    #[wasm_bindgen(js_name = setRate, unchecked_return_type = "RunEvent[]")]
    pub fn set_rate(&mut self, rate: f64) -> Result<JsValue, JsValue> {
        let run = self.run()?;
        run.set_rate(rate).map_err(thrown)?;
        to_js(&run.take_events())
    }
}
