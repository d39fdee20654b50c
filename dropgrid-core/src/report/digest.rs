//! The digest of a search's results.

use std::fmt::Write;

use sha2::{Digest, Sha256};

use super::{CvResults, Results};
use crate::{record::Budget, space::Params};

/// SHA-256 over the metrics' names, each candidate's hyperparameters and the bits of each fold's scores at each budget,
/// or the reason why there are none. Times are left out: they differ from run to run.
pub(super) fn of<P: Params>(results: &Results<P>) -> String {
    let parts = |at: usize| {
        let params = results.candidates()[at].params();
        // No search takes a candidate without texts.
        params.texts().map_or_else(
            |_| vec![params.to_string()],
            |values| P::NAMES.iter().zip(values).flat_map(|(name, value)| [(*name).to_owned(), value]).collect(),
        )
    };
    digest(results, &parts)
}

/// The digest, where `parts` gives the names and values of the candidate at a place.
fn digest(results: &CvResults, parts: &dyn Fn(usize) -> Vec<String>) -> String {
    let mut hash = Sha256::new();
    let mut text = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text.as_bytes());
    };
    for metric in results.metrics() {
        text(&metric.name);
    }
    for (at, candidate) in results.candidates().iter().enumerate() {
        for part in parts(at) {
            text(&part);
        }
        for record in candidate.other_records().iter().chain(candidate.records()) {
            // Only where it tells records apart: those of a grid have all folds and the whole training.
            if !(candidate.is_complete() && candidate.budget() == Budget::Full && record.budget == Budget::Full) {
                text(&format!("{} on fold {}", record.budget, record.fold));
            }
            match &record.outcome {
                Ok(scores) => scores.iter().for_each(|score| text(&format!("{:016x}", score.to_bits()))),
                Err(failure) => text(&failure.to_string()),
            }
        }
    }
    hash.finalize().iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
