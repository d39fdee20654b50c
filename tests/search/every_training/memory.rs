//! Networks that have no memory while they are built.

use dropgrid::hook::Hook;

use super::*;

/// Memory for networks that is still to be missing, and a layer that needs some of it as it is built.
static SCARCE: AtomicUsize = AtomicUsize::new(0);

mod scarce {
    use dfdx::{
        nn::{
            BuildOnDevice, Module, ModuleMut,
            tensor_collection::{ModuleVisitor, TensorCollection, TensorOptions},
        },
        shapes::{Dtype, Rank1, Shape},
        tensor::{Cpu, CpuError, NoneTape, OwnedTape, Storage, Tensor, ZerosTensor},
        tensor_ops::Device,
    };

    use super::{Ordering, SCARCE};

    #[derive(Debug, Clone, Copy)]
    pub(super) struct Hungry;

    #[derive(Debug, Clone)]
    pub(super) struct Fed<E: Dtype, D: Storage<E>> {
        room: Tensor<Rank1<1>, E, D>,
    }

    impl<E: Dtype, D: Device<E>> BuildOnDevice<D, E> for Hungry {
        type Built = Fed<E, D>;
    }

    impl<E: Dtype, D: Device<E>> TensorCollection<E, D> for Fed<E, D> {
        type To<E2: Dtype, D2: Device<E2>> = Fed<E2, D2>;

        fn iter_tensors<V: ModuleVisitor<Self, E, D>>(
            visitor: &mut V,
        ) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
            let room = TensorOptions::detached(|tensor: &mut Tensor<Rank1<1>, E, D>| {
                if SCARCE.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
                    let device = tensor.device().clone();
                    ZerosTensor::<E>::try_zeros_like(&device, &(1_usize << 58,)).map(drop)?;
                }
                Ok(())
            });
            visitor.visit_fields(Self::tensor("room", |it| &it.room, |it| &mut it.room, room), |room| Fed { room })
        }
    }

    impl<S: Shape> Module<Tensor<S, f32, Cpu, NoneTape>> for Fed<f32, Cpu> {
        type Output = Tensor<S, f32, Cpu, NoneTape>;
        type Error = CpuError;

        fn try_forward(&self, input: Tensor<S, f32, Cpu, NoneTape>) -> Result<Self::Output, CpuError> {
            Ok(input)
        }
    }

    impl<S: Shape> ModuleMut<Tensor<S, f32, Cpu, OwnedTape<f32, Cpu>>> for Fed<f32, Cpu> {
        type Output = Tensor<S, f32, Cpu, OwnedTape<f32, Cpu>>;
        type Error = CpuError;

        fn try_forward_mut(
            &mut self,
            input: Tensor<S, f32, Cpu, OwnedTape<f32, Cpu>>,
        ) -> Result<Self::Output, CpuError> {
            Ok(input)
        }
    }
}

#[searchable]
struct Eater {
    #[grid(0.0, 0.2)]
    dropout: Dropout,
    output: Linear<4, 3>,
    hungry: scarce::Hungry,
}

/// Misses memory as a training begins: of the winner, or of the fit on the last fold.
struct Hunger {
    refit: bool,
    times: AtomicUsize,
}

impl Hook for Hunger {
    fn fit_start(&self, fit: &FitInfo) {
        let is_it = if self.refit { fit.fold.is_none() } else { fit.fold == Some(2) };
        if is_it && self.times.try_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_ok() {
            SCARCE.store(1, Ordering::Relaxed);
        }
    }
}

/// A network that has no memory while it is built is the same failure on a fold and on all rows, and is tried again
/// alike. One test, since the memory is that of the process.
#[test]
fn no_memory_while_a_network_is_built_is_tried_again_everywhere() {
    let search = || Eater::search(Grid).cv(KFold::new(3)).train(recipe()).workers(1).progress(false);
    let hunger = |refit, times| Hunger { refit, times: AtomicUsize::new(times) };
    let calm = search().fit(&data()).expect("a report");
    for refit in [false, true] {
        let report = search().hook(hunger(refit, 2)).retries(2).fit(&data()).expect("a report");
        assert_eq!(report.digest(), calm.digest());
        assert_eq!(report.fitted().to_bytes().unwrap(), calm.fitted().to_bytes().unwrap());
        let retried: Vec<Failure> = report.results().retried().cloned().collect();
        let failures = if refit { report.refit_failures().to_vec() } else { retried };
        assert_eq!(failures.len(), 2);
        assert!(failures.iter().all(|failure| matches!(failure, Failure::Device { .. })), "{failures:?}");
    }
    let error = search().hook(hunger(true, 1)).fit(&data()).expect_err("no memory");
    assert!(matches!(&error, Error::RefitFailed { failure: Failure::Device { .. }, .. }), "{error}");
}
