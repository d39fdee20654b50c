//! Networks without their types, so that the code which trains, scores and stores them is compiled once for all
//! networks.

use std::any::Any;

use dfdx::tensor::{Cpu, Gradients};

use crate::{
    data::{Features, batches::Sample},
    error::Failure,
    nn::Parts,
    phase::{Pass, Training},
    program::Program,
};

/// Computes numbers from the outputs of some rows, and appends them to a vector.
///
/// # Errors
/// [`Failure::NonFiniteOutput`].
pub(super) type Take<'a> = dyn Fn(&[usize], &[f32], &mut Vec<f64>) -> Result<(), Failure> + Sync + 'a;

/// Runs evaluation passes.
pub(crate) trait Evaluate {
    /// Returns the numbers that `take` appends for the outputs of the given rows, batch by batch, in their order. The
    /// caller has checked the length of rows.
    ///
    /// # Errors
    /// Those of `take`; [`Failure::Device`] if memory runs out.
    fn outputs(&self, features: &Features, rows: &[usize], take: &Take<'_>) -> Result<Vec<f64>, Failure>;
}

/// A network of any type, whose output has the shape `O` per sample.
pub(crate) trait ErasedNetwork<O: Sample>: Evaluate + Parts + Send + Sync {
    /// Returns the shape of one sample of input.
    fn input_shape(&self) -> Vec<usize>;

    /// Returns the layers with the names of their fields and their types.
    fn layers(&self, fields: &[&str]) -> Vec<String>;

    fn as_any(&self) -> &dyn Any;

    /// Returns the program of its training passes; `None` if it trains on dfdx's tape.
    fn program(&self) -> Option<Program> {
        None
    }

    /// Returns the program of its evaluation passes; `None` if dfdx runs them.
    fn evaluation_program(&self) -> Option<Program> {
        None
    }

    /// Returns the number of codes if the network runs as a program and takes rows of codes.
    fn codes(&self) -> Option<usize> {
        self.evaluation_program().and_then(|program| program.codes())
    }

    /// Runs one training pass on dfdx's tape, with the given gradients and the seed of the noise.
    ///
    /// # Errors
    /// [`Failure::Device`] if memory runs out; [`Failure::Build`] for a network that trains as a program.
    fn train(
        &mut self,
        _features: &Features,
        _rows: &[usize],
        _noise: u64,
        _gradients: Gradients<f32, Cpu>,
    ) -> Result<Pass<O, Training>, Failure> {
        Err(no_tape())
    }

    /// Allocates gradients of 0 for all trainable tensors.
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
