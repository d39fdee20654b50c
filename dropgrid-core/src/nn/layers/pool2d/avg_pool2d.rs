//! Average pooling of images.

use dfdx::{shapes::Axis, tensor_ops::MeanTo};

use super::pooling;
use crate::kernel::pool::Pool;

pooling! {
    /// Average pooling: the mean of each window, by channel ([LeCun et al. 1998](https://doi.org/10.1109/5.726791),
    /// section II.A, without its weights).
    ///
    /// y(c, i, j) = 1 / K² sum over k, l of x(c, i S + k D - P, j S + l D - P), with kernel size K, stride S, padding P
    /// and dilation D. The default stride is 1, as in dfdx; PyTorch's default is the kernel size. The padding is at
    /// most half a window. Its zeros count in the mean, as in dfdx and in PyTorch's `AvgPool2d`
    /// (`count_include_pad=True`).
    ///
    /// Shapes: (C, H, W) to (C, H', W') or (rows, C, H, W) to (rows, C, H', W'), see
    /// [`Slides`](crate::nn::size::Slides).
    ///
    /// # Examples
    /// ```
    /// # use dfdx::{nn::Module, shapes::Rank3, tensor::{AsArray, Cpu, Tensor, TensorFrom}};
    /// # use dropgrid_core::nn::AvgPool2D;
    /// let image = [[[1.0, 2.0, 5.0, 4.0], [8.0, 3.0, 7.0, 6.0]]];
    /// let image: Tensor<Rank3<1, 2, 4>, f32, _> = Cpu::default().tensor(image);
    /// assert_eq!(AvgPool2D::<2, 2>.forward(image).array(), [[[3.5, 5.5]]]);
    /// ```
    AvgPool2D is Pool::Average, |patches| patches.try_mean::<_, Axis<1>>(), padding E::zero()
}
