//! Parameter spaces: an exact-size, random-access sequence of candidates that is computed, never stored.

mod axis;
mod iter;
mod params;

pub use axis::{Axis, AxisInfo};
pub use iter::Iter;
pub use params::Params;

use crate::error::{Error, Result};

/// All candidates of a model, in declaration order of the axes, the last axis fastest.
///
/// Candidate `i` is computed from `i` by mixed-radix division, so a space of 10^12 candidates costs as much as one of
/// ten. `#[searchable]` implements this.
pub trait Space: Clone + Send + Sync + 'static {
    /// One candidate.
    type Params: Params;

    /// The axes in declaration order.
    fn axes(&self) -> Vec<AxisInfo>;

    /// The candidate at these positions, one for each axis.
    fn at(&self, positions: &[usize]) -> Self::Params;

    /// Checks every value of every axis by itself.
    ///
    /// # Errors
    /// [`Error::EmptyAxis`], [`Error::OutOfRange`], [`Error::NotCompiled`], [`Error::Setting`].
    fn check(&self) -> Result<()>;

    /// Number of candidates, or the largest `usize` where there are more.
    fn len(&self) -> usize {
        self.try_len().unwrap_or(usize::MAX)
    }

    /// Whether an axis was replaced by an empty list, so that there are no candidates. A search refuses such a space.
    fn is_empty(&self) -> bool {
        self.axes().iter().any(|axis| axis.len == 0)
    }

    /// Number of candidates.
    ///
    /// # Errors
    /// [`Error::SpaceTooLarge`] where a `usize` cannot count them.
    fn try_len(&self) -> Result<usize> {
        let axes = self.axes();
        axes.iter().try_fold(1_usize, |product, axis| product.checked_mul(axis.len)).ok_or_else(|| {
            let axes: Vec<String> = axes.iter().map(|axis| format!("{} ({} values)", axis.name, axis.len)).collect();
            Error::SpaceTooLarge { axes: axes.join(", ") }
        })
    }

    /// Candidate number `index`, or `None` past the end.
    fn nth(&self, index: usize) -> Option<Self::Params> {
        if index >= self.len() {
            return None;
        }
        let axes = self.axes();
        let mut positions = vec![0; axes.len()];
        let mut rest = index;
        for (position, axis) in positions.iter_mut().zip(&axes).rev() {
            *position = rest % axis.len;
            rest /= axis.len;
        }
        Some(self.at(&positions))
    }

    /// The candidates in order, from both ends.
    fn iter(&self) -> Iter<'_, Self> {
        Iter::new(self)
    }

    /// The first candidate with each of its values replaced by every other value of its axis, one axis at a time: each
    /// value of each axis stands in one of them.
    fn one_at_a_time(&self) -> impl Iterator<Item = Self::Params> {
        let axes = self.axes();
        let lens: Vec<usize> = axes.iter().map(|axis| axis.len).collect();
        let varied = lens.into_iter().enumerate().flat_map(|(axis, len)| (0..len).map(move |at| (axis, at)));
        varied.map(move |(axis, at)| {
            let mut positions = vec![0; axes.len()];
            positions[axis] = at;
            self.at(&positions)
        })
    }

    /// One candidate of each compiled architecture.
    fn architectures(&self) -> impl Iterator<Item = Self::Params> {
        let axes = self.axes();
        let count = axes.iter().filter(|axis| axis.architecture).map(|axis| axis.len).product();
        (0..count).map(move |index: usize| {
            let mut positions = vec![0; axes.len()];
            let mut rest = index;
            for (position, axis) in positions.iter_mut().zip(&axes).rev() {
                if axis.architecture {
                    *position = rest % axis.len;
                    rest /= axis.len;
                }
            }
            self.at(&positions)
        })
    }
}
