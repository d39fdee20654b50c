//! Recurrent layers.

mod by_tensor_ops;
mod direction;
mod kind;
mod passes;

use std::{fmt, marker::PhantomData};

use dfdx::{
    nn::{
        BuildOnDevice,
        tensor_collection::{ModuleVisitor, ScalarOptions, TensorCollection},
    },
    shapes::{Const, Dtype},
    tensor::{Cpu, Storage},
    tensor_ops::Device,
};
pub use direction::DirectionWeights;
pub use kind::{AllStates, Bidirectional, Directions, GatedUnit, LastState, LstmCell, OneWay, RecurrentCell, States};
use num_traits::Float;
use rand_distr::uniform::SampleUniform;

use crate::{
    graph::{Edge, Graph},
    nn::{Export, Lower, Range, Settings, Tunable},
    program::{Program, Value},
};

pub(in crate::nn) mod builder {
    use std::marker::PhantomData;

    use super::{LastState, OneWay};

    /// The declaration of an [`Lstm`](super::Lstm) of `H` units over steps of `I` channels.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Lstm<const I: usize, const H: usize, const LAYERS: usize = 1, Out = LastState, Way = OneWay>(
        PhantomData<fn() -> (Out, Way)>,
    );

    /// The declaration of a [`Gru`](super::Gru) of `H` units over steps of `I` channels.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Gru<const I: usize, const H: usize, const LAYERS: usize = 1, Out = LastState, Way = OneWay>(
        PhantomData<fn() -> (Out, Way)>,
    );
}

/// A stack of recurrent layers. [`Lstm`] and [`Gru`] name it for the two cells.
///
/// In training passes, a dropout with probability `p`, by default 0, applies to the states between two layers, as in
/// PyTorch. An axis on the rate of a single layer does not compile, since it would have no effect.
///
/// Shapes: (T, `I`) or (rows, T, `I`) to the following shapes, with a leading axis (rows) for a batch:
///
/// | | [`OneWay`] | [`Bidirectional`] |
/// |---|---|---|
/// | [`LastState`] | (`H`) | (2 `H`) |
/// | [`AllStates`] | (T, `H`) | (T, 2 `H`) |
pub struct Recurrent<
    Cell: RecurrentCell,
    const I: usize,
    const H: usize,
    const LAYERS: usize,
    Out,
    Way: Directions,
    E: Dtype,
    D: Storage<E>,
> {
    /// The weights of the first layer: forward, and backward if it is bidirectional.
    pub first: Vec<DirectionWeights<Cell, Const<I>, H, E, D>>,
    /// The weights of the other layers, layer by layer in the same order.
    pub rest: Vec<DirectionWeights<Cell, Way::Width<H>, H, E, D>>,
    /// The probability of dropping a state between two layers, in [0, 1).
    pub p: f32,
    out: PhantomData<fn() -> Out>,
}

/// A long short-term memory ([Hochreiter and Schmidhuber 1997](https://doi.org/10.1162/neco.1997.9.8.1735)). Same as
/// PyTorch's [`LSTM`](https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html), with the same gates, biases
/// and initial weights.
///
/// i, f, o = sigmoid(..), g = tanh(..), c = f c' + i g, h = o tanh(c), where the argument of each gate is W x + b + U
/// h' + d. x is the input and h', c' are the states of the step before. Each gate has its own weights W, U and biases
/// b, d.
///
/// `Lstm<I, H>` outputs the last state of one layer. `Lstm<I, H, 2, AllStates, Bidirectional>` outputs the states of
/// all steps of two layers in both directions. See [`Recurrent`] for shapes and for the dropout between layers.
pub type Lstm<const I: usize, const H: usize, const LAYERS: usize, Out, Way, E, D> =
    Recurrent<LstmCell, I, H, LAYERS, Out, Way, E, D>;

/// A gated recurrent unit ([Cho et al. 2014](https://arxiv.org/abs/1406.1078)). Same as PyTorch's
/// [`GRU`](https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html), with the same gates, biases and initial
/// weights, and as Keras' `GRU` with `reset_after=True`.
///
/// r, z = sigmoid(W x + b + U h' + d), n = tanh(W x + b + r (U h' + d)), h = (1 - z) n + z h'. x is the input and h' is
/// the state of the step before. Each gate has its own weights W, U and biases b, d.
///
/// `Gru<I, H>` outputs the last state of one layer. `Gru<I, H, 2, AllStates, Bidirectional>` outputs the states of all
/// steps of two layers in both directions. See [`Recurrent`] for shapes and for the dropout between layers.
pub type Gru<const I: usize, const H: usize, const LAYERS: usize, Out, Way, E, D> =
    Recurrent<GatedUnit, I, H, LAYERS, Out, Way, E, D>;

/// Writes an `impl` that is generic over the type parameters of a [`Recurrent`].
macro_rules! with_parameters {
    ([$($extra:tt)*] $($rest:tt)*) => {
        impl<
            $($extra)*
            Cell: RecurrentCell,
            const I: usize,
            const H: usize,
            const LAYERS: usize,
            Out: States,
            Way: Directions,
        > $($rest)*
    };
}

with_parameters! { [E: Dtype, D: Storage<E>,] Clone for Recurrent<Cell, I, H, LAYERS, Out, Way, E, D> {
    fn clone(&self) -> Self {
        Self { first: self.first.clone(), rest: self.rest.clone(), p: self.p, out: PhantomData }
    }
}}

with_parameters! { [E: Dtype, D: Storage<E>,] fmt::Debug for Recurrent<Cell, I, H, LAYERS, Out, Way, E, D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = format!("{:?} of {LAYERS} layers", Cell::CELL);
        f.debug_struct(&name).field("first", &self.first).field("rest", &self.rest).field("p", &self.p).finish()
    }
}}

/// Implements the building of a declared recurrent layer.
macro_rules! built {
    ($($layer:ident of $cell:ident),+) => {$(
        impl<
            const I: usize,
            const H: usize,
            const LAYERS: usize,
            Out: States,
            Way: Directions,
            E: Dtype + Float + SampleUniform,
            D: Device<E>,
        > BuildOnDevice<D, E> for builder::$layer<I, H, LAYERS, Out, Way> {
            type Built = Recurrent<$cell, I, H, LAYERS, Out, Way, E, D>;
        }
    )+};
}

built!(Lstm of LstmCell, Gru of GatedUnit);

/// Returns the names of the directions of the layers from `first` on: `l0`, `l0_reverse`, `l1`, as in PyTorch.
fn names(first: usize, layers: usize, directions: usize) -> Vec<String> {
    let ends = &["", "_reverse"][..directions];
    (first..layers).flat_map(|layer| ends.iter().map(move |end| format!("l{layer}{end}"))).collect()
}

with_parameters! { [E: Dtype + Float + SampleUniform, D: Device<E>,]
TensorCollection<E, D> for Recurrent<Cell, I, H, LAYERS, Out, Way, E, D> {
    type To<E2: Dtype, D2: Device<E2>> = Recurrent<Cell, I, H, LAYERS, Out, Way, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        const { assert!(LAYERS > 0, "a recurrent layer has at least one layer") };
        let (first, rest) = (names(0, 1, Way::COUNT), names(1, LAYERS, Way::COUNT));
        let first = first.iter().enumerate();
        let rest = rest.iter().enumerate();
        visitor.visit_fields(
            (
                first
                    .map(|(at, name)| Self::module(name, move |it| &it.first[at], move |it| &mut it.first[at]))
                    .collect::<Vec<_>>(),
                rest.map(|(at, name)| Self::module(name, move |it| &it.rest[at], move |it| &mut it.rest[at]))
                    .collect::<Vec<_>>(),
                Self::scalar("p", |it| &it.p, |it| &mut it.p, ScalarOptions::from_default(0.0)),
            ),
            |(first, rest, p)| Recurrent { first, rest, p, out: PhantomData },
        )
    }
}}

with_parameters! { [] Export for Recurrent<Cell, I, H, LAYERS, Out, Way, f32, Cpu> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        let only_last = |at: usize| Out::ONLY_LAST && at + 1 == LAYERS;
        let directions: Vec<_> = self.first.iter().map(DirectionWeights::numbers).collect();
        let mut edge = graph.within("l0", |graph| graph.recurrent(input, Cell::CELL, H, &directions, only_last(0)));
        for (at, layer) in self.rest.chunks_exact(Way::COUNT).enumerate() {
            let directions: Vec<_> = layer.iter().map(DirectionWeights::numbers).collect();
            edge = graph.within(&format!("l{}", at + 1), |graph| {
                graph.recurrent(edge, Cell::CELL, H, &directions, only_last(at + 1))
            });
        }
        edge
    }
}}

with_parameters! { [] Lower for Recurrent<Cell, I, H, LAYERS, Out, Way, f32, Cpu> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        let only_last = |at: usize| Out::ONLY_LAST && at + 1 == LAYERS;
        let directions = self.first.iter().map(|one| one.parameters(program)).collect();
        let mut value = program.recurrent(input, Cell::CELL, H, directions, only_last(0));
        for (at, layer) in self.rest.chunks_exact(Way::COUNT).enumerate() {
            let dropped = program.dropout(value, self.p);
            let directions = layer.iter().map(|one| one.parameters(program)).collect();
            value = program.recurrent(dropped, Cell::CELL, H, directions, only_last(at + 1));
        }
        value
    }
}}

/// Returns the range of the dropout rate between layers.
const fn rate(layers: usize) -> Range {
    assert!(layers > 1, "the dropout of a recurrent layer stands between layers: there is one only");
    Range::RATE
}

with_parameters! { [E: Dtype, D: Storage<E>,]  Tunable for Recurrent<Cell, I, H, LAYERS, Out, Way, E, D> {
    const SETTING: &'static str = "rate";
    const ALIAS: Option<&'static str> = Some("p");
    const RANGE: Range = rate(LAYERS);

    fn tune(&mut self, value: f64) {
        self.p = value as f32;
    }
}}

with_parameters! { [E: Dtype, D: Storage<E>,] Settings for Recurrent<Cell, I, H, LAYERS, Out, Way, E, D> {
    const SETTINGS: &'static [(&'static str, Range)] = &[("p", rate(LAYERS))];

    fn set(&mut self, _setting: &str, value: f64) {
        self.p = value as f32;
    }
}}
