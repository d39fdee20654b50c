//! The schedules of successive halving and of Hyperband.

/// The settings of a schedule of successive halving.
#[derive(Debug, Clone, Copy)]
pub(super) struct Settings {
    /// The candidates of the first iteration, at least 1.
    pub(super) candidates: u64,
    /// The resources of the first iteration, at least 1; where they exhaust the largest, the least that they may be.
    pub(super) min: u64,
    /// The most resources of an iteration, no fewer than `min`.
    pub(super) max: u64,
    /// At least 2.
    pub(super) factor: u64,
    /// True where the first resources are raised so that the last iteration has as many as it may have.
    pub(super) exhausts: bool,
    /// True where more candidates than the resources allow for are eliminated with the smallest ones.
    pub(super) is_aggressive: bool,
}

/// An iteration: the candidates that take part, and the resources of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::strategy) struct Rung {
    pub(in crate::strategy) candidates: u64,
    pub(in crate::strategy) resources: u64,
}

/// The iterations of scikit-learn's successive halving. Logarithms are whole numbers: where scikit-learn takes them of
/// floating-point numbers, it misses an iteration at exact powers, as `log(1000, 10)`.
pub(super) fn halving(settings: Settings) -> Vec<Rung> {
    let Settings { candidates, mut min, max, factor, exhausts, is_aggressive } = settings;
    // The iterations after which fewer candidates than the factor are left.
    let required = u64::from(candidates.ilog(factor)) + 1;
    if exhausts {
        min = min.max(max / power(factor, required - 1));
    }
    let possible = u64::from((max / min).ilog(factor)) + 1;
    let iterations = if is_aggressive { required } else { possible.min(required) };
    let mut left = candidates;
    let rung = |at: u64| {
        let steps = if is_aggressive { (at + possible).saturating_sub(required) } else { at };
        let rung = Rung { candidates: left, resources: power(factor, steps).saturating_mul(min).min(max) };
        left = left.div_ceil(factor);
        rung
    };
    (0..iterations).map(rung).collect()
}

/// The brackets of Hyperband, each as its iterations, for `min` to `max` resources: the one with the most candidates
/// first. A bracket of `s` eliminations begins with `⌈(s_max + 1) / (s + 1) · factor^s⌉` candidates of `max / factor^s`
/// resources each, rounded down.
pub(in crate::strategy) fn hyperband(min: u64, max: u64, factor: u64) -> Vec<Vec<Rung>> {
    let most = u64::from((max / min).ilog(factor));
    let bracket = |eliminations: u64| {
        let first = ((most + 1).saturating_mul(power(factor, eliminations))).div_ceil(eliminations + 1);
        let rung = |at: u64| Rung {
            candidates: first / power(factor, at),
            resources: (max / power(factor, eliminations - at)).max(min),
        };
        (0..=eliminations).map(rung).collect()
    };
    (0..=most).rev().map(bracket).collect()
}

/// The resources of the rungs of a training from `min` to `max`: the last ones are `max`, and each has `factor` times
/// those of the one before, rounded down.
pub(in crate::strategy) fn rungs(min: u64, max: u64, factor: u64) -> Vec<u64> {
    let most = u64::from((max / min).ilog(factor));
    (0..=most).rev().map(|before| (max / power(factor, before)).max(min)).collect()
}

/// A power, or the largest number.
fn power(base: u64, exponent: u64) -> u64 {
    u32::try_from(exponent).ok().and_then(|exponent| base.checked_pow(exponent)).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(rungs: &[Rung]) -> Vec<(u64, u64)> {
        rungs.iter().map(|rung| (rung.candidates, rung.resources)).collect()
    }

    /// Table 1 of [Li et al. 2018](https://jmlr.org/papers/v18/16-558.html).
    #[test]
    fn brackets_are_those_of_the_paper() {
        let brackets: Vec<Vec<(u64, u64)>> = hyperband(1, 81, 3).iter().map(|rungs| pairs(rungs)).collect();
        assert_eq!(
            brackets,
            [
                vec![(81, 1), (27, 3), (9, 9), (3, 27), (1, 81)],
                vec![(34, 3), (11, 9), (3, 27), (1, 81)],
                vec![(15, 9), (5, 27), (1, 81)],
                vec![(8, 27), (2, 81)],
                vec![(5, 81)],
            ]
        );
        // No power of the factor: the last rung has the whole training, and the first no less than the smallest budget.
        assert_eq!(rungs(1, 100, 3), [1, 3, 11, 33, 100]);
        assert_eq!(rungs(2, 100, 3), [3, 11, 33, 100]);
        assert_eq!(rungs(7, 7, 3), [7]);
    }

    /// Settings and iterations from scikit-learn's `HalvingGridSearchCV` and `HalvingRandomSearchCV`: see
    /// `tests/golden/halving.py`.
    #[test]
    fn schedules_are_those_of_scikit_learn() {
        let golden = include_str!("../../../../tests/golden/halving.csv");
        let mut count = 0;
        for line in golden.lines().skip(1) {
            let cells: Vec<&str> = line.split(',').collect();
            let [candidates, min, max, factor, exhausts, is_aggressive, schedule] = cells[..] else {
                panic!("{line}");
            };
            let number = |text: &str| text.parse::<u64>().expect("a number");
            let settings = Settings {
                candidates: number(candidates),
                min: number(min),
                max: number(max),
                factor: number(factor),
                exhausts: exhausts == "1",
                is_aggressive: is_aggressive == "1",
            };
            let text: Vec<String> = pairs(&halving(settings))
                .iter()
                .map(|(candidates, resources)| format!("{candidates}x{resources}"))
                .collect();
            assert_eq!(text.join(" "), schedule, "{line}");
            count += 1;
        }
        assert!(count > 500, "{count} schedules");
    }

    #[test]
    fn exact_powers_have_all_their_iterations() {
        let settings = |candidates, factor| Settings {
            candidates,
            min: 1,
            max: u64::MAX,
            factor,
            exhausts: false,
            is_aggressive: false,
        };
        for (factor, exponent) in [(3, 5), (10, 3), (10, 6), (7, 3), (2, 40)] {
            let candidates = power(factor, exponent);
            let iterations = halving(settings(candidates, factor));
            assert_eq!(iterations.len() as u64, exponent + 1, "{factor}^{exponent}");
            assert_eq!(iterations.last().map(|rung| rung.candidates), Some(1));
        }
    }
}
