//! The number types that a range axis can have.

/// A number type of an axis that is given by a range.
pub trait Number: Copy + PartialEq + std::fmt::Debug + Send + Sync + 'static {
    /// Whether the type has whole numbers only.
    const WHOLE: bool;

    /// As a double; exact for whole numbers below 2^53.
    fn to_f64(self) -> f64;

    /// From a double; whole types round to the nearest number.
    fn from_f64(value: f64) -> Self;
}

macro_rules! number {
    ($whole:literal: $($type:ty),+) => {$(
        #[allow(clippy::cast_lossless, clippy::cast_sign_loss, reason = "one text for types of every width")]
        impl Number for $type {
            const WHOLE: bool = $whole;

            fn to_f64(self) -> f64 {
                self as f64
            }

            fn from_f64(value: f64) -> Self {
                (if $whole { value.round() } else { value }) as Self
            }
        }
    )+};
}

number!(true: u8, u16, u32, u64, usize, i8, i16, i32, i64, isize);
number!(false: f32, f64);
