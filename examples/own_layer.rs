//! A layer of your own: a gated residual block, searched, trained on the fast step, saved, and exported to ONNX.
//!
//! `docs/own-layer.md` goes through it part by part.

use dropgrid::{
    TakesInput, Tunable,
    dfdx::{
        nn::{
            BuildOnDevice,
            modules::{Sigmoid, Tanh},
            tensor_collection::{ModuleVisitor, TensorCollection},
        },
        shapes::{Const, Dtype, Rank1},
        tensor::{Cpu, CpuError, NoneTape, OwnedTape, Storage, Tensor, WithEmptyTape},
        tensor_ops::{Device, TryAdd, TryMul},
    },
    graph::{Edge, Graph},
    nn::{self, Export, Lower, Range},
    prelude::*,
    program::{Program, Value},
};

/// A gated residual block of `N` units, as it is declared in a struct.
#[derive(Debug, Clone, Copy)]
pub struct GatedResidual<const N: usize>;

/// The block as it is built: y = x + drop(sigmoid(G x + g) tanh(H x + h)).
#[derive(Debug, Clone)]
pub struct BuiltGatedResidual<const N: usize, E: Dtype, D: Storage<E>> {
    gate: nn::Linear<N, N, E, D>,
    body: nn::Linear<N, N, E, D>,
    dropout: Dropout,
}

impl<const N: usize> BuildOnDevice<Cpu, f32> for GatedResidual<N> {
    type Built = BuiltGatedResidual<N, f32, Cpu>;
}

// The parts with their names: by them the block is initialised, optimised, saved and loaded.
impl<const N: usize> TensorCollection<f32, Cpu> for BuiltGatedResidual<N, f32, Cpu> {
    type To<E: Dtype, D: Device<E>> = BuiltGatedResidual<N, E, D>;

    fn iter_tensors<V: ModuleVisitor<Self, f32, Cpu>>(
        visitor: &mut V,
    ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        visitor.visit_fields(
            (
                Self::module("gate", |it| &it.gate, |it| &mut it.gate),
                Self::module("body", |it| &it.body, |it| &mut it.body),
                Self::module("dropout", |it| &it.dropout, |it| &mut it.dropout),
            ),
            |(gate, body, dropout)| BuiltGatedResidual { gate, body, dropout },
        )
    }
}

/// Rows of `N` numbers without a gradient tape: evaluation.
type Evaluated<const N: usize> = Tensor<(usize, Const<N>), f32, Cpu, NoneTape>;
/// The same with one: training.
type Trained<const N: usize> = Tensor<(usize, Const<N>), f32, Cpu, OwnedTape<f32, Cpu>>;

impl<const N: usize> Module<Evaluated<N>> for BuiltGatedResidual<N, f32, Cpu> {
    type Output = Evaluated<N>;
    type Error = CpuError;

    fn try_forward(&self, input: Evaluated<N>) -> Result<Evaluated<N>, CpuError> {
        let gate = Sigmoid.try_forward(self.gate.try_forward(input.clone())?)?;
        let body = Tanh.try_forward(self.body.try_forward(input.clone())?)?;
        gate.try_mul(body)?.try_add(input)
    }
}

impl<const N: usize> ModuleMut<Trained<N>> for BuiltGatedResidual<N, f32, Cpu> {
    type Output = Trained<N>;
    type Error = CpuError;

    fn try_forward_mut(&mut self, input: Trained<N>) -> Result<Trained<N>, CpuError> {
        let gate = Sigmoid.try_forward(self.gate.try_forward_mut(input.with_empty_tape())?)?;
        let body = Tanh.try_forward(self.body.try_forward_mut(input.with_empty_tape())?)?;
        self.dropout.try_forward_mut(gate.try_mul(body)?)?.try_add(input)
    }
}

// The shape of a sample, where the block is the first layer of a network.
impl<const N: usize, Rest> TakesInput<Rest> for BuiltGatedResidual<N, f32, Cpu> {
    type Sample = Rank1<N>;
}

// What `#[grid(0.0, 0.2)]` on a field searches.
impl<const N: usize> Tunable for BuiltGatedResidual<N, f32, Cpu> {
    const SETTING: &'static str = "rate";
    const RANGE: Range = Range::RATE;

    fn tune(&mut self, value: f64) {
        self.dropout.p = value as f32;
    }
}

// The fast step: without it a network with the block trains on dfdx's tape.
impl<const N: usize> Lower for BuiltGatedResidual<N, f32, Cpu> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        let gate = self.gate.lower(program, input);
        let gate = Sigmoid.lower(program, gate);
        let body = self.body.lower(program, input);
        let body = Tanh.lower(program, body);
        let branch = program.multiply(gate, body);
        let branch = self.dropout.lower(program, branch);
        program.add(branch, input)
    }
}

// The evaluation pass in operators of ONNX.
impl<const N: usize> Export for BuiltGatedResidual<N, f32, Cpu> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        let gate = graph.within("gate", |graph| self.gate.export(graph, input));
        let gate = Sigmoid.export(graph, gate);
        let body = graph.within("body", |graph| self.body.export(graph, input));
        let body = Tanh.export(graph, body);
        let branch = graph.multiply(gate, body);
        graph.add(branch, input)
    }
}

/// A network of gated blocks.
#[searchable]
pub struct Gates<#[grid(4, 8)] const UNITS: usize> {
    input: Linear<2, UNITS>,
    #[grid(0.0, 0.2)]
    first: GatedResidual<UNITS>,
    second: GatedResidual<UNITS>,
    output: Linear<UNITS, 2>,
}

/// Points inside and outside of a circle.
pub fn circle(points: usize) -> dropgrid::Result<Dataset<Classes<2>>> {
    let place = |at: usize, factor: usize| (at * factor % 199) as f32 / 99.5 - 1.0;
    let rows: Vec<[f32; 2]> = (0..points).map(|at| [place(at, 37), place(at, 101)]).collect();
    let labels = Classes::new(rows.iter().map(|[x, y]| usize::from(x * x + y * y < 0.5)))?;
    Dataset::new(rows, labels)
}

/// Searches the network, and takes the winner out of Rust.
pub fn main() -> dropgrid::Result<()> {
    let data = circle(400)?;
    let report = Gates::search(Grid)
        .cv(StratifiedKFold::new(3).shuffle())
        .train(Train::adam(1e-2).epochs(60).batch_size(32))
        .seed(7)
        .fit(&data)?;
    println!("{report}");
    report.fitted().save("target/gates.safetensors")?;
    let again = Fitted::<Gates, Classes<2>>::load("target/gates.safetensors")?;
    println!("{:?}", again.predict_proba(&Features::from_rows([[0.1, 0.2], [0.9, 0.9]])?)?);
    #[cfg(feature = "onnx")]
    report.fitted().to_onnx("target/gates.onnx")?;
    Ok(())
}
