//! A module's outputs on their way to a picture.

use js_sys::Float32Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::thrown;
use crate::embed::{Tsne, TsneConfig, pca};
use crate::rng::Seed;

/// PCA and t-SNE of rows, two numbers a row.
#[wasm_bindgen]
pub struct Embedding {
    values: Vec<f32>,
    columns: usize,
    seed: Seed,
    config: TsneConfig,
    /// From its first step on: calibrating takes a while, and principal components are there first.
    tsne: Option<Tsne>,
}

#[wasm_bindgen]
impl Embedding {
    /// Of `rows x columns` values, row-major. A perplexity of 0 is chosen by the number of rows.
    #[wasm_bindgen(constructor)]
    pub fn new(
        values: Vec<f32>,
        columns: usize,
        seed: u32,
        perplexity: f64,
    ) -> Result<Embedding, JsValue> {
        let mut config = TsneConfig::for_points(values.len() / columns.max(1));
        if perplexity > 0.0 {
            config.perplexity = perplexity;
        }
        Ok(Embedding { values, columns, seed: Seed(seed.into()), config, tsne: None })
    }

    /// The first two principal components.
    pub fn pca(&self) -> Result<Float32Array, JsValue> {
        Ok(flat(&pca(&self.values, self.columns).map_err(thrown)?))
    }

    /// So many iterations of t-SNE, or as many as are left.
    pub fn step(&mut self, iterations: usize) -> Result<(), JsValue> {
        if self.tsne.is_none() {
            let config = self.config.clone();
            let tsne = Tsne::new(&self.values, self.columns, config, self.seed).map_err(thrown)?;
            self.tsne = Some(tsne);
        }
        (0..iterations).for_each(|_| self.tsne.iter_mut().for_each(Tsne::step));
        Ok(())
    }

    /// Where t-SNE has the points now.
    pub fn positions(&self) -> Float32Array {
        flat(self.tsne.as_ref().map_or(&[], Tsne::points))
    }

    /// Iterations done.
    #[wasm_bindgen(getter)]
    pub fn iteration(&self) -> usize {
        self.tsne.as_ref().map_or(0, Tsne::iteration)
    }

    /// Whether all are.
    #[wasm_bindgen(getter)]
    pub fn done(&self) -> bool {
        self.tsne.as_ref().is_some_and(Tsne::is_done)
    }

    /// `KL(P || Q)` in nats: what t-SNE lowers. It takes as long as a step.
    #[wasm_bindgen(getter)]
    pub fn divergence(&self) -> Option<f64> {
        self.tsne.as_ref().map(Tsne::divergence)
    }
}

fn flat(points: &[[f64; 2]]) -> Float32Array {
    let values: Vec<f32> = points.as_flattened().iter().map(|value| *value as f32).collect();
    Float32Array::from(&values[..])
}
