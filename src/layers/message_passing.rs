use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::LayerKind;
use crate::parameters::{Init, ParameterSpec};
use crate::representation::{Misfit, Representation, Shape, WrongRepresentation};

/// `h'_v = W_1 h_v + W_2 sum_{u in N(v)} h_u + b`: the general form of Gilmer et al. (2017) without
/// edge networks. The sum keeps a node's degree.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessagePassing {
    /// Of the output.
    pub width: usize,
}

impl Default for MessagePassing {
    fn default() -> Self {
        MessagePassing { width: 64 }
    }
}

impl LayerKind for MessagePassing {
    fn label(&self) -> String {
        format!("message passing {}", self.width)
    }

    fn output(&self, input: &Shape) -> Result<Shape, Misfit> {
        match input {
            Shape::Nodes { .. } => Ok(Shape::Nodes { width: self.width }),
            other => Err(Misfit::new("nodes", other)),
        }
    }

    fn parameters(&self, input: &Shape) -> Vec<ParameterSpec> {
        let init = Init::fan_in(input.size());
        let shape = [input.size(), self.width];
        vec![
            ParameterSpec::new("own_weight", shape, init),
            ParameterSpec::new("neighbour_weight", shape, init),
            ParameterSpec::new("bias", [self.width], init),
        ]
    }

    fn forward(
        &self,
        parameters: &[Tensor<1>],
        input: Representation,
    ) -> Result<Representation, WrongRepresentation> {
        let [own, neighbour, bias] = super::exactly(parameters);
        let graph = input.graph()?;
        let matrix = |flat: Tensor<1>| flat.reshape([-1, self.width as i32]);
        let messages = graph.neighbour_sum(input.clone().matmul(matrix(neighbour)));
        let rows = input.matmul(matrix(own)) + messages + bias.unsqueeze();
        Ok(Representation::Nodes(rows, graph))
    }
}
