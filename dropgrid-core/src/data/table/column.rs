//! A column of a table.

use std::{borrow::Cow, sync::Arc};

use super::{
    kind::{self, Kind},
    lines::Lines,
    missing::MissingTexts,
    texts::{DistinctText, Texts},
};
use crate::{
    data::{
        cell::{CellFormat, flag},
        numbers::Numbers,
    },
    error::CellAt,
};

/// A named column of a [`Table`](super::Table), with its cells' own texts or their numbers.
#[derive(Debug, Clone)]
pub struct Column {
    name: String,
    kind: Kind,
    pub(super) is_id: bool,
    /// True where a feature's cell may be missing.
    pub(super) may_miss: bool,
    /// The names of the categories, of which the cells are the positions.
    categories: Option<Arc<[String]>>,
    cells: Cells,
    format: Arc<CellFormat>,
    lines: Arc<Lines>,
}

/// The cells of a column.
#[derive(Debug, Clone)]
pub(in crate::data) enum Cells {
    /// Numbers that give back their texts, and the texts of the missing ones.
    Numbers(Numbers, MissingTexts),
    Texts(Arc<Texts>),
}

impl Column {
    pub(in crate::data) fn new(name: String, cells: Cells, format: Arc<CellFormat>, lines: Arc<Lines>) -> Self {
        let kind = match &cells {
            Cells::Numbers(numbers, _) if numbers.iter().all(f64::is_nan) => Kind::Empty,
            Cells::Numbers(..) => Kind::Number,
            Cells::Texts(texts) => kind::of_texts(texts, &format),
        };
        Self { name, kind, is_id: false, may_miss: false, categories: None, cells, format, lines }
    }

    /// The column's name in the header; its number from 0 where there is no header.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The kind of its values.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// True of a column that names rows, and is no feature: see [`Table::ids`](super::Table::ids).
    pub fn is_id(&self) -> bool {
        self.is_id
    }

    /// Number of rows.
    #[allow(clippy::len_without_is_empty, reason = "a table has rows")]
    pub fn len(&self) -> usize {
        match &self.cells {
            Cells::Numbers(numbers, _) => numbers.len(),
            Cells::Texts(texts) => texts.len(),
        }
    }

    /// The text of a cell, `None` where its value is missing. A number is in its shortest form: `1.50` is `1.5`.
    ///
    /// # Panics
    /// Where `row` is not below [`len`](Self::len), as indexing a slice does.
    pub fn text(&self, row: usize) -> Option<Cow<'_, str>> {
        match &self.cells {
            Cells::Numbers(numbers, _) => {
                let number = numbers.get(row);
                if number.is_nan() {
                    return None;
                }
                #[allow(clippy::cast_sign_loss, reason = "the position of a category is not negative")]
                let place = number as usize;
                Some(match &self.categories {
                    Some(names) => Cow::Borrowed(&*names[place]),
                    None => Cow::Owned(number.to_string()),
                })
            }
            Cells::Texts(texts) => {
                let text = texts.get(row);
                (!text.is_missing).then_some(Cow::Borrowed(&*text.text))
            }
        }
    }

    /// The number in a cell: of a yes 1 and of a no 0, of a date the seconds since 1970-01-01 in UTC, of a time of day
    /// those since midnight. `None` where the value is missing, or is of none of these kinds.
    ///
    /// # Panics
    /// Where `row` is not below [`len`](Self::len), as indexing a slice does.
    pub fn number(&self, row: usize) -> Option<f64> {
        match &self.cells {
            Cells::Numbers(numbers, _) => Some(numbers.get(row)).filter(|number| !number.is_nan()),
            Cells::Texts(texts) => self.number_in(texts.get(row)),
        }
    }

    /// The number in a text of this column, by the column's kind.
    fn number_in(&self, text: &DistinctText) -> Option<f64> {
        match self.kind {
            _ if text.is_missing => None,
            Kind::YesNo => flag(&text.text).map(f64::from),
            Kind::Date => self.format.seconds(&text.text),
            Kind::Time => self.format.time(&text.text),
            _ => self.format.number(&text.text).filter(|number| !number.is_nan()),
        }
    }

    /// The numbers of all rows, NaN where [`number`](Self::number) has none.
    pub(super) fn numbers(&self) -> Numbers {
        match &self.cells {
            Cells::Numbers(numbers, _) => numbers.clone(),
            Cells::Texts(texts) => {
                let distinct: Vec<f64> =
                    texts.distinct().iter().map(|text| self.number_in(text).unwrap_or(f64::NAN)).collect();
                texts.codes().map(|code| distinct[code]).collect()
            }
        }
    }

    /// Number of cells whose value is missing.
    pub fn missing(&self) -> usize {
        match &self.cells {
            Cells::Numbers(numbers, _) => numbers.iter().filter(|number| number.is_nan()).count(),
            Cells::Texts(texts) => texts.distinct().iter().filter(|text| text.is_missing).map(|text| text.rows).sum(),
        }
    }

    /// The distinct texts of the cells that have a value; none of a column of numbers.
    pub(super) fn distinct_texts(&self) -> impl Iterator<Item = &str> {
        let texts = match &self.cells {
            Cells::Numbers(..) => &[],
            Cells::Texts(texts) => texts.distinct(),
        };
        texts.iter().filter(|text| !text.is_missing && text.rows > 0).map(|text| &*text.text)
    }

    /// True where the value of a cell is missing.
    pub(super) fn is_missing(&self, row: usize) -> bool {
        match &self.cells {
            Cells::Numbers(numbers, _) => numbers.get(row).is_nan(),
            Cells::Texts(texts) => texts.get(row).is_missing,
        }
    }

    /// True of a column of finite numbers, none of which is missing.
    pub(super) fn is_finite(&self) -> bool {
        matches!(&self.cells, Cells::Numbers(numbers, _) if numbers.iter().all(f64::is_finite))
    }

    /// True where each cell has a value, and no two the same.
    pub(in crate::data) fn is_distinct(&self) -> bool {
        match &self.cells {
            Cells::Numbers(numbers, _) => {
                let mut bits: Vec<u64> = numbers.iter().map(f64::to_bits).collect();
                bits.sort_unstable();
                bits.dedup();
                bits.len() == numbers.len() && !numbers.iter().any(f64::is_nan)
            }
            Cells::Texts(texts) => texts.distinct().iter().all(|text| text.rows == 1 && !text.is_missing),
        }
    }

    /// Makes it a column that names rows.
    pub(in crate::data) fn mark_id(&mut self) {
        self.is_id = true;
    }

    /// The first cells, as an error shows them.
    pub(in crate::data) fn first_cells(&self) -> Vec<CellAt> {
        (0..self.len().min(2)).map(|row| self.at(row)).collect()
    }

    pub(super) fn cells(&self) -> &Cells {
        &self.cells
    }

    pub(super) fn lines(&self) -> &Lines {
        &self.lines
    }

    pub(super) fn format(&self) -> &CellFormat {
        &self.format
    }

    /// A cell as an error shows it, with its own text.
    pub(super) fn at(&self, row: usize) -> CellAt {
        let text = match &self.cells {
            Cells::Numbers(numbers, missing) => {
                let number = numbers.get(row);
                if number.is_nan() {
                    missing.of(row).to_owned()
                } else {
                    self.text(row).unwrap_or_default().into_owned()
                }
            }
            Cells::Texts(texts) => texts.get(row).text.to_string(),
        };
        CellAt { row: row + 1, line: self.lines.of(row), text }
    }

    /// The column under another name.
    pub(super) fn named(self, name: String) -> Self {
        Self { name, ..self }
    }

    /// The column with numbers in place of its cells.
    pub(super) fn with_numbers(&self, numbers: Numbers) -> Self {
        Self {
            kind: Kind::Number,
            categories: None,
            cells: Cells::Numbers(numbers, self.missing_texts()),
            ..self.clone()
        }
    }

    /// The column with the positions of categories in place of its cells; NaN is a missing one.
    pub(super) fn with_categories(&self, names: Vec<String>, codes: Numbers) -> Self {
        let cells = Cells::Numbers(codes, self.missing_texts());
        Self { kind: Kind::Category, categories: Some(names.into()), cells, ..self.clone() }
    }

    /// The texts of the cells whose value is missing.
    fn missing_texts(&self) -> MissingTexts {
        match &self.cells {
            Cells::Numbers(_, missing) => missing.clone(),
            Cells::Texts(texts) => {
                let mut missing = MissingTexts::default();
                for row in (0..texts.len()).filter(|&row| texts.get(row).is_missing) {
                    missing.push(row, &texts.get(row).text);
                }
                missing
            }
        }
    }

    /// The names of the categories, of a column that was made one of categories.
    pub(super) fn categories(&self) -> Option<&Arc<[String]>> {
        self.categories.as_ref()
    }

    /// The given rows of the column, whose lines are `lines`.
    pub(super) fn select(&self, rows: &[usize], lines: Arc<Lines>) -> Self {
        let cells = match &self.cells {
            Cells::Numbers(numbers, missing) => {
                let mut selected = MissingTexts::default();
                for (to, &from) in rows.iter().enumerate().filter(|(_, from)| numbers.get(**from).is_nan()) {
                    selected.push(to, missing.of(from));
                }
                Cells::Numbers(rows.iter().map(|&row| numbers.get(row)).collect(), selected)
            }
            Cells::Texts(texts) => {
                let mut selected = Texts::default();
                for &row in rows {
                    let text = texts.get(row);
                    selected.push(&text.text, text.is_missing);
                }
                Cells::Texts(Arc::new(selected))
            }
        };
        let selected = Self::new(self.name.clone(), cells, Arc::clone(&self.format), lines);
        let kind = if self.categories.is_some() { self.kind } else { selected.kind };
        let (is_id, may_miss, categories) = (self.is_id, self.may_miss, self.categories.clone());
        Self { kind, is_id, may_miss, categories, ..selected }
    }
}
