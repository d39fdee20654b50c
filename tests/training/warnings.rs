//! Warnings about data and recipes, which say what to write; and that sound ones have none.

use dropgrid::{prelude::*, split::Warning};

#[searchable]
struct Normed {
    hidden: (Linear<4, 8>, BatchNorm1D<8>, ReLU),
    output: Linear<8, 2>,
}

#[searchable]
struct Bare {
    hidden: (Linear<4, 8>, ReLU),
    output: Linear<8, 2>,
}

#[searchable(input = Rank3<1, 4, 4>)]
struct Pictures {
    conv: (Conv2D<1, 2, 3>, BatchNorm2D<2>, ReLU),
    flat: Flatten2D,
    output: Linear<8, 2>,
}

#[searchable(input = Rank3<8, 8, 3>)]
struct ChannelsLast {
    conv: (Conv2D<8, 2, 3>, ReLU),
    flat: Flatten2D,
    output: Linear<12, 2>,
}

fn data(width: usize) -> Dataset<Classes<2>> {
    let row = |at: usize| (0..width).map(|column| ((at * 7 + column * 5) % 23) as f32 / 10.0).collect::<Vec<_>>();
    let labels = Classes::new((0..66).map(|at| at % 2)).expect("labels");
    Dataset::new((0..66).map(row), labels).expect("data")
}

/// What a search of one epoch on two folds of 33 rows tells.
macro_rules! told {
    ($model:ident, $data:expr, $recipe:expr) => {{
        let search = $model::search(Grid).cv(KFold::new(2)).train($recipe.epochs(1)).progress(false);
        let report = search.cross_validate(&$data).expect("a report");
        for warning in report.warnings() {
            assert!(report.to_string().contains(&format!("warning: {warning}")), "{report}");
        }
        report.warnings().to_vec()
    }};
}

#[test]
fn a_batch_of_one_row_under_a_batch_normalisation_is_told() {
    let (data, recipe) = (data(4), Train::default);
    let one = Warning::BatchOfOne { fold: 0, rows: 33, batch_size: 16 };
    assert_eq!(told!(Normed, data, recipe().batch_size(16)), std::slice::from_ref(&one));
    assert_eq!(
        one.to_string(),
        "fold 0 trains on 33 rows in batches of 16, so an epoch has a batch of one row, of which a batch normalisation \
         makes 0: add `.drop_last(true)` to the recipe or change `batch_size`"
    );
    assert!(told!(Normed, data, recipe().batch_size(16).drop_last(true)).is_empty());
    assert!(told!(Normed, data, recipe().batch_size(11)).is_empty());
    assert!(told!(Bare, data, recipe().batch_size(16)).is_empty(), "nothing there is normalised by the batch");
    // Rows that are set aside do not train: about a tenth of each fold.
    assert!(told!(Normed, data, recipe().batch_size(16).patience(3)).is_empty());
    let told: Vec<Warning> =
        [28, 29].iter().flat_map(|size| told!(Normed, data, recipe().batch_size(*size).patience(3))).collect();
    assert!(matches!(told[..], [Warning::BatchOfOne { rows: 29 | 30, .. }]), "{told:?}");
    // Each channel of one image has several numbers.
    assert!(told!(Pictures, self::data(16), recipe().batch_size(16)).is_empty());
}

#[test]
fn channels_last_are_told_with_the_shape_to_write() {
    let warnings = told!(ChannelsLast, data(192), Train::default());
    assert_eq!(warnings, [Warning::ChannelsLast { input: [8, 8, 3] }]);
    assert!(warnings[0].to_string().contains("write `input = Rank3<3, 8, 8>`"), "{}", warnings[0]);
}

#[test]
fn constant_columns_are_told_by_name() {
    let rows = (0..66).map(|at| [at as f32, 3.5, (at % 5) as f32, 0.0]);
    let features = Features::from_rows(rows).and_then(|it| it.with_names(["a", "b", "c", "d"])).expect("features");
    let data = Dataset::from_features(features, data(4).targets().clone()).expect("data");
    let warnings = told!(Bare, data, Train::default());
    assert_eq!(warnings, [Warning::ConstantColumns { columns: vec!["b".to_owned(), "d".to_owned()] }]);
    let words = "columns `b`, `d` have the same number in every row: leave them out";
    assert_eq!(warnings[0].to_string(), words);
}

#[searchable]
struct Digits {
    hidden: (Linear<64, 8>, ReLU),
    output: Linear<8, 10>,
}

#[searchable(input = Rank3<1, 8, 8>)]
struct DigitImages {
    conv: (Conv2D<1, 2, 3>, ReLU),
    flat: Flatten2D,
    output: Linear<72, 10>,
}

#[test]
fn the_examples_have_nothing_to_be_told() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/data/digits.csv");
    let digits = Dataset::from_csv(path, Classes::<10>::in_column("digit")).expect("a table");
    assert!(told!(Digits, digits, Train::default().batch_size(256)).is_empty());
    assert!(told!(DigitImages, digits, Train::default().batch_size(256)).is_empty());
}

#[test]
fn a_column_that_the_reader_left_out_is_told_in_the_report() {
    let line = |at: usize| {
        let features: Vec<String> = (0..4).map(|column| ((at * 7 + column * 5) % 23).to_string()).collect();
        format!("{at},{},{}\n", features.join(","), at % 2)
    };
    let text = format!(",a,b,c,d,y\n{}", (0..66).map(line).collect::<String>());
    let table = Csv::new().parse(&text).expect("a table");
    let data = table.dataset(Classes::<2>::in_column("y")).expect("data");
    let note = "column 0, without a name, is an index of the rows: no feature".to_owned();
    assert_eq!(told!(Bare, data, Train::default()), [Warning::Note { note }]);
}
