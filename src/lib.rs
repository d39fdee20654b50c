//! Typed hyperparameter search for neural networks: one struct is the network and its search space.
//!
//! [`#[searchable]`](searchable) on a struct of layers generates a parameter space, a builder and a
//! [dfdx](https://docs.rs/dfdx/0.13.0) network; a [search](search::Search) trains every candidate on every fold,
//! scores it with dropout off, and trains the best one on all rows.
//!
//! ```
//! use dropgrid::prelude::*;
//!
//! /// Dense(16, relu), dropout, Dense(2).
//! #[searchable]
//! pub struct Mlp {
//!     hidden: (Linear<2, 16>, ReLU),
//!     #[grid(0.0, 0.2)]
//!     dropout: Dropout,
//!     output: Linear<16, 2>,
//! }
//!
//! # fn main() -> dropgrid::Result<()> {
//! // The larger of two numbers.
//! let rows: Vec<[f32; 2]> = (0..60).map(|i| [(i * 7 % 60) as f32 / 60.0, (i * 13 % 60) as f32 / 60.0]).collect();
//! let labels: Vec<usize> = rows.iter().map(|[a, b]| usize::from(b > a)).collect();
//! let data = Dataset::new(&rows, Classes::<2>::new(labels)?)?;
//!
//! let report = Mlp::search(Grid)
//!     .cv(StratifiedKFold::new(3).shuffle())
//!     .scoring((Accuracy, LogLoss))
//!     .train(Train::adam(1e-2).epochs(30).batch_size(8))
//!     .seed(42)
//!     .fit(&data)?;
//! assert!(report.best_score() > 0.8);
//! let rows = Features::from_rows([[0.1, 0.9], [0.9, 0.1]])?;
//! assert_eq!(report.fitted().predict(&rows)?, [1, 0]);
//!
//! // The model as the bytes of a safetensors file, and back; what dropout says of its doubts.
//! let again = Fitted::<Mlp, Classes<2>>::from_bytes(&report.fitted().to_bytes()?)?;
//! assert_eq!(again.predict_proba(&rows)?, report.fitted().predict_proba(&rows)?);
//! let doubts = again.mc_predict(&rows, McDropout(20), 7)?;
//! assert!(doubts.entropy().iter().all(|entropy| *entropy < 2.0_f64.ln()));
//! # Ok(())
//! # }
//! ```
//!
//! The guide begins with [the first search][first], sets programs in Keras, scikit-learn, KerasTuner, Optuna and PyTorch beside
//! their twins here, and looks up errors by their texts: its [contents]. `mdbook build docs/guide` makes a book of it.
//!
//! [first]: guide::first_search
//! [contents]: guide
//!
//! # Where things are
//!
//! | to | see |
//! |---|---|
//! | declare a model | [`#[searchable]`](searchable), the table of layers in [`nn`] |
//! | read data | [`Dataset`](data::Dataset), and the targets in [`data`] |
//! | set optimizer, loss, schedule and early stopping | [`Train`](recipe::Train) |
//! | choose folds and metrics | [`split`], [`metric`] |
//! | run, limit and resume a search | [`Search`](search::Search), [`Stop`](limit::Stop), [`Study`](study::Study) |
//! | choose a strategy, or write one | [`strategy`] |
//! | read and export scores and learning curves | [`Report`](report::Report), [`Results`](report::Results) |
//! | use the winner | [`Fitted`](train::Fitted) |
//! | watch trainings | [`hook`] |
//!
//! [`prelude`] has the names that most programs use.
//!
//! # Features
//!
//! | feature | brings | on by default |
//! |---|---|---|
//! | `search` | searches, strategies, reports; without it a fitted model is loaded and predicts | with `study` |
//! | `study` | [studies](study::Study) in files and Optuna's databases: SQLite, which a C compiler builds; `search`, `signals` | yes |
//! | `threads` | many rows are predicted on all cores; without it on the caller's thread | with `search` |
//! | `progress` | the bar on a terminal; without it a terminal gets the lines of a log | yes |
//! | `signals` | [`Stop::on_ctrl_c`](limit::Stop::on_ctrl_c), and files beyond a limit of size as errors | yes |
//! | `ndarray`, `npy`, `arrow`, `parquet` | other programs' arrays and tables | no |
//! | `onnx` | fitted models as [ONNX files](train::Fitted::to_onnx) | no |
//! | `cuda` | layers on dfdx's `Cuda` | no |
//!
//! A call of what a missing feature brings is an error that names it. With `search` alone a model is checked soonest.
//!
//! # What is checked, and when
//!
//! | fault | found |
//! |---|---|
//! | two layers whose shapes do not fit, in any candidate | does not compile |
//! | a width of an architecture that the struct does not list | `SpaceError::NotCompiled` before training |
//! | data with another number of classes than the network has outputs | does not compile |
//! | a label outside the classes, a value that is not finite, rows of different length | typed error when the data is made |
//! | data whose rows are longer or shorter than the network's input | [`DataError::InputWidth`] before training |
//! | a training setting or a layer's hyperparameter outside its range | typed error before training, for every value of every axis |
//! | a loss, or weights in it, that the targets do not have | typed error before training; of a closure, does not compile |
//! | a `Softmax` or `Sigmoid` last, where the loss applies it itself | does not compile |
//! | a hyperparameter whose JSON does not give it back | [`Error::Name`] before training |
//! | scoring a training pass, training on an evaluation batch | does not compile: [`phase`] |
//! | a fit that panics or diverges, or never trains some of its tensors | recorded as failed with its reason, the search goes on |
//!
//! Every random draw has a generator keyed by what it is for, [`seed`]: the [digest](report::Report::digest) of a report is
//! the same for one worker and for many.

/// The crate that networks are made of, in version 0.13: tensors, shapes and devices, for a layer of your own. See
/// `docs/own-layer.md`, which is [`guide::reference::own_layer`] here.
pub use dfdx;
#[cfg(all(feature = "study", feature = "signals"))]
pub use dropgrid_core::cluster;
pub use dropgrid_core::nn::{Preprocess, Settings, TakesCodes, TakesInput, Tunable};
pub use dropgrid_core::{
    DataError, Error, Failure, Result, ScoringError, SplitError, data, error, file, graph, hook, limit, metric, model,
    nn, phase, program, recipe, record, seed, space, split, train, view,
};
#[cfg(feature = "search")]
pub use dropgrid_core::{report, search, strategy, study, testing};

/// Declares a network and its search space in one struct with named fields.
///
/// A field is a layer, any type that dfdx can build: a layer, a tuple of layers, `Residual`, `Repeated`, a module of
/// your own. Layers are applied in the order of the fields. A field of a primitive type, or under `#[param]`, is a
/// hyperparameter; under `#[train]` it is a setting of the [training recipe](recipe::Train).
///
/// ```
/// use dropgrid::prelude::*;
///
/// #[searchable(forbid = HIDDEN == 32 && dropout > 0.4)]
/// struct Mlp<
///     #[grid(32, 64)] const HIDDEN: usize,                     // widths: each is a network type of its own
///     #[grid(ReLU, Tanh)] Act,                                 // layer types
/// > {
///     hidden: (Linear<4, HIDDEN>, Act),
///     #[grid(0.0..=0.5, step = 0.1)] dropout: Dropout,         // a layer's principal hyperparameter
///     #[grid(momentum: 0.05, 0.1)] norm: BatchNorm1D<HIDDEN>,  // or one of its settings, by name
///     #[set(p = dropout / 2.0)] late: Dropout,                 // tied to a hyperparameter
///     output: Linear<HIDDEN, 3>,
///
///     #[train] #[grid(log(1e-4..=1e-1), points = 4)] lr: f64,  // a training setting, by its name
///     #[train] #[grid(Optimizer::adam(), Optimizer::sgd())] optimizer: Optimizer,
///     #[train] #[when(optimizer.is_sgd())] #[grid(0.0, 0.9)] momentum: f64,  // exists only there
/// }
///
/// let space = Mlp::space();
/// assert_eq!(space.len(), (6 + 5) * 2 * 2 * 4 * 3);
/// assert_eq!(space.nth(1).unwrap().momentum, Some(0.0));
/// println!("{}", Mlp::describe());
/// let network: MlpNet<64, Tanh> = Mlp::builder().hidden::<64>().act::<Tanh>().dropout(0.15).norm(0.1).build(0)?;
/// assert_eq!(network.late.p, 0.075);
/// # Ok::<(), dropgrid::Error>(())
/// ```
///
/// # Axes
///
/// | attribute | values |
/// |---|---|
/// | `#[grid(a, b, c)]` | the list; constants and expressions too |
/// | `#[grid(0.0..=0.5, step = 0.1)]`, `#[quantized(..)]` with the same | steps, both ends among them |
/// | `#[grid(log(1e-4..=1e-1), points = 4)]` | logarithmic points, both ends among them |
/// | `#[uniform(0.0..0.5)]` | any number of the range, to be sampled |
/// | `#[log_uniform(1e-4..1e-1)]` | any number of the range, its logarithm uniform |
/// | `#[fixed(0.1)]` | one value |
///
/// Steps of whole numbers are exact. Logarithmic points and sampled whole numbers beyond 2^53 are rounded, and never
/// pass the ends.
///
/// An axis stands
///
/// - on a layer, where it searches its principal hyperparameter, which [`Tunable`] names: the rate of a `Dropout`, the
///   slope of a `LeakyReLU`; or a setting by name (`momentum: ..`), which [`Settings`] lists;
/// - on a const parameter of type `usize` or a type parameter of the struct. Each combination is compiled, at most 64
///   of them unless `#[searchable(max_architectures = 100)]` says otherwise. The axis has the parameter's name in
///   snake case; the params of a type axis `Act` hold an enum, `MlpAct::ReLU`. A layer that may be left out is searched
///   beside the one that does nothing: `#[grid(BatchNorm1D<UNITS>, Identity)] Norm`;
/// - on a `#[train]` field: `lr`, `schedule`, `epochs`, `batch_size`, `drop_last`, `shuffle`, `optimizer`, `momentum`,
///   `nesterov`, `dampening`, `weight_decay`, `beta1`, `beta2`, `amsgrad`, `alpha`, `centered`, `momentum_decay`,
///   `lr_decay`, `initial_accumulator_value`, `decoupled_weight_decay`, `eps`, `clip_norm`, `clip_value`, `accumulate`,
///   `ema`, `early_stopping`, `patience`, `min_delta`, `loss`, `label_smoothing`, `class_weight`, `pos_weight`,
///   `huber_delta`, `focal_gamma`, `sample_weights`, `mc_samples`, `threshold`;
/// - on a hyperparameter of your own, of any type that is `Clone`, `PartialEq`, `Debug` and goes through serde. A
///   candidate is known by the JSON of its values, so each value must have one JSON that gives it back. An infinity and a
///   `HashSet` have none, and are refused before training. Layers are tied to a hyperparameter by
///   `#[set(setting = expression)]`.
///
/// A width may be computed from searched ones, `Linear<{ 2 * HIDDEN }, 10>`; the network is then a type of each
/// architecture that the struct lists.
///
/// `#[searchable] block: Block` is a searchable struct as a layer, by itself, in a `Residual` or in a `Repeated`. Its axes are
/// axes of the model, named `block.dropout`; the params and the space of the model have those of the struct in a field. The
/// struct has neither `#[train]` fields nor searched parameters: write `Block<WIDTH>`, and search `WIDTH` in the model.
///
/// # Columns
///
/// The first fields may take columns of the data by name, side by side; their outputs follow each other in one row of
/// numbers, which the next field takes:
///
/// ```
/// use dropgrid::prelude::*;
///
/// #[searchable]
/// struct Survival<
///     #[grid(Mean, Median)] Fill,
///     #[grid(2, 4)] const WIDTH: usize,
/// > {
///     #[columns(age, fare)]
///     numbers: (Impute<2, Fill>, Standardize<2>),
///     #[columns(sex)]
///     sex: OneHot<2>,
///     #[columns("ticket class")]
///     class: Embed<3, WIDTH>,
///     hidden: (Linear<{ 4 + WIDTH }, 32>, ReLU),
///     output: Linear<32, 1>,
/// }
/// ```
///
/// Such a field holds a [step](nn::Step), a tuple of steps, or one that ends in an [`Embed`](nn::Embed). Steps are fitted
/// on the rows that a fold trains on, in double precision, and travel with the model. `#[columns(..)]` takes all columns
/// that no field names.
///
/// `#[searchable(rows = Passenger)]` names the type of a row, which derives [`Row`](macro@Row): a column that it has not,
/// another number of categories, and a missing cell that no step imputes do not compile. The model then is searched on a
/// [`TypedDataset`](data::TypedDataset), and predicts rows of that type: `fitted.predict(&[passenger])`. A data set of a
/// file is checked before any training. See `examples/penguins.rs`.
///
/// # Between axes
///
/// - `#[when(condition)]` on a hyperparameter or training setting: where the condition does not hold, it does not
///   exist. In the params it is an `Option`. The condition asks axes that are declared before it.
/// - `#[when(DEPTH > 1)] #[grid(16, 32)] const WIDTH2: usize`, the same on a parameter: only architectures that occur are compiled.
///
/// # What it generates
///
/// For a struct `Mlp`, with its visibility:
///
/// | item | what it is |
/// |---|---|
/// | `Mlp` | a unit struct with `search(strategy)`, `space()` and `builder()`; its attributes and derives stay on it, a `#[derive]` below `#[searchable]` |
/// | `MlpParams` | one candidate, a plain struct with a field for each axis; `Display`, `Serialize`, `Deserialize` |
/// | `MlpSpace` | the [space](space::Space), with a method for each axis that replaces its values; it goes through serde, so that a file may override axes |
/// | `MlpBuilder` | a network from explicit values; `build` exists once every hyperparameter is given |
/// | `MlpLayers` | the network: the struct's layers as public fields, generic over their types |
/// | `MlpNet` | `MlpLayers` with the declared layers, generic over what is searched: `MlpNet<64, Tanh>` |
/// | `MlpAct` | an enum for each searched type |
///
/// Documentation and lint attributes of a layer go to its field in `MlpLayers`, those of another field to its field in
/// `MlpParams`. Parameters of the struct that are not searched are `const`, and the model's own: `Mlp<784>`.
///
/// The network is a dfdx `Module` on batches without a gradient tape, a `ModuleMut` on batches with one, and a
/// `TensorCollection` whose tensors have the fields' names. `#[cfg]` and lint attributes of the struct go to all of it.
///
/// # Other arguments
///
/// - `#[searchable(input = 64)]`, or `input = Rank3<1, 8, 8>`: the shape of one sample, where no layer fixes it. A
///   layer of your own can fix it by [`TakesInput`].
/// - `#[searchable(rows = Passenger)]`: the type of a row of the data, see [above](#columns).
/// - `#[searchable(tests)]` writes tests of the model's promises into your crate: see [`testing`]. The model stands in
///   a module, not in a function.
/// - `#[searchable(crate = my_dropgrid)]`: the path of dropgrid where it has another name.
pub use dropgrid_macros::searchable;

/// Makes a struct a row of a data set: its fields are the columns. See [`data::Row`].
///
/// ```
/// use dropgrid::prelude::*;
///
/// #[derive(Row)]
/// struct Passenger {
///     age: Option<f32>,
///     fare: f64,
///     sex: Sex,
///     #[row(skip)]
///     survived: bool,
/// }
///
/// #[derive(Category)]
/// #[category(rename_all = "lowercase")]
/// enum Sex {
///     Female,
///     Male,
/// }
///
/// let passengers = [
///     Passenger { age: Some(22.0), fare: 7.25, sex: Sex::Male, survived: false },
///     Passenger { age: None, fare: 71.28, sex: Sex::Female, survived: true },
/// ];
/// let survived = Binary::new(passengers.iter().map(|passenger| passenger.survived))?;
/// let data = TypedDataset::new(&passengers, survived)?;
/// assert_eq!(data.features().names().unwrap(), ["age", "fare", "sex"]);
/// assert_eq!(data.features().categories(2).unwrap(), ["female", "male"]);
/// # Ok::<(), dropgrid::Error>(())
/// ```
pub use dropgrid_macros::Row;

/// Makes an enum the categories of a column: its variants are the categories. See [`data::Category`].
pub use dropgrid_macros::Category;

pub mod prelude;

#[doc(hidden)]
#[path = "private/mod.rs"]
pub mod __private;

// Rustdoc alone reads the pages.
#[cfg(doc)]
pub mod guide;
