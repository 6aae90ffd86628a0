use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::LayerKind;
use crate::kernels;
use crate::representation::{Misfit, Representation, Shape, WrongRepresentation};

/// The largest of each `size x size` square, squares side by side; a rest is dropped.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MaxPool {
    /// The side of a square, in pixels.
    pub size: usize,
}

impl Default for MaxPool {
    fn default() -> Self {
        MaxPool { size: 2 }
    }
}

impl LayerKind for MaxPool {
    fn label(&self) -> String {
        format!("max-pool {s} × {s}", s = self.size)
    }

    fn output(&self, input: &Shape) -> Result<Shape, Misfit> {
        match *input {
            Shape::Grid { channels, height, width }
                if self.size > 0 && self.size <= height.min(width) =>
            {
                Ok(Shape::Grid { channels, height: height / self.size, width: width / self.size })
            }
            Shape::Grid { .. } => {
                Err(Misfit::new(format!("a square that fits into {input}"), self.size))
            }
            _ => Err(Misfit::new("grids", input)),
        }
    }

    fn forward(
        &self,
        _parameters: &[Tensor<1>],
        input: Representation,
    ) -> Result<Representation, WrongRepresentation> {
        Ok(Representation::Grid(kernels::max_pool(input.grid()?, self.size)))
    }
}
