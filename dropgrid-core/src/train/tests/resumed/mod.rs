//! Trainings that go on from their states have the bits of those that ran through.

mod longer;

use dfdx::{
    nn::{BuildOnDevice, builders, modules},
    shapes::Rank1,
    tensor::Cpu,
};

use super::golden::{ROWS, classes, recipes, weights};
use crate::{
    data::{Classes, Dataset, Fit, Stop},
    hook::{FitInfo, Hooks},
    limit::Clock,
    model::Network,
    nn::{Dropout, InputShape, Linear, builder, program},
    program::Program,
    recipe::{EarlyStopping, ReduceOnPlateau, Schedule, Train},
    seed::Seed,
    train::{
        Course, FinishedCandidate, HookContext, StateSink, StopCondition, TrainingObserver, Views, evaluate::predict,
        train_epochs,
    },
};

const EPOCHS: usize = 6;

/// Layers that dropgrid's own step knows, which drop.
type Known = (Linear<4, 8, f32, Cpu>, modules::Tanh, Dropout, Linear<8, 3, f32, Cpu>);
/// A normalization between them, whose statistics change without being trained.
type Normal = (Linear<4, 8, f32, Cpu>, modules::BatchNorm1D<8, f32, Cpu>, Dropout, Linear<8, 3, f32, Cpu>);

impl InputShape for Normal {
    type Sample = Rank1<4>;
}

fn known() -> Known {
    type Declared = (builder::Linear<4, 8>, builders::Tanh, Dropout, builder::Linear<8, 3>);
    let mut network = Declared::build_on_device(&Cpu::seed_from_u64(1));
    network.2.p = 0.3;
    network
}

fn normal() -> Normal {
    type Declared = (builder::Linear<4, 8>, builders::BatchNorm1D<8>, Dropout, builder::Linear<8, 3>);
    let mut network = Declared::build_on_device(&Cpu::seed_from_u64(1));
    network.2.p = 0.3;
    network
}

/// Keeps every state.
#[derive(Debug, Default)]
struct Kept {
    training: &'static str,
    from: Option<(usize, Vec<u8>)>,
    /// Those after which the training went on.
    states: Vec<(usize, Vec<u8>)>,
    ends: Vec<(usize, Vec<u8>)>,
}

impl StateSink for Kept {
    fn longest(&self, below: usize) -> Option<(usize, Vec<u8>)> {
        self.from.clone().filter(|_| below == usize::MAX)
    }

    fn wants(&self, _epochs: usize, _ends: bool) -> bool {
        true
    }

    fn at(&self, _epochs: usize) -> Option<Vec<u8>> {
        None
    }

    fn keep(&mut self, epochs: usize, bytes: Vec<u8>, ends: bool) {
        if ends {
            self.ends.push((epochs, bytes.clone()));
        }
        self.states.push((epochs, bytes));
    }
}

/// Keeps every state of a training, and notes its candidates.
struct Observer<'a> {
    kept: &'a mut Kept,
    came: &'a mut Came,
    data: &'a Dataset<Classes<3>>,
    rows: &'a [usize],
}

impl<N: Network<Output = Rank1<3>>> TrainingObserver<N> for Observer<'_> {
    fn finished(&mut self, network: &N, candidates: &[FinishedCandidate<'_>]) {
        let given = given(network, self.data, self.rows);
        let weights: Vec<u32> = weights(network).into_iter().map(f32::to_bits).collect();
        let came =
            |one: &FinishedCandidate<'_>| (one.position, one.trained, one.scored, weights.clone(), given.clone());
        self.came.extend(candidates.iter().map(came));
    }

    fn states(&mut self) -> Option<&mut dyn StateSink> {
        Some(self.kept)
    }
}

/// What came of trainings: each with its place, its epochs and the epoch of its weights, the bits of these and of what
/// the network gives.
type Came = Vec<(usize, usize, usize, Vec<u32>, Vec<u64>)>;

/// Trains, from a state where one is given; gives what came of it and the states on the way.
fn train<N: Network<Output = Rank1<3>>>(
    course: (&Train, &[StopCondition]),
    network: fn() -> N,
    lower: Option<fn(&N) -> Program>,
    from: Option<(usize, Vec<u8>)>,
) -> (Came, Vec<(usize, Vec<u8>)>) {
    let (came, kept) = train_keeping(course, network, lower, from);
    (came, kept.states)
}

/// The same with the states of the ends.
fn train_keeping<N: Network<Output = Rank1<3>>>(
    (recipe, ends): (&Train, &[StopCondition]),
    network: fn() -> N,
    lower: Option<fn(&N) -> Program>,
    from: Option<(usize, Vec<u8>)>,
) -> (Came, Kept) {
    train_from((recipe, ends), 1, network, lower, Kept { training: "this", from, ..Kept::default() })
}

/// The same on a fold of that number, from what is kept.
fn train_from<N: Network<Output = Rank1<3>>>(
    (recipe, ends): (&Train, &[StopCondition]),
    fold: u32,
    network: fn() -> N,
    lower: Option<fn(&N) -> Program>,
    mut kept: Kept,
) -> (Came, Kept) {
    let (data, rows) = (classes(), (0..ROWS).collect::<Vec<_>>());
    let (fitted, watched) = rows.split_at(28);
    let stop = recipe.watches().then(|| Stop::new(&data, watched));
    let views = Views { fit: Fit::new(&data, fitted), stop };
    let hooks = Hooks::default();
    let course = Course {
        recipe,
        seed: Seed(3),
        fold,
        stop_conditions: ends,
        clock: &Clock::default(),
        hook_context: &HookContext::new(&hooks, FitInfo::default()),
        trajectory: kept.training,
    };
    let mut came = Vec::new();
    let mut observer = Observer { kept: &mut kept, came: &mut came, data: &data, rows: &rows };
    train_epochs::<Classes<3>, N>(&mut network(), &views, course, lower, &mut observer).expect("a training");
    let last = came.iter().map(|(_, trained, ..)| *trained).max();
    kept.states.retain(|(epochs, _)| Some(*epochs) < last);
    came.sort();
    (came, kept)
}

fn given<N: Network<Output = Rank1<3>>>(network: &N, data: &Dataset<Classes<3>>, rows: &[usize]) -> Vec<u64> {
    let given = predict::<Classes<3>, N>(network, data.features(), rows).expect("finite");
    given.into_iter().map(f64::to_bits).collect()
}

/// Checks that a training which goes on in another process from any of its states ends with the same bits.
fn check<N: Network<Output = Rank1<3>>>(
    recipe: &Train,
    ends: &[StopCondition],
    network: fn() -> N,
    lower: Option<fn(&N) -> Program>,
) {
    let (whole, states) = train((recipe, ends), network, lower, None);
    assert_eq!(whole.len(), ends.len());
    let longest = whole.iter().map(|(_, trained, ..)| *trained).max().expect("a training");
    assert_eq!(states.len(), longest - 1, "a state after each epoch but the last");
    for (at, state) in &states {
        // Those that have ended before are known to whoever keeps the state.
        let open: Vec<usize> = whole.iter().filter(|(_, trained, ..)| trained > at).map(|(end, ..)| *end).collect();
        let ends: Vec<StopCondition> = open.iter().map(|&end| ends[end]).collect();
        let (came, later) = train((recipe, &ends), network, lower, Some((*at, state.clone())));
        let wanted: Came = whole
            .iter()
            .filter_map(|(end, trained, scored, weights, given)| {
                let place = open.iter().position(|open| open == end)?;
                Some((place, *trained, *scored, weights.clone(), given.clone()))
            })
            .collect();
        assert_eq!(came, wanted, "{recipe:?}: from epoch {at}");
        assert_eq!(later, states[*at..], "{recipe:?}: the states after epoch {at}");
    }
}

fn check_all(recipe: &Train, ends: &[StopCondition]) {
    check(recipe, ends, known, Some(program::<Known>));
    check(recipe, ends, known, None);
    check(recipe, ends, normal, Some(program::<Normal>));
    check(recipe, ends, normal, None);
}

#[test]
fn every_setting_of_the_recipe_goes_on_with_the_same_bits() {
    for (_, recipe) in recipes() {
        let recipe = recipe.epochs(EPOCHS).batch_size(8);
        check_all(&recipe, &[StopCondition::of(&recipe)]);
    }
}

#[test]
fn early_stops_and_plateaus_go_on_with_the_same_bits() {
    let plateau = ReduceOnPlateau { factor: 0.7, patience: 1, ..ReduceOnPlateau::default() };
    let recipe = Train::sgd(4.0).momentum(0.9).epochs(30).batch_size(8).schedule(Schedule::from(plateau)).ema(0.2);
    let recipe = recipe.early_stopping(EarlyStopping::patience(4));
    let end = |epochs, early_stopping| StopCondition { epochs, early_stopping };
    let ends = [
        end(30, Some(EarlyStopping::patience(2))),
        end(5, Some(EarlyStopping::patience(2))),
        end(30, Some(EarlyStopping::patience(4).min_delta(0.01))),
        end(7, None),
        end(30, Some(EarlyStopping::patience(3).restore_best(false).start_from_epoch(2))),
    ];
    check_all(&recipe, &ends);
    let (whole, _) = train((&recipe, &ends), known, None, None);
    let early = whole.iter().filter(|(end, trained, scored, ..)| *trained < ends[*end].epochs && scored < trained);
    assert!(early.count() >= 2, "too few trainings end early and go back");
}

#[test]
fn the_state_of_another_training_counts_as_none() {
    let recipes = [Train::adam(0.1), Train::adam(0.1).amsgrad(true), Train::sgd(0.1), Train::adam(0.1).ema(0.5)];
    for recipe in &recipes {
        let recipe = recipe.clone().epochs(3).batch_size(8);
        let ends = [StopCondition::of(&recipe)];
        let (whole, _) = train((&recipe, &ends), known, Some(program::<Known>), None);
        for other in recipes.iter().filter(|other| other.optimizer != recipe.optimizer || other.ema != recipe.ema) {
            let other = other.clone().epochs(3).batch_size(8);
            let (_, states) = train((&other, &ends), known, Some(program::<Known>), None);
            let (came, _) = train((&recipe, &ends), known, Some(program::<Known>), Some(states[1].clone()));
            assert_eq!(came, whole, "{recipe:?} from {other:?}");
        }
        // Nor does one that ended before, or a damaged one.
        let (_, states) = train((&recipe, &ends), known, Some(program::<Known>), None);
        let longer = [StopCondition { epochs: 4, early_stopping: None }];
        let (apart, _) = train((&recipe, &longer), known, Some(program::<Known>), None);
        let (came, _) = train((&recipe, &longer), known, Some(program::<Known>), Some(states[0].clone()));
        assert_eq!(came, apart);
        for damaged in [states[1].1[..40].to_vec(), Vec::new(), vec![7; 300]] {
            let (came, _) = train((&recipe, &ends), known, Some(program::<Known>), Some((2, damaged)));
            assert_eq!(came, whole);
        }
    }
}

#[test]
fn a_state_under_another_name_counts_as_none() {
    let recipe = Train::adam(0.1).epochs(3).batch_size(8);
    let course = (&recipe, &[StopCondition::of(&recipe)][..]);
    let (_, states) = train(course, known, Some(program::<Known>), None);
    for (training, fold, from, goes_on) in [
        ("this", 1, states[1].clone(), true),
        ("other", 1, states[1].clone(), false),
        ("this", 0, states[1].clone(), false),
        ("this", 1, (1, states[1].1.clone()), false),
        ("this", 1, (0, states[1].1.clone()), false),
    ] {
        let run = |from| {
            let kept = Kept { training, from, ..Kept::default() };
            let (came, kept) = train_from(course, fold, known, Some(program::<Known>), kept);
            (came, kept.states)
        };
        let (whole, epochs) = (run(None).0, from.0);
        let (came, later) = run(Some(from));
        assert_eq!((came, later.len()), (whole, if goes_on { 0 } else { 2 }), "{training}, {fold}, {epochs}");
    }
}
