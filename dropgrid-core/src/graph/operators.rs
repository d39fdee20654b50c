//! Operators that layers share.

use super::{Attribute, Edge, Element, Graph};

impl Graph {
    /// Appends an operator whose output has the shape and the elements of its first input.
    pub fn apply_like(&mut self, operator: &'static str, inputs: &[Edge]) -> Edge {
        self.push(operator, inputs, Vec::new(), self.element(inputs[0]), self.shape(inputs[0]).to_vec())
    }

    /// The sum of two edges.
    pub fn add(&mut self, left: Edge, right: Edge) -> Edge {
        self.apply_like("Add", &[left, right])
    }

    /// The product of two edges, number by number.
    pub fn multiply(&mut self, left: Edge, right: Edge) -> Edge {
        self.apply_like("Mul", &[left, right])
    }

    /// The same numbers with elements of another type.
    pub(crate) fn cast(&mut self, edge: Edge, element: Element) -> Edge {
        if self.element(edge) == element {
            return edge;
        }
        let to = vec![("to", Attribute::Integer(element.code()))];
        self.push("Cast", &[edge], to, element, self.shape(edge).to_vec())
    }

    /// The same numbers, in row-major order, under other axes of a sample.
    pub fn reshape(&mut self, edge: Edge, axes: &[usize]) -> Edge {
        if self.shape(edge) == axes {
            return edge;
        }
        // A 0 stands for the count of rows.
        let shape = self.integers("shape", [0].into_iter().chain(axes.iter().copied()));
        self.apply("Reshape", &[edge, shape], &[], axes)
    }

    /// The edges side by side, along the last axis of a sample.
    pub fn concat(&mut self, parts: &[Edge]) -> Edge {
        if let &[only] = parts {
            return only;
        }
        let mut axes = self.shape(parts[0]).to_vec();
        let width = parts.iter().filter_map(|part| self.shape(*part).last()).sum();
        if let Some(last) = axes.last_mut() {
            *last = width;
        }
        self.apply("Concat", parts, &[("axis", Attribute::Integer(-1))], &axes)
    }

    /// x W^T + b along the last axis of a sample, with a weight of shape (outputs, inputs) and perhaps a bias of
    /// (outputs).
    pub fn linear(&mut self, edge: Edge, [inputs, outputs]: [usize; 2], weight: &[f32], bias: Option<&[f32]>) -> Edge {
        let mut axes = self.shape(edge).to_vec();
        if let Some(last) = axes.last_mut() {
            *last = outputs;
        }
        if axes.len() == 1 {
            let weight = self.constant("weight", &[outputs, inputs], weight);
            let bias = bias.map(|bias| self.constant("bias", &[outputs], bias));
            let operands: Vec<Edge> = [edge, weight].into_iter().chain(bias).collect();
            return self.apply("Gemm", &operands, &[("transB", Attribute::Integer(1))], &axes);
        }
        let transposed: Vec<f32> =
            (0..inputs).flat_map(|input| (0..outputs).map(move |output| weight[output * inputs + input])).collect();
        let weight = self.constant("weight", &[inputs, outputs], &transposed);
        let product = self.apply("MatMul", &[edge, weight], &[], &axes);
        match bias {
            Some(bias) => {
                let bias = self.constant("bias", &[outputs], bias);
                self.add(product, bias)
            }
            None => product,
        }
    }

    /// Layer normalisation along the last axis of a sample.
    pub(crate) fn layer_norm(&mut self, edge: Edge, [scale, bias]: [&[f32]; 2], epsilon: f64) -> Edge {
        let scale = self.constant("scale", &[scale.len()], scale);
        let bias = self.constant("bias", &[bias.len()], bias);
        let attributes = [("axis", Attribute::Integer(-1)), ("epsilon", Attribute::Float(epsilon as f32))];
        let axes = self.shape(edge).to_vec();
        self.apply("LayerNormalization", &[edge, scale, bias], &attributes, &axes)
    }

    /// Batch normalisation of channels, which are along the first axis, by their running statistics.
    pub(crate) fn batch_norm(&mut self, edge: Edge, [scale, bias, mean, variance]: [&[f32]; 4], epsilon: f64) -> Edge {
        let mut inputs = vec![edge];
        for (name, numbers) in [("scale", scale), ("bias", bias), ("mean", mean), ("variance", variance)] {
            inputs.push(self.constant(name, &[numbers.len()], numbers));
        }
        let axes = self.shape(edge).to_vec();
        self.apply("BatchNormalization", &inputs, &[("epsilon", Attribute::Float(epsilon as f32))], &axes)
    }

    /// A rectifier with a slope for each channel, along the first axis, or with a single slope.
    pub(crate) fn prelu(&mut self, edge: Edge, slopes: &[f32]) -> Edge {
        let axes = self.per_channel(edge, slopes.len());
        let slopes = self.constant("weight", &axes, slopes);
        self.apply_like("PRelu", &[edge, slopes])
    }

    /// Adds a number to each channel, along the first axis.
    pub(crate) fn add_to_channels(&mut self, edge: Edge, bias: &[f32]) -> Edge {
        let axes = self.per_channel(edge, bias.len());
        let bias = self.constant("bias", &axes, bias);
        self.add(edge, bias)
    }

    /// The axes of so many numbers, one a channel of an edge, as they are broadcast.
    fn per_channel(&self, edge: Edge, count: usize) -> Vec<usize> {
        let rest = if count == 1 { 0 } else { self.shape(edge).len().saturating_sub(1) };
        [count].into_iter().chain(std::iter::repeat_n(1, rest)).collect()
    }

    /// (x - shift - low) / scale * span + floor, with a shift and a scale for each number of a sample.
    pub(crate) fn scale(&mut self, edge: Edge, columns: &crate::kernel::columns::Columns) -> Edge {
        let axes = self.shape(edge).to_vec();
        let mut x = edge;
        let operands =
            [("mean", "Sub", &columns.shift), ("mean_low", "Sub", &columns.low), ("scale", "Div", &columns.scale)];
        for (name, operator, numbers) in operands {
            let numbers = self.constant(name, &axes, numbers);
            x = self.apply_like(operator, &[x, numbers]);
        }
        for (operator, number, neutral) in [("Mul", columns.span, 1.0), ("Add", columns.floor, 0.0)] {
            if number != neutral {
                let number = self.constant("number", &[1], &[number]);
                x = self.apply_like(operator, &[x, number]);
            }
        }
        x
    }
}

impl Element {
    /// Its number in ONNX.
    pub(crate) fn code(self) -> i64 {
        match self {
            Self::Float => 1,
            Self::Integer => 7,
            Self::Text => 8,
            Self::Boolean => 9,
            Self::Double => 11,
        }
    }
}
