//! The largest number of each window of an image.

use dfdx::{shapes::Axis, tensor_ops::MaxTo};

use super::pooling;
use crate::kernel::pool::Pool;

pooling! {
    /// The largest number of each window, channel by channel.
    ///
    /// y(c, i, j) = max over k, l of x(c, i S + k D - P, j S + l D - P) where that is on the image, with S the stride
    /// (by default 1, as in dfdx; PyTorch's default is the size of the kernel), P the padding, which is at most half a
    /// window, and D the dilation ([Boureau et al. 2010](https://icml.cc/Conferences/2010/papers/638.pdf)). It is
    /// PyTorch's `MaxPool2d`: of several largest numbers the first, in row-major order, takes the gradient. Elsewhere
    /// than on the CPU in `f32`, each of them takes it, as in dfdx.
    ///
    /// Shapes: (C, H, W) or (rows, C, H, W) to the same with H', W': see [`Slides`](crate::nn::size::Slides).
    ///
    /// # Examples
    /// ```
    /// # use dfdx::{nn::Module, shapes::Rank3, tensor::{AsArray, Cpu, Tensor, TensorFrom}};
    /// # use dropgrid_core::nn::MaxPool2D;
    /// let image = [[[1.0, 2.0, 5.0, 4.0], [8.0, 3.0, 7.0, 6.0]]];
    /// let image: Tensor<Rank3<1, 2, 4>, f32, _> = Cpu::default().tensor(image);
    /// assert_eq!(MaxPool2D::<2, 2>.forward(image).array(), [[[8.0, 7.0]]]);
    /// ```
    MaxPool2D is Pool::Max, |patches| patches.try_max::<_, Axis<1>>(), beside E::neg_infinity()
}
