//! Settings of the training: recipe, loss, hooks and stopping rules.

use std::marker::PhantomData;

use crate::{
    hook::{Epoch, Hook},
    model::Model,
    recipe::Train,
    search::Search,
    train::{CustomLoss, TrainTarget},
};

impl<M: Model, S, C, L> Search<M, S, C, L> {
    /// Sets the training recipe. Fields of the model under `#[train]` override its settings.
    pub fn train(mut self, recipe: Train) -> Self {
        let own_loss = self.settings.recipe.own_loss.take();
        self.settings.recipe = Train { own_loss, ..recipe };
        self
    }

    /// Sets a custom loss in place of the recipe's, for targets of type `T`. With data of another target type the
    /// search does not compile. A study identifies the loss by its name.
    ///
    /// The closure must do its own label smoothing and weighting. Loss settings of the recipe beside it are an error.
    pub fn loss<T: TrainTarget>(mut self, loss: CustomLoss<T>) -> Search<M, S, C, CustomLoss<T>> {
        self.settings.recipe.own_loss = Some(loss.into_own());
        let Self { space, strategy, scoring, settings, loss: _ } = self;
        Search { space, strategy, scoring, settings, loss: PhantomData }
    }

    /// Adds a hook that observes every training: a closure that is called after each epoch, or a [`Hook`]. Hooks are
    /// called in the order in which they were added.
    ///
    /// A hook changes no results, so it is not part of a study's identity. Fits that a study already has are not
    /// trained again, so hooks do not see them.
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

    /// Adds a rule that ends a training after an epoch, for pruning or for a custom early-stopping criterion. `ends`
    /// gets the epochs so far, the most recent one last, and returns true to stop. The weights of that epoch are
    /// scored, or the best weights if [early stopping](crate::recipe::EarlyStopping) restores them. The record
    /// [names](crate::record::Details::stopped_by) the rule.
    ///
    /// A rule must decide the same for the same epochs. Only then does a search give the same bits for any number of
    /// workers and after a restart. A closure that reads nothing but its argument satisfies this. A closure that reads
    /// a clock or counts its calls does not. A study identifies a rule by its `name`: a rule that decides differently
    /// needs another name.
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
