//! Batches of one row, which have no variance.

use std::collections::BTreeMap;

use dfdx::tensor::Gradients;

use crate::{
    data::{Features, batches::Sample},
    nn::{Part, Parts, each_part, each_part_mut},
    train::erased_network::ErasedNetwork,
};

/// The running variances of a network's batch normalisations before a step on a single row.
///
/// dfdx multiplies the variance of a batch by n / (n - 1) for n numbers per channel. For one number that is 0 times
/// infinity: the running variance becomes NaN and stays NaN, and so does every evaluation pass. PyTorch refuses such a
/// batch. In dropgrid the last batch of an epoch may have one row, so its variance counts as 0, as in a program.
#[derive(Debug, Default)]
pub(super) struct RunningVariances {
    /// By the name of the tensor.
    before: BTreeMap<String, Vec<f32>>,
    /// By the name of the layer.
    momentums: BTreeMap<String, f64>,
}

/// Returns true if a training pass of a single row makes a running variance of `network` undefined: some batch
/// normalisation then has one number per channel, whose variance counts as 0. The network is not usable afterwards.
pub(crate) fn loses_variance<O: Sample>(network: &mut dyn ErasedNetwork<O>) -> bool {
    if let Some(program) = network.program() {
        return program.loses_variance();
    }
    if RunningVariances::of(network).before.is_empty() {
        return false;
    }
    let width = network.input_shape().iter().product();
    let Ok(row) = Features::from_flat(vec![0.0; width], width) else { return false };
    // If the pass fails here, it also fails in the training, which reports it.
    let passed = network.train(&row, &[0], 0, Gradients::leaky());
    let is_lost = |numbers: &Vec<f32>| numbers.iter().any(|variance| variance.is_nan());
    passed.is_ok() && RunningVariances::of(network).before.values().any(is_lost)
}

/// dfdx's names for the running variance of a batch normalisation and for the share of the newest batch in it.
const VARIANCE: &str = "running_var";
const MOMENTUM: &str = "momentum";

impl RunningVariances {
    /// Reads the running variances of `network`.
    pub(super) fn of(network: &dyn Parts) -> Self {
        let mut variances = Self::default();
        // Reading tensors cannot fail on the CPU.
        let _ = each_part(network, |name, part| {
            match part {
                Part::Tensor(tensor, false) if layer_of(&name, VARIANCE).is_some() => {
                    variances.before.insert(name, tensor.numbers());
                }
                Part::Tensor(..) => {}
                Part::Setting(value) => {
                    if let Some(layer) = layer_of(&name, MOMENTUM) {
                        variances.momentums.insert(layer.to_owned(), value);
                    }
                }
            }
            Ok(())
        });
        variances
    }

    /// Replaces NaN in the running variances of `network` after a step by the values for a batch whose variance is 0.
    pub(super) fn mend(&self, network: &mut dyn Parts) {
        let Self { before, momentums } = self;
        if before.is_empty() {
            return;
        }
        let _ = each_part_mut(network, |name, part| {
            let momentum = layer_of(&name, VARIANCE).and_then(|layer| momentums.get(layer));
            if let (Part::Tensor(tensor, _), Some(before), Some(momentum)) = (part, before.get(&name), momentum) {
                let mut after = tensor.numbers();
                if after.iter().any(|variance| variance.is_nan()) {
                    let kept = (1.0 - momentum) as f32;
                    for (after, before) in after.iter_mut().zip(before).filter(|(after, _)| after.is_nan()) {
                        *after = before * kept;
                    }
                    tensor.copy_from(&after);
                }
            }
            Ok(())
        });
    }
}

/// Returns the name of the layer with a part called `part`; `None` if the name is of another part.
fn layer_of<'a>(name: &'a str, part: &str) -> Option<&'a str> {
    let (layer, last) = name.rsplit_once('.').unwrap_or(("", name));
    (last == part).then_some(layer)
}

#[cfg(test)]
mod tests {
    use dfdx::{
        nn::{BuildOnDevice, ModuleMut, builders},
        shapes::Const,
        tensor::{AsArray, Cpu, SampleTensor, TensorFrom, Trace},
    };

    use super::*;

    #[test]
    fn one_number_a_channel_has_no_spread_and_more_have_theirs() {
        type Norms = ((builders::BatchNorm1D<3>, builders::Tanh), builders::BatchNorm1D<3>);
        let cpu = Cpu::seed_from_u64(1);
        let mut network = Norms::build_on_device(&cpu);
        network.0.0.momentum = 0.25;
        network.0.0.running_var.copy_from(&[4.0, 2.0, 1.0]);
        let variances = RunningVariances::of(&network);
        network.forward_mut(cpu.tensor([[1.0, 2.0, 3.0]]).leaky_trace());
        assert!(network.0.0.running_var.array().iter().all(|variance| variance.is_nan()), "dfdx has been mended");
        let mean = network.0.0.running_mean.array();
        variances.mend(&mut network);
        assert_eq!(network.0.0.running_var.array(), [3.0, 1.5, 0.75]);
        assert_eq!(network.1.running_var.array(), [0.9_f32; 3]);
        assert_eq!(network.0.0.running_mean.array(), mean, "the mean of one number is that number");

        let variances = RunningVariances::of(&network);
        network.forward_mut(cpu.sample_normal_like(&(2, Const::<3>)).leaky_trace());
        let after = network.0.0.running_var.array();
        variances.mend(&mut network);
        assert_eq!(network.0.0.running_var.array(), after);
    }
}
