//! The rows that a fit trains on, as a layer sees them.

use super::{Features, Fit, Target};

/// The features of the rows that a candidate trains on, without their targets.
///
/// It is made of a [`Fit`] view and of nothing else, so what is fitted on it has not seen a scored row.
#[derive(Debug, Clone, Copy)]
pub struct FitRows<'a> {
    features: &'a Features,
    rows: &'a [usize],
}

impl<'a> FitRows<'a> {
    /// Number of rows, at least 1.
    #[allow(clippy::len_without_is_empty, reason = "splitters refuse empty parts")]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Values in a row.
    pub fn width(&self) -> usize {
        self.features.width()
    }

    /// The rows, in the order of the view, as a network takes them: each cell less its column's
    /// [origin](Self::origins).
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &'a [f32]> + Clone + use<'a> {
        let features = self.features;
        self.rows.iter().map(move |&row| features.input_row(row))
    }

    /// The name of a column; its number where it has none.
    pub(crate) fn column_name(&self, column: usize) -> String {
        self.features.column_name(column)
    }

    /// The origin of each column, see [`Features::origins`]; none where all are 0.
    pub fn origins(&self) -> Option<&'a [f64]> {
        self.features.origins()
    }
}

impl<'a, T: Target> From<&Fit<'a, T>> for FitRows<'a> {
    fn from(view: &Fit<'a, T>) -> Self {
        Self { features: view.data().features(), rows: view.rows() }
    }
}
