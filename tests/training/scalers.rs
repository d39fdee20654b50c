//! Layers that are fitted on the data: against scikit-learn, without a leak, on both ways of training.

use dfdx::{
    nn::Module,
    shapes::Const,
    tensor::{Cpu, Tensor, TensorFromVec},
};
use dropgrid::{Error, hook::FitInfo, nn, prelude::*};

use crate::own_layer::own_layer;

/// SplitMix64 (Steele, Lea and Flood, 2014).
pub(crate) struct Draw(pub(crate) u64);

impl Draw {
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }
}

/// A number of a column of one of the kinds that `tests/golden/scalers.py` lists.
fn value(draw: &mut Draw, kind: u64) -> f32 {
    let n = draw.below(1000) as f32;
    match kind {
        0 => (n - 500.0) / 64.0,
        1 => 0.101_562_5,
        2 => 524_288.0 + n / 16.0,
        3 => -16_777_216.0,
        4 => (n - 300.0) * 70.0_f32.exp2(),
        5 => n * (-60.0_f32).exp2(),
        _ => n % 2.0,
    }
}

#[searchable]
struct Standardized {
    scale: Standardize<4>,
    output: Linear<4, 1>,
}

#[searchable]
struct Ranged {
    #[set(low = -1.0, high = 2.0)]
    scale: MinMax<4>,
    output: Linear<4, 1>,
}

/// The model fitted on all rows for one epoch, with a rate that leaves the weights as they are.
macro_rules! fitted {
    ($model:ident, $rows:expr) => {{
        let rows: &[[f32; 4]] = $rows;
        let all: Vec<usize> = (0..rows.len()).collect();
        let targets = Regression::<1>::new(rows.iter().map(|_| [0.0])).expect("targets");
        let data = Dataset::new(rows, targets).expect("data");
        let search = $model::search(Grid).cv(SplitList::new([(all.clone(), all)])).scoring(MeanAbsoluteError);
        search.train(Train::sgd(1e-30).epochs(1)).progress(false).fit(&data).expect("a report").into_fitted()
    }};
}

#[track_caller]
fn assert_close(name: &str, case: usize, found: &[f32], wanted: &[f64], ranged: &nn::MinMax<4, f32, Cpu>) {
    assert_eq!(found.len(), wanted.len());
    let lost = ranged.min.as_vec().into_iter().zip(ranged.range.as_vec()).map(|(min, range)| match name {
        // scikit-learn multiplies before it takes the offset away, and loses the digits that the offset has more.
        "minmax" => 4.0 * f64::EPSILON * 3.0 * f64::from(min.abs()) / f64::from(range),
        _ => 0.0,
    });
    for ((found, wanted), lost) in found.iter().zip(wanted).zip(lost.collect::<Vec<_>>().into_iter().cycle()) {
        // Single precision: a few roundings of 6e-8 each.
        let bound = 1e-6 * wanted.abs().max(if name == "standard" || name == "minmax" { 1.0 } else { 0.0 }) + lost;
        assert!((f64::from(*found) - wanted).abs() <= bound, "{name} of case {case}: {found} instead of {wanted}");
    }
}

#[test]
fn statistics_and_outputs_are_scikit_learns() {
    let golden: Vec<(&str, Vec<f64>)> = include_str!("../golden/scalers.txt")
        .lines()
        .map(|line| {
            let (name, numbers) = line.split_once(' ').expect("a name");
            (name, numbers.split(' ').map(|number| number.parse().expect("a number")).collect())
        })
        .collect();
    assert_eq!(golden.len(), 200 * 6);
    for (case, golden) in golden.chunks(6).enumerate() {
        let mut draw = Draw(case as u64);
        let rows = 1 + draw.below(40);
        let kinds = [(); 4].map(|()| draw.below(7));
        let rows: Vec<[f32; 4]> = (0..rows).map(|_| kinds.map(|kind| value(&mut draw, kind))).collect();
        let (standardized, ranged) = (fitted!(Standardized, &rows), fitted!(Ranged, &rows));
        let standard = &standardized.network::<StandardizedNet>().expect("the only architecture").scale;
        let ranged = &ranged.network::<RangedNet>().expect("the only architecture").scale;
        let first: Vec<f32> = rows.iter().take(3).flatten().copied().collect();
        let input: Tensor<(usize, Const<4>), f32, _> =
            Cpu::default().tensor_from_vec(first.clone(), (first.len() / 4, Const));
        for (name, wanted) in golden {
            let found = match *name {
                "mean" => standard.mean.as_vec(),
                "scale" => standard.scale.as_vec(),
                "min" => ranged.min.as_vec(),
                "range" => ranged.range.as_vec(),
                "standard" => standard.forward(input.clone()).as_vec(),
                "minmax" => ranged.forward(input.clone()).as_vec(),
                other => panic!("{other} is no statistic"),
            };
            assert_close(name, case, &found, wanted, ranged);
        }
    }
}

/// Does nothing, but dropgrid does not know that: a network with it trains on the tape.
#[derive(Debug, Clone, Default)]
struct Opaque;

own_layer!(Opaque, |_layer, input| train: input, evaluate: input);

/// Runs as a program.
#[searchable]
struct Lowered {
    hidden: (Standardize<3>, Linear<3, 8>, ReLU),
    #[grid(0.0, 0.25)]
    dropout: Dropout,
    output: Linear<8, 2>,
}

/// The same on the tape.
#[searchable]
struct Taped {
    hidden: (Standardize<3>, Linear<3, 8>, ReLU),
    #[grid(0.0, 0.25)]
    dropout: Dropout,
    output: Linear<8, 2>,
    opaque: Opaque,
}

/// The same between two ends.
#[searchable]
struct Between {
    #[grid(low: -1.0, 0.0)]
    scale: MinMax<3>,
    hidden: (Linear<3, 8>, ReLU),
    output: Linear<8, 2>,
}

/// Columns of very different sizes, of which one decides the class.
fn row(row: usize) -> [f32; 3] {
    let [a, b, c] = [7, 11, 5].map(|step| (row * step % 23) as f32 / 23.0);
    [1e5 + 1e3 * a, b, 1e-4 * c]
}

fn data(change: impl Fn(usize, [f32; 3]) -> [f32; 3]) -> Dataset<Classes<2>> {
    let labels: Vec<usize> = (0..60).map(|at| usize::from(row(at)[2] > 4.5e-5)).collect();
    Dataset::new((0..60).map(|at| change(at, row(at))), Classes::new(labels).expect("labels")).expect("data")
}

/// Rows 40 to 59 are scored by the first fold.
fn folds() -> SplitList {
    let (train, test): (Vec<usize>, Vec<usize>) = ((0..40).collect(), (40..60).collect());
    SplitList::new([(train.clone(), test.clone()), (test, train)])
}

/// What the first fold predicts for the rows 40 to 49.
macro_rules! predicted {
    ($model:ident, $params:expr, $data:expr) => {{
        let search = $model::search(Only($params)).cv(folds()).train(Train::adam(1e-2).epochs(3).batch_size(8));
        let out_of_fold = search.seed(3).cross_val_predict($data).expect("predictions");
        let bits = |row: &[f64; 2]| row.map(f64::to_bits);
        out_of_fold.predictions().probabilities()[40..50].iter().map(bits).collect::<Vec<_>>()
    }};
}

#[test]
fn changing_the_scored_rows_changes_neither_statistics_nor_weights() {
    let plain = data(|_, row| row);
    let scored = data(|at, row| if at >= 50 { row.map(|value| 100.0 - 1e3 * value) } else { row });
    let trained = data(|at, [a, b, c]| if at == 20 { [a, b + 0.5, c] } else { [a, b, c] });
    macro_rules! check {
        ($model:ident, $params:expr) => {
            let before = predicted!($model, $params, &plain);
            assert_eq!(before, predicted!($model, $params, &scored), stringify!($model));
            assert_ne!(before, predicted!($model, $params, &trained), stringify!($model));
        };
    }
    check!(Lowered, LoweredParams { dropout: 0.25 });
    check!(Taped, TapedParams { dropout: 0.25 });
    check!(Between, BetweenParams { scale: -1.0 });
}

/// [`Lowered`] for rows that are scaled already.
#[searchable]
struct Bare {
    hidden: (Linear<3, 8>, ReLU),
    #[grid(0.0, 0.25)]
    dropout: Dropout,
    output: Linear<8, 2>,
}

/// The probabilities that the refit gives for the rows that it was trained on.
macro_rules! probabilities {
    ($model:ident, $params:expr, $data:expr) => {{
        let search = $model::search(Only($params)).cv(folds()).train(Train::adam(1e-2).epochs(20).batch_size(8));
        let report = search.seed(3).fit($data).expect("a report");
        report.fitted().predict_proba($data.features()).expect("the width fits").concat()
    }};
}

#[track_caller]
fn assert_same(a: &[f64], b: &[f64]) {
    let difference = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    // 160 steps in single precision, whose sums are taken in another order.
    assert!(a.len() == b.len() && difference < 1e-4, "they differ by {difference}");
}

#[test]
fn a_model_that_scales_is_a_model_on_scaled_rows() {
    let rows: Vec<[f32; 3]> = (0..60).map(row).collect();
    let mean = [0, 1, 2].map(|at| rows.iter().map(|row| f64::from(row[at])).sum::<f64>() / 60.0);
    let variance =
        [0, 1, 2].map(|at| rows.iter().map(|row| (f64::from(row[at]) - mean[at]).powi(2)).sum::<f64>() / 60.0);
    let scaled = data(|_, row| [0, 1, 2].map(|at| ((f64::from(row[at]) - mean[at]) / variance[at].sqrt()) as f32));
    let by_hand = probabilities!(Bare, BareParams { dropout: 0.25 }, &scaled);
    assert_same(&probabilities!(Lowered, LoweredParams { dropout: 0.25 }, &data(|_, row| row)), &by_hand);
}

#[test]
fn both_ways_of_training_agree() {
    let data = data(|_, row| row);
    let taped = probabilities!(Taped, TapedParams { dropout: 0.0 }, &data);
    assert_same(&probabilities!(Lowered, LoweredParams { dropout: 0.0 }, &data), &taped);
}

#[test]
fn statistics_travel_with_the_model() {
    let data = data(|_, row| row);
    macro_rules! check {
        ($model:ident, $params:expr) => {
            let search = $model::search(Only($params)).cv(folds()).train(Train::adam(1e-2).epochs(2).batch_size(8));
            let fitted = search.seed(3).fit(&data).expect("a report").into_fitted();
            let bytes = fitted.to_bytes().expect("a file");
            let read: Fitted<$model, Classes<2>> = Fitted::from_bytes(&bytes).expect("the same model");
            let probabilities =
                |fitted: &Fitted<$model, Classes<2>>| fitted.predict_proba(data.features()).expect("rows fit");
            assert_eq!(probabilities(&read), probabilities(&fitted));
            assert_eq!(read.to_bytes().expect("a file"), bytes);
        };
    }
    check!(Lowered, LoweredParams { dropout: 0.25 });
    check!(Between, BetweenParams { scale: -1.0 });
}

#[searchable]
struct Ends {
    #[param]
    #[grid(-1.0, 0.5)]
    low: f64,
    #[set(low = low, high = 2.0 * low + 1.0)]
    scale: MinMax<3>,
    output: Linear<3, 3>,
}

#[searchable]
struct Highs {
    #[grid(high: 1.0, 2.0)]
    scale: MinMax<3>,
    output: Linear<3, 3>,
}

#[test]
fn ends_that_do_not_ascend_are_refused_before_training() {
    let rows = (0..12).map(|row| [row as f32, (row * 5 % 7) as f32, -1.0]);
    let labels = Classes::<3>::new((0..12).map(|row| row % 3).collect::<Vec<_>>()).expect("labels");
    let data = Dataset::new(rows, labels).expect("data");
    // Every value is inside its range, and so is what is tied to it.
    for (low, said) in [(-1.0, "low is -1 and high is -1"), (-2.0, "low is -2 and high is -3")] {
        let space = Ends::space().low([0.5, low]);
        let search = Ends::search(Grid).space(space).cv(KFold::new(2)).progress(false);
        let trained = |_: &FitInfo, _: &Epoch| panic!("nothing is trained");
        let error = search.hook(trained).cross_validate(&data).expect_err("ends that do not ascend");
        assert_eq!(error.to_string(), format!("scale: {said}, expected low below high"));
        assert!(matches!(error, Error::LayerSettings { .. }), "{error}");
    }
    let highs = |highs: [f64; 2]| {
        Highs::search(Grid).space(Highs::space().scale(highs)).cv(KFold::new(2)).progress(false).cross_validate(&data)
    };
    assert!(highs([0.5, 3.0]).is_ok());
    let error = highs([3.0, 0.0]).expect_err("0 is low, too");
    assert_eq!(error.to_string(), "scale: low is 0 and high is 0, expected low below high");
    assert!(Ends::builder().low(0.5).build(1).is_ok() && Ends::builder().low(-1.0).build(1).is_err());
}
