//! Normal summands.

use dfdx::{
    nn::{
        BuildOnDevice, Module, ModuleMut,
        tensor_collection::{ModuleVisitor, ScalarOptions, TensorCollection},
    },
    shapes::{Dtype, Shape},
    tensor::{NoneTape, OwnedTape, Tensor},
    tensor_ops::Device,
};

use super::{Noisy, layer, passes, train};
use crate::{
    kernel::noise::Noise,
    nn::{InputShape, Lower, Range, Settings, TakesInput, Tunable},
    program::{Program, Value},
};

/// Adds a normal number of mean 0 and standard deviation `stddev` to each value of a training pass, as Keras'
/// [`GaussianNoise`](https://keras.io/api/layers/regularization_layers/gaussian_noise/)
/// ([Bishop 1995](https://doi.org/10.1162/neco.1995.7.1.108)).
///
/// At the head of a network, or behind the scaler there, it makes new rows of those that there are.
///
/// Shapes: any, to the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GaussianNoise {
    /// The standard deviation, from 0.
    pub stddev: f32,
}

layer!(GaussianNoise, stddev = 0.1, "standard deviation" in Range::NON_NEGATIVE);
passes!(GaussianNoise);

impl Noisy for GaussianNoise {
    fn noise(&self, _axes: &[usize]) -> Option<Noise> {
        (self.stddev > 0.0).then_some(Noise::Sum { deviation: self.stddev })
    }
}
