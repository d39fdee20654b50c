//! What a program is made of.

use std::ops::Range;

use super::{Value, norm::Norm};
use crate::kernel::{columns::Columns, map::Function, mask::Rate, noise::Noise};

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
        rectify: bool,
        rate: Option<Rate>,
        layer: u32,
    },
    Map {
        from: Value,
        to: Value,
        function: Function,
    },
    /// Each column moved and scaled.
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
        left: Value,
        right: Value,
        to: Value,
    },
}

impl Operation {
    pub(super) fn to(&self) -> Value {
        match self {
            Self::Linear { to, .. }
            | Self::Map { to, .. }
            | Self::Scale { to, .. }
            | Self::Drop { to, .. }
            | Self::Norm { to, .. }
            | Self::Noise { to, .. }
            | Self::Add { to, .. } => *to,
        }
    }

    pub(super) fn inputs(&self) -> [Option<Value>; 2] {
        match self {
            Self::Linear { from, .. }
            | Self::Map { from, .. }
            | Self::Scale { from, .. }
            | Self::Drop { from, .. }
            | Self::Norm { from, .. }
            | Self::Noise { from, .. } => [Some(*from), None],
            Self::Add { left, right, .. } => [Some(*left), Some(*right)],
        }
    }

    /// The first of the parameters, whose others are used where it is used.
    pub(super) fn weight(&self) -> Option<&Range<usize>> {
        match self {
            Self::Linear { weight, .. } => Some(weight),
            Self::Norm { norm, .. } => Some(norm.weight()),
            _ => None,
        }
    }

    /// How many numbers it keeps from one way to the other, for `len` numbers that come out.
    pub(super) fn kept(&self, len: usize) -> usize {
        match self {
            Self::Drop { .. } | Self::Noise { .. } => len,
            Self::Norm { norm, .. } => norm.kept(len),
            _ => 0,
        }
    }

    /// Makes `next`, the only reader of this operation, part of it; false where that is not possible.
    ///
    /// A dropout is taken only after a rectifier: where 0 comes out, no gradient passes either of them, so the output
    /// says all that their derivatives need.
    pub(super) fn take(&mut self, next: &Self) -> bool {
        match (self, next) {
            (Self::Linear { to, rectify, rate: None, .. }, Self::Map { to: after, function: Function::Relu, .. })
                if !*rectify =>
            {
                *rectify = true;
                *to = *after;
                true
            }
            (
                Self::Linear { to, rectify: true, rate, layer, .. },
                Self::Drop { to: after, rate: taken, layer: stream, .. },
            ) if rate.is_none() => {
                *rate = Some(*taken);
                *layer = *stream;
                *to = *after;
                true
            }
            _ => false,
        }
    }
}
