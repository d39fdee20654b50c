//! The traits of a sequential strategy.

/// Makes a strategy and a source of candidates of a type with a `design`, by the functions that choose the next
/// candidate and say what is expected of those with scores.
macro_rules! sequential_strategy {
    ($strategy:ident, $choose:ident, $expected:path) => {
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
            /// Where candidates are trained [fold by fold](Self::fold_by_fold), it is a number of fits.
            pub fn lag(mut self, candidates: usize) -> Self {
                self.design.lag = candidates;
                self
            }

            /// Trains candidates on a few folds first, so that more of them fit into the same time: after each new
            /// candidate, the one that is expected to be the best is trained on one fold more.
            ///
            /// A new candidate begins on as few folds as tell it from others: the standard error of its mean is then at
            /// most half of the distance from the median candidate to the best one. Where folds agree this is one fold,
            /// and where they do not it is all of them. All candidates have the same folds, initial weights and order
            /// of batches, so the effect of a fold, which they share there, is taken out of their means: scores on
            /// different folds are then compared, as by a process over candidates and folds ([Swersky, Snoek and Adams
            /// 2013](https://papers.nips.cc/paper/2013)). What is expected of a candidate is the mean of a Gaussian
            /// process, of more than 250 candidates their own mean.
            ///
            /// In the end the best candidate is trained on all folds. The report ranks the candidates with all folds
            /// first, and says how far behind each other one was expected to be. Every fit is a whole training. The
            /// decision of a fit waits for all fits but the last [`lag`](Self::lag) ones before it.
            ///
            /// A search with [constraints](crate::strategy::View::constraints), and a strategy over this one as its
            /// base, end with [`Error::Setting`](crate::Error::Setting) before any training.
            pub fn fold_by_fold(mut self) -> Self {
                self.design.by_fold = true;
                self
            }
        }

        impl<S: $crate::space::Space> $crate::strategy::Strategy<S> for $strategy {
            fn count(&self, view: &$crate::strategy::View<'_, S>) -> $crate::Result<Option<usize>> {
                self.design.count(view)
            }

            fn propose(&self, view: &$crate::strategy::View<'_, S>) -> $crate::strategy::Proposal<S::Params> {
                let name = stringify!($strategy);
                Ok(if self.design.by_fold {
                    self.design.propose_by_fold(view, name, $choose, $expected)
                } else {
                    self.design.propose(view, name, $choose)
                })
            }

            fn eliminations(&self, view: &$crate::strategy::View<'_, S>) -> Vec<$crate::strategy::Elimination> {
                if !self.design.by_fold {
                    return Vec::new();
                }
                let name = stringify!($strategy);
                self.design.eliminations_by_fold(view, name, $choose, $expected)
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
