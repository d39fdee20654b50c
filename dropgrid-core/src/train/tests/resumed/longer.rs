//! Trainings of more epochs that go on from the ends of fewer.

use super::*;

/// Checks that trainings of more epochs have the same bits from the end states of those of fewer, and that only the epochs
/// which are more are trained where the shorter training is the beginning of the longer one.
fn check_longer<N: Network<Output = Rank1<3>>>(
    recipe: &Train,
    (short, long): (&[StopCondition], &[StopCondition]),
    network: fn() -> N,
    lower: Option<fn(&N) -> Program>,
) {
    let most = |ends: &[StopCondition]| ends.iter().map(|end| end.epochs).max().expect("an end");
    let (shorter, longer) = (recipe.clone().epochs(most(short)), recipe.clone().epochs(most(long)));
    let (whole, states) = train((&longer, long), network, lower, None);
    let (known, kept) = train_keeping((&shorter, short), network, lower, None);
    let ends = kept.ends;
    assert!(!ends.is_empty());
    for (epochs, state) in ends {
        let (came, later) = train((&longer, long), network, lower, Some((epochs, state.clone())));
        let from = if recipe.spread().is_none() { epochs } else { 0 };
        assert!(came == whole && later == states[from..], "{recipe:?} from {epochs} epochs");
        // What ended there is scored again without a step.
        let ended: Vec<usize> = (0..short.len()).filter(|&end| short[end].epochs == epochs).collect();
        let again: Vec<StopCondition> = ended.iter().map(|&end| short[end]).collect();
        let wanted = ended.iter().zip(0..).map(|(&end, place)| {
            let (_, trained, scored, weights, given) = known[end].clone();
            (place, trained, scored, weights, given)
        });
        let (came, later) = train((&shorter, &again), network, lower, Some((epochs, state)));
        assert!(came == wanted.collect::<Came>() && later.is_empty(), "{recipe:?} at {epochs} epochs");
    }
}

#[test]
fn more_epochs_go_on_from_the_end_of_fewer() {
    let end = |epochs| StopCondition { epochs, early_stopping: None };
    let mut spread = 0;
    for (_, recipe) in recipes() {
        let recipe = recipe.batch_size(8);
        spread += usize::from(recipe.spread().is_some());
        let short: &[StopCondition] = if recipe.spread().is_none() { &[end(2), end(4)] } else { &[end(4)] };
        let ends: (&[StopCondition], &[StopCondition]) = (short, &[end(EPOCHS)]);
        check_longer(&recipe, ends, known, Some(program::<Known>));
        check_longer(&recipe, ends, known, None);
        check_longer(&recipe, ends, normal, Some(program::<Normal>));
        check_longer(&recipe, ends, normal, None);
    }
    assert!(spread >= 2, "schedules that are spread over the epochs are among the recipes");
}

/// Checks what an end state says of rules: of a patience that has not run out, and of one that has.
fn check_patience<N: Network<Output = Rank1<3>>>(recipe: &Train, network: fn() -> N, lower: Option<fn(&N) -> Program>) {
    let end = |epochs, patience| StopCondition { epochs, early_stopping: Some(EarlyStopping::patience(patience)) };
    let long = [end(30, 2), end(30, 4)];
    let longer = recipe.clone().epochs(30);
    let early = train((&longer, &long), network, lower, None).0[0].1;
    assert!(early < 30, "{early} epochs");
    // One that has not goes on running out, with the best weights so far.
    check_longer(recipe, (&[end(early - 1, 2), end(early - 1, 4)], &long), network, lower);
    // One that has run out with the last epoch is not in the state of those that have not: with it, all are trained anew.
    let shorter = recipe.clone().epochs(early);
    let (_, kept) = train_keeping((&shorter, &[end(early, 2), end(early, 4)]), network, lower, None);
    let ends = kept.ends;
    assert_eq!(ends.iter().map(|(epochs, _)| *epochs).collect::<Vec<_>>(), [early]);
    for (long, from) in [(&long[..], 0), (&long[1..], early)] {
        let (whole, states) = train((&longer, long), network, lower, None);
        let (came, later) = train((&longer, long), network, lower, Some(ends[0].clone()));
        assert!(came == whole && later == states[from..], "from {early} epochs");
    }
    let (_, kept) = train_keeping((&shorter, &[end(early, 2)]), network, lower, None);
    assert!(kept.ends.is_empty(), "a training that its rule has ended goes on nowhere");
}

#[test]
fn more_epochs_keep_what_rules_and_plateaus_have_seen() {
    let plateau = ReduceOnPlateau { factor: 0.7, patience: 1, ..ReduceOnPlateau::default() };
    let recipe = Train::sgd(4.0).momentum(0.9).batch_size(8).schedule(Schedule::from(plateau)).ema(0.2);
    let recipe = recipe.early_stopping(EarlyStopping::patience(4));
    check_patience(&recipe, known, Some(program::<Known>));
    check_patience(&recipe, known, None);
    check_patience(&recipe, normal, Some(program::<Normal>));
    check_patience(&recipe, normal, None);
}
