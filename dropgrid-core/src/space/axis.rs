//! One axis of a space.

use std::borrow::Cow;

use crate::error::{Error, Result};

/// A finite list of values.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis<T: Clone + 'static> {
    name: &'static str,
    values: Cow<'static, [T]>,
}

/// An axis' name and size, whatever the type of its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AxisInfo {
    /// The axis' name: the field it stands on.
    pub name: &'static str,
    /// Number of values.
    pub len: usize,
    /// Whether each value is an architecture of its own.
    pub architecture: bool,
}

impl<T: Clone + 'static> Axis<T> {
    /// The axis `name` with the values of a `#[grid(...)]`.
    pub fn grid(name: &'static str, values: impl Into<Cow<'static, [T]>>) -> Self {
        Self { name, values: values.into() }
    }

    /// The same axis with other values.
    pub fn with(&self, values: impl IntoIterator<Item = T>) -> Self {
        Self { name: self.name, values: values.into_iter().collect() }
    }

    /// The value at `position`.
    ///
    /// # Panics
    /// Where `position` is not below the number of values, as indexing a slice does.
    pub fn at(&self, position: usize) -> T {
        self.values[position].clone()
    }

    /// The values in order.
    pub fn values(&self) -> &[T] {
        &self.values
    }

    /// Name and size of an axis whose values share an architecture.
    pub fn info(&self) -> AxisInfo {
        AxisInfo { name: self.name, len: self.values.len(), architecture: false }
    }

    /// Checks that there are values, and each of them.
    ///
    /// # Errors
    /// [`Error::EmptyAxis`], and those of `check`.
    pub fn check(&self, check: impl FnMut(&T) -> Result<()>) -> Result<()> {
        if self.values.is_empty() {
            return Err(Error::EmptyAxis { axis: self.name });
        }
        self.values.iter().try_for_each(check)
    }
}

impl Axis<usize> {
    /// Name and size of an axis of which every value is compiled as an architecture of its own.
    pub fn architecture_info(&self) -> AxisInfo {
        AxisInfo { architecture: true, ..self.info() }
    }
}
