//! Every number of a network by its name: trainable tensors, statistics, settings.

use std::collections::BTreeMap;

use crate::{
    error::Failure,
    model::{Network, device},
    nn::{Part, each_part, each_part_mut, settings},
};

/// The numbers of one tensor, row-major.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StateTensor {
    pub(crate) name: String,
    pub(crate) shape: Vec<usize>,
    pub(crate) numbers: Vec<f32>,
    /// Whether training changes it by gradients; a statistic it does not.
    pub(crate) trainable: bool,
}

/// All that a network holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct StateDict {
    /// In the order in which the network is walked.
    pub(crate) tensors: Vec<StateTensor>,
    /// Settings of layers, as the rate of a dropout.
    pub(crate) scalars: BTreeMap<String, f64>,
}

impl StateDict {
    /// What `network` holds.
    pub(crate) fn of<N: Network>(network: &N) -> Self {
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
        // A number that no double holds is kept as what it is not: saving refuses it.
        contents.scalars = settings(network).into_iter().map(|setting| (setting.path(), setting.value)).collect();
        contents
    }

    /// The names of the tensors that training changes by no gradient: statistics.
    pub(crate) fn statistics(&self) -> impl Iterator<Item = &str> {
        self.tensors.iter().filter(|tensor| !tensor.trainable).map(|tensor| tensor.name.as_str())
    }

    /// The first number that is none, and the name of its tensor.
    pub(crate) fn non_finite(&self) -> Option<(&str, f32)> {
        let first = |tensor: &StateTensor| tensor.numbers.iter().copied().find(|number| !number.is_finite());
        self.tensors.iter().find_map(|tensor| Some((tensor.name.as_str(), first(tensor)?)))
    }

    /// The same without noise: with every rate of a dropout, a number called `p`, at 0, and every `stddev`, too.
    pub(crate) fn quiet(&self) -> Self {
        let mut quiet = self.clone();
        for (name, value) in &mut quiet.scalars {
            if matches!(name.rsplit('.').next(), Some("p" | "stddev")) {
                *value = 0.0;
            }
        }
        quiet
    }

    /// Writes the numbers to a network of the same type, by the order of its tensors.
    ///
    /// # Errors
    /// [`Failure::Device`] where there is not the memory.
    pub(crate) fn write<N: Network>(&self, network: &mut N) -> Result<(), Failure> {
        let mut tensors = self.tensors.iter();
        each_part_mut(network, |name, part| {
            match part {
                Part::Tensor(tensor, _) => {
                    if let Some(stored) = tensors.next() {
                        // A new memory, since the old one need not be row-major.
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
