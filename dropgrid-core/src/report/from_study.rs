//! The results of a study's file.

use super::{Entry, ErrorScore, Provenance, Results, WholeTraining, view::facts};
use crate::{
    record::{Budget, Record},
    strategy::Elimination,
    study::{Metadata, ParamsJson, StudyCandidate, StudyFile},
};

impl Results<ParamsJson> {
    /// The results of the candidates of a study, in the order of their values; none where no search has begun.
    /// Candidates that have the whole training on every fold are finalists, and the others rank behind them.
    pub fn of_study(study: &StudyFile) -> Self {
        let Some(metadata) = &study.info().metadata else {
            return Self::new(Vec::<Entry<_>>::new(), Vec::new(), Vec::new(), ErrorScore::Nan);
        };
        let by_rows = study.records().any(|record| matches!(record.budget, Budget::Rows(_)));
        let candidates = study.candidates().iter().enumerate();
        let entries = candidates.map(|(number, candidate)| entry(metadata, candidate, number, by_rows));
        let error_score = metadata.error_score.map_or(ErrorScore::Nan, ErrorScore::Value);
        let results = Self::new(entries, metadata.metrics.clone(), metadata.folds.clone(), error_score);
        let identity = &study.info().identity;
        let model = identity.part("model").and_then(|model| model.split_whitespace().next()).unwrap_or_default();
        let provenance = Provenance {
            model: model.to_owned(),
            axes: metadata.axes.clone(),
            declaration: metadata.declaration.clone(),
            monitored: metadata.monitored.clone(),
            facts: facts(study),
            is_of_study: true,
            ..Provenance::default()
        };
        let constraints = metadata.constraints.clone();
        results.map(|cv| cv.constrained(constraints).with_classes(&identity.classes()).with_provenance(provenance))
    }
}

/// A candidate with its records on the folds of the last search. Records of an earlier search on more folds stay in the
/// file.
fn entry(metadata: &Metadata, candidate: &StudyCandidate, number: usize, by_rows: bool) -> Entry<ParamsJson> {
    let folds = metadata.folds.len();
    let records = candidate.records().filter(|record| (record.fold as usize) < folds);
    let records: Vec<Record> = records.cloned().collect();
    let rows = metadata.rows.unwrap_or(0);
    let whole = WholeTraining { epochs: candidate.epochs as usize, rows: by_rows.then_some(rows) };
    let is_whole = records.iter().filter(|record| record.budget == Budget::Full).count() == folds;
    let judgement = candidate.judgement.as_ref();
    let is_finalist = judgement.map_or(is_whole, |judgement| judgement.is_finalist);
    let elimination = judgement.and_then(|it| it.elimination.clone());
    let elimination = elimination.map(|(after, reason)| Elimination { candidate: number as u64, after, reason });
    let iteration = judgement.and_then(|judgement| judgement.iteration);
    Entry { elimination, iteration, ..Entry::judged(candidate.params.clone(), records, folds, whole, is_finalist) }
}
