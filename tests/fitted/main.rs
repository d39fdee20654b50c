//! Fitted models: what they predict, and that a file gives them back bit by bit or says why not.

#[path = "../support/corners.rs"]
mod corners;
mod files;
mod hostile;
mod names;
#[cfg(feature = "onnx")]
mod onnx;
#[cfg(feature = "onnx")]
#[path = "../support/own_layer.rs"]
mod own_layer;
mod predictions;
mod rows;

use std::{fs, path::PathBuf};

use dropgrid::{
    Error,
    error::{LoadError, TensorFault},
    prelude::*,
};

/// Every kind of number that a file has to keep: weights, running statistics, a setting, a searched type.
#[searchable]
pub struct Mlp<#[grid(4, 8)] const HIDDEN: usize, #[grid(ReLU, Tanh)] Act> {
    hidden: (Linear<4, HIDDEN>, Act),
    #[grid(momentum: 0.1, 0.3)]
    norm: BatchNorm1D<HIDDEN>,
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<HIDDEN, 3>,
    #[train]
    #[grid(1e-2)]
    lr: f64,
    #[train]
    #[grid(Optimizer::adam(), Optimizer::sgd())]
    optimizer: Optimizer,
    #[train]
    #[when(optimizer.is_sgd())]
    #[grid(0.9)]
    momentum: f64,
}

/// Another model under the same name.
mod other {
    use dropgrid::prelude::*;

    #[searchable]
    pub struct Mlp<#[grid(4, 8)] const HIDDEN: usize> {
        hidden: (Linear<4, HIDDEN>, ReLU),
        output: Linear<HIDDEN, 3>,
    }
}

/// The same layers, of which only one width is left.
mod narrowed {
    use dropgrid::prelude::*;

    #[searchable]
    pub struct Mlp<#[grid(4)] const HIDDEN: usize, #[grid(ReLU, Tanh)] Act> {
        hidden: (Linear<4, HIDDEN>, Act),
        #[grid(momentum: 0.1, 0.3)]
        norm: BatchNorm1D<HIDDEN>,
        #[grid(0.1, 0.2)]
        dropout: Dropout,
        output: Linear<HIDDEN, 3>,
        #[train]
        #[grid(1e-2)]
        lr: f64,
        #[train]
        #[grid(Optimizer::adam(), Optimizer::sgd())]
        optimizer: Optimizer,
        #[train]
        #[when(optimizer.is_sgd())]
        #[grid(0.9)]
        momentum: f64,
    }
}

#[searchable]
struct Small {
    hidden: (Linear<2, 2>, Tanh),
    #[grid(0.25)]
    dropout: Dropout,
    output: Linear<2, 1>,
}

#[searchable]
struct Pair {
    hidden: (Linear<2, 3>, Tanh),
    #[grid(0.25)]
    dropout: Dropout,
    output: Linear<3, 2>,
}

/// What a report's `fitted().to_rust(..)` wrote, as a user's crate has it.
#[rustfmt::skip]
#[allow(unreachable_pub)]
#[path = "../golden/winner.rs"]
mod winner;

fn named() -> Dataset<Classes<3>> {
    let data = corners::corners(90, 2.0);
    let targets = data.targets().clone().with_names(["left", "middle", "right"]).expect("three names");
    Dataset::from_features(data.features().clone(), targets).expect("as many rows")
}

/// The model of candidate `index`, trained for a moment.
fn fitted(index: usize) -> Fitted<Mlp, Classes<3>> {
    let params = Mlp::space().nth(index).expect("a candidate");
    let search = Mlp::search(Only(params)).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(2)).seed(7);
    search.fit(&named()).expect("a report").into_fitted()
}

fn points() -> Features {
    Features::from_rows((0..40).map(|at| [(at % 7) as f32 / 3.0 - 1.0, (at % 5) as f32 / 2.0 - 1.0])).expect("points")
}

fn small() -> Fitted<Small, Binary> {
    let targets = Binary::new((0..40).map(|at| at % 7 > at % 5)).expect("both classes");
    let data = Dataset::from_features(points(), targets.with_names(["no", "yes"]).expect("two names")).expect("data");
    let search = Small::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(3)).seed(1);
    search.fit(&data).expect("a report").into_fitted()
}

fn pair<T: dropgrid::train::TrainTarget<Output = dfdx::shapes::Rank1<2>>>(targets: T) -> Fitted<Pair, T>
where
    dropgrid::metric::Default: dropgrid::metric::Scoring<T::Kind>,
{
    let data = Dataset::from_features(points(), targets).expect("data");
    let search = Pair::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(3));
    search.fit(&data).expect("a report").into_fitted()
}

#[test]
fn a_model_comes_back_from_its_bytes_with_every_bit() {
    let data = named();
    for index in 0..Mlp::space().len() {
        let fitted = fitted(index);
        let bytes = fitted.to_bytes().expect("finite numbers");
        let loaded = Fitted::<Mlp, Classes<3>>::from_bytes(&bytes).expect("what was written");
        assert_eq!(loaded.params(), fitted.params());
        assert_eq!(loaded.seed(), Some(7));
        assert_eq!(loaded.predict_proba(data.features()).unwrap(), fitted.predict_proba(data.features()).unwrap());
        assert_eq!(loaded.predict_names(data.features()).unwrap(), fitted.predict_names(data.features()).unwrap());
        assert_eq!(loaded.to_bytes().expect("finite numbers"), bytes, "the same model is the same bytes");
    }
}

#[test]
fn the_architecture_is_that_of_the_hyperparameters() {
    let params = MlpParams { hidden: 8, act: MlpAct::Tanh, ..Mlp::space().nth(0).expect("a candidate") };
    let index = Mlp::space().index_of(&params).expect("one of the space");
    let loaded = Fitted::<Mlp, Classes<3>>::from_bytes(&fitted(index).to_bytes().unwrap()).expect("what was written");
    assert!(loaded.network::<MlpNet<8, Tanh>>().is_some());
    assert!(loaded.network::<MlpNet<4, Tanh>>().is_none() && loaded.network::<MlpNet<8, ReLU>>().is_none());
    let norm = &loaded.network::<MlpNet<8, Tanh>>().expect("that network").norm;
    assert_eq!(norm.momentum, params.norm);
    let is_fitted = norm.running_mean.as_vec().iter().any(|mean| *mean != 0.0);
    assert!(is_fitted, "running statistics come along");
}

#[test]
fn every_kind_of_target_comes_back() {
    let binary = small().with_threshold(0.3).expect("a probability");
    let loaded = Fitted::<Small, Binary>::from_bytes(&binary.to_bytes().unwrap()).expect("what was written");
    assert_eq!(loaded.threshold(), 0.3);
    assert_eq!(loaded.predict_names(&points()).unwrap(), binary.predict_names(&points()).unwrap());

    let flags = MultiLabel::<2>::new((0..40).map(|at| [at % 7 > 3, at % 5 > 2])).expect("flags");
    let flags = pair(flags.with_names(["up", "right"]).expect("two names"));
    let loaded = Fitted::<Pair, MultiLabel<2>>::from_bytes(&flags.to_bytes().unwrap()).expect("what was written");
    assert_eq!(loaded.predict_names(&points()).unwrap(), flags.predict_names(&points()).unwrap());

    let numbers =
        pair(Regression::<2>::new((0..40).map(|at| [f64::from(at % 7), f64::from(at % 5)])).expect("numbers"));
    let loaded = Fitted::<Pair, Regression<2>>::from_bytes(&numbers.to_bytes().unwrap()).expect("what was written");
    assert_eq!(loaded.predict(&points()).unwrap(), numbers.predict(&points()).unwrap());
    // The target is part of what a model is.
    let error = Fitted::<Pair, MultiLabel<2>>::from_bytes(&numbers.to_bytes().unwrap()).expect_err("another target");
    let words = "cannot load the model: this is another model: the target is regression, expected multi-label";
    assert_eq!(error.to_string(), words);
}

#[test]
fn the_winner_is_written_as_rust() {
    let fitted = fitted(3);
    let source = fitted.to_rust("target/winner.safetensors");
    assert_eq!(source, include_str!("../golden/winner.rs"), "written again by `cargo test --test fitted`:\n{source}");
    assert_eq!(winner::params(), *fitted.params());
    let before = std::env::current_dir().expect("a folder");
    assert_eq!(before, std::path::Path::new(env!("CARGO_MANIFEST_DIR")), "tests run in the package's folder");
    fs::create_dir_all("target").expect("a folder");
    fitted.save("target/winner.safetensors").expect("room on the disk");
    let loaded = winner::load().expect("what was written");
    assert_eq!(loaded.to_bytes().unwrap(), fitted.to_bytes().unwrap());
}

/// Rows for readers in other languages, as they stand in their files.
fn shown() -> Features {
    let row = |at: usize| [0, 1, 2, 3].map(|column| ((at * 13 + column * 7) % 23) as f32 / 4.0 - 2.5);
    Features::from_rows((0..12).map(row)).expect("rows")
}

/// Numbers as text: a row a line.
fn text(rows: impl Iterator<Item = Vec<f64>>) -> String {
    rows.map(|row| row.iter().map(f64::to_string).collect::<Vec<_>>().join(" ") + "\n").collect()
}

/// What `tests/golden/fitted.py` reads: a model, rows, and what the model says of them.
#[test]
fn files_for_readers_in_python() {
    let folder = std::env::var_os("DROPGRID_FITTED").map_or_else(|| env!("CARGO_TARGET_TMPDIR").into(), PathBuf::from);
    fs::create_dir_all(&folder).expect("a folder");
    for index in [0, 10] {
        let (fitted, rows) = (fitted(index), shown());
        let file = |end: &str| folder.join(format!("model{index}.{end}"));
        fitted.save(file("safetensors")).expect("room on the disk");
        let rows_of = |row: usize| rows.row(row).iter().map(|&value| f64::from(value)).collect();
        fs::write(file("rows"), text((0..rows.len()).map(rows_of))).expect("room on the disk");
        let logits = fitted.decision_function(&rows).unwrap().into_iter().map(Vec::from);
        fs::write(file("logits"), text(logits)).expect("room on the disk");
        let again = Fitted::<Mlp, Classes<3>>::load(file("safetensors")).expect("what was written");
        assert_eq!(again.decision_function(&rows).unwrap(), fitted.decision_function(&rows).unwrap());
    }
}

/// A file of an earlier release is read by every later one, and gives what PyTorch gave for it.
#[test]
fn files_of_format_1_say_what_pytorch_says() {
    let fitted =
        Fitted::<Mlp, Classes<3>>::from_bytes(include_bytes!("../golden/fitted1.safetensors")).expect("format 1");
    let logits = fitted.decision_function(&shown()).unwrap();
    let golden: Vec<Vec<f64>> = include_str!("../golden/fitted1.txt")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.split(' ').map(|number| number.parse().expect("a number")).collect())
        .collect();
    assert_eq!(golden.len(), logits.len());
    for (row, expected) in logits.iter().zip(&golden) {
        // Sums in another order, in single precision.
        assert!(row.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-5), "{row:?}, expected {expected:?}");
    }
}

/// A scaler, whose statistics come from the data and are no weights.
#[searchable]
struct Scaled {
    scale: Standardize<4>,
    #[grid(0.1)]
    dropout: Dropout,
    output: Linear<4, 3>,
}

#[test]
fn what_a_scaler_was_fitted_to_comes_along() {
    let search = Scaled::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(1));
    let fitted = search.fit(&named()).expect("a report").into_fitted();
    let loaded = Fitted::<Scaled, Classes<3>>::from_bytes(&fitted.to_bytes().unwrap()).expect("what was written");
    let mean = |fitted: &Fitted<Scaled, _>| fitted.network::<ScaledNet>().expect("that network").scale.mean.as_vec();
    assert_eq!(mean(&loaded), mean(&fitted));
    assert!(mean(&loaded).iter().all(|mean| *mean != 0.0), "they were fitted");
    assert_eq!(loaded.predict_proba(&shown()).unwrap(), fitted.predict_proba(&shown()).unwrap());
}

/// A hyperparameter that JSON has no number for.
#[searchable]
struct Wild {
    #[param]
    #[grid(f64::INFINITY)]
    scale: f64,
    #[set(p = 1.0 / scale)]
    dropout: Dropout,
    output: Linear<4, 3>,
}

#[test]
fn hyperparameters_that_would_not_come_back_are_not_trained() {
    let search = Wild::search(Grid).cv(KFold::new(2)).train(Train::adam(1e-2).epochs(1));
    let error = search.fit(&named()).expect_err("JSON has no infinity").to_string();
    let words = "axis `scale`: inf is null in JSON, by which a candidate is known, and that is not read: ";
    assert!(error.starts_with(words), "{error}");
}
