//! Strategies with settings of every kind, good and bad.

use dropgrid::{
    prelude::*,
    space::{FiniteSpace, Space},
    strategy::{CandidateSource, PatientPruner, Pruner, Strategy},
};

pub(super) type Strategies<S> = Vec<Box<dyn Strategy<S>>>;

/// Rungs over a base, at all their settings.
pub(super) fn rungs<S: Space, B: CandidateSource<S> + Copy + 'static>(base: B) -> Strategies<S> {
    let mut all: Strategies<S> = Vec::new();
    let resources = [None, Some(0), Some(1), Some(2), Some(28), Some(91), Some(u64::MAX)];
    for factor in [0, 1, 2, 3, u32::MAX] {
        for min in resources {
            for max in [None, Some(0), Some(1), Some(27), Some(u64::MAX)] {
                for is_samples in [false, true] {
                    macro_rules! set {
                        ($strategy:expr) => {{
                            let strategy = $strategy.factor(factor);
                            let strategy = if is_samples { strategy.samples() } else { strategy };
                            let strategy = min.map_or(strategy, |min| strategy.min_resource(min));
                            max.map_or(strategy, |max| strategy.max_resource(max))
                        }};
                    }
                    let halving = set!(SuccessiveHalving::new(base));
                    all.push(Box::new(halving));
                    all.push(Box::new(halving.aggressive(true)));
                    all.push(Box::new(halving.smallest()));
                    all.push(Box::new(set!(Hyperband::new(base))));
                    all.push(Box::new(set!(Asha::new(base))));
                }
            }
        }
    }
    all
}

/// Races and prunings over a base.
pub(super) fn droppers<S: Space, B: CandidateSource<S> + Copy + 'static>(base: B) -> Strategies<S> {
    let mut all: Strategies<S> = Vec::new();
    for alpha in [-1.0, 0.0, f64::MIN_POSITIVE, 0.01, 0.5, 0.6, f64::INFINITY, f64::NAN] {
        for burn_in in [0, 1, 2, 3, u32::MAX] {
            all.push(Box::new(Race::new(base).alpha(alpha).burn_in(burn_in)));
        }
    }
    for lag in [0, 4, u64::MAX] {
        prunings(base, lag, &mut all);
    }
    all
}

fn prunings<S: Space, B: CandidateSource<S> + Copy + 'static>(base: B, lag: u64, all: &mut Strategies<S>) {
    fn pruning<S: Space, B: CandidateSource<S> + 'static>(
        base: B,
        rule: impl Pruner + 'static,
        lag: u64,
    ) -> Box<dyn Strategy<S>> {
        Box::new(Pruning::new(base, rule).lag(lag))
    }
    for count in [0, 1, usize::MAX] {
        all.push(pruning(base, MedianPruner::new().n_startup_trials(count), lag));
        all.push(pruning(base, MedianPruner::new().n_startup_trials(1).n_min_trials(count), lag));
    }
    for epochs in [0, 1, 26, 27, u32::MAX] {
        all.push(pruning(base, MedianPruner::new().n_startup_trials(1).n_warmup_steps(epochs), lag));
        all.push(pruning(base, MedianPruner::new().n_startup_trials(1).interval_steps(epochs), lag));
        all.push(pruning(base, ThresholdPruner::upper(0.2).n_warmup_steps(epochs).interval_steps(7), lag));
        all.push(pruning(base, PatientPruner::new(epochs), lag));
    }
    for number in [-1.0, 0.0, 50.0, 100.0, 101.0, f64::INFINITY, f64::NAN] {
        all.push(pruning(base, PercentilePruner::new(number).n_startup_trials(1), lag));
        all.push(pruning(base, ThresholdPruner::lower(number), lag));
        all.push(pruning(base, ThresholdPruner::between(number, 0.5), lag));
        let patient = PatientPruner::new(2).min_delta(number);
        all.push(pruning(base, patient.of(MedianPruner::new().n_startup_trials(1)), lag));
    }
}

/// Sources of so many candidates, and a few strategies on each of them.
pub(super) fn sources<S: Space>(counts: &[usize]) -> Strategies<S> {
    let mut all: Strategies<S> = Vec::new();
    for &count in counts {
        all.push(Box::new(Random::new(count).seed(u64::MAX)));
        all.push(Box::new(Sobol::new(count)));
        all.push(Box::new(SuccessiveHalving::new(Random::new(count))));
        all.push(Box::new(Hyperband::new(Sobol::new(count))));
        all.push(Box::new(Asha::new(Random::new(count))));
        all.push(Box::new(Race::new(Sobol::new(count))));
        all.push(Box::new(Pruning::new(Random::new(count), MedianPruner::new().n_startup_trials(1))));
    }
    all
}

/// Models of the scores.
pub(super) fn models<S: Space>() -> Strategies<S> {
    let mut all: Strategies<S> = Vec::new();
    for count in [0, 1, 7, usize::MAX] {
        for startup in [0, 1, 3, usize::MAX] {
            for lag in [0, 2, usize::MAX] {
                all.push(Box::new(Gp::new(count).startup(startup).lag(lag)));
                all.push(Box::new(Tpe::new(count).startup(startup).lag(lag)));
                all.push(Box::new(Auto::new(count).startup(startup).lag(lag)));
            }
        }
        for lag in [0, usize::MAX] {
            all.push(Box::new(Auto::new(count).startup(3).lag(lag).fold_by_fold()));
        }
        let tpe = Tpe::new(count).startup(2).lag(1);
        all.push(Box::new(SuccessiveHalving::new(tpe).min_resource(9)));
        all.push(Box::new(Hyperband::new(tpe).min_resource(9)));
        all.push(Box::new(Asha::new(tpe).min_resource(9)));
        all.push(Box::new(Race::new(tpe)));
        all.push(Box::new(Pruning::new(tpe, MedianPruner::new().n_startup_trials(1).interval_steps(9))));
    }
    all
}

/// Those that go through a finite space.
pub(super) fn finite<S: FiniteSpace>() -> Strategies<S> {
    let mut all: Strategies<S> = vec![Box::new(Grid), Box::new(Grid.exact())];
    all.extend(rungs(Grid).into_iter().step_by(7));
    all.extend(droppers(Grid).into_iter().step_by(5));
    all
}
