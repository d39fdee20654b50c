//! The layer traits of dfdx's layers.

use dfdx::{
    nn::modules::{
        Abs, AvgPoolGlobal, BatchNorm1D, BatchNorm2D, Bias2D, Cos, Dropout, Exp, FastGeLU, LayerNorm1D, Linear, Ln,
        LogSoftmax, ReLU, Sigmoid, Sin, Softmax, Sqrt, Square, Tanh, UnbiasedLinear,
    },
    shapes::{Dtype, Rank1},
    tensor::{Cpu, Storage},
};

use crate::{
    graph::{Edge, Graph},
    kernel::{elementwise::Function, pool::Pool},
    nn::{
        Export, Lower, Range, Settings, TakesInput, Tunable,
        contract::{
            input::keeps_sample_shape,
            lower::{parameter, state},
        },
        tensor::numbers::numbers,
    },
    program::{Program, Value},
};

impl<const I: usize, const O: usize, E: Dtype, D: Storage<E>, Rest> TakesInput<Rest> for Linear<I, O, E, D> {
    type Sample = Rank1<I>;
}

impl<const I: usize, const O: usize, E: Dtype, D: Storage<E>, Rest> TakesInput<Rest> for UnbiasedLinear<I, O, E, D> {
    type Sample = Rank1<I>;
}

impl<const C: usize, E: Dtype, D: Storage<E>, Rest> TakesInput<Rest> for LayerNorm1D<C, E, D> {
    type Sample = Rank1<C>;
}

/// A batch normalisation at the head of a network takes rows of `C` features.
impl<const C: usize, E: Dtype, D: Storage<E>, Rest> TakesInput<Rest> for BatchNorm1D<C, E, D> {
    type Sample = Rank1<C>;
}

keeps_sample_shape! {
    Dropout;
    ReLU;
    FastGeLU;
    Sigmoid;
    Tanh;
    Softmax;
    LogSoftmax;
    Abs;
    Cos;
    Exp;
    Ln;
    Sin;
    Sqrt;
    Square;
}

impl<const M: usize> Lower for LayerNorm1D<M, f32, Cpu> {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        let (gamma, beta) = (parameter(program, &self.gamma), parameter(program, &self.beta));
        program.layer_norm(input, gamma, beta, self.epsilon as f32)
    }
}

impl<const M: usize> Export for LayerNorm1D<M, f32, Cpu> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        graph.layer_norm(input, [&numbers(&self.gamma), &numbers(&self.beta)], self.epsilon)
    }
}

impl<const C: usize, E: Dtype, D: Storage<E>> Settings for LayerNorm1D<C, E, D> {
    const SETTINGS: &'static [(&'static str, Range)] = &[("epsilon", Range::POSITIVE)];

    fn set(&mut self, _setting: &str, value: f64) {
        self.epsilon = value;
    }
}

macro_rules! batch_norm {
    ($($layer:ident),+) => {$(
        impl<const C: usize> Lower for $layer<C, f32, Cpu> {
            fn lower(&self, program: &mut Program, input: Value) -> Value {
                let parameters = [&self.scale, &self.bias].map(|tensor| parameter(program, tensor));
                let statistics = [&self.running_mean, &self.running_var].map(|tensor| state(program, tensor));
                program.batch_norm(input, [self.epsilon, self.momentum], parameters, statistics)
            }
        }

        impl<const C: usize> Export for $layer<C, f32, Cpu> {
            fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
                let tensors = [&self.scale, &self.bias, &self.running_mean, &self.running_var].map(numbers);
                graph.batch_norm(input, tensors.each_ref().map(|tensor| tensor.as_slice()), self.epsilon)
            }
        }

        impl<const C: usize, E: Dtype, D: Storage<E>> Settings for $layer<C, E, D> {
            const SETTINGS: &'static [(&'static str, Range)] =
                &[("momentum", Range::SHARE), ("epsilon", Range::POSITIVE)];

            fn set(&mut self, setting: &str, value: f64) {
                match setting {
                    "momentum" => self.momentum = value,
                    _ => self.epsilon = value,
                }
            }
        }
    )+};
}

batch_norm!(BatchNorm1D, BatchNorm2D);

impl Lower for AvgPoolGlobal {
    fn lower(&self, program: &mut Program, input: Value) -> Value {
        program.pool_all(input, Pool::Average)
    }
}

impl Export for AvgPoolGlobal {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        graph.pool_all(input, Pool::Average)
    }
}

macro_rules! functions {
    ($($layer:ident is $function:ident),+) => {$(
        impl Lower for $layer {
            fn lower(&self, program: &mut Program, input: Value) -> Value {
                program.elementwise(input, Function::$function)
            }
        }

        impl Export for $layer {
            fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
                graph.elementwise(input, Function::$function)
            }
        }
    )+};
}

functions!(ReLU is Relu, Tanh is Tanh, Sigmoid is Sigmoid, FastGeLU is FastGelu, Square is Square, Abs is Abs);

macro_rules! operators {
    ($($layer:ident is $operator:literal),+) => {$(
        impl Export for $layer {
            fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
                graph.apply_like($operator, &[input])
            }
        }
    )+};
}

// ONNX and dfdx both apply the softmax to the last axis.
operators!(
    Softmax is "Softmax", LogSoftmax is "LogSoftmax", Cos is "Cos", Exp is "Exp", Ln is "Log", Sin is "Sin", Sqrt is "Sqrt"
);

impl<const I: usize, const O: usize> Export for Linear<I, O, f32, Cpu> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        graph.linear(input, [I, O], &numbers(&self.weight), Some(&numbers(&self.bias)))
    }
}

impl<const I: usize, const O: usize> Export for UnbiasedLinear<I, O, f32, Cpu> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        graph.linear(input, [I, O], &numbers(&self.weight), None)
    }
}

impl<const C: usize> Export for Bias2D<C, f32, Cpu> {
    fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
        graph.add_to_channels(input, &numbers(&self.bias))
    }
}

impl Export for Dropout {
    fn export(&self, _graph: &mut Graph, input: Edge) -> Edge {
        input
    }
}

/// Searches the rate `p`, as dropgrid's [`Dropout`](crate::nn::Dropout) does.
impl Tunable for Dropout {
    const SETTING: &'static str = "rate";
    const ALIAS: Option<&'static str> = Some("p");
    const RANGE: Range = Range::RATE;

    fn tune(&mut self, value: f64) {
        self.p = value as f32;
    }
}

impl Settings for Dropout {
    const SETTINGS: &'static [(&'static str, Range)] = &[("p", Range::RATE)];

    fn set(&mut self, _setting: &str, value: f64) {
        self.p = value as f32;
    }
}
