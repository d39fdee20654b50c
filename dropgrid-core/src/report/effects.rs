//! What each hyperparameter does to the score.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{Comparison, Results, columns::Fields};

/// The parts of the variance of the mean scores of a complete grid that hyperparameters have: its functional analysis of
/// variance ([Hooker 2007](https://doi.org/10.1198/106186007X237892),
/// [Hutter, Hoos and Leyton-Brown 2014](https://proceedings.mlr.press/v32/hutter14.html)), which a complete grid has exactly.
#[derive(Debug, Clone, PartialEq)]
pub struct Effects {
    /// The variance of the mean scores of all candidates.
    pub variance: f64,
    /// The effect of each hyperparameter that has several values, in the order of declaration.
    pub main: Vec<MainEffect>,
    /// The effect that each two of them have together, beside those of each.
    pub pairs: Vec<PairEffect>,
}

/// The effect of one hyperparameter.
#[derive(Debug, Clone, PartialEq)]
pub struct MainEffect {
    /// The hyperparameter.
    pub name: String,
    /// Its share of the variance, in [0, 1].
    pub share: f64,
    /// The values in the order of the space, each with the mean score of its candidates.
    pub means: Vec<(Value, f64)>,
}

/// The effect that two hyperparameters have together.
#[derive(Debug, Clone, PartialEq)]
pub struct PairEffect {
    /// The hyperparameters, in the order of declaration.
    pub names: (String, String),
    /// Their share of the variance, in [0, 1], without the shares of each.
    pub share: f64,
}

/// The difference that one value of a hyperparameter makes against another one, everything else being equal.
#[derive(Debug, Clone, PartialEq)]
pub struct PairedDifference {
    /// The value that is subtracted.
    pub from: Value,
    /// The value that it is subtracted from.
    pub to: Value,
    /// The pairs of candidates that differ in nothing else.
    pub pairs: usize,
    /// The mean score of the candidates with `to` minus that of their partners with `from`, fold by fold, with its interval.
    pub comparison: Comparison,
}

/// The hyperparameters of the finalists.
struct Levels {
    names: Vec<String>,
    /// The values of each hyperparameter in the order of the space.
    values: Vec<Vec<Value>>,
    /// For each candidate: its number, and the index of its value of each hyperparameter.
    candidates: Vec<(usize, Vec<usize>)>,
}

impl<P: Fields> Results<P> {
    /// The effects of the hyperparameters on the mean of the deciding metric. `None` unless the candidates are a complete grid:
    /// all combinations of their values, each a [finalist](super::Candidate::is_finalist) with a finite score, and more than
    /// one.
    ///
    /// Luck is part of the scores, and it is part of the shares of what does nothing.
    pub fn effects(&self) -> Option<Effects> {
        let levels = self.levels();
        let scores: Vec<f64> = levels.candidates.iter().map(|(at, _)| self.candidates()[*at].mean(0)).collect();
        let cells = levels.values.iter().try_fold(1_usize, |cells, values| cells.checked_mul(values.len()))?;
        let distinct: HashSet<&Vec<usize>> = levels.candidates.iter().map(|(_, cell)| cell).collect();
        let is_complete =
            levels.candidates.len() == self.candidates().len() && cells == distinct.len() && cells == scores.len();
        if !is_complete || scores.len() < 2 || scores.iter().any(|score| !score.is_finite()) {
            return None;
        }
        let count = scores.len() as f64;
        let mean = scores.iter().sum::<f64>() / count;
        let variance = scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>() / count;
        let share = |part: f64| if variance > 0.0 { part / variance } else { 0.0 };
        // The means over all other hyperparameters.
        let marginal = |size: usize, cell: &dyn Fn(&[usize]) -> usize| -> Vec<f64> {
            let mut sums = vec![0.0; size];
            levels.candidates.iter().zip(&scores).for_each(|((_, at), score)| sums[cell(at)] += score);
            sums.iter().map(|sum| sum * size as f64 / count).collect()
        };
        let varying: Vec<usize> = (0..levels.names.len()).filter(|&axis| levels.values[axis].len() > 1).collect();
        let main_means: Vec<Vec<f64>> =
            varying.iter().map(|&axis| marginal(levels.values[axis].len(), &|at| at[axis])).collect();
        let squares =
            |parts: &mut dyn Iterator<Item = f64>, of: usize| parts.map(|it| it * it).sum::<f64>() / of as f64;
        let main = varying.iter().zip(&main_means).map(|(&axis, means)| MainEffect {
            name: levels.names[axis].clone(),
            share: share(squares(&mut means.iter().map(|it| it - mean), means.len())),
            means: levels.values[axis].iter().cloned().zip(means.iter().copied()).collect(),
        });
        let mut pairs = Vec::new();
        for (first, &a) in varying.iter().enumerate() {
            for (second, &b) in varying.iter().enumerate().skip(first + 1) {
                let (of_a, of_b) = (&main_means[first], &main_means[second]);
                let both = marginal(of_a.len() * of_b.len(), &|at| at[a] * of_b.len() + at[b]);
                let part = |(at, value): (usize, &f64)| value - of_a[at / of_b.len()] - of_b[at % of_b.len()] + mean;
                let names = (levels.names[a].clone(), levels.names[b].clone());
                let share = share(squares(&mut both.iter().enumerate().map(part), both.len()));
                pairs.push(PairEffect { names, share });
            }
        }
        Some(Effects { variance, main: main.collect(), pairs })
    }

    /// The difference that each value of a hyperparameter makes against the one before it, in the order of the space, by the
    /// deciding metric: of all pairs of candidates that differ in nothing else, the mean difference on each fold, compared as
    /// in [`compare`](Self::compare). Empty where there is no such hyperparameter, no pair, or fewer than two folds.
    ///
    /// Candidates of a fold have the same rows and the same draws, so what they share is no part of the difference.
    pub fn paired_differences(&self, name: &str) -> Vec<PairedDifference> {
        let levels = self.levels();
        let Some(axis) = levels.names.iter().position(|other| other == name) else { return Vec::new() };
        let mut partners: HashMap<Vec<usize>, HashMap<usize, usize>> = HashMap::new();
        let mut order = Vec::new();
        for (number, at) in &levels.candidates {
            let mut rest = at.clone();
            rest.remove(axis);
            order.push(rest.clone());
            partners.entry(rest).or_default().insert(at[axis], *number);
        }
        order.sort();
        order.dedup();
        let values = &levels.values[axis];
        let difference = |to: usize| {
            let pair = |rest: &Vec<usize>| Some((*partners[rest].get(&(to - 1))?, *partners[rest].get(&to)?));
            let pairs: Vec<(usize, usize)> = order.iter().filter_map(pair).collect();
            let comparison = self.compare_pairs(&pairs)?;
            Some(PairedDifference {
                from: values[to - 1].clone(),
                to: values[to].clone(),
                pairs: pairs.len(),
                comparison,
            })
        };
        (1..values.len()).filter_map(difference).collect()
    }

    /// The finalists with a finite score by the values of their hyperparameters.
    fn levels(&self) -> Levels {
        let is_scored = |at: &usize| self.candidates()[*at].is_finalist() && self.candidates()[*at].mean(0).is_finite();
        let (mut names, mut values, mut candidates) = (Vec::new(), Vec::<Vec<Value>>::new(), Vec::new());
        let mut known: Vec<HashMap<String, usize>> = Vec::new();
        for number in (0..self.candidates().len()).filter(is_scored) {
            let fields = self.candidates()[number].params().fields();
            if names.is_empty() {
                names = fields.iter().map(|(name, _)| (*name).to_owned()).collect();
                values.resize(names.len(), Vec::new());
                known.resize(names.len(), HashMap::new());
            }
            let index = |(axis, (_, value)): (usize, (&str, Value))| {
                *known[axis].entry(value.to_string()).or_insert_with(|| {
                    values[axis].push(value);
                    values[axis].len() - 1
                })
            };
            candidates.push((number, fields.into_iter().enumerate().map(index).collect()));
        }
        Levels { names, values, candidates }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use serde_json::json;

    use super::*;
    use crate::{
        metric::Direction,
        record::{Budget, Curve, Details, FoldInfo, MetricInfo, Record},
        report::ErrorScore,
    };

    struct Net(u32, &'static str, Option<bool>);

    impl Fields for Net {
        fn fields(&self) -> Vec<(&str, Value)> {
            vec![("width", json!(self.0)), ("act", json!(self.1)), ("deep", json!(self.2)), ("fixed", json!(1))]
        }
    }

    fn results(nets: Vec<Net>, score: impl Fn(&Net, u32) -> f64) -> Results<Net> {
        let entry = |(at, net): (usize, Net)| {
            let record = |fold: u32| Record {
                candidate: at as u64,
                fold,
                budget: Budget::Full,
                outcome: Ok(vec![score(&net, fold)]),
                warnings: vec![Vec::new()],
                train_scores: None,
                fit_time: Duration::ZERO,
                score_time: Duration::ZERO,
                curve: Curve::default(),
                details: Details::default(),
            };
            let records: Vec<Record> = (0..3).map(record).collect();
            (net, records)
        };
        let folds = vec![FoldInfo { repeat: 0, train: 200, test: 100, weight: 1.0 }; 3];
        let metrics = vec![MetricInfo { name: "score".to_owned(), direction: Direction::Maximize }];
        Results::new(nets.into_iter().enumerate().map(entry), metrics, folds, ErrorScore::Nan)
    }

    fn grid() -> Vec<Net> {
        let net =
            |at: u32| Net([16, 32, 64][at as usize / 4], ["relu", "tanh"][at as usize / 2 % 2], Some(at % 2 == 1));
        (0..12).map(net).collect()
    }

    #[test]
    fn draws_that_repeat_a_cell_are_no_grid() {
        let mut drawn = grid();
        drawn[1] = grid().swap_remove(0);
        // Twelve scores, all values of each hyperparameter, and one cell without a score.
        assert!(results(drawn, |_, _| 1.0).effects().is_none());
    }

    #[test]
    fn the_variance_of_a_grid_is_that_of_its_effects() {
        // 3 w + 2 a + w a with w in {-1, 0, 1} and a in {-1, 1}: variances 6, 4 and 2/3; `deep` does nothing.
        let value = |net: &Net| {
            let (w, a) = (f64::from(net.0).log2() - 5.0, if net.1 == "relu" { -1.0 } else { 1.0 });
            3.0 * w + 2.0 * a + w * a
        };
        let effects = results(grid(), |net, _| value(net)).effects().expect("a complete grid");
        let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-12, "{a} and {b}");
        let total = 6.0 + 4.0 + 2.0 / 3.0;
        close(effects.variance, total);
        let main: Vec<&str> = effects.main.iter().map(|effect| effect.name.as_str()).collect();
        assert_eq!(main, ["width", "act", "deep"]);
        close(effects.main[0].share, 6.0 / total);
        close(effects.main[1].share, 4.0 / total);
        close(effects.main[2].share, 0.0);
        assert_eq!(effects.main[0].means.iter().map(|(value, _)| value.clone()).collect::<Vec<_>>(), [16, 32, 64]);
        close(effects.main[0].means[2].1, 3.0);
        assert_eq!(effects.pairs.len(), 3);
        close(effects.pairs[0].share, 2.0 / 3.0 / total);
        assert_eq!(effects.pairs[0].names, ("width".to_owned(), "act".to_owned()));
        // Where nothing has an effect, nothing has a share.
        let none = results(grid(), |_, _| 1.0).effects().expect("a complete grid");
        assert!(none.variance == 0.0 && none.main.iter().all(|effect| effect.share == 0.0));
        // Not a grid: one is missing, or has no score.
        assert_eq!(results(grid().into_iter().skip(1).collect(), |net, _| value(net)).effects(), None);
        let failed = results(grid(), |net, _| if net.0 == 16 { f64::NAN } else { value(net) });
        assert_eq!(failed.effects(), None);
    }

    #[test]
    fn differences_are_of_candidates_that_are_alike_but_for_one_value() {
        let score = |net: &Net, fold: u32| {
            f64::from(net.0) / 16.0 + if net.1 == "relu" { 10.0 } else { 0.0 } + f64::from(fold) * 100.0
        };
        // Without 16, relu, false, which leaves 32 without this partner.
        let results = results(grid().into_iter().skip(1).collect(), score);
        let of_width = results.paired_differences("width");
        let shown: Vec<(Value, Value, usize, f64)> =
            of_width.iter().map(|it| (it.from.clone(), it.to.clone(), it.pairs, it.comparison.difference)).collect();
        assert_eq!(shown, [(json!(16), json!(32), 3, 1.0), (json!(32), json!(64), 4, 2.0)]);
        // Folds differ by much, their differences do not.
        assert!(of_width.iter().all(|it| it.comparison.standard_error < 1e-9));
        assert_eq!(results.paired_differences("act")[0].comparison.difference, -10.0);
        assert!(results.paired_differences("fixed").is_empty() && results.paired_differences("other").is_empty());
    }
}
