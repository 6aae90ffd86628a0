//! Every operation against burn's own, values and gradients.

use burn::tensor::module::{conv2d, max_pool2d};
use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor, TensorData};
use pollster::block_on;

use super::{
    AdamStep, adam, convolve, gaussian, log_sum_exp, log_sum_exp_of_others, max_pool, pair_products,
};
use crate::device::{self, DeviceKind, index};
use crate::rng::Seed;
use crate::sparse::SparseMatrix;

fn cpu() -> Device {
    block_on(device::open(DeviceKind::Cpu)).unwrap()
}

fn drawn<const D: usize>(name: &str, shape: [usize; D], device: &Device) -> Tensor<D> {
    let mut stream = Seed(7).stream(name);
    let values = (0..shape.iter().product()).map(|_| stream.normal() as f32).collect();
    Tensor::from_data(TensorData::new(values, shape), device)
}

fn read(tensors: Vec<Tensor<1>>) -> Vec<Vec<f32>> {
    block_on(device::read(tensors)).unwrap()
}

/// The result and the gradients of its product with a fixed draw.
fn differentiate<const N: usize, const D: usize>(
    inputs: [&Tensor<1>; N],
    f: impl Fn([Tensor<1>; N]) -> Tensor<D>,
) -> Vec<Vec<f32>> {
    let leaves = inputs.map(|input| input.clone().require_grad());
    let out = f(leaves.clone());
    let weights = drawn("weights", out.dims(), &out.device());
    let gradients = (out.clone() * weights).sum().backward();
    let mut found = vec![out.flatten::<1>(0, D - 1)];
    found.extend(leaves.iter().map(|leaf| leaf.grad(&gradients).unwrap()));
    read(found)
}

fn agree(case: &str, ours: &[Vec<f32>], burns: &[Vec<f32>]) {
    assert_eq!(ours.len(), burns.len());
    for (which, (ours, burns)) in ours.iter().zip(burns).enumerate() {
        assert_eq!(ours.len(), burns.len(), "{case}: lengths of {which}");
        let scale = burns.iter().fold(1.0_f32, |most, value| most.max(value.abs()));
        for (ours, burns) in ours.iter().zip(burns) {
            let near = (ours - burns).abs() <= 1e-5 * scale || ours.is_nan() && burns.is_nan();
            assert!(near, "{case}: {which} is {ours} and not {burns}");
        }
    }
}

#[test]
fn convolution_agrees_with_burns() {
    let device = cpu();
    // Images, channels, height, width, planes, kernel, padding.
    let cases = [
        [5, 1, 28, 28, 16, 5, 2],
        [3, 16, 14, 14, 32, 5, 2],
        [1, 2, 7, 9, 5, 3, 1],
        [9, 3, 5, 4, 1, 3, 0],
        [2, 1, 1, 1, 3, 1, 0],
        [2, 3, 2, 3, 2, 5, 4],
        [2, 2, 6, 17, 7, 2, 1],
        [2, 1, 3, 3, 2, 2, 5],
        // Kernels with rows that never meet the image.
        [2, 2, 1, 20, 3, 5, 2],
        [2, 2, 8, 8, 3, 13, 3],
    ];
    for [n, c, h, w, o, k, padding] in cases {
        let x = drawn("x", [n * c * h * w], &device);
        let weight = drawn("weight", [o * c * k * k], &device);
        let bias = drawn("bias", [o], &device);
        let shaped = |[x, weight, bias]: [Tensor<1>; 3]| {
            (x.reshape([n, c, h, w]), weight.reshape([o, c, k, k]), bias)
        };
        let ours = differentiate([&x, &weight, &bias], |inputs| {
            let (x, weight, bias) = shaped(inputs);
            convolve(x, weight, bias, padding)
        });
        let burns = differentiate([&x, &weight, &bias], |inputs| {
            let (x, weight, bias) = shaped(inputs);
            conv2d(x, weight, Some(bias), ConvOptions::new([1; 2], [padding; 2], [1; 2], 1))
        });
        agree(
            &format!("{n}x{c}x{h}x{w}, {o} planes, kernel {k}, padding {padding}"),
            &ours,
            &burns,
        );
    }
}

#[test]
fn convolution_of_a_part_of_a_larger_tensor() {
    let device = cpu();
    let whole = drawn("x", [6 * 2 * 5 * 5], &device);
    let weight = drawn("weight", [3 * 2 * 9], &device);
    let bias = drawn("bias", [3], &device);
    let part = |whole: Tensor<1>| whole.reshape([6, 2, 5, 5]).narrow(0, 1, 3).swap_dims(2, 3);
    let ours = differentiate([&whole, &weight, &bias], |[x, weight, bias]| {
        convolve(part(x), weight.reshape([3, 2, 3, 3]), bias, 1)
    });
    let burns = differentiate([&whole, &weight, &bias], |[x, weight, bias]| {
        let options = ConvOptions::new([1; 2], [1; 2], [1; 2], 1);
        conv2d(part(x), weight.reshape([3, 2, 3, 3]), Some(bias), options)
    });
    agree("a part", &ours, &burns);
}

#[test]
fn max_pooling_agrees_with_burns() {
    let device = cpu();
    for [n, c, h, w] in [[3, 2, 28, 28], [1, 1, 2, 2], [2, 3, 7, 5], [2, 1, 15, 14]] {
        let x = drawn("x", [n * c * h * w], &device);
        let ours = differentiate([&x], |[x]| max_pool(x.reshape([n, c, h, w]), 2));
        let burns = differentiate([&x], |[x]| {
            max_pool2d(x.reshape([n, c, h, w]), MaxPoolOptions::new([2; 2]))
        });
        agree(&format!("{n}x{c}x{h}x{w}"), &ours, &burns);
    }
}

#[test]
fn the_first_of_equal_entries_gets_the_gradient_and_nan_stays() {
    let device = cpu();
    let x = Tensor::<1>::from_floats([2.0, 1.0, 2.0, f32::NAN, 2.0, 2.0, 0.0, 9.0], &device);
    let x = x.require_grad();
    let out = max_pool(x.clone().reshape([1, 1, 2, 4]), 2);
    let gradients = out.clone().sum().backward();
    let read = read(vec![out.reshape([2]), x.grad(&gradients).unwrap()]);
    assert_eq!(read[0][0], 2.0);
    assert!(read[0][1].is_nan());
    assert_eq!(read[1], [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0]);
}

#[test]
fn a_gaussian_gram_matrix_agrees_with_burns() {
    let device = cpu();
    for [n, width] in [[128, 64], [5, 3], [1, 4], [26, 104], [13, 1]] {
        let points = drawn("points", [n, width], &device).mul_scalar((width as f32).powf(-0.5));
        let [ours, burns] = [gaussian(points.clone()), super::gaussian::plain(points)];
        let flat = |gram: Tensor<2>| read(vec![gram.flatten(0, 1)]);
        agree(&format!("{n} x {width}"), &flat(ours), &flat(burns));
    }
}

#[test]
fn duplicates_are_at_distance_zero_and_nan_stays() {
    let device = cpu();
    let rows = Tensor::<2>::from_floats([[3.1, -7.7], [3.1, -7.7], [f32::NAN, 0.0]], &device);
    let read = read(vec![gaussian(rows).reshape([9])]);
    assert_eq!(read[0][..2], [1.0, 1.0]);
    assert_eq!(read[0][3..5], [1.0, 1.0]);
    assert!([2, 5, 6, 7, 8].iter().all(|at| read[0][*at].is_nan()));
}

#[test]
fn logarithms_of_sums_agree_with_burns() {
    let device = cpu();
    // Rows, columns, columns of a row's own.
    for [n, width, own] in [[5, 7, 0], [1, 1, 0], [128, 130, 0], [4, 12, 3], [9, 9, 1]] {
        let rows = drawn("rows", [n * width], &device).mul_scalar(30.0);
        let shaped = |rows: Tensor<1>| rows.reshape([n, width]);
        let ours = differentiate([&rows], |[rows]| match own {
            0 => log_sum_exp(shaped(rows)),
            _ => log_sum_exp_of_others(shaped(rows), own),
        });
        let burns = differentiate([&rows], |[rows]| super::log_sum_exp::plain(shaped(rows), own));
        agree(&format!("{n} x {width}, {own} left out"), &ours, &burns);
    }
}

#[test]
fn a_row_with_nothing_but_its_own_gives_a_finite_logarithm_and_no_gradient() {
    let rows = Tensor::<1>::from_floats([3.0, 4.0], &cpu());
    let found = differentiate([&rows], |[rows]| log_sum_exp_of_others(rows.reshape([1, 2]), 2));
    assert_eq!(found, [vec![-1e9], vec![0.0; 2]]);
}

#[test]
fn products_of_pairs_agree_with_those_of_gathered_rows() {
    let device = cpu();
    let pairs = [[0, 2], [3, 0], [0, 2], [1, 1], [3, 4]];
    let gathered = |a: Tensor<2>, b: Tensor<2>| {
        let rows = |end| index(pairs.iter().map(|pair: &[u32; 2]| pair[end] as usize), &cpu());
        (a.select(0, rows(0)) * b.select(0, rows(1))).sum_dim(1)
    };
    for d in [1, 5, 16] {
        let [a, b] = [("a", 4), ("b", 5)].map(|(name, n)| drawn(name, [n * d], &device));
        let shaped = |[a, b]: [Tensor<1>; 2]| (a.reshape([4, d]), b.reshape([5, d]));
        let by = |products: &dyn Fn(Tensor<2>, Tensor<2>) -> Tensor<2>| {
            let two = differentiate([&a, &b], |rows| {
                let (a, b) = shaped(rows);
                products(a, b)
            });
            let one = differentiate([&b], |[b]| {
                let rows = b.reshape([5, d]);
                products(rows.clone(), rows)
            });
            [two, one].concat()
        };
        let burns = by(&gathered);
        let ours = by(&|a, b| pair_products(a, b, &pairs).unsqueeze_dim(1));
        agree(&format!("{d} columns"), &ours, &burns);
        let plain = by(&|a, b| super::pairs::plain(a, b, &pairs).unsqueeze_dim(1));
        agree(&format!("{d} columns, matrices"), &plain, &burns);
    }
}

#[test]
fn sparse_products_agree_with_dense_ones() {
    let device = cpu();
    // A row and a column without entries, and two entries in one place.
    let (rows, columns) = ([0, 3, 0, 3, 3], [1, 0, 1, 4, 2]);
    for values in [Some([0.5, -2.0, 1.5, 3.0, 0.25].as_slice()), None] {
        let sparse = SparseMatrix::new([4, 6], &rows, &columns, values, &device);
        let mut dense = vec![0.0; 4 * 6];
        for (at, (row, column)) in rows.iter().zip(columns).enumerate() {
            dense[*row as usize * 6 + column as usize] += values.map_or(1.0, |values| values[at]);
        }
        let dense = Tensor::<2>::from_data(TensorData::new(dense, [4, 6]), &device);
        let other = drawn("other", [6 * 5], &device);
        let ours = differentiate([&other], |[other]| sparse.matmul(other.reshape([6, 5])));
        let burns = differentiate([&other], |[other]| dense.clone().matmul(other.reshape([6, 5])));
        agree("a product", &ours, &burns);

        let flat = |matrix: Tensor<2>| matrix.flatten::<1>(0, 1);
        let [whole, some] = [dense.clone(), dense.clone().narrow(0, 2, 2)].map(flat);
        agree("dense", &read(vec![flat(sparse.to_dense())]), &read(vec![whole]));
        agree("rows", &read(vec![flat(sparse.dense_rows(&[2, 3]))]), &read(vec![some]));
        let moved = sparse.with_rows_at(&[2, 1, 0, 3]).to_dense();
        let expected = Tensor::cat(
            vec![
                dense.clone().narrow(0, 2, 1),
                dense.clone().narrow(0, 1, 1),
                dense.clone().narrow(0, 0, 1),
                dense.clone().narrow(0, 3, 1),
            ],
            0,
        );
        agree("moved rows", &read(vec![flat(moved)]), &read(vec![flat(expected)]));

        let square =
            SparseMatrix::new([4, 4], &[1, 1, 2], &[0, 3, 1], Some(&[2.0, -1.0, 4.0]), &device);
        let product = square.dense_rows_of_product(&sparse, &[2, 1]);
        let expected =
            square.to_dense().matmul(dense).select(0, Tensor::from_ints([2, 1], &device));
        agree("a sparse product", &read(vec![flat(product)]), &read(vec![flat(expected)]));
    }
}

#[test]
fn adam_gives_burns_result_to_the_last_bit() {
    let device = cpu();
    let [w, g, m, v] = ["w", "g", "m", "v"].map(|name| drawn::<1>(name, [37], &device).inner());
    let moments = [m, v.clone() * v];
    for weight_decay in [0.0, 5e-4] {
        let step =
            AdamStep { beta: [0.9, 0.999], epsilon: 1e-8, rate: 1e-2, bias: 0.1, weight_decay };
        let ours = adam(w.clone(), g.clone(), moments.clone(), step);
        let burns = super::adam::plain(w.clone(), g.clone(), moments.clone(), step);
        assert_eq!(read(ours.into()), read(burns.into()));
    }
}
