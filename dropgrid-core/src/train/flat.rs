//! The trainable tensors of a network, one after the other in one slice.

use dfdx::{
    nn::tensor_collection::{
        RecursiveWalker, TensorCollection, TensorOptions, TensorVisitor, ViewTensorMut, ViewTensorRef,
    },
    shapes::Shape,
    tensor::{Cpu, CpuError, Gradients, Tensor},
};

use crate::{error::Failure, kernel::Lines, model::device};

/// Copies of a network's parameters and gradients, in the order in which the network is walked.
///
/// Numbers lie as they lie in the tensors' memory, which is the same for a tensor and its gradient.
pub(super) struct Flat {
    /// The numbers of each tensor.
    lens: Vec<usize>,
    pub(super) parameters: Lines,
    pub(super) gradients: Lines,
}

impl Flat {
    /// Room for all trainable tensors of `network`, whose gradients are those that it has allocated.
    ///
    /// # Errors
    /// [`Failure::Device`] where there is not the memory.
    pub(super) fn new<N: TensorCollection<f32, Cpu>>(
        network: &N,
        gradients: &mut Gradients<f32, Cpu>,
    ) -> Result<Self, Failure> {
        let mut measure = Measure { lens: Vec::new(), gradients };
        N::iter_tensors(&mut RecursiveWalker { m: network, f: &mut measure }).map_err(device)?;
        let lens = measure.lens;
        let len = lens.iter().sum();
        Ok(Self { lens, parameters: Lines::filled(0.0, len)?, gradients: Lines::filled(0.0, len)? })
    }

    /// Copies the network's parameters and their gradients.
    ///
    /// # Errors
    /// [`Failure::Device`] where there is not the memory for a gradient that the network lacks.
    pub(super) fn read<N: TensorCollection<f32, Cpu>>(
        &mut self,
        network: &N,
        gradients: &mut Gradients<f32, Cpu>,
    ) -> Result<(), Failure> {
        let mut read = Read { flat: self, at: 0, gradients };
        N::iter_tensors(&mut RecursiveWalker { m: network, f: &mut read }).map_err(device)?;
        Ok(())
    }

    /// Writes `numbers`, which lie as the parameters do, to the network.
    pub(super) fn write<N: TensorCollection<f32, Cpu>>(&self, numbers: &[f32], network: &mut N) {
        let mut write = Write { lens: self.lens.iter(), numbers };
        // Writing to tensors cannot fail on the CPU, and builds nothing.
        let _ = N::iter_tensors(&mut RecursiveWalker { m: network, f: &mut write });
    }
}

struct Measure<'a> {
    lens: Vec<usize>,
    gradients: &'a mut Gradients<f32, Cpu>,
}

impl TensorVisitor<f32, Cpu> for Measure<'_> {
    type Viewer = ViewTensorRef;
    type Err = CpuError;
    type E2 = f32;
    type D2 = Cpu;

    fn visit<S: Shape>(
        &mut self,
        options: TensorOptions<S, f32, Cpu>,
        tensor: &Tensor<S, f32, Cpu>,
    ) -> Result<Option<Tensor<S, f32, Cpu>>, CpuError> {
        if options.do_gradient_update {
            self.lens.push(self.gradients.get_or_alloc_mut(tensor)?.len());
        }
        Ok(None)
    }
}

struct Read<'a> {
    flat: &'a mut Flat,
    at: usize,
    gradients: &'a mut Gradients<f32, Cpu>,
}

impl TensorVisitor<f32, Cpu> for Read<'_> {
    type Viewer = ViewTensorRef;
    type Err = CpuError;
    type E2 = f32;
    type D2 = Cpu;

    fn visit<S: Shape>(
        &mut self,
        options: TensorOptions<S, f32, Cpu>,
        tensor: &Tensor<S, f32, Cpu>,
    ) -> Result<Option<Tensor<S, f32, Cpu>>, CpuError> {
        if options.do_gradient_update {
            let gradient = self.gradients.get_or_alloc_mut(tensor)?;
            let range = self.at..self.at + gradient.len();
            self.at = range.end;
            tensor.copy_into(&mut self.flat.parameters[range.clone()]);
            self.flat.gradients[range].copy_from_slice(gradient);
        }
        Ok(None)
    }
}

struct Write<'a> {
    lens: std::slice::Iter<'a, usize>,
    numbers: &'a [f32],
}

impl TensorVisitor<f32, Cpu> for Write<'_> {
    type Viewer = ViewTensorMut;
    type Err = CpuError;
    type E2 = f32;
    type D2 = Cpu;

    fn visit<S: Shape>(
        &mut self,
        options: TensorOptions<S, f32, Cpu>,
        tensor: &mut Tensor<S, f32, Cpu>,
    ) -> Result<Option<Tensor<S, f32, Cpu>>, CpuError> {
        if options.do_gradient_update
            && let Some(&len) = self.lens.next()
        {
            let (own, rest) = self.numbers.split_at(len);
            tensor.copy_from(own);
            self.numbers = rest;
        }
        Ok(None)
    }
}
