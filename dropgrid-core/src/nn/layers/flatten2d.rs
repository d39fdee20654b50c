//! The layer that flattens images.

use dfdx::{
    nn::{Module, ModuleMut, ZeroSizedModule},
    shapes::{Const, Dim, Dtype, HasShape},
    tensor::Tensor,
    tensor_ops::{Device, ReshapeTo},
};

use crate::{
    graph::{Edge, Graph},
    nn::{Export, Lower, size::Flattens, tensor::cpu_f32::TapedTensor},
    program::{Program, Value},
};

/// Flattens each image to a row, in row-major order of (channel, height, width), as dfdx and PyTorch do.
///
/// Shapes: (C, H, W) to (C H W), or (rows, C, H, W) to (rows, C H W). The compiler computes them ([`Flattens`]).
///
/// # Examples
/// ```
/// # use dfdx::{nn::Module, shapes::{Rank1, Rank3}, tensor::{Cpu, Tensor, ZerosTensor}};
/// # use dropgrid_core::nn::Flatten2D;
/// let image: Tensor<Rank3<16, 3, 3>, f32, _> = Cpu::default().zeros();
/// let _: Tensor<Rank1<144>, f32, _> = Flatten2D.forward(image);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Flatten2D;

impl ZeroSizedModule for Flatten2D {}

impl Export for Flatten2D {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        let width = graph.shape(input).iter().product();
        graph.reshape(input, &[width])
    }
}

impl Lower for Flatten2D {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        program.flatten(input)
    }
}

macro_rules! takes {
    ($([$($axis:ident)*])*) => {$(
        impl<$($axis: Dim,)* const C: usize, const H: usize, const W: usize, E: Dtype, D: Device<E>>
            Module<Tensor<($($axis,)* Const<C>, Const<H>, Const<W>), E, D>> for Flatten2D
        where
            (Const<C>, Const<H>, Const<W>): Flattens,
        {
            type Output = Tensor<($($axis,)* <(Const<C>, Const<H>, Const<W>) as Flattens>::Row,), E, D>;
            type Error = D::Err;

            #[allow(non_snake_case, reason = "an axis and its type")]
            fn try_forward(
                &self,
                input: Tensor<($($axis,)* Const<C>, Const<H>, Const<W>), E, D>,
            ) -> Result<Self::Output, D::Err> {
                let ($($axis,)* _, _, _) = *input.shape();
                input.try_reshape_like(&($($axis,)* Default::default(),))
            }
        }

        impl<$($axis: Dim,)* const C: usize, const H: usize, const W: usize, E: Dtype, D: Device<E>>
            ModuleMut<TapedTensor<($($axis,)* Const<C>, Const<H>, Const<W>), E, D>> for Flatten2D
        where
            (Const<C>, Const<H>, Const<W>): Flattens,
        {
            type Output =
                TapedTensor<($($axis,)* <(Const<C>, Const<H>, Const<W>) as Flattens>::Row,), E, D>;
            type Error = D::Err;

            #[allow(non_snake_case, reason = "an axis and its type")]
            fn try_forward_mut(
                &mut self,
                input: TapedTensor<($($axis,)* Const<C>, Const<H>, Const<W>), E, D>,
            ) -> Result<Self::Output, D::Err> {
                let ($($axis,)* _, _, _) = *input.shape();
                input.try_reshape_like(&($($axis,)* Default::default(),))
            }
        }
    )*};
}

takes!([][B]);
