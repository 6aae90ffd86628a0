//! The same for graphs: what their nodes are called makes no difference.

use burn::tensor::Tensor;
use mole::estimators::{
    Dgi, Estimator, Gmi, MatrixRenyi, MutualInformation, Normalisation, Output, TargetBatch,
};
use mole::graph::Graph;
use mole::layers::{Gcn, Layer, MessagePassing, Readout};
use mole::parameters::Parameter;
use mole::representation::{Representation, Shape};
use mole::rng::Seed;
use std::rc::Rc;

use super::{close, common, cpu, estimate, normals, read, tensor};

/// Two graphs: a path of four nodes with a chord, and a triangle with an isolated node.
fn two_graphs() -> (Vec<[u32; 2]>, Vec<u32>) {
    let pairs = [[0, 1], [1, 2], [2, 3], [0, 2], [4, 5], [5, 6], [4, 6]];
    let edges = pairs.into_iter().flat_map(|[a, b]| [[a, b], [b, a]]).collect();
    (edges, vec![0, 0, 0, 0, 1, 1, 1, 1])
}

/// Where each node goes: a permutation within each graph.
const PLACES: [usize; 8] = [2, 0, 3, 1, 7, 4, 6, 5];

/// The same graphs with their nodes renumbered.
fn renumbered() -> Graph {
    let (edges, graphs) = two_graphs();
    let mut edges: Vec<[u32; 2]> =
        edges.into_iter().map(|ends| ends.map(|node| PLACES[node as usize] as u32)).collect();
    edges.reverse();
    Graph::new(edges, graphs, &cpu())
}

fn original() -> Graph {
    let (edges, graphs) = two_graphs();
    Graph::new(edges, graphs, &cpu())
}

#[test]
fn the_names_of_nodes_make_no_difference_to_layers() {
    let mut stream = Seed(4).stream("nodes");
    let x = tensor(normals(8 * 3, &mut stream), [8, 3]);
    let [one, other] = [Rc::new(original()), Rc::new(renumbered())];
    let x = Representation::Nodes(x, one);
    let Representation::Nodes(moved, _) = x.with_rows_at(&PLACES) else { unreachable!() };
    let moved = Representation::Nodes(moved, other);
    let layers: [Layer; 3] =
        [Gcn { width: 5 }.into(), MessagePassing { width: 5 }.into(), Readout {}.into()];
    for layer in layers {
        let specs = layer.parameters(&Shape::Nodes { width: 3 }).into_iter();
        let parameters: Vec<_> =
            specs.map(|spec| Parameter::new(spec, &mut stream, &cpu()).value).collect();
        let [a, b] = [&x, &moved].map(|x| layer.forward(&parameters, x.clone()).unwrap());
        // A readout has a row for each graph, and those have kept their names.
        let a = if let Representation::Nodes(..) = a { a.with_rows_at(&PLACES) } else { a };
        close(&layer.label(), &read(a.rows()), &read(b.rows()), 1e-5);
    }
}

#[test]
fn the_names_of_nodes_make_no_difference_to_estimators() {
    let mut stream = Seed(5).stream("nodes");
    let [h, corrupted, x] = [4, 4, 3].map(|d| tensor(normals(8 * d, &mut stream), [8, d]));
    let moved =
        |rows: &Tensor<2>| Representation::Vector(rows.clone()).with_rows_at(&PLACES).rows();
    let matrix = |order| -> Estimator {
        let normalisation = Normalisation::None;
        MatrixRenyi { order, width: 0.7, normalisation, samples: 512 }.into()
    };
    for estimator in [Dgi {}.into(), matrix(2.0), matrix(1.01)] {
        let value = |graph: Graph, [h, corrupted, x]: [Tensor<2>; 3]| {
            let graph = Rc::new(graph);
            let nodes = |rows| Representation::Nodes(rows, graph.clone());
            let corrupted = Some(nodes(corrupted));
            let output = |own| Output { own: nodes(own), corrupted: corrupted.clone() };
            let shapes = [Shape::Nodes { width: 4 }, Shape::Nodes { width: 3 }];
            estimate(&estimator, &h, output, TargetBatch::Input(nodes(x)), shapes).0
        };
        let one = value(original(), [h.clone(), corrupted.clone(), x.clone()]);
        let other = value(renumbered(), [moved(&h), moved(&corrupted), moved(&x)]);
        close(&estimator.label(), &[one], &[other], 1e-4);
    }
}

/// Sparse rows move as dense ones do.
#[test]
fn a_corruption_moves_rows_and_keeps_edges() {
    let dataset = common::dataset("community");
    let batch = mole::batch::Loader::new(dataset, &cpu()).batch(&[]);
    let corrupt = |x: &Representation| {
        let mut draws = Seed(8).stream("corruption");
        Dgi {}.corrupt(x, &mut draws).unwrap().unwrap()
    };
    let dense = Representation::with_rows(batch.x.graph().ok(), batch.x.clone().rows());
    let [sparse, dense] = [corrupt(&batch.x), corrupt(&dense)];
    let [sparse, dense, own] = [sparse, dense, batch.x].map(|x| read(x.rows()));
    assert_eq!(sparse, dense);
    assert_ne!(sparse, own);
    let sum = |rows: &[f64]| rows.iter().sum::<f64>();
    assert!((sum(&sparse) - sum(&own)).abs() < 1e-3);
}

/// Graphs at the edge: without an edge, of one node, of constant features.
#[test]
fn graphs_at_the_edge_give_finite_estimates_and_gradients() {
    let mut stream = Seed(11).stream("graphs");
    let rows = normals(8 * 4, &mut stream);
    let gmi =
        |squash| -> Estimator { Gmi { weights: [0.8, 1.0, 1.0], negatives: 3, squash }.into() };
    let complete: Vec<[u32; 2]> =
        (0..8).flat_map(|a| (0..8).filter(move |b| *b != a).map(move |b| [a, b])).collect();
    let graphs = [
        ("without edges", Graph::new(Vec::new(), vec![0; 8], &cpu()), 8),
        ("graphs of one node", Graph::new(Vec::new(), (0..8).collect(), &cpu()), 8),
        ("one node", Graph::new(Vec::new(), vec![0], &cpu()), 1),
        ("complete", Graph::new(complete, vec![0; 8], &cpu()), 8),
        ("two graphs", original(), 8),
    ];
    for (name, graph, n) in graphs {
        let graph = Rc::new(graph);
        for scale in [0.0, 1e-6, 1.0, 1e3] {
            let h = tensor(rows[..n * 4].iter().map(|h| h * scale).collect(), [n, 4]);
            for estimator in [Dgi {}.into(), gmi(false), gmi(true)] {
                let nodes = |rows| Representation::Nodes(rows, graph.clone());
                let corrupted = nodes(h.clone().flip([0]));
                let output = |own| Output { own: nodes(own), corrupted: Some(corrupted.clone()) };
                let shapes = [Shape::Nodes { width: 4 }; 2];
                let (value, gradient) =
                    estimate(&estimator, &h, output, TargetBatch::Input(nodes(h.clone())), shapes);
                let what = format!("{}, {name}, scale {scale}", estimator.label());
                assert!(value.is_finite(), "{what}: {value}");
                assert!(gradient.iter().all(|g| g.is_finite()), "{what}: {gradient:?}");
            }
        }
    }
}
