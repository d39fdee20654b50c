//! Cells of rows: numbers, categories, and either of them that may be missing.

/// The kind of a cell in a [`Row`](super::Row).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellKind {
    /// A number.
    Number,
    /// One of the categories of these names; the cell is its position among them.
    Category(&'static [&'static str]),
}

/// The type of a field that is a column of a [`Row`](super::Row): a number, `bool`, an enum that derives [`Category`],
/// or an `Option` of one of these.
///
/// Whole numbers of 64 bits are rounded beyond 2^53, which double precision does not hold.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no cell of a row",
    label = "networks take numbers and categories",
    note = "a category is an enum that derives `Category`; a cell that may be missing is an `Option`",
    note = "leave a field that is no column out by `#[row(skip)]`"
)]
pub trait Cell {
    /// The kind of the cells.
    const KIND: CellKind;
    /// True where a cell may be missing.
    const OPTIONAL: bool = false;

    /// The number in the cell, or the position of its category; `None` where the cell is missing.
    fn cell(&self) -> Option<f64>;
}

/// An enum without fields, whose variants are the categories of a column. `#[derive(Category)]` implements it, and
/// [`Cell`] with it.
///
/// A category has the name of its variant, which is the text that stands for it in a file.
/// `#[category(rename = "3rd")]` on a variant gives it another one; `#[category(rename_all = "lowercase")]` on the enum
/// changes all, as [serde](https://serde.rs/container-attrs.html#rename_all) does.
pub trait Category: Cell + Sized + 'static {
    /// The names of the categories, in the order of the variants.
    const NAMES: &'static [&'static str];
    /// The number of categories.
    const COUNT: usize = Self::NAMES.len();

    /// The position among [`NAMES`](Self::NAMES).
    fn code(&self) -> usize;

    /// The category at a position; `None` where there is none.
    fn from_code(code: usize) -> Option<Self>;
}

macro_rules! number {
    ($($ty:ty: $self:ident => $number:expr;)+) => {$(
        impl Cell for $ty {
            const KIND: CellKind = CellKind::Number;

            fn cell(&self) -> Option<f64> {
                let $self = *self;
                Some($number)
            }
        }
    )+};
}

number! {
    f32: x => f64::from(x);
    f64: x => x;
    u8: x => f64::from(x);
    u16: x => f64::from(x);
    u32: x => f64::from(x);
    u64: x => x as f64;
    usize: x => x as f64;
    i8: x => f64::from(x);
    i16: x => f64::from(x);
    i32: x => f64::from(x);
    i64: x => x as f64;
    isize: x => x as f64;
    bool: x => f64::from(u8::from(x));
}

impl<C: Cell> Cell for Option<C> {
    const KIND: CellKind = C::KIND;
    const OPTIONAL: bool = true;

    fn cell(&self) -> Option<f64> {
        self.as_ref().and_then(C::cell)
    }
}
