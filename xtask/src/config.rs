//! `wasm-pack.toml`: what is built for the browser, and how large it may be.

use std::fs;

use serde::Deserialize;

use crate::{Outcome, root};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Config {
    /// wasm-bindgen's kind of output.
    pub target: String,
    pub out_name: String,
    pub rustflags: Vec<String>,
    /// Cargo's profile for tests and for serving: also that of `cargo xtask` itself.
    pub profile: String,
    pub ship: Ship,
    pub page: PageBudget,
    #[serde(rename = "bundle")]
    pub bundles: Vec<Bundle>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Ship {
    pub profile: String,
    pub wasm_opt: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PageBudget {
    pub gzip: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Bundle {
    pub name: String,
    /// Relative to the top of the repository.
    pub out_dir: String,
    /// Of the crate, beside its default ones.
    pub features: Vec<String>,
    pub budget: Sizes,
}

/// Bytes of one `.wasm`, as it is and compressed.
#[derive(Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sizes {
    pub raw: u64,
    pub gzip: u64,
    pub brotli: u64,
}

impl Config {
    pub fn load() -> Outcome<Self> {
        let path = root().join("wasm-pack.toml");
        let text = fs::read_to_string(&path)?;
        toml::from_str(&text).map_err(|error| format!("wasm-pack.toml: {error}").into())
    }

    /// The bundle of a name.
    pub fn bundle(&self, name: &str) -> Outcome<&Bundle> {
        let found = self.bundles.iter().find(|bundle| bundle.name == name);
        found.ok_or_else(|| format!("wasm-pack.toml names no bundle `{name}`").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wasm_pack_toml_names_both_bundles() {
        let config = Config::load().unwrap();
        assert!(config.bundle("cpu").unwrap().features.is_empty());
        assert_eq!(config.bundle("gpu").unwrap().features, ["webgpu"]);
        assert!(config.bundle("tpu").is_err());
    }
}
