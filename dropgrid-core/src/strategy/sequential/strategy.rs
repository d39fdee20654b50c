//! The traits of a sequential strategy.

/// Makes a strategy and a source of candidates of a type with a `design`, by the function that chooses the next
/// candidate.
macro_rules! sequential_strategy {
    ($strategy:ident, $choose:ident) => {
        impl $strategy {
            /// A search of so many candidates.
            pub fn new(candidates: usize) -> Self {
                Self { design: crate::strategy::sequential::Design::new(candidates) }
            }

            /// The number of candidates at the points of [`Sobol`](crate::strategy::Sobol) before the first one by the
            /// model: by default 10, or two an axis where these are more.
            pub fn startup(mut self, candidates: usize) -> Self {
                self.design.startup = Some(candidates);
                self
            }

            /// The number of candidates just before a candidate whose scores it does not wait for; 4 by default. More
            /// lets more workers train side by side, and the model knows less. The candidates of a search depend on it.
            pub fn lag(mut self, candidates: usize) -> Self {
                self.design.lag = candidates;
                self
            }
        }

        impl<S: $crate::space::Space> $crate::strategy::Strategy<S> for $strategy {
            fn count(&self, view: &$crate::strategy::View<'_, S>) -> $crate::Result<Option<usize>> {
                self.design.count(view)
            }

            fn propose(&self, view: &$crate::strategy::View<'_, S>) -> $crate::strategy::Proposal<S::Params> {
                Ok(self.design.propose(view, stringify!($strategy), $choose))
            }

            fn warning(&self, view: &$crate::strategy::View<'_, S>) -> Option<$crate::split::Warning> {
                $crate::strategy::CandidateSource::warning(self, view.space)
            }

            fn learns(&self) -> bool {
                true
            }

            fn is_of_space(&self) -> bool {
                true
            }
        }

        /// The candidates in their order. As a source, the model learns from the smallest budget that a candidate has
        /// on every fold, whatever larger ones there are; scores of different budgets are compared by their distance
        /// from the mean of their budget, in its deviations.
        impl<S: $crate::space::Space> $crate::strategy::CandidateSource<S> for $strategy {
            fn size(&self, space: &S) -> $crate::Result<Option<u64>> {
                self.design.size(space)
            }

            fn candidates(
                &self,
                view: &$crate::strategy::View<'_, S>,
                numbers: std::ops::Range<u64>,
            ) -> $crate::Result<Vec<Option<S::Params>>, Box<dyn std::error::Error + Send + Sync>> {
                Ok(self.design.candidates(view, numbers, stringify!($strategy), $choose))
            }

            fn awaits_records(&self) -> bool {
                true
            }

            fn warning(&self, space: &S) -> Option<$crate::split::Warning> {
                $crate::strategy::points::few(space, self.design.candidates)
            }

            fn is_of_space(&self) -> bool {
                true
            }
        }
    };
}
pub(in crate::strategy) use sequential_strategy;
