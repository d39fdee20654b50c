//! The records that a study keeps.

use std::{fmt, path::Path};

use super::sqlite::Reader;
use crate::{error::Result, escape::escaped, record::Record};

/// The record of a finished fit under the fit's name. A fit is known by its candidate's hyperparameters and its fold, not by
/// the candidate's number, which changes when an axis gets more values.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The candidate: a JSON object of its hyperparameters in declaration order.
    pub params: String,
    /// The outcome of the fit. Its candidate number is that of the search that ran it.
    pub record: Record,
}

impl Kept {
    /// The sound records of a study's file, read without a trace in it.
    pub(crate) fn read(path: &Path) -> Result<Vec<Self>> {
        Reader::read(path, |reader| {
            let mut kept = Vec::new();
            reader.rows(|row| {
                let row = row.params().zip(row.record());
                kept.extend(row.map(|(params, record)| Self { params: params.to_owned(), record }));
            })?;
            Ok(kept)
        })
    }
}

/// A record that is not as it was written, under the name that it has in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damaged {
    /// The candidate: a JSON object of its hyperparameters in declaration order, unless that is what is damaged.
    pub params: String,
    /// The fold, from 0; below 0 where it is no number.
    pub fold: i64,
}

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Where these are what is damaged, there may be anything in them.
        write!(f, "{} on fold {}", escaped(&self.params), self.fold)
    }
}
