//! Parameters: named numbers on a device, drawn on the host.

use burn::tensor::{Device, Tensor, TensorData};

use crate::rng::Stream;

/// A parameter that a layer or a critic asks for.
#[derive(Clone, Debug, PartialEq)]
pub struct ParameterSpec {
    /// `weight`.
    pub name: &'static str,
    /// Its numbers are row-major.
    pub shape: Vec<usize>,
    /// How it starts.
    pub init: Init,
}

/// How a parameter starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// Uniform on `(-bound, bound)`.
    Uniform {
        /// Not included.
        bound: f64,
    },
    /// All 0.
    Zeros,
}

impl Init {
    /// `1 / sqrt(fan_in)`, the common default of dense and convolutional layers.
    pub fn fan_in(fan_in: usize) -> Self {
        Init::Uniform { bound: 1.0 / (fan_in.max(1) as f64).sqrt() }
    }

    /// `sqrt(6 / (fan_in + fan_out))` (Glorot and Bengio 2010, eq. 16), as Kipf's GCN uses.
    pub fn glorot(fan_in: usize, fan_out: usize) -> Self {
        Init::Uniform { bound: (6.0 / (fan_in + fan_out).max(1) as f64).sqrt() }
    }
}

impl ParameterSpec {
    /// A parameter of that name and shape.
    pub fn new(name: &'static str, shape: impl Into<Vec<usize>>, init: Init) -> Self {
        ParameterSpec { name, shape: shape.into(), init }
    }

    /// How many numbers it holds.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Starting values.
    pub fn draw(&self, stream: &mut Stream) -> Vec<f32> {
        let mut value = || match self.init {
            Init::Uniform { bound } => ((2.0 * stream.uniform() - 1.0) * bound) as f32,
            Init::Zeros => 0.0,
        };
        (0..self.len()).map(|_| value()).collect()
    }
}

/// A parameter on a device, flat; whoever asked for it knows the shape.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// What was asked for.
    pub spec: ParameterSpec,
    /// Its numbers.
    pub value: Tensor<1>,
}

impl Parameter {
    /// A parameter at its start.
    pub fn new(spec: ParameterSpec, stream: &mut Stream, device: &Device) -> Self {
        let values = spec.draw(stream);
        let n = values.len();
        Parameter { spec, value: Tensor::from_data(TensorData::new(values, [n]), device) }
    }
}
