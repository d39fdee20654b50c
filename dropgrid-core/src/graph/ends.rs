//! The ends of a graph: names of categories at its inputs, decisions and names of classes at its outputs.

use super::{Attribute, Edge, Element, Graph};

impl Graph {
    /// The positions of texts among the names, of double precision: -1 for any other text, NaN for an empty one.
    pub(crate) fn encode(&mut self, texts: Edge, names: &[String]) -> Edge {
        let (mut keys, mut codes) = (names.to_vec(), (0..names.len()).map(|code| code as f32).collect::<Vec<f32>>());
        if !names.iter().any(String::is_empty) {
            keys.push(String::new());
            codes.push(f32::NAN);
        }
        let attributes = vec![
            ("keys_strings", Attribute::Texts(keys)),
            ("values_floats", Attribute::Floats(codes)),
            ("default_float", Attribute::Float(-1.0)),
        ];
        let axes = self.shape(texts).to_vec();
        let codes = self.push("LabelEncoder", &[texts], attributes, Element::Float, axes);
        self.cast(codes, Element::Double)
    }

    /// The position of the largest number of each row, the first of several.
    pub(crate) fn largest(&mut self, edge: Edge) -> Edge {
        let attributes = vec![("axis", Attribute::Integer(1)), ("keepdims", Attribute::Integer(0))];
        self.push("ArgMax", &[edge], attributes, Element::Integer, Vec::new())
    }

    /// True where a number is above the bound.
    pub(crate) fn is_above(&mut self, edge: Edge, bound: f64) -> Edge {
        let bound = self.doubles("threshold", &[1], &[bound]);
        self.ask("Greater", &[edge, bound])
    }

    /// The names at these positions.
    pub(crate) fn look_up(&mut self, names: &[String], positions: Edge) -> Edge {
        let names = self.texts("classes", names);
        let axes = self.shape(positions).to_vec();
        self.push("Gather", &[names, positions], vec![("axis", Attribute::Integer(0))], Element::Text, axes)
    }
}
