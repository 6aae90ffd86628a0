//! How an operation on the host's memory becomes one on tensors.

use std::fmt::Debug;
use std::marker::PhantomData;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::NoCheckpointing;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Flex};
use burn::tensor::{Tensor, TensorData};

/// An operation on `N` tensors in the host's memory, row-major.
pub(super) trait HostOperation<const N: usize>: Clone + Debug + Send + 'static {
    /// What the backward pass needs beside the inputs.
    type Saved: Clone + Debug + Send + 'static;

    /// The entries of the result, and what the backward pass needs.
    fn forward(&self, inputs: [&[f32]; N]) -> (Vec<f32>, Self::Saved);

    /// The gradients of the inputs that are `wanted`, from that of the result.
    fn backward(
        &self,
        saved: &Self::Saved,
        inputs: [&[f32]; N],
        gradient: &[f32],
        wanted: [bool; N],
    ) -> [Option<Vec<f32>>; N];
}

/// A tensor of any rank in the host's memory.
pub(super) type Operand = FloatTensor<Autodiff<Flex>>;

/// The tensor as burn-flex has it; `None` on other devices, and on those without gradients.
pub(super) fn operand<const D: usize>(tensor: &Tensor<D>) -> Option<Operand> {
    tensor.clone().try_into_primitive::<Autodiff<Flex>>().ok()
}

/// The operation's result, of the given shape, with its gradients.
pub(super) fn apply<O: HostOperation<N>, const N: usize, const D: usize>(
    operation: O,
    inputs: [Operand; N],
    shape: [usize; D],
) -> Tensor<D> {
    let nodes = inputs.each_ref().map(Operand::node);
    let inputs = inputs.map(|input| input.into_primitive().to_contiguous());
    let (values, saved) = operation.forward(inputs.each_ref().map(entries));
    let output = FlexTensor::from_data(TensorData::new(values, shape));
    let prepared = Differentiated::<O>(PhantomData).prepare::<NoCheckpointing>(nodes);
    let output = match prepared.compute_bound().stateful() {
        OpsKind::Tracked(prepared) => prepared.finish((operation, saved, inputs), output),
        OpsKind::UnTracked(prepared) => prepared.finish(output),
    };
    Tensor::from_primitive::<Autodiff<Flex>>(output)
}

/// A tensor in the host's memory that no gradient reaches.
pub(super) fn constant<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> Tensor<D> {
    let values = FlexTensor::from_data(TensorData::new(values, shape));
    Tensor::from_inner(Tensor::from_primitive::<Flex>(values))
}

/// What a contiguous tensor holds.
pub(super) fn entries(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().expect("contiguous, in single precision")
}

/// An operation in the graph of gradients.
#[derive(Clone, Debug)]
struct Differentiated<O>(PhantomData<O>);

impl<O: HostOperation<N>, const N: usize> Backward<Flex, N> for Differentiated<O> {
    type State = (O, O::Saved, [FlexTensor; N]);

    fn backward(
        self,
        ops: Ops<Self::State, N>,
        gradients: &mut Gradients,
        _checkpointer: &mut Checkpointer,
    ) {
        let gradient = gradients.consume::<Flex>(&ops.node).to_contiguous();
        let (operation, saved, inputs) = &ops.state;
        let wanted = ops.parents.each_ref().map(Option::is_some);
        let slices = inputs.each_ref().map(entries);
        let found = operation.backward(saved, slices, entries(&gradient), wanted);
        for ((parent, input), values) in ops.parents.iter().zip(inputs).zip(found) {
            if let (Some(parent), Some(values)) = (parent, values) {
                let data = TensorData::new(values, input.layout().shape().clone());
                gradients.register::<Flex>(parent.id, FlexTensor::from_data(data));
            }
        }
    }
}

/// Calls `work` with each part of `whole` and its index, in parallel where there are threads.
pub(super) fn each_part(
    whole: &mut [f32],
    length: usize,
    work: impl Fn(usize, &mut [f32]) + Sync + Send,
) {
    #[cfg(not(target_arch = "wasm32"))]
    {
        use rayon::prelude::{IndexedParallelIterator, ParallelIterator, ParallelSliceMut};
        whole.par_chunks_mut(length).enumerate().for_each(|(index, part)| work(index, part));
    }
    #[cfg(target_arch = "wasm32")]
    whole.chunks_mut(length).enumerate().for_each(|(index, part)| work(index, part));
}
