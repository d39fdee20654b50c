//! Tests of the export of every layer: its operators, and files that other programs run.

use dfdx::{
    nn::{Module, tensor_collection::TensorCollection},
    shapes::{Const, Dim, Rank2},
    tensor::{Cpu, TensorFromVec},
};

use super::{ROWS, built, numbers};
use crate::{
    graph::{Element, Graph, case},
    nn::{Export, builder::*, layers::list::layers, tensor::each_tensor_mut},
};

/// The operators of each layer in the list.
const OPERATORS: [(&str, &str); 55] = [
    ("Linear", "Gemm"),
    ("Conv2D", "Conv"),
    ("MaxPool2D", "MaxPool"),
    ("AvgPool2D", "AveragePool"),
    ("MaxPoolGlobal", "ReduceMax"),
    ("AvgPoolGlobal", "ReduceMean"),
    ("Flatten2D", "Reshape"),
    ("WeightNorm<Linear>", "Gemm"),
    ("Standardize", "Sub Sub Div"),
    ("MinMax", "Sub Sub Div"),
    ("Dropout", ""),
    ("Dropout2D", ""),
    ("SpatialDropout1D", ""),
    ("GaussianDropout", ""),
    ("AlphaDropout", ""),
    ("GaussianNoise", ""),
    ("ELU", "Elu"),
    ("SELU", "Selu"),
    ("SiLU", "Sigmoid Mul"),
    ("Mish", "Softplus Tanh Mul"),
    ("LayerNorm1D", "LayerNormalization"),
    ("BatchNorm1D", "BatchNormalization"),
    ("BatchNorm2D", "BatchNormalization"),
    ("DropoutOneIn", ""),
    ("ReLU", "Relu"),
    ("LeakyReLU", "LeakyRelu"),
    ("FastGeLU", "Mul Mul Mul Add Mul Tanh Add Mul Mul"),
    ("Tanh", "Tanh"),
    ("Sigmoid", "Sigmoid"),
    ("Square", "Mul"),
    ("Abs", "Abs"),
    ("AccurateGeLU", "Mul Erf Add Mul Mul"),
    ("PReLU", "PRelu"),
    ("PReLU1D", "PRelu"),
    ("Identity", ""),
    ("Reshape", "Reshape"),
    ("Conv1D", "Transpose Conv Transpose"),
    ("MaxPool1D", "Transpose MaxPool Transpose"),
    ("AvgPool1D", "Transpose AveragePool Transpose"),
    ("GlobalAverage", "ReduceMean"),
    (
        "Embedding",
        "Cast Floor Equal GreaterOrEqual Less And And Where IsNaN Where Cast Gather Cast Reshape Add Reshape Reshape",
    ),
    ("PositionalEncoding", "Add"),
    ("Lstm", "Transpose LSTM Transpose Reshape Transpose LSTM Transpose Reshape"),
    ("Gru", "Transpose GRU Transpose Reshape Transpose GRU Transpose Reshape"),
    (
        "MultiHeadAttention",
        "MatMul Add Slice Reshape Slice Reshape Slice Reshape Transpose Transpose Transpose MatMul Mul Softmax MatMul \
         Transpose Reshape MatMul Add",
    ),
    (
        "TransformerEncoder",
        "MatMul Add Slice Reshape Slice Reshape Slice Reshape Transpose Transpose Transpose MatMul Mul Softmax MatMul \
         Transpose Reshape MatMul Add Add LayerNormalization MatMul Add Relu MatMul Add Add LayerNormalization",
    ),
    ("Softmax", "Softmax"),
    ("LogSoftmax", "LogSoftmax"),
    ("Cos", "Cos"),
    ("Exp", "Exp"),
    ("Ln", "Log"),
    ("Sin", "Sin"),
    ("Sqrt", "Sqrt"),
    ("UnbiasedLinear", "Gemm"),
    ("Bias2D", "Add"),
];

/// Changes every tensor from its initial values. Statistics become positive.
fn fill<N: TensorCollection<f32, Cpu>>(network: &mut N) {
    let mut seed = 30;
    let filled = each_tensor_mut(network, |tensor, is_trained| {
        let drawn = numbers(tensor.numbers().len(), seed);
        seed += 1;
        tensor.replace(drawn.into_iter().map(|x| if is_trained { x } else { x.abs() + 0.25 }).collect())
    });
    filled.expect("memory");
}

/// Returns the operators of a network, and writes the network as a file with its output for a batch.
fn exported(
    name: &str,
    network: &impl Export,
    axes: &[usize],
    batch: &[f32],
    wanted: &[f32],
    shape: &[usize],
) -> String {
    let mut graph = Graph::new();
    let input = graph.input("features", Element::Float, axes);
    let output = network.export(&mut graph, input);
    assert!(graph.faults().is_empty(), "{name}: {:?}", graph.faults());
    assert_eq!(graph.shape(output), &shape[1..], "{name}");
    let operators = case::operators(&graph);
    let [cells, wanted] = [batch, wanted].map(|all| all.iter().copied().map(f64::from).collect::<Vec<f64>>());
    case::write(&format!("layer {name}"), graph, output, &cells, &wanted);
    operators
}

macro_rules! export {
    ($name:expr, $network:expr, ($($axis:expr),+)) => {{
        let mut network = $network;
        fill(&mut network);
        let axes: Vec<usize> = vec![$(Dim::size(&$axis)),+];
        let batch = numbers(ROWS * axes.iter().product::<usize>(), 3);
        let output = network.forward(Cpu::default().tensor_from_vec(batch.clone(), (ROWS, $($axis),+)));
        let shape: Vec<usize> = dfdx::shapes::Shape::concrete(dfdx::shapes::HasShape::shape(&output)).into_iter().collect();
        exported($name, &network, &axes, &batch, &output.as_vec(), &shape)
    }};
}

#[test]
fn every_layer_is_exported() {
    let mut found: Vec<(&str, String)> = Vec::new();
    macro_rules! check {
        ($($name:literal: $layer:ty, [$($axis:literal),+];)+) => {$(
            found.push(($name, export!($name, built::<$layer>(2), ($(Const::<$axis>),+))));
        )+};
    }
    layers!(check);
    let found: Vec<(&str, &str)> = found.iter().map(|(name, operators)| (*name, operators.as_str())).collect();
    assert_eq!(found, OPERATORS);
}

#[test]
fn windows_of_every_kind_are_exported() {
    macro_rules! check {
        ($($name:literal: $layer:ty => $operators:literal;)+) => {$(
            assert_eq!(export!($name, built::<$layer>(2), (Const::<2>, Const::<9>, Const::<8>)), $operators, $name);
        )+};
    }
    check! {
        "convolution with a stride": Conv2D<2, 3, 3, 2> => "Conv";
        "convolution with a dilation": Conv2D<2, 4, 2, 1, 1, 2, 2> => "Conv";
        "max with a stride and a frame": MaxPool2D<3, 2, 1> => "MaxPool";
        "max with a dilation": MaxPool2D<2, 1, 0, 3> => "MaxPool";
        "max with a wide frame": MaxPool2D<2, 1, 2, 3> => "Pad MaxPool";
        "mean with a stride and a frame": AvgPool2D<3, 2, 1> => "AveragePool";
        "mean with a dilation": AvgPool2D<2, 1, 1, 3> => "Conv";
        "mean with a wide frame": AvgPool2D<2, 1, 2, 3> => "Pad Conv";
    }
}

#[test]
fn layers_of_layers_and_steps_of_sequences_are_exported() {
    macro_rules! check {
        ($($name:literal: $layer:ty, [$($axis:literal),+] => $operators:literal;)+) => {$(
            assert_eq!(export!($name, built::<$layer>(2), ($(Const::<$axis>),+)), $operators, $name);
        )+};
    }
    check! {
        "residual": Residual<(Linear<4, 4>, Tanh)>, [4] => "Gemm Tanh Add";
        "two ways": GeneralizedResidual<Linear<4, 3>, (Linear<4, 3>, Sigmoid)>, [4] => "Gemm Gemm Sigmoid Add";
        "repeated": Repeated<(Linear<4, 4>, ReLU), 3>, [4] => "Gemm Relu Gemm Relu Gemm Relu";
        "split and add": (SplitInto<(Linear<4, 4>, Tanh)>, AddInto<(Softmax, Linear<4, 4>)>), [4]
            => "Gemm Tanh Softmax Gemm Add";
        "dense over steps": (Linear<3, 4>, ReLU), [5, 3] => "MatMul Add Relu";
        "weights over steps": WeightNorm<Linear<3, 4>>, [5, 3] => "MatMul Add";
        "layer norm over steps": LayerNorm1D<3>, [5, 3] => "LayerNormalization";
        "batch norm over steps": BatchNorm1D<5>, [5, 3] => "BatchNormalization";
        "slopes over steps": PReLU1D<5>, [5, 3] => "PRelu";
        "scaled image": Standardize<24>, [2, 4, 3] => "Sub Sub Div";
        "last states of two ways": Lstm<3, 4, 2, LastState, Bidirectional>, [5, 3]
            => "Transpose LSTM Transpose Reshape Transpose LSTM Transpose Reshape";
        "all states": Gru<3, 4, 1, AllStates>, [5, 3] => "Transpose GRU Transpose Reshape";
        "causal attention": MultiHeadAttention<4, 2, true>, [3, 4] => "MatMul Add Slice Reshape Slice Reshape Slice Reshape \
            Transpose Transpose Transpose MatMul Mul Add Softmax MatMul Transpose Reshape MatMul Add";
        "mean of dilated steps": AvgPool1D<2, 1, 1, 2>, [6, 2] => "Transpose Conv Transpose";
        "softmax over steps": Softmax, [5, 3] => "Softmax";
    }
}

/// A number that is not a code becomes a vector of NaN.
#[test]
fn an_embedding_of_steps_takes_codes() {
    let mut layer = built::<Embedding<5, 3>>(2);
    fill(&mut layer);
    let batch = [0.0, 4.0, 2.0, 1.0, 3.0, 3.0, -1.0, 5.0, 0.5, 2.0, 0.0, 1.0];
    let output = layer.forward(Cpu::default().tensor_from_vec(batch.to_vec(), (3, Const::<4>)));
    exported("embedding of codes", &layer, &[4], &batch, &output.as_vec(), &[3, 4, 3]);
}
