//! Facts about a search for its report.

use crate::{
    data::{Dataset, Truth},
    model::{Model, short_name},
    report::{Provenance, axis, fact, machine},
    search::bound::BoundSearch,
    space::Space,
    train::TrainTarget,
};

impl<M: Model, K: Truth> BoundSearch<'_, M, K> {
    /// The hyperparameters and the values that they can take.
    pub(super) fn axes(&self) -> Vec<dropgrid_view::Axis> {
        self.space.axes().iter().map(axis).collect()
    }

    /// Facts about the search for its report.
    pub(super) fn provenance<T: TrainTarget<Kind = K>>(&self, data: &Dataset<T>) -> Provenance {
        let recipe = &self.settings.recipe;
        let facts = vec![
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
            monitored: Some(recipe.monitor.name().to_owned()),
            facts,
            ..Provenance::default()
        }
    }
}
