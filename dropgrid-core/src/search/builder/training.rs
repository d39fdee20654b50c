//! Settings of the training: recipe and loss.

use std::marker::PhantomData;

use crate::{
    model::Model,
    recipe::Train,
    search::Search,
    strategy::Strategy,
    train::{CustomLoss, TrainTarget},
};

impl<M: Model, S: Strategy<M::Space>, C, L> Search<M, S, C, L> {
    /// Sets the training recipe. Fields of the model under `#[train]` override its settings.
    pub fn train(mut self, recipe: Train) -> Self {
        let own_loss = self.settings.recipe.own_loss.take();
        self.settings.recipe = Train { own_loss, ..recipe };
        self
    }

    /// Sets a loss that you write in place of the recipe's, for targets of type `T`. On data of other targets the search does not
    /// compile. A study knows the loss by its name.
    ///
    /// The closure does its own label smoothing and weighting: the recipe's settings of losses are refused beside it.
    pub fn loss<T: TrainTarget>(mut self, loss: CustomLoss<T>) -> Search<M, S, C, CustomLoss<T>> {
        self.settings.recipe.own_loss = Some(loss.into_own());
        let Self { space, strategy, scoring, settings, loss: _ } = self;
        Search { space, strategy, scoring, settings, loss: PhantomData }
    }
}
