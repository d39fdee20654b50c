//! Runs a test on every level that this processor has, one after the other, in the thread of the test.

use std::cell::Cell;

use super::{Level, best};

thread_local! {
    static LEVEL: Cell<Option<Level>> = const { Cell::new(None) };
}

pub(super) fn level() -> Option<Level> {
    LEVEL.get()
}

/// Calls `run` on each level, the base first, and returns the results.
pub fn on_each<R>(run: impl Fn() -> R) -> Vec<(Level, R)> {
    /// Resets the level, also when `run` panics.
    struct Reset;
    impl Drop for Reset {
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
    let _reset = Reset;
    let on = |&level: &Level| {
        LEVEL.set(Some(level));
        (level, run())
    };
    levels.iter().map(on).collect()
}

/// Lengths with every remainder by the vectors of every level, after zero, one and two whole vectors.
pub fn lengths() -> impl Iterator<Item = usize> + Clone {
    // The longest vector has 16 lanes. Miri takes a thousand times as long and does not vectorize loops, so that a few
    // lengths are enough there, except for code that names instructions.
    (1..2 * 16 + 2).filter(|len| !cfg!(miri) || [1, 4, 7, 16, 17].contains(len))
}

/// Calls `run` on each level, asserts that all results are the same, and returns it.
///
/// # Panics
/// Where two results differ.
pub fn same_on_each<R: PartialEq + std::fmt::Debug>(run: impl Fn() -> R) -> R {
    let mut all = on_each(run).into_iter();
    let (_, base) = all.next().expect("the base");
    for (level, given) in all {
        assert_eq!(given, base, "{level:?}");
    }
    base
}

#[cfg(test)]
mod tests {
    use super::{super::level, *};

    // `.ci/levels` reads the line that this test prints, and fails where a level is tested neither on this processor
    // nor under Miri, which emulates what the processor lacks.
    #[test]
    fn the_levels_that_run_here() {
        let names: Vec<String> = on_each(level)
            .into_iter()
            .map(|(level, found)| {
                assert_eq!(level, found);
                format!("{level:?}").to_lowercase()
            })
            .collect();
        println!("\nkernel levels: {}", names.join(" "));
        let all: &[&str] = if cfg!(target_arch = "x86_64") { &["base", "avx2", "avx512"] } else { &["base"] };
        assert_eq!(names, all[..names.len()]);
        assert!(!cfg!(miri) || names == all, "Miri emulates every level: {names:?}");
    }
}
