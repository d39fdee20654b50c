//! By what a study knows a recipe again.

use std::fmt::Write;

use super::Train;

/// The text of the settings `always`, and of those of `more` that are not the default.
macro_rules! text {
    ($recipe:expr, never: $($never:ident),*; always: $first:ident, $($always:ident),+; more: $($more:ident),*) => {{
        // Without `..`, so that a setting that is in no list does not compile.
        let Train { $first, $($always,)+ $($more,)* $($never: _),* } = $recipe;
        let mut text = format!(concat!("Train {{ ", stringify!($first), ": {:?}"), $first);
        // Writing to a string cannot fail.
        $(let _ = write!(text, concat!(", ", stringify!($always), ": {:?}"), $always);)+
        $(if *$more != Train::default().$more {
            let _ = write!(text, concat!(", ", stringify!($more), ": {:?}"), $more);
        })*
        text + " }"
    }};
}

impl Train {
    /// The recipe as a study remembers it.
    ///
    /// The epochs are left out: a study knows each fit by its own.
    ///
    /// A study that is older than a setting knows nothing of it, so a setting that came later is told only where it is
    /// not the default, which is to do what was done before there was one.
    pub(crate) fn identity(&self) -> String {
        text!(
            self,
            never: epochs;
            always: optimizer, lr, batch_size, momentum, nesterov, weight_decay, beta1, beta2, eps;
            more: amsgrad, dampening, alpha, centered, schedule, clip_norm, clip_value, accumulate, drop_last,
            shuffle, ema,
            loss, label_smoothing, class_weight, pos_weight, huber_delta, focal_gamma, sample_weights,
            early_stopping, watch, stop_share,
            own_loss,
            mc_samples, threshold
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // What `{:?}` gave when the first studies were written.
    #[test]
    fn the_recipes_of_old_studies_keep_their_text() {
        assert_eq!(
            Train::adamw(3e-4).momentum(0.9).identity(),
            "Train { optimizer: AdamW, lr: 0.0003, batch_size: 32, momentum: Some(0.9), nesterov: false, \
             weight_decay: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-8 }"
        );
    }

    #[test]
    fn a_setting_that_came_later_is_told_where_it_is_not_the_default() {
        let text = Train::default().shuffle(false).ema(0.99).identity();
        assert!(text.ends_with("eps: 1e-8, shuffle: false, ema: Some(0.99) }"), "{text}");
    }
}
