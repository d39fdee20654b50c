//! Networks without their types, so that what trains, scores and keeps them is compiled once for all of them.

use std::any::Any;

use dfdx::tensor::{Cpu, Gradients};

use crate::{
    data::{Features, batches::Sample},
    error::Failure,
    nn::Parts,
    phase::{Pass, Training},
    program::Program,
};

/// Takes numbers from the outputs of some rows, and appends them to a vector.
///
/// # Errors
/// [`Failure::NonFiniteOutput`].
pub(super) type Take<'a> = dyn Fn(&[usize], &[f32], &mut Vec<f64>) -> Result<(), Failure> + Sync + 'a;

/// Runs evaluation passes.
pub(crate) trait Evaluate {
    /// The numbers that `take` appends for the outputs of each batch of the given rows, in their order. The caller has checked
    /// the length of rows.
    ///
    /// # Errors
    /// Those of `take`; [`Failure::Device`] where there is not the memory.
    fn outputs(&self, features: &Features, rows: &[usize], take: &Take<'_>) -> Result<Vec<f64>, Failure>;
}

/// A network of any type, whose samples of output have the shape `O`.
pub(crate) trait ErasedNetwork<O: Sample>: Evaluate + Parts + Send + Sync {
    /// The axes of one sample of input.
    fn input_shape(&self) -> Vec<usize>;

    /// The layers by the names of their fields, each with its type.
    fn layers(&self, fields: &[&str]) -> Vec<String>;

    fn as_any(&self) -> &dyn Any;

    /// The program of its training passes; `None` where it trains on dfdx's tape.
    fn program(&self) -> Option<Program> {
        None
    }

    /// The program of its evaluation passes; `None` where these are dfdx's.
    fn evaluation_program(&self) -> Option<Program> {
        None
    }

    /// The number of codes, where the network takes rows of codes; unknown where it trains on dfdx's tape.
    fn codes(&self) -> Option<usize> {
        self.evaluation_program().and_then(|program| program.codes())
    }

    /// One training pass on dfdx's tape, which has these gradients, with noise of that seed.
    ///
    /// # Errors
    /// [`Failure::Device`] where there is not the memory; [`Failure::Build`] for a network that trains as a program.
    fn train(
        &mut self,
        _features: &Features,
        _rows: &[usize],
        _noise: u64,
        _gradients: Gradients<f32, Cpu>,
    ) -> Result<Pass<O, Training>, Failure> {
        Err(no_tape())
    }

    /// Gradients for all trainable tensors, which are 0.
    ///
    /// # Errors
    /// Those of [`train`](Self::train).
    fn gradients(&self) -> Result<Gradients<f32, Cpu>, Failure> {
        Err(no_tape())
    }

    /// Sets the gradients of all trainable tensors to 0.
    ///
    /// # Errors
    /// Those of [`train`](Self::train).
    fn zero(&self, _gradients: &mut Gradients<f32, Cpu>) -> Result<(), Failure> {
        Err(no_tape())
    }
}

fn no_tape() -> Failure {
    Failure::Build { message: "the network trains as a program, and has no passes on a tape".to_owned() }
}
