//! Weight normalisation.

use dfdx::{
    nn::{
        BuildOnDevice, Module, ModuleMut,
        tensor_collection::{ModuleVisitor, TensorCollection, TensorOptions},
    },
    shapes::{Axis, Const, Dim, Dtype, HasShape, Rank1, Rank2},
    tensor::{Cpu, NoneTape, OwnedTape, Storage, Tape, Tensor},
    tensor_ops::{BroadcastTo, Device, PermuteTo, ReshapeTo, SumTo, TryAdd, TryDiv, TryMatMul, TryMul},
};
use num_traits::Float;
use rand_distr::uniform::SampleUniform;

use super::{
    linear::{self, Linear},
    uniform::fill_uniform,
};
use crate::{
    graph::{Edge, Graph},
    kernel::norm::weight_norm,
    nn::{
        Export, Lower, TakesInput,
        contract::lower::parameter,
        tensor::{
            cpu_f32::{TapedTensor, TensorResult},
            numbers::numbers,
        },
    },
    program::{Program, Value},
};

pub(super) mod builder {
    use std::marker::PhantomData;

    /// The declaration of a layer whose weight is the product of a length and a direction: `WeightNorm<Linear<64,
    /// 32>>`.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct WeightNorm<L>(PhantomData<fn() -> L>);
}

/// A dense layer with weight normalisation: the rows of the weight are w = g v / ‖v‖, with the direction v and the
/// length g as separate parameters ([Salimans and Kingma 2016](https://arxiv.org/abs/1602.07868)).
/// `WeightNorm<Linear<I, O>>` declares it.
///
/// It is PyTorch's [`weight_norm`](https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.weight_norm.html) of a
/// `Linear`, with the same names of the parameters. The initialisation differs. Here v is a random row of a [`Linear`],
/// scaled to the root mean square length of such rows, 1 / √3. The length g is 1 / √3, so the initial weight is v.
/// PyTorch does not scale v and sets g to its length, which varies by a few percent between rows.
///
/// Shapes: (I) to (O), (rows, I) to (rows, O) or (rows, steps, I) to (rows, steps, O).
#[derive(Debug, Clone)]
pub struct WeightNorm<const I: usize, const O: usize, E: Dtype, D: Storage<E>> {
    /// The lengths. Shape (O, 1).
    pub weight_g: Tensor<Rank2<O, 1>, E, D>,
    /// The directions. Shape (O, I). Rows may have any length above 0.
    pub weight_v: Tensor<Rank2<O, I>, E, D>,
    /// Shape (O).
    pub bias: Tensor<Rank1<O>, E, D>,
}

impl<const I: usize, const O: usize, E: Dtype, D: Device<E>> BuildOnDevice<D, E>
    for builder::WeightNorm<linear::builder::Linear<I, O>>
where
    WeightNorm<I, O, E, D>: TensorCollection<E, D, To<E, D> = WeightNorm<I, O, E, D>>,
{
    type Built = WeightNorm<I, O, E, D>;
}

/// The square of the initial length of a row of the weight.
const INITIAL_SQUARE: f64 = 1.0 / 3.0;

/// Draws the directions and scales each to its initial length.
fn draw<const I: usize, const O: usize, E: Dtype + Float + SampleUniform, D: Device<E>>(
    tensor: &mut Tensor<Rank2<O, I>, E, D>,
) -> Result<(), D::Err> {
    fill_uniform(tensor, I)?;
    let mut rows = tensor.as_vec();
    for row in rows.chunks_exact_mut(I.max(1)) {
        let square = row.iter().map(|v| v.to_f64().unwrap_or_default().powi(2)).sum::<f64>();
        let factor = E::from_f64((INITIAL_SQUARE / square).sqrt()).unwrap_or(E::ONE);
        if square > 0.0 {
            for v in row {
                *v *= factor;
            }
        }
    }
    tensor.copy_from(&rows);
    Ok(())
}

impl<const I: usize, const O: usize, E: Dtype + Float + SampleUniform, D: Device<E>> TensorCollection<E, D>
    for WeightNorm<I, O, E, D>
{
    type To<E2: Dtype, D2: Device<E2>> = WeightNorm<I, O, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let length = TensorOptions::reset_with(|tensor: &mut Tensor<Rank2<O, 1>, E, D>| {
            tensor.copy_from(&[E::from_f64(INITIAL_SQUARE.sqrt()).unwrap_or(E::ONE); O]);
            Ok(())
        });
        let bias = TensorOptions::reset_with(|tensor| fill_uniform(tensor, I));
        visitor.visit_fields(
            (
                Self::tensor("weight_g", |it| &it.weight_g, |it| &mut it.weight_g, length),
                Self::tensor("weight_v", |it| &it.weight_v, |it| &mut it.weight_v, TensorOptions::reset_with(draw)),
                Self::tensor("bias", |it| &it.bias, |it| &mut it.bias, bias),
            ),
            |(weight_g, weight_v, bias)| WeightNorm { weight_g, weight_v, bias },
        )
    }
}

impl<const I: usize, const O: usize, E: Dtype, D: Device<E>> WeightNorm<I, O, E, D> {
    /// Computes the weight from directions and lengths.
    fn weight<T: Tape<E, D>>(&self) -> TensorResult<Rank2<O, I>, E, D, T> {
        let direction = self.weight_v.retaped::<T>();
        let norm = self.weight_v.retaped::<T>().try_square()?.try_sum::<Rank1<O>, Axis<1>>()?.try_sqrt()?;
        let length = self.weight_g.retaped::<T>().try_reshape_like(&(Const::<O>,))?;
        direction.try_mul(length.try_div(norm)?.try_broadcast_like(&(Const::<O>, Const::<I>))?)
    }
}

impl<const I: usize, const O: usize, E: Dtype, D: Storage<E>, Rest> TakesInput<Rest> for WeightNorm<I, O, E, D> {
    type Sample = Rank1<I>;
}

/// Exports a dense layer with the computed weight.
impl<const I: usize, const O: usize> Export for WeightNorm<I, O, f32, Cpu> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        let mut weight = vec![0.0; I * O];
        if I > 0 {
            weight_norm(&numbers(&self.weight_v), &numbers(&self.weight_g), &mut weight);
        }
        graph.linear(input, [I, O], &weight, Some(&numbers(&self.bias)))
    }
}

impl<const I: usize, const O: usize> Lower for WeightNorm<I, O, f32, Cpu> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        let [direction, length] = [parameter(program, &self.weight_v), parameter(program, &self.weight_g)];
        let bias = parameter(program, &self.bias);
        program.weight_norm(input, [I, O], [direction, length, bias])
    }
}

macro_rules! takes {
    ($([$($axis:ident)*] |$bias:ident, $product:ident| $biases:expr;)*) => {$(
        impl<$($axis: Dim,)* const I: usize, const O: usize, E: Dtype, D: Device<E>>
            Module<Tensor<($($axis,)* Const<I>,), E, D>> for WeightNorm<I, O, E, D>
        {
            type Output = Tensor<($($axis,)* Const<O>,), E, D>;
            type Error = D::Err;

            fn try_forward(&self, input: Tensor<($($axis,)* Const<I>,), E, D>) -> Result<Self::Output, D::Err> {
                Linear { weight: self.weight::<NoneTape>()?, bias: self.bias.clone() }.try_forward(input)
            }
        }

        impl<$($axis: Dim,)* const I: usize, const O: usize, E: Dtype, D: Device<E>>
            ModuleMut<TapedTensor<($($axis,)* Const<I>,), E, D>> for WeightNorm<I, O, E, D>
        {
            type Output = TapedTensor<($($axis,)* Const<O>,), E, D>;
            type Error = D::Err;

            fn try_forward_mut(
                &mut self,
                input: TapedTensor<($($axis,)* Const<I>,), E, D>,
            ) -> Result<Self::Output, D::Err> {
                let weight = self.weight::<OwnedTape<E, D>>()?;
                let $product = input.try_matmul(weight.try_permute()?)?;
                let $bias = self.bias.retaped::<OwnedTape<E, D>>();
                let bias = $biases;
                $product.try_add(bias)
            }
        }
    )*};
}

takes!(
    [] |bias, product| bias;
    [M] |bias, product| bias.try_broadcast_like(product.shape())?;
    [B M] |bias, product| bias.try_broadcast_like(product.shape())?;
);
