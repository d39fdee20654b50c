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

/// Lengths that leave every rest of every level's vectors, behind none of them, one and two.
pub(crate) fn lengths() -> impl Iterator<Item = usize> + Clone {
    // The longest vector has 16 lanes. Miri interprets loops as they are written, vectors or not, and takes a thousand times
    // as long: where no instruction is named, some lengths are enough there.
    (1..2 * 16 + 2).filter(|len| !cfg!(miri) || [1, 4, 7, 16, 17].contains(len))
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

#[cfg(test)]
mod tests {
    use super::{super::level, *};

    // `.ci/levels` reads the line: a level that runs neither on the processor nor under Miri, which emulates what the
    // processor lacks, is a level without a test.
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
