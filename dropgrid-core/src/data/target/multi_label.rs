//! Several flags a sample.

use std::{borrow::Cow, sync::Arc};

use super::{Flags, Target, names};
use crate::{
    data::names::places,
    error::{DataError, Error, Result},
};

/// Each sample has each of `N` flags or has it not, independently of the others.
///
/// The network has `N` outputs, the log-odds of each flag. There are no classes to stratify by.
///
/// # Examples
/// ```
/// # use dropgrid_core::data::MultiLabel;
/// let targets = MultiLabel::new([[true, false], [true, true]])?.with_names(["red", "round"])?;
/// assert_eq!(targets.row(1), [true, true]);
/// assert_eq!(targets.names().unwrap()[0], "red");
/// # Ok::<(), dropgrid_core::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct MultiLabel<const N: usize> {
    flags: Arc<[bool]>,
    names: Option<Arc<[String]>>,
}

impl<const N: usize> MultiLabel<N> {
    /// Targets from the flags of each sample.
    ///
    /// # Errors
    /// [`DataError::EmptyData`].
    pub fn new(rows: impl IntoIterator<Item = [bool; N]>) -> Result<Self> {
        const { assert!(N >= 1, "a multi-label target needs at least 1 flag") };
        let flags: Vec<bool> = rows.into_iter().flatten().collect();
        if flags.is_empty() {
            return Err(Error::Data(DataError::EmptyData));
        }
        Ok(Self { flags: flags.into(), names: None })
    }

    /// The targets with a name for each flag.
    ///
    /// # Errors
    /// [`DataError::DuplicateClass`] where two flags have the same name.
    pub fn with_names<S: Into<String>>(self, names: [S; N]) -> Result<Self> {
        Ok(Self { names: Some(names::distinct(names)?), ..self })
    }

    /// All flags, row-major.
    pub fn flags(&self) -> &[bool] {
        &self.flags
    }

    /// The flags of one sample.
    ///
    /// # Panics
    /// Where `row` is not below the number of samples, as indexing a slice does.
    pub fn row(&self, row: usize) -> &[bool] {
        &self.flags[row * N..][..N]
    }

    /// The name of each flag, where they have names; the columns' where they come from a file.
    pub fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }
}

impl<const N: usize> Target for MultiLabel<N> {
    type Kind = Flags;
    const NAME: &'static str = "multi-label";
    const NAMED: Option<usize> = Some(N);

    fn samples(&self) -> usize {
        self.flags.len() / N
    }

    fn width(&self) -> usize {
        N
    }

    fn strata(&self) -> Option<&[usize]> {
        None
    }

    fn names(&self) -> Option<&[String]> {
        self.names.as_deref()
    }

    fn in_order_of(&self, learned: &[String]) -> Result<Cow<'_, Self>> {
        let Some(own) = self.names() else { return Ok(Cow::Borrowed(self)) };
        let Some(places) = places(learned, own, "flags")? else { return Ok(Cow::Borrowed(self)) };
        let flags = self.flags.chunks_exact(N).flat_map(|row| places.iter().map(|&place| row[place])).collect();
        Ok(Cow::Owned(Self { flags, names: Some(learned.into()) }))
    }

    fn truth(&self, rows: &[usize]) -> Vec<bool> {
        super::gather(&self.flags, N, rows)
    }

    fn select(&self, rows: &[usize]) -> Self {
        Self { flags: self.truth(rows).into(), names: self.names.clone() }
    }
}
