use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use super::LayerKind;
use crate::kernels;
use crate::parameters::{Init, ParameterSpec};
use crate::representation::{Misfit, Representation, Shape, WrongRepresentation};

/// Two-dimensional convolution with a square kernel, stride 1 and zero padding on every side:
/// `N x C x H x W` to `N x channels x H' x W'`, `H' = H + 2 padding - kernel + 1`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conv {
    /// Of the output.
    pub channels: usize,
    /// Its side, in pixels.
    pub kernel: usize,
    /// Zeros on every side, in pixels.
    pub padding: usize,
}

impl Default for Conv {
    fn default() -> Self {
        Conv { channels: 16, kernel: 5, padding: 2 }
    }
}

impl LayerKind for Conv {
    fn label(&self) -> String {
        format!("conv {}, {k} × {k}", self.channels, k = self.kernel)
    }

    fn output(&self, input: &Shape) -> Result<Shape, Misfit> {
        let Shape::Grid { height, width, .. } = *input else {
            return Err(Misfit::new("grids", input));
        };
        let side = |side: usize| (side + 2 * self.padding + 1).checked_sub(self.kernel);
        match (side(height), side(width)) {
            (Some(height @ 1..), Some(width @ 1..)) if self.kernel > 0 => {
                Ok(Shape::Grid { channels: self.channels, height, width })
            }
            _ => {
                let kernel = format!("a kernel that fits into {input}");
                Err(Misfit::new(kernel, self.kernel))
            }
        }
    }

    fn parameters(&self, input: &Shape) -> Vec<ParameterSpec> {
        let Shape::Grid { channels, .. } = *input else { return Vec::new() };
        let init = Init::fan_in(channels * self.kernel * self.kernel);
        let shape = [self.channels, channels, self.kernel, self.kernel];
        vec![
            ParameterSpec::new("weight", shape, init),
            ParameterSpec::new("bias", [self.channels], init),
        ]
    }

    fn forward(
        &self,
        parameters: &[Tensor<1>],
        input: Representation,
    ) -> Result<Representation, WrongRepresentation> {
        let [weight, bias] = super::exactly(parameters);
        let grid = input.grid()?;
        let shape = [self.channels, grid.dims()[1], self.kernel, self.kernel];
        let output = kernels::convolve(grid, weight.reshape(shape), bias, self.padding);
        Ok(Representation::Grid(output))
    }
}
