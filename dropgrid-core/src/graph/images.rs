//! Operators on images, of shape (rows, channels, height, width).

use super::{Attribute, Edge, Graph};
use crate::kernel::pool::Pool;

/// The stride, the padding and the dilation of a window.
pub(crate) type Steps = [usize; 3];

fn integers(numbers: &[usize]) -> Attribute {
    Attribute::Integers(numbers.iter().map(|&number| i64::try_from(number).unwrap_or(i64::MAX)).collect())
}

/// The number of windows along an axis.
fn windows(length: usize, kernel: usize, [stride, padding, dilation]: Steps) -> usize {
    let taken = dilation * (kernel.max(1) - 1) + 1;
    (length + 2 * padding).saturating_sub(taken) / stride.max(1) + 1
}

impl Graph {
    /// The axes of windows over each axis of a sample behind the channels.
    fn window_axes(&self, edge: Edge, channels: usize, kernel: usize, steps: Steps) -> Vec<usize> {
        let sides = self.shape(edge).iter().skip(1).map(|&length| windows(length, kernel, steps));
        [channels].into_iter().chain(sides).collect()
    }

    /// The attributes of windows over each axis of a sample behind the channels.
    fn window(&self, edge: Edge, kernel: usize, [stride, padding, dilation]: Steps) -> Vec<(&'static str, Attribute)> {
        let sides = self.shape(edge).len() - 1;
        let mut all = vec![("kernel_shape", integers(&vec![kernel; sides]))];
        for (name, number, count, default) in
            [("strides", stride, sides, 1), ("pads", padding, 2 * sides, 0), ("dilations", dilation, sides, 1)]
        {
            if number != default {
                all.push((name, integers(&vec![number; count])));
            }
        }
        all
    }

    /// A convolution by kernels of shape (outputs, inputs of a group, taps of each side..).
    pub(crate) fn convolve(
        &mut self,
        edge: Edge,
        [outputs, inputs, kernel, groups]: [usize; 4],
        steps: Steps,
        weight: &[f32],
        bias: Option<&[f32]>,
    ) -> Edge {
        let sides = self.shape(edge).len() - 1;
        let axes: Vec<usize> = [outputs, inputs].into_iter().chain(std::iter::repeat_n(kernel, sides)).collect();
        let weight = self.constant("weight", &axes, weight);
        let bias = bias.map(|bias| self.constant("bias", &[outputs], bias));
        let mut attributes = self.window(edge, kernel, steps);
        if groups != 1 {
            attributes.push(("group", Attribute::Integer(i64::try_from(groups).unwrap_or(i64::MAX))));
        }
        let axes = self.window_axes(edge, outputs, kernel, steps);
        let operands: Vec<Edge> = [edge, weight].into_iter().chain(bias).collect();
        self.apply("Conv", &operands, &attributes, &axes)
    }

    /// The pooling of windows, channel by channel. The zeros of a padding count in a mean.
    pub(crate) fn pool(&mut self, edge: Edge, kind: Pool, kernel: usize, steps: Steps) -> Edge {
        let [stride, padding, dilation] = steps;
        let channels = self.shape(edge)[0];
        let axes = self.window_axes(edge, channels, kernel, steps);
        // Runtimes refuse a padding of a whole kernel, which a dilated window may have.
        let (edge, steps) =
            if padding < kernel { (edge, steps) } else { (self.pad(edge, kind, padding), [stride, 0, dilation]) };
        match kind {
            Pool::Max => {
                let attributes = self.window(edge, kernel, steps);
                self.apply("MaxPool", &[edge], &attributes, &axes)
            }
            Pool::Average if dilation == 1 => {
                let mut attributes = self.window(edge, kernel, steps);
                attributes.push(("count_include_pad", Attribute::Integer(1)));
                self.apply("AveragePool", &[edge], &attributes, &axes)
            }
            // `AveragePool` has dilations from version 19 on only.
            Pool::Average => {
                let sides = self.shape(edge).len() - 1;
                let taps = kernel.pow(u32::try_from(sides).unwrap_or(u32::MAX));
                let weight = vec![1.0 / taps as f32; channels * taps];
                self.convolve(edge, [channels, 1, kernel, channels], steps, &weight, None)
            }
        }
    }

    /// The images with a frame that does not change a pooling.
    fn pad(&mut self, edge: Edge, kind: Pool, padding: usize) -> Edge {
        let sides = self.shape(edge).len() - 1;
        let frame = [0, 0].into_iter().chain(std::iter::repeat_n(padding, sides));
        let frame = self.integers("pads", frame.clone().chain(frame));
        let value = self.constant("value", &[], &[if kind == Pool::Max { f32::NEG_INFINITY } else { 0.0 }]);
        let mut axes = self.shape(edge).to_vec();
        axes.iter_mut().skip(1).for_each(|length| *length += 2 * padding);
        self.apply("Pad", &[edge, frame, value], &[], &axes)
    }

    /// The pooling of all that a channel has.
    pub(crate) fn pool_all(&mut self, edge: Edge, kind: Pool) -> Edge {
        let (channels, last) = (self.shape(edge)[0], self.shape(edge).len() + 1);
        let axes: Vec<usize> = (2..last).collect();
        if axes.is_empty() {
            return edge;
        }
        let operator = match kind {
            Pool::Max => "ReduceMax",
            Pool::Average => "ReduceMean",
        };
        let attributes = [("axes", integers(&axes)), ("keepdims", Attribute::Integer(0))];
        self.apply(operator, &[edge], &attributes, &[channels])
    }
}
