//! What the estimators and layers must not depend on, the bounds that hold for them, and inputs at
//! the edge: repeated points, constant columns, two samples, huge and tiny scales, one class.

#![cfg(not(target_arch = "wasm32"))]

mod common;
#[path = "invariance/graphs.rs"]
mod graphs;

use burn::tensor::{Device, Int, Tensor, TensorData};
use mole::batch::Labels;
use mole::device::{self, DeviceKind};
use mole::estimators::critic::{Activation, Critic};
use mole::estimators::gram::{Gram, delta, gaussian, scale_free};
use mole::estimators::spectrum::Spectrum;
use mole::estimators::{
    Bound, Dgi, Dim, Estimator, InfoNce, LocalForm, MatrixRenyi, Memory, Mine, Normalisation,
    Output, TargetBatch, information,
};
use mole::parameters::Parameter;
use mole::representation::{Representation, Shape};
use mole::rng::{Seed, Stream};
use pollster::block_on;

fn cpu() -> Device {
    block_on(device::open(DeviceKind::Cpu)).unwrap()
}

fn read<const D: usize>(tensor: Tensor<D>) -> Vec<f64> {
    let n = tensor.shape().num_elements();
    let read = block_on(device::read(vec![tensor.reshape([n])])).unwrap();
    read.into_iter().flatten().map(f64::from).collect()
}

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, shape), &cpu())
}

fn normals(n: usize, stream: &mut Stream) -> Vec<f32> {
    (0..n).map(|_| stream.normal() as f32).collect()
}

fn index(rows: &[usize]) -> Tensor<1, Int> {
    let rows: Vec<i32> = rows.iter().map(|row| *row as i32).collect();
    let n = rows.len();
    Tensor::from_data(TensorData::new(rows, [n]), &cpu())
}

fn labels(classes: &[usize], n_classes: usize) -> Labels {
    Labels::new(classes.iter().map(|class| *class as i32).collect(), n_classes, &cpu())
}

fn close(name: &str, a: &[f64], b: &[f64], tolerance: f64) {
    assert_eq!(a.len(), b.len(), "{name}");
    for (a, b) in a.iter().zip(b) {
        assert!((a - b).abs() <= tolerance * a.abs().max(1.0), "{name}: {a} and {b}");
    }
}

/// The estimators of vectors, one of each kind.
fn of_vectors() -> Vec<Estimator> {
    let critic = Critic { hidden: vec![16], activation: Activation::Elu };
    let bounds = [
        Bound::DonskerVaradhan { average: None },
        Bound::DonskerVaradhan { average: Some(0.01) },
        Bound::Nwj {},
        Bound::JensenShannon {},
        Bound::Smile { tau: 5.0 },
    ];
    let mut all: Vec<Estimator> =
        bounds.into_iter().map(|bound| Mine { critic: critic.clone(), bound }.into()).collect();
    for order in [0.9, 1.0, 1.01, 2.0] {
        for normalisation in Normalisation::ALL {
            all.push(MatrixRenyi { order, width: 0.7, normalisation, samples: 512 }.into());
        }
    }
    for symmetric in [false, true] {
        all.push(
            InfoNce { temperature: 0.5, symmetric, units: 8, hidden: 16, samples: 512 }.into(),
        );
    }
    all
}

/// The value of an estimate, and the gradient with respect to the module's output.
fn estimate(
    estimator: &Estimator,
    t: &Tensor<2>,
    output: impl Fn(Tensor<2>) -> Output,
    target: TargetBatch,
    shapes: [Shape; 2],
) -> (f64, Vec<f64>) {
    let mut init = Seed(2).stream("critic");
    let specs = estimator.critic(&shapes[0], &shapes[1]).into_iter();
    let critic: Vec<_> = specs.map(|spec| Parameter::new(spec, &mut init, &cpu()).value).collect();
    let mut memory = Memory { draws: Seed(3).stream("draws"), average: None };
    let leaf = t.clone().require_grad();
    let estimating = estimator.estimate(&critic, output(leaf.clone()), target, &mut memory);
    let estimate = block_on(estimating).unwrap();
    let gradient = leaf.grad(&estimate.loss.backward()).map(|g| g.reshape([-1i32]));
    let gradient: Option<Tensor<1>> = gradient;
    let value = read(estimate.value)[0];
    (value, gradient.map_or(vec![0.0; t.shape().num_elements()], read))
}

fn with_input(estimator: &Estimator, t: &Tensor<2>, x: &Tensor<2>) -> (f64, Vec<f64>) {
    let shapes = [t, x].map(|rows| Shape::Vector { width: rows.dims()[1] });
    let target = TargetBatch::Input(Representation::Vector(x.clone()));
    estimate(estimator, t, |t| Representation::Vector(t).into(), target, shapes)
}

fn with_labels(estimator: &Estimator, t: &Tensor<2>, labels: &Labels) -> (f64, Vec<f64>) {
    let widths = [t.dims()[1], labels.one_hot.dims()[1]];
    let shapes = widths.map(|width| Shape::Vector { width });
    let target = TargetBatch::Label(labels.clone());
    estimate(estimator, t, |t| Representation::Vector(t).into(), target, shapes)
}

/// MINE pairs its samples at random, so only the estimators that compare all of them are asked.
#[test]
fn the_order_of_samples_makes_no_difference() {
    let mut stream = Seed(1).stream("rows");
    let (t, x) =
        (tensor(normals(96, &mut stream), [24, 4]), tensor(normals(72, &mut stream), [24, 3]));
    let classes: Vec<usize> = (0..24).map(|i| i * i % 3).collect();
    let order = stream.permutation(24);
    let moved = |rows: &Tensor<2>| rows.clone().select(0, index(&order));
    let moved_classes: Vec<usize> = order.iter().map(|row| classes[*row]).collect();
    for estimator in of_vectors().iter().filter(|e| !matches!(e, Estimator::Mine(_))) {
        let name = estimator.label();
        let (value, gradient) = with_input(estimator, &t, &x);
        let (again, moved_gradient) = with_input(estimator, &moved(&t), &moved(&x));
        close(&name, &[value], &[again], 1e-4);
        let gradient = read(moved(&tensor(gradient.iter().map(|g| *g as f32).collect(), [24, 4])));
        close(&name, &gradient, &moved_gradient, 1e-4);
        let (value, _) = with_labels(estimator, &t, &labels(&classes, 3));
        let (again, _) = with_labels(estimator, &moved(&t), &labels(&moved_classes, 3));
        close(&name, &[value], &[again], 1e-4);
    }
}

#[test]
fn the_order_of_scores_makes_no_difference_to_a_bound() {
    let mut stream = Seed(2).stream("scores");
    let [joint, product] = [0, 1].map(|_| tensor(normals(30, &mut stream), [30]));
    let order = index(&stream.permutation(30));
    for bound in [
        Bound::DonskerVaradhan { average: None },
        Bound::DonskerVaradhan { average: Some(0.1) },
        Bound::Nwj {},
        Bound::JensenShannon {},
        Bound::Smile { tau: 1.0 },
    ] {
        let value = |joint: Tensor<1>, product: Tensor<1>| {
            read(bound.estimate(joint, product, &mut None).value)
        };
        let moved = value(joint.clone().select(0, order.clone()), product.clone());
        close(&format!("{bound:?}"), &value(joint.clone(), product.clone()), &moved, 1e-5);
        let moved = value(joint.clone(), product.clone().select(0, order.clone()));
        close(&format!("{bound:?}"), &value(joint.clone(), product.clone()), &moved, 1e-5);
    }
}

fn dim(form: LocalForm) -> Estimator {
    Dim { form, units: 8, hidden: 8, patch: 4, stride: 2, prior: 0.0 }.into()
}

#[test]
fn the_order_of_images_makes_no_difference() {
    let mut stream = Seed(3).stream("images");
    let t = tensor(normals(6 * 2 * 16, &mut stream), [6, 32]);
    let x = tensor::<4>(normals(6 * 64, &mut stream), [6, 1, 8, 8]);
    let order = index(&[4, 2, 0, 5, 1, 3]);
    let shapes = [
        Shape::Grid { channels: 2, height: 4, width: 4 },
        Shape::Grid { channels: 1, height: 8, width: 8 },
    ];
    let forms = [
        LocalForm::JensenShannon {},
        LocalForm::DonskerVaradhan {},
        LocalForm::InfoNce { own: None },
        LocalForm::InfoNce { own: Some(-10.0) },
    ];
    for form in forms {
        let value = |t: &Tensor<2>, x: Tensor<4>| {
            let grid = |t: Tensor<2>| Representation::Grid(t.reshape([6, 2, 4, 4])).into();
            estimate(&dim(form), t, grid, TargetBatch::Input(Representation::Grid(x)), shapes).0
        };
        let moved = value(&t.clone().select(0, order.clone()), x.clone().select(0, order.clone()));
        close(&format!("{form:?}"), &[value(&t, x.clone())], &[moved], 1e-4);
    }
}

/// Entropies lie between 0 and `log2 N`, a joint entropy is at least each of its parts, and the
/// information is not negative below order 2. At order 2 it can be: -0.032 bits was the least of
/// 1,500 random pairs.
#[test]
fn matrix_entropies_keep_their_bounds() {
    let mut stream = Seed(6).stream("entropies");
    for round in 0..40 {
        let n = 2 + round % 14;
        let width = 0.2 + 3.0 * stream.uniform();
        let [z, x] = [2, 3].map(|d| {
            let rows = tensor(normals(n * d, &mut stream), [n, d]);
            gaussian(rows, width)
        });
        let joint = Gram::Exact(z.matrix() * x.matrix());
        for order in [0.5, 0.9, 1.0, 1.01, 2.0, 3.0] {
            let [s_z, s_x, s_joint] = [&z, &x, &joint].map(|gram| {
                let k = read(gram.matrix());
                Spectrum::new(&faer::Mat::from_fn(n, n, |i, j| k[i * n + j]))
                    .unwrap()
                    .entropy(order)
            });
            let most = (n as f64).log2() + 1e-4;
            for s in [s_z, s_x, s_joint] {
                assert!((-1e-6..=most).contains(&s), "order {order}, N {n}: {s}");
            }
            assert!(s_joint >= s_z.max(s_x) - 1e-4, "order {order}: {s_z} {s_x} {s_joint}");
            let least = if order < 2.0 { -1e-3 } else { -0.15 };
            let found = block_on(information(z.clone(), x.clone(), order, Normalisation::None));
            let found = read(found.unwrap().value)[0];
            assert!((least..=s_z.min(s_x) + 0.15).contains(&found), "order {order}: {found}");
            close("sum of entropies", &[found], &[s_z + s_x - s_joint], 2e-3);
        }
    }
}

#[test]
fn bounds_from_scores_keep_their_order_and_ceilings() {
    let mut stream = Seed(7).stream("scores");
    for scale in [0.0, 0.1, 1.0, 5.0, 30.0] {
        let mut scores =
            |n: usize| normals(n, &mut stream).into_iter().map(|s| s * scale).collect();
        let [joint, product] = [0, 1].map(|_| tensor::<1>(scores(40), [40]));
        let value =
            |bound: Bound| read(bound.estimate(joint.clone(), product.clone(), &mut None).value)[0];
        let dv = value(Bound::DonskerVaradhan { average: None });
        // The moving average changes the gradient, not the value.
        close("average", &[dv], &[value(Bound::DonskerVaradhan { average: Some(0.1) })], 1e-5);
        // ln m <= m / e: NWJ lies below.
        assert!(value(Bound::Nwj {}) <= dv + 1e-4, "scale {scale}");
        assert!(value(Bound::Smile { tau: 1e3 }) - dv < 1e-4, "scale {scale}");
        assert!(value(Bound::JensenShannon {}) <= 2.0 + 1e-5, "scale {scale}");
        if scale == 0.0 {
            close("a constant critic", &[dv], &[0.0], 1e-6);
        }
        // No more than the batch can tell apart.
        let square = tensor::<2>(scores(100), [10, 10]);
        for symmetric in [false, true] {
            let infonce = InfoNce { temperature: 1.0, symmetric, units: 1, hidden: 1, samples: 10 };
            let found = read(infonce.of_scores(square.clone()).value)[0];
            assert!(found <= 10f64.log2() + 1e-5, "scale {scale}: {found}");
        }
        let local = tensor::<2>(scores(5 * 20), [5, 20]);
        let infonce = LocalForm::InfoNce { own: None };
        let found = read(infonce.estimate(local.clone(), 4).value)[0];
        assert!(found <= 17f64.log2() + 1e-5, "scale {scale}: {found}");
        assert!(read(LocalForm::JensenShannon {}.estimate(local, 4).value)[0] <= 2.0 + 1e-5);
        let dgi = read(Dgi::of_scores([joint, product]).value)[0];
        assert!(dgi <= 1.0 + 1e-6, "scale {scale}: {dgi}");
    }
}

/// Samples at the edge, with a name.
fn edges_of_the_possible() -> Vec<(&'static str, Tensor<2>)> {
    let mut stream = Seed(9).stream("edges");
    let n = 12;
    let mut rows = |scale: f32| -> Vec<f32> {
        normals(n * 3, &mut stream).into_iter().map(|value| value * scale).collect()
    };
    let repeated: Vec<f32> = rows(1.0)[..6].iter().copied().cycle().take(n * 3).collect();
    let constant_column =
        rows(1.0).chunks(3).flat_map(|row| [row[0], 7.0, row[2]]).collect::<Vec<f32>>();
    vec![
        ("repeated points", tensor(repeated, [n, 3])),
        ("a constant column", tensor(constant_column, [n, 3])),
        ("one point", tensor(vec![0.25; n * 3], [n, 3])),
        ("all zero", tensor(vec![0.0; n * 3], [n, 3])),
        ("huge", tensor(rows(1e6), [n, 3])),
        ("tiny", tensor(rows(1e-6), [n, 3])),
        ("two samples", tensor(rows(1.0)[..6].to_vec(), [2, 3])),
    ]
}

#[test]
fn inputs_at_the_edge_give_finite_estimates_and_gradients() {
    for (name, t) in edges_of_the_possible() {
        let n = t.dims()[0];
        let one_class = labels(&vec![1; n], 3);
        let classes = labels(&(0..n).map(|i| i % 3).collect::<Vec<_>>(), 3);
        // e^(b - 1) of scores that grow with the samples has no bound: a run would end with an error
        // that says so.
        let unbounded = |estimator: &Estimator| {
            matches!(estimator, Estimator::Mine(Mine { bound: Bound::Nwj {}, .. }))
                && name == "huge"
        };
        for estimator in of_vectors().into_iter().filter(|estimator| !unbounded(estimator)) {
            let found = [
                with_input(&estimator, &t, &t),
                with_labels(&estimator, &t, &classes),
                with_labels(&estimator, &t, &one_class),
            ];
            for (value, gradient) in found {
                let what = format!("{}, {name}", estimator.label());
                assert!(value.is_finite(), "{what}: {value}");
                assert!(gradient.iter().all(|g| g.is_finite()), "{what}: {gradient:?}");
            }
        }
    }
}

/// Nothing can be told of one class, nor by an output that never changes.
#[test]
fn without_variety_the_matrix_estimate_is_zero() {
    for (name, t) in edges_of_the_possible() {
        let n = t.dims()[0];
        for order in [0.9, 1.01, 2.0] {
            for form in Normalisation::ALL {
                let value = |t: &Tensor<2>, l: Tensor<2>| {
                    let k = scale_free(t.clone(), 1, 0.7);
                    read(block_on(information(k, delta(l), order, form)).unwrap().value)[0]
                };
                let one_class = labels(&vec![0; n], 2).one_hot;
                let found = value(&t, one_class);
                assert!(found.abs() < 1e-4, "{name}, order {order}, {form:?}: {found}");
                let classes = labels(&(0..n).map(|i| i % 2).collect::<Vec<_>>(), 2).one_hot;
                let found = value(&(t.clone() * 0.0), classes);
                assert!(found.abs() < 1e-4, "constant, order {order}, {form:?}: {found}");
            }
        }
    }
}

/// A width that follows the samples makes the estimate blind to their scale.
#[test]
fn the_scale_of_the_output_makes_no_difference_to_the_matrix_estimate() {
    let mut stream = Seed(10).stream("scales");
    let t = tensor(normals(60, &mut stream), [20, 3]);
    let classes = labels(&(0..20).map(|i| i % 4).collect::<Vec<_>>(), 4).one_hot;
    for order in [1.01, 2.0] {
        let values = [1e-4, 1.0, 1e4].map(|scale| {
            let k = scale_free(t.clone().mul_scalar(scale), 1, 0.7);
            let estimate = information(k, delta(classes.clone()), order, Normalisation::Max);
            read(block_on(estimate).unwrap().value)[0]
        });
        close("scale", &[values[1]; 3], &values, 1e-4);
    }
}
