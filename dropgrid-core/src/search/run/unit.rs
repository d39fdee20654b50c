//! The run of some fits of a search, by a process that has no study.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    mem,
    time::Instant,
};

use super::{
    allowance::Allowance,
    candidates::Candidates,
    collected::Collected,
    group::{Group, trajectory_fold},
    judgement_log::JudgementLog,
    leader::{Leader, LeaderEnd},
    no_winner::Fault,
    open_study::OpenStudy,
    queue::JobQueue,
    same_search::candidate,
};
use crate::{
    data::{Dataset, Truth},
    error::{ClusterError, Error, Result},
    limit::{Limits, Stop},
    model::Model,
    record::{Job, Record},
    search::{
        bound::BoundSearch,
        fit::FoldRunner,
        key::{AnyParams, KeyedJob},
        states::{StateRelay, TrajectoryFold, passing_states},
        unit::PlannedFit,
    },
    split::Folds,
    strategy::{TrialRecords, Trials},
    study::{CRASHES, FitMark, FitName, FitStart, MarkedClaims, State, StoredRecord, bundle::Bundle},
    train::TrainTarget,
};

/// The fits that a process runs, and what is known about their trainings.
pub(crate) struct UnitWork<'a> {
    pub(crate) fits: &'a [PlannedFit],
    /// The records of the fits that have one, and the states from which trainings may continue.
    pub(crate) known: Bundle,
    pub(crate) workers: usize,
    /// Marks the fits that this process runs, so that later processes learn in which fits it died; `None` to leave no
    /// marks.
    pub(crate) mark: Option<Box<dyn FitMark>>,
    /// The fits in which earlier processes died, once per death.
    pub(crate) crashes: &'a [FitStart],
    /// The stop request. After it, trainings save their states and end.
    pub(crate) stop: &'a Stop,
    /// Saves all records and states. It is called from time to time.
    pub(crate) save: &'a mut Save<'a>,
}

/// A function that saves an outcome. It gets a function that computes the outcome.
pub(crate) type Save<'a> = dyn FnMut(&dyn Fn() -> Result<UnitOutcome>) -> Result<()> + 'a;

/// The records of finished fits, and the states of trainings.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct UnitOutcome {
    /// Each list is sorted by name. If every fit has a record, only states remain from which other fits may continue.
    pub(crate) bundle: Bundle,
    /// True if every fit has a record.
    pub(crate) is_whole: bool,
}

impl<M: Model, K: Truth> BoundSearch<'_, M, K> {
    /// Runs fits until each has a record, or the process is asked to end.
    ///
    /// # Errors
    /// [`ClusterError::Fit`] if a fit is not part of this search, [`Error::Setting`] if the search or its fits have a
    /// time limit, and the errors of saving.
    pub(in crate::search) fn run_unit<T: TrainTarget<Output = M::Output, Kind = K>>(
        &self,
        data: &Dataset<T>,
        folds: &Folds,
        work: UnitWork<'_>,
    ) -> Result<UnitOutcome> {
        self.refuse_times()?;
        let UnitWork { fits, known: Bundle { mut records, states, .. }, workers, mark, crashes, stop, save } = work;
        let jobs: Vec<KeyedJob> = fits.iter().map(|fit| self.keyed(fit, folds.splits.len())).collect::<Result<_>>()?;
        let claims = mark.map(|mark| MarkedClaims::new(crashes, begins(&jobs, &states), mark));
        if let Some(claims) = &claims {
            let known: HashSet<FitName> = records.iter().map(|stored| stored.name.clone()).collect();
            let killed = claims.died_in(CRASHES).filter(|name| !known.contains(name));
            records.extend(killed.map(|name| StoredRecord::killed(name, CRASHES)));
        }
        let study = OpenStudy::of_part(&records, &states, claims)?;
        let relay = study.states(self.settings.checkpoint_every, self.settings.keep_final_checkpoints)?;
        let relay = relay.saving_on(stop.clone());
        // The process that asked the strategy has applied the search's other limits.
        let limits = Limits { stop: Some(stop.clone()), ..Limits::default() };
        let runner =
            FoldRunner { states: Some(&relay), limits: &limits, ..self.runner(data, &folds.splits, Instant::now()) };
        let metric = &self.infos()[0];
        let progress = self.progress(metric, folds, Some(jobs.len()), workers, true);
        let trials = Trials::new(&self.fold_infos(&folds.splits), self.settings.error_score.value());
        let mut candidates = UnitCandidates { jobs: jobs.clone(), trials };
        // The limit on the predictions of the whole search does not apply to a part.
        let most_bytes = self.settings.bbc.map_or(0, |_| usize::MAX);
        let mut on_write = |relay: &StateRelay| save(&|| UnitOutcome::of(relay, &jobs));
        let judgements = JudgementLog::new(&study, true)?;
        let leader = Leader {
            direction: metric.direction,
            study,
            states: &relay,
            queue: JobQueue::new(),
            collected: Collected::new(&mut candidates, progress, false, most_bytes),
            allowance: Allowance::none(),
            judgements,
            fault: None,
            is_leaving: false,
            on_write: Some(&mut on_write),
        };
        let LeaderEnd { fault, .. } =
            leader.run((workers, workers), &|group: &Group| runner.run(&group.0), &|| runner.ended())?;
        match fault {
            Some(Fault::Study(error)) => Err(error),
            Some(Fault::Strategy(error)) => {
                Err(Error::Strategy { strategy: "a unit".to_owned(), error: Box::new(error), report: None })
            }
            None => UnitOutcome::of(&relay, &jobs),
        }
    }

    /// Refuses time limits, since results would depend on the machine.
    ///
    /// # Errors
    /// [`Error::Setting`].
    pub(super) fn refuse_times(&self) -> Result<()> {
        let Limits { time, fit, .. } = &self.settings.limits;
        let refused = [
            ("time_budget", time, "none, since machines share no clock: say `max_fits` or `max_epochs`"),
            ("fit_time_limit", fit, "none, since machines differ in speed, and units must not: say fewer epochs"),
        ];
        for (setting, value, expected) in refused {
            if let Some(value) = value {
                return Err(Error::Setting { setting, value: format!("{value:?}"), expected });
            }
        }
        Ok(())
    }

    /// Makes the job of a fit, with its keys.
    fn keyed(&self, fit: &PlannedFit, folds: usize) -> Result<KeyedJob> {
        let PlannedFit { candidate: number, name } = fit;
        let foreign = || Error::Cluster(ClusterError::Fit { fit: name.to_string() });
        let params = candidate::<M>(name).ok_or_else(foreign)?;
        let job = Job { candidate: *number, params, fold: name.fold, budget: name.resource.budget() };
        let keyed = KeyedJob::of::<M>(job, &self.settings.recipe, 0)?;
        let is_it = keyed.name == *name && (name.fold as usize) < folds;
        if is_it { Ok(keyed) } else { Err(foreign()) }
    }
}

impl UnitOutcome {
    /// Collects the records and states of these jobs, in an order that does not depend on the order of the fits.
    fn of(relay: &StateRelay, jobs: &[KeyedJob]) -> Result<Self> {
        let (mut records, mut states) = relay.contents()?;
        records.sort_by(|a, b| a.name.cmp(&b.name));
        let mut names: Vec<&FitName> = jobs.iter().map(|job| &job.name).collect();
        names.sort();
        names.dedup();
        let is_whole = records.iter().map(|stored| &stored.name).eq(names);
        let mut trainings: BTreeMap<TrajectoryFold, Vec<KeyedJob>> = BTreeMap::new();
        for job in jobs {
            trainings.entry(trajectory_fold(job)).or_default().push(job.clone());
        }
        let trainings: BTreeMap<_, Group> = trainings.into_iter().map(|(of, jobs)| (of, Group(jobs))).collect();
        if is_whole {
            // States between budgets are dropped, since they depend on when the process was asked to end.
            states.retain(|state| {
                let group = trainings.get(&(state.trajectory.clone(), state.fold));
                state.lasting || group.and_then(Group::last_state) == Some(state.epochs)
            });
        }
        states.sort_by_key(State::name);
        let done = trainings.values().filter_map(|group| passing_states(&group.0)).collect();
        Ok(Self { bundle: Bundle { records, states, done }, is_whole })
    }
}

/// Returns the number of epochs of the state from which each fit continues. Fits without a state are absent.
fn begins(jobs: &[KeyedJob], states: &[State]) -> HashMap<FitName, u32> {
    let mut of_trainings: HashMap<(&str, u32), Vec<u32>> = HashMap::new();
    for State { trajectory, fold, epochs, .. } in states {
        of_trainings.entry((trajectory, *fold)).or_default().push(*epochs);
    }
    let begin = |KeyedJob { name, trajectory, .. }: &KeyedJob| {
        let states = of_trainings.get(&(trajectory.as_str(), name.fold))?;
        let epochs = states.iter().copied().filter(|&epochs| epochs <= name.resource.epochs()).max()?;
        Some((name.clone(), epochs))
    };
    jobs.iter().filter_map(begin).collect()
}

/// The candidates of some fits, with their records. They have no strategy.
struct UnitCandidates {
    /// The jobs, until they are proposed.
    jobs: Vec<KeyedJob>,
    trials: Trials<()>,
}

impl Candidates for UnitCandidates {
    fn propose(&mut self, _: &JobQueue) -> Result<Vec<KeyedJob>, Fault> {
        Ok(mem::take(&mut self.jobs))
    }

    fn add(&mut self, _: &AnyParams, record: Record) -> bool {
        self.trials.add(|| (), record)
    }

    fn len(&self) -> usize {
        self.trials.len()
    }

    fn records(&self, candidate: u64) -> Option<&TrialRecords> {
        self.trials.get(candidate).map(|trial| &trial.records)
    }
}
