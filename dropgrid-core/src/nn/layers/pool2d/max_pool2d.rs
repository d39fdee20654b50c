//! Max pooling of images.

use dfdx::{shapes::Axis, tensor_ops::MaxTo};

use super::pooling;
use crate::kernel::pool::Pool;

pooling! {
    /// Max pooling: the maximum of each window, by channel ([Boureau et al.
    /// 2010](https://icml.cc/Conferences/2010/papers/638.pdf)).
    ///
    /// y(c, i, j) = max over k, l of x(c, i S + k D - P, j S + l D - P), with stride S, padding P and dilation D. The
    /// default stride is 1, as in dfdx; PyTorch's default is the kernel size. The padding is at most half a window and
    /// does not count in the maximum.
    ///
    /// If several values are the maximum, the first in row-major order gets the gradient, as in PyTorch's `MaxPool2d`.
    /// With other devices or number types than the CPU and `f32`, each of them gets it, as in dfdx.
    ///
    /// Shapes: (C, H, W) to (C, H', W') or (rows, C, H, W) to (rows, C, H', W'), see
    /// [`Slides`](crate::nn::size::Slides).
    ///
    /// # Examples
    /// ```
    /// # use dfdx::{nn::Module, shapes::Rank3, tensor::{AsArray, Cpu, Tensor, TensorFrom}};
    /// # use dropgrid_core::nn::MaxPool2D;
    /// let image = [[[1.0, 2.0, 5.0, 4.0], [8.0, 3.0, 7.0, 6.0]]];
    /// let image: Tensor<Rank3<1, 2, 4>, f32, _> = Cpu::default().tensor(image);
    /// assert_eq!(MaxPool2D::<2, 2>.forward(image).array(), [[[8.0, 7.0]]]);
    /// ```
    MaxPool2D is Pool::Max, |patches| patches.try_max::<_, Axis<1>>(), padding E::neg_infinity()
}
