//! The leader of the workers: asks the strategy for jobs, hands them out, and collects their records.

use std::{mem, time::Duration};

use super::{
    allowance::Allowance,
    collected::{Collected, OutOfFoldOutputs},
    group::Group,
    judgement_log::JudgementLog,
    no_winner::Fault,
    open_study::OpenStudy,
    queue::JobQueue,
};
use crate::{
    engine::{self, LONG},
    error::{Failure, Result, StopReason},
    metric::Direction,
    record::{Budget, Record},
    search::{key::KeyedJob, states::StateRelay},
    study::{FitName, StateName, StoredRecord},
};

/// The interval at which other processes and stop requests are checked.
const LOOK: Duration = Duration::from_millis(25);

/// The interval at which states of running trainings are written if no other process waits for them.
const FLUSH: Duration = Duration::from_secs(1);

/// A group that a worker has finished, with its records, or its failure if the worker was lost.
type Finished = (Group, Result<Vec<Record>, Failure>);

type Workers<'a> = engine::Workers<'a, Group, Vec<Record>>;

/// The state of a running search.
pub(super) struct Leader<'a> {
    /// The direction of the deciding metric.
    pub(super) direction: Direction,
    pub(super) study: OpenStudy,
    pub(super) states: &'a StateRelay,
    pub(super) queue: JobQueue,
    pub(super) collected: Collected<'a>,
    pub(super) allowance: Allowance,
    pub(super) judgements: JudgementLog,
    /// The first fault of the study or the strategy.
    pub(super) fault: Option<Fault>,
    /// True if the study knows that the process was asked to end.
    pub(super) is_leaving: bool,
    /// For a part of a search: called after each change to the study. Its passing states are not removed.
    pub(super) on_write: Option<&'a mut super::open_study::OnWrite<'a>>,
}

/// The state of a search at its end.
pub(super) struct LeaderEnd {
    /// The predictions of full trainings, if the search keeps them.
    pub(super) predictions: OutOfFoldOutputs,
    pub(super) fault: Option<Fault>,
    /// The number of proposed candidates.
    pub(super) proposed: usize,
    /// The number of proposed jobs that have no record.
    pub(super) pending: usize,
    /// True if the strategy has nothing more to try.
    pub(super) is_whole: bool,
    /// The reason why the search ended early; `None` if it ran to its end.
    pub(super) ended: Option<StopReason>,
}

impl Leader<'_> {
    /// Leads the workers until the search is over. `work` runs the jobs of a group. `ended` returns why no more may
    /// begin.
    ///
    /// # Errors
    /// [`Error::Workers`](crate::Error::Workers) if a thread cannot be started.
    pub(super) fn run(
        mut self,
        (workers, threads): (usize, usize),
        work: &(dyn Fn(&Group) -> Result<Vec<Record>, Failure> + Sync),
        ended: &dyn Fn() -> Option<StopReason>,
    ) -> Result<LeaderEnd> {
        engine::lead(workers, threads, work, &mut |workers| self.lead(workers, ended()))?;
        Ok(self.end(ended()))
    }

    /// Runs one turn: collects finished groups, asks the strategy for jobs, claims jobs and hands them out. Returns how
    /// long to wait for the workers; `None` if the search is over.
    fn lead(&mut self, workers: &mut Workers<'_>, ended: Option<StopReason>) -> Option<Duration> {
        let ended = ended.or_else(|| self.reached());
        let results = workers.results();
        self.queue.throughput.learn(results.iter().filter_map(|(_, records)| records.as_ref().ok()));
        if ended == Some(StopReason::Asked) && !mem::replace(&mut self.is_leaving, true) {
            let left = self.study.leave();
            self.note(left);
        }
        // The workers come first, so their next jobs do not wait for the disk.
        self.hand_out(workers, ended);
        self.collect(results);
        let ended = ended.or_else(|| self.reached());
        let mut has_more = false;
        while self.goes_on(ended) && self.has_news() && self.queue.is_low(workers) {
            has_more = true;
            self.propose();
        }
        let ended = ended.or_else(|| self.reached());
        if has_more {
            self.hand_out(workers, ended);
        }
        if !self.goes_on(ended) {
            self.put_back(workers.take_back().collect());
        }
        // States are evicted last: the strategy has by now proposed the jobs that continue from them.
        self.write(&[], &self.states.beyond_bound());
        let are_free = workers.are_free();
        let elsewhere = if are_free { self.queue.elsewhere() } else { (0, 0) };
        self.collected.progress().waiting(elsewhere);
        let is_over = !self.goes_on(ended) || self.queue.is_empty() && !self.has_news();
        if are_free && is_over {
            return None;
        }
        Some(if self.study.has_claims() { LOOK } else { self.on_write.as_ref().map_or(LONG, |_| FLUSH) })
    }

    /// Ends the search. If the strategy has nothing more to try, removes the search's passing states.
    pub(super) fn end(mut self, ended: Option<StopReason>) -> LeaderEnd {
        self.write(&[], &self.states.beyond_bound());
        // Only the strategy can tell whether more jobs would follow the last record.
        let ended = ended.or_else(|| self.reached());
        let is_open = |leader: &Self| leader.collected.has_news && !leader.allowance.is_exhausted;
        while self.fault.is_none() && ended.is_some() && self.queue.is_done() && is_open(&self) {
            self.propose();
        }
        if self.fault.is_none()
            && let Err(error) = self.collected.check()
        {
            self.fault = Some(Fault::Study(error));
        }
        let is_whole = self.fault.is_none() && self.queue.is_done() && !self.collected.has_news;
        let is_whole = is_whole && (!self.allowance.is_exhausted || self.collected.candidates.is_one_worker_done());
        if is_whole && self.on_write.is_none() {
            self.write(&[], &self.states.all());
        }
        self.judge(true);
        let proposed = self.collected.count_with(self.queue.candidates());
        let pending = self.queue.candidates().count();
        let predictions = self.collected.finish();
        LeaderEnd { predictions, fault: self.fault, proposed, pending, is_whole, ended }
    }

    /// Gives the workers the jobs that they will need soon. After the end of the search it only sends heartbeats, since
    /// fits may still be running.
    fn hand_out(&mut self, workers: &mut Workers<'_>, ended: Option<StopReason>) {
        if self.goes_on(ended) {
            match self.queue.hand_out(workers, &mut self.study) {
                Ok(known) => known.into_iter().for_each(|(job, record)| self.add(&job, record)),
                Err(error) => self.note(Err(error)),
            }
        } else if self.fault.is_none() {
            let told = self.study.heartbeat();
            self.note(told);
        }
    }

    /// Asks the strategy for jobs, and queues those that have no record in the study.
    pub(super) fn propose(&mut self) {
        self.collected.has_news = false;
        let (candidates, was_exhausted) = (&mut self.collected.candidates, self.allowance.is_exhausted);
        let keyed = match self.allowance.may_be_over().filter(|_| was_exhausted) {
            Some(limits) => candidates.next_of_one_worker(limits, &self.queue),
            None => candidates.propose(&self.queue).map(|keyed| self.allowance.take(keyed)),
        };
        // The jobs that were just dropped may include one that a single worker would run.
        self.collected.has_news |= self.allowance.is_exhausted && !was_exhausted;
        let keyed = match keyed {
            Ok(keyed) => keyed,
            Err(fault) => return self.fault = Some(fault),
        };
        let missing = self.missing(keyed);
        if self.study.is_shared() && !missing.is_empty() {
            let refreshed = self.states.refresh();
            self.note(refreshed);
        }
        self.queue.add(missing, self.states);
        if let Err(fault) = self.collected.candidates.tell_pruned() {
            self.fault.get_or_insert(fault);
        }
        self.judge(false);
    }

    /// Writes the strategy's new judgements to the study if they are due or the search `is_over`.
    fn judge(&mut self, is_over: bool) {
        if self.fault.is_none() {
            let written = self.judgements.update(&*self.collected.candidates, &self.study, is_over);
            self.note(written);
        }
    }

    /// Returns the jobs without a record. The other jobs get their record from the study, or the record of a smaller
    /// budget if a stopping rule ended that training early.
    fn missing(&mut self, jobs: Vec<KeyedJob>) -> Vec<KeyedJob> {
        let (mut missing, mut known, mut renamed) = (Vec::new(), 0, Vec::new());
        for job in jobs {
            match self.study.known(&job.name, job.is_spread).or_else(|| self.collected.over(&job)).cloned() {
                Some(record) => {
                    known += 1;
                    if self.study.has_records() && !self.study.contains(&job.name) {
                        renamed.push(StoredRecord { name: job.name.clone(), record: record.clone() });
                    }
                    self.add(&job, record);
                }
                None => missing.push(job),
            }
        }
        self.collected.progress().known(known);
        self.write(&renamed, &[]);
        missing
    }

    /// Collects the groups that workers have finished, and queues the jobs that waited for them.
    fn collect(&mut self, results: Vec<Finished>) {
        let mut finished: Vec<(KeyedJob, Record)> = Vec::new();
        let (mut cut_off, mut done): (Vec<FitName>, Vec<StateName>) = (Vec::new(), Vec::new());
        let mut released: Vec<KeyedJob> = Vec::new();
        for (group, records) in results {
            released.extend(self.queue.returned(&group));
            let Group(jobs) = group;
            let failed = |failure: Failure| {
                let failed = |job: &KeyedJob| Record::failed(&job.job, failure.clone(), Duration::ZERO);
                jobs.iter().map(failed).collect()
            };
            let records: Vec<Record> = records.unwrap_or_else(failed);
            let is_cut_off = |record: &Record| matches!(record.outcome, Err(Failure::Interrupted));
            if !records.iter().any(is_cut_off) {
                done.extend(self.states.done(&jobs));
            }
            for (job, record) in jobs.into_iter().zip(records) {
                if is_cut_off(&record) { cut_off.push(job.name) } else { finished.push((job, record)) }
            }
        }
        let given_back = self.study.give_back(&cut_off);
        self.note(given_back);
        if finished.is_empty() {
            return self.queue.resume(released, self.states);
        }
        // A fit counts as finished once its record is durable, together with its final state.
        let stored = finished.iter_mut().filter(|_| self.study.has_records());
        let keeps_predictions = self.collected.keeps_predictions();
        let stored = stored.map(|(job, record)| {
            record.details.predictions = record.details.predictions.take().filter(|_| keeps_predictions);
            StoredRecord { name: job.name.clone(), record: record.clone() }
        });
        self.write(&stored.collect::<Vec<_>>(), &done);
        for (job, record) in finished {
            self.add(&job, record);
        }
        let missing = self.missing(released);
        self.queue.resume(missing, self.states);
    }

    /// Adds the record of a job.
    fn add(&mut self, job: &KeyedJob, record: Record) {
        let (candidate, fold, budget) = (job.job.candidate, job.job.fold, job.job.budget);
        self.collected.add(job, Record { candidate, fold, budget, ..record });
        if budget == Budget::Full
            && let Some(score) = self.collected.score(candidate, budget)
            && self.collected.candidates.is_feasible(candidate, budget)
        {
            self.allowance.scored(score, self.direction);
        }
        self.queue.finished(job, self.states);
    }

    /// Gives back the claims of groups that have not begun, so that other processes can run them at once.
    fn put_back(&mut self, groups: Vec<Group>) {
        let names: Vec<FitName> = groups.iter().flat_map(Group::names).collect();
        self.queue.put_back(groups);
        // After a fault, the claims end with this process.
        if self.fault.is_none() {
            let given_back = self.study.give_back(&names);
            self.note(given_back);
        }
    }

    /// Adds records, writes the waiting states, and removes the passing states of the trainings that are `done`.
    fn write(&mut self, records: &[StoredRecord], done: &[StateName]) {
        if self.fault.is_none() {
            let written = self.states.write(records, done);
            let written = match &mut self.on_write {
                Some(on_write) => written.and_then(|()| on_write(self.states)),
                None => written,
            };
            self.note(written);
        }
    }

    /// Keeps the first error of the study.
    fn note(&mut self, result: Result<()>) {
        if let Err(error) = result {
            self.fault.get_or_insert(Fault::Study(error));
        }
    }
}
