//! Layers as operations of a [`Program`].

use std::ops::Range;

use dfdx::{
    nn::tensor_collection::TensorCollection,
    shapes::{HasShape, Shape},
    tensor::{Cpu, Tensor},
};

use super::input::InputShape;
use crate::{
    nn::tensor::{
        Parts, each_tensor, each_tensor_mut,
        numbers::{address, numbers},
    },
    program::{Parameter, Program, Value},
};

/// A layer that can be lowered to a [`Program`], dropgrid's training step.
///
/// A network trains and predicts as a program if all its layers can be lowered. The program allocates its buffers once
/// for each fit and uses no tape. Any other network trains on dfdx's tape and predicts by dfdx's forward pass. Both
/// compute the same losses, except for rounding and the random numbers of dropout.
///
/// Implement it for your own layer by the `lower` of its parts:
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
    /// Appends the operations of a forward pass through this layer, applied to `input`, and returns their output. An
    /// evaluation program omits dropout and noise by itself. Its batch normalisation uses the running statistics.
    fn lower(&self, program: &mut Program, input: Value) -> Value;
}

/// Returns the program of a training pass through `network`.
pub(crate) fn program<N: InputShape + Lower + TensorCollection<f32, Cpu>>(network: &N) -> Program {
    let mut program = Program::new(N::Sample::default().concrete().as_ref());
    let output = network.lower(&mut program, Program::INPUT);
    with_places(program.finish(output), network)
}

/// Returns the program of an evaluation pass through `network`. It has no noise, and values that depend only on the
/// parameters are computed in advance.
pub(crate) fn evaluation_program<N: InputShape + Lower + TensorCollection<f32, Cpu>>(network: &N) -> Program {
    let mut program = Program::new(N::Sample::default().concrete().as_ref()).evaluation();
    let output = network.lower(&mut program, Program::INPUT);
    with_places(program.finish(output), network)
}

/// Records where each tensor of the network is among the parameters and the state of the program.
fn with_places(mut program: Program, network: &dyn Parts) -> Program {
    let find = |known: &[Parameter], address| known.iter().find(|one| Some(one.address) == address).cloned();
    let (mut places, mut state_places) = (Vec::new(), Vec::new());
    // Reading tensors cannot fail on the CPU.
    let _ = each_tensor(network, |tensor, is_trained| {
        let address = tensor.address();
        places.push(find(&program.parameters, address).filter(|_| is_trained));
        state_places.push(find(&program.states, address).filter(|_| !is_trained));
        Ok(())
    });
    (program.places, program.state_places) = (places, state_places);
    program
}

/// Copies `numbers`, the parameters of `program`, and the program's state to the tensors of `network`.
///
/// Tensors are identified by their order. Their addresses may change: writing to a tensor that shares its buffer with
/// another allocates a new buffer.
pub(crate) fn write_back(program: &Program, numbers: &[f32], network: &mut dyn Parts) {
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

/// Adds a tensor to the parameters of a program. Returns its range among them.
pub(in crate::nn) fn parameter<S: Shape>(program: &mut Program, tensor: &Tensor<S, f32, Cpu>) -> Range<usize> {
    let (address, numbers) = address_and_numbers(tensor);
    program.parameter(address, &numbers)
}

impl Program {
    /// Adds a trained tensor of a layer as a value that is the same for each sample, with the axes of the tensor. Its
    /// gradient is the sum over the samples. With [`add`](Self::add) and [`multiply`](Self::multiply), it takes a value
    /// of the same shape.
    ///
    /// The tensor must be one of those that the layer's `TensorCollection` visits. A product with a matrix is the `lower`
    /// of a [`Linear`](crate::nn::Linear).
    /// ```
    /// # use dfdx::{shapes::Rank1, tensor::{Cpu, Tensor}};
    /// # use dropgrid_core::{nn::Lower, program::{Program, Value}};
    /// /// A learned factor for each of eight numbers.
    /// struct Gain {
    ///     gain: Tensor<Rank1<8>, f32, Cpu>,
    /// }
    ///
    /// impl Lower for Gain {
    ///     fn lower(&self, program: &mut Program, input: Value) -> Value {
    ///         let gain = program.tensor(&self.gain);
    ///         program.multiply(input, gain)
    ///     }
    /// }
    /// ```
    pub fn tensor<S: Shape>(&mut self, tensor: &Tensor<S, f32, Cpu>) -> Value {
        let range = parameter(self, tensor);
        self.repeat(range, tensor.shape().concrete().as_ref().to_vec())
    }
}

/// Adds a tensor to the state of a program. Returns its range in the state.
pub(in crate::nn) fn state<S: Shape>(program: &mut Program, tensor: &Tensor<S, f32, Cpu>) -> Range<usize> {
    let (address, numbers) = address_and_numbers(tensor);
    program.state(address, &numbers)
}

/// Returns the address and the numbers of a tensor. The address of an empty tensor is 0.
pub(in crate::nn) fn address_and_numbers<S: Shape>(tensor: &Tensor<S, f32, Cpu>) -> (usize, Vec<f32>) {
    let numbers = numbers(tensor);
    (if numbers.is_empty() { 0 } else { address(tensor, S::Concrete::default()) }, numbers)
}

#[cfg(test)]
mod tests {
    use dfdx::{nn::BuildOnDevice, shapes::Rank1, tensor::AsArray};

    use super::*;
    use crate::nn::{Linear, builder};

    type Two = (Linear<2, 3, f32, Cpu>, Linear<3, 1, f32, Cpu>);

    impl InputShape for Two {
        type Sample = Rank1<2>;
    }

    #[test]
    fn shared_tensors_can_be_written_many_times() {
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
