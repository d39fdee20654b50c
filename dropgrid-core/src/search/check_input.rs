//! The check that the networks of a model take the rows of the data.

use crate::{
    data::Features,
    error::Result,
    model::{Init, Model, Network, Visitor, check_columns, layers_of},
    phase::check_width,
};

/// Checks that rows of the data have as many numbers as the networks of an architecture take, and, of one that is trained, that
/// its first fields prepare every column.
pub(super) struct CheckInput<'a> {
    pub(super) features: &'a Features,
    pub(super) is_trained: bool,
}

impl<M: Model> Visitor<M> for CheckInput<'_> {
    type Value = Result<()>;

    fn visit<N: Network<Output = M::Output>>(self, _build: impl FnOnce(&Init) -> Result<N>) -> Self::Value {
        check_width::<N::Sample>(self.features)?;
        if self.is_trained { check_columns::<M>(self.features, &layers_of::<N>(M::LAYERS)) } else { Ok(()) }
    }
}
