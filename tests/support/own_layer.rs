//! Layers that dropgrid does not know.

/// Makes a struct a layer of the user's own, which takes tensors of any shape: what it gives in training, and in
/// evaluation.
macro_rules! own_layer {
    ($layer:ty, |$this:ident, $input:ident| train: $train:expr, evaluate: $evaluate:expr) => {
        const _: () = {
            use ::dfdx::{
                nn::{Module, ModuleMut, ZeroSizedModule},
                shapes::Shape,
                tensor::{Cpu, CpuError, NoneTape, OwnedTape, Tensor},
            };
            use ::dropgrid::{TakesInput, nn::InputShape};

            impl ZeroSizedModule for $layer {}

            impl<Rest: InputShape> TakesInput<Rest> for $layer {
                type Sample = Rest::Sample;
            }

            impl<S: Shape> Module<Tensor<S, f32, Cpu, NoneTape>> for $layer {
                type Output = Tensor<S, f32, Cpu, NoneTape>;
                type Error = CpuError;

                fn try_forward(&self, $input: Tensor<S, f32, Cpu, NoneTape>) -> Result<Self::Output, CpuError> {
                    #[allow(unused_variables)]
                    let $this = self;
                    Ok($evaluate)
                }
            }

            impl<S: Shape> ModuleMut<Tensor<S, f32, Cpu, OwnedTape<f32, Cpu>>> for $layer {
                type Output = Tensor<S, f32, Cpu, OwnedTape<f32, Cpu>>;
                type Error = CpuError;

                fn try_forward_mut(
                    &mut self,
                    $input: Tensor<S, f32, Cpu, OwnedTape<f32, Cpu>>,
                ) -> Result<Self::Output, CpuError> {
                    let $this = self;
                    Ok($train)
                }
            }
        };
    };
}
pub(super) use own_layer;
