//! Trainings that continue from the final states of trainings with fewer epochs.

use super::*;

/// Checks that trainings of more epochs have the same outcomes from the final states of trainings with fewer, and that
/// only the additional epochs are trained where the shorter training is the beginning of the longer one.
fn check_longer(recipe: &Train, (short, long): (&[StopCondition], &[StopCondition]), network: Build) {
    let most = |ends: &[StopCondition]| ends.iter().map(|end| end.epochs).max().expect("an end");
    let (shorter, longer) = (recipe.clone().epochs(most(short)), recipe.clone().epochs(most(long)));
    let (whole, StatesInMemory { states, .. }) = train((&longer, long), network, None);
    let (known, kept) = train((&shorter, short), network, None);
    let ends = kept.ends;
    assert!(!ends.is_empty());
    for (epochs, state) in ends {
        let (came, later) = train((&longer, long), network, Some((epochs, state.clone())));
        let from = if recipe.spread().is_none() { epochs } else { 0 };
        assert!(came == whole && later.states == states[from..], "{recipe:?} from {epochs} epochs");
        // A candidate that stopped there is scored again without a step.
        let ended: Vec<usize> = (0..short.len()).filter(|&end| short[end].epochs == epochs).collect();
        let again: Vec<StopCondition> = ended.iter().map(|&end| short[end]).collect();
        let wanted: Vec<Outcome> = ended.iter().zip(0..).map(|(&end, position)| known[end].at(position)).collect();
        let (came, later) = train((&shorter, &again), network, Some((epochs, state)));
        assert!(came == wanted && later.states.is_empty(), "{recipe:?} at {epochs} epochs");
    }
}

#[test]
fn more_epochs_continue_from_the_final_state_of_fewer() {
    let end = |epochs| StopCondition { epochs, early_stopping: None };
    let mut spread = 0;
    for (_, recipe) in recipes() {
        let recipe = recipe.batch_size(8);
        spread += usize::from(recipe.spread().is_some());
        let short: &[StopCondition] = if recipe.spread().is_none() { &[end(2), end(4)] } else { &[end(4)] };
        let ends: (&[StopCondition], &[StopCondition]) = (short, &[end(EPOCHS)]);
        check_longer(&recipe, ends, lowered_known);
        check_longer(&recipe, ends, taped_known);
        check_longer(&recipe, ends, lowered_normal);
        check_longer(&recipe, ends, taped_normal);
    }
    assert!(spread >= 2, "schedules that are spread over the epochs are among the recipes");
}

/// Checks the early stopping in a final state: a patience that has not run out, and one that has.
fn check_patience(recipe: &Train, network: Build) {
    let end = |epochs, patience| StopCondition { epochs, early_stopping: Some(EarlyStopping::patience(patience)) };
    let long = [end(30, 2), end(30, 4)];
    let longer = recipe.clone().epochs(30);
    let early = train((&longer, &long), network, None).0[0].trained;
    assert!(early < 30, "{early} epochs");
    // A patience that has not run out continues, with the best weights so far.
    check_longer(recipe, (&[end(early - 1, 2), end(early - 1, 4)], &long), network);
    // One that ran out with the last epoch is not in the final state of the others: with it, all are trained anew.
    let shorter = recipe.clone().epochs(early);
    let (_, kept) = train((&shorter, &[end(early, 2), end(early, 4)]), network, None);
    let ends = kept.ends;
    assert_eq!(ends.iter().map(|(epochs, _)| *epochs).collect::<Vec<_>>(), [early]);
    for (long, from) in [(&long[..], 0), (&long[1..], early)] {
        let (whole, StatesInMemory { states, .. }) = train((&longer, long), network, None);
        let (came, later) = train((&longer, long), network, Some(ends[0].clone()));
        assert!(came == whole && later.states == states[from..], "from {early} epochs");
    }
    let (_, kept) = train((&shorter, &[end(early, 2)]), network, None);
    assert!(kept.ends.is_empty(), "a training that early stopping ended continues nowhere");
}

#[test]
fn more_epochs_keep_the_state_of_early_stopping_and_plateaus() {
    let plateau = ReduceOnPlateau { factor: 0.7, patience: 1, ..ReduceOnPlateau::default() };
    let recipe = Train::sgd(4.0).momentum(0.9).batch_size(8).schedule(Schedule::from(plateau)).ema(0.2);
    let recipe = recipe.early_stopping(EarlyStopping::patience(4));
    check_patience(&recipe, lowered_known);
    check_patience(&recipe, taped_known);
    check_patience(&recipe, lowered_normal);
    check_patience(&recipe, taped_normal);
}
