//! Every number of a network by its name: trainable tensors, statistics, settings.

use std::collections::BTreeMap;

use dfdx::{
    nn::tensor_collection::{
        RecursiveWalker, ScalarOptions, TensorOptions, TensorVisitor, ViewTensorMut, ViewTensorName, ViewTensorRef,
    },
    shapes::{HasShape, Shape},
    tensor::{Cpu, CpuError, Tensor, TensorFromVec},
};
use num_traits::NumCast;

use crate::{
    error::Failure,
    model::{Network, device},
    nn::numbers,
};

/// The numbers of one tensor, row-major.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Stored {
    pub(crate) name: String,
    pub(crate) shape: Vec<usize>,
    pub(crate) numbers: Vec<f32>,
    /// Whether training changes it by gradients; a statistic it does not.
    pub(crate) trainable: bool,
}

/// All that a network holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Contents {
    /// In the order in which the network is walked.
    pub(crate) tensors: Vec<Stored>,
    /// Settings of layers, as the rate of a dropout.
    pub(crate) scalars: BTreeMap<String, f64>,
}

impl Contents {
    /// What `network` holds.
    pub(crate) fn of<N: Network>(network: &N) -> Self {
        let mut contents = Self::default();
        // Reading tensors cannot fail on the CPU, and builds nothing.
        let _ = N::iter_tensors(&mut RecursiveWalker { m: (network, String::new()), f: &mut contents });
        contents
    }

    /// The names of the tensors that training changes by no gradient: statistics.
    pub(crate) fn statistics(&self) -> impl Iterator<Item = &str> {
        self.tensors.iter().filter(|tensor| !tensor.trainable).map(|tensor| tensor.name.as_str())
    }

    /// The first number that is none, and the name of its tensor.
    pub(crate) fn non_finite(&self) -> Option<(&str, f32)> {
        let first = |tensor: &Stored| tensor.numbers.iter().copied().find(|number| !number.is_finite());
        self.tensors.iter().find_map(|tensor| Some((tensor.name.as_str(), first(tensor)?)))
    }

    /// The same without noise: with every rate of a dropout, a number called `p`, at 0, and every `stddev`, too.
    pub(crate) fn quiet(&self) -> Self {
        let mut quiet = self.clone();
        for (name, value) in &mut quiet.scalars {
            if matches!(name.rsplit('.').next(), Some("p" | "stddev")) {
                *value = 0.0;
            }
        }
        quiet
    }

    /// Writes the numbers to a network of the same type, by the order of its tensors.
    ///
    /// # Errors
    /// [`Failure::Device`] where there is not the memory.
    pub(crate) fn write<N: Network>(&self, network: &mut N) -> Result<(), Failure> {
        let mut write = Write { tensors: self.tensors.iter(), scalars: &self.scalars };
        N::iter_tensors(&mut RecursiveWalker { m: (network, String::new()), f: &mut write }).map_err(device)?;
        Ok(())
    }
}

impl TensorVisitor<f32, Cpu> for Contents {
    type Viewer = (ViewTensorRef, ViewTensorName);
    type Err = CpuError;
    type E2 = f32;
    type D2 = Cpu;

    fn visit<S: Shape>(
        &mut self,
        options: TensorOptions<S, f32, Cpu>,
        (tensor, name): (&Tensor<S, f32, Cpu>, String),
    ) -> Result<Option<Tensor<S, f32, Cpu>>, CpuError> {
        self.tensors.push(Stored {
            name,
            shape: tensor.shape().concrete().into_iter().collect(),
            numbers: numbers(tensor),
            trainable: options.do_gradient_update,
        });
        Ok(None)
    }

    fn visit_scalar<N: NumCast>(
        &mut self,
        _: ScalarOptions<N>,
        (value, name): (&N, String),
    ) -> Result<Option<N>, CpuError> {
        // A number that no double holds is kept as what it is not: saving refuses it.
        self.scalars.insert(name, value.to_f64().unwrap_or(f64::NAN));
        Ok(None)
    }
}

struct Write<'a> {
    tensors: std::slice::Iter<'a, Stored>,
    scalars: &'a BTreeMap<String, f64>,
}

impl TensorVisitor<f32, Cpu> for Write<'_> {
    type Viewer = (ViewTensorMut, ViewTensorName);
    type Err = CpuError;
    type E2 = f32;
    type D2 = Cpu;

    fn visit<S: Shape>(
        &mut self,
        _: TensorOptions<S, f32, Cpu>,
        (tensor, _): (&mut Tensor<S, f32, Cpu>, String),
    ) -> Result<Option<Tensor<S, f32, Cpu>>, CpuError> {
        if let Some(stored) = self.tensors.next() {
            // A new tensor, since the memory of the old one need not be row-major.
            let shape = *tensor.shape();
            *tensor = Cpu::default().try_tensor_from_vec(stored.numbers.clone(), shape)?;
        }
        Ok(None)
    }

    fn visit_scalar<N: NumCast>(
        &mut self,
        _: ScalarOptions<N>,
        (value, name): (&mut N, String),
    ) -> Result<Option<N>, CpuError> {
        if let Some(number) = self.scalars.get(&name).and_then(|&number| N::from(number)) {
            *value = number;
        }
        Ok(None)
    }
}
