//! What a study keeps for a search: taken where a job is known, claimed where it is to run, added to where it is
//! finished.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::{checkpoints::Checkpoints, ties::Unlike};
use crate::{
    error::{Error, Failure, Result, StudyError},
    record::{Job, Record},
    space::{self, Params},
    study::{Damaged, Difference, FitName, Identity, Kept, Legend, Sqlite, Standing, Store, Study},
};

/// The finished fits of a study, and the store to which others are added. A search without a study has an empty one.
pub(super) struct Shelf {
    store: Option<Arc<Mutex<dyn Store>>>,
    /// The study, and which of its records are not of this search's networks.
    study: Option<(Study, Unlike)>,
    kept: HashMap<FitName, Record>,
    /// The damaged records of the study.
    damaged: Vec<Damaged>,
    /// The time that a fit may take in this search.
    fit_time_limit: Option<Duration>,
    /// How often this process says that it is alive.
    beat: Duration,
    beaten: Instant,
    /// When there was news last of fits that other processes have.
    heard: Instant,
}

/// The longest time until a search asks again for fits that others have, with or without news.
const AGAIN: Duration = Duration::from_secs(2);

impl Shelf {
    pub(super) fn nothing() -> Self {
        let now = Instant::now();
        Self {
            store: None,
            study: None,
            kept: HashMap::new(),
            damaged: Vec::new(),
            fit_time_limit: None,
            beat: Duration::MAX,
            beaten: now,
            heard: now,
        }
    }

    /// Opens a study, and takes what it keeps if it is the study of this search. It leaves by what its scores are read.
    /// The study of another search, or with a record that is `unlike`, is refused before anything of it changes, as its
    /// format would.
    ///
    /// Fits that ran out of less time than `fit_time_limit` are let go, so that they are run again.
    pub(super) fn open(
        study: &Study,
        identity: &Identity,
        legend: &Legend,
        unlike: Unlike,
        fit_time_limit: Option<Duration>,
    ) -> Result<Self> {
        // Where it cannot be read like this, it is new, or opening it says why.
        if let Ok(Some(known)) = Identity::read(study.path()) {
            refuse(study, &known, identity)?;
            if let Ok(kept) = Kept::read(study.path()) {
                refuse_records(study, kept.iter().map(|kept| (&*kept.params, &kept.record)), unlike)?;
            }
        }
        let mut store = Sqlite::open(study.clone())?;
        loop {
            let known = store.identity()?;
            if let Some(known) = &known {
                refuse(study, known, identity)?;
            }
            // Where another process has said meanwhile what the study is of, it is looked at again.
            let identity = known.as_ref().map_or_else(|| identity.clone(), |known| identity.following(known));
            if known.as_ref() == Some(&identity) || store.identify(known.as_ref(), &identity)? {
                break;
            }
        }
        if store.legend()?.as_ref() != Some(legend) {
            store.explain(legend)?;
        }
        let damaged = store.drop_damaged()?;
        if study.retries_failed() {
            store.retry_failed()?;
        }
        if study.forgets_end_states() {
            store.forget_ends()?;
        }
        let name = |kept: Kept| (FitName { params: kept.params, fold: kept.record.fold }, kept.record);
        let mut kept: HashMap<_, _> = store.kept()?.into_iter().map(name).collect();
        let count = legend.metrics.len();
        let is_whole =
            |record: &Record| record.outcome.iter().chain(&record.train_scores).all(|all| all.len() == count);
        if let Some((FitName { params, fold }, _)) = kept.iter().find(|(_, record)| !is_whole(record)) {
            let message = format!("the record of {params} on fold {fold} has not one score for each metric");
            return Err(Error::Study(StudyError::Damaged { path: study.path().to_owned(), message }));
        }
        let outdated = |_: &FitName, record: &mut Record| ran_out_of_less(record, fit_time_limit);
        let outdated: Vec<FitName> = kept.extract_if(outdated).map(|(name, _)| name).collect();
        if !outdated.is_empty() {
            store.let_go(&outdated)?;
        }
        // Those that came meanwhile.
        refuse_records(study, kept.iter().map(|(fit, record)| (&*fit.params, record)), unlike)?;
        // Several beats to a lease: one may come late.
        let beat = study.lease_time() / 4;
        let now = Instant::now();
        Ok(Self {
            store: Some(Arc::new(Mutex::new(store))),
            study: Some((study.clone(), unlike)),
            kept,
            damaged,
            fit_time_limit,
            beat,
            beaten: now,
            heard: now,
        })
    }

    /// Whether a record is of a fit that ran out of less time than it has in this search.
    pub(super) fn is_outdated(&self, record: &Record) -> bool {
        ran_out_of_less(record, self.fit_time_limit)
    }

    /// Lets fits go that are kept, so that they are run again.
    pub(super) fn let_go(&self, fits: &[FitName]) -> Result<()> {
        self.store().map_or(Ok(()), |mut store| store.let_go(fits))
    }

    /// Where the states of trainings come from, and go that are to be kept: after every so many epochs, and at their ends.
    /// Nothing where there are none and none is to be.
    pub(super) fn checkpoints(&self, every: Option<usize>, ends: bool) -> Result<Option<Arc<Checkpoints>>> {
        let (Some(store), Some(mut open)) = (&self.store, self.store()) else { return Ok(None) };
        let known = open.end_states()?;
        let is_asked = every.is_some() || ends || !known.is_empty();
        Ok(is_asked.then(|| Arc::new(Checkpoints::new(every, ends, known, Arc::clone(store)))))
    }

    /// The records that were known from the beginning.
    pub(super) fn kept(&self) -> &HashMap<FitName, Record> {
        &self.kept
    }

    /// Records of the study that were damaged, and have been let go.
    pub(super) fn damaged(&self) -> &[Damaged] {
        &self.damaged
    }

    /// Whether there is a study.
    pub(super) fn is_kept(&self) -> bool {
        self.store.is_some()
    }

    /// The record of a job, where it was known from the beginning.
    ///
    /// # Errors
    /// Those of [`name`].
    pub(super) fn take<P: Params>(&self, job: &Job<P>) -> Result<Option<Record>> {
        if self.kept.is_empty() {
            return Ok(None);
        }
        // It stays: a strategy may draw the same candidate again.
        let record = self.kept.get(&name(job)?).cloned();
        Ok(record.map(|record| Record { candidate: job.candidate, ..record }))
    }

    /// Claims groups of fits.
    pub(super) fn claim(&mut self, wanted: &[&[FitName]], most: usize, ahead: bool) -> Result<Vec<Standing>> {
        let Some(mut store) = self.store() else { return Ok(vec![Standing::Claimed; wanted.len()]) };
        let standings = store.claim(wanted, most, ahead)?;
        drop(store);
        if let Some((study, unlike)) = &self.study {
            let kept = wanted.iter().zip(&standings).filter_map(|(fits, standing)| match standing {
                Standing::Kept(records) => Some(fits.iter().zip(records)),
                _ => None,
            });
            refuse_records(study, kept.flatten().map(|(fit, record)| (&*fit.params, record)), *unlike)?;
        }
        self.beaten = Instant::now();
        Ok(standings)
    }

    /// Says that this process is alive, where it has not for a while.
    pub(super) fn beat(&mut self) -> Result<()> {
        if self.is_kept() && self.beaten.elapsed() >= self.beat { self.claim(&[], 0, true).map(drop) } else { Ok(()) }
    }

    /// Whether fits that another process had may stand otherwise by now, or have not been asked for in a while.
    pub(super) fn has_news(&mut self) -> Result<bool> {
        let is_due = self.heard.elapsed() >= AGAIN;
        let has_news = is_due || self.store().map_or(Ok(false), |mut store| store.has_news())?;
        if has_news {
            self.heard = Instant::now();
        }
        Ok(has_news)
    }

    /// Gives back claims of fits that have not begun.
    pub(super) fn give_back(&self, fits: &[FitName]) -> Result<()> {
        match self.store() {
            Some(mut store) if !fits.is_empty() => store.give_back(fits),
            _ => Ok(()),
        }
    }

    /// Should this process end from now on, that speaks against none of its fits.
    pub(super) fn leave(&self) -> Result<()> {
        self.store().map_or(Ok(()), |mut store| store.leave())
    }

    /// Keeps finished fits; they are durable when it returns.
    pub(super) fn keep(&self, fits: &[Kept]) -> Result<()> {
        match self.store() {
            Some(mut store) if !fits.is_empty() => store.keep(fits),
            _ => Ok(()),
        }
    }

    fn store(&self) -> Option<MutexGuard<'_, dyn Store + 'static>> {
        self.store.as_ref().map(|store| store.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// True of a fit that failed because it took longer than a limit that is below `now`; without one there is no limit.
fn ran_out_of_less(record: &Record, now: Option<Duration>) -> bool {
    match record.outcome {
        Err(Failure::TimedOut { limit, .. }) => now.is_none_or(|now| now > limit),
        _ => false,
    }
}

/// Differences of one kind that are told; more are counted.
const TOLD: usize = 3;

/// An error where the study is that of another search.
fn refuse(study: &Study, known: &Identity, identity: &Identity) -> Result<()> {
    let differences = known.differences(identity, study.extends());
    if differences.is_empty() {
        return Ok(());
    }
    let remaining = known.differences(identity, true);
    let says = |difference: &Difference| match remaining.as_slice() {
        [only] if only == difference => in_words(difference, identity.has_axis("epochs")),
        _ => difference.to_string(),
    };
    let (networks, others): (Vec<_>, Vec<_>) = differences.iter().partition(|difference| difference.is_of_network());
    let mut told: Vec<String> = others.into_iter().map(says).collect();
    told.extend(first_of(&networks, "architectures"));
    Err(Error::Study(StudyError::Differs {
        path: study.path().to_owned(),
        differences: told,
        can_extend: remaining.is_empty(),
    }))
}

/// An error where a record of the study is of another network than this search builds for the candidate.
fn refuse_records<'a>(
    study: &Study,
    records: impl Iterator<Item = (&'a str, &'a Record)>,
    unlike: Unlike,
) -> Result<()> {
    let mut differences: Vec<Difference> = records.filter_map(|(params, record)| unlike(params, record)).collect();
    if differences.is_empty() {
        return Ok(());
    }
    // The folds of a candidate say the same.
    differences.sort_by(|a, b| a.part.cmp(&b.part));
    differences.dedup();
    let differences = first_of(&differences.iter().collect::<Vec<_>>(), "candidates");
    Err(Error::Study(StudyError::Differs { path: study.path().to_owned(), differences, can_extend: false }))
}

/// The first differences in words, and how many more there are.
fn first_of(differences: &[&Difference], of: &str) -> Vec<String> {
    let mut told: Vec<String> = differences.iter().take(TOLD).map(ToString::to_string).collect();
    if let Some(more @ 1..) = differences.len().checked_sub(TOLD) {
        told.push(format!("{more} other {of} differ, too"));
    }
    told
}

/// The only difference that is none of an extension, with the way out where there is one.
fn in_words(difference: &Difference, has_axis: bool) -> String {
    let Some((was, is)) = difference.epochs() else { return difference.to_string() };
    if has_axis {
        return format!(
            "{difference} (in the epochs alone, and the axis `epochs` decides on them: leave `.epochs({was})` as it was)"
        );
    }
    format!(
        "{difference} (in the epochs alone: leave `.epochs({was})` as it is and give the model the axis `#[train] \
         #[grid({was}, {is})] epochs: usize`, then `Study::at(...).extend()` keeps what is finished)"
    )
}

/// By what a study knows a job.
///
/// # Errors
/// [`NameError::Unwritten`](crate::error::NameError::Unwritten).
pub(super) fn name<P: Params>(job: &Job<P>) -> Result<FitName> {
    Ok(FitName { params: space::name(&job.params)?, fold: job.fold })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::Memory;

    #[test]
    fn who_waits_asks_again_even_where_nothing_is_heard() {
        let store: Arc<Mutex<dyn Store>> = Arc::new(Mutex::new(Memory::default()));
        let mut shelf = Shelf { store: Some(store), ..Shelf::nothing() };
        shelf.heard = Instant::now() + Duration::from_hours(1);
        assert!(!shelf.has_news().expect("an answer"), "in memory there is nobody else");
        shelf.heard = Instant::now().checked_sub(AGAIN).expect("a time");
        assert!(shelf.has_news().expect("an answer"));
    }
}
