//! Estimates the time of a training from the times of similar trainings.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{search::unit::PlannedTraining, study::StoredRecord};

/// The largest number of records to which a training is compared.
const MOST: usize = 64;

/// The hyperparameters of a fit, each as the text of its value.
type Values = BTreeMap<String, String>;

/// The times of measured trainings.
#[derive(Debug, Default)]
pub(super) struct Estimate {
    /// The hyperparameters of a fit, and its time in seconds per epoch on all rows.
    measured: Vec<(Values, f64)>,
}

impl Estimate {
    /// Learns from records. If there are many, it uses a sample that is spread evenly over them.
    pub(super) fn of(records: &[StoredRecord]) -> Self {
        let measure = |StoredRecord { name, record }: &StoredRecord| {
            let epochs = record.curve.epochs.len().max(1) as f64;
            let seconds = (record.fit_time + record.score_time).as_secs_f64();
            let is_measured = seconds > 0.0 && record.outcome.is_ok();
            is_measured.then(|| (values(&name.params), seconds / (epochs * name.resource.rows().get())))
        };
        let step = records.len().div_ceil(MOST).max(1);
        Self { measured: records.iter().step_by(step).filter_map(measure).collect() }
    }

    /// Returns the estimated time of a training in seconds: the mean of the measured trainings that share most of its
    /// hyperparameters. `None` if none was measured.
    pub(super) fn seconds(&self, training: &PlannedTraining) -> Option<f64> {
        let own = values(&training.fits.first()?.name.params);
        let shared = |(of, _): &&(Values, f64)| own.iter().filter(|&(name, value)| of.get(name) == Some(value)).count();
        let most = self.measured.iter().map(|of| shared(&of)).max()?;
        let alike: Vec<f64> =
            self.measured.iter().filter(|of| shared(of) == most).map(|(_, seconds)| *seconds).collect();
        let (epochs, rows) = training.epochs();
        Some(alike.iter().sum::<f64>() / alike.len() as f64 * f64::from(epochs.max(1)) * rows)
    }
}

/// Parses the hyperparameters in a candidate's JSON.
fn values(params: &str) -> Values {
    let object = serde_json::from_str::<serde_json::Map<String, Value>>(params).unwrap_or_default();
    object.into_iter().map(|(name, value)| (name, value.to_string())).collect()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        record::{Curve, Details, Epoch, Record},
        search::unit::PlannedFit,
        study::{FitName, StateName},
    };

    fn record(params: &str, resource: &str, epochs: usize, seconds: u64) -> StoredRecord {
        let name = FitName { params: params.to_owned(), fold: 0, resource: resource.parse().expect("a resource") };
        let epoch = |number| Epoch {
            number,
            train_loss: 0.0,
            monitored: None,
            lr: 0.0,
            train_scores: Vec::new(),
            validation_scores: Vec::new(),
        };
        let record = Record {
            candidate: 0,
            fold: 0,
            budget: name.resource.budget(),
            outcome: Ok(vec![0.5]),
            warnings: Vec::new(),
            train_scores: None,
            fit_time: Duration::from_secs(seconds),
            score_time: Duration::ZERO,
            curve: Curve { epochs: (1..=epochs).map(epoch).collect() },
            details: Details::default(),
        };
        StoredRecord { name, record }
    }

    fn training(params: &str, resource: &str, begins_at: u32) -> PlannedTraining {
        let name = record(params, resource, 0, 0).name;
        let state = StateName { trajectory: String::new(), fold: 0, epochs: begins_at };
        let fits = vec![PlannedFit { candidate: 0, name }];
        PlannedTraining { fits, begins_at: (begins_at > 0).then_some(state) }
    }

    #[test]
    fn a_training_takes_as_long_for_an_epoch_as_those_like_it() {
        let records = [
            record("{\"width\":8,\"lr\":0.1}", "20", 20, 20),
            record("{\"width\":8,\"lr\":0.2}", "20", 10, 30),
            record("{\"width\":64,\"lr\":0.1}", "20@0.5", 20, 100),
            // The time that a failed fit would have taken is unknown.
            StoredRecord {
                record: Record { outcome: Err(crate::Failure::Interrupted), ..record("{}", "20", 1, 999).record },
                ..record("{}", "20", 1, 999)
            },
        ];
        let estimate = Estimate::of(&records);
        let seconds = |params, resource, begins_at| estimate.seconds(&training(params, resource, begins_at));
        assert_eq!(seconds("{\"width\":8,\"lr\":0.1}", "20", 0), Some(20.0));
        assert_eq!(seconds("{\"width\":8,\"lr\":0.3}", "20", 0), Some(40.0), "the mean of one and three seconds");
        assert_eq!(seconds("{\"width\":64,\"lr\":0.3}", "10", 0), Some(100.0));
        assert_eq!(seconds("{\"width\":64,\"lr\":0.3}", "10@0.5", 0), Some(50.0));
        assert_eq!(seconds("{\"width\":64,\"lr\":0.3}", "9/27", 3), Some(60.0));
        assert_eq!(Estimate::of(&[]).seconds(&training("{}", "1", 0)), None);
    }

    #[test]
    fn many_records_are_sampled() {
        let records: Vec<StoredRecord> = (0..1000).map(|at| record("{}", "1", 1, at + 1)).collect();
        let estimate = Estimate::of(&records);
        assert!(estimate.measured.len() <= MOST && estimate.measured.len() > MOST / 2);
    }
}
