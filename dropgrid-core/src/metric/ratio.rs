//! Precision and recall but for what they divide.

/// A metric that divides two counts of each class or flag, and averages the ratios: its type with its documentation,
/// its name in results, what the ratio lacks where it is 0/0, and its numerator and denominator.
macro_rules! ratio {
    ($(#[$meta:meta])* $metric:ident, $name:literal, $support:expr, $ratio:expr) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $metric<K = $crate::data::Labels> {
            over: $crate::metric::averaging::Over,
            kind: ::std::marker::PhantomData<fn() -> K>,
        }

        #[doc = concat!(
            "[`", stringify!($metric), "::binary`](struct@", stringify!($metric),
            "): the metric by its name alone, as scikit-learn's `scoring=\"", $name, "\"`."
        )]
        #[allow(non_upper_case_globals, reason = "metrics without settings are written so")]
        pub const $metric: $metric = $metric::binary();

        const _: () = {
            use std::marker::PhantomData;

            use $crate::{
                data::{Flags, Labels},
                error::Result,
                metric::{Averaging, Counted, Direction, Measured, Metric, Needs, Scored, averaging::Over},
            };

            impl $metric<Labels> {
                /// The ratio of class 1, the positive one of two.
                pub const fn binary() -> Self {
                    Self { over: Over::Binary, kind: PhantomData }
                }

                /// The ratio of one class against the rest.
                pub const fn of_class(class: usize) -> Self {
                    Self { over: Over::Class(class), kind: PhantomData }
                }
            }

            impl $metric<Flags> {
                /// The mean over the rows of the ratio of each row's flags.
                pub const fn samples() -> Self {
                    Self { over: Over::Samples, kind: PhantomData }
                }
            }

            impl<K: Counted> $metric<K> {
                /// The ratio of each class or flag, averaged.
                pub const fn averaged(averaging: Averaging) -> Self {
                    Self { over: Over::All(averaging), kind: PhantomData }
                }
            }

            impl<K: Counted> Metric for $metric<K> {
                type Kind = K;

                fn name(&self) -> String {
                    self.over.name($name)
                }

                fn identity(&self) -> String {
                    self.name()
                }

                fn direction(&self) -> Direction {
                    Direction::Maximize
                }

                fn best(&self) -> Option<f64> {
                    Some(1.0)
                }

                fn needs(&self) -> Needs {
                    Needs::Labels
                }

                fn check(&self, classes: usize) -> Result<()> {
                    self.over.check(|| self.name(), classes)
                }

                fn measure(&self, scored: &Scored<'_, K>) -> Result<Measured> {
                    self.over.average(scored, $support, $ratio)
                }
            }
        };
    };
}
pub(super) use ratio;
