//! Steps in a network: on both ways of training, and without a leak.

use dropgrid::prelude::*;

use crate::{own_layer::own_layer, scalers::Draw};

/// Every step, and an embedding, in front of one layer.
#[searchable]
pub(super) struct EveryStep {
    #[columns(a, b)]
    numbers: (WithIndicator<Impute<2, Median>>, MinMax<4>),
    #[columns(b)]
    imputed: (Impute<1, MostFrequent>, PowerTransform<1>, QuantileTransform<1, Uniform>),
    #[columns(c)]
    robust: (Impute<1, Mean>, RobustScale<1>),
    #[columns(d)]
    ranks: (MaxAbs<1>, QuantileTransform<1, Normal>, Standardize<1>),
    #[columns(e, f)]
    codes: PerColumn<(OneHot<3, Zeros>, DropIfBinary<OneHot<2>>)>,
    #[columns(f)]
    first: DropFirst<OneHot<2, Refusal>>,
    #[columns(e)]
    ordinal: Ordinal<3, Constant>,
    #[columns(e, f)]
    tables: PerColumn<(Embed<3, 2>, (Impute<1, OwnCategory<2>>, Embed<3, 2>))>,
    #[set(min_frequency = 15.0)]
    #[columns(e)]
    groups: (GroupInfrequent<3>, Embed<4, 2>),
    output: Linear<19, 1>,
}

/// The same on dfdx's tape.
#[searchable]
struct EveryStepTaped {
    #[columns(a, b)]
    numbers: (WithIndicator<Impute<2, Median>>, MinMax<4>),
    #[columns(b)]
    imputed: (Impute<1, MostFrequent>, PowerTransform<1>, QuantileTransform<1, Uniform>),
    #[columns(c)]
    robust: (Impute<1, Mean>, RobustScale<1>),
    #[columns(d)]
    ranks: (MaxAbs<1>, QuantileTransform<1, Normal>, Standardize<1>),
    #[columns(e, f)]
    codes: PerColumn<(OneHot<3, Zeros>, DropIfBinary<OneHot<2>>)>,
    #[columns(f)]
    first: DropFirst<OneHot<2, Refusal>>,
    #[columns(e)]
    ordinal: Ordinal<3, Constant>,
    #[columns(e, f)]
    tables: PerColumn<(Embed<3, 2>, (Impute<1, OwnCategory<2>>, Embed<3, 2>))>,
    #[set(min_frequency = 15.0)]
    #[columns(e)]
    groups: (GroupInfrequent<3>, Embed<4, 2>),
    output: Linear<19, 1>,
    opaque: Opaque,
}

/// A layer that no program has.
#[derive(Debug, Clone, Default)]
struct Opaque;

own_layer!(Opaque, |_layer, input| train: input, evaluate: input);

/// Sixty rows of six columns: two with missing cells, two far from zero or skewed, two of categories. In the rows from
/// 40 on all numbers but the far ones, whose origin is that of all rows, are multiplied by `scored`.
fn mixed(scored: f64) -> Dataset<Regression<1>> {
    let mut draw = Draw(11);
    let rows: Vec<[f64; 6]> = (0..60)
        .map(|at| {
            let mut number = || (draw.below(1000) as f64 - 300.0) / 50.0;
            let numbers = [number(), number(), 1e9 + number(), number().exp()];
            let factor = if at < 40 { 1.0 } else { scored };
            let is_missing = |column: usize| column < 2 && at % (5 + 2 * column) == 1;
            let factors = [factor, factor, 1.0, factor];
            let cell = |column: usize| if is_missing(column) { f64::NAN } else { numbers[column] * factors[column] };
            let codes = [draw.below(3), draw.below(2)].map(|code| code as f64);
            [cell(0), cell(1), cell(2), cell(3), codes[0], codes[1]]
        })
        .collect();
    let targets = Regression::new(rows.iter().map(|row| [row[3].ln() + row[4]])).expect("targets");
    let features = Features::with_missing(&rows).and_then(|it| it.with_names(["a", "b", "c", "d", "e", "f"]));
    let features = features.and_then(|it| it.with_categories(4, ["x", "y", "z"])).expect("features");
    Dataset::from_features(features.with_categories(5, ["no", "yes"]).expect("features"), targets).expect("data")
}

/// The scores of one training on the first forty rows: on them, and on the other twenty.
macro_rules! scores {
    ($model:ident, $scored:expr) => {{
        let splits = SplitList::new([((0..40).collect::<Vec<_>>(), (40..60).collect::<Vec<_>>())]);
        let search = $model::search(Grid).cv(splits).progress(false).train_scores(true).scoring(MeanSquaredError);
        let report =
            search.train(Train::adam(1e-2).epochs(15).batch_size(8)).cross_validate(&mixed($scored)).expect("a report");
        let record = report.results().candidates()[0].records()[0].clone();
        (record.train_scores.expect("scores")[0], record.outcome.expect("scores")[0])
    }};
}

#[test]
fn every_step_is_the_same_as_a_program_and_on_the_tape() {
    let (program, taped) = (scores!(EveryStep, 1.0), scores!(EveryStepTaped, 1.0));
    assert!(program.0 < 35.0, "it learns: {program:?}");
    for (program, taped) in [(program.0, taped.0), (program.1, taped.1)] {
        assert!((program - taped).abs() <= 1e-4 * taped, "{program} and {taped}");
    }
}

#[test]
fn no_step_sees_a_scored_row() {
    let (once, again) = (scores!(EveryStep, 1.0), scores!(EveryStep, 250.0));
    assert_eq!(once.0.to_bits(), again.0.to_bits(), "scored rows changed a training");
    assert!((once.1 - again.1).abs() > 0.0);
}
