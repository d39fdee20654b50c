//! Trainings that continue from a checkpoint have the bits of those that were never interrupted.

mod longer;
mod outcome;

use dfdx::shapes::Rank1;

use self::outcome::{Observer, Outcome, StatesInMemory};
use super::{
    golden::{ROWS, classes, recipes},
    networks::{known, normal},
};
use crate::{
    data::{Classes, Fit, Validation},
    hook::{FitInfo, Hooks},
    limit::Clock,
    recipe::{EarlyStopping, ReduceOnPlateau, Schedule, Train},
    record::Curve,
    seed::Seed,
    train::{
        Course, ErasedNetwork, HookContext, StopCondition, Views,
        network::{LoweredNetwork, TapedNetwork},
        step::{ProgramBackend, TapeBackend, TrainingBackend},
        train_epochs,
    },
};

const EPOCHS: usize = 6;

/// Makes a network of one of the two backends.
type Build = fn() -> Box<dyn ErasedNetwork<Rank1<3>>>;

fn lowered_known() -> Box<dyn ErasedNetwork<Rank1<3>>> {
    Box::new(LoweredNetwork::new(known()))
}

fn lowered_normal() -> Box<dyn ErasedNetwork<Rank1<3>>> {
    Box::new(LoweredNetwork::new(normal()))
}

fn taped_known() -> Box<dyn ErasedNetwork<Rank1<3>>> {
    Box::new(TapedNetwork(known()))
}

fn taped_normal() -> Box<dyn ErasedNetwork<Rank1<3>>> {
    Box::new(TapedNetwork(normal()))
}

/// Trains, from a state where one is given; returns the outcomes and the states on the way.
fn train(
    course: (&Train, &[StopCondition]),
    network: Build,
    from: Option<(usize, Vec<u8>)>,
) -> (Vec<Outcome>, StatesInMemory) {
    train_as(("this", 1), course, network, from)
}

/// The same under the given name on a fold of that number.
fn train_as(
    (trajectory, fold): (&str, u32),
    (recipe, ends): (&Train, &[StopCondition]),
    network: Build,
    from: Option<(usize, Vec<u8>)>,
) -> (Vec<Outcome>, StatesInMemory) {
    let mut kept = StatesInMemory { from, ..StatesInMemory::default() };
    let (data, rows) = (classes(), (0..ROWS).collect::<Vec<_>>());
    let (fitted, validation) = rows.split_at(28);
    let stop = recipe.needs_validation().then(|| Validation::new(&data, validation));
    let views = Views { fit: Fit::new(&data, fitted), validation: stop, curve_metrics: &[] };
    let hooks = Hooks::default();
    let context = HookContext { hooks: &hooks, fit: FitInfo::default(), has_rules: false };
    let course = Course {
        recipe,
        seed: Seed(3),
        fold,
        stop_conditions: ends,
        clock: &Clock::default(),
        hook_context: &context,
        trajectory,
    };
    let mut came = Vec::new();
    let mut observer = Observer { kept: &mut kept, came: &mut came, data: &data, rows: &rows };
    let mut network = network();
    let is_lowered = network.program().is_some();
    let backend: &dyn TrainingBackend<Classes<3>> = if is_lowered { &ProgramBackend } else { &TapeBackend };
    train_epochs(&mut *network, &views, course, backend, &mut Curve::default(), &mut observer).expect("a training");
    let last = came.iter().map(|outcome| outcome.trained).max();
    kept.states.retain(|(epochs, _)| Some(*epochs) < last);
    came.sort();
    (came, kept)
}

/// Checks that a training which continues in another process from any of its states has the same outcomes.
fn check(recipe: &Train, ends: &[StopCondition], network: Build) {
    let (whole, StatesInMemory { states, .. }) = train((recipe, ends), network, None);
    assert_eq!(whole.len(), ends.len());
    let longest = whole.iter().max_by_key(|outcome| outcome.trained).expect("a training");
    assert_eq!(states.len(), longest.trained - 1, "a state after each epoch but the last");
    for Outcome { trained, curve, .. } in &whole {
        assert_eq!(*curve, longest.curve[..*trained], "a candidate has the first epochs of the shared training");
    }
    for (at, state) in &states {
        // Whoever keeps the state knows the candidates that have stopped before.
        let running: Vec<&Outcome> = whole.iter().filter(|outcome| outcome.trained > *at).collect();
        let ends: Vec<StopCondition> = running.iter().map(|outcome| ends[outcome.position]).collect();
        let (came, later) = train((recipe, &ends), network, Some((*at, state.clone())));
        let wanted: Vec<Outcome> = (0..).zip(running).map(|(position, outcome)| outcome.at(position)).collect();
        assert_eq!(came, wanted, "{recipe:?}: from epoch {at}");
        assert_eq!(later.states, states[*at..], "{recipe:?}: the states after epoch {at}");
    }
}

fn check_all(recipe: &Train, ends: &[StopCondition]) {
    check(recipe, ends, lowered_known);
    check(recipe, ends, taped_known);
    check(recipe, ends, lowered_normal);
    check(recipe, ends, taped_normal);
}

#[test]
fn every_setting_of_the_recipe_continues_with_the_same_bits() {
    for (_, recipe) in recipes() {
        let recipe = recipe.epochs(EPOCHS).batch_size(8);
        check_all(&recipe, &[StopCondition::of(&recipe)]);
    }
}

#[test]
fn early_stops_and_plateaus_continue_with_the_same_bits() {
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
    let (whole, _) = train((&recipe, &ends), taped_known, None);
    let early = whole.iter().filter(|one| one.trained < ends[one.position].epochs && one.scored < one.trained);
    assert!(early.count() >= 2, "too few trainings end early and go back");
}

#[test]
fn the_state_of_another_training_counts_as_none() {
    let recipes = [Train::adam(0.1), Train::adam(0.1).amsgrad(true), Train::sgd(0.1), Train::adam(0.1).ema(0.5)];
    for recipe in &recipes {
        let recipe = recipe.clone().epochs(3).batch_size(8);
        let ends = [StopCondition::of(&recipe)];
        let (whole, _) = train((&recipe, &ends), lowered_known, None);
        for other in recipes.iter().filter(|other| other.optimizer != recipe.optimizer || other.ema != recipe.ema) {
            let other = other.clone().epochs(3).batch_size(8);
            let (_, StatesInMemory { states, .. }) = train((&other, &ends), lowered_known, None);
            let (came, _) = train((&recipe, &ends), lowered_known, Some(states[1].clone()));
            assert_eq!(came, whole, "{recipe:?} from {other:?}");
        }
        // Nor does one that ended before, or a damaged one.
        let (_, StatesInMemory { states, .. }) = train((&recipe, &ends), lowered_known, None);
        let longer = [StopCondition { epochs: 4, early_stopping: None }];
        let (apart, _) = train((&recipe, &longer), lowered_known, None);
        let (came, _) = train((&recipe, &longer), lowered_known, Some(states[0].clone()));
        assert_eq!(came, apart);
        for damaged in [states[1].1[..40].to_vec(), Vec::new(), vec![7; 300]] {
            let (came, _) = train((&recipe, &ends), lowered_known, Some((2, damaged)));
            assert_eq!(came, whole);
        }
    }
}

#[test]
fn a_state_under_another_name_counts_as_none() {
    let recipe = Train::adam(0.1).epochs(3).batch_size(8);
    let course = (&recipe, &[StopCondition::of(&recipe)][..]);
    let states = train(course, lowered_known, None).1.states;
    for (training, fold, from, goes_on) in [
        ("this", 1, states[1].clone(), true),
        ("other", 1, states[1].clone(), false),
        ("this", 0, states[1].clone(), false),
        ("this", 1, (1, states[1].1.clone()), false),
        ("this", 1, (0, states[1].1.clone()), false),
    ] {
        let run = |from| train_as((training, fold), course, lowered_known, from);
        let (whole, epochs) = (run(None).0, from.0);
        let (came, later) = run(Some(from));
        assert_eq!((came, later.states.len()), (whole, if goes_on { 0 } else { 2 }), "{training}, {fold}, {epochs}");
    }
}
