//! Plans the next round: asks the strategy for its next trainings, and divides them into units.

use std::{fs, path::Path, sync::mpsc, thread, time::Duration};

use super::{
    attempt::{self, Attempt},
    collect::{add, collect},
    estimate::Estimate,
    folder::Folder,
    plan::{Plan, Unit},
    program,
    survey::Survey,
    unit_file::write_states,
    working_copy::WorkingStudy,
};
use crate::{
    error::{ClusterError, Error, Result},
    limit::Stop,
    search::{
        NextTrainings, UnitOutcome, UnitSearch, UnitWork,
        unit::{PlannedFit, PlannedTraining},
    },
    study::{Records, Sqlite, StateName, StateReader, States, bundle::Bundle},
};

/// How long a plan without any measured fit runs some to measure them.
const TRIAL: Duration = Duration::from_secs(10);
/// The number of trainings that are run to measure them.
const TRIED: usize = 4;

/// The division of a round into units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct PlanSettings {
    /// The time that a unit should take. If it is 0, each training is a separate unit.
    pub(super) unit_time: Duration,
    /// True to plan the missing fits again, in place of the existing plan.
    pub(super) anew: bool,
    /// True to run the failed fits of earlier rounds again.
    pub(super) retries_failed: bool,
}

/// The outcome of planning.
#[derive(Debug)]
pub(super) enum Planned {
    /// The plan of the next round. It has no units if the search is complete.
    Next(Plan),
    /// The existing plan, because results of its round are missing.
    Stands(Plan, Survey),
}

/// Collects the results of the current round, and plans the next round if none is missing.
///
/// # Errors
/// [`ClusterError::Differs`] if the folder or the study belongs to another search, [`ClusterError::Program`] if results
/// of a plan by another build of the program are missing, and the errors of the study and the strategy.
pub(super) fn plan(
    search: &dyn UnitSearch,
    working: &WorkingStudy,
    folder: &Folder,
    settings: PlanSettings,
) -> Result<Planned> {
    let study = working.study();
    let identity = search.identity()?;
    let before = match Plan::find(folder) {
        Err(Error::Cluster(ClusterError::Damaged { .. })) if settings.anew => None,
        found => found?,
    };
    if let Some(before) = &before {
        before.check_search(folder, &identity)?;
        let survey = collect(study, folder, before, settings.anew)?;
        if !survey.missing.is_empty() && !settings.anew {
            before.check_program(folder)?;
            return Ok(Planned::Stands(before.clone(), survey));
        }
    }
    let last = before.as_ref().map_or(0, |before| before.round).max(folder.last_round());
    // Failed fits are run again once, not in each round.
    let study = match last {
        _ if settings.retries_failed => study.clone().retry_failed(),
        0 => study.clone(),
        _ => study.clone().reopened(),
    };
    let mut next = search.next_trainings(study.clone())?;
    let study = study.reopened();
    let mut estimate = Estimate::of(&Sqlite::open(study.clone())?.records()?);
    let is_timed = !settings.unit_time.is_zero();
    if is_timed && next.trainings.first().is_some_and(|training| estimate.seconds(training).is_none()) {
        add(&study, tried(search, &next.trainings, &folder.trial())?)?;
        next = search.next_trainings(study.clone())?;
        estimate = Estimate::of(&Sqlite::open(study.clone())?.records()?);
    }
    let NextTrainings { trainings, done, planned } = next;
    if let Some(before) = before.filter(|before| before.units.is_empty() && trainings.is_empty()) {
        return Ok(Planned::Next(before));
    }
    let round = last + 1;
    folder.make(round)?;
    let mut reader = Sqlite::open(study)?.state_reader()?;
    let mut units = Vec::new();
    for (trainings, seconds) in divided(trainings, settings.unit_time, &estimate) {
        let states = states(&trainings, &mut reader)?;
        let states = if states.states.is_empty() {
            None
        } else {
            Some(write_states(&folder.states(round, units.len()), &states)?)
        };
        let fits: Vec<PlannedFit> = trainings.into_iter().flat_map(|training| training.fits).collect();
        units.push(Unit { seconds, states, fits });
    }
    drop(reader);
    // The results of the previous round must be in the study before any file of that round is removed.
    working.put_back()?;
    let plan = Plan { round, program: program::digest()?, identity, done, planned, units, id: [0; 32] };
    let plan = plan.write(folder)?;
    // The previous round remains until there is a further one, since a late unit may still read it.
    folder.forget_before(last);
    Ok(Planned::Next(plan))
}

/// Divides the trainings, in their order, into units of about the given time. Returns each unit with its estimated time
/// in seconds.
fn divided(trainings: Vec<PlannedTraining>, time: Duration, estimate: &Estimate) -> Vec<(Vec<PlannedTraining>, f64)> {
    let mut units: Vec<(Vec<PlannedTraining>, f64)> = Vec::new();
    for training in trainings {
        let known = estimate.seconds(&training);
        // A training of unknown duration may take the whole time of a unit.
        let seconds = known.unwrap_or(time.as_secs_f64());
        let is_within = |unit: &&mut (Vec<_>, f64)| unit.1 + seconds <= time.as_secs_f64();
        match units.last_mut().filter(is_within).filter(|_| !time.is_zero()) {
            Some((unit, sum)) => {
                unit.push(training);
                *sum += seconds;
            }
            None => units.push((vec![training], seconds)),
        }
    }
    units
}

/// Reads the states from which trainings continue. If the study no longer has a state, its training starts from the
/// beginning.
fn states(trainings: &[PlannedTraining], reader: &mut StateReader) -> Result<Bundle> {
    let names = trainings.iter().filter_map(|training| training.begins_at.as_ref());
    let states = names.map(|StateName { trajectory, fold, epochs }| reader(trajectory, *fold, *epochs));
    let states = states.collect::<Result<Vec<_>>>()?.into_iter().flatten().collect();
    Ok(Bundle { states, ..Bundle::default() })
}

/// Runs a few trainings, spread over the list, to measure their time. It skips trainings that do not end in time, and
/// fits in which an earlier process died according to the files in `attempts`.
fn tried(search: &dyn UnitSearch, trainings: &[PlannedTraining], attempts: &Path) -> Result<Bundle> {
    let crashes = attempt::crashes(attempts, |_| false, &Stop::new());
    let is_safe = |fit: &PlannedFit| crashes.iter().all(|start| start.name != fit.name);
    let trainings: Vec<_> = trainings.iter().filter(|training| training.fits.iter().all(is_safe)).collect();
    let count = trainings.len().min(TRIED);
    let at = |number: usize| number * trainings.len().saturating_sub(1) / count.saturating_sub(1).max(1);
    let stop = Stop::new();
    let (end, ended) = mpsc::channel::<()>();
    let watch = stop.clone();
    thread::scope(|scope| {
        scope.spawn(move || {
            if ended.recv_timeout(TRIAL) == Err(mpsc::RecvTimeoutError::Timeout) {
                watch.request(Duration::ZERO);
            }
        });
        let mut all = Bundle::default();
        for number in 0..count {
            if stop.is_requested() {
                break;
            }
            let fits = &trainings[at(number)].fits;
            let work = UnitWork {
                fits,
                known: Bundle::default(),
                workers: 1,
                mark: Some(Box::new(Attempt::in_folder(attempts))),
                crashes: &[],
                stop: &stop,
                save: &mut |_| Ok(()),
            };
            let UnitOutcome { bundle: Bundle { records, states, done }, is_whole } = search.run_unit(work)?;
            all.records.extend(records);
            if is_whole {
                all.states.extend(states);
                all.done.extend(done);
            }
        }
        drop(end);
        if !all.records.is_empty() {
            // Once there are times, no fits are run to measure them.
            let _ = fs::remove_dir_all(attempts);
        }
        Ok(all)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::study::FitName;

    fn training(number: u64) -> PlannedTraining {
        let name = FitName { params: "{}".to_owned(), fold: 0, resource: "1".parse().expect("a resource") };
        PlannedTraining { fits: vec![PlannedFit { candidate: number, name }], begins_at: None }
    }

    #[test]
    fn trainings_of_unknown_time_are_units_of_their_own() {
        let divided =
            |seconds| divided((0..3).map(training).collect(), Duration::from_secs(seconds), &Estimate::default());
        let sizes = |seconds| divided(seconds).into_iter().map(|(unit, _)| unit.len()).collect::<Vec<_>>();
        assert_eq!((sizes(60), sizes(0)), (vec![1, 1, 1], vec![1, 1, 1]));
    }
}
