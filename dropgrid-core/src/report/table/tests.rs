//! Tables of results at several widths of a terminal.

use std::time::Duration;

use serde_json::{Value, json};

use super::*;
use crate::{
    error::Failure,
    metric::Direction,
    record::{Budget, Curve, Details, Epochs, FoldInfo, MetricInfo, Record},
    report::{Candidate, ErrorScore, Fields, Results},
};

/// Hyperparameters by their names.
#[derive(Debug, Clone)]
struct Named(Vec<(&'static str, Value)>);

impl Fields for Named {
    fn fields(&self) -> Vec<(&str, Value)> {
        self.0.clone()
    }
}

const METRICS: [&str; 4] = ["accuracy", "log_loss", "balanced_accuracy", "matthews_corrcoef"];

/// The score of a candidate on a fold: lower by `gap` from candidate to candidate, with a little noise.
fn score(candidate: usize, fold: u32, gap: f64) -> f64 {
    let mut bits = (candidate as u64 * 3 + u64::from(fold) + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    bits = (bits ^ (bits >> 31)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits ^= bits >> 27;
    let noise = ((bits >> 40) as f64 / f64::from(1 << 24) - 0.5) * 0.02;
    0.9 - gap * candidate as f64 + noise
}

fn results(candidates: usize, metrics: usize, gap: f64) -> Results<Named> {
    let candidate = |number: usize| {
        let params = Named(vec![
            ("hidden", json!(64 << (number % 2))),
            ("dropout", json!(0.1)),
            ("lr", json!(1.234_567_890_123_456_7e-3 * (number + 1) as f64)),
            ("weight_decay", json!(0.012_345_678_901_234_567 / (number + 1) as f64)),
        ]);
        let record = |fold: u32| Record {
            candidate: number as u64,
            fold,
            budget: Budget::Full,
            outcome: Ok(vec![score(number, fold, gap); metrics]),
            warnings: vec![Vec::new(); metrics],
            train_scores: None,
            fit_time: Duration::from_micros(1234),
            score_time: Duration::ZERO,
            curve: Curve::default(),
            details: Details::default(),
        };
        (params, (0..3).map(record).collect())
    };
    made((0..candidates).map(candidate).collect(), metrics)
}

fn made(candidates: Vec<(Named, Vec<Record>)>, metrics: usize) -> Results<Named> {
    let metric = |name: &&str| MetricInfo { name: (*name).to_owned(), direction: Direction::Maximize };
    let folds = vec![FoldInfo { repeat: 0, train: 200, test: 100, weight: 1.0 }; 3];
    Results::new(candidates, METRICS[..metrics].iter().map(metric).collect(), folds, ErrorScore::Nan)
}

fn layout(width: usize) -> Layout<'static> {
    Layout { width, shown: 12, candidates: "in a file", columns: "a file", fold_scores: false, bold: None }
}

#[test]
fn all_columns_where_there_is_room() {
    let text = results(2, 1, 0.01).table(&layout(120));
    let expected = "\
┌──────┬────────┬─────────┬──────────┬──────────────┬───────────────┬────────┬──────────┐
│ rank ┆ hidden ┆ dropout ┆ lr       ┆ weight_decay ┆ mean accuracy ┆ std    ┆ fit time │
╞══════╪════════╪═════════╪══════════╪══════════════╪═══════════════╪════════╪══════════╡
│    1 ┆     64 ┆     0.1 ┆ 0.001235 ┆      0.01235 ┆        0.8996 ┆ 0.0040 ┆  1.23 ms │
│    2 ┆    128 ┆     0.1 ┆ 0.002469 ┆     0.006173 ┆        0.8831 ┆ 0.0015 ┆  1.23 ms │
└──────┴────────┴─────────┴──────────┴──────────────┴───────────────┴────────┴──────────┘";
    assert_eq!(text, expected);
}

#[test]
fn what_matters_least_goes_first_and_is_named_below() {
    let text = results(2, 4, 0.01).table(&layout(80));
    let expected = "\
┌──────┬────────┬──────────┬──────────────┬──────────┬────────┬──────────┐
│ rank ┆ hidden ┆ lr       ┆ weight_decay ┆ mean     ┆ std    ┆ mean     │
│      ┆        ┆          ┆              ┆ accuracy ┆        ┆ log_loss │
╞══════╪════════╪══════════╪══════════════╪══════════╪════════╪══════════╡
│    1 ┆     64 ┆ 0.001235 ┆      0.01235 ┆   0.8996 ┆ 0.0040 ┆   0.8996 │
│    2 ┆    128 ┆ 0.002469 ┆     0.006173 ┆   0.8831 ┆ 0.0015 ┆   0.8831 │
└──────┴────────┴──────────┴──────────────┴──────────┴────────┴──────────┘
not shown in 80 columns: fit time, std of log_loss, dropout (always 0.1),
matthews_corrcoef, balanced_accuracy (all of it: COLUMNS=161, or a file)";
    assert_eq!(text, expected);
    // The note promises this.
    let needed = text.split("COLUMNS=").nth(1).and_then(|rest| rest.split(',').next()).expect("a width");
    let needed: usize = needed.parse().expect("a number");
    let whole = results(2, 4, 0.01).table(&layout(needed));
    assert!(whole.contains("┆ matthews_corrcoef ┆") && !whole.contains("not shown"), "{whole}");
    assert!(results(2, 4, 0.01).table(&layout(needed - 1)).contains("not shown in"));
}

#[test]
fn the_deciding_metric_is_shown_at_any_width() {
    for width in 46..200 {
        let text = results(3, 4, 0.01).table(&layout(width));
        for line in text.lines() {
            assert!(line.chars().count() <= width, "wider than {width}:\n{text}");
        }
        let header = text.lines().nth(1).expect("a header").to_owned() + text.lines().nth(2).expect("its second line");
        assert!(header.contains("accuracy"), "{text}");
        for mean in ["0.8996", "0.8831", "0.8786"] {
            assert!(text.lines().any(|line| line.split(['│', '┆']).any(|cell| cell.trim() == mean)), "{mean}:\n{text}");
        }
    }
    let narrow = results(3, 4, 0.01).table(&layout(48));
    assert!(narrow.contains("┆ hidden: 64, lr: 0.00123"), "{narrow}");
}

#[test]
fn a_score_stands_above_its_candidate_where_a_line_is_short() {
    let with = |width| results(2, 2, 0.01).table(&layout(width));
    let expected = "\
┌──────┬───────────────┐
│ rank ┆ mean accuracy │
│      ┆ candidate     │
╞══════╪═══════════════╡
│    1 ┆ 0.8996        │
│      ┆ hidden: 64,   │
│      ┆ lr: 0.001235, │
│      ┆ weight_decay: │
│      ┆ 0.01235       │
│    2 ┆ 0.8831        │
│      ┆ hidden: 128,  │
│      ┆ lr: 0.002469, │
│      ┆ weight_decay: │
│      ┆ 0.006173      │
└──────┴───────────────┘
not shown in 30 columns: fit
time, dropout (always 0.1),
log_loss, std of accuracy (all
of it: COLUMNS=103, or a file)";
    assert_eq!(with(30), expected);
    for width in 12..60 {
        let text = with(width);
        assert!(text.lines().all(|line| line.chars().count() <= width), "wider than {width}:\n{text}");
        let letters: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
        assert!(letters.contains("meanaccuracy") && letters.contains("08996") && letters.contains("08831"), "{text}");
    }
    assert!(with(1).contains('┆'));
}

#[test]
fn scores_of_folds_are_shown_on_request_as_far_as_there_is_room() {
    let with = |width| results(2, 1, 0.01).table(&Layout { fold_scores: true, ..layout(width) });
    let text = with(120);
    assert!(
        text.lines().nth(1).is_some_and(|header| header.contains(" std    ┆ fold 0 ┆ fold 1 ┆ fold 2 ┆ fit time ")),
        "{text}"
    );
    let first = results(2, 1, 0.01);
    for score in first.candidates()[0].scores(0) {
        assert!(text.contains(&format!("┆ {score:.4} ")), "{score}: {text}");
    }
    let narrow = with(70);
    assert!(narrow.contains("┆ fold") && narrow.contains("not shown in 70 columns: fit time"), "{narrow}");
    for width in 44..130 {
        assert!(with(width).lines().all(|line| line.chars().count() <= width), "{}", with(width));
    }
    assert!(!results(2, 1, 0.01).table(&layout(120)).contains("fold"));
}

#[test]
fn letters_of_two_columns_count_as_two() {
    let header = ["数値".to_owned(), "x".to_owned()];
    let rows = [["🙂🙂🙂".to_owned(), "12".to_owned()]];
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.to_vec()).collect();
    let border = grid(&header, &rows, &[]).lines().next().map_or(0, |line| line.chars().count());
    assert_eq!(grid_width(&header, &rows), border);
}

#[test]
fn the_first_dozen_of_many() {
    let text = results(3000, 1, 1e-4).table(&layout(120));
    assert_eq!(text.lines().filter(|line| line.contains(" ms │")).count(), 12, "{text}");
    let last = text.lines().last().expect("a line");
    assert!(last.starts_with("… and 2988 more, from ") && last.ends_with(": in a file"), "{text}");
    assert!(!results(12, 1, 1e-4).table(&layout(120)).contains("more"));
}

#[test]
fn failed_fits_have_no_score_and_epochs_are_shown_where_they_differ() {
    let mut candidates: Vec<(Named, Vec<Record>)> = results(2, 1, 0.01)
        .candidates()
        .iter()
        .map(|candidate| (candidate.params().clone(), candidate.records().to_vec()))
        .collect();
    for record in candidates.iter_mut().flat_map(|(_, records)| records) {
        record.details.epochs = Some(Epochs { trained: 8, scored: 5 + record.fold, by_rule: true });
    }
    candidates[0].1[1].outcome = Err(Failure::Interrupted);
    let text = made(candidates, 1).table(&layout(120));
    assert!(
        text.contains("│    1 ┆    128 ┆     0.1 ┆ 0.002469 ┆     0.006173 ┆        0.8831 ┆ 0.0015 ┆    6.0 ┆"),
        "{text}"
    );
    assert!(text.contains("┆        failed ┆ failed ┆    6.0 ┆"), "{text}");
}

#[test]
fn the_comparison_with_the_best_is_a_plain_sentence() {
    // How many the test tells apart was computed by Python from the same scores.
    let sentence = |candidates, gap| results(candidates, 1, gap).comparison(0.05);
    assert_eq!(
        sentence(12, 1e-5).as_deref(),
        Some(
            "All 11 other candidates may be as good as the best: their differences are within what chance gives (corrected t-test, 5 %)."
        )
    );
    assert_eq!(
        sentence(2, 1e-5).as_deref(),
        Some(
            "The other candidate may be as good as the best: their difference is within what chance gives (corrected t-test, 5 %)."
        )
    );
    assert_eq!(
        sentence(12, 0.05).as_deref(),
        Some("All 11 other candidates are worse than the best by more than chance gives (corrected t-test, 5 %).")
    );
    assert_eq!(
        sentence(2, 5.0).as_deref(),
        Some("The other candidate is worse than the best by more than chance gives (corrected t-test, 5 %).")
    );
    assert_eq!(
        sentence(12, 0.02).as_deref(),
        Some(
            "3 of 11 other candidates may be as good as the best: their differences are within what chance gives; the other 8 are worse (corrected t-test, 5 %)."
        )
    );
    assert_eq!(
        sentence(5, 0.02).as_deref(),
        Some(
            "3 of 4 other candidates may be as good as the best: their differences are within what chance gives; the other one is worse (corrected t-test, 5 %)."
        )
    );
    assert_eq!(sentence(1, 0.5), None);
    // Two that are alike, and four that are far behind.
    let pairs = |results: &Results<Named>| {
        let pair = |candidate: &Candidate<Named>| (candidate.params().clone(), candidate.records().to_vec());
        results.candidates().iter().map(pair).collect::<Vec<_>>()
    };
    let mut candidates = pairs(&results(2, 1, 1e-5));
    candidates.extend(pairs(&results(6, 1, 5.0)).split_off(2));
    assert_eq!(
        made(candidates, 1).comparison(0.05).as_deref(),
        Some(
            "1 of 5 other candidates may be as good as the best: its difference is within what chance gives; the other 4 are worse (corrected t-test, 5 %)."
        )
    );
}

#[test]
fn one_row_is_bold_where_that_is_asked_for() {
    let results = results(3, 1, 0.01);
    let plain = results.table(&layout(120));
    let bold = results.table(&Layout { bold: Some(1), ..layout(120) });
    let lines: Vec<(&str, &str)> = plain.lines().zip(bold.lines()).collect();
    assert_eq!(plain.lines().count(), bold.lines().count());
    for (at, (plain, bold)) in lines.into_iter().enumerate() {
        let expected = if at == 4 { format!("\u{1b}[1m{plain}\u{1b}[0m") } else { plain.to_owned() };
        assert_eq!(bold, expected, "line {at}");
    }
    // Rows of several lines.
    let narrow = results.table(&Layout { bold: Some(0), ..layout(44) });
    let count = narrow.matches("\u{1b}[1m").count();
    assert!(count > 1, "{narrow}");
    let first = narrow.lines().position(|line| line.contains("\u{1b}[1m")).expect("a bold line");
    assert!(narrow.lines().nth(first - 1).is_some_and(|line| line.starts_with('╞')), "{narrow}");
}
