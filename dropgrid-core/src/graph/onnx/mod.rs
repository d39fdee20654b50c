//! A graph as the bytes of an ONNX file.

mod proto;

use std::collections::BTreeSet;

use prost::Message;

use super::{Attribute, Constant, Edge, Element, Elements, Graph, ML_OPSET, Node, OPSET};

/// The version of the file format, that of the release of ONNX which brought [`OPSET`].
const IR: i64 = 8;

/// The operators that are in the domain `ai.onnx.ml`.
const ML: [&str; 1] = ["LabelEncoder"];

impl Graph {
    /// The bytes of an ONNX file: the operators that `outputs` depend on, and entries of metadata by name. Each output
    /// comes with its name, which gets a number where an input has it.
    pub(crate) fn into_onnx(mut self, name: &str, outputs: &[(&str, Edge)], metadata: &[(&str, String)]) -> Vec<u8> {
        // An output of its own name, also where it is an input or the output of another name.
        let outputs: Vec<Edge> = outputs
            .iter()
            .map(|&(name, edge)| {
                let output = self.apply_like("Identity", &[edge]);
                self.edges[output.0].name = self.unique(name.to_owned());
                output
            })
            .collect();
        let needed = self.needed(&outputs);
        let nodes: Vec<&Node> = self.nodes.iter().filter(|node| needed.contains(&node.output.0)).collect();
        let constants = self.constants.iter().filter(|constant| needed.contains(&constant.edge.0));
        let has_ml = nodes.iter().any(|node| ML.contains(&node.operator));
        let mut opset_import = vec![proto::OperatorSet { domain: Some(String::new()), version: Some(OPSET) }];
        if has_ml {
            let domain = Some("ai.onnx.ml".to_owned());
            opset_import.push(proto::OperatorSet { domain, version: Some(ML_OPSET) });
        }
        let entry =
            |(key, value): &(&str, String)| proto::Entry { key: Some((*key).into()), value: Some(value.clone()) };
        let graph = proto::Graph {
            node: nodes.into_iter().map(|node| self.node(node)).collect(),
            name: Some(name.to_owned()),
            initializer: constants.map(|constant| self.tensor(constant)).collect(),
            input: self.inputs.iter().map(|&edge| self.value_info(edge)).collect(),
            output: outputs.iter().map(|&edge| self.value_info(edge)).collect(),
        };
        let model = proto::Model {
            ir_version: Some(IR),
            producer_name: Some("dropgrid".to_owned()),
            producer_version: Some(env!("CARGO_PKG_VERSION").to_owned()),
            graph: Some(graph),
            opset_import,
            metadata_props: metadata.iter().map(entry).collect(),
        };
        model.encode_to_vec()
    }

    /// The edges that the outputs depend on.
    fn needed(&self, outputs: &[Edge]) -> BTreeSet<usize> {
        let mut needed: BTreeSet<usize> = outputs.iter().map(|edge| edge.0).collect();
        for node in self.nodes.iter().rev() {
            if needed.contains(&node.output.0) {
                needed.extend(node.inputs.iter().map(|edge| edge.0));
            }
        }
        needed
    }

    fn name(&self, edge: Edge) -> String {
        self.edges[edge.0].name.clone()
    }

    fn node(&self, node: &Node) -> proto::Node {
        proto::Node {
            input: node.inputs.iter().map(|&edge| self.name(edge)).collect(),
            output: std::iter::repeat_n(String::new(), node.place).chain([self.name(node.output)]).collect(),
            name: Some(self.name(node.output)),
            op_type: Some(node.operator.to_owned()),
            attribute: node.attributes.iter().map(attribute).collect(),
            domain: ML.contains(&node.operator).then(|| "ai.onnx.ml".to_owned()),
        }
    }

    fn tensor(&self, constant: &Constant) -> proto::Tensor {
        let mut tensor = proto::Tensor {
            dims: self.shape(constant.edge).iter().map(|&axis| length(axis)).collect(),
            data_type: Some(code(self.element(constant.edge))),
            name: Some(self.name(constant.edge)),
            ..proto::Tensor::default()
        };
        match &constant.elements {
            Elements::Float(all) => {
                tensor.raw_data = Some(all.iter().flat_map(|number| number.to_le_bytes()).collect());
            }
            Elements::Double(all) => {
                tensor.raw_data = Some(all.iter().flat_map(|number| number.to_le_bytes()).collect());
            }
            Elements::Integer(all) => {
                tensor.raw_data = Some(all.iter().flat_map(|number| number.to_le_bytes()).collect());
            }
            Elements::Text(all) => tensor.string_data = all.iter().map(|text| text.clone().into_bytes()).collect(),
        }
        tensor
    }

    /// The type of an edge, with the axis of the rows, which has any length.
    fn value_info(&self, edge: Edge) -> proto::ValueInfo {
        let rows = proto::Dimension { dim_param: Some("N".to_owned()), dim_value: None };
        let axes = self.shape(edge).iter();
        let axes = axes.map(|&axis| proto::Dimension { dim_value: Some(length(axis)), dim_param: None });
        let shape = proto::Shape { dim: [rows].into_iter().chain(axes).collect() };
        let tensor_type = proto::TensorType { elem_type: Some(code(self.element(edge))), shape: Some(shape) };
        let r#type = Some(proto::Type { tensor_type: Some(tensor_type) });
        proto::ValueInfo { name: Some(self.name(edge)), r#type }
    }
}

fn length(axis: usize) -> i64 {
    i64::try_from(axis).unwrap_or(i64::MAX)
}

fn code(element: Element) -> i32 {
    element.code() as i32
}

fn attribute((name, value): &(&'static str, Attribute)) -> proto::Attribute {
    let mut attribute = proto::Attribute { name: Some((*name).to_owned()), ..proto::Attribute::default() };
    // The numbers of the types in `AttributeProto`.
    attribute.r#type = Some(match value {
        Attribute::Float(number) => {
            attribute.f = Some(*number);
            1
        }
        Attribute::Integer(number) => {
            attribute.i = Some(*number);
            2
        }
        Attribute::Text(text) => {
            attribute.s = Some(text.clone().into_bytes());
            3
        }
        Attribute::Floats(numbers) => {
            attribute.floats.clone_from(numbers);
            6
        }
        Attribute::Integers(numbers) => {
            attribute.ints.clone_from(numbers);
            7
        }
        Attribute::Texts(texts) => {
            attribute.strings = texts.iter().map(|text| text.clone().into_bytes()).collect();
            8
        }
    });
    attribute
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_what_its_outputs_need_and_names_of_its_own() {
        let mut graph = Graph::new();
        let label = graph.input("label", Element::Text, &[1]);
        let cells = graph.encode(label, &["a".to_owned(), "b".to_owned()]);
        graph.affine(cells, [&[1.0], &[2.0]], [1.0, 0.0]);
        let bytes = graph.into_onnx("Model", &[("label", cells), ("twice", cells)], &[("classes", "[]".to_owned())]);
        let file = proto::Model::decode(&*bytes).expect("a message");
        let versions: Vec<_> = file.opset_import.iter().map(|set| (set.domain.as_deref(), set.version)).collect();
        assert_eq!(versions, [(Some(""), Some(17)), (Some("ai.onnx.ml"), Some(2))]);
        assert_eq!((file.ir_version, file.metadata_props[0].key.as_deref()), (Some(8), Some("classes")));
        let graph = file.graph.expect("a graph");
        let nodes: Vec<String> = graph
            .node
            .iter()
            .map(|node| format!("{} = {}({})", node.output[0], node.op_type(), node.input.join(", ")))
            .collect();
        let wanted = [
            "LabelEncoder = LabelEncoder(label)",
            "Cast = Cast(LabelEncoder)",
            "label_1 = Identity(Cast)",
            "twice = Identity(Cast)",
        ];
        assert_eq!(nodes, wanted);
        assert!(graph.initializer.is_empty(), "what no output needs is left out");
        let shape =
            graph.output[0].r#type.clone().and_then(|ty| ty.tensor_type).and_then(|ty| ty.shape).expect("a shape");
        let axes: Vec<_> = shape.dim.into_iter().map(|axis| (axis.dim_param, axis.dim_value)).collect();
        assert_eq!(axes, [(Some("N".to_owned()), None), (None, Some(1))]);
    }
}
