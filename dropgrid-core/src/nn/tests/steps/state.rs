//! Tests of the statistics of steps and of their errors.

use dfdx::nn::tensor_collection::TensorCollection;

use super::*;
use crate::{
    error::{DataError, Error},
    nn::{Cells, Fill, Part, each_part, each_part_mut},
};

const NAN: f64 = f64::NAN;

/// Returns rows of three columns: one far from zero, one with ties and missing cells, one skewed.
fn cells() -> Vec<f64> {
    let row = |at: u32| {
        let n = f64::from(at * 37 % 101);
        [1.7e9 + n / 3.0, if at % 4 == 1 { NAN } else { n % 5.0 }, (n / 7.0).exp() - 4.0]
    };
    (0..50).flat_map(row).collect()
}

/// Checks that a step changes nothing before it is fitted, unless it `fills` missing cells. Checks that its parts,
/// copied to a newly built step, give the same transform.
fn check<L>(fills: bool, settings: &[(&str, f64)])
where
    L: BuildOnDevice<Cpu, f32>,
    L::Built: Step + TensorCollection<f32, Cpu>,
{
    let name = std::any::type_name::<L>();
    let cells = cells();
    let width = <L::Built as Step>::COLUMNS;
    let (fit, further) = cells.split_at(cells.len() / 2 / width * width);
    let mut fitted = built::<L>();
    let set = each_part_mut(&mut fitted, |path, part| {
        if let Part::Setting(value) = part
            && let Some((_, wanted)) = settings.iter().find(|(setting, _)| path.ends_with(setting))
        {
            *value = *wanted;
        }
        Ok(())
    });
    set.expect("settings");
    fitted.fit(fit).expect("values");
    let wanted = transformed(&*fitted.transform(), width, further);

    let (mut tensors, mut values, mut names) = (Vec::new(), Vec::new(), Vec::new());
    let read = each_part(&fitted, |path, part| {
        match part {
            Part::Tensor(tensor, is_trained) => {
                assert!(!is_trained, "{name}: {path}");
                let numbers = tensor.numbers();
                assert!(numbers.iter().all(|number| number.is_finite()), "{name}: {path} is {numbers:?}");
                tensors.push(numbers);
            }
            Part::Setting(value) => values.push(value),
        }
        names.push(path);
        Ok(())
    });
    read.expect("parts");
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count, "{name}: two parts have the same name");
    assert_eq!(values.len(), settings.len(), "{name}: {names:?}");

    let mut other = built::<L>();
    let unfitted = transformed(&*other.transform(), width, further);
    let is_same = |a: &[f64], b: &[f64]| a.iter().map(|x| x.to_bits()).eq(b.iter().map(|x| x.to_bits()));
    assert!(fills || is_same(&unfitted, further), "{name} changes cells before it is fitted");
    let (mut tensors, mut values) = (tensors.into_iter(), values.into_iter());
    let written = each_part_mut(&mut other, |_, part| {
        match part {
            Part::Tensor(tensor, _) => tensor.replace(tensors.next().expect("a tensor"))?,
            Part::Setting(value) => *value = values.next().expect("a value"),
        }
        Ok(())
    });
    written.expect("parts");
    assert!(is_same(&transformed(&*other.transform(), width, further), &wanted), "{name}");
    assert!(!is_same(&wanted, further), "{name} does nothing");
}

#[test]
fn a_step_is_its_tensors_and_settings() {
    check::<Impute<3>>(true, &[]);
    check::<Impute<3, Median>>(true, &[]);
    check::<Impute<3, MostFrequent>>(true, &[]);
    check::<Impute<3, Constant>>(true, &[("value", -3.5)]);
    check::<WithIndicator<Impute<3, Median>>>(true, &[]);
    check::<WithIndicator<Impute<3, Constant>>>(true, &[("value", 1e-3)]);
    check::<Standardize<3>>(false, &[]);
    check::<MinMax<3>>(false, &[("low", -1.0), ("high", 2.0)]);
    check::<RobustScale<3>>(false, &[("low", 5.0), ("high", 90.0)]);
    check::<PowerTransform<3>>(false, &[]);
    check::<QuantileTransform<3>>(false, &[]);
    check::<QuantileTransform<3, Normal, 20>>(false, &[]);
    check::<MaxAbs<3>>(false, &[]);
}

#[test]
fn settings_have_their_defaults_and_faults() {
    let mut robust = built::<RobustScale<1>>();
    assert_eq!((robust.low, robust.high), (25.0, 75.0));
    robust.set("low", 80.0);
    assert_eq!(robust.fault(), Some(("low is 80 and high is 75".to_owned(), "low not above high")));
    robust.set("high", 80.0);
    assert_eq!(robust.fault(), None);
    assert_eq!(built::<Impute<1, Constant>>().value, 0.0);
    let mut chain = built::<(Impute<1, Constant>, RobustScale<1>)>();
    for (setting, value) in [("value", 2.5), ("low", 10.0)] {
        set(&mut chain, setting, value);
    }
    assert_eq!((chain.0.value, chain.1.low, fault(&chain)), (2.5, 10.0, None));
    set(&mut chain, "low", 80.0);
    assert!(fault(&chain).expect("a fault").0.starts_with("low is 80"));
    assert_eq!(built::<Ordinal<3, Constant>>().value, -1.0);
}

/// Sets a setting of a chain by name.
fn set(chain: &mut impl ColumnLayer<f32, Cpu>, setting: &str, value: f64) {
    chain.set_by_name(setting, value);
}

/// Returns the fault of a chain's settings.
fn fault(chain: &impl ColumnLayer<f32, Cpu>) -> Option<(String, &'static str)> {
    chain.settings_fault()
}

/// Returns the column that the error names as without a value.
#[track_caller]
fn without_value(fitted: crate::error::Result<()>) -> usize {
    match fitted {
        Err(Error::Data(DataError::NoValue { column })) => column,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_column_without_a_value_is_an_error_that_names_it() {
    let cells = [1.0, NAN, 2.0, NAN, NAN, NAN];
    assert_eq!(without_value(built::<Impute<2>>().fit(&cells)), 1);
    assert_eq!(without_value(built::<Impute<2, Median>>().fit(&cells)), 1);
    assert_eq!(without_value(built::<WithIndicator<Impute<2, MostFrequent>>>().fit(&cells)), 1);
    assert_eq!(without_value(built::<Standardize<2>>().fit(&cells)), 1);
    assert_eq!(without_value(built::<MinMax<2>>().fit(&cells)), 1);
    assert_eq!(without_value(built::<RobustScale<2>>().fit(&cells)), 1);
    assert_eq!(without_value(built::<MaxAbs<2>>().fit(&cells)), 1);
    assert_eq!(without_value(fit_chain(&mut built::<(Standardize<2>, Impute<2>)>(), &cells)), 1);
    let mut several = built::<PerColumn<(MinMax<1>, (MaxAbs<1>, Impute<1>))>>();
    assert_eq!(without_value(fit_chain(&mut several, &cells)), 1);
    assert_eq!(without_value(built::<PowerTransform<2>>().fit(&cells)), 1);
    assert_eq!(without_value(built::<QuantileTransform<2>>().fit(&cells)), 1);
    built::<Impute<2, Constant>>().fit(&cells).expect("the constant is said");
    built::<Impute<2, OwnCategory<3>>>().fit(&cells).expect("the category is said");
    let error = built::<Impute<2>>().fit(&cells).expect_err("no value").to_string();
    assert_eq!(
        error,
        "column 1 of the step has no value in the rows that are trained on: leave the column out, or write \
         `Impute<N, Constant>` to give its cells a value"
    );
}

#[test]
fn missing_cells_are_filled_and_others_stay() {
    let cells = [3.0, 1.0, NAN, 1.0, 1.0, NAN, 2.0, 2.0];
    let filled = |step: &dyn crate::nn::Transform| transformed(step, 2, &[NAN, NAN, 9.0, -1.0]);
    macro_rules! check {
        ($($step:ty: $wanted:expr;)+) => {$(
            let mut step = built::<$step>();
            step.fit(&cells).expect("values");
            assert_eq!(filled(&*step.transform()), $wanted, stringify!($step));
        )+};
    }
    check! {
        Impute<2>: [2.0, 4.0 / 3.0, 9.0, -1.0];
        Impute<2, Median>: [2.0, 1.0, 9.0, -1.0];
        Impute<2, MostFrequent>: [1.0, 1.0, 9.0, -1.0];
        Impute<2, OwnCategory<4>>: [4.0, 4.0, 9.0, -1.0];
        WithIndicator<Impute<2, Median>>: [2.0, 1.0, 1.0, 1.0, 9.0, -1.0, 0.0, 0.0];
    }
    let mean = Mean::of(vec![1.7e9 + 0.25, 1.7e9 + 0.75], 0.0);
    assert_eq!(mean, Some(1.7e9 + 0.5));
}

#[test]
fn codes_that_are_no_category_are_refused() {
    let refused = |fitted: crate::error::Result<()>| match fitted {
        Err(Error::Data(DataError::NotACategory { value, categories })) => (value, categories),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(built::<OneHot<3>>().fit(&[0.0, 3.0])), (3.0, 3));
    assert_eq!(refused(built::<DropFirst<OneHot<3>>>().fit(&[0.5])), (0.5, 3));
    assert_eq!(refused(built::<Ordinal<3>>().fit(&[2.0, -2.0])), (-2.0, 3));
    assert_eq!(refused(fit_chain(&mut built::<Embed<3, 2>>(), &[4.0])), (4.0, 3));
    for (code, wanted) in [(2.0, [0.0, 1.0]), (0.0, [0.0, 0.0])] {
        assert_eq!(transformed(&*built::<DropFirst<OneHot<3>>>().transform(), 1, &[code]), wanted);
    }
    for code in [-1.0, NAN, 3.0] {
        let numbers = transformed(&*built::<OneHot<3>>().transform(), 1, &[code]);
        assert!(numbers.len() == 3 && numbers.iter().all(|number| number.is_nan()), "{code}: {numbers:?}");
        assert!(transformed(&*built::<Ordinal<3>>().transform(), 1, &[code])[0].is_nan());
    }
}

/// Returns the sizes of a declared layer and the cells that it takes.
fn shape<L: BuildOnDevice<Cpu, f32, Built: ColumnLayer<f32, Cpu>>>() -> (usize, usize, Cells) {
    (L::Built::COLUMNS, L::Built::WIDTH, L::Built::TAKES.of(0))
}

#[test]
fn a_chain_takes_what_its_layers_can_use() {
    assert_eq!(shape::<Standardize<3>>(), (3, 3, Cells::NUMBER), "a missing cell would reach the network");
    assert_eq!(shape::<(Impute<2>, Standardize<2>)>(), (2, 2, Cells::NUMBER.or_missing()));
    assert_eq!(shape::<(Standardize<2>, WithIndicator<Impute<2>>)>(), (2, 4, Cells::NUMBER.or_missing()));
    assert_eq!(shape::<OneHot<5>>(), (1, 5, Cells::category(5)));
    assert_eq!(shape::<DropFirst<OneHot<5, Zeros>>>(), (1, 4, Cells::category(5).or_unknown()));
    assert_eq!(shape::<(Ordinal<4>, Impute<1>, MinMax<1>)>(), (1, 1, Cells::category(4).or_missing()));
    assert_eq!(shape::<Ordinal<4, Constant>>(), (1, 1, Cells::category(4).or_unknown()));
    let frequent = shape::<(Impute<1, MostFrequent>, OneHot<3, Zeros>)>();
    assert_eq!(frequent, (1, 3, Cells::category(3).or_missing().or_unknown()));
    assert_eq!(shape::<(Impute<1, OwnCategory<8>>, Embed<9, 4>)>(), (1, 4, Cells::category(8).or_missing()));
    assert_eq!(shape::<Impute<2, MostFrequent>>(), (2, 2, Cells::NUMBER.or_missing()));
}

/// Before layers for categories, a constant must be a code of each column's categories.
#[test]
fn a_constant_is_a_category_of_what_follows() {
    let mut chain = built::<(Impute<1, Constant>, OneHot<3>)>();
    for (value, is_code) in [(0.0, true), (2.0, true), (3.0, false), (-1.0, false), (0.5, false)] {
        set(&mut chain, "value", value);
        assert_eq!(fault(&chain).is_none(), is_code, "{value}");
    }
    let mut several = built::<(Impute<2, Constant>, PerColumn<(Embed<4, 2>, OneHot<2>)>)>();
    for (value, is_code) in [(1.0, true), (2.0, false)] {
        set(&mut several, "value", value);
        assert_eq!(fault(&several).is_none(), is_code, "{value}");
    }
    let mut numbers = built::<(Impute<1, Constant>, Standardize<1>)>();
    set(&mut numbers, "value", -2.5);
    assert_eq!(fault(&numbers), None);
}

#[test]
fn layers_side_by_side_take_cells_of_their_own() {
    type Several = PerColumn<(Standardize<2>, OneHot<3>, (Impute<1, OwnCategory<4>>, Embed<5, 2>))>;
    assert_eq!(shape::<Several>(), (4, 7, Cells::NUMBER));
    type Filled = (Impute<2, MostFrequent>, PerColumn<(OneHot<2>, OneHot<5, Zeros>)>);
    fn cells<L: BuildOnDevice<Cpu, f32, Built: ColumnLayer<f32, Cpu>>>(at: usize) -> Cells {
        L::Built::TAKES.of(at)
    }
    let wanted = [Cells::NUMBER, Cells::NUMBER, Cells::category(3), Cells::category(4).or_missing()];
    assert_eq!([0, 1, 2, 3].map(cells::<Several>), wanted);
    assert_eq!(cells::<Filled>(0), Cells::category(2).or_missing());
    assert_eq!(cells::<Filled>(1), Cells::category(5).or_missing().or_unknown());
    for (code, wanted) in [(1.0, vec![1.0]), (0.0, vec![0.0])] {
        assert_eq!(transformed(&*built::<DropIfBinary<OneHot<2>>>().transform(), 1, &[code]), wanted);
    }
}

/// Computes the output of a layer in an evaluation pass.
fn evaluated(layer: &impl ColumnLayer<f32, Cpu>, cells: &[f64]) -> Vec<f32> {
    layer.forward_columns(cells, &Cpu::default(), dfdx::tensor::NoneTape).expect("memory").as_vec()
}

/// Each step of a chain is fitted on the output of the step before it.
#[test]
fn a_chain_is_fitted_step_by_step() {
    let mut chain = built::<(Impute<1, Median>, Standardize<1>, PowerTransform<1>, RobustScale<1>, MinMax<1>)>();
    let column: Vec<f64> = cells().into_iter().skip(1).step_by(3).collect();
    fit_chain(&mut chain, &column).expect("values");
    let (mut cells, further) = (column.clone(), [NAN, 17.0]);
    let mut wanted = further.to_vec();
    macro_rules! by_hand {
        ($($step:ty),+) => {$(
            let mut step = built::<$step>();
            step.fit(&cells).expect("values");
            cells = transformed(&*step.transform(), 1, &cells);
            wanted = transformed(&*step.transform(), 1, &wanted);
        )+};
    }
    by_hand!(Impute<1, Median>, Standardize<1>, PowerTransform<1>, RobustScale<1>, MinMax<1>);
    let found = evaluated(&chain, &further);
    assert_eq!(found, wanted.iter().map(|number| *number as f32).collect::<Vec<f32>>());
    // The range is stored in single precision, the minimum with 48 bits.
    assert!(cells.iter().all(|cell| (-1e-12..=1.0 + 1e-7).contains(cell)));
}
