//! Layers: inert descriptions that know their output's shape, their parameters and their forward
//! pass. The weights live in [`crate::network`].

use burn::tensor::Tensor;

use crate::parameters::ParameterSpec;
use crate::registry::registry;
use crate::representation::{Misfit, Representation, Shape, WrongRepresentation};

/// What a layer must know to be part of a plan and of a network.
pub trait LayerKind {
    /// `linear 64`: what people see.
    fn label(&self) -> String;

    /// The shape it makes of `input`.
    ///
    /// # Errors
    /// What it expects in place of `input`: grids.
    fn output(&self, input: &Shape) -> Result<Shape, Misfit>;

    /// The parameters it needs for `input`, in the order in which [`LayerKind::forward`] takes them.
    fn parameters(&self, input: &Shape) -> Vec<ParameterSpec> {
        let _ = input;
        Vec::new()
    }

    /// The layer's output. Each parameter comes flat.
    ///
    /// # Errors
    /// Where `input` is not of a shape that [`LayerKind::output`] takes.
    fn forward(
        &self,
        parameters: &[Tensor<1>],
        input: Representation,
    ) -> Result<Representation, WrongRepresentation>;
}

registry! {
    /// A layer of a plan.
    pub enum Layer: LayerKind {
        linear: Linear,
        relu: Relu,
        conv: Conv,
        max_pool: MaxPool,
        gcn: Gcn,
        message_passing: MessagePassing,
        readout: Readout,
    }
}

/// The parameters a layer asked for, by position. [`crate::network`] hands over as many as
/// [`LayerKind::parameters`] named, so the count always fits.
fn exactly<const N: usize>(parameters: &[Tensor<1>]) -> [Tensor<1>; N] {
    std::array::from_fn(|k| parameters[k].clone())
}
