//! The largest number of each window of an image.

use dfdx::{
    nn::{Module, ModuleMut},
    shapes::{Axis, Const, Dim, Dtype, HasShape, Shape},
    tensor::{NoneTape, OwnedTape, Tape, Tensor},
    tensor_ops::{Device, MaxTo, ReshapeTo},
};
use num_traits::Float;

use super::{
    images::patches,
    lower::Lower,
    pool2d::{Images, as_images, check, evaluate, pooling, train},
    size::Slides,
};
use crate::{
    kernel::{pool::Pool, windows::Windows},
    program::{Program, Value},
};

pooling! {
    /// The largest number of each window, channel by channel.
    ///
    /// y(c, i, j) = max over k, l of x(c, i S + k D - P, j S + l D - P) where that is on the image, with S the stride (1 if
    /// none is given, as in dfdx; in PyTorch it is the kernel's size), P the padding, which is at most half a window, and D
    /// the dilation ([Boureau et al. 2010](https://icml.cc/Conferences/2010/papers/638.pdf)). As PyTorch's `MaxPool2d`,
    /// also where several numbers are the largest: the first of them, row by row, has the gradient. Elsewhere than on the
    /// CPU in `f32`, each of them has it, as in dfdx.
    ///
    /// Shapes: (C, H, W) or (rows, C, H, W) to the same with H', W': see [`Slides`].
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
