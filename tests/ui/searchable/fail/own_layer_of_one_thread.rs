use dfdx::{
    nn::{Module, ModuleMut, ZeroSizedModule},
    tensor::CpuError,
};
use dropgrid::prelude::{Linear, searchable};

#[derive(Debug, Clone, Default)]
struct Same(std::rc::Rc<()>);

impl ZeroSizedModule for Same {}

impl<T> Module<T> for Same {
    type Output = T;
    type Error = CpuError;

    fn try_forward(&self, input: T) -> Result<T, Self::Error> {
        Ok(input)
    }
}

impl<T> ModuleMut<T> for Same {
    type Output = T;
    type Error = CpuError;

    fn try_forward_mut(&mut self, input: T) -> Result<T, Self::Error> {
        Ok(input)
    }
}

#[searchable]
struct Mlp {
    hidden: (Linear<4, 8>, Same),
    output: Linear<8, 3>,
}

fn main() {}
