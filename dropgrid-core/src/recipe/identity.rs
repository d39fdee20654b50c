//! The text by which a study knows a recipe.

use super::Train;

/// The settings that the text has in any case.
const ALWAYS: [&str; 9] =
    ["optimizer", "lr", "batch_size", "momentum", "nesterov", "weight_decay", "beta1", "beta2", "eps"];

impl Train {
    /// The recipe as a study remembers it.
    ///
    /// The epochs are left out: a study knows each fit by its own.
    ///
    /// Beside the basic settings it has those that are not the default. A later release can therefore have more
    /// settings and still know the studies of an earlier one.
    pub(crate) fn identity(&self) -> String {
        let settings = self.settings().into_iter();
        let shown =
            settings.filter(|(name, _, is_default)| *name != "epochs" && (!is_default || ALWAYS.contains(name)));
        let shown: Vec<String> = shown.map(|(name, value, _)| format!("{name}: {value}")).collect();
        format!("Train {{ {} }}", shown.join(", "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_basic_settings_are_shown_in_any_case() {
        assert_eq!(
            Train::adamw(3e-4).momentum(0.9).identity(),
            "Train { optimizer: AdamW, lr: 0.0003, batch_size: 32, momentum: Some(0.9), nesterov: false, \
             weight_decay: 0.01, beta1: 0.9, beta2: 0.999, eps: 1e-8 }"
        );
    }

    #[test]
    fn any_other_setting_is_shown_where_it_is_not_the_default() {
        let text = Train::default().shuffle(false).ema(0.99).identity();
        assert!(text.ends_with("eps: 1e-8, shuffle: false, ema: Some(0.99) }"), "{text}");
    }
}
