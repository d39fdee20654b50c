use super::*;
use crate::{
    data::{Flags, Labels, Values},
    metric::{Metric, RocAuc, Scored},
};

fn classes(truth: &[usize], outputs: &[f64], width: usize, threshold: f64) -> Counts {
    let outcomes = Outcomes::of::<Labels>(truth, outputs, width, threshold).expect("classes");
    let Some(OutcomeSummary::Classes(counts)) = outcomes.read() else { panic!("not counts") };
    assert_eq!(String::from(outcomes.clone()).parse::<String>().map(Outcomes::from), Ok(outcomes));
    *counts
}

/// Numbers in [0, 1) that look like chance.
fn chance(count: u32) -> impl Iterator<Item = f64> {
    (1..=count).map(|at| f64::from(at.wrapping_mul(2_654_435_761) >> 8) / f64::from(1 << 24))
}

#[test]
fn classes_are_counted_as_metrics_decide() {
    let outputs = [0.5, 0.5, 0.0, 0.1, 0.2, 0.7, 0.0, 0.0, 1.0];
    let counts = classes(&[1, 2, 2], &outputs, 3, 0.5);
    assert_eq!((counts.rows, counts.classes), (3, 3));
    // Of equals the first.
    assert_eq!(counts.confusion, [0, 0, 0, 1, 0, 0, 0, 0, 2]);
    let filled: Vec<_> = counts.calibration.iter().enumerate().filter(|(_, bin)| bin.2 > 0).collect();
    let [bin_of_half, bin_of_most, last] = filled[..] else { panic!("{filled:?}") };
    assert_eq!((bin_of_half, last), ((5, &(0.5, 0, 1)), (9, &(1.0, 1, 1))));
    assert!(bin_of_most.0 == 7 || bin_of_most.0 == 6, "0.7 * 10 rounds");
    // Of each class its rows and those of all others: nothing of class 0, one of class 1, two of class 2.
    let rows = |counts: &Counts| -> Vec<[u64; 2]> {
        counts.thresholds.iter().map(|bins| bins.each_ref().map(|bins| bins.iter().sum())).collect()
    };
    assert_eq!(rows(&counts), [[3, 0], [2, 1], [1, 2]]);
    assert_eq!((counts.thresholds[2][1][0], counts.thresholds[2][1][127], counts.thresholds[2][0][0]), (0, 1, 1));
    // Of two with one probability, above the threshold, exclusively.
    let counts = classes(&[0, 1, 1], &[0.3, 0.3, 0.8], 2, 0.3);
    assert_eq!(counts.confusion, [1, 0, 1, 1]);
    assert_eq!(classes(&[0, 1, 1], &[0.3, 0.3, 0.8], 2, 0.2).confusion, [0, 1, 0, 2]);
    assert_eq!(rows(&counts), [[1, 2]]);
    // Too many for a picture.
    assert!(classes(&[40], &[1.0 / 41.0; 41], 41, 0.5).confusion.is_empty());
    assert_eq!(classes(&[20], &[1.0 / 21.0; 21], 21, 0.5).thresholds, [] as [[Vec<u64>; 2]; 0]);
}

#[test]
fn the_area_by_bins_is_near_that_of_the_metric() {
    for sharpness in [1, 4, 20] {
        // Class 1 where a second draw is below the probability: calibrated, and as sharp as asked for.
        let probabilities: Vec<f64> =
            chance(4000).map(|x| x.powi(sharpness) / (x.powi(sharpness) + (1.0 - x).powi(sharpness))).collect();
        let truth: Vec<usize> =
            chance(8001).skip(4001).zip(&probabilities).map(|(draw, p)| usize::from(draw < *p)).collect();
        let exact =
            RocAuc::binary().score(&Scored::binary(&truth, &probabilities).expect("rows")).expect("a score").value;
        let counts = classes(&truth, &probabilities, 2, 0.5);
        let [negatives, positives] = &counts.thresholds[0];
        let (mut below, mut area) = (0.0, 0.0);
        for (negative, positive) in negatives.iter().zip(positives) {
            area += *positive as f64 * (below + *negative as f64 / 2.0);
            below += *negative as f64;
        }
        area /= below * positives.iter().sum::<u64>() as f64;
        // Rows of one bin count half: a thousandth where no bin has more than some percent of them.
        assert!((area - exact).abs() < 1e-3, "{sharpness}: {area} and {exact}");
    }
}

#[test]
fn numbers_are_a_sample_evenly_over_the_rows() {
    let truth: Vec<f64> = (0..1000_u16).map(f64::from).collect();
    let outputs: Vec<f64> = truth.iter().map(|truth| truth + 0.5).collect();
    let told = |width| Outcomes::of::<Values>(&truth, &outputs, width, 0.5).and_then(|outcomes| outcomes.read());
    let Some(OutcomeSummary::Numbers { rows, pairs }) = told(2) else { panic!("numbers") };
    assert_eq!((rows, pairs.len(), pairs[0], pairs[1]), (500, 63, (0.0, 0.5), (16.0, 16.5)));
    let Some(OutcomeSummary::Numbers { rows, pairs }) = told(1) else { panic!("numbers") };
    assert_eq!((rows, pairs.len(), pairs[62]), (1000, 63, (992.0, 992.5)));
    assert_eq!(Outcomes::of::<Flags>(&[true], &[0.5], 1, 0.5), None);
}

#[test]
fn the_text_of_many_rows_has_its_bound() {
    let length = |outcomes: Option<Outcomes>| String::from(outcomes.expect("a truth")).len();
    let rows = 100_000;
    let numbers: Vec<f64> = chance(rows).collect();
    assert!(length(Outcomes::of::<Values>(&numbers, &numbers, 1, 0.5)) < 700);
    let truth = |classes: usize| -> Vec<usize> { (0..rows as usize).map(|row| row * 7919 % 1009 % classes).collect() };
    // As many rows in each bin, the longest of so many rows.
    let even: Vec<f64> = numbers
        .iter()
        .enumerate()
        .map(|(row, draw)| {
            0.5_f64.powf(1.0 + 16.0 * draw).mul_add(if row % 2 == 0 { 1.0 } else { -1.0 }, (row % 2) as f64)
        })
        .collect();
    for probabilities in [&numbers, &even] {
        assert!(length(Outcomes::of::<Labels>(&truth(2), probabilities, 2, 0.5)) < 1200);
    }
    let of = |classes: usize| {
        let mut draws = chance(rows * classes as u32);
        let outputs: Vec<f64> = (0..rows as usize)
            .flat_map(|_| {
                let row: Vec<f64> = draws.by_ref().take(classes).collect();
                let sum: f64 = row.iter().sum();
                row.into_iter().map(move |it| it / sum)
            })
            .collect();
        length(Outcomes::of::<Labels>(&truth(classes), &outputs, classes, 0.5))
    };
    assert!(of(10) < 3000 && of(40) < 6000, "{} {}", of(10), of(40));
    // Of every class as many rows in each bin.
    let spread = |classes: usize| {
        let column = |row: usize, class: usize| even[(row * 7 + class * 13) % even.len()];
        let outputs: Vec<f64> = (0..rows as usize)
            .flat_map(|row| (0..classes).map(move |class| (row, class)))
            .map(|(row, class)| column(row, class))
            .collect();
        length(Outcomes::of::<Labels>(&truth(classes), &outputs, classes, 0.5))
    };
    assert!(spread(10) < 9000 && spread(20) < 18_000, "{} {}", spread(10), spread(20));
}

#[test]
fn a_text_that_nobody_wrote_tells_nothing() {
    let whole = String::from(Outcomes::of::<Labels>(&[0, 1, 1], &[0.3, 0.3, 0.8], 2, 0.3).expect("classes"));
    assert!(Outcomes::from(whole.clone()).read().is_some());
    for cut in 0..whole.len() {
        let _ = Outcomes::from(whole[..cut].to_owned()).read();
        assert_eq!(Outcomes::from(whole[..cut].to_owned()).read(), None, "{cut}");
    }
    for broken in ["", "?", "Aw", "AQH/////////////////////", "AgE"] {
        assert_eq!(
            Outcomes::from(broken.to_owned()).read().filter(|told| !matches!(told, OutcomeSummary::Numbers { .. })),
            None
        );
    }
}
