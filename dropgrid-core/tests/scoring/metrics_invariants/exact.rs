//! Metrics against exact arithmetic, where weights differ by twelve orders of magnitude and means are huge beside what
//! varies: whole numbers of 128 bits hold every sum and product here.

use dropgrid_core::metric::{
    Accuracy, Averaging, BalancedAccuracy, CohenKappa, ExplainedVariance, F1, MatthewsCorrcoef, R2, RocAuc, Scored,
};
use proptest::prelude::*;

use super::value;

/// What rounding may do to a quotient of sums of a few products: of the number, or of 1 where the number is small.
const ROUNDING: f64 = 1e-14;

fn near(ours: f64, exact: f64, relative_to: f64) -> bool {
    (ours - exact).abs() <= ROUNDING * relative_to
}

#[test]
fn perfect_predictions_are_1_however_weights_differ() {
    for weights in [[1e6, 0.1], [7_970_142.4, 1.81e-4], [1e12, 1e-12], [3e-9, 0.7]] {
        let labels = |predicted: &[usize]| {
            let scored = Scored::labels(&[0, 1], predicted, 2).and_then(|scored| scored.weighted(&weights));
            let scored = scored.expect("labels");
            (value(MatthewsCorrcoef, &scored), value(CohenKappa::new(), &scored))
        };
        assert_eq!(labels(&[0, 1]), (1.0, 1.0), "{weights:?}");
        assert_eq!(labels(&[1, 0]).0, -1.0, "{weights:?}");
    }
}

/// The weights of rows by truth and prediction, as whole numbers.
struct Table {
    entries: Vec<i128>,
    classes: usize,
}

impl Table {
    fn of(rows: &[Row], classes: usize) -> Self {
        let mut entries = vec![0; classes * classes];
        for row in rows {
            entries[row.truth * classes + row.predicted] += row.weight();
        }
        Self { entries, classes }
    }

    fn get(&self, truth: usize, predicted: usize) -> i128 {
        self.entries[truth * self.classes + predicted]
    }

    fn truth(&self, class: usize) -> i128 {
        (0..self.classes).map(|other| self.get(class, other)).sum()
    }

    fn predicted(&self, class: usize) -> i128 {
        (0..self.classes).map(|other| self.get(other, class)).sum()
    }

    fn all(&self) -> i128 {
        self.entries.iter().sum()
    }

    fn sum(&self, term: impl Fn(usize) -> i128) -> i128 {
        (0..self.classes).map(term).sum()
    }

    fn matthews(&self) -> f64 {
        let all = self.all();
        let covariance = self.sum(|class| self.get(class, class)) * all
            - self.sum(|class| self.truth(class) * self.predicted(class));
        let truths = all * all - self.sum(|class| self.truth(class).pow(2));
        let predictions = all * all - self.sum(|class| self.predicted(class).pow(2));
        if truths == 0 || predictions == 0 {
            return 0.0;
        }
        covariance as f64 / ((truths as f64).sqrt() * (predictions as f64).sqrt())
    }

    /// Cohen's kappa as a fraction, where the cost of a mistake is its distance to a power.
    fn kappa(&self, power: u32) -> (i128, i128) {
        let cost = |i: usize, j: usize| if i == j { 0 } else { (i.abs_diff(j) as i128).pow(power) };
        let chance = self.sum(|i| self.sum(|j| cost(i, j) * self.truth(i) * self.predicted(j)));
        let found = self.sum(|i| self.sum(|j| cost(i, j) * self.get(i, j)));
        (chance - found * self.all(), chance)
    }

    fn mean_recall(&self) -> f64 {
        let there = (0..self.classes).filter(|&class| self.truth(class) > 0);
        let recalls = there.map(|class| self.get(class, class) as f64 / self.truth(class) as f64);
        recalls.clone().sum::<f64>() / recalls.count() as f64
    }

    fn macro_f1(&self) -> f64 {
        let there = (0..self.classes).filter(|&class| self.truth(class) + self.predicted(class) > 0);
        let scores =
            there.map(|class| 2.0 * self.get(class, class) as f64 / (self.truth(class) + self.predicted(class)) as f64);
        scores.clone().sum::<f64>() / scores.count() as f64
    }
}

#[derive(Debug, Clone, Copy)]
struct Row {
    truth: usize,
    predicted: usize,
    digits: u32,
    magnitude: u32,
}

impl Row {
    /// From 1 to 10^12.
    fn weight(&self) -> i128 {
        i128::from(self.digits) * 10_i128.pow(self.magnitude)
    }
}

fn rows() -> impl Strategy<Value = (usize, Vec<Row>)> {
    (2..5_usize).prop_flat_map(|classes| {
        let row = (0..classes, 0..classes, 1..10_u32, 0..12_u32);
        let row = row.prop_map(|(truth, predicted, digits, magnitude)| Row { truth, predicted, digits, magnitude });
        (Just(classes), proptest::collection::vec(row, 1..12))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn uneven_weights_cost_no_digits((classes, rows) in rows(), exponent in -40..40_i32) {
        let table = Table::of(&rows, classes);
        let truth: Vec<usize> = rows.iter().map(|row| row.truth).collect();
        let predicted: Vec<usize> = rows.iter().map(|row| row.predicted).collect();
        // A power of two changes no digit.
        let weights: Vec<f64> = rows.iter().map(|row| row.weight() as f64 * 2.0_f64.powi(exponent)).collect();
        let scored = Scored::labels(&truth, &predicted, classes).and_then(|scored| scored.weighted(&weights));
        let scored = scored.expect("labels");

        let (matthews, exact) = (value(MatthewsCorrcoef, &scored), table.matthews());
        prop_assert!(near(matthews, exact, 1.0), "Matthews: {matthews} for {exact}");
        prop_assert!((-1.0..=1.0).contains(&matthews), "Matthews: {matthews}");
        if truth == predicted && exact != 0.0 {
            prop_assert_eq!(matthews, 1.0);
        }
        for (power, metric) in [(0, CohenKappa::new()), (1, CohenKappa::linear()), (2, CohenKappa::quadratic())] {
            let (above, below) = table.kappa(power);
            let kappa = value(metric, &scored);
            if below == 0 {
                prop_assert!(kappa.is_nan());
                continue;
            }
            let exact = above as f64 / below as f64;
            prop_assert!(near(kappa, exact, 1.0), "{metric:?}: {kappa} for {exact}");
            prop_assert!((-1.0..=1.0).contains(&kappa), "{metric:?}: {kappa}");
        }
        // Without differences nothing is lost even where the score is near 0.
        let right = table.sum(|class| table.get(class, class)) as f64 / table.all() as f64;
        for (name, ours, exact) in [
            ("accuracy", value(Accuracy, &scored), right),
            ("balanced accuracy", value(BalancedAccuracy, &scored), table.mean_recall()),
            ("F1", value(F1::averaged(Averaging::Macro), &scored), table.macro_f1()),
        ] {
            prop_assert!(near(ours, exact, exact) && (0.0..=1.0).contains(&ours), "{name}: {ours} for {exact}");
        }
    }

    #[test]
    fn two_classes_keep_the_digits_of_a_small_agreement(a in 1..1000_u32, magnitude in 0..12_i32, b in 1..1000_u32) {
        // Every row is wrong, so kappa is -2ab / (a² + b²): tiny where one weight is.
        let (a, b) = (f64::from(a) * 10.0_f64.powi(magnitude), f64::from(b));
        let weights = [a, b];
        let scored = Scored::labels(&[0, 1], &[1, 0], 2).and_then(|scored| scored.weighted(&weights));
        let (kappa, exact) = (value(CohenKappa::new(), &scored.expect("labels")), -2.0 * a * b / (a * a + b * b));
        prop_assert!(near(kappa, exact, -exact), "{kappa} for {exact}");
    }

    #[test]
    fn rankings_of_uneven_weights(rows in proptest::collection::vec((any::<bool>(), 0..6_u32, 1..10_u32, 0..12_u32), 2..14)) {
        let weight = |row: &(bool, u32, u32, u32)| i128::from(row.2) * 10_i128.pow(row.3);
        let total = |side: bool| rows.iter().filter(|row| row.0 == side).map(weight).sum::<i128>();
        prop_assume!(total(true) > 0 && total(false) > 0);
        let mut twice = 0;
        for positive in rows.iter().filter(|row| row.0) {
            for negative in rows.iter().filter(|row| !row.0) {
                let wins = 1 + i128::from(positive.1 > negative.1) - i128::from(positive.1 < negative.1);
                twice += wins * weight(positive) * weight(negative);
            }
        }
        let exact = twice as f64 / (2 * total(true) * total(false)) as f64;
        let truth: Vec<usize> = rows.iter().map(|row| usize::from(row.0)).collect();
        let scores: Vec<f64> = rows.iter().map(|row| f64::from(row.1)).collect();
        let weights: Vec<f64> = rows.iter().map(|row| weight(row) as f64).collect();
        let scored = Scored::binary_scores(&truth, &scores).and_then(|scored| scored.weighted(&weights));
        let area = value(RocAuc::binary(), &scored.expect("scores"));
        prop_assert!(near(area, exact, exact) && (0.0..=1.0).contains(&area), "{area} for {exact}");
    }

    /// The mean is up to 10^15 times what varies.
    #[test]
    fn variances_beside_a_huge_mean(
        rows in proptest::collection::vec((-4..5_i64, -4..5_i64, 1..6_i64), 2..20),
        base in 0..4_000_000_000_000_000_i64,
        offset in 0..2_000_000_000_000_000_i64,
        is_weighted in any::<bool>(),
    ) {
        let weight = |row: &(i64, i64, i64)| if is_weighted { i128::from(row.2) } else { 1 };
        // W Σ w v² - (Σ w v)², which does not depend on what is added to all v.
        let spread = |v: fn(&(i64, i64, i64)) -> i64| {
            let sum = |power: u32| rows.iter().map(|row| weight(row) * i128::from(v(row)).pow(power)).sum::<i128>();
            sum(0) * sum(2) - sum(1).pow(2)
        };
        let truths = spread(|row| row.0);
        prop_assume!(truths > 0);
        let errors = rows.iter().map(|row| weight(row) * i128::from(row.1).pow(2)).sum::<i128>();
        let all: i128 = rows.iter().map(weight).sum();
        let (r2, explained) =
            (1.0 - (all * errors) as f64 / truths as f64, 1.0 - spread(|row| row.1) as f64 / truths as f64);

        let weights: Vec<f64> = rows.iter().map(|row| weight(row) as f64).collect();
        let truth: Vec<f64> = rows.iter().map(|row| (base + row.0) as f64).collect();
        let score = |offset: i64| {
            let predicted: Vec<f64> = rows.iter().map(|row| (base + row.0 + row.1 + offset) as f64).collect();
            let scored = Scored::values(&truth, &predicted, 1).expect("values");
            let scored = if is_weighted { scored.weighted(&weights).expect("weights") } else { scored };
            (value(R2, &scored), value(ExplainedVariance, &scored))
        };
        let size = |exact: f64| 1.0 + exact.abs();
        let (ours, moved) = (score(0), score(offset));
        prop_assert!(near(ours.0, r2, size(r2)), "R²: {} for {r2}", ours.0);
        prop_assert!(near(ours.1, explained, size(explained)), "explained variance: {} for {explained}", ours.1);
        prop_assert!(near(moved.1, explained, size(explained)), "explained variance: {} for {explained}", moved.1);
    }
}

/// A truth near 0 and predictions that are off by a huge offset: the differences have more digits than `f64`.
#[test]
fn an_offset_is_forgiven_with_all_its_digits() {
    let truth = [0.1, 0.2, 0.4, 0.8];
    let predicted = truth.map(|_| 1e12);
    let scored = Scored::values(&truth, &predicted, 1).expect("values");
    // The prediction is constant: nothing is explained.
    assert!(value(ExplainedVariance, &scored).abs() < ROUNDING);
}
