//! A strategy of your own: hill climbing.
//!
//! A few random candidates are trained, then the neighbours of the best one, one step away on one axis, and so on, until the
//! best candidate is better than all of its neighbours.

use dropgrid::{
    prelude::*,
    record::{Budget, Job},
    seed::Purpose,
    space::{Position, Space, sample},
    strategy::{Proposal, Strategy, View},
};

/// Hill climbing on axes that are lists, from the best of some random candidates.
#[derive(Debug, Clone, Copy)]
pub struct Climb {
    /// The random candidates.
    pub starts: u64,
}

/// The candidates that are one step away on one axis, where the rules of the space allow them.
fn neighbours<S: Space>(space: &S, params: &S::Params) -> Vec<S::Params> {
    let Some(positions) = space.positions_of(params) else { return Vec::new() };
    let step = |axis: usize| {
        let Position::At(place) = positions[axis] else { return Vec::new() };
        let places =
            [place.checked_sub(1), Some(place + 1).filter(|next| space.len_of(axis).is_some_and(|len| *next < len))];
        let at = |place: usize| {
            let mut positions = positions.clone();
            positions[axis] = Position::At(place);
            space.nearest(&positions)
        };
        places.into_iter().flatten().filter_map(at).collect::<Vec<_>>()
    };
    (0..positions.len()).flat_map(step).collect()
}

impl<S: Space> Strategy<S> for Climb {
    // The number of steps depends on the scores.
    fn count(&self, _: &View<'_, S>) -> dropgrid::Result<Option<usize>> {
        Ok(None)
    }

    fn propose(&self, view: &View<'_, S>) -> Proposal<S::Params> {
        if self.starts == 0 {
            return Err("hill climbing begins with at least 1 candidate, got 0".into());
        }
        let direction = view.metrics[0].direction;
        let start = |number| sample(view.space, view.seed.key(Purpose::Proposal).candidate(number));
        // Every candidate so far, by its number.
        let mut candidates = (0..self.starts).map(start).collect::<dropgrid::Result<Vec<S::Params>>>()?;
        let mut best: Option<(f64, usize)> = None;
        let mut first = 0;
        loop {
            // All of a step is done, in whatever order: only now the next one is decided.
            let scores = (first..candidates.len()).map(|number| view.score(number as u64, Budget::Full));
            let Some(scores) = scores.collect::<Option<Vec<f64>>>() else { break };
            // NaN is the score of a failed fit; of equal scores, the first counts.
            let scores = scores.into_iter().zip(first..).filter(|(score, _)| !score.is_nan());
            let step = best.into_iter().chain(scores).min_by(|a, b| direction.compare(a.0, b.0).then(a.1.cmp(&b.1)));
            let Some((_, place)) = step.filter(|_| step != best) else { return Ok(Vec::new()) };
            best = step;
            first = candidates.len();
            for neighbour in neighbours(view.space, &candidates[place]) {
                if !candidates.contains(&neighbour) {
                    candidates.push(neighbour);
                }
            }
            if candidates.len() == first {
                return Ok(Vec::new());
            }
        }
        let job = |(number, fold): (usize, u32)| {
            let (candidate, params) = (number as u64, candidates[number].clone());
            Job { candidate, params, fold, budget: Budget::Full }
        };
        // Jobs that have a record, or are under way, are skipped.
        let numbers = first..candidates.len();
        Ok(numbers.flat_map(|number| (0..view.fold_count()).map(move |fold| (number, fold))).map(job).collect())
    }

    fn is_of_space(&self) -> bool {
        true
    }
}

/// Two layers, with widths, a dropout rate and a learning rate to search.
#[searchable]
pub struct Mlp<#[grid(32, 64, 128)] const HIDDEN: usize> {
    hidden: (Linear<64, HIDDEN>, ReLU),
    #[grid(0.0..=0.5, step = 0.1)]
    dropout: Dropout,
    output: Linear<HIDDEN, 10>,
    #[train]
    #[grid(log(1e-4..=1e-1), points = 10)]
    lr: f64,
}

fn main() -> dropgrid::Result<()> {
    let digits = Dataset::from_csv("examples/data/digits.csv", Classes::<10>::in_column("digit"))?;
    let report = Mlp::search(Climb { starts: 5 })
        .cv(StratifiedKFold::new(3).shuffle())
        .scoring(Accuracy)
        .train(Train::default().epochs(15).batch_size(32))
        .seed(42)
        .fit(&digits)?;
    println!("{report}");
    Ok(())
}
