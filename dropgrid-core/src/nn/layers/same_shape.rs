//! Layers whose output has the shape of their input.

use dfdx::{
    shapes::{Dtype, Shape},
    tensor::{NoneTape, OwnedTape, Tensor},
    tensor_ops::Device,
};

use crate::nn::tensor::cpu_f32::{TapedTensor, TensorResult};

/// The evaluation and training pass of a layer whose output has the shape of its input.
pub(super) trait SameShape {
    /// Computes an evaluation pass. The default returns the input.
    fn evaluate<S: Shape, E: Dtype, D: Device<E>>(&self, input: Tensor<S, E, D>) -> TensorResult<S, E, D, NoneTape> {
        Ok(input)
    }

    /// Computes a training pass.
    fn train<S: Shape, E: Dtype, D: Device<E>>(
        &self,
        input: TapedTensor<S, E, D>,
    ) -> TensorResult<S, E, D, OwnedTape<E, D>>;
}

/// Implements dfdx's traits of both passes by [`SameShape`], for tensors of any shape or only with the listed axes.
macro_rules! same_shape {
    ($layer:ident $(<$n:ident>)?) => {
        $crate::nn::layers::same_shape::same_shape!(
            @of [$(const $n: usize,)? S: ::dfdx::shapes::Shape,] $layer $(<$n>)?, S
        );
    };
    ($layer:ident: $(($($axis:ident)+))+) => {$(
        $crate::nn::layers::same_shape::same_shape!(
            @of [$($axis: ::dfdx::shapes::Dim,)+] $layer, ($($axis,)+)
        );
    )+};
    (@of [$($generics:tt)+] $layer:ty, $shape:ty) => {
        impl<$($generics)+ E: ::dfdx::shapes::Dtype, D: ::dfdx::tensor_ops::Device<E>>
            ::dfdx::nn::Module<::dfdx::tensor::Tensor<$shape, E, D>> for $layer
        {
            type Output = ::dfdx::tensor::Tensor<$shape, E, D>;
            type Error = D::Err;

            fn try_forward(&self, input: ::dfdx::tensor::Tensor<$shape, E, D>) -> Result<Self::Output, D::Err> {
                $crate::nn::layers::same_shape::SameShape::evaluate(self, input)
            }
        }

        impl<$($generics)+ E: ::dfdx::shapes::Dtype, D: ::dfdx::tensor_ops::Device<E>>
            ::dfdx::nn::ModuleMut<$crate::nn::tensor::cpu_f32::TapedTensor<$shape, E, D>> for $layer
        {
            type Output = $crate::nn::tensor::cpu_f32::TapedTensor<$shape, E, D>;
            type Error = D::Err;

            fn try_forward_mut(
                &mut self,
                input: $crate::nn::tensor::cpu_f32::TapedTensor<$shape, E, D>,
            ) -> Result<Self::Output, D::Err> {
                $crate::nn::layers::same_shape::SameShape::train(self, input)
            }
        }
    };
}
pub(super) use same_shape;
