//! Sizes of images as types: the number of windows along a side, and the length of a flattened image.
//!
//! dfdx computes them with generic const expressions, which stable Rust lacks. Here the compiler converts dfdx's
//! `Const` to binary numbers of the crate `typenum`, computes with them and converts the result back by a table, see
//! `digits`. The resulting shapes are plain `Const`s, which every layer accepts, and a compile error names both of two
//! sizes that do not fit.

mod digits;

use std::ops::{Add, Div, Mul, Sub};

use dfdx::shapes::{Const, ConstDim};
use typenum::{NonZero, ToUInt, U1};

use self::digits::{Digits, ToConst};

/// A `Const` of at most 1024, as a binary number.
trait Number {
    type Bits;
}

impl<const N: usize> Number for Const<N>
where
    typenum::Const<N>: ToUInt,
{
    type Bits = <typenum::Const<N> as ToUInt>::Output;
}

type Bits<const N: usize> = <Const<N> as Number>::Bits;

/// A side of an image along which windows slide.
///
/// The number of windows on a side of N is (N + 2 `PADDING` - `DILATION` (`KERNEL` - 1) - 1) / `STRIDE` + 1, rounded
/// down. Kernel, stride and dilation are at least 1, the side is at most 1024, and at least one window must fit.
///
/// # Examples
/// ```
/// # use dfdx::shapes::Const;
/// # use dropgrid_core::nn::size::Slides;
/// fn count<S: Slides<3, 2, 1, 1, Count = Const<4>>>() {}
/// count::<Const<8>>();
/// ```
/// No window of 3 fits on a side of 2:
/// ```compile_fail,E0277
/// # use dfdx::shapes::Const;
/// # use dropgrid_core::nn::size::Slides;
/// fn fits<S: Slides<3, 1, 0, 1>>() {}
/// fits::<Const<2>>();
/// ```
#[diagnostic::on_unimplemented(
    message = "no window of {KERNEL} fits on a side of `{Self}` with a padding of {PADDING} and a dilation of {DILATION}",
    note = "strides, dilations and kernels are at least 1, and sides at most 1024"
)]
pub trait Slides<const KERNEL: usize, const STRIDE: usize, const PADDING: usize, const DILATION: usize> {
    /// The number of windows.
    type Count: ConstDim;
}

#[diagnostic::do_not_recommend]
impl<const N: usize, const K: usize, const S: usize, const P: usize, const L: usize, Both, Wide, Gaps, Reach, Count>
    Slides<K, S, P, L> for Const<N>
where
    Const<N>: Number,
    Const<K>: Number,
    Const<S>: Number<Bits: NonZero>,
    Const<P>: Number,
    Const<L>: Number<Bits: NonZero>,
    Bits<P>: Add<Bits<P>, Output = Both>,
    Bits<N>: Add<Both, Output = Wide>,
    Bits<K>: Sub<U1, Output = Gaps>,
    Bits<L>: Mul<Gaps, Output = Reach>,
    Wide: Sub<Reach, Output: Sub<U1, Output: Div<Bits<S>, Output: Add<U1, Output = Count>>>>,
    Count: Digits<Hex: ToConst>,
{
    type Count = <Count::Hex as ToConst>::Dim;
}

/// A shape (channels, height, width) that can be flattened to a row.
///
/// Channels, height and width are at most 1024. The length of the row is at most 1024, or at most 4096 if it is
/// divisible by 4, 16384 if divisible by 16, and 65536 if divisible by 64.
#[diagnostic::on_unimplemented(
    message = "images of `{Self}` are too large or too odd to become rows",
    note = "rows are of up to 1024 numbers, 4096 where 4 divides their number, 16384 where 16 does, 65536 where 64 does"
)]
pub trait Flattens {
    /// The length of the row.
    type Row: ConstDim;
}

#[diagnostic::do_not_recommend]
impl<const C: usize, const H: usize, const W: usize, Column, Row> Flattens for (Const<C>, Const<H>, Const<W>)
where
    Const<C>: Number,
    Const<H>: Number,
    Const<W>: Number,
    Bits<C>: Mul<Bits<H>, Output = Column>,
    Column: Mul<Bits<W>, Output = Row>,
    Row: Digits<Hex: ToConst>,
{
    type Row = <Row::Hex as ToConst>::Dim;
}

/// A width whose double is at most 1024, for the concatenated states of a bidirectional layer.
#[diagnostic::on_unimplemented(
    message = "twice a width of `{Self}` is more than 1024",
    note = "a bidirectional layer has at most 512 units, since it gives the states of both directions side by side"
)]
pub trait Doubles {
    /// Twice the width.
    type Twice: ConstDim;
}

#[diagnostic::do_not_recommend]
impl<const N: usize, Twice> Doubles for Const<N>
where
    Const<N>: Number,
    Bits<N>: Add<Bits<N>, Output = Twice>,
    Twice: Digits<Hex: ToConst>,
{
    type Twice = <Twice::Hex as ToConst>::Dim;
}
