//! Features that are off, in the words of the compiler.
//!
//! A function that its feature would bring exists without it, too, with a bound that nothing meets, so that a call of
//! it is an error that names the feature.

use std::marker::PhantomData;

/// Has none of the features that are off.
#[doc(hidden)]
#[derive(Debug)]
pub struct Off<'a>(PhantomData<&'a ()>);

macro_rules! feature {
    ($($feature:literal: $bound:ident, $message:literal;)*) => {$(
        #[doc = concat!("The feature `", $feature, "`.")]
        #[cfg(not(feature = $feature))]
        #[diagnostic::on_unimplemented(
            message = $message,
            label = "its feature is off",
            note = "add the feature to those of dropgrid in Cargo.toml, or leave out `default-features = false`"
        )]
        #[doc(hidden)]
        pub trait $bound {}
    )*};
}

feature! {
    "search": SearchFeature, "searches need the feature `search` of dropgrid";
    "study": StudyFeature, "studies in files, and databases of Optuna, need the feature `study` of dropgrid";
    "signals": SignalsFeature, "stopping by Ctrl-C needs the feature `signals` of dropgrid";
}
