//! The report as text for people.

use std::fmt;

use super::{
    CandidateScores, CvResults, LEVEL, Layout, Report, UNKNOWN_WIDTH, conclusion::Conclusion, line_width,
    lines::shows_bold, mean_and_std, wrap,
};
use crate::{escape::escaped, model::Model};

/// The most damaged records that the report names.
const LISTED: usize = 10;
/// The report shows all candidates up to this number.
const ALL_SHOWN: usize = 20;
/// The number of candidates shown where there are more.
const SHOWN: usize = 12;

impl Conclusion {
    /// One sentence about the choice by fresh repeats, where that was the rule.
    pub(super) fn fresh_sentence(&self, best: &CandidateScores) -> Option<String> {
        let chosen = self.fresh_scores.iter().find(|score| score.candidate == self.best)?;
        let (raced, mean, before) = (self.fresh_scores.len(), chosen.mean, best.mean(0));
        Some(format!(
            "Chosen among the first {raced} on fresh repeats of the folds, where it has {mean:.6}: {}. In the search it had \
             {before:.6}.",
            escaped(&self.best_params)
        ))
    }

    /// Writes the text of a report with these results.
    fn write(&self, results: &CvResults, digest: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let best = &results.candidates()[self.best];
        let candidates = results.candidates().len();
        let layout = Layout {
            width: f.width().or_else(line_width).unwrap_or(UNKNOWN_WIDTH),
            shown: if candidates > ALL_SHOWN { SHOWN } else { ALL_SHOWN },
            candidates: "`report.results().write(\"results.csv\")` writes all of them",
            columns: "`report.results().write(\"results.csv\")`",
            fold_scores: f.alternate(),
            bold: shows_bold().then(|| results.position(self.best)),
        };
        writeln!(f, "{}", results.table(&layout))?;
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        for remark in results.remarks() {
            writeln!(f, "warning: {}", escaped(&remark))?;
        }
        let fits = results.fits();
        let ended = results.stopped().count();
        if ended > 0 {
            let rules = crate::error::group(results.stopped().collect::<Vec<_>>().iter());
            writeln!(f, "{ended} of {fits} fits were ended by rules: {rules}")?;
        }
        let spreads = best.spreads();
        let (spread, _) = mean_and_std(&spreads, &vec![1.0; spreads.len()]);
        if !spread.is_nan() {
            writeln!(
                f,
                "scores are those of the mean of passes with dropout on, which spread by {spread:.6} in the best"
            )?;
        }
        if !self.refit_failures.is_empty() {
            let (failed, reasons) = (self.refit_failures.len(), crate::error::group(&self.refit_failures));
            writeln!(f, "warning: {failed} attempts at training the best on all rows failed: {reasons}")?;
        }
        if !self.damaged.is_empty() {
            let mut records: Vec<String> = self.damaged.iter().take(LISTED).map(ToString::to_string).collect();
            if self.damaged.len() > LISTED {
                records.push(format!("and {} more", self.damaged.len() - LISTED));
            }
            let (count, records) = (self.damaged.len(), records.join("; "));
            let were = if count == 1 { "record of the study was" } else { "records of the study were" };
            writeln!(f, "warning: {count} damaged {were} not used: {records}")?;
        }
        let eliminations = results.eliminations();
        if !eliminations.is_empty() {
            let stages: Vec<String> =
                eliminations.iter().map(|(after, count)| format!("{count} after {}", escaped(after))).collect();
            writeln!(f, "candidates eliminated: {}", stages.join(", "))?;
        }
        if let Some(sentence) = results.feasibility(best) {
            writeln!(f, "{sentence}")?;
        }
        if let Some(stopped) = self.stopped {
            writeln!(f, "warning: {stopped}; candidates that are not done on all folds rank last")?;
        }
        let sentences =
            [results.comparison(LEVEL), results.selection(), results.correction(), self.fresh_sentence(best)];
        for sentence in sentences.into_iter().flatten().chain(results.effects_sentences()) {
            for line in wrap(&sentence, f.width().or_else(line_width).unwrap_or(usize::MAX)) {
                writeln!(f, "{line}")?;
            }
        }
        let folds = match results.repeats() {
            1 => format!("{} folds", results.folds()),
            repeats => format!("{} folds x {repeats} repeats", results.folds_of_one()),
        };
        let count = if fits == candidates * results.folds() {
            format!("{candidates} candidates x {folds} = {fits} fits")
        } else {
            format!("{candidates} candidates, {fits} fits on {folds}")
        };
        write!(f, "{count} in {:.2} s, digest {}", self.elapsed.as_secs_f64(), &digest[..16])
    }
}

/// Writes the best candidates as a table, then warnings, then a sentence about the significance of the ranking.
///
/// The table is no wider than `COLUMNS`, or else the terminal, or else 120 characters; `{report:160}` allows 160. `{report:#}`
/// also has the deciding metric's score on each fold. Numbers have as many digits as tell the rows apart: [`results`](Report::results) has all of them.
impl<M: Model, T, F> fmt::Display for Report<M, T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.conclusion.write(&self.results, &self.digest(), f)
    }
}
