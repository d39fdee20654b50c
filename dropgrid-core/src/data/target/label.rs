//! Class numbers of any type of integers.

/// A class number: any integer, or a reference to one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no class number",
    label = "labels are integers",
    note = "classes are numbered from 0: `Classes::<3>::new([0, 2, 1])` takes integers of any type",
    note = "of floats, write `labels.iter().map(|&label| label as usize)`; of truth values, `Binary::new(labels)`; names are read by `Dataset::from_csv`"
)]
pub trait Label {
    /// The number, or its text where it is negative or beyond `usize`.
    fn class(&self) -> Result<usize, String>;
}

macro_rules! integers {
    ($($ty:ty),*) => {$(
        impl Label for $ty {
            fn class(&self) -> Result<usize, String> {
                usize::try_from(*self).map_err(|_| self.to_string())
            }
        }
    )*};
}

integers!(u8, u16, u32, u64, u128, usize, i8, i16, i32, i64, i128, isize);

impl<L: Label + ?Sized> Label for &L {
    fn class(&self) -> Result<usize, String> {
        (**self).class()
    }
}
