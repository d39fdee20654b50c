//! Facts about a search for its report.

use crate::{
    data::{Dataset, Truth},
    model::{Model, short_name},
    report::{Provenance, axis, fact, machine},
    search::bound::BoundSearch,
    space::{Space, architectures},
    train::TrainTarget,
};

/// Returns the source of the model's declaration and of the searchable structs in it; `None` if it is not known.
fn declaration<M: Model>() -> Option<String> {
    (!M::DECLARATION.is_empty()).then(|| M::declarations().join("\n\n"))
}

impl<M: Model, K: Truth> BoundSearch<'_, M, K> {
    /// Returns the hyperparameters and their possible values.
    fn axes(&self) -> Vec<dropgrid_view::Axis> {
        self.space.axes().iter().map(axis).collect()
    }

    /// Returns the name of the quantity that trainings monitor.
    fn monitored_name(&self) -> String {
        format!("validation {}", self.settings.recipe.monitor.name())
    }

    /// Returns the hyperparameters that determine an architecture, and the number of architectures.
    pub(super) fn architectures(&self) -> (Vec<String>, usize) {
        let axes = self.space.axes().into_iter().filter(|axis| axis.architecture).map(|axis| axis.name.to_owned());
        (axes.collect(), architectures(self.space).count())
    }

    /// Collects facts about the search for its report.
    pub(super) fn provenance<T: TrainTarget<Kind = K>>(&self, data: &Dataset<T>) -> Provenance {
        let recipe = &self.settings.recipe;
        let axes = self.space.axes();
        let axes: Vec<String> = axes.iter().map(|axis| format!("{} in {}", axis.name, axis.values)).collect();
        let facts = vec![
            fact("hyperparameters", axes.join("\n")),
            fact("seed", self.seed.0.to_string()),
            fact("strategy", format!("{:?}", self.strategy)),
            fact("data", format!("{} rows of {}", data.len(), data.features().width())),
            fact("targets", short_name::<T>()),
            fact("recipe", recipe.identity()),
            machine(),
        ];
        let model = M::NAME.split_whitespace().next().unwrap_or_default().to_owned();
        Provenance {
            model,
            axes: self.axes(),
            declaration: declaration::<M>(),
            monitored: Some(self.monitored_name()),
            facts,
            ..Provenance::default()
        }
    }
}
