//! Numbers in JSON as their bits: JSON has no NaN and no infinities.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A number that is written as its bits, for `#[serde(with = "bits")]`.
pub(crate) trait Bits: Copy {
    type Bits: Serialize + for<'de> Deserialize<'de>;

    fn to_bits(self) -> Self::Bits;

    fn from_bits(bits: Self::Bits) -> Self;
}

impl Bits for f32 {
    type Bits = u32;

    fn to_bits(self) -> u32 {
        self.to_bits()
    }

    fn from_bits(bits: u32) -> Self {
        Self::from_bits(bits)
    }
}

impl Bits for f64 {
    type Bits = u64;

    fn to_bits(self) -> u64 {
        self.to_bits()
    }

    fn from_bits(bits: u64) -> Self {
        Self::from_bits(bits)
    }
}

impl<N: Bits> Bits for Option<N> {
    type Bits = Option<N::Bits>;

    fn to_bits(self) -> Self::Bits {
        self.map(Bits::to_bits)
    }

    fn from_bits(bits: Self::Bits) -> Self {
        bits.map(Bits::from_bits)
    }
}

pub(crate) fn serialize<N: Bits, S: Serializer>(number: &N, serializer: S) -> Result<S::Ok, S::Error> {
    number.to_bits().serialize(serializer)
}

pub(crate) fn deserialize<'de, N: Bits, D: Deserializer<'de>>(deserializer: D) -> Result<N, D::Error> {
    N::Bits::deserialize(deserializer).map(N::from_bits)
}
