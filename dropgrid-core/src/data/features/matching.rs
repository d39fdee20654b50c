//! Features in the columns and about the origins of others, on which a model was trained.

use std::{
    borrow::Cow,
    sync::{Arc, OnceLock},
};

use super::Features;
use crate::{
    data::names,
    error::{DataError, Error, Result},
};

impl Features {
    /// These features as a model takes them that was trained on columns of the names and origins `learned`: columns in
    /// the order of the names, and inputs as distances from the origins. Columns without names stay where they are.
    ///
    /// # Errors
    /// [`DataError::ColumnsDiffer`] where the names are not the same ones; [`DataError::TooLarge`] for a cell whose
    /// distance from the origin is beyond single precision.
    pub(crate) fn matched(&self, learned: (Option<&[String]>, Option<&[f64]>)) -> Result<Cow<'_, Self>> {
        let ordered = match (learned.0, self.names()) {
            (Some(learned), Some(own)) => self.in_order(names::places(learned, own, "columns")?, learned),
            _ => Cow::Borrowed(self),
        };
        Ok(match ordered.about(learned.1)? {
            Some(moved) => Cow::Owned(moved),
            None => ordered,
        })
    }

    /// These features with the columns at `places`, which then have the names `learned`.
    fn in_order(&self, places: Option<Vec<usize>>, learned: &[String]) -> Cow<'_, Self> {
        let Some(places) = places else { return Cow::Borrowed(self) };
        let mut inputs = Vec::with_capacity(self.inputs.len());
        for row in self.inputs.chunks_exact(self.width) {
            inputs.extend(places.iter().map(|&place| row[place]));
        }
        let origins = self.origins.as_ref().map(|origins| places.iter().map(|&place| origins[place]).collect());
        let (inputs, names, rounded) = (inputs.into(), Some(learned.into()), OnceLock::new());
        Cow::Owned(Self { inputs, width: self.width, names, origins, merged: Arc::new([]), rounded })
    }

    /// These features with the given origins, as far as there is one a column; `None` where they have them.
    fn about(&self, origins: Option<&[f64]>) -> Result<Option<Self>> {
        if self.origins() == origins || origins.is_some_and(|origins| origins.len() != self.width) {
            return Ok(None);
        }
        let mut inputs = self.inputs.to_vec();
        for column in 0..self.width {
            let (old, new) = (self.origin(column), origins.map_or(0.0, |origins| origins[column]));
            if old.to_bits() == new.to_bits() {
                continue;
            }
            for (index, input) in inputs[column..].iter_mut().step_by(self.width).enumerate() {
                let cell = old + f64::from(*input);
                *input = (cell - new) as f32;
                if !input.is_finite() {
                    let column = self.column_name(column);
                    return Err(Error::Data(DataError::TooLarge { row: index + 1, column, value: cell }));
                }
            }
        }
        let (origins, rounded) = (origins.map(Into::into), OnceLock::new());
        Ok(Some(Self { inputs: inputs.into(), origins, rounded, ..self.clone() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(rows: &[[f64; 2]], names: [&str; 2]) -> Features {
        Features::from_f64_rows(rows).and_then(|features| features.with_names(names)).expect("features")
    }

    #[test]
    fn origins_follow_their_columns_and_give_way_to_those_of_the_model() {
        let learned = named(&[[1.7e9, 0.1], [1.7e9 + 60.0, 7.5]], ["t", "x"]);
        let next = named(&[[0.3, 1.7e9 + 3601.0], [5.0, 1.7e9 + 3660.0]], ["x", "t"]);
        let names = ["t".to_owned(), "x".to_owned()];
        let matched = next.matched((Some(&names), learned.origins())).expect("the same columns");
        assert_eq!(matched.origins(), learned.origins());
        assert_eq!(matched.inputs(), [3601.0, 0.3, 3660.0, 5.0]);
        assert_eq!(matched.values(), [(1.7e9 + 3601.0) as f32, 0.3, (1.7e9 + 3660.0) as f32, 5.0]);
        assert_eq!(matched.cell(1, 0), 1.7e9 + 3660.0);
        // One row has origins of its own, of which nothing stays.
        let one = named(&[[0.3, 1.7e9 + 61.0]], ["x", "t"]);
        let matched = one.matched((Some(&names), learned.origins())).expect("the same columns");
        assert_eq!(matched.inputs(), [61.0, 0.3]);
        // A model without origins takes cells.
        let matched = one.matched((None, None)).expect("no names");
        assert_eq!((matched.inputs(), matched.origins()), ([0.3, 1.7e9_f32].as_slice(), None));
        // Another width is left for the network to refuse.
        let narrow = Features::from_rows([[1.0]]).expect("features");
        assert_eq!(narrow.matched((None, learned.origins())).expect("as it is").inputs(), [1.0]);
        let beyond = Features::from_rows([[f32::MAX, 0.0]]).expect("features");
        let error = beyond.matched((None, Some(&[-3e38, 0.0]))).expect_err("too far");
        assert!(matches!(error, Error::Data(DataError::TooLarge { row: 1, .. })), "{error}");
    }
}
