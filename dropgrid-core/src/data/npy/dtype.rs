//! The types of an array's elements.

use crate::error::ArrayFault;

/// The type of an array's elements: numbers or truth values of so many bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Dtype {
    pub(super) kind: Kind,
    pub(super) bytes: usize,
    is_big_endian: bool,
}

/// The kind of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Bool,
    Signed,
    Unsigned,
    Float,
}

impl Dtype {
    /// The type that [NumPy](https://numpy.org/doc/stable/reference/arrays.interface.html) writes as `descr`.
    ///
    /// # Errors
    /// [`ArrayFault::Dtype`] for elements that are no numbers.
    pub(super) fn parse(descr: &str) -> Result<Self, ArrayFault> {
        let refused = |advice| Err(ArrayFault::Dtype { dtype: descr.to_owned(), advice });
        let (order, ty) = descr.split_at(descr.chars().next().map_or(0, char::len_utf8));
        let (kind, size) = ty.split_at(ty.chars().next().map_or(0, char::len_utf8));
        let kind = match kind {
            "b" => Kind::Bool,
            "i" => Kind::Signed,
            "u" => Kind::Unsigned,
            "f" => Kind::Float,
            "O" => return refused("save `array.astype(\"float64\")`"),
            "U" | "S" | "a" => {
                return refused(
                    "save the numbers of the classes, `np.unique(array, return_inverse=True)[1]`, or save a table as CSV",
                );
            }
            "M" | "m" => return refused("save seconds, `array.astype(\"datetime64[s]\").astype(\"int64\")`"),
            "c" => return refused("save the real and the imaginary part as two arrays"),
            _ => return refused("save an array of numbers"),
        };
        let is_big_endian = order == ">";
        match (kind, size) {
            (Kind::Bool, "1")
            | (Kind::Signed | Kind::Unsigned, "1" | "2" | "4" | "8")
            | (Kind::Float, "2" | "4" | "8") => {
                Ok(Self { kind, bytes: usize::from(size.as_bytes()[0] - b'0'), is_big_endian })
            }
            _ => refused("save `array.astype(\"float64\")`"),
        }
    }

    /// True where each number of this type is one in single precision.
    pub(super) fn is_single(self) -> bool {
        match self.kind {
            Kind::Bool => true,
            Kind::Signed | Kind::Unsigned => self.bytes <= 2,
            Kind::Float => self.bytes <= 4,
        }
    }

    /// The bits of an element of these bytes.
    fn bits(self, bytes: &[u8]) -> u64 {
        let add = |bits: u64, byte: &u8| bits << 8 | u64::from(*byte);
        if self.is_big_endian { bytes.iter().fold(0, add) } else { bytes.iter().rev().fold(0, add) }
    }

    /// The element of these bytes, where it is a whole number.
    pub(super) fn whole(self, bytes: &[u8]) -> Option<i128> {
        let bits = self.bits(bytes);
        match self.kind {
            Kind::Bool | Kind::Unsigned => Some(i128::from(bits)),
            Kind::Signed => {
                let unused = 64 - 8 * self.bytes;
                Some(i128::from((bits << unused).cast_signed() >> unused))
            }
            Kind::Float => {
                let number = self.number(bytes);
                (number.is_finite() && number.fract() == 0.0).then_some(number as i128)
            }
        }
    }

    /// The element of these bytes, rounded to double precision.
    pub(super) fn number(self, bytes: &[u8]) -> f64 {
        let bits = self.bits(bytes);
        match (self.kind, self.bytes) {
            (Kind::Float, 2) => half(bits as u16),
            (Kind::Float, 4) => f64::from(f32::from_bits(bits as u32)),
            (Kind::Float, _) => f64::from_bits(bits),
            (Kind::Signed, _) => self.whole(bytes).map_or(f64::NAN, |whole| whole as f64),
            (Kind::Bool | Kind::Unsigned, _) => bits as f64,
        }
    }
}

/// The number of [half precision](https://en.wikipedia.org/wiki/Half-precision_floating-point_format) with these bits.
fn half(bits: u16) -> f64 {
    let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
    let magnitude = match exponent {
        0 => fraction * dropgrid_kernel::power(2.0, -24),
        31 if fraction == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + fraction) * dropgrid_kernel::power(2.0, exponent - 25),
    };
    if bits >> 15 == 1 { -magnitude } else { magnitude }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_read_in_each_order_of_bytes() {
        let dtype = |descr| Dtype::parse(descr).expect("numbers");
        for (descr, bytes, expected) in [
            ("|b1", &[1][..], 1.0),
            ("|i1", &[0xff], -1.0),
            ("|u1", &[0xff], 255.0),
            ("<i2", &[0xfe, 0xff], -2.0),
            (">i2", &[0xff, 0xfe], -2.0),
            ("<u4", &[0, 0, 0, 0x80], 2_147_483_648.0),
            (">i8", &[0x80, 0, 0, 0, 0, 0, 0, 0], -9_223_372_036_854_775_808.0),
            ("<f2", &[0, 0x3e], 1.5),
            (">f2", &[0xfb, 0xff], -65504.0),
            ("<f2", &[1, 0], 5.960_464_477_539_063e-8),
            ("<f4", &[0, 0, 0xc0, 0x3f], 1.5),
            (">f8", &[0x3f, 0xf8, 0, 0, 0, 0, 0, 0], 1.5),
        ] {
            assert_eq!(dtype(descr).number(bytes), expected, "{descr}");
        }
        assert!(dtype("<f2").number(&[0, 0x7c]).is_infinite() && dtype("<f2").number(&[1, 0x7c]).is_nan());
        assert_eq!(dtype("<u8").whole(&[0xff; 8]), Some(18_446_744_073_709_551_615));
        assert_eq!(dtype("<f4").whole(&[0, 0, 0xc0, 0x3f]), None);
        assert_eq!(dtype("<f4").whole(&[0, 0, 0, 0xc0]), Some(-2));
        for other in ["|O", "<U6", "|S3", "<M8[ns]", "<c16", "<f16", "|V8", "<i3", "|b8", "", "<", "é"] {
            assert!(Dtype::parse(other).is_err(), "{other}");
        }
    }
}
