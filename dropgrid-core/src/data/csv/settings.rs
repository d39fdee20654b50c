//! The settings of a reader, checked.

use super::scan::Delimiter;
use crate::data::cell::CellFormat;

/// The use of a file's first line.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Header {
    /// Names; numbers are refused.
    #[default]
    Found,
    /// Names, whatever they are.
    Line,
    /// Data.
    None,
}

/// The settings of a [`Csv`](super::Csv), checked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings<'a> {
    pub(super) delimiter: Option<Delimiter>,
    pub(super) comment: Option<u8>,
    pub(super) skipped: usize,
    pub(super) skipped_last: usize,
    pub(super) latin1: bool,
    pub(super) header: Header,
    pub(super) names: Option<&'a [String]>,
    pub(super) format: &'a CellFormat,
}
