//! The settings of a network's layers.

use super::walk::{Part, Parts, each_part};

/// A number of a layer that is not in a tensor, such as the rate of a dropout, the slope of a leaky rectified linear
/// unit or the epsilon of a normalisation.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Setting {
    /// The path of the layer, the names of the fields that lead to it: `hidden.1`. It is empty if the network is the
    /// layer.
    pub(crate) layer: String,
    /// The name of the setting in the layer, such as `slope`.
    pub(crate) name: String,
    /// The value, or NaN if an `f64` cannot represent it.
    pub(crate) value: f64,
}

impl Setting {
    /// Creates a setting from its path in the network, such as `hidden.1.slope`.
    pub(crate) fn new(path: &str, value: f64) -> Self {
        let (layer, name) = path.rsplit_once('.').unwrap_or(("", path));
        Self { layer: layer.to_owned(), name: name.to_owned(), value }
    }

    /// Returns the path of the setting in the network.
    pub(crate) fn path(&self) -> String {
        if self.layer.is_empty() { self.name.clone() } else { format!("{}.{}", self.layer, self.name) }
    }
}

/// Returns every setting of every layer, in the order of the fields.
pub(crate) fn settings(network: &dyn Parts) -> Vec<Setting> {
    let mut settings = Vec::new();
    // Reading cannot fail on the CPU.
    let _ = each_part(network, |path, part| {
        if let Part::Setting(value) = part {
            settings.push(Setting::new(&path, value));
        }
        Ok(())
    });
    settings
}
