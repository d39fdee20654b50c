//! The number types that a range axis can have.

use std::any::Any;

/// A number type of an axis that is given by a range.
pub trait Number: Copy + PartialEq + PartialOrd + std::fmt::Debug + Send + Sync + 'static {
    /// True where the type has whole numbers only.
    const WHOLE: bool;

    /// The number as a double. Whole numbers below 2^53 and an `f64` stay what they are. An `f32` becomes the double
    /// nearest to the decimal number that it is written as, so that 0.1 is 0.1 in both.
    fn to_f64(self) -> f64;

    /// The number nearest to a double; whole types round.
    fn from_f64(value: f64) -> Self;

    /// A whole number without rounding; none of types that have others.
    fn to_whole(self) -> Option<i128> {
        None
    }

    /// From a whole number, where the type has it and is one of whole numbers.
    fn from_whole(value: i128) -> Option<Self> {
        let _ = value;
        None
    }

    /// The next smaller number of the type, or the number itself where it is the smallest.
    fn before(self) -> Self;
}

macro_rules! whole {
    ($($type:ty),+) => {$(
        #[allow(clippy::cast_lossless, clippy::cast_sign_loss, reason = "one text for types of every width")]
        impl Number for $type {
            const WHOLE: bool = true;

            fn to_f64(self) -> f64 {
                self as f64
            }

            fn from_f64(value: f64) -> Self {
                value.round() as Self
            }

            fn to_whole(self) -> Option<i128> {
                Some(self as i128)
            }

            fn from_whole(value: i128) -> Option<Self> {
                Self::try_from(value).ok()
            }

            fn before(self) -> Self {
                self.saturating_sub(1)
            }
        }
    )+};
}

/// The value as a double, and whether its type is one of whole numbers; none where the type is no [`Number`].
pub(super) fn as_number(value: &dyn Any) -> Option<(f64, bool)> {
    macro_rules! first {
        ($($type:ty),+) => {
            None$(.or_else(|| value.downcast_ref::<$type>().map(|value| (value.to_f64(), <$type>::WHOLE))))+
        };
    }
    first!(f64, f32, usize, u8, u16, u32, u64, i8, i16, i32, i64, isize)
}

whole!(u8, u16, u32, u64, usize, i8, i16, i32, i64, isize);

impl Number for f32 {
    const WHOLE: bool = false;

    fn to_f64(self) -> f64 {
        self.to_string().parse().unwrap_or_else(|_| f64::from(self))
    }

    fn from_f64(value: f64) -> Self {
        value as Self
    }

    fn before(self) -> Self {
        self.next_down()
    }
}

impl Number for f64 {
    const WHOLE: bool = false;

    fn to_f64(self) -> f64 {
        self
    }

    fn from_f64(value: f64) -> Self {
        value
    }

    fn before(self) -> Self {
        self.next_down()
    }
}
