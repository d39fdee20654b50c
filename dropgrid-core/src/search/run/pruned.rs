//! The candidates that a strategy prunes while the search runs, for hooks.

use super::{Fault, leader::Leader, proposal::guarded};
use crate::{data::Truth, model::Model, strategy::Strategy};

impl<M: Model, S: Strategy<M::Space>, K: Truth> Leader<'_, M, S, K> {
    /// Tells hooks of the candidates that the strategy has pruned since.
    pub(super) fn tell_pruned(&mut self) {
        let (strategy, hooks) = (self.search.strategy, &self.search.settings.hooks);
        if hooks.is_empty() || !strategy.watches() || self.fault.is_some() {
            return;
        }
        let search = self.search;
        let epochs = |params: &M::Params| search.epochs(params);
        let view = search.view(self.facts, &epochs, self.collected.trials());
        let told = &mut self.told;
        let tell = || {
            for pruned in strategy.eliminations(&view) {
                if told.insert(pruned.candidate) {
                    hooks.each(|hook| hook.pruned(pruned.candidate, &pruned.after, &pruned.reason));
                }
            }
        };
        if let Err(fault) = guarded(tell) {
            self.fault = Some(Fault::Strategy(fault));
        }
    }
}
