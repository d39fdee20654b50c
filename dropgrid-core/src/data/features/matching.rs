//! Features in the columns and about the origins of others, on which a model was trained.

use std::{borrow::Cow, sync::OnceLock};

use super::{FeatureKind, Features, Merged, UNKNOWN};
use crate::{
    data::names,
    error::{DataError, Error, Result},
};

/// The columns that a model was trained on.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LearnedColumns<'a> {
    /// Their names, in order.
    pub(crate) names: Option<&'a [String]>,
    /// Their origins; none where all are 0.
    pub(crate) origins: Option<&'a [f64]>,
    /// Their kinds; none where all are numbers.
    pub(crate) kinds: Option<&'a [FeatureKind]>,
}

impl Features {
    /// These features as a model takes them that was trained on the columns `learned`: columns in the order of the
    /// names, categories by the positions that they have there, and inputs as distances from the origins. Columns
    /// without names stay where they are.
    ///
    /// # Errors
    /// [`DataError::ColumnsDiffer`] where the names are not the same ones; [`DataError::KindsDiffer`] where a column of
    /// numbers stands for one of categories, or the other way round; [`DataError::TooLarge`] for a cell whose distance
    /// from the origin is beyond single precision.
    pub(crate) fn matched(&self, learned: LearnedColumns<'_>) -> Result<Cow<'_, Self>> {
        let ordered = self.ordered(learned.names)?;
        let ordered = match ordered.recoded(learned.kinds)? {
            Some(recoded) => Cow::Owned(recoded),
            None => ordered,
        };
        Ok(match ordered.about(learned.origins)? {
            Some(moved) => Cow::Owned(moved),
            None => ordered,
        })
    }

    /// These features with columns in the order of the names `learned`, where both have names.
    ///
    /// # Errors
    /// [`DataError::ColumnsDiffer`] where the names are not the same ones.
    pub(crate) fn ordered(&self, learned: Option<&[String]>) -> Result<Cow<'_, Self>> {
        Ok(match (learned, self.names()) {
            (Some(learned), Some(own)) => self.in_order(names::places(learned, own, "columns")?, learned),
            _ => Cow::Borrowed(self),
        })
    }

    /// These features with the categories of a model's columns; `None` where they have them. A column of numbers among
    /// a model's categories holds their positions.
    fn recoded(&self, learned: Option<&[FeatureKind]>) -> Result<Option<Self>> {
        if self.kinds() == learned || learned.is_some_and(|learned| learned.len() != self.width) {
            return Ok(None);
        }
        let mut inputs = self.inputs.to_vec();
        for column in 0..self.width {
            let known = match learned.map(|learned| &learned[column]) {
                Some(FeatureKind::Category(known)) => Some(known),
                _ => None,
            };
            let cells = inputs[column..].iter_mut().step_by(self.width);
            match (self.categories(column), known) {
                (Some(own), Some(known)) => {
                    let codes: Vec<f32> = own
                        .iter()
                        .map(|name| names::place(known, name).map_or(UNKNOWN, |place| place as f32))
                        .collect();
                    #[allow(clippy::cast_sign_loss, reason = "an unknown category, which is -1, stays one")]
                    cells.filter(|cell| **cell >= 0.0).for_each(|cell| *cell = codes[*cell as usize]);
                }
                (None, None) => {}
                (own, _) => {
                    let (column, is_category) = (self.column_name(column), own.is_some());
                    return Err(Error::Data(DataError::KindsDiffer { column, is_category }));
                }
            }
        }
        let kinds = learned.map(Into::into);
        Ok(Some(Self {
            inputs: inputs.into(),
            kinds,
            rounded: OnceLock::new(),
            complete: OnceLock::new(),
            ..self.clone()
        }))
    }

    /// These features with the columns at `places`, which then have the names `learned`.
    fn in_order(&self, places: Option<Vec<usize>>, learned: &[String]) -> Cow<'_, Self> {
        let Some(places) = places else { return Cow::Borrowed(self) };
        let mut inputs = Vec::with_capacity(self.inputs.len());
        for row in self.inputs.chunks_exact(self.width) {
            inputs.extend(places.iter().map(|&place| row[place]));
        }
        let origins = self.origins.as_ref().map(|origins| places.iter().map(|&place| origins[place]).collect());
        let kinds = self.kinds.as_ref().map(|kinds| places.iter().map(|&place| kinds[place].clone()).collect());
        let merged = self.merged.iter().filter_map(|merged| {
            let column = places.iter().position(|&place| place == merged.column)?;
            Some(Merged { column, ..*merged })
        });
        let (merged, inputs, names, rounded) = (merged.collect(), inputs.into(), Some(learned.into()), OnceLock::new());
        let complete = OnceLock::new();
        Cow::Owned(Self { inputs, width: places.len(), names, origins, kinds, merged, rounded, complete })
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
                if input.is_infinite() {
                    let column = self.column_name(column);
                    return Err(Error::Data(DataError::TooLarge { row: index + 1, column, value: cell }));
                }
            }
        }
        let (origins, rounded) = (origins.map(Into::into), OnceLock::new());
        Ok(Some(Self { inputs: inputs.into(), origins, rounded, complete: OnceLock::new(), ..self.clone() }))
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
        let matched = next
            .matched(LearnedColumns { names: Some(&names), origins: learned.origins(), kinds: None })
            .expect("the same columns");
        assert_eq!(matched.origins(), learned.origins());
        assert_eq!(matched.inputs(), [3601.0, 0.3, 3660.0, 5.0]);
        assert_eq!(matched.values(), [(1.7e9 + 3601.0) as f32, 0.3, (1.7e9 + 3660.0) as f32, 5.0]);
        assert_eq!(matched.cell(1, 0), 1.7e9 + 3660.0);
        // One row has origins of its own, of which nothing stays.
        let one = named(&[[0.3, 1.7e9 + 61.0]], ["x", "t"]);
        let matched = one
            .matched(LearnedColumns { names: Some(&names), origins: learned.origins(), kinds: None })
            .expect("the same columns");
        assert_eq!(matched.inputs(), [61.0, 0.3]);
        // A model without origins takes cells.
        let matched = one.matched(LearnedColumns::default()).expect("no names");
        assert_eq!((matched.inputs(), matched.origins()), ([0.3, 1.7e9_f32].as_slice(), None));
        // Another width is left for the network to refuse.
        let narrow = Features::from_rows([[1.0]]).expect("features");
        assert_eq!(
            narrow
                .matched(LearnedColumns { origins: learned.origins(), ..LearnedColumns::default() })
                .expect("as it is")
                .inputs(),
            [1.0]
        );
        let beyond = Features::from_rows([[f32::MAX, 0.0]]).expect("features");
        let error = beyond
            .matched(LearnedColumns { origins: Some(&[-3e38, 0.0]), ..LearnedColumns::default() })
            .expect_err("too far");
        assert!(matches!(error, Error::Data(DataError::TooLarge { row: 1, .. })), "{error}");
    }

    #[test]
    fn categories_are_found_by_name_and_unknown_ones_are_marked() {
        let category = |names: &[&str]| FeatureKind::Category(names.iter().map(|&name| name.to_owned()).collect());
        let next = Features::with_missing([[0.0, 1.0], [1.0, 2.0], [f64::NAN, 3.0], [2.0, 4.0]])
            .and_then(|next| next.with_names(["sex", "age"]))
            .and_then(|next| next.with_categories(0, ["x", "male", "female"]))
            .expect("features");
        let kinds = [FeatureKind::Number, category(&["female", "male"])];
        let names = ["age".to_owned(), "sex".to_owned()];
        let learned = LearnedColumns { names: Some(&names), kinds: Some(&kinds), origins: None };
        let matched = next.matched(learned).expect("the same columns");
        assert_eq!(matched.categories(1).expect("categories"), ["female", "male"]);
        assert_eq!((matched.missing(0), matched.missing(1), matched.first_missing(1)), (0, 1, Some(2)));
        let codes: Vec<f32> = (0..4).map(|row| matched.row(row)[1]).collect();
        assert_eq!(codes[..2], [UNKNOWN, 1.0]);
        assert_eq!(codes[3], 0.0);
        let error = next.matched(LearnedColumns { names: Some(&names), ..LearnedColumns::default() });
        assert_eq!(
            error.expect_err("categories").to_string(),
            "the column `sex` has categories, but numbers where the model was trained"
        );
    }
}
