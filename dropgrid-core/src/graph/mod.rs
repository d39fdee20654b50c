//! A network as a graph of ONNX operators, which other programs run.
//!
//! Each layer describes its evaluation pass by [`Export`](crate::nn::Export), as it describes its training pass by
//! [`Lower`](crate::nn::Lower). A [`Graph`] is plain data. `Fitted::to_onnx`, of the feature `onnx`, adds the inputs
//! and the predictions of a fitted model, and writes it.

#![cfg_attr(not(feature = "onnx"), allow(dead_code, reason = "layers append to graphs, which only the feature reads"))]

#[cfg(test)]
pub(crate) mod case;
mod columns;
mod double;
#[cfg(feature = "onnx")]
mod ends;
mod functions;
mod images;
mod normal_quantile;
#[cfg(feature = "onnx")]
mod onnx;
mod operators;
mod sequences;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub(crate) use normal_quantile::normal_quantile;
pub(crate) use sequences::DirectionNumbers;

/// The version of the default operators of [ONNX](https://onnx.ai/onnx/operators/) that graphs are written in.
pub const OPSET: i64 = 17;

/// The version of the operators of the domain `ai.onnx.ml`, of which `LabelEncoder` turns names into codes.
pub const ML_OPSET: i64 = 2;

/// A value on its way through a [`Graph`]: an input, a constant, or the output of an operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edge(usize);

/// The type of the elements of an [`Edge`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Element {
    /// Single precision.
    Float,
    /// Double precision.
    Double,
    /// Whole numbers of 64 bits.
    Integer,
    /// True or false.
    Boolean,
    /// Texts.
    Text,
}

/// An attribute of an operator.
#[derive(Debug, Clone, PartialEq)]
pub enum Attribute {
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f32),
    /// Whole numbers.
    Integers(Vec<i64>),
    /// Numbers.
    Floats(Vec<f32>),
    /// A text.
    Text(String),
    /// Texts.
    Texts(Vec<String>),
}

/// The elements of a constant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Elements {
    Float(Vec<f32>),
    Double(Vec<f64>),
    Integer(Vec<i64>),
    Text(Vec<String>),
}

impl Elements {
    fn element(&self) -> Element {
        match self {
            Self::Float(_) => Element::Float,
            Self::Double(_) => Element::Double,
            Self::Integer(_) => Element::Integer,
            Self::Text(_) => Element::Text,
        }
    }
}

/// An operator and the edges that it reads and writes.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Node {
    pub(crate) operator: &'static str,
    pub(crate) inputs: Vec<Edge>,
    pub(crate) output: Edge,
    /// The position of the output among those of the operator; the others are not computed.
    pub(crate) place: usize,
    pub(crate) attributes: Vec<(&'static str, Attribute)>,
}

/// A constant of the graph.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Constant {
    pub(crate) edge: Edge,
    pub(crate) elements: Elements,
}

/// The name, the type and the axes of an edge.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct EdgeInfo {
    pub(crate) name: String,
    pub(crate) element: Element,
    /// The axes of a sample; of a constant all axes.
    pub(crate) axes: Vec<usize>,
    /// The edges that a tuple consists of; none where it is a tensor.
    parts: Vec<Edge>,
}

/// The operators of a network, in the order in which they run.
///
/// The first axis of each edge is that of the rows, which [`shape`](Self::shape) leaves out. A layer of your own
/// appends its operators in [`Export::export`](crate::nn::Export::export).
#[derive(Debug, Default)]
pub struct Graph {
    edges: Vec<EdgeInfo>,
    nodes: Vec<Node>,
    constants: Vec<Constant>,
    inputs: Vec<Edge>,
    /// The names of the edges, and the number that was last appended to each.
    names: BTreeMap<String, usize>,
    /// The names of the layers that are being exported, from the outermost on.
    scope: Vec<String>,
    faults: Vec<String>,
    /// Edges with a NaN in rows that the model does not take.
    guarded: Vec<Edge>,
}

impl Graph {
    /// A graph without operators.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// The axes of a sample of an edge, without that of the rows. A constant has all its axes.
    pub fn shape(&self, edge: Edge) -> &[usize] {
        &self.edges[edge.0].axes
    }

    /// The type of an edge's elements.
    pub fn element(&self, edge: Edge) -> Element {
        self.edges[edge.0].element
    }

    /// Adds an input of rows of these axes.
    pub(crate) fn input(&mut self, name: &str, element: Element, axes: &[usize]) -> Edge {
        let name = self.unique(name.to_owned());
        let edge = self.edge(name, element, axes.to_vec());
        self.inputs.push(edge);
        edge
    }

    /// Adds a constant of single precision, named after the layer.
    ///
    /// # Panics
    /// Where the product of the axes is not the count of numbers.
    pub fn constant(&mut self, name: &str, axes: &[usize], numbers: &[f32]) -> Edge {
        self.elements(name, axes, Elements::Float(numbers.to_vec()))
    }

    fn elements(&mut self, name: &str, axes: &[usize], elements: Elements) -> Edge {
        let count = match &elements {
            Elements::Float(all) => all.len(),
            Elements::Double(all) => all.len(),
            Elements::Integer(all) => all.len(),
            Elements::Text(all) => all.len(),
        };
        assert_eq!(count, axes.iter().product::<usize>(), "the constant `{name}` has the axes {axes:?}");
        let edge = self.named(name, elements.element(), axes.to_vec());
        self.constants.push(Constant { edge, elements });
        edge
    }

    /// Adds a constant of double precision.
    pub(crate) fn doubles(&mut self, name: &str, axes: &[usize], numbers: &[f64]) -> Edge {
        self.elements(name, axes, Elements::Double(numbers.to_vec()))
    }

    /// Adds a constant of whole numbers with one axis.
    pub(crate) fn integers(&mut self, name: &str, numbers: impl IntoIterator<Item = usize>) -> Edge {
        let numbers: Vec<i64> = numbers.into_iter().map(|number| i64::try_from(number).unwrap_or(i64::MAX)).collect();
        self.elements(name, &[numbers.len()], Elements::Integer(numbers))
    }

    /// Adds a constant of texts with one axis.
    pub(crate) fn texts(&mut self, name: &str, texts: &[String]) -> Edge {
        self.elements(name, &[texts.len()], Elements::Text(texts.to_vec()))
    }

    /// Appends an operator of [ONNX](https://onnx.ai/onnx/operators/) whose output has samples of these axes and
    /// elements of the type of the first input.
    pub fn apply(
        &mut self,
        operator: &'static str,
        inputs: &[Edge],
        attributes: &[(&'static str, Attribute)],
        axes: &[usize],
    ) -> Edge {
        self.push(operator, inputs, attributes.to_vec(), self.element(inputs[0]), axes.to_vec())
    }

    fn push(
        &mut self,
        operator: &'static str,
        inputs: &[Edge],
        attributes: Vec<(&'static str, Attribute)>,
        element: Element,
        axes: Vec<usize>,
    ) -> Edge {
        let output = self.named(operator, element, axes);
        self.nodes.push(Node { operator, inputs: inputs.to_vec(), output, place: 0, attributes });
        output
    }

    /// Makes an edge another output of its operator.
    fn take_output(&mut self, edge: Edge, place: usize) {
        if let Some(node) = self.nodes.iter_mut().find(|node| node.output == edge) {
            node.place = place;
        }
    }

    /// An edge that consists of others: the input of `AddInto`, the output of `SplitInto`.
    pub fn tuple(&mut self, parts: &[Edge]) -> Edge {
        let edge = self.named("tuple", Element::Float, Vec::new());
        self.edges[edge.0].parts = parts.to_vec();
        edge
    }

    /// The edges of a [`tuple`](Self::tuple); none of a tensor.
    pub fn parts(&self, edge: Edge) -> Vec<Edge> {
        self.edges[edge.0].parts.clone()
    }

    /// Exports a part of a layer, of which all names begin with its own.
    pub fn within(&mut self, name: &str, export: impl FnOnce(&mut Self) -> Edge) -> Edge {
        self.scope.push(name.to_owned());
        let edge = export(self);
        self.scope.pop();
        edge
    }

    /// Says that a part of the network cannot be exported, and why. The export then fails with every such sentence.
    pub fn refuse(&mut self, reason: &str) {
        let place = self.scope.join(".");
        self.faults.push(if place.is_empty() { reason.to_owned() } else { format!("`{place}`: {reason}") });
    }

    /// Says that a row with NaN in this edge, of rows of numbers, has no prediction.
    pub(crate) fn guard(&mut self, edge: Edge) {
        self.guarded.push(edge);
    }

    /// The reasons why the network cannot be exported.
    pub(crate) fn faults(&self) -> &[String] {
        &self.faults
    }

    /// Adds an edge that is named after the layer.
    fn named(&mut self, name: &str, element: Element, axes: Vec<usize>) -> Edge {
        let path = if self.scope.is_empty() { name.to_owned() } else { format!("{}.{name}", self.scope.join(".")) };
        let name = self.unique(path);
        self.edge(name, element, axes)
    }

    fn edge(&mut self, name: String, element: Element, axes: Vec<usize>) -> Edge {
        self.edges.push(EdgeInfo { name, element, axes, parts: Vec::new() });
        Edge(self.edges.len() - 1)
    }

    /// The name, with a number where there is an edge of that name.
    fn unique(&mut self, name: String) -> String {
        let Some(mut number) = self.names.get(&name).copied() else {
            self.names.insert(name.clone(), 0);
            return name;
        };
        let numbered = loop {
            number += 1;
            let numbered = format!("{name}_{number}");
            if !self.names.contains_key(&numbered) {
                break numbered;
            }
        };
        self.names.insert(name, number);
        self.names.insert(numbered.clone(), 0);
        numbered
    }
}
