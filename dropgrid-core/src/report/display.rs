//! The report as text for people.

use std::fmt;

use super::{LEVEL, Layout, Report, UNKNOWN_WIDTH, line_width, lines::shows_bold, mean_and_std, wrap};
use crate::{escape::escaped, model::Model};

/// The most damaged records that the report names.
const LISTED: usize = 10;
/// The report shows all candidates up to this number.
const ALL_SHOWN: usize = 20;
/// The number of candidates shown where there are more.
const SHOWN: usize = 12;

/// Writes the best candidates as a table, then warnings, then a sentence about the significance of the ranking.
///
/// The table is no wider than `COLUMNS`, or else the terminal, or else 120 characters; `{report:160}` allows 160. Numbers
/// have as many digits as tell the rows apart: [`results`](Report::results) has all of them.
impl<M: Model, T, F> fmt::Display for Report<M, T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let candidates = self.results.candidates().len();
        let layout = Layout {
            width: f.width().or_else(line_width).unwrap_or(UNKNOWN_WIDTH),
            shown: if candidates > ALL_SHOWN { SHOWN } else { ALL_SHOWN },
            candidates: "`report.results().write(\"results.csv\")` writes all of them",
            columns: "`report.results().write(\"results.csv\")`",
            bold: shows_bold().then(|| self.results.position(self.best)),
        };
        writeln!(f, "{}", self.results.table(&layout))?;
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        for remark in self.results.remarks() {
            writeln!(f, "warning: {}", escaped(&remark))?;
        }
        let fits = self.results.fits();
        let ended = self.results.stopped().count();
        if ended > 0 {
            let rules = crate::error::group(self.results.stopped().collect::<Vec<_>>().iter());
            writeln!(f, "{ended} of {fits} fits were ended by rules: {rules}")?;
        }
        let spreads = self.best().spreads();
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
        let eliminations = self.results.eliminations();
        if !eliminations.is_empty() {
            let stages: Vec<String> =
                eliminations.iter().map(|(after, count)| format!("{count} after {}", escaped(after))).collect();
            writeln!(f, "candidates eliminated: {}", stages.join(", "))?;
        }
        if let Some(stopped) = self.stopped {
            writeln!(f, "warning: {stopped}; candidates that are not done on all folds rank last")?;
        }
        let sentences = [
            self.results.comparison(LEVEL),
            self.results.selection(),
            self.results.correction(),
            self.fresh_sentence(),
            self.results.effects_sentence(),
            self.results.differences_sentence(),
        ];
        for sentence in sentences.into_iter().flatten() {
            for line in wrap(&sentence, f.width().or_else(line_width).unwrap_or(usize::MAX)) {
                writeln!(f, "{line}")?;
            }
        }
        let folds = match self.results.repeats() {
            1 => format!("{} folds", self.results.folds()),
            repeats => format!("{} folds x {repeats} repeats", self.results.folds_of_one()),
        };
        let count = if fits == candidates * self.results.folds() {
            format!("{candidates} candidates x {folds} = {fits} fits")
        } else {
            format!("{candidates} candidates, {fits} fits on {folds}")
        };
        write!(f, "{count} in {:.2} s, digest {}", self.elapsed.as_secs_f64(), &self.digest()[..16])
    }
}
