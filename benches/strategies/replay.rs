//! Replays of our strategies on the tables: the real strategies, asked by the trait that a search asks them by.

use std::{collections::HashMap, fmt::Write, path::Path};

use dropgrid::{
    prelude::*,
    record::{Budget, FoldInfo, MetricInfo, Record},
    seed::{Purpose, Seed},
    strategy::{Strategy, Trials, View},
};

use super::{
    models::{EPOCHS, FOLDS, Task},
    tables::REPEATS,
    winner::{SHARES, Winner, best_posterior_mean},
};

/// The replays of each rule. Each has a seed, an order of the folds and one repeat of the table.
const SEEDS: u64 = 31;
/// The share of the epochs of the whole grid that a strategy without an end of its own may spend.
const MOST: f64 = 0.4;
/// The candidates that are named at each moment, the best first.
const NAMED: usize = 5;

/// The scores of a data set by repeat, candidate, fold and epoch.
struct Table {
    scores: Vec<f64>,
    candidates: usize,
}

impl Table {
    fn read<M: Task>(folder: &Path, candidates: usize) -> Self {
        let text = std::fs::read_to_string(folder.join(format!("{}.table.csv", M::NAME))).expect("a table");
        let skipped = <M::Params as dropgrid::space::Params>::NAMES.len() + 3;
        let numbers = text.lines().skip(1).flat_map(|line| line.split(',').skip(skipped));
        let scores: Vec<f64> = numbers.map(|number| number.parse().expect("a score")).collect();
        assert_eq!(scores.len(), candidates * REPEATS * FOLDS * EPOCHS as usize);
        Self { scores, candidates }
    }

    fn score(&self, candidate: usize, repeat: usize, fold: usize, epochs: u32) -> f64 {
        self.scores[((repeat * self.candidates + candidate) * FOLDS + fold) * EPOCHS as usize + epochs as usize - 1]
    }
}

/// A strategy without its type, with its name, the share of the epochs of the whole grid that it may spend, and the rule
/// of its winner.
type NamedStrategy<S> = (&'static str, f64, Box<dyn Strategy<S>>, Winner);

/// The strategies of the bench, with the draws of a seed.
fn strategies<S: FiniteSpace>(seed: u64) -> Vec<NamedStrategy<S>>
where
    Grid: Strategy<S>,
{
    let all = usize::MAX;
    let halving = |candidates: usize| SuccessiveHalving::new(Random::new(candidates).seed(seed));
    let by_mean: Vec<(&'static str, f64, Box<dyn Strategy<S>>)> = vec![
        ("Random", MOST, Box::new(Random::new(all).seed(seed))),
        ("Sobol", MOST, Box::new(Sobol::new(all))),
        ("Gp", MOST, Box::new(Gp::new(all))),
        ("Tpe", MOST, Box::new(Tpe::new(all))),
        ("Auto", MOST, Box::new(Auto::new(all))),
        ("Auto, fold by fold", MOST, Box::new(Auto::new(all).fold_by_fold())),
        ("Grid.exact()", 1.0, Box::new(Grid.exact())),
        ("Race", 1.0, Box::new(Race::new(Random::new(all).seed(seed)))),
        ("Race of 64", 1.0, Box::new(Race::new(Random::new(64).seed(seed)))),
        ("SuccessiveHalving", 1.0, Box::new(halving(216))),
        ("SuccessiveHalving, factor 3", 1.0, Box::new(halving(216).factor(3))),
        ("SuccessiveHalving from 3 epochs", 1.0, Box::new(halving(216).min_resource(3))),
        ("SuccessiveHalving from 6 epochs", 1.0, Box::new(halving(216).min_resource(6))),
        ("SuccessiveHalving of 64", 1.0, Box::new(halving(64))),
        ("SuccessiveHalving of 64 from 6 epochs", 1.0, Box::new(halving(64).min_resource(6))),
        ("Hyperband", 1.0, Box::new(Hyperband::new(Random::new(all).seed(seed)))),
        ("Asha", 1.0, Box::new(Asha::new(Random::new(216).seed(seed)))),
        ("SuccessiveHalving of 64 by Gp from 6 epochs", 1.0, {
            Box::new(SuccessiveHalving::new(Gp::new(64)).min_resource(6))
        }),
        ("Asha by Gp from 9 epochs", MOST, Box::new(Asha::new(Gp::new(all)).factor(3).min_resource(9))),
        ("Asha from 3 epochs", 1.0, Box::new(Asha::new(Random::new(216).seed(seed)).min_resource(3))),
        ("Pruning, median", 1.0, Box::new(Pruning::new(Random::new(216).seed(seed), MedianPruner::new()))),
        ("Pruning, percentile 25", 1.0, {
            Box::new(Pruning::new(Random::new(216).seed(seed), PercentilePruner::new(25.0)))
        }),
        ("Pruning of Tpe, median", MOST, Box::new(Pruning::new(Tpe::new(all), MedianPruner::new()))),
    ];
    let by_model: [(&'static str, f64, Box<dyn Strategy<S>>); 4] = [
        ("Random, posterior mean", MOST, Box::new(Random::new(all).seed(seed))),
        ("Sobol, posterior mean", MOST, Box::new(Sobol::new(all))),
        ("Gp, posterior mean", MOST, Box::new(Gp::new(all))),
        ("Tpe, posterior mean", MOST, Box::new(Tpe::new(all))),
    ];
    let with = |winner| move |(name, most, strategy)| (name, most, strategy, winner);
    by_mean.into_iter().map(with(Winner::Best)).chain(by_model.into_iter().map(with(Winner::PosteriorMean))).collect()
}

/// Writes what the strategies of these names, or all, have chosen after which epochs: a line for each moment, with the
/// data set, the strategy, the seed, the epochs spent, and the best candidates by then.
pub(crate) fn write<M: Task>(folder: &Path, names: &[String], out: &mut String)
where
    Grid: Strategy<M::Space>,
{
    let space = M::Space::default();
    let known: Vec<&str> = strategies::<M::Space>(0).into_iter().map(|(name, ..)| name).collect();
    if let Some(unknown) = names.iter().find(|asked| !known.contains(&asked.as_str())) {
        panic!("{unknown:?} is no strategy of the bench, which has {known:?}");
    }
    let table = Table::read::<M>(folder, space.len());
    for seed in 0..SEEDS {
        let is_asked = |name: &str| names.is_empty() || names.iter().any(|asked| asked == name);
        for (name, most, strategy, winner) in strategies::<M::Space>(seed).into_iter().filter(|it| is_asked(it.0)) {
            let replay = Replay::<M> { space: &space, table: &table, seed, winner };
            for (spent, chosen) in replay.run(&*strategy, most) {
                let chosen: Vec<String> = chosen.iter().map(usize::to_string).collect();
                let _ = writeln!(out, "{}\t{name}\t{seed}\t{spent}\t{}", M::NAME, chosen.join(" "));
            }
        }
    }
}

/// A replay of one strategy.
struct Replay<'a, M: Task> {
    space: &'a M::Space,
    table: &'a Table,
    seed: u64,
    winner: Winner,
}

impl<M: Task> Replay<'_, M> {
    /// The epochs spent and the best candidates at some moments, the last of which is the end.
    fn run(&self, strategy: &dyn Strategy<M::Space>, most: f64) -> Vec<(u64, Vec<usize>)> {
        let (rows, classes) = M::SIZE;
        let info = FoldInfo::new(rows - rows / FOLDS, rows / FOLDS);
        let folds = vec![info; FOLDS];
        let metrics = [MetricInfo::new("score", M::DIRECTION)];
        let mut order: Vec<usize> = (0..FOLDS).collect();
        Seed(self.seed).key(Purpose::Split).shuffle(&mut order);
        let grid = self.space.len() as u64 * FOLDS as u64 * u64::from(EPOCHS);
        let most = grid as f64 * most;
        let mut trials: Trials<M::Params> = Trials::new(&folds, f64::NAN);
        let mut trained: HashMap<(u64, u32), u32> = HashMap::new();
        let (mut spent, mut shown, mut next) = (0_u64, Vec::new(), grid as f64 / 400.0);
        let view = |trials: &Trials<M::Params>, work: &mut dyn FnMut(&View<'_, M::Space>)| {
            let mut view = View::new(self.space, &folds, &metrics, &|_| EPOCHS, trials);
            (view.best_score, view.rows, view.classes) = (M::BEST, rows, classes);
            (view.seed, view.epoch_range) = (Seed(self.seed), (EPOCHS, EPOCHS));
            work(&view);
        };
        loop {
            let mut jobs = Vec::new();
            view(&trials, &mut |view| jobs = strategy.propose(view).expect("jobs"));
            jobs.retain(|job| trials.get(job.candidate).is_none_or(|it| it.record(job.fold, job.budget).is_none()));
            let is_over = jobs.is_empty() || spent as f64 >= most;
            for job in jobs.into_iter().take_while(|_| !is_over) {
                if spent as f64 >= most {
                    break;
                }
                let epochs = if let Budget::Epochs(epochs) = job.budget { epochs.get() } else { EPOCHS };
                let before = trained.entry((job.candidate, job.fold)).or_default();
                spent += u64::from(epochs.saturating_sub(*before));
                *before = epochs.max(*before);
                let at = self.space.index_of(&job.params).expect("a candidate of the table");
                let (repeat, fold) = ((self.seed % REPEATS as u64) as usize, order[job.fold as usize]);
                let score = |epochs| self.table.score(at, repeat, fold, epochs);
                // A pruning sees the scores after all epochs, as Optuna's do. The tables have no validation rows.
                let watched = if strategy.watches() { epochs } else { 0 };
                let monitored = (1..=watched).map(score).collect();
                trials.add(|| job.params.clone(), record(&job, score(epochs), monitored));
                let is_due = match self.winner {
                    Winner::Best => spent as f64 >= next,
                    Winner::PosteriorMean => ends_at_share(spent, grid),
                };
                if is_due {
                    next = (spent as f64).max(next) * 1.1;
                    view(&trials, &mut |view| shown.push((spent, self.chosen(strategy, view))));
                }
            }
            if is_over {
                view(&trials, &mut |view| shown.push((spent, self.chosen(strategy, view))));
                return shown;
            }
        }
    }

    /// The best candidates as a report ranks them: finalists first, then those of larger budgets, then of more folds,
    /// and of these by their means.
    fn chosen(&self, strategy: &dyn Strategy<M::Space>, view: &View<'_, M::Space>) -> Vec<usize> {
        if self.winner == Winner::PosteriorMean {
            return best_posterior_mean::<M>(self.space, view.trials).into_iter().collect();
        }
        let finalists = strategy.finalists(view);
        let mut all: Vec<_> = view
            .trials
            .iter()
            .map(|trial| {
                let of_budget = trial.records().chunk_by(|a, b| a.budget == b.budget);
                let standing =
                    |of: &&[Record]| (of.len() == FOLDS, if of.len() == FOLDS { 0 } else { of.len() }, of[0].budget);
                let best = of_budget.max_by_key(standing).expect("a record");
                let scores = best.iter().map(|record| record.outcome.as_ref().expect("a score")[0]);
                let mean = scores.sum::<f64>() / best.len() as f64;
                let is_finalist = finalists.binary_search(&trial.number).is_ok();
                let place = self.space.index_of(&trial.params).expect("a candidate of the table");
                ((!is_finalist, std::cmp::Reverse((best[0].budget, best.len()))), mean, place)
            })
            .collect();
        all.sort_by(|a, b| a.0.cmp(&b.0).then(M::DIRECTION.compare(a.1, b.1)));
        all.into_iter().map(|(_, _, place)| place).take(NAMED).collect()
    }
}

/// True where a whole training on one more fold would pass one of the shares of the grid's epochs that the page shows.
fn ends_at_share(spent: u64, grid: u64) -> bool {
    let end = |share: f64| share * grid as f64 * 1.005;
    SHARES.iter().any(|&share| spent as f64 <= end(share) && (spent + u64::from(EPOCHS)) as f64 > end(share))
}

fn record<P>(job: &dropgrid::record::Job<P>, score: f64, watched: Vec<f64>) -> Record {
    let epoch = |(at, score): (usize, &f64)| Epoch::new(at + 1, 0.0).with_monitored(*score);
    let mut record = Record::new(job, Ok(vec![score]));
    record.curve = watched.iter().enumerate().map(epoch).collect();
    record
}
