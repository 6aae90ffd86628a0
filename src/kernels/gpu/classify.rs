//! Cross-entropy and accuracy on a GPU: a row of class scores a unit of work, in one kernel.

use burn::backend::fusion::custom::TensorSpec;
use burn::backend::ops::FloatTensorOps;
use burn::backend::tensor::{FloatTensor, IntTensor};
use burn::backend::{Backend, Cube, FloatDType, backend_extension};
use burn::tensor::{Int, Shape};
use burn_wgpu::CubeBackend;
use cubecl::prelude::*;

use crate::kernels::Classified;

/// What this adds to a back end.
#[backend_extension(Cube, Fusion)]
pub trait ClassifyRows: Backend {
    /// From scores `N x C` and `N` classes: the gradient of the mean cross-entropy in nats, `N x C`, and
    /// `2 x N`: each row's share of that mean, and 1 where the greatest score is the class's.
    #[fusion(meta = |scores, classes| {
        (scores.clone(), TensorSpec::new(Shape::from([2, classes.shape[0]]), scores.dtype))
    })]
    fn classify_rows(
        scores: FloatTensor<Self>,
        classes: IntTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>);
}

#[cube(launch)]
fn classify_rows_kernel(
    scores: &Tensor<f32>,
    classes: &[i32],
    gradient: &mut Tensor<f32>,
    rows: &mut Tensor<f32>,
) {
    let row = ABSOLUTE_POS;
    let n = rows.shape(1);
    if row >= n {
        terminate!();
    }
    let width = scores.shape(1);
    let begin = row * scores.stride(0);
    let step = scores.stride(1);
    let mut most = scores[begin];
    let mut best = 0;
    for class in 1..width {
        let score = scores[begin + class * step];
        if score > most {
            most = score;
            best = class;
        }
    }
    let mut sum = 0.0f32;
    for class in 0..width {
        sum += (scores[begin + class * step] - most).exp();
    }
    let own = classes[row] as usize;
    for class in 0..width {
        let share = (scores[begin + class * step] - most).exp() / sum;
        let wanted = select(class == own, 1.0f32, 0.0f32);
        gradient[row * width + class] = (share - wanted) / n as f32;
    }
    rows[row] = (sum.ln() - (scores[begin + own * step] - most)) / n as f32;
    rows[n + row] = select(best == own, 1.0f32, 0.0f32);
}

impl ClassifyRows for CubeBackend {
    fn classify_rows(
        scores: FloatTensor<Self>,
        classes: IntTensor<Self>,
    ) -> (FloatTensor<Self>, FloatTensor<Self>) {
        let n = classes.meta.shape()[0];
        let [gradient, rows] = [scores.meta.shape().clone(), Shape::from([2, n])]
            .map(|shape| Self::float_empty(shape, &scores.device, FloatDType::F32));
        let client = scores.client.clone();
        let (count, dim) = super::units(&client, n);
        classify_rows_kernel::launch(
            &client,
            count,
            dim,
            scores.into_tensor_arg(),
            classes.into_buffer_arg(),
            gradient.clone().into_tensor_arg(),
            rows.clone().into_tensor_arg(),
        );
        (gradient, rows)
    }
}

/// `None` on other devices.
pub fn classify(
    scores: &burn::tensor::Tensor<2>,
    classes: &burn::tensor::Tensor<1, Int>,
) -> Option<Classified> {
    let scores = scores.clone().inner().try_into_primitive::<Cube>().ok()?;
    let classes = classes.clone().inner().try_into_primitive::<Cube>().ok()?;
    let (gradient, rows) = Cube::classify_rows(scores, classes);
    let [gradient, rows] = [gradient, rows]
        .map(burn::tensor::Tensor::<2>::from_primitive::<Cube>)
        .map(burn::tensor::Tensor::from_inner);
    let sums = rows.sum_dim(1);
    let [nats, correct] = [0, 1].map(|at| sums.clone().narrow(0, at, 1).flatten(0, 1));
    Some(Classified { nats, correct, gradient })
}
