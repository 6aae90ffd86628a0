use safetensors::tensor::{Dtype, TensorView};

use super::{InspectError, Inspector};
use crate::device;
use crate::parameters::Parameter;

/// A parameter of a module, read from the device.
#[derive(Clone, Debug, PartialEq)]
pub struct Weight {
    /// `layers.0.weight`.
    pub name: String,
    /// Of the values, row-major: `[d_input, width]` for a dense layer's weight,
    /// `[channels, channels_in, height, width]` for a convolution's.
    pub shape: Vec<usize>,
    /// Single precision, as they are trained.
    pub values: Vec<f32>,
}

impl Inspector<'_> {
    /// The parameters of a module, layer by layer.
    ///
    /// # Errors
    /// [`InspectError::NoModule`], or a device that failed.
    pub async fn weights(&self, module: usize) -> Result<Vec<Weight>, InspectError> {
        let module = &self.network.modules[self.check_module(module)?];
        let named: Vec<_> = module.named().collect();
        let values = device::read(named.iter().map(|(_, p)| p.value.clone()).collect()).await?;
        let weight = |((name, parameter), values): ((String, &Parameter), _)| Weight {
            name,
            shape: parameter.spec.shape.clone(),
            values,
        };
        Ok(named.into_iter().zip(values).map(weight).collect())
    }

    /// SHA-256 of every module's weights, in hexadecimal.
    ///
    /// # Errors
    /// A device that failed.
    pub async fn fingerprints(&self) -> Result<Vec<String>, InspectError> {
        let mut fingerprints = Vec::new();
        for module in 0..self.network.modules.len() {
            fingerprints.push(self.network.fingerprint(module..module + 1).await?);
        }
        Ok(fingerprints)
    }

    /// All weights as a safetensors file: `modules.0.layers.0.weight`, single precision,
    /// little-endian, with the plan as JSON in the metadata under `plan`.
    ///
    /// # Errors
    /// A device that failed.
    pub async fn safetensors(&self) -> Result<Vec<u8>, InspectError> {
        let mut tensors = Vec::new();
        for module in 0..self.network.modules.len() {
            for Weight { name, shape, values } in self.weights(module).await? {
                let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
                tensors.push((format!("modules.{module}.{name}"), shape, bytes));
            }
        }
        let views = tensors
            .iter()
            .map(|(name, shape, bytes)| {
                Ok((name.as_str(), TensorView::new(Dtype::F32, shape.clone(), bytes)?))
            })
            .collect::<Result<Vec<_>, safetensors::SafeTensorError>>()?;
        // A plan is strings, numbers and lists of them: it always has a JSON form.
        let plan = serde_json::to_string(&**self.plan).unwrap_or_default();
        let metadata = [("plan".to_string(), plan)].into_iter().collect();
        Ok(safetensors::serialize(views, Some(metadata))?)
    }
}
