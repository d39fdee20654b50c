//! CSV files with a header.

use std::{fs::File, path::Path};

use super::{
    Binary, Classes, Dataset, Features, MultiLabel, Regression, Target,
    csv_quotes::{CheckedQuotes, Misplaced, misplaced},
    target,
};
use crate::error::{DataError, Error, Result};

/// A target that is read from columns of a CSV file, as [`Classes::in_column`] makes it.
pub trait FromColumns {
    /// The target that comes of it.
    type Target: Target;

    /// The target's columns.
    fn columns(&self) -> &[String];

    /// The column of the sample weights, if there is one.
    fn weight_column(&self) -> Option<&str> {
        None
    }

    /// The column of the groups, if there is one.
    fn group_column(&self) -> Option<&str> {
        None
    }

    /// The target from its columns' cells, each in the order of the rows.
    ///
    /// # Errors
    /// Where a cell is no target of this kind; the error names its row and value.
    fn parse(&self, cells: &[Vec<String>]) -> Result<Self::Target>;
}

/// The target of kind `T` in named columns, for [`Dataset::from_csv`].
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
    naming: target::Naming,
    weights: Option<String>,
    groups: Option<String>,
    target: std::marker::PhantomData<fn() -> T>,
}

impl<T> InColumns<T> {
    fn new(columns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            columns: columns.into_iter().map(Into::into).collect(),
            naming: target::Naming::Numbers,
            weights: None,
            groups: None,
            target: std::marker::PhantomData,
        }
    }

    /// Takes the sample weights from the column of that name, which is then no feature; see
    /// [`Dataset::with_weights`].
    pub fn weights(self, column: impl Into<String>) -> Self {
        Self { weights: Some(column.into()), ..self }
    }

    /// Takes each sample's group from the column of that name, which is then no feature; see
    /// [`Dataset::with_groups`]. Groups that are all whole numbers are in the order of their values, others in that of
    /// their texts. An empty cell is an error.
    pub fn groups(self, column: impl Into<String>) -> Self {
        Self { groups: Some(column.into()), ..self }
    }
}

/// The targets that [`InColumns`] reads; a target of one's own implements [`FromColumns`] instead.
pub trait FromCells: Target {
    /// The target from the cells of the columns that `told` names.
    fn from_cells(told: &InColumns<Self>, cells: &[Vec<String>]) -> Result<Self>;
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

    fn parse(&self, cells: &[Vec<String>]) -> Result<T> {
        T::from_cells(self, cells)
    }
}

/// Targets that are one class a sample, whose cells are numbers or names.
macro_rules! named_classes {
    ($target:ty, $classes:expr $(, const $n:ident)?) => {
        impl$(<const $n: usize>)? $target {
            /// The class numbers in the column of that name; `names` or `learn_names` read class names instead.
            pub fn in_column(column: impl Into<String>) -> InColumns<Self> {
                InColumns::new([column])
            }
        }

        impl$(<const $n: usize>)? InColumns<$target> {
            /// The column holds class names, and these are the classes' names in the order of their numbers.
            pub fn names<S: Into<String>>(self, names: [S; $classes]) -> Self {
                Self { naming: target::Naming::Given(names.map(Into::into).into()), ..self }
            }

            /// The column holds class names: the classes are its distinct values in sorted order, as scikit-learn's
            /// [`LabelEncoder`](https://scikit-learn.org/stable/modules/generated/sklearn.preprocessing.LabelEncoder.html)
            /// numbers them: whole numbers by their value (2 before 10), anything else as text. Another number of
            /// distinct values is an error.
            pub fn learn_names(self) -> Self {
                Self { naming: target::Naming::Learned, ..self }
            }
        }

        impl$(<const $n: usize>)? FromCells for $target {
            fn from_cells(told: &InColumns<Self>, cells: &[Vec<String>]) -> Result<Self> {
                let column = &told.columns[0];
                filled(&cells[0], column, "label")?;
                let (labels, names) = target::parse_labels(&told.naming, $classes, column, &cells[0])?;
                Self::in_named_column(labels, column, names)
            }
        }
    };
}

named_classes!(Classes<N>, N, const N);
named_classes!(Binary, 2);

impl<const N: usize> MultiLabel<N> {
    /// One flag a column, 0 or 1; the flags get the columns' names.
    pub fn in_columns<S: Into<String>>(columns: [S; N]) -> InColumns<Self> {
        InColumns::new(columns)
    }
}

impl<const N: usize> FromCells for MultiLabel<N> {
    fn from_cells(told: &InColumns<Self>, cells: &[Vec<String>]) -> Result<Self> {
        let mut rows = vec![[false; N]; cells.first().map_or(0, Vec::len)];
        for (at, (column, cells)) in told.columns.iter().zip(cells).enumerate() {
            for (index, (row, cell)) in rows.iter_mut().zip(cells).enumerate() {
                row[at] = match cell.as_str() {
                    "0" => false,
                    "1" => true,
                    _ => {
                        return Err(Error::Data(DataError::LabelOutOfRange {
                            row: index + 1,
                            column: column.clone(),
                            value: format!("`{cell}`"),
                            classes: 2,
                        }));
                    }
                };
            }
        }
        let names: Vec<&str> = told.columns.iter().map(String::as_str).collect();
        Self::new(rows)?.with_names(std::array::from_fn(|at| names[at]))
    }
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
    fn from_cells(told: &InColumns<Self>, cells: &[Vec<String>]) -> Result<Self> {
        let mut values = Vec::new();
        for index in 0..cells.first().map_or(0, Vec::len) {
            for (column, cells) in told.columns.iter().zip(cells) {
                values.push(number(index, column, &cells[index])?);
            }
        }
        Self::in_named_columns(values, |column| told.columns[column].clone())
    }
}

/// Checks that no cell of `column` is empty; an error says `what` the cells are.
///
/// # Errors
/// [`DataError::EmptyCell`].
pub(super) fn filled(cells: &[String], column: &str, what: &'static str) -> Result<()> {
    match cells.iter().position(String::is_empty) {
        None => Ok(()),
        Some(at) => Err(Error::Data(DataError::EmptyCell { row: at + 1, column: column.to_owned(), what })),
    }
}

/// The number in a cell of row `index`, from 0.
fn number<T: std::str::FromStr>(index: usize, column: &str, cell: &str) -> Result<T> {
    cell.parse().map_err(|_| {
        Error::Data(DataError::NotANumber { row: index + 1, column: column.to_owned(), value: cell.to_owned() })
    })
}

/// The data set of a CSV file: `target`'s columns, its weights and its groups, and every other column as a feature.
pub(super) fn read<F: FromColumns>(path: &Path, target: &F) -> Result<Dataset<F::Target>> {
    let read_error = |source: csv::Error, header: &[String]| match misplaced(&source) {
        Some(Misplaced { line, column, fault }) => {
            let column = header.get(column).cloned().unwrap_or_else(|| column.to_string());
            Error::Data(DataError::Quote { line, column, fault })
        }
        None => Error::Data(DataError::Read { path: path.to_owned(), source }),
    };
    let file = File::open(path).map_err(|error| read_error(error.into(), &[]))?;
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(CheckedQuotes::new(file));
    let header = reader.headers().map_err(|error| read_error(error, &[]))?;
    let header: Vec<String> = header.iter().map(str::to_owned).collect();
    if let Some(column) = repeated(header.iter()) {
        return Err(Error::Data(DataError::DuplicateColumn { column, path: path.to_owned() }));
    }

    // The columns that are no features: the target's, then the weights', then the groups'.
    let mut special: Vec<String> = target.columns().to_vec();
    special.extend([target.weight_column(), target.group_column()].into_iter().flatten().map(str::to_owned));
    if let Some(column) = repeated(special.iter()) {
        return Err(Error::Data(DataError::ColumnUsedTwice { column }));
    }
    if let Some(column) = special.iter().find(|column| !header.contains(column)) {
        return Err(Error::Data(DataError::UnknownColumn {
            column: column.clone(),
            path: path.to_owned(),
            columns: header,
        }));
    }
    let places: Vec<Option<usize>> =
        header.iter().map(|name| special.iter().position(|column| column == name)).collect();

    let mut values = Vec::new();
    let mut cells = vec![Vec::new(); special.len()];
    for (index, record) in reader.records().enumerate() {
        for (at, cell) in record.map_err(|error| read_error(error, &header))?.iter().enumerate() {
            match places[at] {
                Some(place) => cells[place].push(cell.to_owned()),
                None => values.push(number::<f32>(index, &header[at], cell)?),
            }
        }
    }
    if cells.iter().all(Vec::is_empty) {
        return Err(Error::Data(DataError::EmptyData));
    }
    let names = header.into_iter().zip(&places).filter(|(_, place)| place.is_none()).map(|(name, _)| name).collect();
    let features = Features::named(values, names)?;
    let mut extra = cells.split_off(target.columns().len()).into_iter();
    let mut data = Dataset::from_features(features, target.parse(&cells)?)?;
    if let Some(column) = target.weight_column()
        && let Some(cells) = extra.next()
    {
        let weights = cells.iter().enumerate().map(|(index, cell)| number(index, column, cell));
        data = data.with_weights(weights.collect::<Result<Vec<f64>>>()?)?;
    }
    match target.group_column().zip(extra.next()) {
        Some((column, groups)) => grouped(data, column, &groups),
        None => Ok(data),
    }
}

/// `data` with the groups in the cells of `column`: in the order of their numbers where all are whole numbers, else in
/// that of their texts.
///
/// # Errors
/// [`DataError::EmptyCell`].
fn grouped<T: Target>(data: Dataset<T>, column: &str, cells: &[String]) -> Result<Dataset<T>> {
    filled(cells, column, "group")?;
    match cells.iter().map(|cell| cell.parse()).collect::<Result<Vec<i128>, _>>() {
        Ok(numbers) => data.with_groups(numbers),
        Err(_) => data.with_groups(cells),
    }
}

/// A name that stands twice among `names`.
fn repeated<'a>(names: impl Iterator<Item = &'a String>) -> Option<String> {
    let mut sorted: Vec<&String> = names.collect();
    sorted.sort_unstable();
    sorted.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0].clone())
}
