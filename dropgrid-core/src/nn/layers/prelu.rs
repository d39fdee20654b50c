//! Rectified linear units with learned slopes.

use std::{any::Any, mem};

use dfdx::{
    nn::{
        BuildOnDevice, Module, ModuleMut,
        tensor_collection::{ModuleVisitor, TensorCollection, TensorOptions},
    },
    shapes::{Axes2, Axes3, Axis, Const, Dim, Dtype, HasShape, Rank1, Shape},
    tensor::{Cpu, CpuError, NoneTape, OwnedTape, PutTape, SplitTape, Storage, Tape, Tensor, TensorFromVec},
    tensor_ops::{BroadcastTo, Device, ReshapeTo, TryAdd, TryMul, TrySub},
};

use crate::{
    graph::{Edge, Graph},
    kernel::prelu,
    nn::{
        Export, InputShape, Lower, TakesInput,
        contract::lower::parameter,
        tensor::{
            cpu_f32::{self, TapedTensor, TensorResult, cast},
            numbers::numbers,
        },
    },
    program::{Program, Value},
};

pub(super) mod builder {
    /// The declaration of a rectified linear unit with one learned slope for negative inputs.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct PReLU;

    /// The declaration of a rectified linear unit with a learned slope for each of `C` channels.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct PReLU1D<const C: usize>;
}

/// The parametric rectified linear unit: x if x > 0, else a x, with a learned slope a ([He et al.
/// 2015](https://arxiv.org/abs/1502.01852)). The initial slope is 0.25. The derivative at 0 is the slope. Same as
/// PyTorch's [`PReLU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.PReLU.html).
///
/// Shapes: any; the output has the shape of the input.
#[derive(Debug, Clone)]
pub struct PReLU<E: Dtype, D: Storage<E>> {
    /// The slope. Shape (1).
    pub weight: Tensor<Rank1<1>, E, D>,
}

/// A [`PReLU`] with one slope for each of `C` channels, as PyTorch's `PReLU(num_parameters=C)`.
///
/// Shapes: (rows, C), (rows, C, steps) or (rows, C, H, W); the output has the shape of the input.
#[derive(Debug, Clone)]
pub struct PReLU1D<const C: usize, E: Dtype, D: Storage<E>> {
    /// The slopes. Shape (C).
    pub weight: Tensor<Rank1<C>, E, D>,
}

impl<E: Dtype, D: Device<E>> BuildOnDevice<D, E> for builder::PReLU {
    type Built = PReLU<E, D>;
}

impl<const C: usize, E: Dtype, D: Device<E>> BuildOnDevice<D, E> for builder::PReLU1D<C> {
    type Built = PReLU1D<C, E, D>;
}

/// The initial slope.
const INITIAL_SLOPE: f32 = 0.25;

#[allow(clippy::unnecessary_wraps, reason = "dfdx asks for a function that may fail")]
fn start<const C: usize, E: Dtype, D: Device<E>>(tensor: &mut Tensor<Rank1<C>, E, D>) -> Result<(), D::Err> {
    tensor.copy_from(&[E::from_f32(INITIAL_SLOPE).unwrap_or_default(); C]);
    Ok(())
}

impl<E: Dtype, D: Device<E>> TensorCollection<E, D> for PReLU<E, D> {
    type To<E2: Dtype, D2: Device<E2>> = PReLU<E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let options = TensorOptions::reset_with(start);
        let field = Self::tensor("weight", |it| &it.weight, |it| &mut it.weight, options);
        visitor.visit_fields(field, |weight| PReLU { weight })
    }
}

impl<const C: usize, E: Dtype, D: Device<E>> TensorCollection<E, D> for PReLU1D<C, E, D> {
    type To<E2: Dtype, D2: Device<E2>> = PReLU1D<C, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let options = TensorOptions::reset_with(start);
        let field = Self::tensor("weight", |it| &it.weight, |it| &mut it.weight, options);
        visitor.visit_fields(field, |weight| PReLU1D { weight })
    }
}

/// Computes an evaluation pass for channels of `run` numbers. Returns `None` for other tensors than `f32` on the CPU.
fn evaluate<const C: usize, S: Shape, E: Dtype, D: Device<E>>(
    weight: &Tensor<Rank1<C>, E, D>,
    input: &Tensor<S, E, D>,
    run: usize,
) -> Option<TensorResult<S, E, D, NoneTape>> {
    let weight = numbers((weight as &dyn Any).downcast_ref::<Tensor<Rank1<C>, f32, Cpu>>()?);
    cpu_f32::evaluate(input, |x, y| {
        if !x.is_empty() {
            prelu::forward(x, &weight, run, y);
        }
    })
}

/// Computes a training pass for channels of `run` numbers. Returns the input for other tensors than `f32` on the CPU.
#[allow(clippy::type_complexity, reason = "the result of the pass, or the input")]
fn train<const C: usize, S: Shape, E: Dtype, D: Device<E>>(
    weight: &Tensor<Rank1<C>, E, D>,
    input: TapedTensor<S, E, D>,
    run: usize,
) -> Result<TensorResult<S, E, D, OwnedTape<E, D>>, TapedTensor<S, E, D>> {
    let Some(weight) = (weight as &dyn Any).downcast_ref::<Tensor<Rank1<C>, f32, Cpu>>() else { return Err(input) };
    let input: Option<TapedTensor<S, f32, Cpu>> = cast(input);
    let pass = |input: TapedTensor<S, f32, Cpu>| {
        let (input, mut tape) = input.split_tape();
        let (x, slope) = (numbers(&input), numbers(weight));
        let mut y = vec![0.0; x.len()];
        if !x.is_empty() {
            prelu::forward(&x, &slope, run, &mut y);
        }
        let out = input.device().try_tensor_from_vec(y, *input.shape())?;
        let (to, from, place) = (out.ghost(), input.ghost(), weight.ghost());
        tape.add_backward_op(move |gradients| {
            let gradient = mem::take(&mut **gradients.get_or_alloc_mut(&to)?);
            if !x.is_empty() {
                prelu::backward_parameters(&x, &gradient, run, gradients.get_or_alloc_mut(&place)?);
                prelu::backward_input(&x, &slope, &gradient, run, gradients.get_or_alloc_mut(&from)?, true);
            }
            **gradients.get_or_alloc_mut(&to)? = gradient;
            Ok(())
        });
        Ok::<_, CpuError>(out.put_tape(tape))
    };
    Ok(input.map(pass).and_then(cast).expect("a layer of `f32` on the CPU takes tensors of `f32` on the CPU"))
}

/// Computes the function with tensor operations, for any device. `slopes` has a slope for each number.
///
/// a (x - max(x, 0)) + max(x, 0) has the derivative a at 0.
fn by_tensor_ops<S: Shape, E: Dtype, D: Device<E>, T: Tape<E, D>>(
    input: Tensor<S, E, D, T>,
    slopes: Tensor<S, E, D, T>,
) -> TensorResult<S, E, D, T> {
    let above = input.retaped::<T>().try_relu()?;
    let rectified = input.retaped::<T>().try_relu()?;
    input.try_sub(rectified)?.try_mul(slopes)?.try_add(above)
}

impl<S: Shape, E: Dtype, D: Device<E>> Module<Tensor<S, E, D>> for PReLU<E, D> {
    type Output = Tensor<S, E, D>;
    type Error = D::Err;

    fn try_forward(&self, input: Tensor<S, E, D>) -> Result<Self::Output, D::Err> {
        let shape = *input.shape();
        evaluate(&self.weight, &input, shape.num_elements()).unwrap_or_else(|| {
            let slope = self.weight.clone().try_reshape_like(&())?;
            by_tensor_ops(input, slope.try_broadcast_like(&shape)?)
        })
    }
}

impl<S: Shape, E: Dtype, D: Device<E>> ModuleMut<TapedTensor<S, E, D>> for PReLU<E, D> {
    type Output = TapedTensor<S, E, D>;
    type Error = D::Err;

    fn try_forward_mut(&mut self, input: TapedTensor<S, E, D>) -> Result<Self::Output, D::Err> {
        let shape = *input.shape();
        train(&self.weight, input, shape.num_elements()).unwrap_or_else(|input| {
            let slope = self.weight.retaped::<OwnedTape<E, D>>().try_reshape_like(&())?;
            by_tensor_ops(input, slope.try_broadcast_like(&shape)?)
        })
    }
}

macro_rules! takes {
    ($(($($axis:ident)*) by $axes:ty;)+) => {$(
        impl<B: Dim, const C: usize, $($axis: Dim,)* E: Dtype, D: Device<E>>
            Module<Tensor<(B, Const<C>, $($axis,)*), E, D>> for PReLU1D<C, E, D>
        {
            type Output = Tensor<(B, Const<C>, $($axis,)*), E, D>;
            type Error = D::Err;

            fn try_forward(&self, input: Tensor<(B, Const<C>, $($axis,)*), E, D>) -> Result<Self::Output, D::Err> {
                let shape = *input.shape();
                let run = shape.concrete().into_iter().skip(2).product();
                evaluate(&self.weight, &input, run).unwrap_or_else(|| {
                    by_tensor_ops(input, self.weight.clone().try_broadcast_like::<_, $axes>(&shape)?)
                })
            }
        }

        impl<B: Dim, const C: usize, $($axis: Dim,)* E: Dtype, D: Device<E>>
            ModuleMut<TapedTensor<(B, Const<C>, $($axis,)*), E, D>> for PReLU1D<C, E, D>
        {
            type Output = TapedTensor<(B, Const<C>, $($axis,)*), E, D>;
            type Error = D::Err;

            fn try_forward_mut(
                &mut self,
                input: TapedTensor<(B, Const<C>, $($axis,)*), E, D>,
            ) -> Result<Self::Output, D::Err> {
                let shape = *input.shape();
                let run = shape.concrete().into_iter().skip(2).product();
                train(&self.weight, input, run).unwrap_or_else(|input| {
                    let slopes = self.weight.retaped::<OwnedTape<E, D>>();
                    by_tensor_ops(input, slopes.try_broadcast_like::<_, $axes>(&shape)?)
                })
            }
        }
    )+};
}

takes! {
    () by Axis<0>;
    (L) by Axes2<0, 2>;
    (H W) by Axes3<0, 2, 3>;
}

impl<E: Dtype, D: Storage<E>, Rest: InputShape> TakesInput<Rest> for PReLU<E, D> {
    type Sample = Rest::Sample;
}

impl<const C: usize, E: Dtype, D: Storage<E>, Rest: InputShape> TakesInput<Rest> for PReLU1D<C, E, D> {
    type Sample = Rest::Sample;
}

impl Export for PReLU<f32, Cpu> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        graph.prelu(input, &numbers(&self.weight))
    }
}

impl<const C: usize> Export for PReLU1D<C, f32, Cpu> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        graph.prelu(input, &numbers(&self.weight))
    }
}

impl Lower for PReLU<f32, Cpu> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        let slope = parameter(program, &self.weight);
        program.prelu(input, slope)
    }
}

impl<const C: usize> Lower for PReLU1D<C, f32, Cpu> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        let slopes = parameter(program, &self.weight);
        program.prelu(input, slopes)
    }
}
