//! All numbers of a network by name: trainable tensors, statistics, and settings.

use std::collections::BTreeMap;

use crate::{
    error::Failure,
    model::device,
    nn::{Part, Parts, Setting, each_part, each_part_mut, settings},
};

/// The numbers of one tensor, row-major.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StateTensor {
    pub(crate) name: String,
    pub(crate) shape: Vec<usize>,
    pub(crate) numbers: Vec<f32>,
    /// True if gradients change it, false for statistics.
    pub(crate) trainable: bool,
}

/// All tensors and settings of a network.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct StateDict {
    /// The tensors, in the order of the network's fields.
    pub(crate) tensors: Vec<StateTensor>,
    /// The settings of layers, such as a dropout rate.
    pub(crate) scalars: BTreeMap<String, f64>,
}

impl StateDict {
    /// Reads the tensors and settings of `network`.
    pub(crate) fn of(network: &dyn Parts) -> Self {
        let mut contents = Self::default();
        // Reading tensors cannot fail on the CPU.
        let _ = each_part(network, |name, part| {
            if let Part::Tensor(tensor, trainable) = part {
                contents.tensors.push(StateTensor {
                    name,
                    shape: tensor.shape(),
                    numbers: tensor.numbers(),
                    trainable,
                });
            }
            Ok(())
        });
        // A setting that is not finite is copied unchanged. Saving refuses it.
        contents.scalars = by_path(settings(network));
        contents
    }

    /// Returns true if the tensors of `other` have the same names and shapes.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        let tensors = |of: &Self| of.tensors.iter().map(|tensor| (tensor.name.clone(), tensor.shape.clone())).collect();
        let (own, others): (Vec<_>, Vec<_>) = (tensors(self), tensors(other));
        own == others
    }

    /// Iterates over the names of the statistics: tensors that no gradient changes.
    pub(crate) fn statistics(&self) -> impl Iterator<Item = &str> {
        self.tensors.iter().filter(|tensor| !tensor.trainable).map(|tensor| tensor.name.as_str())
    }

    /// Returns the first number that is not finite, and the name of its tensor; `None` if all are finite.
    pub(crate) fn non_finite(&self) -> Option<(&str, f32)> {
        let first = |tensor: &StateTensor| tensor.numbers.iter().copied().find(|number| !number.is_finite());
        self.tensors.iter().find_map(|tensor| Some((tensor.name.as_str(), first(tensor)?)))
    }

    /// Returns a copy with all noise off: every setting `p` (a dropout rate) and every `stddev` is 0.
    pub(crate) fn without_noise(&self) -> Self {
        let mut without_noise = self.clone();
        for (name, value) in &mut without_noise.scalars {
            if matches!(name.rsplit('.').next(), Some("p" | "stddev")) {
                *value = 0.0;
            }
        }
        without_noise
    }

    /// Writes the numbers to a network of the same type, tensor by tensor in its order.
    ///
    /// # Errors
    /// [`Failure::Device`] if memory runs out.
    pub(crate) fn write(&self, network: &mut dyn Parts) -> Result<(), Failure> {
        let mut tensors = self.tensors.iter();
        each_part_mut(network, |name, part| {
            match part {
                Part::Tensor(tensor, _) => {
                    if let Some(stored) = tensors.next() {
                        // The old memory need not be row-major, so the tensor gets a new one.
                        tensor.replace(stored.numbers.clone())?;
                    }
                }
                Part::Setting(value) => *value = self.scalars.get(&name).copied().unwrap_or(*value),
            }
            Ok(())
        })
        .map_err(device)
    }
}

/// The values of settings by their paths.
fn by_path(settings: Vec<Setting>) -> BTreeMap<String, f64> {
    settings.into_iter().map(|setting| (setting.path(), setting.value)).collect()
}
