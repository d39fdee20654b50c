//! The operations of a program.

use std::{ops::Range, sync::Arc};

use super::{Tail, Value, norm::Norm, operator::Operator, prepare::Prepare};
use crate::kernel::{
    columns::Columns, conv::Conv, elementwise::Function, mask::Rate, noise::Noise, pool::Pool, windows::Windows,
};

/// One operation: where it reads, where it writes, and its settings.
#[derive(Debug, Clone)]
pub(super) enum Operation {
    /// A matrix product with a bias, and the rectifier and dropout that follow it.
    Linear {
        from: Value,
        to: Value,
        inputs: usize,
        outputs: usize,
        weight: Range<usize>,
        bias: Range<usize>,
        tail: Tail,
    },
    /// A convolution with a bias, and the rectifier and dropout that follow it. Channels lie last.
    Conv {
        from: Value,
        to: Value,
        conv: Conv,
        weight: Range<usize>,
        bias: Range<usize>,
        tail: Tail,
    },
    /// A pooling. Channels lie last.
    Pool {
        from: Value,
        to: Value,
        kind: Pool,
        windows: Windows,
    },
    /// The transpose of each sample, which puts channels last, or first.
    Transpose {
        from: Value,
        to: Value,
        size: [usize; 2],
    },
    /// A function of each number.
    Elementwise {
        from: Value,
        to: Value,
        function: Function,
    },
    /// An affine map of each column.
    Scale {
        from: Value,
        to: Value,
        columns: Columns,
    },
    Drop {
        from: Value,
        to: Value,
        rate: Rate,
        layer: u32,
    },
    Norm {
        from: Value,
        to: Value,
        norm: Norm,
    },
    Noise {
        from: Value,
        to: Value,
        noise: Noise,
        layer: u32,
    },
    Add {
        terms: [Value; 2],
        to: Value,
    },
    /// The product of two values, number by number.
    Multiply {
        factors: [Value; 2],
        to: Value,
    },
    /// The preparation of columns, whose numbers are fixed for the life of a program.
    Prepare {
        from: Value,
        to: Value,
        prepare: Prepare,
    },
    /// The rows of a table of parameters, of `width` numbers each, by their numbers.
    Embed {
        from: Value,
        to: Value,
        table: Range<usize>,
        width: usize,
    },
    /// Values side by side.
    Concat {
        parts: Vec<Value>,
        to: Value,
    },
    /// An operation that stands in a file of its own.
    Operator {
        from: Value,
        to: Value,
        operator: Arc<dyn Operator>,
    },
}

impl Operation {
    pub(super) fn to(&self) -> Value {
        match self {
            Self::Linear { to, .. }
            | Self::Conv { to, .. }
            | Self::Pool { to, .. }
            | Self::Transpose { to, .. }
            | Self::Elementwise { to, .. }
            | Self::Scale { to, .. }
            | Self::Drop { to, .. }
            | Self::Norm { to, .. }
            | Self::Noise { to, .. }
            | Self::Add { to, .. }
            | Self::Multiply { to, .. }
            | Self::Prepare { to, .. }
            | Self::Embed { to, .. }
            | Self::Concat { to, .. }
            | Self::Operator { to, .. } => *to,
        }
    }

    pub(super) fn inputs(&self) -> &[Value] {
        match self {
            Self::Linear { from, .. }
            | Self::Conv { from, .. }
            | Self::Pool { from, .. }
            | Self::Transpose { from, .. }
            | Self::Elementwise { from, .. }
            | Self::Scale { from, .. }
            | Self::Drop { from, .. }
            | Self::Norm { from, .. }
            | Self::Noise { from, .. }
            | Self::Prepare { from, .. }
            | Self::Embed { from, .. }
            | Self::Operator { from, .. } => std::slice::from_ref(from),
            Self::Add { terms, .. } => terms,
            Self::Multiply { factors, .. } => factors,
            Self::Concat { parts, .. } => parts,
        }
    }

    /// The first of the parameters. The others are used wherever it is.
    pub(super) fn weight(&self) -> Option<&Range<usize>> {
        match self {
            Self::Linear { weight, .. } | Self::Conv { weight, .. } => Some(weight),
            Self::Norm { norm, .. } => Some(norm.weight()),
            Self::Embed { table, .. } => Some(table),
            Self::Operator { operator, .. } => operator.weight(),
            _ => None,
        }
    }

    /// True where a pass draws random numbers.
    pub(super) fn draws(&self) -> bool {
        match self {
            Self::Linear { tail, .. } | Self::Conv { tail, .. } => tail.rate.is_some(),
            Self::Drop { .. } | Self::Noise { .. } => true,
            Self::Operator { operator, .. } => operator.draws(),
            _ => false,
        }
    }

    /// The count of numbers to keep for the backward pass of `rows` samples, whose output has `len` numbers.
    pub(super) fn kept(&self, rows: usize, len: usize) -> usize {
        match self {
            Self::Operator { operator, .. } => operator.kept(rows),
            Self::Drop { .. } | Self::Noise { .. } => len,
            Self::Norm { norm, .. } => norm.kept(len),
            _ => 0,
        }
    }

    /// Makes `next`, the only reader of this operation, part of it. Returns false where that is not possible.
    ///
    /// A dropout is taken only after a rectifier. Where the output of both is 0, neither passes a gradient, so the
    /// output is enough for their derivatives.
    pub(super) fn take(&mut self, next: &Self) -> bool {
        let (Self::Linear { to, tail, .. } | Self::Conv { to, tail, .. }) = self else { return false };
        *to = match next {
            Self::Elementwise { to, function: Function::Relu, .. } if !tail.rectify => {
                tail.rectify = true;
                *to
            }
            Self::Drop { to, rate, layer, .. } if tail.rectify && tail.rate.is_none() => {
                (tail.rate, tail.layer) = (Some(*rate), *layer);
                *to
            }
            _ => return false,
        };
        true
    }
}
