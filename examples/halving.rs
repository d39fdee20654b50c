//! A strategy of your own: successive halving ([Jamieson and Talwalkar 2016](https://proceedings.mlr.press/v51/jamieson16.html)).
//!
//! Many candidates are trained for a few epochs, the best third of them for three times as many, and so on; the last ones
//! get the whole training. A training goes on from the epochs that it has had, so no epoch is trained twice.

use dropgrid::{
    prelude::*,
    record::Job,
    seed::Purpose,
    space::{Space, sample},
    strategy::{Proposal, Strategy, View},
};

/// Successive halving over random candidates.
#[derive(Debug, Clone, Copy)]
pub struct Halving {
    /// The candidates of the first rung.
    pub candidates: u64,
    /// The epochs of the first rung.
    pub epochs: u32,
    /// One in so many candidates goes on to the next rung, with so many times the epochs.
    pub factor: u32,
}

impl Halving {
    /// The best candidates of a finished rung; `None` while one of them has no record on some fold. A candidate with fewer
    /// epochs of its own than the rung has counts by its whole training.
    fn best<S: Space>(self, view: &View<'_, S>, rung: &[u64], epochs: u32) -> Option<Vec<u64>> {
        let score = |&number: &u64| {
            let trial = view.trials.get(number)?;
            Some((trial.score(view.budget(&trial.params, epochs).ok()?)?, number))
        };
        let mut scores = rung.iter().map(score).collect::<Option<Vec<(f64, u64)>>>()?;
        // NaN, the score of a failed fit, comes last; of equal scores, the lower number comes first.
        let direction = view.metrics[0].direction;
        scores.sort_by(|(a, first), (b, second)| {
            a.is_nan().cmp(&b.is_nan()).then(direction.compare(*a, *b)).then(first.cmp(second))
        });
        let left = rung.len().div_ceil(self.factor as usize);
        Some(scores.into_iter().take(left).map(|(_, number)| number).collect())
    }
}

impl<S: Space> Strategy<S> for Halving {
    // The number of rungs depends on the epochs of a whole training.
    fn count(&self, _: &View<'_, S>) -> dropgrid::Result<Option<usize>> {
        Ok(None)
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        if self.factor < 2 {
            return Err(format!("the factor is {}, expected at least 2", self.factor).into());
        }
        let (mut rung, mut epochs) = ((0..self.candidates).collect::<Vec<u64>>(), self.epochs);
        // The whole rung is done, in whatever order: only now the next one is decided.
        while let Some(best) = self.best(view, &rung, epochs) {
            let has_more =
                |number: &u64| view.trials.get(*number).is_some_and(|trial| (view.epochs)(&trial.params) > epochs);
            if !rung.iter().any(has_more) {
                return Ok(Vec::new());
            }
            (rung, epochs) = (best, epochs.saturating_mul(self.factor));
        }
        let mut jobs = Vec::new();
        for candidate in rung {
            let params = match view.trials.get(candidate) {
                Some(trial) => trial.params.clone(),
                None => sample(view.space, view.seed.key(Purpose::Proposal).candidate(candidate))?,
            };
            let budget = view.budget(&params, epochs)?;
            // Jobs that have a record, or are under way, are skipped.
            if view.score(candidate, budget).is_none() {
                let job = |fold| Job { candidate, params: params.clone(), fold, budget };
                jobs.extend((0..view.fold_count()).map(job));
            }
        }
        Ok(jobs)
    }

    fn is_of_space(&self) -> bool {
        true
    }
}

/// Two layers, with widths, a dropout rate and a learning rate to search.
#[searchable]
pub struct Mlp<#[grid(32, 64, 128)] const HIDDEN: usize> {
    hidden: (Linear<64, HIDDEN>, ReLU),
    #[uniform(0.0..0.5)]
    dropout: Dropout,
    output: Linear<HIDDEN, 10>,
    #[train]
    #[log_uniform(1e-4..1e-1)]
    lr: f64,
}

fn main() -> dropgrid::Result<()> {
    let digits = Dataset::from_csv("examples/data/digits.csv", Classes::<10>::in_column("digit"))?;
    let report = Mlp::search(Halving { candidates: 27, epochs: 1, factor: 3 })
        .cv(StratifiedKFold::new(3).shuffle())
        .scoring(Accuracy)
        .train(Train::default().epochs(27).batch_size(32))
        .seed(42)
        .fit(&digits)?;
    println!("{report}");
    println!("Best: {:.6} using {}", report.best_score(), report.best_params());
    Ok(())
}
