use dfdx::nn::{Module, NonMutableModule, ZeroSizedModule};
use dropgrid::{Tunable, prelude::*};

#[derive(Debug, Clone, Default)]
struct Same;

impl ZeroSizedModule for Same {}

impl NonMutableModule for Same {}

impl<T> Module<T> for Same {
    type Output = T;
    type Error = dfdx::tensor::CpuError;

    fn try_forward(&self, input: T) -> Result<T, Self::Error> {
        Ok(input)
    }
}

impl Tunable for Same {
    const SETTING: &'static str = "strength";

    fn tune(&mut self, _value: f64) {}
}

#[searchable(input = 2)]
struct Mlp {
    #[fixed(0.1)]
    same: Same,
    output: Linear<2, 3>,
}

fn main() {}
