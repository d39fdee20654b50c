//! Every layer of the prelude stands in a model that compiles, is trained and predicts.

use std::collections::BTreeSet;

use dropgrid::{prelude::*, testing};

use crate::corners::corners;

/// Rows, as a program.
#[searchable]
struct Rows<#[grid(BatchNorm1D<8>, Identity)] Norm> {
    scale: Standardize<4>,
    first: (Linear<4, 8>, PReLU, Linear<8, 8>, ReLU),
    norm: Norm,
    second: (WeightNorm<Linear<8, 8>>, LayerNorm1D<8>, LeakyReLU, ELU, SELU),
    third: (Linear<8, 8>, SiLU, Mish, AccurateGeLU, FastGeLU),
    slopes: PReLU1D<8>,
    functions: GeneralizedResidual<(Linear<8, 8>, Tanh, Square), (Linear<8, 8>, Sigmoid, Abs)>,
    #[grid(0.1)]
    dropout: Dropout,
    #[grid(0.1)]
    alpha: AlphaDropout,
    #[grid(0.1)]
    gaussian: GaussianDropout,
    #[grid(0.1)]
    noise: GaussianNoise,
    one: DropoutOneIn<8>,
    body: Residual<(Linear<8, 8>, Tanh)>,
    again: Repeated<(Linear<8, 8>, Tanh), 2>,
    output: Linear<8, 3>,
}

/// Rows, on the tape.
#[searchable]
struct Taped {
    scale: MinMax<4>,
    first: (UnbiasedLinear<4, 8>, Sin, Cos),
    positive: (Square, Exp, Sqrt, Ln),
    parts: (SplitInto<(Linear<8, 8>, Linear<8, 8>)>, AddInto<(Softmax, LogSoftmax)>),
    output: Linear<8, 3>,
}

/// Images, as a program but for a bias.
#[searchable(input = 4)]
struct Images {
    images: Reshape<Rank3<1, 2, 2>>,
    first: (Conv2D<1, 4, 3, 1, 1>, BatchNorm2D<4>, PReLU1D<4>),
    bias: Bias2D<4>,
    #[grid(0.1)]
    dropout: Dropout2D,
    pool: (MaxPool2D<3, 1, 1>, AvgPool2D<3, 1, 1>),
    output: GeneralizedResidual<
        (Flatten2D, Linear<16, 3>),
        GeneralizedResidual<(MaxPoolGlobal, Linear<4, 3>), (AvgPoolGlobal, Linear<4, 3>)>,
    >,
}

/// Steps of a sequence, as a program.
#[searchable(input = 4)]
struct Steps {
    steps: Reshape<Rank2<2, 2>>,
    first: (Linear<2, 8>, Tanh),
    #[grid(0.1)]
    dropout: SpatialDropout1D,
    output: (Reshape<Rank1<16>>, Linear<16, 3>),
}

/// Sequences, as a program.
#[searchable(input = Rank2<2, 2>)]
struct Sequences {
    first: (Conv1D<2, 8, 3, 1, 1>, ReLU, LayerNorm1D<8>, PositionalEncoding),
    #[grid(0.1)]
    attention: MultiHeadAttention<8, 2>,
    #[grid(0.1)]
    encoder: TransformerEncoder<8, 2, 16>,
    pools: (MaxPool1D<3, 1, 1>, AvgPool1D<3, 1, 1>),
    #[grid(0.1)]
    memory: Lstm<8, 4, 2, AllStates, Bidirectional>,
    #[grid(0.1)]
    unit: Gru<8, 8, 2, AllStates, OneWay>,
    last: GeneralizedResidual<Lstm<8, 8, 1, LastState>, GlobalAverage>,
    output: Linear<8, 3>,
}

#[test]
fn models_of_every_layer_keep_their_promises_and_learn() {
    let data = corners(90, 2.0);
    macro_rules! check {
        ($($model:ident)+) => {$(
            testing::check::<$model>();
            let search = $model::search(Grid).cv(StratifiedKFold::new(2)).train(Train::adam(1e-2).epochs(20).batch_size(10));
            let report = search.seed(5).progress(false).fit(&data).expect("a report");
            assert!(report.best_score() > 0.6, "{}: {report}", stringify!($model));
            let bytes = report.fitted().to_bytes().expect("finite numbers");
            let again = Fitted::<$model, Classes<3>>::from_bytes(&bytes).expect("what was written");
            let rows = data.features();
            assert_eq!(again.predict_proba(rows).unwrap(), report.fitted().predict_proba(rows).unwrap());
        )+};
    }
    check!(Rows Taped Images Steps Sequences);
}

/// Codes of three words in a row of four, of which the first decides.
#[searchable(input = 4)]
struct Codes {
    words: Embedding<3, 8>,
    #[grid(0.0, 0.1)]
    encoder: TransformerEncoder<8, 2, 8>,
    output: (Reshape<Rank1<32>>, Linear<32, 3>),
}

#[test]
fn a_model_of_codes_learns_and_refuses_a_number_that_is_none() {
    let rows = |code: f32| -> Vec<[f32; 4]> {
        (0..90)
            .map(|at| [at % 3, at / 3 % 3, at / 5 % 3, at / 7 % 3].map(|code| code as f32))
            .chain([[code; 4]])
            .collect()
    };
    let labels: Vec<usize> = (0..90).map(|at| at % 3).chain([1]).collect();
    let search = |code: f32| {
        let data = Dataset::new(rows(code), Classes::<3>::new(labels.clone()).expect("labels")).expect("data");
        let search = Codes::search(Grid).cv(StratifiedKFold::new(2)).train(Train::adam(1e-2).epochs(10).batch_size(10));
        search.seed(5).progress(false).fit(&data)
    };
    let report = search(1.0).expect("a report");
    assert!(report.best_score() > 0.9, "{report}");
    let error = search(3.0).expect_err("a code that is none").to_string();
    assert_eq!(error, "row 91, column `0`: 3 is no category, expected a whole number in 0..3");
    testing::check::<Codes>();

    let fitted = report.fitted();
    for (number, column) in [(3.0, 2), (-1.0, 0), (0.5, 3), (1e9, 1)] {
        let mut row = [1.0_f32; 4];
        row[column] = number;
        let wanted = format!("row 2, column `{column}`: {number} is no category, expected a whole number in 0..3");
        let rows = Features::from_rows([[0.0, 1.0, 2.0, 0.0], row]).expect("features");
        assert_eq!(fitted.predict(&rows).expect_err("no code").to_string(), wanted);
        assert_eq!(fitted.decision_function(&rows).expect_err("no code").to_string(), wanted);
        assert_eq!(fitted.mc_predict(&rows, McDropout(3), 1).expect_err("no code").to_string(), wanted);
        let mut predictor = fitted.row_predictor().expect("a predictor");
        let error = predictor.predict(&row).expect_err("no code").to_string();
        assert_eq!(error, wanted.replace("row 2", "row 1"));
        assert!(predictor.predict(&[0.0, 1.0, 2.0, 0.0]).is_ok());
    }
}

/// An identity costs nothing: the same bits as without it, and no tensor.
#[test]
fn an_identity_is_nothing() {
    #[searchable]
    struct With<#[grid(Identity)] Norm> {
        hidden: (Linear<4, 8>, Tanh),
        norm: Norm,
        output: Linear<8, 3>,
    }
    #[searchable]
    struct Without {
        hidden: (Linear<4, 8>, Tanh, Identity),
        early: Identity,
        output: Linear<8, 3>,
    }
    let data = corners(60, 2.0);
    macro_rules! fitted {
        ($model:ident) => {{
            let search = $model::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(3));
            search.seed(5).progress(false).fit(&data).expect("a report").into_fitted()
        }};
    }
    let (with, without) = (fitted!(With), fitted!(Without));
    assert_eq!(with.predict_proba(data.features()).unwrap(), without.predict_proba(data.features()).unwrap());
    assert_eq!(With::describe().architectures[0].1, 4 * 8 + 8 + 8 * 3 + 3);
}

/// The words in a text, comments left out.
fn words(text: &str) -> BTreeSet<&str> {
    let lines = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines
        .flat_map(|line| line.split(|letter: char| !letter.is_alphanumeric()))
        .filter(|word| !word.is_empty())
        .collect()
}

#[test]
fn every_layer_of_the_prelude_stands_in_a_model() {
    // The prelude re-exports this module whole.
    let declared = include_str!("../../dropgrid-core/src/nn/mod.rs").split_once("pub mod builder {").expect("a list").1;
    let mut layers = words(declared);
    layers.retain(|word| word.starts_with(char::is_uppercase));
    assert!(layers.len() > 40, "{layers:?}");
    let models = [include_str!("every_layer.rs"), include_str!("columns/steps.rs")];
    let models = models.into_iter().flat_map(|text| text.split("#[searchable").skip(1));
    let used: BTreeSet<&str> = models.flat_map(|model| words(model.split("\n}").next().unwrap_or(model))).collect();
    let unused: Vec<_> = layers.difference(&used).collect();
    assert!(unused.is_empty(), "no model has {unused:?}");
}
