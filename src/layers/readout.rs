use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::LayerKind;
use crate::representation::{Misfit, Representation, Shape, WrongRepresentation};

/// The mean over the nodes of each graph: nodes to one vector a graph.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Readout {}

impl LayerKind for Readout {
    fn label(&self) -> String {
        "mean readout".into()
    }

    fn output(&self, input: &Shape) -> Result<Shape, Misfit> {
        match *input {
            Shape::Nodes { width } => Ok(Shape::Vector { width }),
            other => Err(Misfit::new("nodes", other)),
        }
    }

    fn forward(
        &self,
        _parameters: &[Tensor<1>],
        input: Representation,
    ) -> Result<Representation, WrongRepresentation> {
        let graph = input.graph()?;
        Ok(Representation::Vector(graph.mean_readout(input.rows())))
    }
}
