//! Rows of the user's own type, whose width, kinds and categories the compiler knows.

mod cell;
mod features;
mod typed_dataset;

pub use cell::{Category, Cell, CellKind};
pub use typed_dataset::TypedDataset;

/// A struct whose fields are the columns of a data set. `#[derive(Row)]` implements it.
///
/// - A number or a `bool` is a column of numbers.
/// - An enum that derives [`Category`] is a column of categories.
/// - An `Option` of one of them is a column in which cells may be missing.
/// - A field with `#[row(skip)]`, such as a name or the target, is no column.
/// - `#[row(rename = "Sepal.Length")]` gives a column another name than its field's;
///   `#[row(rename_all = "camelCase")]` on the struct changes all, as
///   [serde](https://serde.rs/container-attrs.html#rename_all) does.
///
/// A model takes such rows by `#[searchable(rows = Passenger)]`, which lets the compiler check columns and categories;
/// any other data set does not compile with it, unless its columns are known only at run time, as those of a file are.
///
/// # Examples
/// ```
/// # mod dropgrid { pub mod __private { pub use dropgrid_core::data::{Category, Cell, CellKind, Row, RowColumn}; } }
/// # use dropgrid_core::data::{Binary, Category, CellKind, Features, Row, RowColumn};
/// # struct Passenger { age: Option<f32>, fare: f64 }
/// # impl Row for Passenger {
/// #     const COLUMNS: &'static [RowColumn] = &[RowColumn::of::<Option<f32>>("age"), RowColumn::of::<f64>("fare")];
/// #     fn push_cells(&self, cells: &mut Vec<Option<f64>>) {
/// #         cells.push(self.age.map(f64::from));
/// #         cells.push(Some(self.fare));
/// #     }
/// # }
/// let passengers = [Passenger { age: Some(22.0), fare: 7.25 }, Passenger { age: None, fare: 71.28 }];
/// let features = Features::of(&passengers)?;
/// assert_eq!(features.names().unwrap(), ["age", "fare"]);
/// assert!(features.cell(1, 0).is_nan());
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no row of a data set",
    label = "its columns are not known",
    note = "put `#[derive(Row)]` on the struct: numbers, `Option`s of them, and enums that derive `Category` are columns"
)]
pub trait Row {
    /// The columns, in the order of the fields.
    const COLUMNS: &'static [RowColumn];

    /// Appends the row's cells, one a column; `None` where a cell is missing.
    fn push_cells(&self, cells: &mut Vec<Option<f64>>);
}

/// A column of a [`Row`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowColumn {
    /// The name of the field.
    pub field: &'static str,
    /// The name of the column.
    pub name: &'static str,
    /// The kind of its cells.
    pub kind: CellKind,
    /// True where cells may be missing.
    pub optional: bool,
}

impl RowColumn {
    /// The column of a field of type `C`, which has its name.
    pub const fn of<C: Cell>(field: &'static str) -> Self {
        Self { field, name: field, kind: C::KIND, optional: C::OPTIONAL }
    }

    /// The same column under another name.
    #[must_use]
    pub const fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }
}
