//! The named settings of several steps.

use super::{range::Range, tunable::str_eq};

/// The names and ranges of the settings of several layers that are used as one.
#[derive(Debug, Clone, Copy)]
#[doc(hidden)]
pub struct SettingTable {
    settings: [(&'static str, Range); Self::MOST],
    len: usize,
}

impl SettingTable {
    const MOST: usize = 16;

    /// Joins the settings of all parts.
    ///
    /// # Panics
    /// Panics at compile time if two parts have a setting of the same name, or if there are more than sixteen settings.
    #[must_use]
    pub const fn joined(parts: &[&[(&'static str, Range)]]) -> Self {
        let mut all = Self { settings: [("", Range::FINITE); Self::MOST], len: 0 };
        let mut part = 0;
        while part < parts.len() {
            let mut at = 0;
            while at < parts[part].len() {
                let mut other = 0;
                while other < all.len {
                    assert!(
                        !str_eq(all.settings[other].0, parts[part][at].0),
                        "two steps of the field have a setting of one name: write one of them in a field of its own"
                    );
                    other += 1;
                }
                assert!(all.len < Self::MOST, "the steps of the field have more settings than can be told apart");
                all.settings[all.len] = parts[part][at];
                all.len += 1;
                at += 1;
            }
            part += 1;
        }
        all
    }

    /// Returns the settings.
    pub const fn as_slice(&self) -> &[(&'static str, Range)] {
        self.settings.split_at(self.len).0
    }

    /// Returns true if one of the settings has this name.
    pub(super) fn has(settings: &[(&str, Range)], name: &str) -> bool {
        settings.iter().any(|(setting, _)| *setting == name)
    }
}
