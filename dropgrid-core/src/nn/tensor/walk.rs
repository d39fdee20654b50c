//! Visitors of the tensors and settings of a network, for any shape.
//!
//! dfdx calls a visitor with each tensor in its static type, so a visitor is compiled for each network. This module has
//! one visitor that reads and one that writes; both call a closure. [`Parts`] offers them without the type of the
//! network, so that code which uses it is compiled once.

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

use super::numbers::{address, numbers};

/// A tensor of any shape.
pub(crate) trait AnyTensor {
    /// Returns the lengths of the axes.
    fn shape(&self) -> Vec<usize>;

    /// Returns the numbers, row-major.
    fn numbers(&self) -> Vec<f32>;

    /// Copies the tensor's memory to a slice of the same length.
    fn copy_into(&self, memory: &mut [f32]);

    /// Returns the address of the numbers, or `None` if the tensor is empty.
    fn address(&self) -> Option<usize>;

    /// Returns the gradient, which has the length of the tensor's memory. Allocates it if there is none.
    ///
    /// # Errors
    /// [`CpuError`] if the memory cannot be allocated.
    fn gradient<'g>(&self, gradients: &'g mut Gradients<f32, Cpu>) -> Result<&'g mut Vec<f32>, CpuError>;

    /// Returns a clone, which shares its memory with this tensor until either of them is changed.
    fn share(&self) -> Box<dyn Any>;
}

/// A mutable tensor of any shape.
pub(crate) trait AnyTensorMut: AnyTensor {
    /// Copies a slice of the same length to the tensor's memory.
    fn copy_from(&mut self, memory: &[f32]);

    /// Replaces the tensor's memory by one with these numbers, row-major.
    ///
    /// # Errors
    /// [`CpuError`] if the memory cannot be allocated, or if the shape has another number of elements.
    fn replace(&mut self, numbers: Vec<f32>) -> Result<(), CpuError>;

    /// Replaces the tensor by a clone that [`share`](AnyTensor::share) made of a tensor of the same type.
    fn restore(&mut self, shared: &dyn Any);
}

impl<S: Shape> AnyTensor for Tensor<S, f32, Cpu> {
    fn shape(&self) -> Vec<usize> {
        HasShape::shape(self).concrete().into_iter().collect()
    }

    fn numbers(&self) -> Vec<f32> {
        numbers(self)
    }

    fn copy_into(&self, memory: &mut [f32]) {
        Self::copy_into(self, memory);
    }

    fn address(&self) -> Option<usize> {
        let is_any = HasShape::shape(self).num_elements() > 0;
        is_any.then(|| address(self, S::Concrete::default()))
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

/// A part of a network: a tensor `T` or a setting `V`.
pub(crate) enum Part<T, V> {
    /// A tensor and a flag, which is false for tensors without a gradient such as running statistics.
    Tensor(T, bool),
    /// A setting of a layer, such as the rate of a dropout. It is NaN if an `f64` cannot represent it.
    Setting(V),
}

/// The tensors and settings of a network or a layer of any type.
pub(crate) trait Parts {
    /// Calls `read` with the name and the value of each part, in the order of the fields.
    ///
    /// # Errors
    /// Fails with the errors of `read`. Visiting itself cannot fail on the CPU.
    fn read_parts(&self, read: &mut Read<'_>) -> Result<(), CpuError>;

    /// Calls `write` with the name of each part and the part as a mutable reference, in the order of the fields.
    ///
    /// # Errors
    /// Fails with the errors of `write`.
    fn write_parts(&mut self, write: &mut Write<'_>) -> Result<(), CpuError>;
}

impl<N: TensorCollection<f32, Cpu>> Parts for N {
    fn read_parts(&self, read: &mut Read<'_>) -> Result<(), CpuError> {
        N::iter_tensors(&mut RecursiveWalker { m: (self, String::new()), f: &mut Reader(read) }).map(drop)
    }

    fn write_parts(&mut self, write: &mut Write<'_>) -> Result<(), CpuError> {
        N::iter_tensors(&mut RecursiveWalker { m: (self, String::new()), f: &mut Writer(write) }).map(drop)
    }
}

/// Calls `read` with the name and the value of each part of `network`, see [`Parts::read_parts`].
///
/// # Errors
/// Fails with the errors of `read`.
pub(crate) fn each_part(
    network: &(impl Parts + ?Sized),
    mut read: impl FnMut(String, Part<&dyn AnyTensor, f64>) -> Result<(), CpuError>,
) -> Result<(), CpuError> {
    network.read_parts(&mut read)
}

/// Calls `write` with each part of `network`, see [`Parts::write_parts`].
///
/// # Errors
/// Fails with the errors of `write`.
pub(crate) fn each_part_mut(
    network: &mut (impl Parts + ?Sized),
    mut write: impl FnMut(String, Part<&mut dyn AnyTensorMut, &mut f64>) -> Result<(), CpuError>,
) -> Result<(), CpuError> {
    network.write_parts(&mut write)
}

/// Calls `read` with each tensor of `network` and true if the tensor is trained.
///
/// # Errors
/// Fails with the errors of `read`.
pub(crate) fn each_tensor(
    network: &(impl Parts + ?Sized),
    mut read: impl FnMut(&dyn AnyTensor, bool) -> Result<(), CpuError>,
) -> Result<(), CpuError> {
    each_part(network, |_, part| match part {
        Part::Tensor(tensor, is_trained) => read(tensor, is_trained),
        Part::Setting(_) => Ok(()),
    })
}

/// Calls `write` with each tensor of `network` as a mutable reference and true if the tensor is trained.
///
/// # Errors
/// Fails with the errors of `write`.
pub(crate) fn each_tensor_mut(
    network: &mut (impl Parts + ?Sized),
    mut write: impl FnMut(&mut dyn AnyTensorMut, bool) -> Result<(), CpuError>,
) -> Result<(), CpuError> {
    each_part_mut(network, |_, part| match part {
        Part::Tensor(tensor, is_trained) => write(tensor, is_trained),
        Part::Setting(_) => Ok(()),
    })
}

/// A closure that reads a part. It takes the name and the value.
pub(crate) type Read<'a> = dyn FnMut(String, Part<&dyn AnyTensor, f64>) -> Result<(), CpuError> + 'a;

/// The visitor of [`Parts::read_parts`].
struct Reader<'a, 'b>(&'a mut Read<'b>);

impl TensorVisitor<f32, Cpu> for Reader<'_, '_> {
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

/// A closure that writes a part. It takes the name and the part.
pub(crate) type Write<'a> = dyn FnMut(String, Part<&mut dyn AnyTensorMut, &mut f64>) -> Result<(), CpuError> + 'a;

/// The visitor of [`Parts::write_parts`].
struct Writer<'a, 'b>(&'a mut Write<'b>);

impl TensorVisitor<f32, Cpu> for Writer<'_, '_> {
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
