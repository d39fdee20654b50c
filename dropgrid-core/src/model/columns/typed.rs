//! Data and rows of the type that a model declares.

use std::borrow::Cow;

use crate::{
    data::{Dataset, Features, Row, Target, TypedDataset},
    error::Result,
    model::Model,
};

/// Data that a search of the model `M` takes: a [`Dataset`], or a [`TypedDataset`] of the rows that the model declares.
#[diagnostic::on_unimplemented(
    message = "`{M}` does not take `{Self}`",
    label = "not the data of this model",
    note = "a model that declares `#[searchable(rows = Passenger)]` takes a `TypedDataset<Passenger, _>`, and any model a `Dataset`"
)]
pub trait DataFor<M> {
    /// The targets.
    type Target: Target;

    /// The data without the type of its rows.
    fn dataset(&self) -> &Dataset<Self::Target>;
}

impl<M, T: Target> DataFor<M> for Dataset<T> {
    type Target = T;

    fn dataset(&self) -> &Self {
        self
    }
}

impl<M: Model<Row = R>, R: Row, T: Target> DataFor<M> for TypedDataset<R, T> {
    type Target = T;

    fn dataset(&self) -> &Dataset<T> {
        self
    }
}

/// Rows that a fitted `M` predicts: [`Features`], or rows of the type that the model declares.
#[diagnostic::on_unimplemented(
    message = "`{M}` does not predict `{Self}`",
    label = "not the rows of this model",
    note = "it takes `&Features`, and where it declares `#[searchable(rows = Passenger)]` a slice, an array or a `Vec` of them"
)]
pub trait FeaturesFor<M> {
    /// The rows as features.
    ///
    /// # Errors
    /// Those of [`Features::of`].
    fn features(&self) -> Result<Cow<'_, Features>>;
}

impl<M> FeaturesFor<M> for Features {
    fn features(&self) -> Result<Cow<'_, Features>> {
        Ok(Cow::Borrowed(self))
    }
}

impl<M, R: RowOf<M>> FeaturesFor<M> for [R] {
    fn features(&self) -> Result<Cow<'_, Features>> {
        Features::of(self).map(Cow::Owned)
    }
}

impl<M, R: RowOf<M>> FeaturesFor<M> for Vec<R> {
    fn features(&self) -> Result<Cow<'_, Features>> {
        Features::of(self).map(Cow::Owned)
    }
}

impl<M, R: RowOf<M>, const N: usize> FeaturesFor<M> for [R; N] {
    fn features(&self) -> Result<Cow<'_, Features>> {
        Features::of(self).map(Cow::Owned)
    }
}

/// The type of a row of the data that the model `M` declares.
#[diagnostic::on_unimplemented(
    message = "`{M}` does not predict rows of type `{Self}`",
    label = "not the rows of this model",
    note = "a model that declares `#[searchable(rows = Passenger)]` takes rows of that type, and any model `&Features`",
    note = "rows of numbers become features by `Features::from_rows([[1.0, 2.0]])?`"
)]
#[cfg_attr(doc, doc(hidden))]
pub trait RowOf<M>: Row {}

#[diagnostic::do_not_recommend]
impl<M: Model<Row = R>, R: Row> RowOf<M> for R {}
