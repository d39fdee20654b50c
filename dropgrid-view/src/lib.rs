//! The pictures of dropgrid: a search as plain data ([`SearchView`]), drawn as SVG ([`plots`]) and as one HTML page
//! ([`page`]).
//!
//! The crate knows no model, no training and no file of a study; whoever has a search describes it as a [`SearchView`].
//! Nothing here reads a clock, a file or a network, so that the same view gives the same bytes.
//!
//! # Examples
//! ```
//! use dropgrid_view::{Axis, Candidate, Domain, Metric, SearchView, Summary, page, plots};
//!
//! let candidate = |number: usize, dropout: f64, mean: f64| Candidate {
//!     number,
//!     params: vec![dropout.into()],
//!     summaries: vec![Summary { mean: Some(mean), std: Some(0.01), rank: 2 - number, ..Summary::default() }],
//!     ..Candidate::default()
//! };
//! let view = SearchView {
//!     title: "Mlp".to_owned(),
//!     metrics: vec![Metric { name: "accuracy".to_owned(), maximize: true }],
//!     axes: vec![Axis { name: "dropout".to_owned(), domain: Domain::levels([0.1.into(), 0.2.into()]) }],
//!     candidates: vec![candidate(0, 0.1, 0.95), candidate(1, 0.2, 0.97)],
//!     best: Some(1),
//!     ..SearchView::default()
//! };
//! assert!(page(&view).starts_with("<!doctype html>"));
//! assert!(plots(&view).iter().any(|plot| plot.name == "score-by-dropout" && plot.svg().starts_with("<svg")));
//! ```

pub mod escape;
mod markup;
mod number;
mod page;
mod plot;
mod view;

pub use page::{IndexEntry, Live, index_page, live_page, page};
pub use plot::{Plot, plots};
pub use view::{
    Axis, CalibrationBin, Candidate, Confusion, Curve, CurvePoint, Difference, Domain, Effect, Fact, Fits, Front,
    Importance, Metric, Predictions, Residuals, Roc, Rung, SearchView, State, Status, Summary,
};
