//! What has come of a search so far, and what is left of its round: taken from the study, claimed, run, kept.

use std::{
    collections::{BTreeMap, HashSet, VecDeque},
    mem,
    sync::Arc,
    time::Duration,
};

use super::{
    checkpoints::Checkpoints,
    fits::Ran,
    pace::Pace,
    shelf::{Shelf, name},
};
use crate::{
    engine::{Hands, LONG},
    error::{Ended, Error, Failure, Result},
    record::{Job, Record},
    report::{ErrorScore, Progress},
    space::Params,
    study::{FitName, Kept, Standing},
};

/// Suspects that are asked for at once.
const SUSPECTS: usize = 64;
/// How often it is looked whether other processes are done, or whether the search is asked to end.
const LOOK: Duration = Duration::from_millis(25);

/// Jobs that are one training.
pub(super) struct Group<P> {
    pub(super) jobs: Vec<Job<P>>,
    /// By what the study knows them; none where there is no study.
    names: Vec<FitName>,
}

/// What a worker gives back: the failure of all where it has lost them.
type Trained<P> = (Group<P>, Result<Vec<Ran>, Failure>);

/// What has come of a search so far.
pub(super) struct Ledger<P> {
    shelf: Shelf,
    checkpoints: Option<Arc<Checkpoints>>,
    /// The first error of claiming or keeping.
    fault: Result<()>,
    progress: Progress,
    error_score: ErrorScore,
    /// By number.
    params: BTreeMap<u64, P>,
    /// Sorted by candidate and fold after each round.
    records: Vec<Record>,
    /// What nobody is known to run.
    open: VecDeque<Group<P>>,
    /// The fits over which processes died, by the number of deaths; they are run last.
    suspects: Vec<(u32, Group<P>)>,
    /// Whether suspects may be claimed that could not be before.
    is_stirred: bool,
    /// What other processes run, and which.
    elsewhere: Vec<(i64, Group<P>)>,
    pace: Pace,
    is_leaving: bool,
    /// Whether the search ends before its time, since a fit failed that must not or the study cannot be written.
    must_end: bool,
}

impl<P: Params> Ledger<P> {
    pub(super) fn new(
        shelf: Shelf,
        checkpoints: Option<Arc<Checkpoints>>,
        progress: Progress,
        error_score: ErrorScore,
    ) -> Self {
        Self {
            shelf,
            checkpoints,
            fault: Ok(()),
            progress,
            error_score,
            params: BTreeMap::new(),
            records: Vec::new(),
            open: VecDeque::new(),
            suspects: Vec::new(),
            is_stirred: false,
            elsewhere: Vec::new(),
            pace: Pace::default(),
            is_leaving: false,
            must_end: false,
        }
    }

    /// Everything known, sorted by candidate and fold after each round.
    pub(super) fn records(&self) -> &[Record] {
        &self.records
    }

    /// The candidate of a number, where it has been proposed.
    pub(super) fn params(&self, number: u64) -> Option<P> {
        self.params.get(&number).cloned()
    }

    /// Candidates that have been proposed.
    pub(super) fn proposed(&self) -> usize {
        self.params.len()
    }

    /// The jobs that the study does not know; the records of the others are taken from it, or are those that are `known`
    /// otherwise, which it then keeps.
    ///
    /// # Errors
    /// [`NameError::Unwritten`](crate::error::NameError::Unwritten).
    pub(super) fn missing(
        &mut self,
        jobs: Vec<Job<P>>,
        known: impl Fn(&Job<P>) -> Option<Record>,
    ) -> Result<Vec<Job<P>>> {
        let (mut missing, mut new, before) = (Vec::new(), Vec::new(), self.records.len());
        for job in jobs {
            self.params.entry(job.candidate).or_insert_with(|| job.params.clone());
            match self.shelf.take(&job)? {
                Some(record) => self.add(record),
                None => match known(&job) {
                    Some(record) => {
                        new.push(Kept { params: name(&job)?.params, record: record.clone() });
                        self.add(record);
                    }
                    None => missing.push(job),
                },
            }
        }
        self.progress.known(self.records.len() - before);
        self.note(|ledger| ledger.shelf.keep(&new));
        Ok(missing)
    }

    /// Begins a round of these groups.
    ///
    /// # Errors
    /// [`NameError::Unwritten`](crate::error::NameError::Unwritten).
    pub(super) fn begin(&mut self, groups: Vec<Vec<Job<P>>>) -> Result<()> {
        let is_kept = self.shelf.is_kept();
        let names = |jobs: &[Job<P>]| if is_kept { jobs.iter().map(name).collect() } else { Ok(Vec::new()) };
        self.is_stirred = true;
        self.open = groups.into_iter().map(|jobs| Ok(Group { names: names(&jobs)?, jobs })).collect::<Result<_>>()?;
        Ok(())
    }

    /// Leads the workers through the round: gives them what is claimed, keeps what they have finished. Says how long it
    /// waits for them; nothing once the round is over.
    pub(super) fn lead(&mut self, hands: &mut Hands<'_, Group<P>, Vec<Ran>>, ended: Option<Ended>) -> Option<Duration> {
        let results = hands.results();
        self.pace.learn(results.iter().filter_map(|(_, outcome)| outcome.as_ref().ok()));
        if ended == Some(Ended::Asked) && !mem::replace(&mut self.is_leaving, true) {
            self.note(|ledger| ledger.shelf.leave());
        }
        // Workers first: what they do next does not wait for the disk.
        if self.fault.is_ok() {
            let goes_on = ended.is_none() && !self.must_end;
            // What is in flight goes on after the end, and is not to be taken for standing still.
            self.note(|ledger| if goes_on { ledger.hand_out(hands) } else { ledger.shelf.beat() });
        }
        self.must_end |= self.keep(results) || self.fault.is_err();
        if self.must_end || ended.is_some() {
            let groups = hands.take_back().collect();
            self.note(|ledger| ledger.let_go(groups));
        }
        if self.fault.is_ok() {
            self.note(Self::write_checkpoints);
        }
        let are_free = hands.are_free();
        self.progress.waiting(if are_free { self.elsewhere() } else { (0, 0) });
        let is_left = !(self.open.is_empty() && self.suspects.is_empty() && self.elsewhere.is_empty());
        if are_free && (self.must_end || ended.is_some() || !is_left) {
            return None;
        }
        Some(if self.shelf.is_kept() { LOOK } else { LONG })
    }

    /// Ends a round: an error where its fits could not be kept, or where one failed that must not.
    pub(super) fn close(&mut self) -> Result<()> {
        self.note(Self::write_checkpoints);
        self.records.sort_by_key(|record| (record.candidate, record.fold));
        mem::replace(&mut self.fault, Ok(()))?;
        if self.error_score == ErrorScore::Raise {
            for record in &self.records {
                if let Err(failure) = &record.outcome {
                    let params = self.params[&record.candidate].to_string();
                    return Err(Error::FitFailed { params, fold: record.fold, failure: failure.clone() });
                }
            }
        }
        Ok(())
    }

    /// The candidates that are done on all `folds`, by their numbers, each with its records by fold. The progress bar
    /// goes.
    pub(super) fn into_candidates(self, folds: usize) -> impl Iterator<Item = (P, Vec<Record>)> {
        self.progress.finish();
        let mut by_candidate: BTreeMap<u64, Vec<Record>> = BTreeMap::new();
        for record in self.records {
            by_candidate.entry(record.candidate).or_default().push(record);
        }
        let of = move |(number, params)| Some((params, by_candidate.remove(&number)?));
        self.params.into_iter().filter_map(of).filter(move |(_, records)| records.len() == folds)
    }

    /// Claims what workers will need soon, and gives it to them.
    fn hand_out(&mut self, hands: &mut Hands<'_, Group<P>, Vec<Ran>>) -> Result<()> {
        if !self.elsewhere.is_empty() && self.shelf.has_news()? {
            let groups = mem::take(&mut self.elsewhere).into_iter().map(|(_, group)| group).collect();
            self.ask(groups, 0, true)?;
            self.is_stirred = true;
        }
        let (idle, waiting) = (hands.idle(), hands.waiting());
        let ahead = if self.shelf.is_kept() { self.pace.ahead(hands.workers()) } else { usize::MAX };
        let is_low = idle > 0 || waiting < ahead.div_ceil(2);
        let mut room = if is_low { idle.max(ahead.saturating_sub(waiting)) } else { 0 };
        let mut begun = 0;
        while room > 0 && !self.open.is_empty() {
            let before = self.open.len();
            let groups = self.open.drain(..room.min(before)).collect();
            let claimed = self.ask(groups, room, true)?;
            if claimed.is_empty() && self.open.len() == before {
                // A fit that runs alone keeps them.
                break;
            }
            room -= claimed.len();
            begun += claimed.len();
            hands.begin(claimed);
        }
        // A fit that may end its process is claimed only to begin at once: a claim counts as its being run.
        let mut idle = idle.saturating_sub(begun);
        while idle > 0 && !self.suspects.is_empty() && mem::take(&mut self.is_stirred) {
            let before = self.suspects.len();
            let groups = self.suspects.drain(..SUSPECTS.min(before)).map(|(_, group)| group).collect();
            let claimed = self.ask(groups, idle, false)?;
            // Where some turned out to be kept or elsewhere, those behind them have not been asked about.
            self.is_stirred = claimed.is_empty() && self.suspects.len() < before;
            idle -= claimed.len();
            hands.begin(claimed);
        }
        self.shelf.beat()
    }

    /// Asks for groups; gives those that are claimed, `most` of them at most, and puts the others where they belong.
    fn ask(&mut self, groups: Vec<Group<P>>, most: usize, ahead: bool) -> Result<Vec<Group<P>>> {
        let names: Vec<&[FitName]> = groups.iter().map(|group| group.names.as_slice()).collect();
        let standings = self.shelf.claim(&names, most, ahead)?;
        let mut claimed = Vec::new();
        for (group, standing) in groups.into_iter().zip(standings) {
            match standing {
                Standing::Claimed => claimed.push(group),
                // What another process gave up after less time than this one has.
                Standing::Kept(records) if records.iter().any(|record| self.shelf.is_outdated(record)) => {
                    let names = group.names.iter().zip(&records);
                    let names =
                        names.filter(|(_, record)| self.shelf.is_outdated(record)).map(|(name, _)| name.clone());
                    self.shelf.let_go(&names.collect::<Vec<_>>())?;
                    self.open.push_back(group);
                }
                Standing::Kept(records) => {
                    for (job, record) in group.jobs.iter().zip(records) {
                        self.add(Record { candidate: job.candidate, ..record });
                    }
                }
                Standing::Elsewhere { process } => self.elsewhere.push((process, group)),
                Standing::Free { deaths: 0 } => self.open.push_back(group),
                Standing::Free { deaths } => self.suspects.push((deaths, group)),
            }
        }
        self.suspects.sort_by_key(|&(deaths, _)| deaths);
        Ok(claimed)
    }

    /// Gives back what has not begun: other processes need not wait for what is in flight.
    fn let_go(&mut self, groups: Vec<Group<P>>) -> Result<()> {
        let names: Vec<FitName> = groups.iter().flat_map(|group| group.names.iter().cloned()).collect();
        self.open.extend(groups);
        // A study that could not be written makes nobody wait for another try: the claims go with this process's row.
        if self.fault.is_ok() { self.shelf.give_back(&names) } else { Ok(()) }
    }

    /// Keeps what has finished, and says whether a fit has failed that must not.
    fn keep(&mut self, results: Vec<Trained<P>>) -> bool {
        let mut finished: Vec<Record> = Vec::new();
        let mut kept: Vec<Kept> = Vec::new();
        let mut cut_off: Vec<FitName> = Vec::new();
        for (group, outcome) in results {
            let failed =
                |failure: Failure| group.jobs.iter().map(|_| Ran::failed(failure.clone(), Duration::ZERO)).collect();
            let ran: Vec<Ran> = outcome.unwrap_or_else(failed);
            let mut names = group.names.into_iter();
            for (job, ran) in group.jobs.iter().zip(ran) {
                let name = names.next();
                if matches!(ran.outcome, Err(Failure::Interrupted)) {
                    cut_off.extend(name);
                    continue;
                }
                let record = ran.record(job.candidate, job.fold);
                kept.extend(name.map(|name| Kept { params: name.params, record: record.clone() }));
                finished.push(record);
            }
        }
        self.note(|ledger| ledger.shelf.give_back(&cut_off));
        if finished.is_empty() {
            return false;
        }
        self.is_stirred = true;
        if let Some(checkpoints) = &self.checkpoints {
            checkpoints.forget(&kept);
        }
        // A fit counts as finished once it is durable, with the state of its end.
        self.note(|ledger| ledger.checkpoints.as_ref().map_or(Ok(()), |checkpoints| checkpoints.write_ends()));
        self.note(|ledger| ledger.shelf.keep(&kept));
        let has_failed = finished.iter().any(|record| record.outcome.is_err());
        for record in finished {
            self.add(record);
        }
        has_failed && self.error_score == ErrorScore::Raise
    }

    fn write_checkpoints(&mut self) -> Result<()> {
        self.checkpoints.as_ref().map_or(Ok(()), |checkpoints| checkpoints.write())
    }

    fn add(&mut self, record: Record) {
        self.progress.done(&record);
        self.records.push(record);
    }

    /// Does something with the study, and remembers the first error.
    fn note(&mut self, work: impl FnOnce(&mut Self) -> Result<()>) {
        let outcome = work(self);
        if self.fault.is_ok() {
            self.fault = outcome;
        }
    }

    /// Fits that other processes run, and how many processes they are.
    fn elsewhere(&self) -> (usize, usize) {
        let processes: HashSet<i64> = self.elsewhere.iter().map(|(process, _)| *process).collect();
        (self.elsewhere.iter().map(|(_, group)| group.jobs.len()).sum(), processes.len())
    }
}
