//! From binary numbers back to dfdx's `Const`: a table, since stable Rust has no other way from a type to a constant.
//!
//! Numbers go through hexadecimal digits, the last one outermost. An entry then differs from most others in the type that
//! the compiler looks at first, and a table of 3300 costs it two seconds; in bits it would cost ten.

use std::marker::PhantomData;

use dfdx::shapes::{Const, ConstDim};
use typenum::{B0, B1, UInt, UTerm};

/// A binary number in hexadecimal digits.
pub trait Digits {
    type Hex;
}

/// A number in hexadecimal digits that the table has.
pub trait Known {
    type Dim: ConstDim;
}

/// No more digits.
#[derive(Debug)]
pub struct End;

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
    type Hex = End;
}

/// A first digit of fewer than four bits.
macro_rules! first_digits {
    ($($digit:ident is $bits:ty;)*) => {$(
        impl Digits for $bits {
            type Hex = $digit<End>;
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

impl Known for End {
    type Dim = Const<0>;
}

/// Every number of these digits, the first of which is written first: `low` is 1 to 3, `high` 4 to 15, `fourth` every
/// fourth from 0 on.
macro_rules! known {
    ($type:ty, $value:expr;) => {
        impl Known for $type {
            type Dim = Const<{ $value }>;
        }
    };
    ($type:ty, $value:expr; zero $($rest:tt)*) => { known!(@ $type, $value, [$($rest)*] X0 0); };
    ($type:ty, $value:expr; fourth $($rest:tt)*) => {
        known!(@ $type, $value, [$($rest)*] X0 0 X4 4 X8 8 XC 12);
    };
    ($type:ty, $value:expr; low $($rest:tt)*) => { known!(@ $type, $value, [$($rest)*] X1 1 X2 2 X3 3); };
    ($type:ty, $value:expr; high $($rest:tt)*) => {
        known!(@ $type, $value, [$($rest)*] X4 4 X5 5 X6 6 X7 7 X8 8 X9 9 XA 10 XB 11 XC 12 XD 13 XE 14 XF 15);
    };
    ($type:ty, $value:expr; any $($rest:tt)*) => {
        known!($type, $value; zero $($rest)*);
        known!($type, $value; low $($rest)*);
        known!($type, $value; high $($rest)*);
    };
    (@ $type:ty, $value:expr, $rest:tt $($digit:ident $number:literal)*) => {
        $(known!(^ $digit<$type>, $value * 16 + $number, $rest);)*
    };
    (^ $type:ty, $value:expr, [$($rest:tt)*]) => { known!($type, $value; $($rest)*); };
}

known!(End, 0; low);
known!(End, 0; high);
known!(End, 0; low any);
known!(End, 0; high any);
known!(End, 0; low any any);
known!(End, 0; high any fourth);
known!(End, 0; low any any zero);
known!(End, 0; high any fourth zero);
// 1024 and 4096 and 16384 begin the next range; 65536 ends the last.
known!(X1<End>, 1; zero zero zero zero);
