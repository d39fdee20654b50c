//! Conversion of binary numbers of `typenum` to dfdx's `Const`.
//!
//! Stable Rust cannot convert a type to a const argument, so the conversion is a table of impls. The table is keyed by
//! hexadecimal digits with the last digit outermost. The compiler then rejects most entries by the outermost type. 3300
//! entries compile in two seconds; with binary digits they would take ten.

#![allow(unnameable_types, reason = "a table of the compiler's, of which `nn::size` has the results")]

use std::marker::PhantomData;

use dfdx::shapes::{Const, ConstDim};
use typenum::{B0, B1, UInt, UTerm};

/// Converts a binary number to hexadecimal digits.
pub trait Digits {
    type Hex;
}

/// Converts hexadecimal digits to a `Const`, for numbers in the table.
pub trait ToConst {
    type Dim: ConstDim;
}

/// The end of the digits.
#[derive(Debug)]
pub struct NoDigits;

macro_rules! digits {
    ($($digit:ident is $b3:ident $b2:ident $b1:ident $b0:ident)*) => {$(
        #[derive(Debug)]
        pub struct $digit<Higher>(PhantomData<Higher>);

        impl<Higher: Digits> Digits for UInt<UInt<UInt<UInt<Higher, $b3>, $b2>, $b1>, $b0> {
            type Hex = $digit<Higher::Hex>;
        }
    )*};
}

digits! {
    X0 is B0 B0 B0 B0
    X1 is B0 B0 B0 B1
    X2 is B0 B0 B1 B0
    X3 is B0 B0 B1 B1
    X4 is B0 B1 B0 B0
    X5 is B0 B1 B0 B1
    X6 is B0 B1 B1 B0
    X7 is B0 B1 B1 B1
    X8 is B1 B0 B0 B0
    X9 is B1 B0 B0 B1
    XA is B1 B0 B1 B0
    XB is B1 B0 B1 B1
    XC is B1 B1 B0 B0
    XD is B1 B1 B0 B1
    XE is B1 B1 B1 B0
    XF is B1 B1 B1 B1
}

impl Digits for UTerm {
    type Hex = NoDigits;
}

/// Implements [`Digits`] for a first digit of fewer than four bits.
macro_rules! first_digits {
    ($($digit:ident is $bits:ty;)*) => {$(
        impl Digits for $bits {
            type Hex = $digit<NoDigits>;
        }
    )*};
}

type One = UInt<UTerm, B1>;

first_digits! {
    X1 is One;
    X2 is UInt<One, B0>;
    X3 is UInt<One, B1>;
    X4 is UInt<UInt<One, B0>, B0>;
    X5 is UInt<UInt<One, B0>, B1>;
    X6 is UInt<UInt<One, B1>, B0>;
    X7 is UInt<UInt<One, B1>, B1>;
}

impl ToConst for NoDigits {
    type Dim = Const<0>;
}

/// Adds every number with these digits to the table, most significant digit first: `low` means 1 to 3, `high` 4 to 15,
/// `any` 0 to 15, and `fourth` 0, 4, 8 and 12.
macro_rules! entries {
    ($type:ty, $value:expr;) => {
        impl ToConst for $type {
            type Dim = Const<{ $value }>;
        }
    };
    ($type:ty, $value:expr; zero $($rest:tt)*) => { entries!(@ $type, $value, [$($rest)*] X0 0); };
    ($type:ty, $value:expr; fourth $($rest:tt)*) => {
        entries!(@ $type, $value, [$($rest)*] X0 0 X4 4 X8 8 XC 12);
    };
    ($type:ty, $value:expr; low $($rest:tt)*) => { entries!(@ $type, $value, [$($rest)*] X1 1 X2 2 X3 3); };
    ($type:ty, $value:expr; high $($rest:tt)*) => {
        entries!(@ $type, $value, [$($rest)*] X4 4 X5 5 X6 6 X7 7 X8 8 X9 9 XA 10 XB 11 XC 12 XD 13 XE 14 XF 15);
    };
    ($type:ty, $value:expr; any $($rest:tt)*) => {
        entries!($type, $value; zero $($rest)*);
        entries!($type, $value; low $($rest)*);
        entries!($type, $value; high $($rest)*);
    };
    (@ $type:ty, $value:expr, $rest:tt $($digit:ident $number:literal)*) => {
        $(entries!(^ $digit<$type>, $value * 16 + $number, $rest);)*
    };
    (^ $type:ty, $value:expr, [$($rest:tt)*]) => { entries!($type, $value; $($rest)*); };
}

entries!(NoDigits, 0; low);
entries!(NoDigits, 0; high);
entries!(NoDigits, 0; low any);
entries!(NoDigits, 0; high any);
entries!(NoDigits, 0; low any any);
entries!(NoDigits, 0; high any fourth);
entries!(NoDigits, 0; low any any zero);
entries!(NoDigits, 0; high any fourth zero);
// The largest number, 65536.
entries!(X1<NoDigits>, 1; zero zero zero zero);
