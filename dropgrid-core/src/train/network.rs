//! The networks of models: with dfdx's passes, or as programs.

use std::{any::Any, marker::PhantomData};

use dfdx::{
    nn::ZeroGrads,
    tensor::{Cpu, CpuError, Gradients, Trace},
};

use super::{
    erased_network::{ErasedNetwork, Evaluate, Take},
    loss::TrainTarget,
    passes::{Evaluator, evaluate},
    step::{ProgramBackend, TapeBackend, TrainingBackend},
};
use crate::{
    data::{
        Features,
        batches::{self, shape},
    },
    error::{Failure, Result},
    model::{Init, Model, Network, Visitor, device, has_own_layers, layers_of},
    nn::{Lower, Parts, Read, Write, evaluation_program, program},
    phase::{Pass, Training},
    program::Program,
};

/// A network with dfdx's passes.
pub(crate) struct TapedNetwork<N>(pub(crate) N);

impl<N: Parts> Parts for TapedNetwork<N> {
    fn read_parts(&self, read: &mut Read<'_>) -> Result<(), CpuError> {
        self.0.read_parts(read)
    }

    fn write_parts(&mut self, write: &mut Write<'_>) -> Result<(), CpuError> {
        self.0.write_parts(write)
    }
}

impl<N: Network> Evaluate for TapedNetwork<N> {
    fn outputs(&self, features: &Features, rows: &[usize], take: &Take<'_>) -> Result<Vec<f64>, Failure> {
        evaluate(&self.0, features, rows, take)
    }
}

impl<N: Network> ErasedNetwork<N::Output> for TapedNetwork<N> {
    fn input_shape(&self) -> Vec<usize> {
        shape::<N::Sample>()
    }

    fn layers(&self, fields: &[&str]) -> Vec<String> {
        layers_of::<N>(fields)
    }

    fn as_any(&self) -> &dyn Any {
        &self.0
    }

    fn train(
        &mut self,
        features: &Features,
        rows: &[usize],
        noise: u64,
        gradients: Gradients<f32, Cpu>,
    ) -> Result<Pass<N::Output, Training>, Failure> {
        // Dropout draws from the device of its input.
        let cpu = Cpu::seed_from_u64(noise);
        let input = batches::gather::<N::Sample>(&cpu, features, rows.iter().copied());
        self.0.train(Pass::from_tensor(input.traced(gradients)))
    }

    fn gradients(&self) -> Result<Gradients<f32, Cpu>, Failure> {
        self.0.try_alloc_grads().map_err(device)
    }

    fn zero(&self, gradients: &mut Gradients<f32, Cpu>) -> Result<(), Failure> {
        self.0.try_zero_grads(gradients).map_err(device)
    }
}

/// A network that trains and predicts as a program, with buffers that are allocated once.
pub(crate) struct LoweredNetwork<N> {
    network: N,
    evaluator: Evaluator,
}

impl<N> LoweredNetwork<N> {
    pub(crate) fn new(network: N) -> Self {
        Self { network, evaluator: Evaluator::default() }
    }
}

impl<N: Parts> Parts for LoweredNetwork<N> {
    fn read_parts(&self, read: &mut Read<'_>) -> Result<(), CpuError> {
        self.network.read_parts(read)
    }

    fn write_parts(&mut self, write: &mut Write<'_>) -> Result<(), CpuError> {
        // Its programs still have the old numbers.
        self.evaluator = Evaluator::default();
        self.network.write_parts(write)
    }
}

impl<N: Network + Lower> Evaluate for LoweredNetwork<N> {
    fn outputs(&self, features: &Features, rows: &[usize], take: &Take<'_>) -> Result<Vec<f64>, Failure> {
        self.evaluator.outputs(&|| evaluation_program(&self.network), features, rows, take)
    }
}

impl<N: Network + Lower> ErasedNetwork<N::Output> for LoweredNetwork<N> {
    fn input_shape(&self) -> Vec<usize> {
        shape::<N::Sample>()
    }

    fn layers(&self, fields: &[&str]) -> Vec<String> {
        layers_of::<N>(fields)
    }

    fn as_any(&self) -> &dyn Any {
        &self.network
    }

    fn program(&self) -> Option<Program> {
        Some(program(&self.network))
    }

    fn evaluation_program(&self) -> Option<Program> {
        Some(evaluation_program(&self.network))
    }
}

/// A network that has just been built for targets `T`, and the backend that it is compiled for.
pub(crate) struct BuiltNetwork<T: TrainTarget> {
    pub(crate) network: Box<dyn ErasedNetwork<T::Output>>,
    pub(crate) backend: &'static dyn TrainingBackend<T>,
}

/// Builds the network of a candidate.
///
/// # Errors
/// [`SpaceError::NotCompiled`](crate::error::SpaceError::NotCompiled); those of its layers.
pub(crate) fn build_network<M: Model, T: TrainTarget<Output = M::Output>>(
    params: &M::Params,
    init: &Init<'_>,
) -> Result<BuiltNetwork<T>> {
    M::visit(params, Build { init, target: PhantomData })?
}

struct Build<'a, T> {
    init: &'a Init<'a>,
    target: PhantomData<fn() -> T>,
}

impl<M: Model, T: TrainTarget<Output = M::Output>> Visitor<M> for Build<'_, T> {
    type Value = Result<BuiltNetwork<T>>;

    fn visit<N: Network<Output = M::Output>>(self, build: impl FnOnce(&Init) -> Result<N>) -> Self::Value {
        Ok(BuiltNetwork { network: Box::new(TapedNetwork(build(self.init)?)), backend: &TapeBackend })
    }

    fn visit_lowered<N>(self, build: impl FnOnce(&Init) -> Result<N>) -> Self::Value
    where
        N: Network<Output = M::Output> + Lower,
    {
        Ok(BuiltNetwork { network: Box::new(LoweredNetwork::new(build(self.init)?)), backend: &ProgramBackend })
    }
}

/// The type of a network, as far as data and files are checked against it.
pub(crate) struct NetworkType {
    /// The shape of one sample of input.
    pub(crate) input: Vec<usize>,
    /// The layers with the names of their fields and their types.
    pub(crate) layers: Vec<String>,
    /// True if a layer is neither dropgrid's nor dfdx's.
    pub(crate) has_own_layers: bool,
}

impl NetworkType {
    /// Returns the type of a candidate's network, without building one.
    ///
    /// # Errors
    /// [`SpaceError::NotCompiled`](crate::error::SpaceError::NotCompiled).
    pub(crate) fn of<M: Model>(params: &M::Params) -> Result<Self> {
        M::visit(params, ReadType)
    }
}

struct ReadType;

impl<M: Model> Visitor<M> for ReadType {
    type Value = NetworkType;

    fn visit<N: Network<Output = M::Output>>(self, _build: impl FnOnce(&Init) -> Result<N>) -> NetworkType {
        NetworkType {
            input: shape::<N::Sample>(),
            layers: layers_of::<N>(M::LAYERS),
            has_own_layers: has_own_layers::<N>(),
        }
    }
}
