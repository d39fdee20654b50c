//! A check that training reaches every tensor that is to be trained.

use dfdx::tensor::{Cpu, Gradients};

use crate::{
    error::Failure,
    model::{Network, device},
    nn::{Part, each_part, each_tensor},
    program::Program,
};

/// The trainable tensors of a network on the tape to which no gradient has come yet.
///
/// A gradient may well be 0, as behind a rectifier that is dead: before the passes that are looked at, gradients are set to
/// -0, and whatever is added to that, also 0, makes 0 of it or another number. Where nothing was added in any of a number
/// of passes, no pass has the tensors on its tape.
#[derive(Debug)]
pub(super) struct GradientReach {
    /// For each trainable tensor, in the order in which the network is walked, whether a gradient came.
    reached: Vec<bool>,
    passes: usize,
}

/// Passes after which what has got no gradient gets none: a branch that is taken at random is by then.
const PASSES: usize = 64;

/// What nothing is added to stays.
const UNTOUCHED: u32 = (-0.0_f32).to_bits();

impl GradientReach {
    /// Before the first pass of `network`.
    pub(super) fn new<N: Network>(network: &N) -> Self {
        let mut reached = Vec::new();
        // Looking at tensors cannot fail on the CPU.
        let _ = each_tensor(network, |tensor, is_trained| {
            if is_trained {
                // A tensor without numbers has nothing to train.
                reached.push(tensor.address().is_none());
            }
            Ok(())
        });
        Self { reached, passes: 0 }
    }

    /// Whether every tensor has got a gradient.
    fn is_whole(&self) -> bool {
        self.reached.iter().all(|reached| *reached)
    }

    /// Prepares the gradients of the next pass, which are 0.
    ///
    /// # Errors
    /// [`Failure::Device`] where there is not the memory.
    pub(super) fn before<N: Network>(&self, network: &N, gradients: &mut Gradients<f32, Cpu>) -> Result<(), Failure> {
        if self.is_whole() {
            return Ok(());
        }
        let fill = |tensor: &dyn crate::nn::AnyTensor, is_trained| {
            if is_trained {
                tensor.gradient(gradients)?.fill(-0.0);
            }
            Ok(())
        };
        each_tensor(network, fill).map_err(device)
    }

    /// Looks at the gradients of the pass, and leaves them as they would be without [`before`](Self::before).
    ///
    /// # Errors
    /// [`Failure::Untrained`] where enough passes have gone by; [`Failure::Device`] where there is not the memory.
    pub(super) fn after<N: Network>(
        &mut self,
        network: &N,
        gradients: &mut Gradients<f32, Cpu>,
    ) -> Result<(), Failure> {
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

    /// Whether every tensor has got a gradient by now.
    ///
    /// # Errors
    /// [`Failure::Untrained`].
    pub(super) fn check<N: Network>(&self, network: &N) -> Result<(), Failure> {
        if self.is_whole() || self.passes == 0 {
            return Ok(());
        }
        let mut reached = self.reached.iter();
        missing(network, || reached.next() == Some(&true))
    }
}

/// Whether every trainable tensor of `network` is a parameter of its program.
///
/// # Errors
/// [`Failure::Untrained`].
pub(in crate::train) fn check_program<N: Network>(network: &N, program: &Program) -> Result<(), Failure> {
    let mut places = Vec::new();
    let mut known = program.places.iter();
    let _ = each_tensor(network, |tensor, is_trained| {
        let place = known.next();
        if is_trained {
            places.push(tensor.address().is_none() || place.is_none_or(Option::is_some));
        }
        Ok(())
    });
    let mut places = places.into_iter();
    missing(network, || places.next() != Some(false))
}

/// An error with the trainable tensors of which `is_reached`, asked for each in order, is not true.
fn missing<N: Network>(network: &N, mut is_reached: impl FnMut() -> bool) -> Result<(), Failure> {
    let mut tensors = Vec::new();
    let _ = each_part(network, |name, part| {
        if matches!(part, Part::Tensor(_, true)) && !is_reached() {
            tensors.push(name);
        }
        Ok(())
    });
    if tensors.is_empty() { Ok(()) } else { Err(Failure::Untrained { tensors }) }
}
