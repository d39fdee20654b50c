//! The header of a `.npy` file.

use super::{dtype::Dtype, literal::Literal};
use crate::error::ArrayFault;

/// The header of a `.npy` file.
pub(super) struct Header {
    pub(super) descr: String,
    pub(super) dtype: Dtype,
    /// True where the first axis runs fastest.
    pub(super) is_fortran: bool,
    pub(super) shape: Vec<usize>,
}

const MAGIC: &[u8] = b"\x93NUMPY";

impl Header {
    /// The header of a file with these bytes, and the bytes behind it.
    ///
    /// # Errors
    /// [`ArrayFault::NotNpy`], [`ArrayFault::Version`], [`ArrayFault::Header`], [`ArrayFault::Dtype`].
    pub(super) fn parse(bytes: &[u8]) -> Result<(Self, &[u8]), ArrayFault> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(ArrayFault::NotNpy)?;
        let (version, length, rest) = match rest {
            [1, 0, a, b, rest @ ..] => (1, usize::from(u16::from_le_bytes([*a, *b])), rest),
            [version @ (2 | 3), 0, a, b, c, d, rest @ ..] => {
                (*version, u32::from_le_bytes([*a, *b, *c, *d]) as usize, rest)
            }
            [major, minor, ..] if !matches!((major, minor), (1..=3, 0)) => {
                return Err(ArrayFault::Version { version: (*major, *minor) });
            }
            _ => return Err(ArrayFault::NotNpy),
        };
        let (text, elements) = rest.split_at_checked(length).ok_or(ArrayFault::NotNpy)?;
        // Names of fields alone may have more letters than ASCII: in Latin-1 before version 3.
        let text = if version < 3 {
            text.iter().map(|&byte| char::from(byte)).collect()
        } else {
            String::from_utf8_lossy(text)
        };
        let fault = || ArrayFault::Header { text: text.trim().chars().take(200).collect() };
        let header = Literal::parse(&text).ok_or_else(fault)?;
        let shape = match header.get("shape") {
            Some(Literal::List(axes)) => {
                axes.iter().map(|axis| if let Literal::Whole(n) = axis { Some(*n) } else { None })
            }
            _ => return Err(fault()),
        };
        let shape = shape.collect::<Option<Vec<usize>>>().ok_or_else(fault)?;
        let Some(Literal::Bool(is_fortran)) = header.get("fortran_order") else { return Err(fault()) };
        let descr = match header.get("descr") {
            Some(Literal::Text(descr)) => descr.clone(),
            Some(Literal::List(_)) => {
                let start = text.find('[').map_or(&*text, |start| &text[start..]);
                let dtype = start.split_inclusive(']').next().unwrap_or(start).to_owned();
                return Err(ArrayFault::Dtype { dtype, advice: "save an array of each field, or the table as CSV" });
            }
            _ => return Err(fault()),
        };
        let dtype = Dtype::parse(&descr)?;
        Ok((Self { descr, dtype, is_fortran: *is_fortran, shape }, elements))
    }
}
