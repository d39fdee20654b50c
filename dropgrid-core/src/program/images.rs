//! Operations of a program on images.
//!
//! Samples enter and leave a program with channels first. Between convolutions and poolings, channels lie last: a
//! window is then a few contiguous runs of numbers, the product with the weights gives images in the same layout, and a
//! pooling processes all channels at once. Elementwise functions work on either layout.

use std::ops::Range;

use super::{Operation, Parameter, Program, Tail, Value};
use crate::kernel::{conv::Conv, pool::Pool, transpose::transpose, windows::Windows};

impl Program {
    /// The channels, height and width of an image. Missing axes are 1.
    fn image(&self, value: Value) -> [usize; 3] {
        let mut image = [1; 3];
        image.iter_mut().zip(&self.shapes[value.0]).for_each(|(to, axis)| *to = *axis);
        image
    }

    /// Puts the channels of `value` first, as its axes have them.
    pub(super) fn channels_first(&mut self, value: Value) -> Value {
        let [channels, height, width] = self.image(value);
        if !self.channels_last[value.0] || channels == 1 || height * width == 1 {
            return value;
        }
        let axes = self.shapes[value.0].clone();
        self.push(axes, |to| Operation::Transpose { from: value, to, size: [height * width, channels] })
    }

    /// Puts the channels of `value` last.
    pub(super) fn channels_last(&mut self, value: Value) -> Value {
        let [channels, height, width] = self.image(value);
        if self.channels_last[value.0] || channels == 1 || height * width == 1 {
            return value;
        }
        let axes = self.shapes[value.0].clone();
        let to = self.push(axes, |to| Operation::Transpose { from: value, to, size: [channels, height * width] });
        self.channels_last[to.0] = true;
        to
    }

    /// Appends an operation whose output is images with channels last.
    fn push_image(
        &mut self,
        channels: usize,
        [height, width]: [usize; 2],
        operation: impl FnOnce(Value) -> Operation,
    ) -> Value {
        let to = self.push(vec![channels, height, width], operation);
        self.channels_last[to.0] = true;
        to
    }

    /// Adds the weight of a convolution, a tensor of shape (outputs, inputs, taps), with its inputs last, and returns
    /// its range.
    pub(crate) fn kernel(&mut self, address: usize, numbers: &[f32], [inputs, taps]: [usize; 2]) -> Range<usize> {
        let mut transposed = vec![0.0; numbers.len()];
        transpose([inputs, taps], numbers, &mut transposed, false);
        let range = self.parameter(address, &transposed);
        if let Some(known) = self.parameters.iter_mut().find(|parameter| parameter.range == range) {
            known.transposed = Some([taps, inputs]);
        }
        range
    }

    /// The convolution of images by kernels of `kernel` squared taps, plus a bias for each of `outputs`.
    pub(crate) fn convolve(
        &mut self,
        from: Value,
        [outputs, kernel, groups]: [usize; 3],
        steps: [usize; 3],
        [weight, bias]: [Range<usize>; 2],
    ) -> Value {
        let from = self.channels_last(from);
        let windows = Windows::new(self.image(from), [kernel; 2], steps);
        let conv = Conv { windows, outputs, groups };
        self.push_image(outputs, windows.count, |to| Operation::Conv {
            from,
            to,
            conv,
            weight,
            bias,
            tail: Tail::default(),
        })
    }

    /// The pooling of windows of `kernel` squared taps.
    pub(crate) fn pool(&mut self, from: Value, kind: Pool, kernel: usize, steps: [usize; 3]) -> Value {
        let from = self.channels_last(from);
        let windows = Windows::new(self.image(from), [kernel; 2], steps);
        self.push_image(windows.channels, windows.count, |to| Operation::Pool { from, to, kind, windows })
    }

    /// The pooling of whole images.
    pub(crate) fn pool_all(&mut self, from: Value, kind: Pool) -> Value {
        let from = self.channels_last(from);
        let image = self.image(from);
        let windows = Windows::new(image, [image[1], image[2]], [1, 0, 1]);
        self.push(vec![image[0]], |to| Operation::Pool { from, to, kind, windows })
    }

    /// Images as rows of numbers, channel after channel.
    pub(crate) fn flatten(&mut self, from: Value) -> Value {
        self.reshape(from, vec![self.widths[from.0]])
    }

    /// The same numbers under other axes, whose product is the same.
    pub(crate) fn reshape(&mut self, from: Value, axes: Vec<usize>) -> Value {
        let [channels, height, width] = self.image(from);
        let size = if self.channels_last[from.0] { [height * width, channels] } else { [1, self.widths[from.0]] };
        self.push(axes, |to| Operation::Transpose { from, to, size })
    }
}

impl Parameter {
    /// The numbers of the tensor, given those of all parameters.
    pub(crate) fn of<'a>(&self, numbers: &'a [f32]) -> std::borrow::Cow<'a, [f32]> {
        let numbers = &numbers[self.range.clone()];
        let Some(size) = self.transposed else { return numbers.into() };
        let mut tensor = vec![0.0; numbers.len()];
        transpose(size, numbers, &mut tensor, false);
        tensor.into()
    }
}
