//! A check that gradients reach every trainable tensor.

use dfdx::tensor::{Cpu, Gradients};

use crate::{
    error::Failure,
    model::device,
    nn::{AnyTensor, Part, Parts, each_part, each_tensor},
    program::Program,
    train::checkpoint::StateCodec,
};

/// Monitors the first passes of a network on the tape for trainable tensors that get no gradient.
///
/// A gradient of 0, as behind a dead ReLU, counts as a gradient. To tell it from a missing one, gradients are set to -0
/// before each pass: adding anything to -0, even 0, changes its bits. A tensor to which no pass adds anything is not on
/// the tape.
#[derive(Debug)]
pub(super) struct GradientReach {
    /// For each trainable tensor, in the order of the network's fields, true if it has received a gradient.
    reached: Vec<bool>,
    passes: usize,
}

/// The number of passes after which a tensor without a gradient is an error. By then, any randomly taken branch has
/// been taken.
const PASSES: usize = 64;

/// The gradient of a tensor to which nothing was added.
const UNTOUCHED: u32 = (-0.0_f32).to_bits();

impl GradientReach {
    /// Makes the check before the first pass of `network`.
    pub(super) fn new(network: &dyn Parts) -> Self {
        let mut reached = Vec::new();
        // Looking at tensors cannot fail on the CPU.
        let _ = each_tensor(network, |tensor, is_trained| {
            if is_trained {
                // An empty tensor needs no gradient.
                reached.push(tensor.address().is_none());
            }
            Ok(())
        });
        Self { reached, passes: 0 }
    }

    /// Writes or reads the reached tensors and the number of passes. `None` if the stored ones are of another network.
    pub(super) fn code(&mut self, codec: &mut StateCodec<'_>) -> Option<()> {
        codec.count(&mut self.passes)?;
        codec.constant(self.reached.len())?;
        self.reached.iter_mut().try_for_each(|reached| codec.flag(reached))
    }

    /// Returns true if every tensor has received a gradient.
    fn is_whole(&self) -> bool {
        self.reached.iter().all(|reached| *reached)
    }

    /// Prepares the gradients for the next pass. They must be 0.
    ///
    /// # Errors
    /// [`Failure::Device`] if memory runs out.
    pub(super) fn before(&self, network: &dyn Parts, gradients: &mut Gradients<f32, Cpu>) -> Result<(), Failure> {
        if self.is_whole() {
            return Ok(());
        }
        let fill = |tensor: &dyn AnyTensor, is_trained| {
            if is_trained {
                tensor.gradient(gradients)?.fill(-0.0);
            }
            Ok(())
        };
        each_tensor(network, fill).map_err(device)
    }

    /// Notes which tensors the pass has reached, and undoes the effect of [`before`](Self::before) on the gradients.
    ///
    /// # Errors
    /// [`Failure::Untrained`] after enough passes; [`Failure::Device`] if memory runs out.
    pub(super) fn after(&mut self, network: &dyn Parts, gradients: &mut Gradients<f32, Cpu>) -> Result<(), Failure> {
        if self.is_whole() {
            return Ok(());
        }
        let mut reached = self.reached.iter_mut();
        each_tensor(network, |tensor, is_trained| {
            if is_trained && let Some(reached) = reached.next() {
                for gradient in tensor.gradient(gradients)? {
                    if gradient.to_bits() == UNTOUCHED {
                        *gradient = 0.0;
                    } else {
                        *reached = true;
                    }
                }
            }
            Ok(())
        })
        .map_err(device)?;
        self.passes += 1;
        if self.passes < PASSES { Ok(()) } else { self.check(network) }
    }

    /// Checks that every tensor has received a gradient.
    ///
    /// # Errors
    /// [`Failure::Untrained`].
    pub(super) fn check(&self, network: &dyn Parts) -> Result<(), Failure> {
        check_all(network, &self.reached)
    }
}

/// Checks that every trainable tensor of `network` is a parameter of its program.
///
/// # Errors
/// [`Failure::Untrained`].
pub(super) fn check_program(network: &dyn Parts, program: &Program) -> Result<(), Failure> {
    let mut places = Vec::new();
    let mut known = program.places.iter();
    let _ = each_tensor(network, |tensor, is_trained| {
        let place = known.next();
        if is_trained {
            places.push(tensor.address().is_none() || place.is_none_or(Option::is_some));
        }
        Ok(())
    });
    check_all(network, &places)
}

/// Returns an error with the trainable tensors that are not `reached`, in their order.
fn check_all(network: &dyn Parts, reached: &[bool]) -> Result<(), Failure> {
    if reached.iter().all(|reached| *reached) {
        return Ok(());
    }
    let (mut tensors, mut reached) = (Vec::new(), reached.iter());
    let _ = each_part(network, |name, part| {
        if matches!(part, Part::Tensor(_, true)) && reached.next() != Some(&true) {
            tensors.push(name);
        }
        Ok(())
    });
    Err(Failure::Untrained { tensors })
}
