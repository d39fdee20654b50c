//! Training and evaluation are types.
//!
//! A pass through a network is a [`Pass<S, P>`] of some phase `P`. A [`Training`] pass carries a gradient tape, which
//! is what switches dropout on; an [`Evaluation`] pass carries none. Networks take the first by
//! [`Network::train`](crate::model::Network::train) only and the second by
//! [`Network::evaluate`](crate::model::Network::evaluate) only, and probabilities, the one thing that can be scored,
//! exist for the second only. There is no flag to set, and none to forget.
//!
//! # Examples
//! Scoring a training pass does not compile:
//! ```compile_fail,E0599
//! # use dfdx::shapes::Rank1;
//! # use dropgrid_core::{data::Features, phase::Pass, seed::Seed};
//! let features = Features::from_rows([[0.5, 0.5]])?;
//! let pass = Pass::<Rank1<2>, _>::training(&features, Seed(0))?;
//! pass.probabilities();
//! # Ok::<(), dropgrid_core::Error>(())
//! ```
//! Its twin of the other phase does:
//! ```
//! # use dfdx::shapes::Rank1;
//! # use dropgrid_core::{data::Features, phase::Pass};
//! let features = Features::from_rows([[0.5, 0.5]])?;
//! let pass = Pass::<Rank1<2>, _>::evaluation(&features)?;
//! assert_eq!(pass.probabilities(), [0.5, 0.5]);
//! # Ok::<(), dropgrid_core::Error>(())
//! ```

use std::fmt;

use dfdx::tensor::{Cpu, NoneTape, OwnedTape, Tape, Tensor, Trace};

use crate::{
    data::{
        Features,
        batches::{self, Sample},
    },
    error::{DataError, Error, Result},
    seed::{Purpose, Seed},
};

/// The purpose of a pass through a network: [`Training`] or [`Evaluation`].
pub trait Phase: sealed::Sealed {
    /// The tape that a tensor of this phase carries.
    type Tape: Tape<f32, Cpu>;
}

/// Gradients are recorded, dropout drops.
#[derive(Debug)]
pub enum Training {}

/// Nothing is recorded, nothing is dropped, the same input gives the same bits.
#[derive(Debug)]
pub enum Evaluation {}

impl Phase for Training {
    type Tape = OwnedTape<f32, Cpu>;
}

impl Phase for Evaluation {
    type Tape = NoneTape;
}

mod sealed {
    #[allow(unnameable_types, reason = "so that nobody else implements it")]
    pub trait Sealed {}
    impl Sealed for super::Training {}
    impl Sealed for super::Evaluation {}
}

/// A batch on its way through a network: the input before it, the output after it.
///
/// Shape: (rows, sample `S`).
pub struct Pass<S: Sample, P: Phase> {
    tensor: Tensor<S::Batch, f32, Cpu, P::Tape>,
}

impl<S: Sample, P: Phase> Pass<S, P> {
    /// A tensor with the tape of its phase.
    pub fn from_tensor(tensor: Tensor<S::Batch, f32, Cpu, P::Tape>) -> Self {
        Self { tensor }
    }

    /// The tensor with its tape.
    pub fn into_tensor(self) -> Tensor<S::Batch, f32, Cpu, P::Tape> {
        self.tensor
    }

    /// The values, row-major.
    pub fn values(&self) -> Vec<f32> {
        self.tensor.as_vec()
    }
}

impl<S: Sample> Pass<S, Training> {
    /// All rows of `features` as one training batch whose noise comes from `seed`.
    ///
    /// # Errors
    /// [`DataError::InputWidth`] where rows do not have the length of `S`.
    pub fn training(features: &Features, seed: Seed) -> Result<Self> {
        check_width::<S>(features)?;
        let device = Cpu::seed_from_u64(seed.key(Purpose::Noise).value());
        let tensor = batches::gather::<S>(&device, features, 0..features.len());
        Ok(Self { tensor: tensor.leaky_traced() })
    }
}

impl<S: Sample> Pass<S, Evaluation> {
    /// All rows of `features` as one evaluation batch.
    ///
    /// # Errors
    /// [`DataError::InputWidth`] where rows do not have the length of `S`.
    pub fn evaluation(features: &Features) -> Result<Self> {
        check_width::<S>(features)?;
        let tensor = batches::gather::<S>(&Cpu::default(), features, 0..features.len());
        Ok(Self { tensor })
    }

    /// The softmax of each row, row-major, computed in `f64`.
    pub fn probabilities(&self) -> Vec<f64> {
        let mut probabilities = Vec::new();
        softmaxes(&self.values(), batches::width::<S>(), &mut probabilities);
        probabilities
    }

    /// The logistic function of each value, row-major, computed in `f64`: probabilities of things that do not exclude
    /// each other.
    pub fn independent_probabilities(&self) -> Vec<f64> {
        let mut probabilities = Vec::new();
        logistics(&self.values(), &mut probabilities);
        probabilities
    }
}

impl<S: Sample, P: Phase> fmt::Debug for Pass<S, P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pass").field("values", &self.values()).finish()
    }
}

/// Appends the softmax of each row of `width` logits.
pub(crate) fn softmaxes(logits: &[f32], width: usize, out: &mut Vec<f64>) {
    logits.chunks_exact(width).for_each(|row| softmax(row, out));
}

/// Appends the logistic function of each number.
pub(crate) fn logistics(values: &[f32], out: &mut Vec<f64>) {
    // Of the smaller exponential, so that nothing overflows and none is rounded away.
    let logistic = |value: f64| {
        let small = libm::exp(-value.abs());
        if value < 0.0 { small / (1.0 + small) } else { 1.0 / (1.0 + small) }
    };
    out.extend(values.iter().map(|&value| logistic(f64::from(value))));
}

/// Appends the softmax of `logits`, shifted by their maximum so that nothing overflows.
fn softmax(logits: &[f32], out: &mut Vec<f64>) {
    let top = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let start = out.len();
    out.extend(logits.iter().map(|&logit| libm::exp(f64::from(logit) - f64::from(top))));
    let sum: f64 = out[start..].iter().sum();
    out[start..].iter_mut().for_each(|value| *value /= sum);
}

/// Checks that rows of `features` have the length of a sample `S`.
pub(crate) fn check_width<S: Sample>(features: &Features) -> Result<()> {
    check_len(features, batches::width::<S>())
}

/// Checks that every number of the rows is one of so many codes.
pub(crate) fn check_codes(features: &Features, codes: usize) -> Result<()> {
    for row in 0..features.len() {
        if let Some(column) = features.row(row).iter().position(|&number| !is_code(number, codes)) {
            let value = features.cell(row, column);
            let name = features.names().map_or_else(|| column.to_string(), |names| names[column].clone());
            return Err(Error::Data(DataError::CodeOutOfRange { row: row + 1, column: name, value, count: codes }));
        }
    }
    Ok(())
}

/// True of a whole number in 0..`codes`.
pub(crate) fn is_code(number: f32, codes: usize) -> bool {
    number >= 0.0 && number < codes as f32 && number.fract() == 0.0
}

/// Checks that rows of `features` have this length.
pub(crate) fn check_len(features: &Features, expected: usize) -> Result<()> {
    if features.width() == expected {
        return Ok(());
    }
    Err(Error::Data(DataError::InputWidth { expected, found: features.width() }))
}
