//! The boundary to JavaScript: the only folder that names wasm-bindgen.
//!
//! The page's worker owns a [`session::Session`] and pulls: it asks for some milliseconds of work
//! and gets plain events. Nothing calls back into JavaScript, and no tensor crosses.

// wasm-bindgen generates unsafe code for what is exported.
#![allow(unsafe_code)]

mod catalogue;
mod checkpoint;
mod embedding;
mod inspect;
mod session;

use js_sys::{JSON, Object, Reflect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Problem;
use crate::plan::Plan;

/// The types of what crosses, for the package's `mole.d.ts` and for the page, which checks itself by
/// them. They mirror what serde writes and reads here: change both together.
#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = include_str!("types.d.ts");

/// Asked for when the module is loaded. WebAssembly's memory only ever grows, and a run that repeats the
/// last one to the bit may need a page more than it, where free space does not lie together: with room
/// from the beginning most runs never make it grow. What is not written to takes nothing of the machine's.
const RESERVE: usize = 32 << 20;

/// Runs once when the module is loaded: a panic is then a readable message in the console.
#[wasm_bindgen(start)]
pub fn boot() {
    console_error_panic_hook::set_once();
    let mut room = Vec::<u8>::new();
    // Where it is refused, memory grows as it is needed.
    let _ = room.try_reserve_exact(RESERVE);
    std::hint::black_box(&room);
}

/// A value as plain JavaScript objects.
fn to_js(value: &impl Serialize) -> Result<JsValue, JsValue> {
    let serialiser = serde_wasm_bindgen::Serializer::json_compatible();
    value.serialize(&serialiser).map_err(JsValue::from)
}

/// An object of values that are JavaScript's already.
fn object<const N: usize>(entries: [(&str, JsValue); N]) -> JsValue {
    let object = Object::new();
    for (name, value) in entries {
        // Setting a property of a plain object cannot fail.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object.into()
}

/// A plan that the page has changed.
fn plan_from(value: &JsValue) -> Result<Plan, JsValue> {
    Plan::from_json(text_of(value)?.as_bytes()).map_err(thrown)
}

/// What a call was given, by the reader that files go through: it refuses what nests without end.
fn from_js<T: DeserializeOwned>(value: &JsValue) -> Result<T, JsValue> {
    serde_json::from_str(&text_of(value)?).map_err(bad_request)
}

/// A value as JSON, no longer than a plan may be.
fn text_of(value: &JsValue) -> Result<String, JsValue> {
    // JavaScript refuses what leads back to itself, and has no text for nothing and for a function.
    let text = JSON::stringify(value).ok().and_then(|text| text.as_string());
    let found = match text {
        Some(text) if text.len() <= Plan::MOST_BYTES => return Ok(text),
        Some(text) => format!("{} bytes", text.len()),
        None => "what JSON cannot hold".into(),
    };
    let most = format!("plain data of at most {} bytes", Plan::MOST_BYTES);
    let message = format!("expected {most}, found {found}");
    Err(thrown(Problem::new("request/invalid", message).at("the call", most, found)))
}

/// A problem as the object that is thrown.
fn thrown(problem: impl Into<Problem>) -> JsValue {
    to_js(&problem.into()).unwrap_or_else(|failure| failure)
}

/// A call that does not have the form it should.
fn bad_request(message: impl ToString) -> JsValue {
    let message = message.to_string();
    thrown(Problem::new("request/invalid", &message).at("the call", "what its types say", message))
}
