use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::LayerKind;
use crate::parameters::{Init, ParameterSpec};
use crate::representation::{Misfit, Representation, Shape, WrongRepresentation};

/// Graph convolution, `S H W + b` with `S = D~^(-1/2) (A + I) D~^(-1/2)` (Kipf and Welling 2017,
/// eq. 2). `H W` comes first: it is narrower than `H`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gcn {
    /// Of the output.
    pub width: usize,
}

impl Default for Gcn {
    fn default() -> Self {
        Gcn { width: 64 }
    }
}

impl LayerKind for Gcn {
    fn label(&self) -> String {
        format!("GCN {}", self.width)
    }

    fn output(&self, input: &Shape) -> Result<Shape, Misfit> {
        match input {
            Shape::Nodes { .. } => Ok(Shape::Nodes { width: self.width }),
            other => Err(Misfit::new("nodes", other)),
        }
    }

    fn parameters(&self, input: &Shape) -> Vec<ParameterSpec> {
        let init = Init::glorot(input.size(), self.width);
        vec![
            ParameterSpec::new("weight", [input.size(), self.width], init),
            ParameterSpec::new("bias", [self.width], Init::Zeros),
        ]
    }

    fn forward(
        &self,
        parameters: &[Tensor<1>],
        input: Representation,
    ) -> Result<Representation, WrongRepresentation> {
        let [weight, bias] = super::exactly(parameters);
        let graph = input.graph()?;
        let projected = input.matmul(weight.reshape([-1, self.width as i32]));
        let rows = graph.propagate(projected) + bias.unsqueeze();
        Ok(Representation::Nodes(rows, graph))
    }
}
