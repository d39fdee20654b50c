//! Rust source for a fitted model.

use std::path::Path;

use super::Fitted;
use crate::{
    model::{Model, short_name},
    space::Params,
    train::loss::TrainTarget,
};

impl<M: Model, T: TrainTarget<Output = M::Output>> Fitted<M, T> {
    /// Generates the source of a Rust module with two functions. `params` returns the hyperparameters as a struct
    /// literal. `load` [loads](Self::load) the model from `path`, where [`save`](Self::save) wrote it.
    ///
    /// The module imports the model's struct from its parent.
    ///
    /// # Examples
    /// `dropgrid::file::write("src/winner.rs", fitted.to_rust("winner.safetensors"))?`
    pub fn to_rust(&self, path: impl AsRef<Path>) -> String {
        let (model, target) = (short_name::<M>(), short_name::<T>());
        let params = self.params.to_rust().replace('\n', "\n    ");
        let name = params.split([' ', '{']).next().unwrap_or_default();
        format!(
            "//! A model that dropgrid fitted: the winner of a search of `{model}`.\n\
             \n\
             use dropgrid::prelude::*;\n\
             \n\
             use super::*;\n\
             \n\
             /// Its hyperparameters.\n\
             pub fn params() -> {name} {{\n    {params}\n}}\n\
             \n\
             /// The model, from its file.\n\
             ///\n\
             /// # Errors\n\
             /// Where the file is not there, or not that of this model.\n\
             pub fn load() -> dropgrid::Result<Fitted<{model}, {target}>> {{\n    Fitted::load({:?})\n}}\n",
            path.as_ref().to_string_lossy(),
        )
    }
}
