//! What looks at the trainings of a search.

use crate::{
    hook::{Epoch, Hook},
    model::Model,
    search::Search,
    strategy::Strategy,
};

impl<M: Model, S: Strategy<M::Space>, C, L> Search<M, S, C, L> {
    /// Lets something look at every training: a closure after each epoch, or a [`Hook`] with more to it. It may be called
    /// several times; hooks are called in the order in which they came.
    ///
    /// A hook changes nothing, so a study does not know of it. What a study has finished is not trained again, and no
    /// hook sees it.
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

    /// Ends a training after an epoch where `ends` says so of its epochs so far, the last of which is the one that has
    /// just ended: pruning, or stopping by a rule of one's own. The weights of that epoch are scored, or the best ones
    /// where [early stopping](crate::recipe::EarlyStopping) restores them; the record
    /// [says](crate::record::Details::stopped_by) that it was this rule.
    ///
    /// A rule has to say the same of the same epochs: then a search has the same bits for any number of workers and after
    /// a restart. It is not told of the candidate, of times and of other trainings, so a closure that looks at nothing
    /// but its argument is such a rule; one that reads a clock or counts its calls is not. A study knows a rule by its
    /// `name`: one that decides otherwise needs another name.
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
