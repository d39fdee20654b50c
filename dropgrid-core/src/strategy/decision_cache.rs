//! Decisions that strategies keep beside the records on which they were made.

use std::{
    any::Any,
    collections::HashMap,
    fmt,
    sync::{Mutex, PoisonError},
};

/// Decisions by the name of who made them.
///
/// A strategy is asked after every few records. Records are only ever added, so what was decided on some of them stays,
/// and a strategy that keeps it goes on from there in place of walking all candidates again. A cache changes no
/// decision: it belongs to one set of records, and a copy of these begins with an empty one.
#[derive(Default)]
pub(super) struct DecisionCache(Mutex<HashMap<String, Box<dyn Any + Send>>>);

impl DecisionCache {
    /// Calls `go_on` with the decisions of that name, which begin with the default. Decisions of a call that panics are
    /// forgotten.
    pub(super) fn with<T: Default + Send + 'static, R>(&self, name: &str, go_on: impl FnOnce(&mut T) -> R) -> R {
        let known = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
        let mut decisions = known.and_then(|known| known.downcast::<T>().ok()).unwrap_or_default();
        let result = go_on(&mut decisions);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), decisions);
        result
    }
}

impl Clone for DecisionCache {
    fn clone(&self) -> Self {
        Self::default()
    }
}

/// A kept decision says nothing that the records do not say.
impl PartialEq for DecisionCache {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl fmt::Debug for DecisionCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DecisionCache")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decisions_are_kept_until_the_records_are_copied() {
        let cache = DecisionCache::default();
        let next = |cache: &DecisionCache, name| {
            cache.with(name, |count: &mut u32| {
                *count += 1;
                *count
            })
        };
        assert_eq!([next(&cache, "a"), next(&cache, "a"), next(&cache, "b")], [1, 2, 1]);
        assert_eq!((next(&cache.clone(), "a"), next(&cache, "a")), (1, 3));
        // Another type under the same name begins anew.
        assert_eq!(cache.with("a", |text: &mut String| text.clone()), "");
        assert!(
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| cache.with("b", |_: &mut u32| panic!()))).is_err()
        );
        assert_eq!(next(&cache, "b"), 1);
    }
}
