use burn::tensor::Tensor;
use burn::tensor::activation::relu;
use serde::{Deserialize, Serialize};

use super::LayerKind;
use crate::representation::{Misfit, Representation, Shape, WrongRepresentation};

/// `max(0, x)`, entry by entry.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relu {}

impl LayerKind for Relu {
    fn label(&self) -> String {
        "ReLU".into()
    }

    fn output(&self, input: &Shape) -> Result<Shape, Misfit> {
        Ok(*input)
    }

    fn forward(
        &self,
        _parameters: &[Tensor<1>],
        input: Representation,
    ) -> Result<Representation, WrongRepresentation> {
        Ok(match input {
            Representation::Grid(grid) => Representation::Grid(relu(grid)),
            other => {
                let graph = other.graph().ok();
                Representation::with_rows(graph, relu(other.rows()))
            }
        })
    }
}
