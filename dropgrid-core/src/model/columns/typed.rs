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
    note = "rows and targets are one value: `Dataset::new(rows, Classes::<3>::new(labels)?)?`",
    note = "a model takes a `Dataset`, or a `TypedDataset` of the rows that it declares by `#[searchable(rows = ..)]`"
)]
pub trait DataFor<M> {
    /// The targets.
    type Target: Target;

    /// The data without the type of its rows.
    fn dataset(&self) -> &Dataset<Self::Target>;
}

#[diagnostic::do_not_recommend]
impl<M, T: Target> DataFor<M> for Dataset<T> {
    type Target = T;

    fn dataset(&self) -> &Self {
        self
    }
}

#[diagnostic::do_not_recommend]
impl<M, R: RowOf<M>, T: Target> DataFor<M> for TypedDataset<R, T> {
    type Target = T;

    fn dataset(&self) -> &Dataset<T> {
        self
    }
}

/// Rows that a fitted `M` predicts: [`Features`], or rows of the type that the model declares.
#[diagnostic::on_unimplemented(
    message = "`{M}` does not predict `{Self}`",
    label = "not the rows of this model",
    note = "it takes `&Features`, and of the rows that it declares by `#[searchable(rows = ..)]` a slice, an array or a `Vec`",
    note = "rows of numbers become features by `Features::from_rows([[1.0, 2.0]])?`"
)]
pub trait FeaturesFor<M> {
    /// The rows as features.
    ///
    /// # Errors
    /// Those of [`Features::of`].
    fn features(&self) -> Result<Cow<'_, Features>>;
}

#[diagnostic::do_not_recommend]
impl<M> FeaturesFor<M> for Features {
    fn features(&self) -> Result<Cow<'_, Features>> {
        Ok(Cow::Borrowed(self))
    }
}

#[diagnostic::do_not_recommend]
impl<M, R: RowOf<M>> FeaturesFor<M> for [R] {
    fn features(&self) -> Result<Cow<'_, Features>> {
        Features::of(self).map(Cow::Owned)
    }
}

#[diagnostic::do_not_recommend]
impl<M, R: RowOf<M>> FeaturesFor<M> for Vec<R> {
    fn features(&self) -> Result<Cow<'_, Features>> {
        Features::of(self).map(Cow::Owned)
    }
}

#[diagnostic::do_not_recommend]
impl<M, R: RowOf<M>, const N: usize> FeaturesFor<M> for [R; N] {
    fn features(&self) -> Result<Cow<'_, Features>> {
        Features::of(self).map(Cow::Owned)
    }
}

/// The type of a row of the data that the model `M` declares.
#[cfg_attr(doc, doc(hidden))]
pub trait RowOf<M>: Row {}

#[diagnostic::do_not_recommend]
impl<M: Model<Row = R>, R: Row> RowOf<M> for R {}
