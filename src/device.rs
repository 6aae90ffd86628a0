//! Devices: opening one, and the one way to read from it.

use burn::tensor::{Device, ExecutionError, Int, Tensor, TensorData, Transaction};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// The devices a build may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeviceKind {
    /// burn-flex, with SIMD; threads where the platform has them.
    Cpu,
    /// burn-ndarray: feature `ndarray`.
    Ndarray,
    /// burn-wgpu, through WebGPU in a browser: feature `webgpu`.
    Gpu,
}

impl DeviceKind {
    /// Those of this build.
    pub const AVAILABLE: &[DeviceKind] = &[
        DeviceKind::Cpu,
        #[cfg(feature = "ndarray")]
        DeviceKind::Ndarray,
        #[cfg(feature = "webgpu")]
        DeviceKind::Gpu,
    ];

    /// The name that plans, links and the command use.
    pub fn name(self) -> &'static str {
        match self {
            DeviceKind::Cpu => "cpu",
            DeviceKind::Ndarray => "ndarray",
            DeviceKind::Gpu => "gpu",
        }
    }

    /// Those of this build, for people: `cpu, gpu`.
    pub(crate) fn known() -> String {
        DeviceKind::AVAILABLE.iter().map(|kind| kind.name()).collect::<Vec<_>>().join(", ")
    }
}

impl fmt::Display for DeviceKind {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for DeviceKind {
    type Err = DeviceError;

    fn from_str(name: &str) -> Result<Self, DeviceError> {
        let named = |kind: &&DeviceKind| kind.name() == name;
        let found = DeviceKind::AVAILABLE.iter().find(named).copied();
        found.ok_or_else(|| DeviceError::Unavailable { name: name.into() })
    }
}

/// What a device can fail at.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages say what the fields are")]
pub enum DeviceError {
    /// This build lacks it.
    #[error(
        "device '{name}': this build has {}; the features `webgpu` and `ndarray` add `gpu` and `ndarray`",
        DeviceKind::known()
    )]
    Unavailable { name: String },
    /// No adapter, or it refused.
    #[error("no GPU could be opened: {reason}")]
    NoAdapter { reason: String },
    /// A computation or its read failed.
    #[error("the device stopped answering: {0}")]
    Failed(#[from] ExecutionError),
    /// A read gave something else than was asked for.
    #[error("the device gave {found} numbers where {expected} were asked for")]
    Incomplete { expected: usize, found: usize },
}

/// Opens a device, with gradients. In a browser this must come before any other use of the GPU.
///
/// # Errors
/// [`DeviceError::Unavailable`], [`DeviceError::NoAdapter`].
pub async fn open(kind: DeviceKind) -> Result<Device, DeviceError> {
    open_named(kind).await.map(|(device, _)| device)
}

/// The same with a name for people: `burn-flex, SIMD`, or what the adapter calls itself.
///
/// # Errors
/// As [`open`].
pub async fn open_named(kind: DeviceKind) -> Result<(Device, String), DeviceError> {
    let (device, name) = match kind {
        DeviceKind::Cpu => (Device::flex(), "burn-flex, SIMD".into()),
        #[cfg(feature = "ndarray")]
        // Deprecated upstream; kept as a second, independent CPU back end.
        #[allow(deprecated)]
        DeviceKind::Ndarray => (Device::ndarray(), "burn-ndarray".into()),
        #[cfg(feature = "webgpu")]
        DeviceKind::Gpu => gpu().await?,
        #[allow(unreachable_patterns)] // with every feature on, none is left
        other => return Err(DeviceError::Unavailable { name: other.name().into() }),
    };
    Ok((device.autodiff(), name))
}

#[cfg(feature = "webgpu")]
async fn gpu() -> Result<(Device, String), DeviceError> {
    use std::cell::RefCell;

    thread_local! {
        // The runtime takes its options once; a second session shares the device.
        static OPENED: RefCell<Option<(Device, String)>> = const { RefCell::new(None) };
    }
    if let Some(opened) = OPENED.with_borrow(Clone::clone) {
        return Ok(opened);
    }
    #[cfg(target_arch = "wasm32")]
    __wasm_call_ctors();
    // A step's work is handed over at once; by default every 32 operations are.
    let opened = Device::wgpu_options().tasks_max(256).init_with_setup_async().await;
    let (device, setup) =
        opened.map_err(|error| DeviceError::NoAdapter { reason: error.to_string() })?;
    let info = setup.adapter.get_info();
    // Browsers may keep the name to themselves.
    let name = [info.name, info.driver].into_iter().find(|name| !name.is_empty());
    let opened = (device, name.unwrap_or_else(|| "unnamed adapter".into()));
    OPENED.set(Some(opened.clone()));
    Ok(opened)
}

#[cfg(all(target_arch = "wasm32", feature = "webgpu"))]
#[expect(unsafe_code, reason = "the linker makes this function, which takes and gives nothing")]
unsafe extern "C" {
    /// Runs every constructor: cubecl registers with them what it compiles kernels from. Where nobody calls
    /// it, the linker takes the module for a program of one call and has every exported function run them
    /// first, the one that holds an object of JavaScript's too: 60 small steps took 68 s, and take 31.
    safe fn __wasm_call_ctors();
}

/// Hands over what was asked of a device so far, without waiting for it. burn holds operations back to
/// fuse them: asked for at the end of a step, they are fused in every step alike.
///
/// # Errors
/// [`DeviceError::Failed`].
pub fn hand_over(device: &Device) -> Result<(), DeviceError> {
    Ok(device.flush()?)
}

/// Places along an axis, for `select` and `gather`.
pub(crate) fn index(places: impl IntoIterator<Item = usize>, device: &Device) -> Tensor<1, Int> {
    let places: Vec<i32> = places.into_iter().map(|place| place as i32).collect();
    let n = places.len();
    Tensor::from_data(TensorData::new(places, [n]), device)
}

/// Reads tensors in one transaction, each flat. The only place that reads from a device: a
/// synchronous read works on the CPU and panics on WebGPU.
///
/// # Errors
/// [`DeviceError::Failed`], [`DeviceError::Incomplete`].
pub async fn read(tensors: Vec<Tensor<1>>) -> Result<Vec<Vec<f32>>, DeviceError> {
    let lengths: Vec<usize> = tensors.iter().map(|tensor| tensor.dims()[0]).collect();
    let queued = tensors
        .into_iter()
        .fold(Transaction::default(), |queued, tensor| queued.register(tensor.inner()));
    let data = queued.execute_async().await?;
    // Not copied where they can be taken over. Anything but single precision counts as nothing read.
    let values: Vec<Vec<f32>> =
        data.into_iter().map(|data| TensorData::try_into_vec(data).unwrap_or_default()).collect();
    let found: Vec<usize> = values.iter().map(Vec::len).collect();
    match found == lengths {
        true => Ok(values),
        false => Err(DeviceError::Incomplete {
            expected: lengths.iter().sum(),
            found: found.iter().sum(),
        }),
    }
}
