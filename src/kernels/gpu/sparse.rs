//! Products with a sparse matrix on a GPU.
//!
//! By burn's operations the terms are gathered, and added up by one unit of work a column, one after
//! another. Here each number of the result has a unit of its own, which walks through its row.

use std::sync::OnceLock;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::ops::{FloatTensorOps, IntTensorOps};
use burn::backend::tensor::{Device, FloatTensor, IntTensor};
use burn::backend::{Autodiff, Backend, Cube, FloatDType, TensorMetadata, backend_extension};
use burn::tensor::{Shape, TensorData};
use burn_wgpu::CubeBackend;
use cubecl::prelude::*;

use crate::kernels::{CompressedRows, SparseFactor};

/// What this adds to a back end.
#[backend_extension(Cube, Fusion)]
pub trait RowProduct: Backend {
    /// `A B`: row `i` of `A` has the entries `offsets[i]..offsets[i + 1]` of `columns` and `values`.
    #[fusion(dtype = dense, shape = Shape::from([offsets[0] - 1, dense[1]]))]
    fn row_product(
        offsets: IntTensor<Self>,
        columns: IntTensor<Self>,
        values: FloatTensor<Self>,
        dense: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}

#[cube(launch)]
fn row_product_kernel(
    offsets: &[i32],
    columns: &[i32],
    values: &[f32],
    dense: &Tensor<f32>,
    output: &mut Tensor<f32>,
) {
    if ABSOLUTE_POS >= output.len() {
        terminate!();
    }
    let d = output.shape(1);
    let row = ABSOLUTE_POS / d;
    let column = ABSOLUTE_POS % d;
    let begin = offsets[row] as usize;
    let end = offsets[row + 1] as usize;
    let mut sum = 0.0f32;
    for entry in begin..end {
        let from = columns[entry] as usize * dense.stride(0) + column * dense.stride(1);
        sum += values[entry] * dense[from];
    }
    output[ABSOLUTE_POS] = sum;
}

impl RowProduct for CubeBackend {
    fn row_product(
        offsets: IntTensor<Self>,
        columns: IntTensor<Self>,
        values: FloatTensor<Self>,
        dense: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let shape = Shape::from([offsets.meta.shape()[0] - 1, dense.meta.shape()[1]]);
        let n = shape.num_elements();
        let output = Self::float_empty(shape, &dense.device, FloatDType::F32);
        let client = dense.client.clone();
        let (count, dim) = super::units(&client, n);
        row_product_kernel::launch(
            &client,
            count,
            dim,
            offsets.into_buffer_arg(),
            columns.into_buffer_arg(),
            values.into_buffer_arg(),
            dense.into_tensor_arg(),
            output.clone().into_tensor_arg(),
        );
        output
    }
}

/// A factor's entries on the device, each kind made when first asked for.
#[derive(Debug, Default)]
pub struct OnDevice {
    rows: OnceLock<DeviceRows>,
    transposed: OnceLock<DeviceRows>,
}

/// A sparse matrix row by row, on the device.
#[derive(Clone, Debug)]
struct DeviceRows {
    offsets: IntTensor<Cube>,
    columns: IntTensor<Cube>,
    values: FloatTensor<Cube>,
}

impl DeviceRows {
    fn new(rows: &CompressedRows, device: &Device<Cube>) -> Self {
        let index = |values: Vec<i32>| {
            let n = values.len();
            Cube::int_from_data(TensorData::new(values, [n]), device)
        };
        let (columns, values): (Vec<i32>, Vec<f32>) =
            rows.entries().map(|(_, column, value)| (column as i32, value)).unzip();
        let n = values.len();
        DeviceRows {
            offsets: index(rows.offsets().iter().map(|offset| *offset as i32).collect()),
            columns: index(columns),
            values: Cube::float_from_data(TensorData::new(values, [n]), device),
        }
    }

    fn times(self, dense: FloatTensor<Cube>) -> FloatTensor<Cube> {
        Cube::row_product(self.offsets, self.columns, self.values, dense)
    }
}

/// `A B`, differentiable in `B`; `None` on other devices, and for a matrix without entries, which no
/// buffer can hold.
pub fn product(
    matrix: &SparseFactor,
    dense: &burn::tensor::Tensor<2>,
) -> Option<burn::tensor::Tensor<2>> {
    let dense = dense.clone().try_into_primitive::<Autodiff<Cube>>().ok()?;
    if matrix.rows.count() == 0 {
        return None;
    }
    let node = dense.node();
    let dense = dense.into_primitive();
    let device = dense.device();
    let OnDevice { rows, transposed } = &matrix.on_device;
    let rows = rows.get_or_init(|| DeviceRows::new(&matrix.rows, &device));
    let output = rows.clone().times(dense);
    let output = match Product.prepare::<NoCheckpointing>([node]).compute_bound().stateful() {
        OpsKind::Tracked(prepared) => {
            let made = || DeviceRows::new(matrix.transposed(), &device);
            prepared.finish(transposed.get_or_init(made).clone(), output)
        }
        OpsKind::UnTracked(prepared) => prepared.finish(output),
    };
    Some(burn::tensor::Tensor::from_primitive::<Autodiff<Cube>>(output))
}

/// In the graph of gradients.
#[derive(Clone, Debug)]
struct Product;

impl Backward<Cube, 1> for Product {
    /// The transposed matrix.
    type State = DeviceRows;

    fn backward(
        self,
        ops: Ops<Self::State, 1>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let gradient = gradients.consume::<Cube>(&ops.node);
        if let [Some(parent)] = &ops.parents {
            gradients.register::<Cube>(parent.id, ops.state.times(gradient));
        }
    }
}
