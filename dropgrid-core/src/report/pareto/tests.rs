//! Fronts against optuna's, and by hand.

use std::time::Duration;

use super::*;
use crate::{
    record::{Budget, Curve, Details, FoldInfo, MetricInfo, Record},
    report::{Entry, ErrorScore, Fields, Refit},
};

fn numbers(text: &str) -> Vec<f64> {
    text.split_whitespace().map(|number| number.parse().expect("a number")).collect()
}

/// `tests/golden/pareto.py` writes the table.
#[test]
fn ranks_and_hypervolumes_are_optunas() {
    let table = include_str!("../../../../tests/golden/pareto.txt");
    let mut cases = 0;
    for line in table.lines().filter(|line| !line.starts_with('#')) {
        let parts: Vec<&str> = line.split(" | ").collect();
        let [points, penalties, ranks, reference, volume] = parts[..] else { panic!("a line of the table: {line}") };
        let points: Vec<Vec<f64>> = points.split(';').map(numbers).collect();
        let expected: Vec<Option<usize>> = ranks.split(' ').map(|rank| rank.parse().ok()).collect();
        assert_eq!(ranks::ranks(&points, &numbers(penalties)), expected, "{line}");
        let volume: f64 = volume.parse().expect("a number");
        let is = hypervolume::hypervolume(&points, &numbers(reference));
        // Sums of up to 14 boxes in another order.
        assert!((is - volume).abs() <= 1e-12, "{is}: {line}");
        cases += 1;
    }
    assert_eq!(cases, 300);
}

#[test]
fn points_with_nan_have_no_rank_and_infinite_ones_have() {
    let points = [vec![1.0, f64::NAN], vec![f64::NEG_INFINITY, 2.0], vec![0.0, 1.0], vec![0.0, f64::INFINITY]];
    assert_eq!(ranks::ranks(&points, &[0.0; 4]), [None, Some(1), Some(1), Some(2)]);
    assert_eq!(ranks::ranks(&points, &[0.0, 0.0, f64::INFINITY, 1.0]), [None, Some(1), Some(3), Some(2)]);
    assert_eq!(hypervolume::hypervolume(&points[1..3], &[1.0, 3.0]), f64::INFINITY);
    assert_eq!(hypervolume::hypervolume(&[], &[1.0, 3.0]), 0.0);
}

/// The point farthest from the line through the ends, by the distance of a point from a line.
#[test]
fn the_knee_of_two_objectives_is_farthest_from_the_line_through_the_ends() {
    let mut random = 7_u64;
    let mut next = || {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 40) as f64 / f64::from(1 << 24)
    };
    for _ in 0..100 {
        // A front: one coordinate grows, the other falls.
        let (mut x, mut y) = (next(), 10.0 * next() + 60.0);
        let mut points = Vec::new();
        for number in 0..8 {
            points.push((number, vec![x, y]));
            x += next();
            y -= 7.0 * next();
        }
        let (first, last) = (points[0].1.clone(), points[7].1.clone());
        let scaled =
            |point: &[f64]| [(point[0] - first[0]) / (last[0] - first[0]), (point[1] - last[1]) / (first[1] - last[1])];
        // Of equal distances the first one counts. The line through (0, 1) and (1, 0); positive on the side of the
        // origin.
        let distance = |point: &[f64]| (1.0 - scaled(point)[0] - scaled(point)[1]) / 2.0_f64.sqrt();
        let farthest = points.iter().rev().max_by(|a, b| distance(&a.1).total_cmp(&distance(&b.1))).expect("a point").0;
        assert_eq!(knee::knee(&points), Some(farthest), "{points:?}");
    }
    assert_eq!(knee::knee(&[]), None);
    assert_eq!(knee::knee(&[(3, vec![1.0, 5.0]), (4, vec![1.0, 5.0])]), Some(3));
    assert_eq!(knee::knee(&[(3, vec![f64::INFINITY, 0.0]), (4, vec![9.0, 5.0])]), Some(4));
}

#[derive(Debug)]
struct Number(usize);

impl Fields for Number {
    fn fields(&self) -> Vec<(&str, serde_json::Value)> {
        vec![("number", self.0.into())]
    }
}

/// Candidates with these accuracies and losses on one fold, as many parameters as their number, and as many seconds.
fn results(scores: &[[f64; 2]]) -> Results<Number> {
    let metric = |name: &str, direction| MetricInfo { name: name.to_owned(), direction };
    let metrics = vec![metric("accuracy", Direction::Maximize), metric("log_loss", Direction::Minimize)];
    let entry = |(at, scores): (usize, &[f64; 2])| {
        let record = Record {
            candidate: at as u64,
            fold: 0,
            budget: Budget::Full,
            outcome: Ok(scores.to_vec()),
            warnings: vec![Vec::new(); 2],
            train_scores: None,
            fit_time: Duration::from_secs(at as u64),
            score_time: Duration::from_secs(10 - at as u64),
            curve: Curve::default(),
            details: Details::default(),
        };
        // The last one was eliminated.
        Entry { is_finalist: at != 5, ..Entry::from((Number(at), vec![record])) }
    };
    let folds = vec![FoldInfo { repeat: 0, train: 2, test: 1, weight: 1.0 }];
    Results::new(scores.iter().enumerate().map(entry), metrics, folds, ErrorScore::Nan)
}

const SCORES: [[f64; 2]; 6] = [[0.7, 0.5], [0.9, 0.6], [0.8, 0.45], [0.8, 0.45], [0.99, f64::NAN], [1.0, 0.0]];

#[test]
fn a_front_is_of_finalists_with_all_values() {
    let results = results(&SCORES);
    let front = results.pareto(["accuracy", "log_loss"]).expect("a front");
    // 0.9 is the best accuracy; candidates 2 and 3 tie and beat the first.
    assert_eq!(front.positions(), [1, 2, 3]);
    let ranks: Vec<Option<usize>> = (0..7).map(|at| front.rank(at)).collect();
    assert_eq!(ranks, [Some(2), Some(1), Some(1), Some(1), None, None, None]);
    assert_eq!((front.values(1), front.knee()), (&[0.9, 0.6][..], Some(1)));
    assert_eq!(front.candidates().map(|it| it.params().0).collect::<Vec<_>>(), [1, 2, 3]);
    // 0.9 to 0.5 times 1.0 to 0.6, and 0.8 to 0.5 times 0.6 to 0.45.
    let volume = front.hypervolume(&[0.5, 1.0]).expect("a volume");
    assert!((volume - (0.4 * 0.4 + 0.3 * 0.15)).abs() < 1e-12, "{volume}");
    let error = front.hypervolume(&[0.5]).expect_err("one number").to_string();
    assert_eq!(error, "reference is [0.5], expected one number for each objective");
    let times = results.pareto([Objective::fit_time(), Objective::score_time()]).expect("a front");
    assert_eq!(times.positions(), [0, 1, 2, 3, 4]);
    assert_eq!(results.pareto([Objective::parameters()]).expect("a front").positions(), [0_usize; 0]);
    let error = results.pareto(["acuracy"]).expect_err("no metric").to_string();
    assert!(error.starts_with("no metric is called `acuracy`, did you mean `accuracy`?"), "{error}");
    let error = results.pareto(Vec::<Objective>::new()).expect_err("nothing").to_string();
    assert_eq!(error, "objectives is none, expected at least one objective");
}

#[test]
fn the_rule_chooses_the_knee() {
    let results = results(&SCORES);
    let mut size = |params: &Number| 10 * params.0;
    // Scaled: 0 parameters and 0.7, 10 and 0.9 (of 10 and 0.2), the others are dominated.
    let knee = Knee::of([Objective::metric("accuracy"), Objective::parameters()]);
    assert_eq!(knee.choose(&results, 0, &mut size), 1);
    assert_eq!(Knee::of(["log_loss"]).choose(&results, 0, &mut size), 2);
    assert_eq!(Knee::of([Objective::fit_time()]).choose(&results, 3, &mut size), 0);
}
