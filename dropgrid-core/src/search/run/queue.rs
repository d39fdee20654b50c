//! The jobs of a search that have no record yet: queued, claimed by this process, or claimed by another one.

use std::{
    collections::{HashMap, HashSet, VecDeque},
    mem,
};

use super::{
    group::{Group, trajectory_fold},
    open_study::OpenStudy,
    throughput::Throughput,
};
use crate::{
    engine::Workers,
    error::Result,
    record::{Budget, Record},
    search::{
        key::{AnyParams, KeyedJob},
        states::{StateRelay, TrajectoryFold},
    },
    study::{ClaimStatus, FitName},
};

/// The largest number of suspects that are claimed in one call.
const SUSPECTS: usize = 64;

/// The jobs that have no record yet.
#[derive(Default)]
pub(super) struct JobQueue {
    /// Groups that this process may claim.
    open: VecDeque<Group>,
    /// Groups in which processes crashed, with the number of crashes. They run last.
    suspects: Vec<(u32, Group)>,
    /// True if suspects may be claimable now that were not before.
    may_claim_suspects: bool,
    /// Groups that other processes run, with the number of the process.
    elsewhere: Vec<(i64, Group)>,
    /// The numbers of epochs after which running trainings will leave a state.
    states_to_come: HashMap<TrajectoryFold, Vec<u32>>,
    /// Jobs that wait for such a state.
    waiting: HashMap<TrajectoryFold, Vec<KeyedJob>>,
    pub(super) throughput: Throughput,
    /// All jobs in the queue and on the workers.
    pending: HashSet<(u64, u32, Budget)>,
    /// The parameters of the candidates of these jobs.
    params: HashMap<u64, AnyParams>,
}

impl JobQueue {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// Returns true if no job is left to claim or to wait for. Workers may still be running some.
    pub(super) fn is_empty(&self) -> bool {
        self.open.is_empty() && self.suspects.is_empty() && self.elsewhere.is_empty()
    }

    /// Returns true if every added job has its record. Interrupted jobs have none.
    pub(super) fn is_done(&self) -> bool {
        self.pending.is_empty()
    }

    /// Returns true if so few groups are left to claim that the strategy should be asked for more jobs.
    pub(super) fn is_low(&self, workers: &Workers<'_, Group, Vec<Record>>) -> bool {
        let enough = self.throughput.ahead(workers.count()).max(workers.count());
        self.open.len() + workers.waiting() < enough
    }

    /// Returns true if a job is queued or running.
    pub(super) fn is_pending(&self, candidate: u64, fold: u32, budget: Budget) -> bool {
        self.pending.contains(&(candidate, fold, budget))
    }

    /// Returns the parameters of a candidate that has queued or running jobs; `None` if it has none.
    pub(super) fn params(&self, candidate: u64) -> Option<AnyParams> {
        self.params.get(&candidate).cloned()
    }

    /// Returns the candidates of queued and running jobs. A candidate appears once per job.
    pub(super) fn candidates(&self) -> impl Iterator<Item = u64> {
        self.pending.iter().map(|(candidate, ..)| *candidate)
    }

    /// Adds jobs in groups. The jobs of a group share one training on one fold and continue from the same state, so no
    /// epoch is trained twice. A job joins a group that has not begun. If a worker is already running its training for
    /// fewer epochs, the job waits for the state of that run, since starting alone would not finish sooner.
    pub(super) fn add(&mut self, jobs: Vec<KeyedJob>, states: &StateRelay) {
        // The hold ends when the job has its record.
        for job in &jobs {
            states.hold(trajectory_fold(job));
        }
        let place = |(at, group): (usize, &Group)| {
            let least = group.0.iter().min_by_key(|job| job.name.resource.epochs())?;
            let of = trajectory_fold(least);
            let from = states.longest(&of, least.name.resource.epochs());
            Some(((of, from), at))
        };
        let places = self.open.iter().enumerate().filter_map(place).collect();
        self.add_beside(places, jobs, states);
    }

    /// Adds jobs to the groups at `places` in `open`, or to new groups.
    fn add_beside(
        &mut self,
        mut places: HashMap<(TrajectoryFold, u32), usize>,
        jobs: Vec<KeyedJob>,
        states: &StateRelay,
    ) {
        for job in jobs {
            self.pending.insert((job.job.candidate, job.job.fold, job.job.budget));
            self.params.entry(job.job.candidate).or_insert_with(|| job.job.params.clone());
            let (of, epochs) = (trajectory_fold(&job), job.name.resource.epochs());
            let is_behind = |to_come: &Vec<u32>| to_come.iter().any(|&state| state < epochs);
            if self.states_to_come.get(&of).is_some_and(is_behind) {
                self.waiting.entry(of).or_default().push(job);
                continue;
            }
            let from = states.longest(&of, epochs);
            let place = *places.entry((of, from)).or_insert(self.open.len());
            match self.open.get_mut(place) {
                Some(group) => group.0.push(job),
                None => self.open.push_back(Group(vec![job])),
            }
        }
        self.may_claim_suspects = true;
    }

    /// Hands groups to the workers.
    fn begin(&mut self, workers: &mut Workers<'_, Group, Vec<Record>>, groups: Vec<Group>) {
        for group in &groups {
            if let Some(epochs) = group.last_state() {
                self.states_to_come.entry(trajectory_fold(&group.0[0])).or_default().push(epochs);
            }
        }
        workers.begin(groups);
    }

    /// Notes that a worker has finished a group. Returns the jobs that waited for it.
    pub(super) fn returned(&mut self, group: &Group) -> Vec<KeyedJob> {
        let Some(epochs) = group.last_state() else { return Vec::new() };
        let of = trajectory_fold(&group.0[0]);
        if let Some(to_come) = self.states_to_come.get_mut(&of) {
            to_come.iter().position(|&state| state == epochs).map(|at| to_come.swap_remove(at));
            if to_come.is_empty() {
                self.states_to_come.remove(&of);
            }
        }
        self.waiting.remove(&of).unwrap_or_default()
    }

    /// Adds jobs that were waiting for a state.
    pub(super) fn resume(&mut self, jobs: Vec<KeyedJob>, states: &StateRelay) {
        if !jobs.is_empty() {
            self.add_beside(HashMap::new(), jobs, states);
        }
    }

    /// Notes that a job has its record.
    pub(super) fn finished(&mut self, keyed: &KeyedJob, states: &StateRelay) {
        let job = &keyed.job;
        if self.pending.remove(&(job.candidate, job.fold, job.budget)) {
            states.release(&trajectory_fold(keyed));
        }
        self.params.remove(&job.candidate);
        self.may_claim_suspects = true;
    }

    /// Claims the groups that the workers will need soon, and hands them to the workers. Returns the jobs that turn out
    /// to have a record.
    pub(super) fn hand_out(
        &mut self,
        workers: &mut Workers<'_, Group, Vec<Record>>,
        study: &mut OpenStudy,
    ) -> Result<Vec<(KeyedJob, Record)>> {
        let mut known = Vec::new();
        if !self.elsewhere.is_empty() && study.has_news()? {
            let groups = mem::take(&mut self.elsewhere).into_iter().map(|(_, group)| group).collect();
            self.ask(groups, 0, true, study, &mut known)?;
            self.may_claim_suspects = true;
        }
        let (idle, waiting) = (workers.idle(), workers.waiting());
        let ahead = if study.has_claims() { self.throughput.ahead(workers.count()) } else { usize::MAX };
        let is_low = idle > 0 || waiting < ahead.div_ceil(2);
        let mut room = if is_low { idle.max(ahead.saturating_sub(waiting)) } else { 0 };
        let mut begun = 0;
        while room > 0 && !self.open.is_empty() {
            let before = self.open.len();
            let groups = self.open.drain(..room.min(before)).collect();
            let claimed = self.ask(groups, room, true, study, &mut known)?;
            if claimed.is_empty() && self.open.len() == before {
                // A fit that must run alone blocks the groups behind it.
                break;
            }
            room -= claimed.len();
            begun += claimed.len();
            self.begin(workers, claimed);
        }
        // A suspect is claimed only if a worker can begin it at once, since a crash of the process counts against every
        // claimed fit.
        let mut idle = idle.saturating_sub(begun);
        while idle > 0 && !self.suspects.is_empty() && mem::take(&mut self.may_claim_suspects) {
            let before = self.suspects.len();
            let groups = self.suspects.drain(..SUSPECTS.min(before)).map(|(_, group)| group).collect();
            let claimed = self.ask(groups, idle, false, study, &mut known)?;
            // If some had a record or another process, the suspects behind them have not been tried yet.
            self.may_claim_suspects = claimed.is_empty() && self.suspects.len() < before;
            idle -= claimed.len();
            self.begin(workers, claimed);
        }
        study.heartbeat()?;
        Ok(known)
    }

    /// Tries to claim groups. Returns the claimed ones, at most `most`. Adds jobs with records to `known`, and files
    /// the other groups by their status.
    fn ask(
        &mut self,
        groups: Vec<Group>,
        most: usize,
        ahead: bool,
        study: &mut OpenStudy,
        known: &mut Vec<(KeyedJob, Record)>,
    ) -> Result<Vec<Group>> {
        if !study.has_claims() {
            return Ok(groups);
        }
        let names: Vec<Vec<FitName>> = groups.iter().map(Group::names).collect();
        let wanted: Vec<&[FitName]> = names.iter().map(Vec::as_slice).collect();
        let statuses = study.claim(&wanted, most, ahead)?;
        let mut claimed = Vec::new();
        for (group, status) in groups.into_iter().zip(statuses) {
            match status {
                ClaimStatus::Claimed => claimed.push(group),
                ClaimStatus::Partly(records) => {
                    claimed.push(Group(self.take_known(group, records.into_iter(), study, known)?));
                }
                ClaimStatus::Finished(records) => {
                    self.take_known(group, records.into_iter().map(Some), study, known)?;
                }
                ClaimStatus::Elsewhere { process } => self.elsewhere.push((process, group)),
                ClaimStatus::Free { crashes: 0 } => self.open.push_back(group),
                ClaimStatus::Free { crashes } => {
                    let place = self.suspects.partition_point(|&(of_other, _)| of_other <= crashes);
                    self.suspects.insert(place, (crashes, group));
                }
            }
        }
        Ok(claimed)
    }

    /// Moves the jobs of a group that have a record to `known`, and returns the rest.
    fn take_known(
        &mut self,
        group: Group,
        records: impl Iterator<Item = Option<Record>>,
        study: &OpenStudy,
        known: &mut Vec<(KeyedJob, Record)>,
    ) -> Result<Vec<KeyedJob>> {
        let (mut missing, mut outdated) = (Vec::new(), Vec::new());
        for (job, record) in group.0.into_iter().zip(records) {
            match record {
                None => missing.push(job),
                // Another process stopped the fit after less time than it has in this search.
                Some(record) if study.is_outdated(&record) => outdated.push(job),
                Some(record) => known.push((job, record)),
            }
        }
        if !outdated.is_empty() {
            let group = Group(outdated);
            study.remove(&group.names())?;
            self.open.push_back(group);
        }
        Ok(missing)
    }

    /// Takes the open groups. Their jobs remain pending.
    pub(super) fn take_open(&mut self) -> Vec<Group> {
        mem::take(&mut self.open).into()
    }

    /// Returns groups to the queue that the workers have not begun.
    pub(super) fn put_back(&mut self, groups: Vec<Group>) {
        self.open.extend(groups);
    }

    /// Returns the number of fits that other processes run, and the number of these processes.
    pub(super) fn elsewhere(&self) -> (usize, usize) {
        let processes: HashSet<i64> = self.elsewhere.iter().map(|(process, _)| *process).collect();
        (self.elsewhere.iter().map(|(_, group)| group.0.len()).sum(), processes.len())
    }
}
