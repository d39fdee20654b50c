//! Functions of each number.

use super::{Attribute, Edge, Graph};
use crate::kernel::elementwise::{Function, SELU_ALPHA, SELU_SCALE};

impl Graph {
    /// A function of each number.
    pub(crate) fn elementwise(&mut self, x: Edge, function: Function) -> Edge {
        match function {
            Function::Relu => self.apply_like("Relu", &[x]),
            Function::LeakyRelu(slope) => self.function(x, "LeakyRelu", &[("alpha", slope)]),
            Function::Tanh => self.apply_like("Tanh", &[x]),
            Function::Sigmoid => self.apply_like("Sigmoid", &[x]),
            Function::FastGelu => {
                let cube = self.multiply(x, x);
                let cube = self.multiply(cube, x);
                let cube = self.times(cube, 0.044_715);
                let inner = self.add(x, cube);
                let inner = self.times(inner, std::f32::consts::FRAC_2_SQRT_PI * std::f32::consts::FRAC_1_SQRT_2);
                let inner = self.apply_like("Tanh", &[inner]);
                self.half_gate(x, inner)
            }
            Function::Gelu => {
                let inner = self.times(x, std::f32::consts::FRAC_1_SQRT_2);
                let inner = self.apply_like("Erf", &[inner]);
                self.half_gate(x, inner)
            }
            Function::Square => self.multiply(x, x),
            Function::Abs => self.apply_like("Abs", &[x]),
            Function::Elu(alpha) => self.function(x, "Elu", &[("alpha", alpha)]),
            Function::Selu => self.function(x, "Selu", &[("alpha", SELU_ALPHA), ("gamma", SELU_SCALE)]),
            Function::Silu => {
                let gate = self.apply_like("Sigmoid", &[x]);
                self.multiply(x, gate)
            }
            Function::Mish => {
                let gate = self.apply_like("Softplus", &[x]);
                let gate = self.apply_like("Tanh", &[gate]);
                self.multiply(x, gate)
            }
        }
    }

    /// x / 2 (1 + y).
    fn half_gate(&mut self, x: Edge, y: Edge) -> Edge {
        let one = self.constant("number", &[1], &[1.0]);
        let gate = self.add(y, one);
        let half = self.times(x, 0.5);
        self.multiply(half, gate)
    }

    fn times(&mut self, x: Edge, factor: f32) -> Edge {
        let factor = self.constant("number", &[1], &[factor]);
        self.multiply(x, factor)
    }

    fn function(&mut self, x: Edge, operator: &'static str, settings: &[(&'static str, f32)]) -> Edge {
        let axes = self.shape(x).to_vec();
        let settings: Vec<_> = settings.iter().map(|&(name, value)| (name, Attribute::Float(value))).collect();
        self.apply(operator, &[x], &settings, &axes)
    }
}
