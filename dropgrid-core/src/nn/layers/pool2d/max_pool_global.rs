//! Global max pooling of images.

use dfdx::{
    nn::ZeroSizedModule,
    shapes::{Dim, Dtype, HasShape},
    tensor_ops::{Device, MaxTo},
};

use super::passes;
use crate::{
    graph::{Edge, Graph},
    kernel::{pool::Pool, windows::Windows},
    nn::{Export, Lower},
    program::{Program, Value},
};

/// Global max pooling: the maximum of each channel of an image. Same as PyTorch's
/// [`AdaptiveMaxPool2d(1)`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveMaxPool2d.html).
///
/// If several values are the maximum, the first in row-major order gets the gradient. NaN counts as the maximum. With
/// other devices or number types than the CPU and `f32`, each maximum gets the whole gradient and NaN is ignored, as in
/// dfdx.
///
/// Shapes: (C, H, W) to (C), or (rows, C, H, W) to (rows, C).
///
/// # Examples
/// ```
/// # use dfdx::{nn::Module, tensor::{AsArray, Cpu, TensorFrom}};
/// # use dropgrid_core::nn::MaxPoolGlobal;
/// let image = Cpu::default().tensor([[[1.0_f32, 2.0], [8.0, 3.0]]]);
/// assert_eq!(MaxPoolGlobal.forward(image).array(), [8.0]);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MaxPoolGlobal;

impl ZeroSizedModule for MaxPoolGlobal {}

impl Export for MaxPoolGlobal {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        graph.pool_all(input, Pool::Max)
    }
}

impl Lower for MaxPoolGlobal {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        program.pool_all(input, Pool::Max)
    }
}

/// Returns the window that covers the whole image.
fn whole(channels: usize, height: usize, width: usize) -> Windows {
    Windows::new([channels, height, width], [height, width], [1, 0, 1])
}

macro_rules! takes {
    ($([$($axis:ident)*])*) => {$(
        passes! {
            [$($axis: Dim,)* C: Dim, H: Dim, W: Dim, E: Dtype, D: Device<E>] [] MaxPoolGlobal:
            ($($axis,)* C, H, W) => ($($axis,)* C,),
            |input, pass| {
                let ($($axis,)* c, h, w) = *input.shape();
                pass(Pool::Max, whole(c.size(), h.size(), w.size()), input, ($($axis,)* c,), MaxTo::try_max)
            }
        }
    )*};
}

takes!([][B]);
