//! Sizes of images as types: what comes out of a window that slides, and of an image that becomes a row.
//!
//! dfdx computes them by const expressions of generic parameters, which stable Rust does not have. Here they are
//! computed by the compiler all the same, in binary numbers of the crate `typenum`, from dfdx's `Const` and back to it:
//! shapes are the ones that one would write by hand, so every layer takes them, and two that do not fit are an error
//! of `cargo check` with both sizes in it. The way back is a table, see `digits`.

mod digits;

use std::ops::{Add, Div, Mul, Sub};

use dfdx::shapes::{Const, ConstDim};
use typenum::{NonZero, ToUInt, U1};

use self::digits::{Digits, Known};

/// A `Const` of up to 1024 as a number that the compiler computes with.
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
/// (N + 2 `PADDING` - `DILATION` (`KERNEL` - 1) - 1) / `STRIDE` + 1, rounded down, of them fit on a side of N: for a
/// kernel, a stride and a dilation of at least 1, a side of at most 1024, and where at least one fits.
///
/// # Examples
/// ```
/// # use dfdx::shapes::Const;
/// # use dropgrid_core::nn::size::Slides;
/// fn count<S: Slides<3, 2, 1, 1, Count = Const<4>>>() {}
/// count::<Const<8>>();
/// ```
/// Nothing fits on a side of 2:
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
    /// The windows that fit.
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
    Count: Digits<Hex: Known>,
{
    type Count = <Count::Hex as Known>::Dim;
}

/// A shape (channels, height, width) whose numbers can lie in one row.
///
/// For channels and sides of at most 1024, and rows of up to 1024 numbers, 4096 where 4 divides their number, 16384
/// where 16 does, 65536 where 64 does.
#[diagnostic::on_unimplemented(
    message = "images of `{Self}` are too large or too odd to become rows",
    note = "rows are of up to 1024 numbers, 4096 where 4 divides their number, 16384 where 16 does, 65536 where 64 does"
)]
pub trait Flattens {
    /// The numbers of an image.
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
    Row: Digits<Hex: Known>,
{
    type Row = <Row::Hex as Known>::Dim;
}
