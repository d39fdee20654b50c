//! Tests of steps against scikit-learn, whose results `tests/golden/steps.py` writes.

use super::*;

/// The random generator SplitMix64 (Steele, Lea and Flood, 2014).
struct SplitMix64(u64);

impl SplitMix64 {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }
}

/// Draws a cell of a column of one of the kinds that the script lists.
fn cell(draw: &mut SplitMix64, kind: u64) -> f64 {
    let (n, is_rare) = (draw.below(1000) as f64, draw.below(20) == 0);
    let two = |power: f64| power.exp2();
    match kind {
        0 => (n - 500.0) / 64.0,
        1 => 0.101_562_5,
        2 => 1_700_000_000.0 + 60.0 * n,
        3 => n % 3.0,
        4 => (n - 500.0) / 64.0 * if is_rare { two(20.0) } else { 1.0 },
        5 => n * n * n * two(-16.0),
        6 => -1.0 - n * n * two(-10.0),
        7 => n * two(-30.0),
        8 => 1_700_000_000.0 + n + n * two(-10.0),
        _ => (n - 300.0) * (n - 300.0).abs() * two(-8.0),
    }
}

const CASES: u64 = 60;

/// Returns the kinds of the columns of a case, the rows to fit on, and further rows.
pub(super) fn rows(case: u64) -> ([u64; 3], Vec<f64>, Vec<f64>) {
    let mut draw = SplitMix64(case);
    let count = if case == CASES - 1 { 1500 } else { 1 + draw.below(60) as usize };
    let kinds = [(); 3].map(|()| draw.below(10));
    let holes = draw.below(2) == 0;
    let mut cells = Vec::new();
    for row in 0..count + 12 {
        for kind in kinds {
            let value = cell(&mut draw, kind);
            let is_missing = draw.below(5) == 0 && holes && row > 0;
            cells.push(if is_missing { f64::NAN } else { value });
        }
    }
    let further = cells.split_off(3 * count);
    (kinds, cells, further)
}

/// Returns the results of the script by case and name.
fn golden() -> HashMap<(&'static str, &'static str), Vec<f64>> {
    let lines = include_str!("../../../../../tests/golden/steps.txt").lines().map(|line| {
        let mut words = line.split(' ');
        let mut word = || words.next().expect("a word");
        let name = (word(), word());
        (name, words.map(|number| number.parse().expect("a number")).collect())
    });
    lines.collect()
}

/// Fits a step and returns its results for further rows.
fn results<S: Step>(mut step: S, fit: &[f64], further: &[f64]) -> Vec<f64> {
    step.fit(fit).expect("each column has a value");
    transformed(&*step.transform(), S::COLUMNS, further)
}

/// Fits layers for several columns and returns their results for further rows.
fn side_by_side<L: ColumnLayer<f32, Cpu>>(mut layers: L, fit: &[f64], further: &[f64]) -> Vec<f64> {
    layers.fit_columns(fit).expect("categories");
    let mut transforms = Vec::new();
    layers.transforms(&mut transforms);
    let rows = further.chunks_exact(L::COLUMNS).flat_map(|cells| {
        let mut row = cells.to_vec();
        for transform in &transforms {
            transform.apply(&mut row);
        }
        row
    });
    rows.collect()
}

/// Returns the tolerance of a result. It is relative for values that fill missing cells, which may be far from zero.
fn bound(step: &str, wanted: f64) -> f64 {
    let is_filled = ["mean", "median", "most_frequent", "constant"].contains(&step);
    if is_filled { 1e-12 * wanted.abs() } else { 1e-6 * wanted.abs().max(1.0) }
}

/// Returns the error of scikit-learn's power transformation of a constant column.
///
/// Its logarithms and exponentials round numbers far from zero, and the scale of such a column is 1, so the errors stay
/// visible. scikit-learn also does not recognise a constant column with missing cells; the power is then arbitrary.
fn scikit_learn_error(step: &str, fit: &[f64], column: usize) -> f64 {
    let cells: Vec<f64> = fit.iter().copied().skip(column).step_by(3).collect();
    let present: Vec<f64> = cells.iter().copied().filter(|cell| !cell.is_nan()).collect();
    let is_constant = present.iter().all(|cell| *cell == present[0]);
    match (step == "power" && is_constant, present.len() == cells.len()) {
        (true, true) => 1e-14 * present[0].abs(),
        (true, false) => f64::INFINITY,
        _ => 0.0,
    }
}

#[test]
fn steps_are_scikit_learns() {
    let (mut golden, mut faults) = (golden(), Vec::new());
    for case in 0..CASES {
        let (kinds, fit, further) = rows(case);
        let name = case.to_string();
        let mut check = |step: &'static str, found: Vec<f64>| {
            let key = golden.keys().copied().find(|key| *key == (&*name, step)).expect("a result");
            let wanted = golden.remove(&key).expect("a result");
            assert_eq!(found.len(), wanted.len());
            for (at, (found, wanted)) in found.iter().zip(&wanted).enumerate() {
                let is_same = found == wanted || found.is_nan() && wanted.is_nan();
                if is_same || (found - wanted).abs() <= bound(step, *wanted) + scikit_learn_error(step, &fit, at % 3) {
                    continue;
                }
                faults.push(format!(
                    "{step} of case {case}, kind {}, number {at}: {found} instead of {wanted}",
                    kinds[at % 3]
                ));
            }
        };
        check("standardize", results(built::<Standardize<3>>(), &fit, &further));
        check("min_max", results(built::<MinMax<3>>(), &fit, &further));
        check("mean", results(built::<Impute<3>>(), &fit, &further));
        check("median", results(built::<Impute<3, Median>>(), &fit, &further));
        check("most_frequent", results(built::<Impute<3, MostFrequent>>(), &fit, &further));
        let mut constant = built::<Impute<3, Constant>>();
        constant.set("value", -3.0);
        check("constant", results(constant, &fit, &further));
        check("max_abs", results(built::<MaxAbs<3>>(), &fit, &further));
        check("robust", results(built::<RobustScale<3>>(), &fit, &further));
        let mut robust = built::<RobustScale<3>>();
        robust.set("low", 10.0);
        robust.set("high", 85.0);
        check("robust_10_85", results(robust, &fit, &further));
        check("uniform", results(built::<QuantileTransform<3>>(), &fit, &further));
        check("normal", results(built::<QuantileTransform<3, Normal>>(), &fit, &further));
        check("uniform_7", results(built::<QuantileTransform<3, Uniform, 7>>(), &fit, &further));
        check("power", results(built::<PowerTransform<3>>(), &fit, &further));
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults[..faults.len().min(40)].join("\n"));
    let codes = [0.0, 1.0, 2.0, 3.0, -1.0];
    let mut check = |step: &'static str, found: Vec<f64>| assert_eq!(golden.remove(&("codes", step)), Some(found));
    check("one_hot", results(built::<OneHot<4, Zeros>>(), &codes[..4], &codes));
    check("drop_first", results(built::<DropFirst<OneHot<4, Zeros>>>(), &codes[..4], &codes));
    check("if_binary", results(built::<DropIfBinary<OneHot<4, Zeros>>>(), &codes[..4], &codes));
    for (name, least) in [("grouped_2", 2.0), ("grouped_3", 3.0)] {
        let mut grouped = built::<GroupInfrequent<4>>();
        grouped.set("min_frequency", least);
        check(name, results(grouped, &[0.0, 0.0, 0.0, 1.0, 2.0, 2.0], &codes));
    }
    let pairs = [[0.0, 1.0], [1.0, 2.0], [0.0, 0.0], [1.0, 1.0]].concat();
    let further = [pairs.clone(), vec![-1.0, 2.0, 1.0, -1.0]].concat();
    let several = built::<PerColumn<(DropIfBinary<OneHot<2, Zeros>>, OneHot<3, Zeros>)>>();
    check("several_if_binary", side_by_side(several, &pairs, &further));
    let several = built::<PerColumn<(OneHot<2, Zeros>, DropFirst<OneHot<3, Zeros>>)>>();
    check("several", side_by_side(several, &pairs, &further));
    let mut several = built::<PerColumn<(Ordinal<2, Constant>, Ordinal<3, Constant>)>>();
    (several.layers.0.value, several.layers.1.value) = (-7.0, -7.0);
    check("several_ordinal", side_by_side(several, &pairs, &further));
    let mut ordinal = built::<Ordinal<4, Constant>>();
    ordinal.set("value", -7.0);
    check("ordinal", results(ordinal, &codes[..4], &codes));
    assert!(golden.is_empty(), "{:?}", golden.keys());
}
