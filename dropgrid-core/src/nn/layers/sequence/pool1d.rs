//! Pooling of sequences.

use dfdx::{
    nn::ZeroSizedModule,
    shapes::{Axes3, Axis, Const, Dtype, HasShape},
    tensor::{Tape, Tensor},
    tensor_ops::{Device, MaxTo, MeanTo, PermuteTo, ReshapeTo},
};

use super::{
    passes::{ByTensorOps, sequence_passes},
    tensor_ops::{Masks, Steps},
};
use crate::{
    graph::{Edge, Graph},
    kernel::{pool::Pool, windows::Windows},
    nn::{
        Export, Lower,
        layers::{images::patches, pool2d::check},
        size::Slides,
        tensor::cpu_f32::TensorResult,
    },
    program::{Program, Value},
};

/// Defines a pooling layer, its passes, its operation in a program and its export.
macro_rules! pooling {
    ($(#[$meta:meta])* $layer:ident is $kind:expr, |$patches:ident| $reduce:expr, padding $padding:expr) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
        pub struct $layer<
            const KERNEL: usize,
            const STRIDE: usize = 1,
            const PADDING: usize = 0,
            const DILATION: usize = 1,
        >;

        impl<const K: usize, const S: usize, const P: usize, const L: usize> ZeroSizedModule for $layer<K, S, P, L> {}

        impl<const K: usize, const S: usize, const P: usize, const L: usize> Lower for $layer<K, S, P, L> {
            fn lower(&self, program: &mut Program, input: Value) -> Value {
                const { check(K, P, L) };
                program.pool_steps(input, $kind, K, [S, P, L])
            }
        }

        impl<const K: usize, const S: usize, const P: usize, const L: usize> Export for $layer<K, S, P, L> {
            fn export(&self, graph: &mut Graph, input: Edge) -> Edge {
                graph.with_channels_first(input, |graph, input| graph.pool(input, $kind, K, [S, P, L]))
            }
        }

        impl<const K: usize, const S: usize, const P: usize, const L: usize, E: Dtype, D: Device<E>> ByTensorOps<E, D>
            for $layer<K, S, P, L>
        {
            fn by_tensor_ops<T: Tape<E, D>>(
                &self,
                input: Tensor<Steps, E, D, T>,
                _masks: &mut Masks,
            ) -> TensorResult<Steps, E, D, T> {
                let (batch, steps, channels) = *input.shape();
                let windows = Windows::of_steps([steps, channels], K, [S, P, L]);
                let images = input.try_permute::<Steps, Axes3<0, 2, 1>>()?;
                let images = images.try_reshape_like(&(batch, channels, steps, 1))?;
                let $patches = patches(images, &windows, $padding)?;
                let out: Tensor<(usize, usize), E, D, T> = $reduce?;
                let out = out.try_reshape_like(&(batch, channels, windows.windows()))?;
                out.try_permute::<Steps, Axes3<0, 2, 1>>()
            }
        }

        sequence_passes! {
            [const N: usize, const C: usize, const K: usize, const S: usize, const P: usize, const L: usize,]
            [Const<N>: Slides<K, S, P, L>,]
            $layer<K, S, P, L>, $layer<K, S, P, L>:
            (Const<N>, Const<C>) => (<Const<N> as Slides<K, S, P, L>>::Count, Const<C>)
        }
    };
}

pooling! {
    /// Max pooling: the maximum of each window of steps, by channel.
    ///
    /// y(t, c) = max over k of x(t S + k D - P, c), with stride S, padding P and dilation D. The default stride is 1;
    /// PyTorch's default is the kernel size. The padding is at most half a window and does not count in the maximum. If
    /// several values are the maximum, the first gets the gradient. NaN counts as the maximum.
    ///
    /// It is PyTorch's [`MaxPool1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.MaxPool1d.html) for
    /// sequences with channels last.
    ///
    /// Shapes: (T, C) to (T', C) or (rows, T, C) to (rows, T', C), see [`Slides`].
    ///
    /// # Examples
    /// ```
    /// # use dfdx::{nn::Module, shapes::Rank2, tensor::{AsArray, Cpu, Tensor, TensorFrom}};
    /// # use dropgrid_core::nn::MaxPool1D;
    /// let steps: Tensor<Rank2<4, 1>, f32, _> = Cpu::default().tensor([[1.0], [4.0], [2.0], [3.0]]);
    /// assert_eq!(MaxPool1D::<2, 2>.forward(steps).array(), [[4.0], [3.0]]);
    /// ```
    MaxPool1D is Pool::Max, |patches| patches.try_max::<_, Axis<1>>(), padding E::from_f64(f64::NEG_INFINITY).unwrap_or_default()
}

pooling! {
    /// Average pooling: the mean of each window of steps, by channel.
    ///
    /// y(t, c) = 1 / K sum over k of x(t S + k D - P, c), with kernel size K, stride S, padding P and dilation D. The
    /// default stride is 1; PyTorch's default is the kernel size. The padding is at most half a window. Its zeros count
    /// in the mean.
    ///
    /// It is PyTorch's [`AvgPool1d`](https://docs.pytorch.org/docs/stable/generated/torch.nn.AvgPool1d.html) for
    /// sequences with channels last.
    ///
    /// Shapes: (T, C) to (T', C) or (rows, T, C) to (rows, T', C), see [`Slides`].
    ///
    /// # Examples
    /// ```
    /// # use dfdx::{nn::Module, shapes::Rank2, tensor::{AsArray, Cpu, Tensor, TensorFrom}};
    /// # use dropgrid_core::nn::AvgPool1D;
    /// let steps: Tensor<Rank2<4, 1>, f32, _> = Cpu::default().tensor([[1.0], [4.0], [2.0], [3.0]]);
    /// assert_eq!(AvgPool1D::<2, 2>.forward(steps).array(), [[2.5], [2.5]]);
    /// ```
    AvgPool1D is Pool::Average, |patches| patches.try_mean::<_, Axis<1>>(), padding E::default()
}
