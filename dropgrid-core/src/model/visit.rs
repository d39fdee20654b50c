//! The call of a visitor with a network.

use std::fmt;

use super::{Init, Model, NetworkOf, Visitor};
use crate::{
    error::Result,
    nn::{ExportFn, FitStatistics, Lower},
};

/// Calls a visitor with the network type `N`: by [`Visitor::visit_lowered`] where `N` is [`Lower`], else by
/// [`Visitor::visit`].
///
/// The compiler decides where it knows the type: a method of the type itself precedes one of a trait, and this type's
/// own method exists only for networks that are [`Lower`].
#[doc(hidden)]
pub struct Visit<N> {
    fitting: Option<FitStatistics<N>>,
    exporting: Option<ExportFn<N>>,
    codes: Option<usize>,
}

impl<N> Visit<N> {
    /// A call for the network type `N`. `fitting` fits the statistics of a network that has some, `exporting` exports
    /// one that can be exported, `codes` is the number of codes of one that takes codes.
    pub fn new(fitting: Option<FitStatistics<N>>, exporting: Option<ExportFn<N>>, codes: Option<usize>) -> Self {
        Self { fitting, exporting, codes }
    }
}

impl<N: Lower> Visit<N> {
    /// Calls [`Visitor::visit_lowered`].
    ///
    /// # Errors
    /// Never. The result has the type of [`Model::visit`]'s.
    pub fn visit<M, V: Visitor<M>>(self, visitor: V, build: impl FnOnce(&Init) -> Result<N>) -> Result<V::Value>
    where
        M: Model,
        N: NetworkOf<M>,
    {
        Ok(visitor.visit_lowered::<N>(|init| init.network(build, self.fitting, self.exporting, self.codes)))
    }
}

/// The call of a [`Visit`] for networks that are not [`Lower`].
#[doc(hidden)]
pub trait VisitTaped<N>: Sized {
    /// Calls [`Visitor::visit`].
    ///
    /// # Errors
    /// Never. The result has the type of [`Model::visit`]'s.
    fn visit<M, V: Visitor<M>>(self, visitor: V, build: impl FnOnce(&Init) -> Result<N>) -> Result<V::Value>
    where
        M: Model,
        N: NetworkOf<M>;
}

impl<N> VisitTaped<N> for Visit<N> {
    fn visit<M, V: Visitor<M>>(self, visitor: V, build: impl FnOnce(&Init) -> Result<N>) -> Result<V::Value>
    where
        M: Model,
        N: NetworkOf<M>,
    {
        Ok(visitor.visit::<N>(|init| init.network(build, self.fitting, self.exporting, self.codes)))
    }
}

impl<N> fmt::Debug for Visit<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Visit<{}>", std::any::type_name::<N>())
    }
}
