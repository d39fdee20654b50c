//! Errors of a searchable struct that is a layer, in the names of the model that it stands in.

use super::{Error, NameError, SpaceError};

impl Error {
    /// The error of a searchable struct that is the field `field` of a model with axes of these names.
    #[doc(hidden)]
    #[must_use]
    pub fn inside(mut self, field: &str, names: &[&'static str]) -> Self {
        match &mut self {
            Self::Space(
                SpaceError::EmptyAxis { axis }
                | SpaceError::DuplicateValue { axis, .. }
                | SpaceError::Interval { axis, .. }
                | SpaceError::Steps { axis, .. }
                | SpaceError::NotCompiled { axis, .. }
                | SpaceError::Condition { axis, .. },
            )
            | Self::Name(
                NameError::Unwritten { axis, .. }
                | NameError::Unread { axis, .. }
                | NameError::ReadAs { axis, .. }
                | NameError::Unsteady { axis, .. },
            ) => {
                let is_outside =
                    |name: &&&str| name.strip_prefix(field).and_then(|name| name.strip_prefix('.')) == Some(axis);
                *axis = names.iter().find(is_outside).copied().unwrap_or(axis);
            }
            Self::OutOfRange { layer, .. } | Self::LayerSettings { layer, .. } => *layer = format!("{field}.{layer}"),
            _ => {}
        }
        self
    }
}
