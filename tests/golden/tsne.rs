//! `tsne.json`. On the host, so that the device makes no difference.

use burn::tensor::Device;
use mole::embed::{affinity, exact};
use serde_json::json;

use super::case::{Case, Checks};

pub async fn tsne(case: &Case, _device: &Device) -> Checks {
    let mut checks = Checks::default();
    let Case { inputs, outputs, grads, .. } = case;
    let rows = &inputs["X"];
    let [n, width] = [rows.shape[0], rows.shape[1]];
    let points = inputs["Y"].data.as_chunks().0;
    let found = affinity::conditional(&rows.data, width, case.param("perplexity"));
    let sigmas = found.betas.iter().map(|beta| (0.5 / beta).sqrt()).collect();
    let p = affinity::joint(found.probabilities.clone(), n);
    // The numbers among the outputs, as tensors of one.
    let one = |name: &str| json!({ "shape": [1], "data": [outputs[name]] });
    checks.numbers("beta", found.betas, &outputs["beta"]);
    checks.numbers("sigma", sigmas, &outputs["sigma"]);
    checks.numbers("P_conditional", found.probabilities, &outputs["P_conditional"]);
    checks.numbers("Q", exact::similarities(points), &outputs["Q"]);
    checks.numbers("Z", vec![exact::normaliser(points)], &one("Z"));
    checks.numbers("kl", vec![exact::divergence(&p, points)], &one("kl"));
    for (name, exaggeration) in [("Y", 1.0), ("exaggerated.Y", case.param("exaggeration"))] {
        let gradient = exact::gradient(&p, points, exaggeration).concat();
        let expected = json!({ "shape": grads[name].shape, "data": grads[name].data });
        checks.numbers(&format!("gradient {name}"), gradient, &expected);
    }
    checks.numbers("P", p, &outputs["P"]);
    checks
}
