//! Every metric against scikit-learn 1.9.1 on thousands of random predictions.
//!
//! `tests/golden/metrics.py` writes the expected numbers; the inputs are drawn here in the same order from the same
//! generator, see there.

mod draw;
mod lists;

use std::collections::HashMap;

use dropgrid_core::{
    data::Truth,
    metric::{Measured, MetricOf, Scored},
};

use draw::Draw;
use lists::{flags, labels, matrices, outputs, values};

/// The cases: those committed, or those in the file that `DROPGRID_GOLDEN_METRICS` names, for a comparison with an installed
/// scikit-learn on other inputs.
fn golden() -> String {
    match std::env::var("DROPGRID_GOLDEN_METRICS") {
        Ok(path) => std::fs::read_to_string(path).expect("the file that DROPGRID_GOLDEN_METRICS names"),
        Err(_) => include_str!("../../../../tests/golden/metrics.txt").to_owned(),
    }
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
    if warned { name.contains("_samples") } else { name.ends_with("_weighted") && value == 0.0 }
}

const FAMILIES: [&str; 23] = [
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
    "overlaps",
    "flag_overlaps",
    "amounts",
    "deviances",
    "quantiles",
    "class_shares",
    "points",
    "positives",
    "two_overlaps",
    "class_overlaps",
    "flags_at",
];

fn run(seed: u64, family: &str, case: usize, names: &[&str]) -> Vec<Result<Measured, String>> {
    let number = FAMILIES.iter().position(|name| *name == family).expect("a known family");
    let mut draw = Draw(1_000_000_000 * seed + (1_000_000 * number + case) as u64);
    match family {
        "two" | "many" | "matrices" | "large" | "overlaps" | "class_shares" | "two_overlaps" | "class_overlaps" => {
            let classes = match family {
                "two" | "two_overlaps" => 2,
                "many" | "class_overlaps" => 3 + draw.below(4),
                "matrices" | "overlaps" => 2 + draw.below(5),
                "class_shares" => 2 + draw.below(4),
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
        "binary" | "scores" | "points" | "positives" => {
            let rows = draw.rows();
            let (truth, parts) = (draw.truth(rows, 2), draw.grain());
            let outputs: Vec<f64> = (0..rows)
                .map(|_| match family {
                    "binary" | "points" | "positives" => draw.below(parts + 1) as f64 / parts as f64,
                    _ => draw.score(parts),
                })
                .collect();
            let weights = draw.weights(rows, family == "points" || family == "positives");
            let make = if family == "scores" { Scored::binary_scores } else { Scored::binary };
            measure(labels(), names, make(&truth, &outputs).expect("scores"), weights.as_deref())
        }
        "flags" | "flag_overlaps" | "flags_at" => {
            let (rows, width) = (draw.rows(), 2 + draw.below(4));
            let (chance, parts) = (1 + draw.below(7), draw.grain());
            let truth: Vec<bool> = (0..rows * width).map(|_| draw.below(8) < chance).collect();
            let outputs: Vec<f64> = (0..rows * width).map(|_| draw.below(parts + 1) as f64 / parts as f64).collect();
            let weights = draw.weights(rows, false);
            let scored = Scored::flag_probabilities(&truth, &outputs, width).expect("probabilities");
            measure(flags(), names, scored, weights.as_deref())
        }
        "values" | "outputs" | "large_values" | "quantiles" => {
            let (truth, predicted, width, weights) =
                if family == "large_values" { draw.many_values() } else { draw.values() };
            let scored = Scored::values(&truth, &predicted, width).expect("values");
            measure(values().into_iter().chain(outputs()).collect(), names, scored, weights.as_deref())
        }
        _ => {
            let rows = draw.rows();
            let is_count = family == "counts";
            let truth =
                |draw: &mut Draw| if is_count { draw.below(6) as f64 } else { (1 + draw.below(40)) as f64 / 8.0 };
            let truth: Vec<f64> = (0..rows).map(|_| truth(&mut draw)).collect();
            let predicted: Vec<f64> = (0..rows).map(|_| (1 + draw.below(40)) as f64 / 8.0).collect();
            let weights = draw.weights(rows, false);
            let scored = Scored::values(&truth, &predicted, 1).expect("values");
            measure(values(), names, scored, weights.as_deref())
        }
    }
}

/// scikit-learn's answer where the truth is constant but its weighted mean is not that number: what is left of it counts
/// as something to explain. Here it is exactly nothing, and the score 0 or 1. So it is with a single class whose weights
/// do not sum up to what they sum up to in another order, and the root of what is left.
fn rounds_to_nothing(name: &str, theirs: f64) -> bool {
    (name.starts_with("r2") || name.starts_with("explained_variance")) && theirs < -1e12
        || name == "matthews_corrcoef" && theirs.is_nan()
}

/// 1e-12 is the precision promised. It is relative above 1, where errors and percentages have no bound. The powers of a Tweedie
/// deviance are large beside their sum where truth and prediction are near, so it loses digits, in scikit-learn as here.
fn agree(name: &str, ours: f64, theirs: f64) -> bool {
    let precision = if name.contains("tweedie") { 1e-10 } else { 1e-12 };
    (ours.is_nan() && theirs.is_nan()) || (ours - theirs).abs() <= precision * theirs.abs().max(1.0)
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
                Ok(ours) if agree(name, ours.value, theirs) && ours.warnings.is_empty() != told.ends_with('!') => {}
                Ok(ours) if rounds_to_nothing(name, theirs) && [0.0, 1.0].contains(&ours.value) => {}
                Ok(ours) if agree(name, ours.value, theirs) && warns_otherwise(name, theirs, told.ends_with('!')) => {}
                ours => faults.push(format!("{family} {case} {name}: expected {told}, got {ours:?}")),
            }
        }
    }
    assert!(faults.is_empty(), "{} of {compared} differ:\n{}", faults.len(), faults[..faults.len().min(40)].join("\n"));
    assert!(compared > 15_000, "only {compared} numbers compared");
}
