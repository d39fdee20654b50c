//! Graphs as text, and what they refuse.

use super::*;

/// The operators of a graph, each as `output = Operator(inputs)`.
fn lines(graph: &Graph) -> Vec<String> {
    let name = |edge: &Edge| graph.edges[edge.0].name.clone();
    let line = |node: &Node| {
        let inputs: Vec<String> = node.inputs.iter().map(name).collect();
        format!("{} = {}({}) {:?}", name(&node.output), node.operator, inputs.join(", "), graph.shape(node.output))
    };
    graph.nodes.iter().map(line).collect()
}

#[test]
fn names_tell_the_layer_and_are_unique() {
    let mut graph = Graph::new();
    let input = graph.input("features", Element::Float, &[2]);
    let hidden = graph.within("hidden", |graph| {
        let first = graph.within("0", |graph| graph.linear(input, [2, 1], &[1.0, 2.0], Some(&[3.0])));
        graph.within("0", |graph| graph.apply_like("Relu", &[first]))
    });
    graph.within("hidden", |graph| graph.within("0", |graph| graph.apply_like("Relu", &[hidden])));
    let wanted = [
        "hidden.0.Gemm = Gemm(features, hidden.0.weight, hidden.0.bias) [1]",
        "hidden.0.Relu = Relu(hidden.0.Gemm) [1]",
        "hidden.0.Relu_1 = Relu(hidden.0.Relu) [1]",
    ];
    assert_eq!(lines(&graph), wanted);
}

#[test]
fn a_matrix_of_steps_is_multiplied_from_the_right() {
    let mut graph = Graph::new();
    let input = graph.input("features", Element::Float, &[4, 2]);
    let output = graph.linear(input, [2, 3], &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], None);
    assert_eq!(graph.shape(output), [4, 3]);
    assert_eq!(graph.constants[0].elements, Elements::Float(vec![1.0, 3.0, 5.0, 2.0, 4.0, 6.0]));
}

#[test]
fn a_pooling_with_dilated_windows_is_a_convolution_and_a_wide_frame_is_padded_before() {
    let mut graph = Graph::new();
    let input = graph.input("features", Element::Float, &[2, 8, 8]);
    graph.pool(input, crate::kernel::pool::Pool::Average, 2, [1, 0, 2]);
    graph.pool(input, crate::kernel::pool::Pool::Max, 2, [1, 2, 3]);
    let operators: Vec<&str> = graph.nodes.iter().map(|node| node.operator).collect();
    assert_eq!(operators, ["Conv", "Pad", "MaxPool"]);
    assert_eq!(graph.shape(graph.nodes[0].output), [2, 6, 6]);
    assert_eq!(graph.shape(graph.nodes[2].output), [2, 9, 9]);
}

#[test]
fn refusals_tell_the_layer() {
    let mut graph = Graph::new();
    let input = graph.input("features", Element::Float, &[2]);
    graph.within("head", |graph| {
        graph.refuse("it has no operator");
        input
    });
    assert_eq!(graph.faults(), ["`head`: it has no operator"]);
}
