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
//! // Which of two numbers is larger.
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
//! println!("Best: {:.6} using {}", report.best_score(), report.best_params());
//! let classes = report.fitted().predict(&Features::from_rows([[0.1, 0.9], [0.9, 0.1]])?)?;
//! assert_eq!(classes, [1, 0]);
//! # Ok(())
//! # }
//! ```
//!
//! # What is checked, and when
//!
//! | fault | found |
//! |---|---|
//! | two layers whose shapes do not fit, in any candidate | does not compile |
//! | a width of an architecture that the struct does not list | [`Error::NotCompiled`] before training |
//! | data with another number of classes than the network has outputs | does not compile |
//! | a label outside the classes, a value that is not finite, rows of different length | typed error when the data is made |
//! | data whose rows are longer or shorter than the network's input | [`Error::InputWidth`] before training |
//! | a training setting or a layer's hyperparameter outside its range | typed error before training, for every value of every axis |
//! | scoring a training pass, training on an evaluation batch | does not compile: [`phase`] |
//! | a fit that panics or diverges | recorded as failed with its reason, the search goes on |
//!
//! # Same seed, same bits
//!
//! Every random draw has a generator keyed by what it is for: see [`seed`]. The [digest](report::Report::digest) of a
//! report is the same for one worker and for many.

pub use dropgrid_core::nn::{Settings, TakesInput, Tunable};
pub use dropgrid_core::{
    Error, Failure, Result, data, error, metric, model, nn, phase, recipe, record, report, search, seed, space, split,
    strategy, testing, train,
};

/// Declares a network and its search space in one struct with named fields.
///
/// A field is a layer, any type that dfdx can build: a layer, a tuple of layers, `Residual`, `Repeated`, a module of
/// your own. Layers are applied in the order of the fields. What is searched stands beside what it is a value of:
///
/// - `#[grid(0.1, 0.2, 0.3)]` on a layer searches its principal hyperparameter, which [`Tunable`] names: the rate of a
///   `Dropout`, the slope of a `LeakyReLU`.
/// - `#[grid(32, 64)] const HIDDEN: usize` among the struct's generics searches a width. Each width is compiled as a
///   network type of its own, and its axis has the parameter's name in lower case.
/// - `#[train] #[grid(1e-3, 3e-3)] lr: f64` searches a setting of the [training recipe](recipe::Train): `lr`, `epochs`
///   or `batch_size`.
///
/// Candidates are numbered in the order of declaration, widths first, the last axis fastest.
///
/// # What it generates
///
/// For a struct `Mlp`, with its visibility:
///
/// | item | what it is |
/// |---|---|
/// | `Mlp` | a unit struct with `search(strategy)`, `space()` and `builder()` |
/// | `MlpParams` | one candidate, a plain struct with a field for each axis; `Display`, `Serialize`, `Deserialize` |
/// | `MlpSpace` | the [space](space::Space), with a method for each axis that replaces its values |
/// | `MlpBuilder` | a network from explicit values; `build` exists once every hyperparameter is given |
/// | `MlpLayers` | the network: the struct's layers as public fields, generic over their types |
/// | `MlpNet` | `MlpLayers` with the declared layers, generic over the widths: `MlpNet<64>` |
///
/// The network is a dfdx `Module` on batches without a gradient tape, a `ModuleMut` on batches with one, and a
/// `TensorCollection` whose tensors have the fields' names.
///
/// # Arguments
///
/// - `#[searchable(input = 64)]`, or `input = Rank3<1, 8, 8>`: the shape of one sample, where no layer fixes it. A
///   layer of your own can fix it by [`TakesInput`].
/// - `#[searchable(crate = my_dropgrid)]`: the path of dropgrid where it has another name.
///
/// # Examples
/// ```
/// use dropgrid::prelude::*;
///
/// #[searchable]
/// struct Mlp<#[grid(32, 64)] const HIDDEN: usize> {
///     hidden: (Linear<4, HIDDEN>, ReLU),
///     #[grid(0.1, 0.2, 0.3)]
///     dropout: Dropout,
///     output: Linear<HIDDEN, 3>,
///     #[train]
///     #[grid(1e-3, 3e-3)]
///     lr: f64,
/// }
///
/// assert_eq!(Mlp::space().len(), 12);
/// assert_eq!(Mlp::space().nth(7), Some(MlpParams { hidden: 64, dropout: 0.1, lr: 3e-3 }));
/// let network: MlpNet<64> = Mlp::builder().hidden::<64>().dropout(0.15).build(0)?;
/// assert_eq!(network.dropout.p, 0.15);
/// # Ok::<(), dropgrid::Error>(())
/// ```
pub use dropgrid_macros::searchable;

pub mod prelude;

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
