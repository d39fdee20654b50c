//! Every level that this processor has, one after the other, in the thread of a test.

use std::cell::Cell;

use super::{Level, best};

thread_local! {
    static LEVEL: Cell<Option<Level>> = const { Cell::new(None) };
}

pub(super) fn level() -> Option<Level> {
    LEVEL.get()
}

/// What `run` gives on each level, the base first.
pub(crate) fn on_each<R>(run: impl Fn() -> R) -> Vec<(Level, R)> {
    /// Ends the force when `run` panics, too.
    struct End;
    impl Drop for End {
        fn drop(&mut self) {
            LEVEL.set(None);
        }
    }
    let levels: &[Level] = match best() {
        Level::Base => &[Level::Base],
        #[cfg(target_arch = "x86_64")]
        Level::Avx2 => &[Level::Base, Level::Avx2],
        #[cfg(target_arch = "x86_64")]
        Level::Avx512 => &[Level::Base, Level::Avx2, Level::Avx512],
    };
    let _end = End;
    let on = |&level: &Level| {
        LEVEL.set(Some(level));
        (level, run())
    };
    levels.iter().map(on).collect()
}

/// What `run` gives on each level, which is the same.
pub(crate) fn same_on_each<R: PartialEq + std::fmt::Debug>(run: impl Fn() -> R) -> R {
    let mut all = on_each(run).into_iter();
    let (_, base) = all.next().expect("the base");
    for (level, given) in all {
        assert_eq!(given, base, "{level:?}");
    }
    base
}
