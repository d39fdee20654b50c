//! The ends of a graph: names of categories at its inputs, decisions and names of classes at its outputs.

use super::{Attribute, Edge, Element, Elements, Graph};

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

    /// The output, with NaN in the rows that the model does not take: those with an infinite cell or with NaN in a
    /// [guarded](Self::guard) edge, and where not `takes_missing` those with a missing cell. Operators such as
    /// `MaxPool` lose a NaN on the way.
    pub(crate) fn without_refused(&mut self, output: Edge, input: Edge, takes_missing: bool) -> Edge {
        // The difference of a number and itself is 0, and NaN where it is not finite.
        let mut hole = self.apply_like("Sub", &[input, input]);
        if takes_missing {
            let zero = self.constant("number", &[1], &[0.0]);
            let is_missing = self.is_missing(input);
            hole = self.choose(is_missing, zero, hole, hole);
        }
        let guarded = std::mem::take(&mut self.guarded);
        if !guarded.is_empty() {
            let parts = self.concat(&guarded);
            let of_parts = self.apply_like("Sub", &[parts, parts]);
            hole = self.concat(&[hole, of_parts]);
        }
        let axes = self.integers("axes", 1..=self.shape(hole).len());
        let hole = self.apply("ReduceSum", &[hole, axes], &[("keepdims", Attribute::Integer(0))], &[]);
        let ones = vec![1; self.shape(output).len()];
        let hole = self.reshape(hole, &ones);
        self.add(output, hole)
    }

    /// The positions, and -1 where the number of the row is NaN.
    pub(crate) fn or_none(&mut self, positions: Edge, numbers: Edge) -> Edge {
        let numbers = self.select(numbers, &[0]);
        let numbers = self.reshape(numbers, &[]);
        let is_missing = self.is_missing(numbers);
        let none = self.elements("none", &[1], Elements::Integer(vec![-1]));
        self.choose(is_missing, none, positions, positions)
    }

    /// The names at these positions, and an empty one at -1.
    pub(crate) fn look_up(&mut self, names: &[String], positions: Edge) -> Edge {
        // Positions below 0 count from the end.
        let names: Vec<String> = names.iter().cloned().chain([String::new()]).collect();
        let names = self.texts("classes", &names);
        let axes = self.shape(positions).to_vec();
        self.push("Gather", &[names, positions], vec![("axis", Attribute::Integer(0))], Element::Text, axes)
    }
}
