//! Pages of studies, each kept for as long as it may be shown.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// The most studies of which something is kept.
const MOST: usize = 64;
/// A page that took some time to make is shown for so many times as long, so that a large study that grows takes a part
/// of one core only.
const PATIENCE: u32 = 5;
/// A page that took no longer is made anew with each version.
const QUICK: Duration = Duration::from_millis(500);

/// Something made of each study, with the version of the study.
#[derive(Debug)]
pub(super) struct Cache<T> {
    made: Mutex<HashMap<PathBuf, Made<T>>>,
    /// Held by the one who makes something, for whom the others wait.
    making: Mutex<()>,
}

#[derive(Debug)]
struct Made<T> {
    version: String,
    value: Arc<T>,
    /// The time that it took.
    cost: Duration,
    at: Instant,
}

impl<T> Made<T> {
    /// The time for which it is shown whatever the study does.
    fn patience(&self) -> Duration {
        self.cost.saturating_sub(QUICK) * PATIENCE
    }
}

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self { made: Mutex::default(), making: Mutex::default() }
    }
}

impl<T> Cache<T> {
    /// The version that is shown of a study, which has the version `now`.
    pub(super) fn version(&self, study: &Path, now: String) -> String {
        match lock(&self.made).get(study) {
            Some(made) if made.at.elapsed() < made.patience() => made.version.clone(),
            _ => now,
        }
    }

    /// The page of a study, where it may still be shown of the version `now`; else `make` makes it anew.
    pub(super) fn get(&self, study: &Path, now: &str, make: impl FnOnce() -> T) -> Arc<T> {
        if let Some(value) = self.shown(study, now) {
            return value;
        }
        let making = lock(&self.making);
        // Another reader may have waited for it, too.
        if let Some(value) = self.shown(study, now) {
            return value;
        }
        let start = Instant::now();
        let value = Arc::new(make());
        let mut made = lock(&self.made);
        if made.len() >= MOST
            && let Some(oldest) = made.iter().min_by_key(|(_, made)| made.at).map(|(study, _)| study.clone())
        {
            made.remove(&oldest);
        }
        let (version, at) = (now.to_owned(), Instant::now());
        made.insert(study.to_owned(), Made { version, value: Arc::clone(&value), cost: start.elapsed(), at });
        drop((made, making));
        value
    }

    fn shown(&self, study: &Path, now: &str) -> Option<Arc<T>> {
        let made = lock(&self.made);
        let made = made.get(study)?;
        (made.version == now || made.at.elapsed() < made.patience()).then(|| Arc::clone(&made.value))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_made_once_and_what_was_dear_is_shown_for_longer() {
        let cache = Cache::default();
        let study = Path::new("x.study");
        assert_eq!(cache.version(study, "1".to_owned()), "1");
        assert_eq!(*cache.get(study, "1", || "first"), "first");
        assert_eq!(*cache.get(study, "1", || unreachable!("it is there")), "first");
        let backdate = |cost: Duration, age: Duration| {
            let mut made = lock(&cache.made);
            let made = made.get_mut(study).expect("made");
            (made.cost, made.at) = (cost, Instant::now().checked_sub(age).expect("a time"));
        };
        backdate(Duration::from_secs(100), Duration::from_secs(100));
        assert_eq!(cache.version(study, "2".to_owned()), "1", "it took so long");
        assert_eq!(*cache.get(study, "2", || unreachable!("not yet")), "first");
        backdate(Duration::from_secs(100), Duration::from_secs(498));
        assert_eq!(cache.version(study, "2".to_owned()), "2");
        assert_eq!(*cache.get(study, "2", || "second"), "second");
        for other in 0..2 * MOST {
            cache.get(Path::new(&format!("{other}.study")), "1", || "other");
        }
        assert_eq!(lock(&cache.made).len(), MOST);
    }
}
