//! The training sizes of a learning curve.

use crate::error::{Error, Result};

/// The training sizes of a learning curve.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainSizes {
    sizes: Sizes,
    pub(super) shuffle: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum Sizes {
    Fractions(Vec<f64>),
    Rows(Vec<usize>),
}

impl TrainSizes {
    /// Takes fractions of the training part, each in (0, 1].
    pub fn fractions(fractions: impl IntoIterator<Item = f64>) -> Self {
        Self { sizes: Sizes::Fractions(fractions.into_iter().collect()), shuffle: false }
    }

    /// Takes numbers of rows, each from 1 to the size of the training part.
    pub fn rows(rows: impl IntoIterator<Item = usize>) -> Self {
        Self { sizes: Sizes::Rows(rows.into_iter().collect()), shuffle: false }
    }

    /// Takes random rows of the training part in place of its first ones. Use it for data that is sorted by class.
    pub fn shuffle(self) -> Self {
        Self { shuffle: true, ..self }
    }

    /// Returns the distinct sizes in ascending order, for a training part of `most` rows.
    pub(super) fn resolve(&self, most: usize) -> Result<Vec<usize>> {
        let mut sizes = match &self.sizes {
            Sizes::Fractions(fractions) => {
                if let Some(fraction) = fractions.iter().find(|&&fraction| !(fraction > 0.0 && fraction <= 1.0)) {
                    let expected = "a fraction in (0, 1]";
                    return Err(Error::Setting { setting: "train size", value: fraction.to_string(), expected });
                }
                #[expect(clippy::cast_sign_loss, reason = "a positive fraction of a count")]
                let rows = |fraction: &f64| ((fraction * most as f64) as usize).clamp(1, most);
                fractions.iter().map(rows).collect()
            }
            Sizes::Rows(rows) => {
                if let Some(&rows) = rows.iter().find(|&&rows| rows == 0 || rows > most) {
                    return Err(Error::TrainSize { rows, most });
                }
                rows.clone()
            }
        };
        if sizes.is_empty() {
            let expected = "at least one size";
            return Err(Error::Setting { setting: "train sizes", value: "an empty list".to_owned(), expected });
        }
        sizes.sort_unstable();
        sizes.dedup();
        Ok(sizes)
    }
}

/// 10 %, 32.5 %, 55 %, 77.5 % and 100 % of the training part.
impl Default for TrainSizes {
    fn default() -> Self {
        Self::fractions([0.1, 0.325, 0.55, 0.775, 1.0])
    }
}
