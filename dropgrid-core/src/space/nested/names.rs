//! The names of axes inside other spaces.

use super::{
    lists::Part,
    text::{append, cut},
};

/// An axis by its name, or a space in it, whose axes are named behind the name of its field.
#[derive(Debug, Clone, Copy)]
#[doc(hidden)]
#[non_exhaustive]
pub enum NamePart {
    /// `dropout`.
    Own(&'static str),
    /// The field of a space, and the names in it.
    Inner(&'static str, &'static [&'static str]),
}

impl Part for NamePart {
    const NONE: Self = Self::Own("");
}

/// The number of names.
#[doc(hidden)]
pub const fn names_count(parts: &[NamePart]) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < parts.len() {
        count += match parts[at] {
            NamePart::Own(_) => 1,
            NamePart::Inner(_, names) => names.len(),
        };
        at += 1;
    }
    count
}

/// The bytes of all names.
#[doc(hidden)]
pub const fn names_len(parts: &[NamePart]) -> usize {
    let (mut len, mut at) = (0, 0);
    while at < parts.len() {
        match parts[at] {
            NamePart::Own(name) => len += name.len(),
            NamePart::Inner(field, names) => {
                let mut inner = 0;
                while inner < names.len() {
                    len += field.len() + 1 + names[inner].len();
                    inner += 1;
                }
            }
        }
        at += 1;
    }
    len
}

/// All names, one behind the other. `N` is their [`names_len`].
#[doc(hidden)]
pub const fn names_text<const N: usize>(parts: &[NamePart]) -> [u8; N] {
    let (mut text, mut end, mut at) = ([0; N], 0, 0);
    while at < parts.len() {
        match parts[at] {
            NamePart::Own(name) => (text, end) = append(text, end, name),
            NamePart::Inner(field, names) => {
                let mut inner = 0;
                while inner < names.len() {
                    (text, end) = append(text, end, field);
                    (text, end) = append(text, end, ".");
                    (text, end) = append(text, end, names[inner]);
                    inner += 1;
                }
            }
        }
        at += 1;
    }
    text
}

/// The names, cut out of their [`names_text`]. `N` is their [`names_count`].
#[doc(hidden)]
pub const fn names<const N: usize>(parts: &[NamePart], text: &'static [u8]) -> [&'static str; N] {
    let (mut all, mut count, mut start, mut at) = ([""; N], 0, 0, 0);
    while at < parts.len() {
        match parts[at] {
            NamePart::Own(name) => {
                all[count] = name;
                start += name.len();
                count += 1;
            }
            NamePart::Inner(field, names) => {
                let mut inner = 0;
                while inner < names.len() {
                    let len = field.len() + 1 + names[inner].len();
                    all[count] = cut(text, start, len);
                    start += len;
                    count += 1;
                    inner += 1;
                }
            }
        }
        at += 1;
    }
    all
}
