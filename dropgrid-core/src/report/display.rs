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
        // Where no terminal limits it, a line has any length.
        let room = f.width().or_else(line_width).unwrap_or(usize::MAX);
        for line in self.sentences(results).iter().flat_map(|sentence| wrap(sentence, room)) {
            writeln!(f, "{line}")?;
        }
        let last = format!("{} in {:.2} s, digest {}", fits(results), self.elapsed.as_secs_f64(), &digest[..16]);
        writeln!(f, "{}", wrap(&last, room).join("\n"))?;
        let score = results.candidates()[self.best].mean(0);
        let best = format!("Best: {score:.6} using {}", escaped(&self.best_params));
        f.write_str(&wrap(&best, room).join("\n"))
    }

    /// What is to say below the table: first what went wrong, then how sure the choice is.
    fn sentences(&self, results: &CvResults) -> Vec<String> {
        let best = &results.candidates()[self.best];
        let mut all: Vec<String> = self.warnings.iter().map(|warning| format!("warning: {warning}")).collect();
        all.extend(results.remarks().iter().map(|remark| format!("warning: {}", escaped(remark))));
        let ended = results.stopped().count();
        if ended > 0 {
            let rules = crate::error::group(results.stopped().collect::<Vec<_>>().iter());
            all.push(format!("{ended} of {} fits were ended by rules: {rules}", results.fits()));
        }
        let spreads = best.spreads();
        let (spread, _) = mean_and_std(&spreads, &vec![1.0; spreads.len()]);
        if !spread.is_nan() {
            all.push(format!(
                "scores are those of the mean of passes with dropout on, which spread by {spread:.6} in the best"
            ));
        }
        if !self.refit_failures.is_empty() {
            let (failed, reasons) = (self.refit_failures.len(), crate::error::group(&self.refit_failures));
            all.push(format!("warning: {failed} attempts at training the best on all rows failed: {reasons}"));
        }
        all.extend(self.damage());
        let eliminations = results.eliminations();
        if !eliminations.is_empty() {
            let stages: Vec<String> =
                eliminations.iter().map(|(after, count)| format!("{count} after {}", escaped(after))).collect();
            all.push(format!("candidates eliminated: {}", stages.join(", ")));
        }
        all.extend(results.feasibility(best));
        if let Some(stopped) = self.stopped {
            all.push(format!("warning: {stopped}; candidates that are not done on all folds rank last"));
        }
        let fresh = self.fresh_sentence(best);
        let selection = results.selection().or_else(|| results.no_selection().filter(|_| fresh.is_none()));
        let choice = [results.comparison(LEVEL), selection, results.correction(), fresh];
        all.extend(choice.into_iter().flatten().chain(results.effects_sentences()));
        all
    }

    /// A sentence on the records of a study that cannot be used.
    fn damage(&self) -> Option<String> {
        let mut records: Vec<String> = self.damaged.iter().take(LISTED).map(ToString::to_string).collect();
        if self.damaged.len() > LISTED {
            records.push(format!("and {} more", self.damaged.len() - LISTED));
        }
        let (count, records) = (self.damaged.len(), records.join("; "));
        let were = if count == 1 { "record of the study was" } else { "records of the study were" };
        (count > 0).then(|| format!("warning: {count} damaged {were} not used: {records}"))
    }
}

/// The numbers of candidates, folds and fits.
fn fits(results: &CvResults) -> String {
    let (candidates, fits) = (results.candidates().len(), results.fits());
    let folds = match results.repeats() {
        1 => format!("{} folds", results.folds()),
        repeats => format!("{} folds x {repeats} repeats", results.folds_of_one()),
    };
    if fits == candidates * results.folds() {
        format!("{candidates} candidates x {folds} = {fits} fits")
    } else {
        format!("{candidates} candidates, {fits} fits on {folds}")
    }
}

/// Writes the best candidates as a table, then warnings, then how sure the ranking is, and last the winner.
///
/// The table and the lines below it are no wider than `COLUMNS`, or else the terminal; without either the table has at
/// most 120 characters, and the lines have any length. `{report:160}` allows 160. `{report:#}` also has the deciding
/// metric's score on each fold. Numbers have as many digits as tell the rows apart: [`results`](Report::results) has
/// all of them.
impl<M: Model, T, F> fmt::Display for Report<M, T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.conclusion.write(&self.results, &self.digest(), f)
    }
}
