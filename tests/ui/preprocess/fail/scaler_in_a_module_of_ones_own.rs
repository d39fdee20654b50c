use dfdx::{
    nn::{
        Module,
        tensor_collection::{ModuleVisitor, TensorCollection},
        BuildOnDevice, ModuleMut,
    },
    shapes::Const,
    tensor::{Cpu, CpuError, NoneTape, OwnedTape, Tensor},
};
use dropgrid::{TakesInput, nn, prelude::*};

#[derive(Debug, Clone, Copy)]
struct Scaled;

#[derive(Debug, Clone)]
struct BuiltScaled(nn::Standardize<2, f32, Cpu>);

impl BuildOnDevice<Cpu, f32> for Scaled {
    type Built = BuiltScaled;
}

impl TensorCollection<f32, Cpu> for BuiltScaled {
    type To<E: dfdx::shapes::Dtype, D: dfdx::tensor_ops::Device<E>> = BuiltScaled;

    fn iter_tensors<V: ModuleVisitor<Self, f32, Cpu>>(_: &mut V) -> Result<Option<BuiltScaled>, V::Err> {
        Ok(None)
    }
}

impl<Rest> TakesInput<Rest> for BuiltScaled {
    type Sample = dfdx::shapes::Rank1<2>;
}

impl Module<Tensor<(usize, Const<2>), f32, Cpu, NoneTape>> for BuiltScaled {
    type Output = Tensor<(usize, Const<2>), f32, Cpu, NoneTape>;
    type Error = CpuError;

    fn try_forward(&self, input: Tensor<(usize, Const<2>), f32, Cpu, NoneTape>) -> Result<Self::Output, CpuError> {
        self.0.try_forward(input)
    }
}

impl ModuleMut<Tensor<(usize, Const<2>), f32, Cpu, OwnedTape<f32, Cpu>>> for BuiltScaled {
    type Output = Tensor<(usize, Const<2>), f32, Cpu, OwnedTape<f32, Cpu>>;
    type Error = CpuError;

    fn try_forward_mut(
        &mut self,
        input: Tensor<(usize, Const<2>), f32, Cpu, OwnedTape<f32, Cpu>>,
    ) -> Result<Self::Output, CpuError> {
        self.0.try_forward_mut(input)
    }
}

#[searchable]
struct Mlp {
    scale: Scaled,
    output: Linear<2, 3>,
}

fn main() {}
