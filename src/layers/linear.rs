use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::LayerKind;
use crate::parameters::{Init, ParameterSpec};
use crate::representation::{Misfit, Representation, Shape, WrongRepresentation};

/// Fully connected layer, `O = I W + b`, with `I` of `N x d_input` and `W` of `d_input x width`.
///
/// Grids are flattened; on nodes it acts on every node by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Linear {
    /// Of the output.
    pub width: usize,
}

impl Default for Linear {
    fn default() -> Self {
        Linear { width: 64 }
    }
}

impl LayerKind for Linear {
    fn label(&self) -> String {
        format!("linear {}", self.width)
    }

    fn output(&self, input: &Shape) -> Result<Shape, Misfit> {
        let width = self.width;
        Ok(match input {
            Shape::Nodes { .. } => Shape::Nodes { width },
            _ => Shape::Vector { width },
        })
    }

    fn parameters(&self, input: &Shape) -> Vec<ParameterSpec> {
        let init = Init::fan_in(input.size());
        vec![
            ParameterSpec::new("weight", [input.size(), self.width], init),
            ParameterSpec::new("bias", [self.width], init),
        ]
    }

    fn forward(
        &self,
        parameters: &[Tensor<1>],
        input: Representation,
    ) -> Result<Representation, WrongRepresentation> {
        let [weight, bias] = super::exactly(parameters);
        let graph = input.graph().ok();
        let rows = input.matmul(weight.reshape([-1, self.width as i32])) + bias.unsqueeze();
        Ok(Representation::with_rows(graph, rows))
    }
}
