//! Trainings that candidates share: a session of the HParams dashboard for each of the candidates.

use std::{collections::BTreeMap, io, path::Path};

use super::{event_file::EventFile, folder, group, hparams::score_tag};
use crate::hook::{CandidateScore, FitInfo};

/// Scalars by their tags.
pub(super) type Scalars = Vec<(String, f64)>;

/// A training that several candidates share.
#[derive(Debug, Default)]
pub(super) struct SharedTraining {
    /// The scalars of each epoch.
    epochs: BTreeMap<usize, Scalars>,
    /// The candidates that have their sessions.
    written: Vec<u64>,
}

impl SharedTraining {
    pub(super) fn epoch(&mut self, number: usize, scalars: Scalars) {
        self.epochs.insert(number, scalars);
    }

    /// Writes the session of a candidate that was scored: its own hyperparameters, the scalars of its last epoch, and
    /// its scores.
    pub(super) fn scored(&mut self, root: &Path, fit: &FitInfo, score: &CandidateScore) -> io::Result<()> {
        self.written.push(score.candidate);
        let mut scalars = self.epochs.get(&score.epochs).cloned().unwrap_or_default();
        scalars.extend(scores(fit, score));
        session(root, fit, score.candidate, Some((score.epochs, &scalars)))
    }

    /// Writes the sessions of the candidates that failed with the training.
    pub(super) fn end(&self, root: &Path, fit: &FitInfo) -> io::Result<()> {
        let failed = fit.candidates.iter().filter(|candidate| !self.written.contains(candidate));
        failed.into_iter().try_for_each(|&candidate| session(root, fit, candidate, None))
    }
}

/// The scores of a candidate by their tags.
pub(super) fn scores(fit: &FitInfo, score: &CandidateScore) -> Scalars {
    fit.metrics.iter().map(|name| score_tag(name)).zip(score.scores.iter().copied()).collect()
}

/// Writes the session of a candidate in a folder of its own. Without scalars it has failed.
fn session(root: &Path, fit: &FitInfo, candidate: u64, last: Option<(usize, &Scalars)>) -> io::Result<()> {
    let Some(at) = fit.candidates.iter().position(|&other| other == candidate) else { return Ok(()) };
    let values = fit.values.get(at).cloned().unwrap_or_default();
    let params = fit.params.iter().map(|(name, _)| *name).zip(values).collect();
    let alone = FitInfo { candidates: vec![candidate], params, differ: Vec::new(), ..fit.clone() };
    let own = folder::own(&root.join(folder::of(&alone)))?;
    let mut file = EventFile::create(&own, &format!("{}.{candidate}", fit.id))?;
    file.begin(&alone, &group(&alone, &own))?;
    if let Some((epochs, scalars)) = last {
        file.scalars(epochs as u64, scalars)?;
    }
    file.end(last.is_none())
}
