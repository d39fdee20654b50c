//! A walk over all that a network holds, whatever the shapes.
//!
//! dfdx hands a visitor each tensor by its own type, so each visitor is compiled anew for each network. There are two here,
//! one that reads and one that writes; what is done with a tensor is a closure, compiled once.

use std::any::Any;

use dfdx::{
    nn::tensor_collection::{
        RecursiveWalker, ScalarOptions, TensorCollection, TensorOptions, TensorVisitor, ViewTensorMut, ViewTensorName,
        ViewTensorRef,
    },
    shapes::{HasShape, Shape},
    tensor::{Cpu, CpuError, Gradients, Tensor, TensorFromVec},
};
use num_traits::NumCast;

use super::tensors;

/// A tensor, whatever its shape.
pub(crate) trait AnyTensor {
    /// Its axes.
    fn shape(&self) -> Vec<usize>;

    /// Its numbers, row-major.
    fn numbers(&self) -> Vec<f32>;

    /// Writes its memory to a slice of that length.
    fn copy_into(&self, memory: &mut [f32]);

    /// Where its numbers lie; nothing where it has none.
    fn address(&self) -> Option<usize>;

    /// Its gradient, which has as many numbers as its memory.
    ///
    /// # Errors
    /// [`CpuError`] where there is not the memory for one that is not there yet.
    fn gradient<'g>(&self, gradients: &'g mut Gradients<f32, Cpu>) -> Result<&'g mut Vec<f32>, CpuError>;

    /// Itself, which shares its numbers with the network's until either changes.
    fn share(&self) -> Box<dyn Any>;
}

/// A tensor to be changed, whatever its shape.
pub(crate) trait AnyTensorMut: AnyTensor {
    /// Writes a slice of the length of its memory to that.
    fn copy_from(&mut self, memory: &[f32]);

    /// Takes a new memory with these numbers, row-major.
    ///
    /// # Errors
    /// [`CpuError`] where there is not the memory, or another number of numbers.
    fn replace(&mut self, numbers: Vec<f32>) -> Result<(), CpuError>;

    /// Becomes what was [shared](AnyTensor::share) of a tensor of its type.
    fn restore(&mut self, shared: &dyn Any);
}

impl<S: Shape> AnyTensor for Tensor<S, f32, Cpu> {
    fn shape(&self) -> Vec<usize> {
        HasShape::shape(self).concrete().into_iter().collect()
    }

    fn numbers(&self) -> Vec<f32> {
        tensors::numbers(self)
    }

    fn copy_into(&self, memory: &mut [f32]) {
        Self::copy_into(self, memory);
    }

    fn address(&self) -> Option<usize> {
        let is_any = HasShape::shape(self).num_elements() > 0;
        is_any.then(|| tensors::address(self, S::Concrete::default()))
    }

    fn gradient<'g>(&self, gradients: &'g mut Gradients<f32, Cpu>) -> Result<&'g mut Vec<f32>, CpuError> {
        gradients.get_or_alloc_mut(self).map(|gradient| &mut **gradient)
    }

    fn share(&self) -> Box<dyn Any> {
        Box::new(self.clone())
    }
}

impl<S: Shape> AnyTensorMut for Tensor<S, f32, Cpu> {
    fn copy_from(&mut self, memory: &[f32]) {
        Self::copy_from(self, memory);
    }

    fn replace(&mut self, numbers: Vec<f32>) -> Result<(), CpuError> {
        let shape = *HasShape::shape(self);
        *self = Cpu::default().try_tensor_from_vec(numbers, shape)?;
        Ok(())
    }

    fn restore(&mut self, shared: &dyn Any) {
        if let Some(shared) = shared.downcast_ref::<Self>() {
            self.clone_from(shared);
        }
    }
}

/// What a network holds.
pub(crate) enum Part<T, V> {
    /// A tensor, and whether it is trained: what a normalisation has seen is not.
    Tensor(T, bool),
    /// A setting of a layer, as the rate of a dropout: NaN where a double holds it not.
    Setting(V),
}

/// Shows each part of `network` with its name, in dfdx's order.
///
/// # Errors
/// Those of `see`: reading by itself cannot fail on the CPU.
pub(crate) fn each_part<N: TensorCollection<f32, Cpu>>(
    network: &N,
    mut see: impl FnMut(String, Part<&dyn AnyTensor, f64>) -> Result<(), CpuError>,
) -> Result<(), CpuError> {
    N::iter_tensors(&mut RecursiveWalker { m: (network, String::new()), f: &mut See(&mut see) }).map(drop)
}

/// As [`each_part`], with parts that may be changed.
///
/// # Errors
/// Those of `change`.
pub(crate) fn each_part_mut<N: TensorCollection<f32, Cpu>>(
    network: &mut N,
    mut change: impl FnMut(String, Part<&mut dyn AnyTensorMut, &mut f64>) -> Result<(), CpuError>,
) -> Result<(), CpuError> {
    N::iter_tensors(&mut RecursiveWalker { m: (network, String::new()), f: &mut Change(&mut change) }).map(drop)
}

/// Shows each tensor of `network`, and whether it is trained.
///
/// # Errors
/// Those of `see`.
pub(crate) fn each_tensor<N: TensorCollection<f32, Cpu>>(
    network: &N,
    mut see: impl FnMut(&dyn AnyTensor, bool) -> Result<(), CpuError>,
) -> Result<(), CpuError> {
    each_part(network, |_, part| match part {
        Part::Tensor(tensor, is_trained) => see(tensor, is_trained),
        Part::Setting(_) => Ok(()),
    })
}

/// As [`each_tensor`], with tensors that may be changed.
///
/// # Errors
/// Those of `change`.
pub(crate) fn each_tensor_mut<N: TensorCollection<f32, Cpu>>(
    network: &mut N,
    mut change: impl FnMut(&mut dyn AnyTensorMut, bool) -> Result<(), CpuError>,
) -> Result<(), CpuError> {
    each_part_mut(network, |_, part| match part {
        Part::Tensor(tensor, is_trained) => change(tensor, is_trained),
        Part::Setting(_) => Ok(()),
    })
}

type Seeing<'a> = dyn FnMut(String, Part<&dyn AnyTensor, f64>) -> Result<(), CpuError> + 'a;

struct See<'a>(&'a mut Seeing<'a>);

impl TensorVisitor<f32, Cpu> for See<'_> {
    type Viewer = (ViewTensorRef, ViewTensorName);
    type Err = CpuError;
    type E2 = f32;
    type D2 = Cpu;

    fn visit<S: Shape>(
        &mut self,
        options: TensorOptions<S, f32, Cpu>,
        (tensor, name): (&Tensor<S, f32, Cpu>, String),
    ) -> Result<Option<Tensor<S, f32, Cpu>>, CpuError> {
        (self.0)(name, Part::Tensor(tensor, options.do_gradient_update)).map(|()| None)
    }

    fn visit_scalar<N: NumCast>(
        &mut self,
        _: ScalarOptions<N>,
        (value, name): (&N, String),
    ) -> Result<Option<N>, CpuError> {
        (self.0)(name, Part::Setting(value.to_f64().unwrap_or(f64::NAN))).map(|()| None)
    }
}

type Changing<'a> = dyn FnMut(String, Part<&mut dyn AnyTensorMut, &mut f64>) -> Result<(), CpuError> + 'a;

struct Change<'a>(&'a mut Changing<'a>);

impl TensorVisitor<f32, Cpu> for Change<'_> {
    type Viewer = (ViewTensorMut, ViewTensorName);
    type Err = CpuError;
    type E2 = f32;
    type D2 = Cpu;

    fn visit<S: Shape>(
        &mut self,
        options: TensorOptions<S, f32, Cpu>,
        (tensor, name): (&mut Tensor<S, f32, Cpu>, String),
    ) -> Result<Option<Tensor<S, f32, Cpu>>, CpuError> {
        (self.0)(name, Part::Tensor(tensor, options.do_gradient_update)).map(|()| None)
    }

    fn visit_scalar<N: NumCast>(
        &mut self,
        _: ScalarOptions<N>,
        (value, name): (&mut N, String),
    ) -> Result<Option<N>, CpuError> {
        let before = value.to_f64().unwrap_or(f64::NAN);
        let mut now = before;
        (self.0)(name, Part::Setting(&mut now))?;
        if now.to_bits() != before.to_bits()
            && let Some(number) = N::from(now)
        {
            *value = number;
        }
        Ok(None)
    }
}
