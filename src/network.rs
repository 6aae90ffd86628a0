//! Networks: a plan's modules with weights on a device.

use burn::tensor::{Device, Tensor};
use sha2::{Digest, Sha256};
use std::ops::Range;

use crate::device::{self, DeviceError};
use crate::layers::Layer;
use crate::parameters::Parameter;
use crate::plan::ValidPlan;
use crate::representation::{Representation, Shape, WrongRepresentation};
use crate::rng::Seed;

/// Modules one after another.
#[derive(Clone, Debug)]
pub struct Network {
    /// In the order in which data flows.
    pub modules: Vec<Module>,
}

/// One module: layers, and the parameters of all of them in order.
#[derive(Clone, Debug)]
pub struct Module {
    /// Each layer with how many of the parameters are its own.
    layers: Vec<(Layer, usize)>,
    /// Layer by layer.
    pub parameters: Vec<Parameter>,
    /// What it gives for one sample.
    pub output: Shape,
}

impl Module {
    /// The parameters with their names: `layers.0.weight`.
    pub fn named(&self) -> impl Iterator<Item = (String, &Parameter)> {
        let layers = self.layers.iter().enumerate();
        let owners = layers.flat_map(|(layer, (_, count))| std::iter::repeat_n(layer, *count));
        owners.zip(&self.parameters).map(|(layer, parameter)| {
            (format!("layers.{layer}.{}", parameter.spec.name), parameter)
        })
    }
}

impl Network {
    /// A network at its initial weights. A module's weights depend on the seed and its position only.
    pub fn new(plan: &ValidPlan, seed: Seed, device: &Device) -> Self {
        let module = |(index, (inputs, output)): (usize, &(Vec<Shape>, Shape))| {
            let mut stream = seed.stream(&format!("init/{index}"));
            let layers = plan.modules[index].layers.iter().zip(inputs);
            let specs: Vec<_> = layers.map(|(layer, input)| layer.parameters(input)).collect();
            let counts = specs.iter().map(Vec::len);
            Module {
                layers: plan.modules[index].layers.iter().cloned().zip(counts).collect(),
                parameters: specs
                    .into_iter()
                    .flatten()
                    .map(|spec| Parameter::new(spec, &mut stream, device))
                    .collect(),
                output: *output,
            }
        };
        Network { modules: plan.shapes().iter().enumerate().map(module).collect() }
    }

    /// Puts some modules back to their initial weights.
    pub fn initialise(&mut self, modules: Range<usize>, seed: Seed, device: &Device) {
        for (index, module) in self.modules.iter_mut().enumerate() {
            if modules.contains(&index) {
                let mut stream = seed.stream(&format!("init/{index}"));
                for parameter in &mut module.parameters {
                    *parameter = Parameter::new(parameter.spec.clone(), &mut stream, device);
                }
            }
        }
    }

    /// The output of some modules at their own weights.
    ///
    /// # Errors
    /// Where a layer is given what it does not work on, which a checked plan rules out.
    pub fn forward(
        &self,
        modules: Range<usize>,
        input: Representation,
    ) -> Result<Representation, WrongRepresentation> {
        self.forward_with(&self.values(modules.clone()), modules, input)
    }

    /// The output of some modules at other weights: as many as [`Network::values`] gives.
    ///
    /// # Errors
    /// As [`Network::forward`].
    pub fn forward_with(
        &self,
        mut parameters: &[Tensor<1>],
        modules: Range<usize>,
        input: Representation,
    ) -> Result<Representation, WrongRepresentation> {
        let mut layers = self.modules[modules].iter().flat_map(|module| &module.layers);
        layers.try_fold(input, |input, (layer, count)| {
            let (own, rest) = parameters.split_at(*count);
            parameters = rest;
            layer.forward(own, input)
        })
    }

    /// The weights of some modules, flat, in order.
    pub fn values(&self, modules: Range<usize>) -> Vec<Tensor<1>> {
        let parameters = self.modules[modules].iter().flat_map(|module| &module.parameters);
        parameters.map(|parameter| parameter.value.clone()).collect()
    }

    /// Puts weights in place of those that [`Network::values`] gave.
    pub fn set_values(&mut self, modules: Range<usize>, values: Vec<Tensor<1>>) {
        let parameters = self.modules[modules].iter_mut().flat_map(|module| &mut module.parameters);
        parameters.zip(values).for_each(|(parameter, value)| parameter.value = value);
    }

    /// How many numbers some modules learn.
    pub fn count(&self, modules: Range<usize>) -> usize {
        let parameters = self.modules[modules].iter().flat_map(|module| &module.parameters);
        parameters.map(|parameter| parameter.spec.len()).sum()
    }

    /// SHA-256 over the weights of some modules, in hexadecimal.
    ///
    /// # Errors
    /// As [`device::read`].
    pub async fn fingerprint(&self, modules: Range<usize>) -> Result<String, DeviceError> {
        let values = device::read(self.values(modules)).await?;
        let mut hash = Sha256::new();
        values.iter().flatten().for_each(|value| hash.update(value.to_le_bytes()));
        Ok(format!("{:x}", hash.finalize()))
    }
}
