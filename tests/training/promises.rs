//! `#[searchable(tests)]` writes tests that pass for a sound model, and `testing::check` finds what is wrong.

use std::sync::atomic::{AtomicBool, AtomicU16, Ordering};

use dfdx::{
    nn::{
        BuildOnDevice,
        tensor_collection::{ModuleVisitor, TensorCollection, TensorOptions},
    },
    shapes::{Const, Dtype, HasShape},
    tensor::{Cpu, CpuError, OwnedTape, Storage, Tensor},
    tensor_ops::{BroadcastTo, Device, TryAdd, TryMul},
};
use dropgrid::{prelude::*, testing};

use crate::own_layer::own_layer;

/// Its tests run with this file's own: six promises for each of four architectures, and the ranges.
#[searchable(tests)]
struct Sound<#[grid(4, 8)] const HIDDEN: usize, #[grid(ReLU, Tanh)] Act> {
    hidden: (Linear<3, HIDDEN>, Act),
    #[grid(0.0, 0.3)]
    dropout: Dropout,
    #[grid(momentum: 0.05, 0.1)]
    norm: BatchNorm1D<HIDDEN>,
    output: Linear<HIDDEN, 2>,
}

#[test]
fn a_sound_model_passes() {
    testing::check::<Sound>();
}

#[derive(Debug, Clone, Default)]
struct Frozen;

#[derive(Debug, Clone, Default)]
struct Noisy;

#[derive(Debug, Clone, Default)]
struct Deaf;

own_layer!(Frozen, |_layer, input| train: input * 0.0, evaluate: input);
own_layer!(Noisy, |_layer, input| train: input, evaluate: input * next());
own_layer!(Deaf, |_layer, input| train: input, evaluate: input * 0.0);

/// Counts its training passes in a number that is no setting.
#[derive(Debug, Clone, Default)]
struct Forgetful {
    passes: f32,
}

own_layer!(Forgetful, |layer, input| train: {
    layer.passes += 1.0;
    input
}, evaluate: input * layer.passes);

/// Another number at each call.
fn next() -> f32 {
    static CALLS: AtomicU16 = AtomicU16::new(1);
    f32::from(CALLS.fetch_add(1, Ordering::Relaxed))
}

#[searchable]
struct WithFrozen {
    hidden: Linear<3, 4>,
    frozen: Frozen,
    #[grid(0.5)]
    dropout: Dropout,
    output: Linear<4, 2>,
}

#[searchable]
struct WithNoisy {
    noisy: Noisy,
    output: Linear<3, 2>,
}

#[searchable]
struct WithDeaf {
    output: Linear<3, 2>,
    deaf: Deaf,
}

#[test]
#[should_panic(expected = "WithFrozenParams { dropout: 0.5 }: training does not change `hidden.weight`")]
fn a_layer_that_learns_nothing_is_found() {
    testing::check::<WithFrozen>();
}

#[test]
#[should_panic(expected = "a dropout has a rate above 0, but two training passes are equal")]
fn dropout_that_drops_nothing_is_found() {
    testing::training_is_random::<WithFrozen>(0);
}

#[test]
#[should_panic(expected = "WithNoisyParams: two evaluation passes of one network differ")]
fn an_evaluation_that_does_not_repeat_itself_is_found() {
    testing::evaluation_repeats_itself::<WithNoisy>(0);
}

#[searchable]
struct WithForgetful {
    output: Linear<3, 2>,
    forgetful: Forgetful,
}

#[test]
#[should_panic(expected = "WithForgetfulParams: a network that is saved and loaded has other outputs")]
fn state_that_is_not_saved_is_found() {
    testing::saving_keeps_the_predictions::<WithForgetful>(0);
}

#[test]
#[should_panic(expected = "50 steps take the loss on a batch from")]
fn a_loss_that_does_not_fall_is_found() {
    testing::training_lowers_the_loss::<WithDeaf>(0);
}

/// Adds a bias that the tape does not see: what is computed of a parameter by itself has none. With `BRANCH`, the tape
/// sees it while [`IS_TAKEN`], as it does in a branch that is taken at random.
#[derive(Debug, Clone)]
struct Beside<const TRAINED: bool, const BRANCH: bool, E: Dtype, D: Storage<E>> {
    bias: Tensor<Rank1<4>, E, D>,
}

/// How it is declared.
#[derive(Debug, Clone)]
struct Bias<const TRAINED: bool, const BRANCH: bool = false>;

static IS_TAKEN: AtomicBool = AtomicBool::new(false);

impl<const TRAINED: bool, const BRANCH: bool, E: Dtype, D: Device<E>> BuildOnDevice<D, E> for Bias<TRAINED, BRANCH> {
    type Built = Beside<TRAINED, BRANCH, E, D>;
}

impl<const TRAINED: bool, const BRANCH: bool, E: Dtype, D: Device<E>> TensorCollection<E, D>
    for Beside<TRAINED, BRANCH, E, D>
{
    type To<E2: Dtype, D2: Device<E2>> = Beside<TRAINED, BRANCH, E2, D2>;

    fn iter_tensors<V: ModuleVisitor<Self, E, D>>(visitor: &mut V) -> Result<Option<Self::To<V::E2, V::D2>>, V::Err> {
        let options = if TRAINED {
            TensorOptions::reset_to_zeros()
        } else {
            TensorOptions::detached(|tensor: &mut Tensor<Rank1<4>, E, D>| tensor.try_fill_with_zeros())
        };
        let field = Self::tensor("bias", |it| &it.bias, |it| &mut it.bias, options);
        visitor.visit_fields(field, |bias| Beside { bias })
    }
}

impl<const TRAINED: bool, const BRANCH: bool> Module<Tensor<(usize, Const<4>), f32, Cpu>>
    for Beside<TRAINED, BRANCH, f32, Cpu>
{
    type Output = Tensor<(usize, Const<4>), f32, Cpu>;
    type Error = CpuError;

    fn try_forward(&self, input: Tensor<(usize, Const<4>), f32, Cpu>) -> Result<Self::Output, CpuError> {
        let shape = *input.shape();
        input.try_add(self.bias.clone().try_broadcast_like(&shape)?)
    }
}

type Taped = Tensor<(usize, Const<4>), f32, Cpu, OwnedTape<f32, Cpu>>;

impl<const TRAINED: bool, const BRANCH: bool> ModuleMut<Taped> for Beside<TRAINED, BRANCH, f32, Cpu> {
    type Output = Taped;
    type Error = CpuError;

    fn try_forward_mut(&mut self, input: Taped) -> Result<Taped, CpuError> {
        let shape = *input.shape();
        if BRANCH && IS_TAKEN.load(Ordering::Relaxed) {
            return self.bias.retaped::<OwnedTape<f32, Cpu>>().try_broadcast_like(&shape)?.try_add(input);
        }
        // Another tensor, made without a tape.
        let bias = self.bias.clone().try_mul(1.0)?;
        input.try_add(bias.try_broadcast_like(&shape)?)
    }
}

#[searchable]
struct WithBeside {
    hidden: (Linear<3, 4>, Tanh),
    beside: Bias<true>,
    output: Linear<4, 2>,
}

#[searchable]
struct WithBranch {
    hidden: (Linear<3, 4>, Tanh),
    branch: Bias<true, true>,
    output: Linear<4, 2>,
}

#[searchable]
struct WithFixed {
    hidden: (Linear<3, 4>, Tanh),
    beside: Bias<false>,
    output: Linear<4, 2>,
}

#[test]
#[should_panic(expected = "training does not change `beside.bias`")]
fn a_parameter_beside_the_tape_is_found() {
    testing::check::<WithBeside>();
}

fn data() -> Dataset<Classes<2>> {
    let rows: Vec<[f32; 3]> = (0..40).map(|at| [0, 1, 2].map(|column| (at * 7 % (5 + column)) as f32)).collect();
    let labels = Classes::<2>::new((0..40).map(|at| at % 2).collect::<Vec<_>>()).expect("labels");
    Dataset::new(&rows, labels).expect("data")
}

#[test]
fn a_search_says_that_a_parameter_is_beside_the_tape() {
    macro_rules! searched {
        ($model:ident, $epochs:literal) => {{
            let search = $model::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs($epochs).batch_size(1));
            search.progress(false).fit(&data())
        }};
    }
    // At the end of a short training, and in the middle of a long one.
    for error in [searched!(WithBeside, 1), searched!(WithBeside, 100)].map(|report| report.expect_err("untrained")) {
        assert!(error.to_string().contains("training never reaches `beside.bias`"), "{error}");
    }
    searched!(WithFixed, 1).expect("no step is to train it");
    // A gradient of 0 is one.
    searched!(WithFrozen, 1).expect("all of it is on the tape");
}

/// The branch is taken in the first epochs only. The training that goes on from them still knows that it was.
#[test]
fn a_parameter_that_was_reached_before_a_checkpoint_stays_reached() {
    let folder = tempfile::tempdir().expect("a folder");
    let study = folder.path().join("x.study");
    let search = |epochs| {
        let recipe = Train::adam(1e-2).epochs(epochs).batch_size(20);
        WithBranch::search(Grid).cv(KFold::new(2)).train(recipe).progress(false)
    };
    IS_TAKEN.store(true, Ordering::Relaxed);
    search(2).study(&study).keep_final_checkpoints(true).cross_validate(&data()).expect("a report");
    IS_TAKEN.store(false, Ordering::Relaxed);
    search(4).study(&study).cross_validate(&data()).expect("the branch was taken");
    let error = search(4).cross_validate(&data()).expect_err("the branch was never taken");
    assert!(error.to_string().contains("training never reaches `branch.bias`"), "{error}");
}
