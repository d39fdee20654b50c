//! The dense layer.

use std::{any::Any, cell::RefCell, mem};

use dfdx::{
    nn::{
        BuildOnDevice, Module, ModuleMut, modules,
        tensor_collection::{ModuleVisitor, TensorCollection, TensorOptions},
    },
    shapes::{Const, Dim, Dtype, HasShape, Rank1, Rank2, Shape},
    tensor::{Cpu, CpuError, PutTape, SplitTape, Storage, Tape, Tensor, TensorFromVec},
    tensor_ops::Device,
};
use num_traits::Float;
use rand_distr::uniform::SampleUniform;

use super::uniform::fill_uniform;
use crate::{
    graph::{Edge, Graph},
    kernel::{
        elementwise,
        gemm::{View, matmul},
        scratch::GemmScratch,
    },
    nn::{
        Export, Lower, TakesInput,
        contract::lower::parameter,
        tensor::{
            cpu_f32::{TapedTensor, cast, is_cpu_f32},
            numbers::numbers,
        },
    },
    program::{Program, Value},
};

pub(super) mod builder {
    /// The declaration of a dense layer from `I` inputs to `O` outputs.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Linear<const I: usize, const O: usize>;
}

/// A dense layer: x W^T + b.
///
/// Weights and biases are initialised uniformly in ±1/sqrt(I), as in dfdx and PyTorch. For the same seed, they have the
/// names, shapes and values of dfdx's [`Linear`](modules::Linear). On the CPU in `f32` the layer uses dropgrid's
/// kernels.
///
/// Shapes: (I) to (O), (rows, I) to (rows, O) or (rows, steps, I) to (rows, steps, O).
#[derive(Debug, Clone)]
pub struct Linear<const I: usize, const O: usize, E: Dtype, D: Storage<E>> {
    /// Shape (O, I).
    pub weight: Tensor<Rank2<O, I>, E, D>,
    /// Shape (O).
    pub bias: Tensor<Rank1<O>, E, D>,
}

impl<const I: usize, const O: usize, E: Dtype, D: Device<E>> BuildOnDevice<D, E> for builder::Linear<I, O>
where
    Linear<I, O, E, D>: TensorCollection<E, D, To<E, D> = Linear<I, O, E, D>>,
{
    type Built = Linear<I, O, E, D>;
}

impl<const I: usize, const O: usize, E: Dtype + Float + SampleUniform, D: Device<E>> TensorCollection<E, D>
    for Linear<I, O, E, D>
{
    type To<E2: Dtype, D2: Device<E2>> = Linear<I, O, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let weight = TensorOptions::reset_with(|tensor| fill_uniform(tensor, I));
        let bias = TensorOptions::reset_with(|tensor| fill_uniform(tensor, I));
        visitor.visit_fields(
            (
                Self::tensor("weight", |it| &it.weight, |it| &mut it.weight, weight),
                Self::tensor("bias", |it| &it.bias, |it| &mut it.bias, bias),
            ),
            |(weight, bias)| Linear { weight, bias },
        )
    }
}

impl<const I: usize, const O: usize, E: Dtype, D: Storage<E>> Linear<I, O, E, D> {
    /// Returns dfdx's layer with the same tensors, which works on any device.
    fn as_dfdx(&self) -> modules::Linear<I, O, E, D> {
        modules::Linear { weight: self.weight.clone(), bias: self.bias.clone() }
    }
}

thread_local! {
    /// Scratch memory of matrix products outside of a [`Program`], which has its own.
    static SCRATCH: RefCell<GemmScratch> = RefCell::default();
}

/// Computes x W^T + b.
fn forward(x: &[f32], weight: &[f32], bias: &[f32], inputs: usize) -> Vec<f32> {
    let (rows, outputs) = (x.len() / inputs.max(1), bias.len());
    let mut out = vec![0.0; rows * outputs];
    let (x, w) = (View::rows(x, inputs), View::rows(weight, inputs));
    SCRATCH.with_borrow_mut(|scratch| matmul(scratch, [rows, inputs, outputs], x, w.t(), &mut out, false));
    if outputs > 0 {
        elementwise::add_bias(&mut out, bias, false);
    }
    out
}

impl<const I: usize, const O: usize> Linear<I, O, f32, Cpu> {
    fn evaluate<S: Shape, R: Shape>(
        &self,
        input: &Tensor<S, f32, Cpu>,
        shape: R,
    ) -> Result<Tensor<R, f32, Cpu>, CpuError> {
        let out = forward(&numbers(input), &numbers(&self.weight), &numbers(&self.bias), I);
        input.device().try_tensor_from_vec(out, shape)
    }

    /// Computes a training pass: [`evaluate`](Self::evaluate) with the backward pass on the tape. The backward pass
    /// adds to existing gradients, so a layer can be used twice.
    fn train<S: Shape, R: Shape>(
        &self,
        input: TapedTensor<S, f32, Cpu>,
        shape: R,
    ) -> Result<TapedTensor<R, f32, Cpu>, CpuError> {
        let (input, mut tape) = input.split_tape();
        let (x, weight) = (numbers(&input), numbers(&self.weight));
        let out = forward(&x, &weight, &numbers(&self.bias), I);
        let out = input.device().try_tensor_from_vec(out, shape)?;
        let (to, from) = (out.ghost(), input.ghost());
        let (weight_place, bias_place) = (self.weight.ghost(), self.bias.ghost());
        tape.add_backward_op(move |gradients| {
            let gradient = mem::take(&mut **gradients.get_or_alloc_mut(&to)?);
            let rows = gradient.len() / O.max(1);
            let (g, x, w) = (View::rows(&gradient, O), View::rows(&x, I), View::rows(&weight, I));
            elementwise::column_sums(&gradient, gradients.get_or_alloc_mut(&bias_place)?, true);
            SCRATCH.with_borrow_mut(|scratch| {
                matmul(scratch, [O, rows, I], g.t(), x, gradients.get_or_alloc_mut(&weight_place)?, true);
                matmul(scratch, [rows, O, I], g, w, gradients.get_or_alloc_mut(&from)?, true);
                Ok::<(), CpuError>(())
            })?;
            **gradients.get_or_alloc_mut(&to)? = gradient;
            Ok(())
        });
        Ok(out.put_tape(tape))
    }
}

impl<const I: usize, const O: usize, E: Dtype, D: Storage<E>, Rest> TakesInput<Rest> for Linear<I, O, E, D> {
    type Sample = Rank1<I>;
}

impl<const I: usize, const O: usize> Export for Linear<I, O, f32, Cpu> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        graph.linear(input, [I, O], &numbers(&self.weight), Some(&numbers(&self.bias)))
    }
}

impl<const I: usize, const O: usize> Lower for Linear<I, O, f32, Cpu> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        let (weight, bias) = (parameter(program, &self.weight), parameter(program, &self.bias));
        program.linear(input, [I, O], weight, bias)
    }
}

macro_rules! takes {
    ($([$($axis:ident)*])*) => {$(
        impl<$($axis: Dim,)* const I: usize, const O: usize, E: Dtype, D: Device<E>>
            Module<Tensor<($($axis,)* Const<I>,), E, D>> for Linear<I, O, E, D>
        {
            type Output = Tensor<($($axis,)* Const<O>,), E, D>;
            type Error = D::Err;

            #[allow(non_snake_case, reason = "an axis and its type")]
            fn try_forward(&self, input: Tensor<($($axis,)* Const<I>,), E, D>) -> Result<Self::Output, D::Err> {
                let ($($axis,)* _,) = *input.shape();
                let own = (self as &dyn Any).downcast_ref::<Linear<I, O, f32, Cpu>>();
                if let (Some(own), Some(input)) = (own, (&input as &dyn Any).downcast_ref()) {
                    let input: &Tensor<($($axis,)* Const<I>,), f32, Cpu> = input;
                    let out = own.evaluate(input, ($($axis,)* Const::<O>,));
                    if let Some(out) = cast(out) {
                        return out;
                    }
                }
                if const { is_cpu_f32::<E>() } {
                    unreachable!("tensors of `f32` are on the CPU")
                }
                self.as_dfdx().try_forward(input)
            }
        }

        impl<$($axis: Dim,)* const I: usize, const O: usize, E: Dtype, D: Device<E>>
            ModuleMut<TapedTensor<($($axis,)* Const<I>,), E, D>> for Linear<I, O, E, D>
        {
            type Output = TapedTensor<($($axis,)* Const<O>,), E, D>;
            type Error = D::Err;

            #[allow(non_snake_case, reason = "an axis and its type")]
            fn try_forward_mut(
                &mut self,
                input: TapedTensor<($($axis,)* Const<I>,), E, D>,
            ) -> Result<Self::Output, D::Err> {
                let ($($axis,)* _,) = *input.shape();
                let Some(own) = (self as &dyn Any).downcast_ref::<Linear<I, O, f32, Cpu>>() else {
                    return self.as_dfdx().try_forward(input);
                };
                let input: Option<TapedTensor<($($axis,)* Const<I>,), f32, Cpu>> = cast(input);
                let out = input.map(|input| own.train(input, ($($axis,)* Const::<O>,))).and_then(cast);
                out.expect("a layer of `f32` on the CPU takes tensors of `f32` on the CPU")
            }
        }
    )*};
}

takes!([] [M] [B M]);
