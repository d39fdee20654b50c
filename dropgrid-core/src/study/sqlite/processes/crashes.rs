//! Fits over which processes died by themselves.

use std::time::Duration;

use rusqlite::{Transaction, params};

use super::{super::rows, Processes};
use crate::{
    error::Failure,
    record::{Details, Record},
    study::{FitName, Kept, claim::DEATHS},
};

impl Processes {
    /// Counts one death more for each of these fits that is not kept. Those of the last death that is borne have failed.
    pub(super) fn count(
        &mut self,
        transaction: &Transaction<'_>,
        fits: impl IntoIterator<Item = FitName>,
    ) -> rusqlite::Result<()> {
        let mut statement = transaction.prepare_cached(
            "INSERT INTO death (params, fold, times) VALUES (?1, ?2, 1)
             ON CONFLICT DO UPDATE SET times = times + 1 RETURNING times",
        )?;
        for fit in fits {
            if rows::one(transaction, &fit)?.is_some() {
                continue;
            }
            let times = statement.query_row(params![fit.params, fit.fold], |row| row.get(0))?;
            if times >= DEATHS {
                let record = killed(fit.fold, times);
                rows::write(transaction, &[Kept { params: fit.params.clone(), record }])?;
                self.is_shared = true;
            }
            self.deaths.insert(fit, times);
        }
        Ok(())
    }
}

fn killed(fold: u32, deaths: u32) -> Record {
    Record {
        candidate: 0,
        fold,
        outcome: Err(Failure::Killed { deaths }),
        warnings: Vec::new(),
        train_scores: None,
        fit_time: Duration::ZERO,
        score_time: Duration::ZERO,
        details: Details::default(),
    }
}
