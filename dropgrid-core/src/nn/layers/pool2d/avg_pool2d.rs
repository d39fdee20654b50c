//! The mean of each window of an image.

use dfdx::{shapes::Axis, tensor_ops::MeanTo};

use super::pooling;
use crate::kernel::pool::Pool;

pooling! {
    /// The mean of each window, channel by channel.
    ///
    /// y(c, i, j) = 1 / K² sum over k, l of x(c, i S + k D - P, j S + l D - P), with K the size of the kernel, S the
    /// stride (by default 1, as in dfdx; PyTorch's default is the size of the kernel), P the padding, which is at most
    /// half a window, and D the dilation. The zeros of the padding count, as in PyTorch's `AvgPool2d`
    /// (`count_include_pad=True`) and in dfdx ([LeCun et al. 1998](https://doi.org/10.1109/5.726791), section II.A,
    /// without its weights).
    ///
    /// Shapes: (C, H, W) or (rows, C, H, W) to the same with H', W': see [`Slides`](crate::nn::size::Slides).
    ///
    /// # Examples
    /// ```
    /// # use dfdx::{nn::Module, shapes::Rank3, tensor::{AsArray, Cpu, Tensor, TensorFrom}};
    /// # use dropgrid_core::nn::AvgPool2D;
    /// let image = [[[1.0, 2.0, 5.0, 4.0], [8.0, 3.0, 7.0, 6.0]]];
    /// let image: Tensor<Rank3<1, 2, 4>, f32, _> = Cpu::default().tensor(image);
    /// assert_eq!(AvgPool2D::<2, 2>.forward(image).array(), [[[3.5, 5.5]]]);
    /// ```
    AvgPool2D is Pool::Average, |patches| patches.try_mean::<_, Axis<1>>(), beside E::zero()
}
