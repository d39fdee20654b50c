//! Operators on sequences, of shape (rows, steps, channels).

use super::{Attribute, Edge, Element, Graph};
use crate::kernel::recurrent::Cell;

/// The weights of one direction of a recurrent layer in PyTorch's order of gates: by input, by state, and the biases of
/// both.
pub(crate) type DirectionNumbers = [Vec<f32>; 4];

fn permutation(axes: &[i64]) -> [(&'static str, Attribute); 1] {
    [("perm", Attribute::Integers(axes.to_vec()))]
}

impl Graph {
    /// Exchanges the two axes of a sample: steps and channels.
    pub(crate) fn swap_axes(&mut self, edge: Edge) -> Edge {
        let axes: Vec<usize> = self.shape(edge).iter().rev().copied().collect();
        self.apply("Transpose", &[edge], &permutation(&[0, 2, 1]), &axes)
    }

    /// Runs operators that take channels first.
    pub(crate) fn with_channels_first(&mut self, edge: Edge, export: impl FnOnce(&mut Self, Edge) -> Edge) -> Edge {
        let first = self.swap_axes(edge);
        let out = export(self, first);
        self.swap_axes(out)
    }

    /// The mean of each channel over the steps.
    pub(crate) fn mean_of_steps(&mut self, edge: Edge) -> Edge {
        let channels = self.shape(edge)[1];
        let attributes = [("axes", Attribute::Integers(vec![1])), ("keepdims", Attribute::Integer(0))];
        self.apply("ReduceMean", &[edge], &attributes, &[channels])
    }

    /// Adds the same numbers to each sample.
    pub(crate) fn add_numbers(&mut self, edge: Edge, name: &str, numbers: &[f32]) -> Edge {
        let axes = self.shape(edge).to_vec();
        let numbers = self.constant(name, &axes, numbers);
        self.add(edge, numbers)
    }

    /// The numbers from `start` on, so many of the last axis.
    fn slice(&mut self, edge: Edge, start: usize, count: usize) -> Edge {
        let last = self.shape(edge).len();
        let bounds = [("starts", start), ("ends", start + count), ("axes", last)];
        let bounds = bounds.map(|(name, number)| self.integers(name, [number]));
        let mut axes = self.shape(edge).to_vec();
        axes[last - 1] = count;
        self.apply("Slice", &[edge, bounds[0], bounds[1], bounds[2]], &[], &axes)
    }

    /// The attention of so many heads, given queries, keys and values side by side; `is_causal` hides later steps.
    pub(crate) fn attention(&mut self, projected: Edge, heads: usize, is_causal: bool) -> Edge {
        let (steps, channels) = (self.shape(projected)[0], self.shape(projected)[1] / 3);
        let width = channels / heads;
        let parts = [0, 1, 2].map(|part| {
            let part = self.slice(projected, part * channels, channels);
            self.reshape(part, &[steps, heads, width])
        });
        let [query, value] = [parts[0], parts[2]]
            .map(|part| self.apply("Transpose", &[part], &permutation(&[0, 2, 1, 3]), &[heads, steps, width]));
        let key = self.apply("Transpose", &[parts[1]], &permutation(&[0, 2, 3, 1]), &[heads, width, steps]);
        let scores = self.apply("MatMul", &[query, key], &[], &[heads, steps, steps]);
        let scale = self.constant("scale", &[1], &[(1.0 / (width as f64).sqrt()) as f32]);
        let mut scores = self.multiply(scores, scale);
        if is_causal {
            let hidden = |step: usize| (0..steps).map(move |at| if at > step { f32::NEG_INFINITY } else { 0.0 });
            let hidden: Vec<f32> = (0..steps).flat_map(hidden).collect();
            let hidden = self.constant("later_steps", &[steps, steps], &hidden);
            scores = self.add(scores, hidden);
        }
        let weights = self.apply_like("Softmax", &[scores]);
        let mixed = self.apply("MatMul", &[weights, value], &[], &[heads, steps, width]);
        let mixed = self.apply("Transpose", &[mixed], &permutation(&[0, 2, 1, 3]), &[steps, heads, width]);
        self.reshape(mixed, &[steps, channels])
    }

    /// One recurrent layer of so many units in one or two directions, whose states lie side by side: those of all
    /// steps, or the last ones.
    pub(crate) fn recurrent(
        &mut self,
        edge: Edge,
        cell: Cell,
        units: usize,
        directions: &[DirectionNumbers],
        only_last: bool,
    ) -> Edge {
        let (steps, inputs, count) = (self.shape(edge)[0], self.shape(edge)[1], directions.len());
        // ONNX has the gates i, o, f, c and z, r, h; PyTorch has i, f, g, o and r, z, n.
        let (operator, order): (&str, &[usize]) = match cell {
            Cell::Lstm => ("LSTM", &[0, 3, 1, 2]),
            Cell::Gru => ("GRU", &[1, 0, 2]),
        };
        let gates = order.len();
        let reordered = |numbers: &[f32]| -> Vec<f32> {
            let size = numbers.len() / gates;
            order.iter().flat_map(|gate| numbers[gate * size..][..size].to_vec()).collect()
        };
        let of_each = |part: usize| directions.iter().map(move |numbers| &numbers[part]);
        let [by_input, by_state] =
            [0, 1].map(|part| of_each(part).flat_map(|numbers| reordered(numbers)).collect::<Vec<f32>>());
        let biases = directions.iter().flat_map(|numbers| [reordered(&numbers[2]), reordered(&numbers[3])].concat());
        let biases: Vec<f32> = biases.collect();
        let first = self.apply("Transpose", &[edge], &permutation(&[1, 0, 2]), &[steps, inputs]);
        let operands = [
            first,
            self.constant("weight_by_input", &[count, gates * units, inputs], &by_input),
            self.constant("weight_by_state", &[count, gates * units, units], &by_state),
            self.constant("bias", &[count, 2 * gates * units], &biases),
        ];
        let way = if count == 2 { "bidirectional" } else { "forward" };
        let mut attributes = vec![
            ("hidden_size", Attribute::Integer(i64::try_from(units).unwrap_or(i64::MAX))),
            ("direction", Attribute::Text(way.to_owned())),
        ];
        if cell == Cell::Gru {
            attributes.push(("linear_before_reset", Attribute::Integer(1)));
        }
        let states = self.push(operator, &operands, attributes, Element::Float, vec![steps, count, units]);
        if only_last {
            // The second output: the last state of each direction.
            self.take_output(states, 1);
            let rows = self.apply("Transpose", &[states], &permutation(&[1, 0, 2]), &[count, units]);
            return self.reshape(rows, &[count * units]);
        }
        let rows = self.apply("Transpose", &[states], &permutation(&[2, 0, 1, 3]), &[steps, count, units]);
        self.reshape(rows, &[steps, count * units])
    }
}
