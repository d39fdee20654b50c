//! Layers as operations of a [`Program`].

use std::ops::Range;

use dfdx::{
    nn::{
        modules::{
            Abs, AvgPoolGlobal, BatchNorm1D, BatchNorm2D, FastGeLU, GeneralizedResidual, LayerNorm1D, ReLU, Repeated,
            Residual, Sigmoid, Square, Tanh,
        },
        tensor_collection::TensorCollection,
    },
    shapes::Shape,
    tensor::{Cpu, Tensor},
};

use super::{
    Dropout, InputShape, Linear,
    tensors::{address, numbers},
    walk::{each_tensor, each_tensor_mut},
};
use crate::{
    kernel::{map::Function, pool::Pool},
    program::{Parameter, Program, Value},
};

/// A layer that dropgrid's own training step can run.
///
/// Where every layer of a network is one, a step runs on buffers that a fit allocates once, without dfdx's tape. Where
/// one is not, the network trains on the tape, as any dfdx network. Both give the same losses, up to rounding and to
/// the draws of dropout.
///
/// Implement it for a layer of your own that is made of such layers:
/// ```
/// # use dfdx::{nn::modules::ReLU, tensor::Cpu};
/// # use dropgrid_core::{nn::{Linear, Lower}, program::{Program, Value}};
/// struct TwiceTheSame(Linear<8, 8, f32, Cpu>);
///
/// impl Lower for TwiceTheSame {
///     fn lower(&self, program: &mut Program, input: Value) -> Value {
///         let once = self.0.lower(program, input);
///         self.0.lower(program, once)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not run on dropgrid's own training step",
    note = "networks with such a layer train on dfdx's tape; implement `dropgrid::nn::Lower` to change that"
)]
pub trait Lower {
    /// Appends what a training pass through this layer does to `input`; gives what comes out.
    fn lower(&self, program: &mut Program, input: Value) -> Value;
}

/// What a training pass through `network` does.
pub(crate) fn program<N: InputShape + Lower + TensorCollection<f32, Cpu>>(network: &N) -> Program {
    let mut program = Program::new(N::Sample::default().concrete().as_ref());
    let output = network.lower(&mut program, Program::INPUT);
    let mut program = program.finish(output);
    let find = |known: &[Parameter], address| known.iter().find(|one| Some(one.address) == address).cloned();
    let (mut places, mut state_places) = (Vec::new(), Vec::new());
    // Looking at tensors cannot fail on the CPU.
    let _ = each_tensor(network, |tensor, is_trained| {
        let address = tensor.address();
        places.push(find(&program.parameters, address).filter(|_| is_trained));
        state_places.push(find(&program.states, address).filter(|_| !is_trained));
        Ok(())
    });
    (program.places, program.state_places) = (places, state_places);
    program
}

/// Writes `numbers`, which lie as the parameters of a program do, to the tensors that those were read from, and the
/// program's state to its tensors.
///
/// Tensors are known by their order: one that is written while something else shares its numbers moves to another
/// address.
pub(crate) fn write_back<N: TensorCollection<f32, Cpu>>(program: &Program, numbers: &[f32], network: &mut N) {
    let (mut places, mut state_places) = (program.places.iter(), program.state_places.iter());
    // Writing to tensors cannot fail on the CPU.
    let _ = each_tensor_mut(network, |tensor, _| {
        if let Some(Some(place)) = places.next() {
            tensor.copy_from(&place.of(numbers));
        }
        if let Some(Some(place)) = state_places.next() {
            tensor.copy_from(&place.of(&program.state));
        }
        Ok(())
    });
}

/// The place of a tensor among the parameters of a program.
pub(super) fn parameter<S: Shape>(program: &mut Program, tensor: &Tensor<S, f32, Cpu>) -> Range<usize> {
    let (address, numbers) = found(tensor);
    program.parameter(address, &numbers)
}

/// The place of a tensor in the state of a program.
fn state<S: Shape>(program: &mut Program, tensor: &Tensor<S, f32, Cpu>) -> Range<usize> {
    let (address, numbers) = found(tensor);
    program.state(address, &numbers)
}

/// Where a tensor lies, and its numbers.
pub(super) fn found<S: Shape>(tensor: &Tensor<S, f32, Cpu>) -> (usize, Vec<f32>) {
    let numbers = numbers(tensor);
    (if numbers.is_empty() { 0 } else { address(tensor, S::Concrete::default()) }, numbers)
}

impl<const I: usize, const O: usize> Lower for Linear<I, O, f32, Cpu> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        let (weight, bias) = (parameter(program, &self.weight), parameter(program, &self.bias));
        program.linear(input, [I, O], weight, bias)
    }
}

impl<const M: usize> Lower for LayerNorm1D<M, f32, Cpu> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        let (gamma, beta) = (parameter(program, &self.gamma), parameter(program, &self.beta));
        program.layer_norm(input, gamma, beta, self.epsilon as f32)
    }
}

macro_rules! batch_norm {
    ($($layer:ident),+) => {$(
        impl<const C: usize> Lower for $layer<C, f32, Cpu> {
            fn lower(&self, program: &mut Program, input: Value) -> Value {
                let parameters = [&self.scale, &self.bias].map(|tensor| parameter(program, tensor));
                let statistics = [&self.running_mean, &self.running_var].map(|tensor| state(program, tensor));
                program.batch_norm(input, [self.epsilon, self.momentum], parameters, statistics)
            }
        }
    )+};
}

batch_norm!(BatchNorm1D, BatchNorm2D);

impl Lower for AvgPoolGlobal {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        program.pool_all(input, Pool::Average)
    }
}

impl Lower for Dropout {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        program.dropout(input, self.p)
    }
}

macro_rules! functions {
    ($($layer:ident is $function:ident),+) => {$(
        impl Lower for $layer {
            fn lower(&self, program: &mut Program, input: Value) -> Value {
                program.map(input, Function::$function)
            }
        }
    )+};
}

functions!(ReLU is Relu, Tanh is Tanh, Sigmoid is Sigmoid, FastGeLU is FastGelu, Square is Square, Abs is Abs);

impl<F: Lower> Lower for Residual<F> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        let body = self.0.lower(program, input);
        program.add(body, input)
    }
}

impl<F: Lower, R: Lower> Lower for GeneralizedResidual<F, R> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        let left = self.f.lower(program, input);
        let right = self.r.lower(program, input);
        program.add(left, right)
    }
}

impl<F: Lower, const N: usize> Lower for Repeated<F, N> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        self.modules.iter().fold(input, |value, module| module.lower(program, value))
    }
}

macro_rules! tuple {
    ($($layer:ident)+) => {
        impl<$($layer: Lower),+> Lower for ($($layer,)+) {
            #[allow(non_snake_case, reason = "a layer and its type")]
            fn lower(&self, program: &mut Program, value: Value) -> Value {
                let ($($layer,)+) = self;
                $(let value = $layer.lower(program, value);)+
                value
            }
        }
    };
}

tuple!(A);
tuple!(A B);
tuple!(A B C);
tuple!(A B C D);
tuple!(A B C D E);
tuple!(A B C D E F);

#[cfg(test)]
mod tests {
    use dfdx::{nn::BuildOnDevice, shapes::Rank1, tensor::AsArray};

    use super::*;
    use crate::nn::builder;

    type Two = (Linear<2, 3, f32, Cpu>, Linear<3, 1, f32, Cpu>);

    impl InputShape for Two {
        type Sample = Rank1<2>;
    }

    #[test]
    fn tensors_that_are_shared_are_written_as_often_as_one_likes() {
        let mut network = <(builder::Linear<2, 3>, builder::Linear<3, 1>)>::build_on_device(&Cpu::seed_from_u64(1));
        let program = program(&network);
        let mut kept = vec![network.clone()];
        for round in 1..4 {
            let numbers: Vec<f32> = program.numbers.iter().map(|number| number + round as f32).collect();
            write_back(&program, &numbers, &mut network);
            let bias = kept[0].1.bias.array()[0];
            assert_eq!(network.1.bias.array(), [bias + round as f32]);
            kept.push(network.clone());
        }
    }
}
