//! Targets from columns of a table.

use std::marker::PhantomData;

use super::{
    column::Column,
    faults::Faults,
    kind::Kind,
    labels::{Naming, labels},
};
use crate::{
    data::{Binary, Classes, MultiLabel, Regression, Target, cell::flag},
    error::{CellFault, Result},
};

/// A target that is read from columns of a table, as [`Classes::in_column`] makes it.
pub trait FromColumns {
    /// The target that comes of it.
    type Target: Target;

    /// The names of the target's columns.
    fn columns(&self) -> &[String];

    /// The column of the sample weights, if there is one.
    fn weight_column(&self) -> Option<&str> {
        None
    }

    /// The column of the groups, if there is one.
    fn group_column(&self) -> Option<&str> {
        None
    }

    /// The target from its columns.
    ///
    /// # Errors
    /// Where a cell is no target of this kind; the error names its row, line and text.
    fn parse(&self, columns: &[&Column]) -> Result<Self::Target>;

    /// A note on the target that was read, for whoever may have meant another one.
    fn note(&self, target: &Self::Target) -> Option<String> {
        let _ = target;
        None
    }
}

/// The target of kind `T` in named columns, for [`Dataset::from_csv`](crate::data::Dataset::from_csv) and
/// [`Table::dataset`](super::Table::dataset).
///
/// # Examples
/// ```no_run
/// # use dropgrid_core::data::{Classes, Dataset};
/// let target = Classes::<3>::in_column("species").learn_names().weights("area").groups("site");
/// let flowers = Dataset::from_csv("flowers.csv", target)?;
/// println!("{:?} {:?}", flowers.targets().names(), flowers.weights());
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct InColumns<T> {
    columns: Vec<String>,
    naming: Naming,
    weights: Option<String>,
    groups: Option<String>,
    target: PhantomData<fn() -> T>,
}

impl<T> InColumns<T> {
    fn new(columns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let columns = columns.into_iter().map(Into::into).collect();
        Self { columns, naming: Naming::Numbers, weights: None, groups: None, target: PhantomData }
    }

    /// Takes the sample weights from the column of that name, which is then no feature; see
    /// [`Dataset::with_weights`](crate::data::Dataset::with_weights). A missing weight is an error.
    pub fn weights(self, column: impl Into<String>) -> Self {
        Self { weights: Some(column.into()), ..self }
    }

    /// Takes each sample's group from the column of that name, which is then no feature; see
    /// [`Dataset::with_groups`](crate::data::Dataset::with_groups). Groups that are all numbers are in the order of
    /// their values, others in that of their texts. A missing group is an error.
    pub fn groups(self, column: impl Into<String>) -> Self {
        Self { groups: Some(column.into()), ..self }
    }
}

/// The targets that [`InColumns`] reads; a target of your own implements [`FromColumns`] instead.
#[allow(unnameable_types, reason = "nobody else implements it")]
pub trait FromCells: Target {
    /// The target in the columns that `told` names.
    fn from_columns(told: &InColumns<Self>, columns: &[&Column]) -> Result<Self>;

    /// A note for whoever may have meant another target.
    fn note(&self) -> Option<String> {
        None
    }
}

impl<T: FromCells> FromColumns for InColumns<T> {
    type Target = T;

    fn columns(&self) -> &[String] {
        &self.columns
    }

    fn weight_column(&self) -> Option<&str> {
        self.weights.as_deref()
    }

    fn group_column(&self) -> Option<&str> {
        self.groups.as_deref()
    }

    fn parse(&self, columns: &[&Column]) -> Result<T> {
        T::from_columns(self, columns)
    }

    fn note(&self, target: &T) -> Option<String> {
        target.note()
    }
}

/// Targets that are one class a sample, whose cells are numbers or names.
macro_rules! named_classes {
    ($target:ty, $classes:expr, $numbers:literal $(, const $n:ident)?) => {
        impl$(<const $n: usize>)? $target {
            #[doc = $numbers]
            /// [`names`](InColumns::names) and [`learn_names`](InColumns::learn_names) read class names instead.
            pub fn in_column(column: impl Into<String>) -> InColumns<Self> {
                InColumns::new([column])
            }
        }

        impl$(<const $n: usize>)? InColumns<$target> {
            /// The column holds class names, and these are the classes' names in the order of their numbers. Names that
            /// are numbers are found by their value: `1.0` is `1`.
            pub fn names<S: Into<String>>(self, names: [S; $classes]) -> Self {
                Self { naming: Naming::Given(names.map(Into::into).into()), ..self }
            }

            /// The column holds class names: the classes are its distinct values in sorted order, as scikit-learn's
            /// [`LabelEncoder`](https://scikit-learn.org/stable/modules/generated/sklearn.preprocessing.LabelEncoder.html)
            /// numbers them: numbers by their value (2 before 10, and `7.0` is 7), anything else as text. Another
            /// number of distinct values is an error.
            pub fn learn_names(self) -> Self {
                Self { naming: Naming::Learned, ..self }
            }
        }

        impl$(<const $n: usize>)? FromCells for $target {
            fn from_columns(told: &InColumns<Self>, columns: &[&Column]) -> Result<Self> {
                if told.naming == Naming::OneHot {
                    let names: Vec<String> = told.columns.clone();
                    return Self::in_named_column(one_hot(columns)?, "label", Some(names.into()));
                }
                let (labels, names) = labels(&told.naming, $classes, columns[0])?;
                Self::in_named_column(labels, columns[0].name(), names)
            }
        }
    };
}

named_classes!(Classes<N>, N, "The class numbers in the column of that name.", const N);
named_classes!(
    Binary,
    2,
    "The class numbers, 0 and 1, or the yes and no, in any spelling, in the column of that name."
);

impl<const N: usize> Classes<N> {
    /// The classes of which each has a column: 1 or yes in the rows of the class, 0 or no in all others. The classes
    /// have the columns' names.
    ///
    /// # Examples
    /// ```
    /// # use dropgrid_core::data::{Classes, Csv};
    /// let table = Csv::new().parse("size,bad,good\n1.5,1,0\n2.5,0,1\n")?;
    /// let data = table.dataset(Classes::<2>::one_hot(["bad", "good"]))?;
    /// assert_eq!((data.targets().labels(), data.targets().name(1)), ([0, 1].as_slice(), "good".to_owned()));
    /// # Ok::<(), dropgrid_core::Error>(())
    /// ```
    pub fn one_hot<S: Into<String>>(columns: [S; N]) -> InColumns<Self> {
        InColumns { naming: Naming::OneHot, ..InColumns::new(columns) }
    }
}

impl<const N: usize> MultiLabel<N> {
    /// One flag a column, 0 or 1, or yes or no in any spelling; the flags get the columns' names.
    pub fn in_columns<S: Into<String>>(columns: [S; N]) -> InColumns<Self> {
        InColumns::new(columns)
    }
}

impl<const N: usize> FromCells for MultiLabel<N> {
    fn from_columns(told: &InColumns<Self>, columns: &[&Column]) -> Result<Self> {
        let flags = flags(columns)?;
        let rows = (0..columns[0].len()).map(|row| std::array::from_fn(|at| flags[at][row]));
        let names: Vec<&str> = told.columns.iter().map(String::as_str).collect();
        Self::new(rows)?.with_names(std::array::from_fn(|at| names[at]))
    }

    fn note(&self) -> Option<String> {
        let is_one = |row: &[bool]| row.iter().filter(|&&flag| flag).count() == 1;
        let names = self.names()?.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
        (N > 1 && self.flags().chunks_exact(N).all(is_one)).then(|| {
            format!("every row has exactly one of the flags: if they are classes, write `Classes::<{N}>::one_hot([{names}])`")
        })
    }
}

/// The flags in each of `columns`.
fn flags(columns: &[&Column]) -> Result<Vec<Vec<bool>>> {
    let mut faults = Faults::default();
    let flag = |column: &Column, row| match column.number(row) {
        Some(0.0) => Some(false),
        Some(1.0) => Some(true),
        _ => column.text(row).and_then(|text| flag(&text)),
    };
    for column in columns {
        faults.add_missing(column, "label");
        let other = (0..column.len()).filter(|&row| !column.is_missing(row) && flag(column, row).is_none());
        faults.add(column, CellFault::NotAFlag, other, |_| "write 0 and 1, or yes and no".to_owned());
    }
    faults.check()?;
    Ok(columns.iter().map(|column| (0..column.len()).filter_map(|row| flag(column, row)).collect()).collect())
}

/// The place of the one column that says yes, in each row.
fn one_hot(columns: &[&Column]) -> Result<Vec<usize>> {
    let flags = flags(columns)?;
    let count = |row: usize| flags.iter().filter(|column| column[row]).count();
    let mut faults = Faults::default();
    faults.add(columns[0], CellFault::NotOneClass, (0..columns[0].len()).filter(|&row| count(row) != 1), |_| {
        "write 1 in one of the classes' columns and 0 in the others; flags that are independent are \
         `MultiLabel::in_columns([..])`"
            .to_owned()
    });
    faults.check()?;
    Ok((0..columns[0].len()).filter_map(|row| flags.iter().position(|column| column[row])).collect())
}

impl Regression<1> {
    /// The numbers in the column of that name.
    pub fn in_column(column: impl Into<String>) -> InColumns<Self> {
        InColumns::new([column])
    }
}

impl<const M: usize> Regression<M> {
    /// The numbers in the columns of these names.
    pub fn in_columns<S: Into<String>>(columns: [S; M]) -> InColumns<Self> {
        InColumns::new(columns)
    }
}

impl<const M: usize> FromCells for Regression<M> {
    fn from_columns(told: &InColumns<Self>, columns: &[&Column]) -> Result<Self> {
        let numbers = columns.iter().map(|column| numbers(column, "target")).collect::<Vec<_>>();
        let mut faults = Faults::default();
        let numbers: Vec<Option<Vec<f64>>> =
            numbers.into_iter().map(|column| faults.merge(column)).collect::<Result<_>>()?;
        faults.check()?;
        let numbers: Vec<Vec<f64>> = numbers.into_iter().flatten().collect();
        let values = (0..columns[0].len()).flat_map(|row| numbers.iter().map(move |column| column[row])).collect();
        Self::in_named_columns(values, |column| told.columns[column].clone())
    }
}

/// The numbers of a column that are used as `of`; none is missing.
pub(super) fn numbers(column: &Column, of: &'static str) -> Result<Vec<f64>> {
    let mut faults = Faults::default();
    faults.add_missing(column, of);
    let times = match column.kind() {
        Kind::Date => Some((CellFault::Date, "since 1970")),
        Kind::Time => Some((CellFault::Time, "since midnight")),
        _ => None,
    };
    if let Some((fault, since)) = times {
        faults.add(column, fault, 0..column.len(), |_| {
            format!("take the seconds {since} with `Table::as_seconds([{:?}])`", column.name())
        });
    }
    faults.add_texts(column);
    faults.check()?;
    Ok((0..column.len()).filter_map(|row| column.number(row)).collect())
}
