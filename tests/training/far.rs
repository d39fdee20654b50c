//! Columns far from zero: the digits that single precision does not hold reach the network, its file and the next data.

use std::{fs, path::PathBuf};

use dfdx::{
    nn::Module,
    shapes::Const,
    tensor::{Cpu, Tensor, TensorFromVec},
};
use dropgrid::{prelude::*, split::Warning};

use crate::scalers::Draw;

#[searchable]
struct Standardized {
    scale: Standardize<5>,
    output: Linear<5, 1>,
}

#[searchable]
struct Ranged {
    scale: MinMax<5>,
    output: Linear<5, 1>,
}

/// A row of the kinds that `tests/golden/far.py` lists.
fn row(draw: &mut Draw) -> [f64; 5] {
    let n = [(); 5].map(|()| draw.below(1000) as f64);
    [
        1.7e9 + 60.0 * n[0],
        1.7e12 + 1000.0 * n[1] + 1.0 / 1024.0,
        16_777_216.0 + n[2],
        52.5 + n[3] / 1_048_576.0,
        2_460_000.5 + n[4] / 1024.0,
    ]
}

/// What the first layer of the model makes of the rows that it is fitted on.
macro_rules! scaled {
    ($model:ident, $net:ident, $rows:expr) => {{
        let rows: &[[f64; 5]] = $rows;
        let all: Vec<usize> = (0..rows.len()).collect();
        let targets = Regression::of(rows.iter().map(|_| 0.0)).expect("targets");
        let data = Dataset::from_f64_rows(rows, targets).expect("data");
        let search = $model::search(Grid).cv(SplitList::new([(all.clone(), all)])).scoring(MeanAbsoluteError);
        let report = search.train(Train::sgd(1e-30).epochs(1)).progress(false).fit(&data).expect("a report");
        let far = |warning: &Warning| matches!(warning, Warning::FarFromZero { .. });
        assert!(!report.warnings().iter().any(far), "a scaler takes them");
        let fitted = report.into_fitted();
        let origins = fitted.origins().map_or([0.0; 5], |origins| std::array::from_fn(|at| origins[at]));
        let inputs = rows.iter().flat_map(|row| std::array::from_fn::<f32, 5, _>(|at| (row[at] - origins[at]) as f32));
        let input: Tensor<(usize, Const<5>), f32, _> =
            Cpu::default().tensor_from_vec(inputs.collect(), (rows.len(), Const));
        fitted.network::<$net>().expect("the only architecture").scale.forward(input).as_vec()
    }};
}

#[test]
fn columns_far_from_zero_are_scaled_as_scikit_learn_scales_them_in_f64() {
    let golden: Vec<(&str, Vec<f64>)> = include_str!("../golden/far.txt")
        .lines()
        .map(|line| {
            let (name, numbers) = line.split_once(' ').expect("a name");
            (name, numbers.split(' ').map(|number| number.parse().expect("a number")).collect())
        })
        .collect();
    assert_eq!(golden.len(), 20 * 2);
    for (case, golden) in golden.chunks(2).enumerate() {
        let mut draw = Draw(case as u64);
        let count = 2 + draw.below(29);
        let rows: Vec<[f64; 5]> = (0..count).map(|_| row(&mut draw)).collect();
        for (name, wanted) in golden {
            let found = match *name {
                "standard" => scaled!(Standardized, StandardizedNet, &rows),
                _ => scaled!(Ranged, RangedNet, &rows),
            };
            assert_eq!(found.len(), wanted.len());
            for (at, (found, wanted)) in found.iter().zip(wanted).enumerate() {
                let bound = 1e-6 * wanted.abs().max(1.0);
                let is_close = (f64::from(*found) - wanted).abs() <= bound;
                assert!(is_close, "{name} of case {case}, column {}: {found} instead of {wanted}", at % 5);
            }
        }
    }
}

#[searchable]
struct Clock {
    hidden: (Standardize<2>, Linear<2, 16>, ReLU),
    output: Linear<16, 2>,
}

#[searchable]
struct Unscaled {
    hidden: (Linear<2, 16>, ReLU),
    output: Linear<16, 2>,
}

/// Seconds within an hour and a number of no use; the class is which half of the hour it is.
fn hour(start: f64, step: usize) -> Dataset<Classes<2>> {
    let seconds: Vec<f64> = (0..300).map(|at| (at * step % 3600) as f64).collect();
    let labels: Vec<usize> = seconds.iter().map(|&second| usize::from(second >= 1800.0)).collect();
    let rows = seconds.iter().map(|second| [start + second, second % 7.0]);
    let features = Features::from_f64_rows(rows).and_then(|it| it.with_names(["t", "x"])).expect("rows");
    Dataset::from_features(features, Classes::new(labels).expect("labels")).expect("data")
}

fn clock(data: &Dataset<Classes<2>>) -> Report<Clock, Classes<2>> {
    let search = Clock::search(Grid).cv(KFold::new(3).shuffle()).train(Train::adam(1e-2).epochs(60).batch_size(16));
    search.progress(false).seed(4).fit(data).expect("a report")
}

#[test]
fn half_an_hour_decides_in_training_in_the_file_and_on_the_next_data() {
    let data = hour(1.7e9, 12);
    let report = clock(&data);
    assert!(report.best_score() > 0.97, "{}", report.best_score());
    assert!(report.warnings().is_empty(), "{:?}", report.warnings());
    let bytes = report.fitted().to_bytes().expect("a file");
    let loaded = Fitted::<Clock, Classes<2>>::from_bytes(&bytes).expect("what was written");
    assert_eq!(loaded.origins(), report.fitted().origins());
    assert_eq!(loaded.to_bytes().expect("a file"), bytes);
    // Other rows of the same hour, whose own origin is another one, in the other order of columns.
    let next = hour(1.7e9, 7);
    assert_ne!(next.features().origins(), data.features().origins());
    let turned = (0..next.len()).map(|row| [next.features().cell(row, 1), next.features().cell(row, 0)]);
    let turned = Features::from_f64_rows(turned).and_then(|it| it.with_names(["x", "t"])).expect("rows");
    for fitted in [report.fitted(), &loaded] {
        assert!(fitted.score(Accuracy, &next).expect("a score") > 0.97);
        assert_eq!(fitted.predict_proba(&turned).unwrap(), fitted.predict_proba(next.features()).unwrap());
        // A single row has its cell for an origin.
        let all = fitted.predict_proba(next.features()).expect("rows fit");
        for row in [0, 150, 299] {
            let cells = [[next.features().cell(row, 0), next.features().cell(row, 1)]];
            let one = Features::from_f64_rows(cells).expect("a row");
            assert_eq!(fitted.predict_proba(&one).expect("rows fit")[0], all[row]);
        }
    }
}

#[test]
fn the_origin_is_a_representation_and_decides_nothing() {
    // The same hours with a row of another one, which makes the origin another cell and weighs on both alike.
    let near = clock(&hour(0.0, 12));
    let far = clock(&hour(1.7e9, 12));
    let probabilities = |report: &Report<Clock, Classes<2>>, start: f64| {
        report.fitted().predict_proba(hour(start, 12).features()).expect("rows fit").concat()
    };
    let (near, far) = (probabilities(&near, 0.0), probabilities(&far, 1.7e9));
    let difference = near.iter().zip(&far).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    // Over a thousand steps in single precision from inputs that differ by their rounding.
    assert!(difference < 1e-2, "they differ by {difference}");
}

#[test]
fn what_nothing_scales_and_what_is_lost_are_warnings_that_name_the_column() {
    let search = Unscaled::search(Grid).cv(KFold::new(3)).train(Train::adam(1e-2).epochs(1)).progress(false);
    let report = search.cross_validate(&hour(1.7e9, 12)).expect("a report");
    let told: Vec<String> = report.warnings().iter().map(ToString::to_string).collect();
    assert_eq!(told, ["column `t` lies far from zero, and nothing scales it: begin the network with a `Standardize`"]);
    let ids = |at: usize| [(at % 2) as f64 * 1e15 + at as f64, at as f64];
    let data = Dataset::from_f64_rows((0..60).map(ids), Classes::<2>::new((0..60).map(|at| at % 2)).expect("labels"));
    let search = Clock::search(Grid).cv(KFold::new(3)).train(Train::adam(1e-2).epochs(1)).progress(false);
    let report = search.cross_validate(&data.expect("data")).expect("a report");
    assert_eq!(
        report.warnings(),
        [Warning::MergedCells { column: "0".to_owned(), cells: 60, numbers: 31 }],
        "{:?}",
        report.warnings()
    );
    let told = report.to_string();
    assert!(
        told.contains("warning: column `0`: of 60 distinct cells there are 31 numbers in single precision"),
        "{told}"
    );
}

/// A copy of a file of `tests/cases/csv`.
fn case(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cases/csv").join(name)
}

#[test]
fn files_with_such_columns_are_read_with_all_digits() {
    let read = |name: &str| Dataset::from_csv(case(name), Classes::<2>::in_column("y")).expect("a table");
    let times = read("timestamps.csv");
    assert_eq!([0, 1].map(|row| times.features().cell(row, 0)), [1.6e9, 1.6e9 + 1.0]);
    let ids = read("ids.csv");
    assert_eq!([0, 1].map(|row| ids.features().cell(row, 0)), [16_777_217.0, 16_777_216.0]);
    for name in ["timestamps.csv", "ids.csv"] {
        assert!(fs::read_to_string(case(name)).expect("a file").lines().count() == 3, "{name}");
    }
    // A minute decides the class.
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("minutes.csv");
    let line = |at: usize| format!("{},{at},{}", 1_700_000_000 + at * 7 % 120, u8::from(at * 7 % 120 >= 60));
    let lines = (0..300).map(line).collect::<Vec<_>>().join("\n");
    fs::write(&path, format!("t,x,y\n{lines}")).expect("room on the disk");
    let data = Dataset::from_csv(&path, Classes::<2>::in_column("y")).expect("a table");
    let report = clock(&data);
    assert!(report.best_score() > 0.97, "{}", report.best_score());
}

/// Whole numbers that double precision does not tell apart are a warning, as those of single precision are.
#[test]
fn whole_numbers_of_too_many_digits_are_a_warning() {
    let line = |at: usize| format!("{},{},{}\n", 9_007_199_254_740_992_u64 + at as u64, at % 7, at % 2);
    let text = (0..60).map(line).fold("id,x,y\n".to_owned(), |text, line| text + &line);
    let data = Csv::new().parse(&text).and_then(|table| table.dataset(Classes::<2>::in_column("y"))).expect("data");
    let report = clock(&data).to_string();
    assert!(report.contains("warning: column `id`: of 60 distinct cells there are 31 numbers"), "{report}");
}
