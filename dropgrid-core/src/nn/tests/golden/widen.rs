//! Conversion of layers to double precision, for tests.

use dfdx::{
    nn::tensor_collection::{
        RecursiveWalker, ScalarOptions, TensorCollection, TensorOptions, TensorVisitor, ViewTensorRef,
    },
    shapes::{HasShape, Shape},
    tensor::{Cpu, CpuError, Tensor, TensorFromVec},
};
use num_traits::NumCast;

/// Converts a layer to double precision and keeps its settings. dfdx's `to_dtype` resets settings to their defaults.
struct Widen;

impl TensorVisitor<f32, Cpu> for Widen {
    type Viewer = ViewTensorRef;
    type Err = CpuError;
    type E2 = f64;
    type D2 = Cpu;

    fn visit<S: Shape>(
        &mut self,
        _: TensorOptions<S, f32, Cpu>,
        tensor: &Tensor<S, f32, Cpu>,
    ) -> Result<Option<Tensor<S, f64, Cpu>>, CpuError> {
        let numbers = tensor.as_vec().into_iter().map(Into::into).collect();
        Cpu::default().try_tensor_from_vec(numbers, *HasShape::shape(tensor)).map(Some)
    }

    fn visit_scalar<N: NumCast>(&mut self, _: ScalarOptions<N>, value: &N) -> Result<Option<N>, CpuError> {
        Ok(value.to_f64().and_then(N::from))
    }
}

/// Converts the layer to double precision.
pub(super) fn widen<N: TensorCollection<f32, Cpu>>(layer: &N) -> N::To<f64, Cpu> {
    let walked = N::iter_tensors(&mut RecursiveWalker { m: layer, f: &mut Widen });
    walked.expect("memory").expect("a layer")
}
