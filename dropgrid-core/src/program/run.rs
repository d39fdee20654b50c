//! The steps of a program and their buffers.

mod buffers;
mod evaluation;

use std::{iter, mem};

use super::{
    Operation, Program,
    adds::Adds,
    norm::Back,
    operator::{Backward, Forward},
    prepare,
};
use crate::{
    error::Failure,
    kernel::{
        AlignedVec, elementwise,
        gemm::{PackedMatrix, View, matmul},
        mask,
        mask::Stream,
        pool::{pool, pool_backward},
        scratch::ConvScratch,
        transpose::transpose,
    },
};

/// A program with its buffers, for batches of up to a number of rows.
#[derive(Debug)]
pub struct Run {
    program: Program,
    parameters: AlignedVec,
    /// The gradients of the parameters, in the same ranges.
    gradients: AlignedVec,
    values: Vec<AlignedVec>,
    /// The gradient of each value that depends on a parameter; empty for the others.
    pub(super) value_gradients: Vec<AlignedVec>,
    /// The numbers that each operation keeps for the backward pass: the mask of a dropout, the statistics of a
    /// normalisation.
    kept: Vec<AlignedVec>,
    /// For each operation, the gradients that a later one has written before it.
    adds: Vec<Adds>,
    /// The weight of each operation that is the product of one row.
    packed: Vec<Option<PackedMatrix>>,
    scratch: ConvScratch,
    /// Scratch memory of the preparations: a row of cells.
    cells: Vec<f64>,
    /// Scratch memory of the poolings, of one number a channel.
    rest: Vec<f32>,
}

impl Run {
    /// Allocates every buffer for batches of up to `rows`.
    ///
    /// # Errors
    /// [`Failure::Device`] where the memory cannot be allocated.
    pub(crate) fn new(program: Program, rows: usize) -> Result<Self, Failure> {
        let mut needs = vec![false; program.widths.len()];
        needs[0] = program.needs_input;
        for operation in &program.operations {
            let read = operation.inputs().iter().any(|value| needs[value.0]);
            needs[operation.to().0] = read || operation.weight().is_some();
        }
        let parameters = program.numbers.len();
        Self::allocated(program, rows, &needs, parameters)
    }

    /// Allocates the buffers for batches of up to `rows`, with gradients of the values that `needs` says and of so many
    /// parameters.
    pub(super) fn allocated(
        mut program: Program,
        rows: usize,
        needs: &[bool],
        gradients: usize,
    ) -> Result<Self, Failure> {
        let parameters = AlignedVec::of(&mem::take(&mut program.numbers))?;
        let adds = Adds::of(&program);
        let live = |value: usize| {
            value == 0 || value == program.output.0 || program.operations.iter().any(|one| one.to().0 == value)
        };
        let buffer = |value: usize, wanted: bool| {
            AlignedVec::filled(0.0, if wanted && live(value) { rows.saturating_mul(program.widths[value]) } else { 0 })
        };
        let all = 0..program.widths.len();
        Ok(Self {
            gradients: AlignedVec::filled(0.0, gradients)?,
            parameters,
            values: all.clone().map(|value| buffer(value, true)).collect::<Result<_, _>>()?,
            value_gradients: all.map(|value| buffer(value, needs[value])).collect::<Result<_, _>>()?,
            kept: program
                .operations
                .iter()
                .map(|operation| {
                    AlignedVec::filled(0.0, operation.kept(rows, rows.saturating_mul(program.widths[operation.to().0])))
                })
                .collect::<Result<_, _>>()?,
            adds,
            packed: Vec::new(),
            scratch: ConvScratch::default(),
            cells: Vec::with_capacity(program.widths.iter().copied().max().unwrap_or(0)),
            rest: vec![0.0; program.shapes.iter().flatten().copied().max().unwrap_or(0)],
            program,
        })
    }

    /// Runs the first `rows` of the batch through the network, with masks from the generator of `key`.
    pub(crate) fn forward(&mut self, rows: usize, key: [u32; 8]) -> &[f32] {
        let (numbers, state) = (&self.parameters, &mut self.program.state);
        let packed = self.packed.iter().map(Option::as_ref).chain(iter::repeat(None));
        for ((operation, mask), packed) in self.program.operations.iter().zip(&mut self.kept).zip(packed) {
            let width = self.program.widths[operation.to().0];
            let mut to = mem::take(&mut self.values[operation.to().0]);
            let out = &mut to[..rows * width];
            match operation {
                &Operation::Linear { from, inputs, outputs, ref weight, ref bias, tail, .. } => {
                    let x = &self.values[from.0];
                    if let Some(packed) = packed.filter(|_| rows == 1) {
                        packed.product(x, out);
                    } else {
                        let (x, w) = (View::rows(x, inputs), View::rows(&numbers[weight.clone()], inputs));
                        matmul(&mut self.scratch.gemm, [out.len() / outputs, inputs, outputs], x, w.t(), out, false);
                    }
                    tail.forward(out, &numbers[bias.clone()], key);
                }
                &Operation::Conv { from, ref conv, ref weight, ref bias, tail, .. } => {
                    let images = &self.values[from.0][..rows * conv.windows.image_len()];
                    conv.forward(&mut self.scratch, images, &numbers[weight.clone()], out);
                    tail.forward(out, &numbers[bias.clone()], key);
                }
                Operation::Pool { from, kind, windows, .. } => {
                    let images = self.values[from.0].chunks_exact(windows.image_len().max(1));
                    let out = out.chunks_exact_mut(width.max(1));
                    images.zip(out).for_each(|(image, out)| pool(*kind, windows, image, out));
                }
                Operation::Transpose { from, size, .. } => transpose(*size, &self.values[from.0], out, false),
                Operation::Elementwise { from, function, .. } => {
                    elementwise::apply(*function, &self.values[from.0][..out.len()], out);
                }
                Operation::Scale { from, columns, .. } => columns.apply(&self.values[from.0][..out.len()], out),
                Operation::Drop { from, rate, layer, .. } => {
                    let mask = &mut mask[..out.len()];
                    mask::fill(mask, &Stream { key, layer: *layer }, *rate);
                    elementwise::multiply(&self.values[from.0], mask, out, false);
                }
                Operation::Norm { from, norm, .. } => {
                    norm.forward([numbers, &self.values[from.0]], state, &mut self.scratch.gemm, mask, out);
                }
                Operation::Noise { from, noise, layer, .. } => {
                    let mask = &mut mask[..out.len()];
                    noise.fill(mask, &Stream { key, layer: *layer });
                    noise.apply(&self.values[from.0], mask, out);
                }
                Operation::Add { terms: [left, right], .. } => {
                    elementwise::sum(&self.values[left.0], &self.values[right.0], out);
                }
                Operation::Multiply { factors: [left, right], .. } => {
                    elementwise::multiply(&self.values[left.0], &self.values[right.0], out, false);
                }
                Operation::Prepare { from, prepare, .. } => {
                    prepare.forward(&self.values[from.0], rows, &mut self.cells, out);
                }
                Operation::Embed { from, table, width, .. } => {
                    prepare::embed(&self.values[from.0], &numbers[table.clone()], *width, out);
                }
                Operation::Concat { parts, .. } => {
                    let widths = &self.program.widths;
                    prepare::concat(parts.iter().map(|part| (&*self.values[part.0], widths[part.0])), width, out);
                }
                Operation::Operator { from, operator, .. } => {
                    let (x, scratch) = (&*self.values[from.0], &mut self.scratch.gemm);
                    operator.forward(Forward { rows, numbers, x, key, scratch, kept: mask }, out);
                }
            }
            self.values[operation.to().0] = to;
        }
        &self.values[self.program.output.0][..rows * self.width()]
    }

    /// Computes the gradients of the parameters from that of the output.
    #[allow(clippy::too_many_lines, reason = "one arm an operation")]
    pub(crate) fn backward(&mut self, rows: usize) {
        let numbers = &self.parameters;
        let steps = self.program.operations.iter().zip(&mut self.kept).zip(&self.adds).rev();
        for ((operation, mask), adds) in steps {
            let at = operation.to().0;
            let len = rows * self.program.widths[at];
            let mut taken = mem::take(&mut self.value_gradients[at]);
            if taken.is_empty() {
                continue;
            }
            let gradient = &mut taken[..len];
            match operation {
                &Operation::Linear { from, inputs, outputs, ref weight, ref bias, tail, .. } => {
                    let to = &mut self.gradients[bias.clone()];
                    tail.backward(gradient, &self.values[at], to, adds.parameters);
                    let count = len / outputs;
                    let (g, x) = (View::rows(gradient, outputs), View::rows(&self.values[from.0], inputs));
                    let to = &mut self.gradients[weight.clone()];
                    matmul(&mut self.scratch.gemm, [outputs, count, inputs], g.t(), x, to, adds.parameters);
                    let to = &mut self.value_gradients[from.0];
                    if !to.is_empty() {
                        let w = View::rows(&numbers[weight.clone()], inputs);
                        matmul(&mut self.scratch.gemm, [count, outputs, inputs], g, w, to, adds.inputs[0]);
                    }
                }
                &Operation::Conv { from, ref conv, ref weight, ref bias, tail, .. } => {
                    let to = &mut self.gradients[bias.clone()];
                    tail.backward(gradient, &self.values[at], to, adds.parameters);
                    let images = rows * conv.windows.image_len();
                    let to = &mut self.value_gradients[from.0];
                    let to_len = to.len().min(images);
                    conv.backward(
                        &mut self.scratch,
                        &self.values[from.0][..images],
                        &numbers[weight.clone()],
                        gradient,
                        &mut self.gradients[weight.clone()],
                        &mut to[..to_len],
                        [adds.parameters, adds.inputs[0]],
                    );
                }
                Operation::Pool { from, kind, windows, .. } => {
                    let (size, width) = (windows.image_len().max(1), (len / rows.max(1)).max(1));
                    let to = &mut self.value_gradients[from.0];
                    let to_len = to.len().min(rows * size);
                    let to = &mut to[..to_len];
                    if !adds.inputs[0] {
                        to.fill(0.0);
                    }
                    let values = self.values[from.0].chunks_exact(size).zip(self.values[at].chunks_exact(width));
                    let gradients = gradient.chunks_exact(width).zip(to.chunks_exact_mut(size));
                    for ((image, out), (gradient, to)) in values.zip(gradients) {
                        pool_backward(*kind, windows, image, out, gradient, &mut self.rest[..windows.channels], to);
                    }
                }
                Operation::Transpose { from, size: [rows, columns], .. } => {
                    transpose([*columns, *rows], gradient, &mut self.value_gradients[from.0], adds.inputs[0]);
                }
                Operation::Elementwise { from, function, .. } => {
                    let to = &mut self.value_gradients[from.0];
                    let (x, y) = (&self.values[from.0][..len.min(to.len())], &self.values[at][..len]);
                    elementwise::backward(*function, x, y, gradient, to, adds.inputs[0]);
                }
                Operation::Scale { from, columns, .. } => {
                    columns.backward(gradient, &mut self.value_gradients[from.0], adds.inputs[0]);
                }
                Operation::Drop { from, .. } => {
                    elementwise::multiply(gradient, mask, &mut self.value_gradients[from.0], adds.inputs[0]);
                }
                Operation::Norm { from, norm, .. } => {
                    let back = Back {
                        parameters: &mut self.gradients,
                        adds_parameters: adds.parameters,
                        input: &mut self.value_gradients[from.0],
                        adds_input: adds.inputs[0],
                    };
                    norm.backward([numbers, &self.values[from.0], gradient], &mut self.scratch.gemm, mask, back);
                }
                Operation::Noise { from, noise, .. } => {
                    noise.backward(gradient, mask, &mut self.value_gradients[from.0], adds.inputs[0]);
                }
                Operation::Add { terms, .. } => {
                    for (term, add) in terms.iter().zip(&adds.inputs) {
                        let to = &mut self.value_gradients[term.0];
                        let len = len.min(to.len());
                        elementwise::copy(&gradient[..len], &mut to[..len], *add);
                    }
                }
                Operation::Multiply { factors: [left, right], .. } => {
                    for ((factor, other), add) in [(left, right), (right, left)].into_iter().zip(&adds.inputs) {
                        let to = &mut self.value_gradients[factor.0];
                        elementwise::multiply(gradient, &self.values[other.0], to, *add);
                    }
                }
                Operation::Prepare { from, .. } => prepare::zero(&mut self.value_gradients[from.0], adds.inputs[0]),
                Operation::Embed { from, table, width, .. } => {
                    prepare::zero(&mut self.value_gradients[from.0], adds.inputs[0]);
                    let to = &mut self.gradients[table.clone()];
                    prepare::embed_backward(&self.values[from.0], gradient, *width, to, adds.parameters);
                }
                Operation::Concat { parts, .. } => {
                    let parts = parts.iter().map(|part| (part.0, self.program.widths[part.0])).zip(&adds.inputs);
                    prepare::concat_backward(gradient, len / rows.max(1), parts, &mut self.value_gradients);
                }
                Operation::Operator { from, operator, .. } => {
                    elementwise::flush_product(gradient);
                    let back = Back {
                        parameters: &mut self.gradients,
                        adds_parameters: adds.parameters,
                        input: &mut self.value_gradients[from.0],
                        adds_input: adds.inputs[0],
                    };
                    let (x, scratch) = (&*self.values[from.0], &mut self.scratch.gemm);
                    operator.backward(Backward { rows, numbers, x, gradient, scratch, kept: mask }, back);
                }
            }
            self.value_gradients[at] = taken;
        }
    }
}
