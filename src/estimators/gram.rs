//! Gram matrices on a device.

use burn::tensor::Tensor;
use faer::Mat;

use crate::device::{self, DeviceError};
use crate::kernels;

/// A Gram matrix with unit diagonal, `N x N`.
#[derive(Clone, Debug)]
pub enum Gram {
    /// `K_ij = exp(-|p_i - p_j|^2 / 2)` of centred points, `N x d`. Kept as points, so that the host
    /// can compute it in double precision, which orders below 1 need.
    Gaussian(Tensor<2>),
    /// `L_ij = [y_i = y_j]` of one-hot rows, `N x C`: a constant, which falls into a block for each class.
    Delta(Tensor<2>),
    /// The matrix itself, exact.
    Exact(Tensor<2>),
}

impl Gram {
    /// `K` on the device, a constant: the gradients of entropies are written out.
    pub fn matrix(&self) -> Tensor<2> {
        match self {
            Gram::Exact(matrix) => matrix.clone().detach(),
            Gram::Delta(one_hot) => one_hot.clone().matmul(one_hot.clone().transpose()),
            Gram::Gaussian(points) => kernels::gaussian(points.clone()),
        }
    }

    /// What it is kept as: points, one-hot rows or entries.
    pub(super) fn source(&self) -> Tensor<2> {
        match self {
            Gram::Gaussian(tensor) | Gram::Delta(tensor) | Gram::Exact(tensor) => tensor.clone(),
        }
    }

    /// The samples of each class that there is, where the kernel tells nothing else of them.
    pub(super) fn classes(&self, source: &Mat<f64>) -> Option<Vec<Vec<usize>>> {
        let Gram::Delta(_) = self else { return None };
        let of_class = |c| (0..source.nrows()).filter(|i| source[(*i, c)] != 0.0).collect();
        let classes = (0..source.ncols()).map(of_class);
        Some(classes.filter(|samples: &Vec<_>| !samples.is_empty()).collect())
    }

    /// `K` in double precision, from its source.
    pub(super) fn on_host(&self, source: &Mat<f64>) -> Mat<f64> {
        if let Gram::Exact(_) = self {
            return source.clone();
        }
        let product = source * source.transpose();
        if let Gram::Delta(_) = self {
            return product;
        }
        let n = product.nrows();
        let squared = |i, j| product[(i, i)] + product[(j, j)] - 2.0 * product[(i, j)];
        let mut gram = Mat::zeros(n, n);
        for j in 0..n {
            for i in j..n {
                let squared = squared(i, j);
                // Not by `max`, which would make a NaN a distance of 0.
                let entry = (-0.5 * if squared < 0.0 { 0.0 } else { squared }).exp();
                gram[(i, j)] = entry;
                gram[(j, i)] = entry;
            }
        }
        gram
    }
}

/// The sources of some Gram matrices, read from the device together.
pub(super) async fn read_sources(grams: &[Gram]) -> Result<Vec<Mat<f64>>, DeviceError> {
    let sources: Vec<Tensor<2>> = grams.iter().map(Gram::source).collect();
    let shapes: Vec<[usize; 2]> = sources.iter().map(Tensor::dims).collect();
    let reads = sources.into_iter().map(|source| source.flatten(0, 1)).collect();
    let read = device::read(reads).await?.into_iter().zip(shapes);
    let matrix = |(values, [n, width]): (Vec<f32>, [usize; 2])| {
        Mat::from_fn(n, width, |i, j| f64::from(values[i * width + j]))
    };
    Ok(read.map(matrix).collect())
}

/// Gaussian kernel, `K_ij = exp(-|z_i - z_j|^2 / (2 sigma^2))` from `N x d`.
pub fn gaussian(z: Tensor<2>, sigma: f64) -> Gram {
    Gram::Gaussian(centred(z).div_scalar(sigma))
}

/// Rows with mean 0: products then carry no common offset to lose digits to. Only differences count
/// in a kernel, so the gradients of all rows add up to 0, and the mean passes none.
fn centred(z: Tensor<2>) -> Tensor<2> {
    z.clone() - z.detach().mean_dim(0)
}

/// The Hadamard product of the Gaussian kernels of `k` variables of `d` columns each, side by side in
/// `N x (k d)`. Each has a width that follows its samples: `sigma_c^2 = k width^2 q_c`, `q_c` the mean
/// of `|z_i - z_j|^2` over `i != j`, differentiated through, so that a module cannot win by growing
/// its weights. The factor `k` keeps the exponent from growing with the number of variables (Yu et
/// al. 2020).
///
/// A product of Gaussians is one Gaussian on the variables side by side, each over its own width, so
/// there is one Gram matrix however many variables there are.
pub fn scale_free(variables: Tensor<2>, k: usize, width: f64) -> Gram {
    let [n, columns] = variables.dims();
    let centred = centred(variables);
    // q = 2 / (N - 1) sum_i |z_i - mean z|^2. Only the sums are reshaped: with the samples in three
    // dimensions, fused kernels of burn 0.22.1 on WebGPU gave wrong gradients
    // (`widths_of_several_variables_agree_on_webgpu`).
    let sums = (centred.clone() * centred.clone()).sum_dim(0).reshape([k, columns / k]);
    let q = sums.sum_dim(1).mul_scalar(2.0 / (n.max(2) - 1) as f64);
    // Samples that all agree have distance 0 and stay so.
    let scale = q.clamp_min(1e-12).mul_scalar(k as f64 * width * width).sqrt();
    let scale = match k {
        1 => scale,
        _ => scale.repeat_dim(1, columns / k).reshape([1, columns]),
    };
    Gram::Gaussian(centred / scale)
}

/// Delta kernel of labels, `L_ij = [y_i = y_j]`, `N x N` from one-hot rows `N x C`.
pub fn delta(one_hot: Tensor<2>) -> Gram {
    Gram::Delta(one_hot.detach())
}
