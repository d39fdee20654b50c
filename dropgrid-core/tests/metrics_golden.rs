//! Every metric against scikit-learn 1.9.1 on thousands of random predictions.
//!
//! `tests/golden/metrics.py` writes the expected numbers; the inputs are drawn here in the same order from the same
//! generator, see there.

use std::collections::HashMap;

use dropgrid_core::{
    data::{Flags, Labels, Truth, Values},
    metric::{
        Accuracy, AveragePrecision, Averaging, BalancedAccuracy, BrierScore, CohenKappa, ConfusionMatrix, Custom,
        Direction, ExplainedVariance, F1, FBeta, HammingLoss, LogLoss, MatthewsCorrcoef, MaxError, MeanAbsoluteError,
        MeanAbsolutePercentageError, MeanPinballLoss, MeanPoissonDeviance, MeanSquaredError, Measured,
        MedianAbsoluteError, Metric, MetricOf, Needs, Normalize, OutputAverage, PerOutput, Precision, R2, Recall,
        RocAuc, RootMeanSquaredError, Scored, SubsetAccuracy, TopKAccuracy, VarianceWeighted,
    },
};

/// The cases: those committed, or those in the file that `DROPGRID_GOLDEN_METRICS` names, for a comparison with an installed
/// scikit-learn on other inputs.
fn golden() -> String {
    match std::env::var("DROPGRID_GOLDEN_METRICS") {
        Ok(path) => std::fs::read_to_string(path).expect("the file that DROPGRID_GOLDEN_METRICS names"),
        Err(_) => include_str!("../../tests/golden/metrics.txt").to_owned(),
    }
}

const AVERAGES: [Averaging; 3] = [Averaging::Micro, Averaging::Macro, Averaging::Weighted];

/// SplitMix64, as in the script.
struct Draw(u64);

impl Draw {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    fn unit(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn rows(&mut self) -> usize {
        if self.below(8) == 0 { 1 + self.below(4) } else { 2 + self.below(58) }
    }

    fn weights(&mut self, rows: usize, exact: bool) -> Option<Vec<f64>> {
        let kind = self.below(if exact { 3 } else { 4 });
        let mut weights: Vec<f64> = match kind {
            0 => return None,
            3 => return Some((0..rows).map(|_| 0.01 + self.unit()).collect()),
            1 => (0..rows).map(|_| self.below(4) as f64).collect(),
            _ => (0..rows).map(|_| self.below(16) as f64 / 4.0).collect(),
        };
        if weights.iter().all(|&weight| weight == 0.0) {
            weights[0] = 1.0;
        }
        Some(weights)
    }

    fn truth(&mut self, rows: usize, classes: usize) -> Vec<usize> {
        match self.below(8) {
            0..3 => (0..rows).map(|_| self.below(classes)).collect(),
            3..5 => (0..rows).map(|_| if self.below(4) == 0 { self.below(classes) } else { 0 }).collect(),
            5..7 => {
                let highest = 1 + self.below(classes);
                (0..rows).map(|_| self.below(highest)).collect()
            }
            _ => vec![self.below(classes); rows],
        }
    }

    fn grain(&mut self) -> usize {
        [4, 10, 1 << 20][self.below(3)]
    }

    fn probabilities(&mut self, rows: usize, classes: usize) -> Vec<f64> {
        let parts = self.grain();
        let mut table = Vec::new();
        for _ in 0..rows {
            let mut counts: Vec<usize> = (0..classes).map(|_| self.below(parts)).collect();
            if counts.iter().all(|&count| count == 0) {
                counts[0] = 1;
            }
            let total = counts.iter().sum::<usize>() as f64;
            table.extend(counts.into_iter().map(|count| count as f64 / total));
        }
        table
    }

    fn eighth(&mut self) -> f64 {
        (self.below(81) as f64 - 40.0) / 8.0
    }

    fn score(&mut self, parts: usize) -> f64 {
        (self.below(parts) as f64 - (parts / 2) as f64) / 8.0
    }

    fn many_values(&mut self) -> (Vec<f64>, Vec<f64>, usize, Option<Vec<f64>>) {
        let (rows, width) = (1000 + self.below(2000), 1 + self.below(3));
        let truth: Vec<f64> = (0..rows * width).map(|_| 10.0 * self.unit() - 5.0).collect();
        let predicted = (0..rows * width).map(|_| 10.0 * self.unit() - 5.0).collect();
        (truth, predicted, width, self.weights(rows, false))
    }

    fn values(&mut self) -> (Vec<f64>, Vec<f64>, usize, Option<Vec<f64>>) {
        let (rows, width, kind) = (self.rows(), 1 + self.below(3), self.below(4));
        let all = rows * width;
        if kind == 3 {
            let truth: Vec<f64> = (0..all).map(|_| 10.0 * self.unit() - 5.0).collect();
            let predicted = (0..all).map(|_| 10.0 * self.unit() - 5.0).collect();
            let weights = if rows > 1 { self.weights(rows, false) } else { None };
            return (truth, predicted, width, weights);
        }
        let constant: Vec<bool> = (0..width).map(|_| kind == 2 && self.below(2) == 0).collect();
        let perfect: Vec<bool> = (0..width).map(|_| kind == 1 && self.below(2) == 0).collect();
        let truth: Vec<f64> = (0..all).map(|at| if constant[at % width] { 0.5 } else { self.eighth() }).collect();
        let predicted = (0..all).map(|at| if perfect[at % width] { truth[at] } else { self.eighth() }).collect();
        let weights = if rows > 1 && kind == 0 { self.weights(rows, true) } else { None };
        (truth, predicted, width, weights)
    }
}

fn labels() -> Vec<MetricOf<Labels>> {
    let mut metrics: Vec<MetricOf<Labels>> = vec![
        Box::new(Accuracy),
        Box::new(BalancedAccuracy),
        Box::new(BrierScore),
        Box::new(LogLoss),
        Box::new(MatthewsCorrcoef),
        Box::new(CohenKappa::new()),
        Box::new(CohenKappa::linear()),
        Box::new(CohenKappa::quadratic()),
        Box::new(Precision::binary()),
        Box::new(Recall::binary()),
        Box::new(F1::binary()),
        Box::new(FBeta::binary(2.0)),
        Box::new(Precision::of_class(2)),
        Box::new(Recall::of_class(2)),
        Box::new(F1::of_class(2)),
        Box::new(RocAuc::binary()),
        Box::new(RocAuc::ovo(Averaging::Macro)),
        Box::new(RocAuc::ovo(Averaging::Weighted)),
        Box::new(AveragePrecision::binary()),
    ];
    for k in 1..=3 {
        metrics.push(Box::new(TopKAccuracy::new(k)));
    }
    for averaging in AVERAGES {
        metrics.push(Box::new(Precision::averaged(averaging)));
        metrics.push(Box::new(Recall::averaged(averaging)));
        metrics.push(Box::new(F1::averaged(averaging)));
        metrics.push(Box::new(FBeta::averaged(0.5, averaging)));
        metrics.push(Box::new(RocAuc::ovr(averaging)));
        metrics.push(Box::new(AveragePrecision::<Labels>::averaged(averaging)));
    }
    metrics
}

fn flags() -> Vec<MetricOf<Flags>> {
    let mut metrics: Vec<MetricOf<Flags>> = vec![
        Box::new(SubsetAccuracy),
        Box::new(HammingLoss),
        Box::new(Precision::samples()),
        Box::new(Recall::samples()),
        Box::new(F1::samples()),
        Box::new(FBeta::samples(2.0)),
    ];
    for averaging in AVERAGES {
        metrics.push(Box::new(Precision::averaged(averaging)));
        metrics.push(Box::new(Recall::averaged(averaging)));
        metrics.push(Box::new(F1::averaged(averaging)));
        metrics.push(Box::new(FBeta::averaged(2.0, averaging)));
        metrics.push(Box::new(RocAuc::flags(averaging)));
        metrics.push(Box::new(AveragePrecision::<Flags>::averaged(averaging)));
    }
    metrics
}

fn values() -> Vec<MetricOf<Values>> {
    vec![
        Box::new(MeanSquaredError),
        Box::new(RootMeanSquaredError),
        Box::new(MeanAbsoluteError),
        Box::new(MedianAbsoluteError),
        Box::new(MeanAbsolutePercentageError),
        Box::new(MeanPinballLoss::new(0.5)),
        Box::new(MeanPinballLoss::new(0.9)),
        Box::new(R2),
        Box::new(ExplainedVariance),
        Box::new(VarianceWeighted::new(R2)),
        Box::new(VarianceWeighted::new(ExplainedVariance)),
        Box::new(MaxError),
        Box::new(MeanPoissonDeviance),
    ]
}

/// A number that tells confusion matrices apart, as in the script.
fn matrix(name: &str, by: Option<Normalize>) -> MetricOf<Labels> {
    let entries = move |scored: &Scored<'_, Labels>| {
        let matrix = ConfusionMatrix::of(scored)?;
        let matrix = by.map_or(matrix.clone(), |by| matrix.normalized(by));
        let entries = (0..matrix.classes()).flat_map(|class| matrix.row(class).to_vec());
        Ok(entries.enumerate().map(|(at, entry)| (at + 1) as f64 * entry).sum())
    };
    Box::new(Custom::new(name, Direction::Maximize, Needs::Labels, entries))
}

fn matrices() -> Vec<MetricOf<Labels>> {
    vec![
        matrix("matrix", None),
        matrix("matrix_true", Some(Normalize::True)),
        matrix("matrix_predicted", Some(Normalize::Predicted)),
        matrix("matrix_all", Some(Normalize::All)),
    ]
}

/// The metric with outputs weighted 1, 2, 3, and its score of the last output alone.
fn by_output(metric: impl PerOutput + Clone) -> [MetricOf<Values>; 2] {
    let (name, direction, last) = (metric.name(), metric.direction(), metric.clone());
    let weighted = move |scored: &Scored<'_, Values>| {
        let weights = &[1.0, 2.0, 3.0][..scored.width()];
        Ok(OutputAverage::new(metric.clone(), weights).score(scored)?.value)
    };
    let last = move |scored: &Scored<'_, Values>| Ok(last.outputs(scored).into_iter().next_back().expect("an output"));
    [
        Box::new(Custom::new(format!("{name}_by_output"), direction, Needs::Values, weighted)),
        Box::new(Custom::new(format!("{name}_last"), direction, Needs::Values, last)),
    ]
}

fn outputs() -> Vec<MetricOf<Values>> {
    [
        by_output(MeanSquaredError),
        by_output(RootMeanSquaredError),
        by_output(MeanAbsoluteError),
        by_output(MedianAbsoluteError),
        by_output(MeanAbsolutePercentageError),
        by_output(MeanPinballLoss::new(0.9)),
        by_output(R2),
        by_output(ExplainedVariance),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The measured value of each named metric.
fn measure<'a, K: Truth>(
    all: Vec<MetricOf<K>>,
    names: &[&str],
    scored: Scored<'a, K>,
    weights: Option<&'a [f64]>,
) -> Vec<Result<Measured, String>> {
    let by_name: HashMap<String, MetricOf<K>> = all.into_iter().map(|metric| (metric.name(), metric)).collect();
    let scored = match weights {
        Some(weights) => scored.weighted(weights).expect("usable weights"),
        None => scored,
    };
    names.iter().map(|name| by_name[*name].score(&scored).map_err(|error| error.to_string())).collect()
}

/// Whether the same number may have other warnings, deliberately. scikit-learn warns of rows that weigh nothing: over
/// rows it multiplies counts by weights and takes the zeros for empty rows. And where no flag is on at all, it gives a
/// weighted ranking of 0 in silence.
fn warns_otherwise(name: &str, value: f64, warned: bool) -> bool {
    if warned { name.ends_with("_samples") } else { name.ends_with("_weighted") && value == 0.0 }
}

const FAMILIES: [&str; 12] = [
    "two",
    "many",
    "binary",
    "scores",
    "flags",
    "values",
    "counts",
    "matrices",
    "class_scores",
    "outputs",
    "large",
    "large_values",
];

fn run(seed: u64, family: &str, case: usize, names: &[&str]) -> Vec<Result<Measured, String>> {
    let number = FAMILIES.iter().position(|name| *name == family).expect("a known family");
    let mut draw = Draw(1_000_000_000 * seed + (1_000_000 * number + case) as u64);
    match family {
        "two" | "many" | "matrices" | "large" => {
            let classes = match family {
                "two" => 2,
                "many" => 3 + draw.below(4),
                "matrices" => 2 + draw.below(5),
                _ => 3 + draw.below(8),
            };
            let rows = if family == "large" { 1000 + draw.below(2000) } else { draw.rows() };
            let (truth, probabilities) = (draw.truth(rows, classes), draw.probabilities(rows, classes));
            let weights = draw.weights(rows, false);
            let scored = Scored::classes(&truth, &probabilities, classes).expect("probabilities");
            measure(labels().into_iter().chain(matrices()).collect(), names, scored, weights.as_deref())
        }
        "class_scores" => {
            let classes = 3 + draw.below(4);
            let rows = draw.rows();
            let (truth, parts) = (draw.truth(rows, classes), draw.grain());
            let scores: Vec<f64> = (0..rows * classes).map(|_| draw.score(parts)).collect();
            let weights = draw.weights(rows, false);
            let scored = Scored::class_scores(&truth, &scores, classes).expect("scores");
            measure(labels(), names, scored, weights.as_deref())
        }
        "binary" | "scores" => {
            let rows = draw.rows();
            let (truth, parts) = (draw.truth(rows, 2), draw.grain());
            let outputs: Vec<f64> = (0..rows)
                .map(|_| match family {
                    "binary" => draw.below(parts + 1) as f64 / parts as f64,
                    _ => draw.score(parts),
                })
                .collect();
            let weights = draw.weights(rows, false);
            let make = if family == "binary" { Scored::binary } else { Scored::binary_scores };
            measure(labels(), names, make(&truth, &outputs).expect("scores"), weights.as_deref())
        }
        "flags" => {
            let (rows, width) = (draw.rows(), 2 + draw.below(4));
            let (chance, parts) = (1 + draw.below(7), draw.grain());
            let truth: Vec<bool> = (0..rows * width).map(|_| draw.below(8) < chance).collect();
            let outputs: Vec<f64> = (0..rows * width).map(|_| draw.below(parts + 1) as f64 / parts as f64).collect();
            let weights = draw.weights(rows, false);
            let scored = Scored::flag_probabilities(&truth, &outputs, width).expect("probabilities");
            measure(flags(), names, scored, weights.as_deref())
        }
        "values" | "outputs" | "large_values" => {
            let (truth, predicted, width, weights) =
                if family == "large_values" { draw.many_values() } else { draw.values() };
            let scored = Scored::values(&truth, &predicted, width).expect("values");
            measure(values().into_iter().chain(outputs()).collect(), names, scored, weights.as_deref())
        }
        _ => {
            let rows = draw.rows();
            let truth: Vec<f64> = (0..rows).map(|_| draw.below(6) as f64).collect();
            let predicted: Vec<f64> = (0..rows).map(|_| (1 + draw.below(40)) as f64 / 8.0).collect();
            let weights = draw.weights(rows, false);
            let scored = Scored::values(&truth, &predicted, 1).expect("values");
            measure(values(), names, scored, weights.as_deref())
        }
    }
}

/// scikit-learn's answer where the truth is constant but its weighted mean is not that number: what is left of it counts
/// as something to explain. Here it is exactly nothing, and the score 0 or 1.
fn rounds_to_nothing(name: &str, theirs: f64) -> bool {
    (name.starts_with("r2") || name.starts_with("explained_variance")) && theirs < -1e12
}

/// 1e-12 is the precision promised. It is relative above 1, where errors and percentages have no bound.
fn agree(ours: f64, theirs: f64) -> bool {
    (ours.is_nan() && theirs.is_nan()) || (ours - theirs).abs() <= 1e-12 * theirs.abs().max(1.0)
}

#[test]
fn every_metric_gives_the_numbers_and_the_warnings_of_scikit_learn() {
    let (mut family, mut names, mut compared, mut faults) = ("", Vec::new(), 0, Vec::new());
    let golden = golden();
    let (first, golden) = golden.split_once('\n').expect("lines");
    let seed = first.strip_prefix("seed ").and_then(|seed| seed.parse().ok()).expect("a seed in the first line");
    for line in golden.lines() {
        let mut words = line.split(' ');
        let first = words.next().unwrap_or_default();
        if first == "group" {
            family = words.next().unwrap_or_default();
            names = words.collect();
            continue;
        }
        let case: usize = first.parse().expect("the number of a case");
        let expected: Vec<&str> = words.collect();
        assert_eq!(expected.len(), names.len(), "{line}");
        for ((name, told), ours) in names.iter().zip(expected).zip(run(seed, family, case, &names)) {
            if told == "-" {
                continue;
            }
            let theirs: f64 = told.trim_end_matches('!').parse().expect("a number");
            compared += 1;
            match ours {
                Ok(ours) if agree(ours.value, theirs) && ours.warnings.is_empty() != told.ends_with('!') => {}
                Ok(ours) if rounds_to_nothing(name, theirs) && [0.0, 1.0].contains(&ours.value) => {}
                Ok(ours) if agree(ours.value, theirs) && warns_otherwise(name, theirs, told.ends_with('!')) => {}
                ours => faults.push(format!("{family} {case} {name}: expected {told}, got {ours:?}")),
            }
        }
    }
    assert!(faults.is_empty(), "{} of {compared} differ:\n{}", faults.len(), faults[..faults.len().min(40)].join("\n"));
    assert!(compared > 15_000, "only {compared} numbers compared");
}
