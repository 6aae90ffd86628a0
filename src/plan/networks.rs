//! The networks of the presets, cut into modules.

use super::ModulePlan;
use crate::layers::{Conv, Gcn, Layer, Linear, MaxPool, MessagePassing, Readout, Relu};

fn module(layers: impl Into<Vec<Layer>>) -> ModulePlan {
    ModulePlan { layers: layers.into() }
}

/// Dense layers with ReLU between them, a module each.
pub fn perceptron(widths: &[usize]) -> Vec<ModulePlan> {
    let modules = widths.iter().enumerate().map(|(index, width)| {
        let mut layers = vec![Linear { width: *width }.into()];
        if index + 1 < widths.len() {
            layers.push(Relu {}.into());
        }
        module(layers)
    });
    modules.collect()
}

/// Convolutions with ReLU and 2 x 2 max-pooling, then two dense layers, a module each.
pub fn lenet(channels: &[usize], kernel: usize, hidden: usize, classes: usize) -> Vec<ModulePlan> {
    let convolutions = channels.iter().map(|channels| {
        let conv = Conv { channels: *channels, kernel, padding: kernel / 2 };
        module([conv.into(), Relu {}.into(), MaxPool { size: 2 }.into()])
    });
    convolutions.chain(perceptron(&[hidden, classes])).collect()
}

/// A dense layer on every node, message passing twice, the mean over nodes, a dense layer.
pub fn message_passing(width: usize, classes: usize) -> Vec<ModulePlan> {
    let pass = || Layer::from(MessagePassing { width });
    vec![
        module([Linear { width }.into(), Relu {}.into()]),
        module([pass(), Relu {}.into()]),
        module([pass(), Relu {}.into(), Readout {}.into()]),
        module([Linear { width: classes }.into()]),
    ]
}

/// Two graph convolutions with ReLU and a dense layer, a module each.
pub fn graph_convolutions(first: usize, second: usize, classes: usize) -> Vec<ModulePlan> {
    vec![
        module([Gcn { width: first }.into(), Relu {}.into()]),
        module([Gcn { width: second }.into(), Relu {}.into()]),
        module([Linear { width: classes }.into()]),
    ]
}
