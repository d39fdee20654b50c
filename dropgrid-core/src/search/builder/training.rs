//! Settings of the training: recipe, loss, hooks and stopping rules.

use std::marker::PhantomData;

use crate::{
    hook::{Epoch, Hook},
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

    /// Adds a hook that observes every training: a closure, called after each epoch, or a [`Hook`]. Several hooks are called in
    /// the order in which they were added.
    ///
    /// A hook changes nothing, so a study does not know of it. Fits that a study has already are not trained again, so no hook
    /// sees them.
    ///
    /// ```
    /// # use dropgrid_core::hook::{Epoch, FitInfo, Hook};
    /// # fn check(_: impl Hook) {}
    /// # check(
    /// |fit: &FitInfo, epoch: &Epoch| {
    ///     eprintln!("fold {:?}, epoch {}: loss {:.4}", fit.fold, epoch.number, epoch.train_loss);
    /// }
    /// # )
    /// ```
    pub fn hook(mut self, hook: impl Hook + 'static) -> Self {
        self.settings.hooks.add(hook);
        self
    }

    /// Adds a rule that ends a training after an epoch: pruning, or early stopping by your own criterion. `ends` gets the
    /// epochs so far, the last of which has just ended. The weights of that epoch are scored, or the best ones where
    /// [early stopping](crate::recipe::EarlyStopping) restores them. The record [names](crate::record::Details::stopped_by)
    /// the rule.
    ///
    /// A rule must decide the same for the same epochs. Then a search has the same bits for any number of workers and after a
    /// restart. A closure that reads nothing but its argument is such a rule; one that reads a clock or counts its calls is
    /// not. A study knows a rule by its `name`: a rule that decides differently needs another name.
    ///
    /// ```
    /// # use dropgrid_core::hook::Epoch;
    /// # fn check(_: &str, _: impl Fn(&[Epoch]) -> bool) {}
    /// # check(
    /// // No better than chance among ten classes after five epochs.
    /// "chance", |epochs: &[Epoch]| epochs.len() == 5 && epochs[4].train_loss > 2.3
    /// # )
    /// ```
    pub fn stop_when(
        mut self,
        name: impl Into<String>,
        ends: impl Fn(&[Epoch]) -> bool + Send + Sync + 'static,
    ) -> Self {
        self.settings.hooks.add_rule(name.into(), ends);
        self
    }
}
