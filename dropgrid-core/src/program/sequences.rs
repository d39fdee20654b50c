//! Operations of a program on sequences, whose samples have the axes steps and channels.

use std::ops::Range;

use super::{Operation, Program, Tail, Value};
use crate::kernel::{columns::Columns, conv::Conv, pool::Pool, windows::Windows};

impl Program {
    /// The convolution of sequences by kernels of `kernel` steps, plus a bias for each of `outputs`.
    pub(crate) fn convolve_steps(
        &mut self,
        from: Value,
        [outputs, kernel, groups]: [usize; 3],
        steps: [usize; 3],
        [weight, bias]: [Range<usize>; 2],
    ) -> Value {
        let from = self.channels_first(from);
        let windows = Windows::of_steps(self.steps(from), kernel, steps);
        let conv = Conv { windows, outputs, groups };
        let axes = vec![windows.windows(), outputs];
        self.push(axes, |to| Operation::Conv { from, to, conv, weight, bias, tail: Tail::default() })
    }

    /// The pooling of windows of `kernel` steps.
    pub(crate) fn pool_steps(&mut self, from: Value, kind: Pool, kernel: usize, steps: [usize; 3]) -> Value {
        let from = self.channels_first(from);
        let windows = Windows::of_steps(self.steps(from), kernel, steps);
        self.push(vec![windows.windows(), windows.channels], |to| Operation::Pool { from, to, kind, windows })
    }

    /// The pooling of all steps.
    pub(crate) fn pool_all_steps(&mut self, from: Value, kind: Pool) -> Value {
        let from = self.channels_first(from);
        let [steps, channels] = self.steps(from);
        let windows = Windows::of_steps([steps, channels], steps, [1, 0, 1]);
        self.push(vec![channels], |to| Operation::Pool { from, to, kind, windows })
    }

    /// The rows of a table, of `width` numbers each, that the codes in `from` number: a step for each code.
    pub(crate) fn embed_steps(&mut self, from: Value, table: Range<usize>, width: usize) -> Value {
        if from == Self::INPUT {
            let codes = table.len() / width.max(1);
            self.codes = Some(self.codes.map_or(codes, |fewer| fewer.min(codes)));
        }
        let from = self.channels_first(from);
        let axes = vec![self.widths[from.0], width];
        self.push(axes, |to| Operation::Embed { from, to, table, width })
    }

    /// Adds fixed numbers to each sample.
    pub(crate) fn add_numbers(&mut self, from: Value, numbers: &[f32]) -> Value {
        let len = numbers.len();
        let shift = numbers.iter().map(|number| -number).collect();
        self.scale(from, Columns { shift, low: vec![0.0; len], scale: vec![1.0; len], span: 1.0, floor: 0.0 })
    }
}
