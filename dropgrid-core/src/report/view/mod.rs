//! A search as plain data for pictures, and the pictures as files.

mod axes;
mod candidates;
mod effects;
mod front;
mod predictions;
#[cfg(feature = "study")]
mod study;

pub(crate) use axes::axis;
#[cfg(feature = "study")]
pub(super) use study::facts;
#[cfg(feature = "study")]
pub use study::{front_of_study, view_of_study};

use std::{
    fs,
    path::{Path, PathBuf},
};

use dropgrid_view::{Fits, Metric, SearchView, Status, page, plots};

use super::{
    CvResults, LEVEL, Report,
    provenance::{fact, machine},
};
use crate::{
    error::{Error, FileError, Result, group},
    file,
    metric::Direction,
    model::Model,
};

/// The most candidates of which every pair is compared in words or in pictures.
const COMPARED: usize = 20_000;
const MANY: &str = "Of more than 20,000 candidates there is no importance, there are no differences, and nothing is said of how \
                    sure the choice of the best is.";

impl CvResults {
    /// The results as plain data: scores, curves, budgets, effects, and how sure the choice of the best is.
    pub fn view(&self) -> SearchView {
        SearchView { certainty: self.certainty(self.correction(), None), ..self.view_of_scores() }
    }

    /// Sentences on how sure the choice of the best is, with those on the score that is corrected for it, and on the
    /// choice of a refit rule.
    fn certainty(&self, correction: Option<String>, choice: Option<String>) -> Vec<String> {
        let few = self.candidates().len() <= COMPARED;
        let [comparison, selection] =
            if few { [self.comparison(LEVEL), self.selection()] } else { [const { None }; 2] };
        let selection = selection.or_else(|| self.no_selection().filter(|_| correction.is_none() && choice.is_none()));
        [comparison, selection, correction, choice].into_iter().flatten().collect()
    }

    /// The results as plain data, except how sure the choice of the best is.
    fn view_of_scores(&self) -> SearchView {
        let provenance = &self.provenance;
        let metric = |info: &crate::record::MetricInfo| Metric {
            name: info.name.clone(),
            maximize: info.direction == Direction::Maximize,
        };
        let failed = self.failures().count();
        let few = self.candidates().len() <= COMPARED;
        let importance = if few { effects::importance(self) } else { Err(MANY.to_owned()) };
        let mut facts = provenance.facts.clone();
        if facts.is_empty() && !provenance.is_of_study {
            facts.push(machine());
        }
        let mut view = SearchView {
            title: provenance.model.clone(),
            metrics: self.metrics().iter().map(metric).collect(),
            axes: axes::axes(self.candidates(), &provenance.axes),
            candidates: candidates::candidates(self),
            best: self.best(),
            folds: self.folds(),
            fits: Fits { done: self.fits(), failed, planned: None, running: 0 },
            warnings: self.remarks(),
            monitored: provenance.monitored.clone(),
            importance_missing: importance.as_ref().err().cloned(),
            importance: importance.ok(),
            declaration: provenance.declaration.clone(),
            front: provenance.front.clone().or_else(|| self.front_of_metrics()).or_else(|| self.front_of_size()),
            constraints: self.constraints().iter().map(ToString::to_string).collect(),
            differences: if few { effects::differences(self) } else { Vec::new() },
            facts,
            ..SearchView::default()
        };
        self.add_predictions(&mut view);
        view
    }

    /// Warnings about scores and fits, each a sentence.
    pub(super) fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::new();
        for (at, metric) in self.metrics().iter().enumerate() {
            let of_metric = self.warnings().filter(|&(of, _)| of == at);
            let named: Vec<_> = of_metric.map(|(_, warning)| warning.with_names(self.classes())).collect();
            if !named.is_empty() {
                remarks.push(format!("{}: {}", metric.name, group(&named)));
            }
        }
        let (fits, failed, retried) = (self.fits(), self.failures().count(), self.retried().count());
        if failed > 0 {
            remarks.push(format!("{failed} of {fits} fits failed: {}", group(self.failures())));
        }
        if retried > 0 {
            remarks.push(format!("{retried} failed attempts were followed by others: {}", group(self.retried())));
        }
        remarks
    }
}

impl<M: Model, T, F> Report<M, T, F> {
    /// The report as plain data, which [`page`] and [`plots`] draw.
    pub fn view(&self) -> SearchView {
        let (results, conclusion) = (&self.results, &self.conclusion);
        let mut view = results.view_of_scores();
        let has_score = |best: &usize| !results.candidates()[*best].mean(0).is_nan();
        view.best = Some(conclusion.best).filter(has_score);
        results.add_predictions(&mut view);
        view.certainty = results.certainty(results.correction(), self.choice());
        view.seconds = Some(conclusion.searched.as_secs_f64());
        view.fits.planned = conclusion.stopped.map(|stopped| stopped.planned);
        if let Some(stopped) = conclusion.stopped {
            view.status = Status::Stopped(stopped.to_string());
        }
        let of_data = conclusion.warnings.iter().map(ToString::to_string);
        view.warnings = of_data.chain(view.warnings).chain(conclusion.warnings_of_end()).collect();
        view.facts.insert(0, fact("digest", self.digest()));
        view
    }

    /// Gives the pictures these out-of-fold predictions in place of what the records of the best candidate have of its
    /// own: of every row its number in the residuals, and every threshold of the receiver operating characteristic.
    ///
    /// ```no_run
    /// # use dropgrid_core::{Result, data::{Classes, Dataset}, model::Model, report::Report};
    /// # use dropgrid_core::search::OutOfFoldPredictions;
    /// # fn pictured<M: Model>(report: Report<M, Classes<10>>, digits: &Dataset<Classes<10>>,
    /// #     out_of_fold: OutOfFoldPredictions<Classes<10>>) -> Result<()> {
    /// // let out_of_fold = M::search(Only(report.best_params().clone())).cross_val_predict(digits)?;
    /// report.with_predictions(out_of_fold.view(digits)).to_html("report.html")?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn with_predictions(self, predictions: dropgrid_view::Predictions) -> Self {
        let results = self.results.map(|cv| cv.with_predictions(predictions));
        Self { results, ..self }
    }

    /// Writes the report as one HTML page: the candidates, to be sorted and filtered, and all pictures. It asks no
    /// network and needs no other file.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn to_html(&self, path: impl AsRef<Path>) -> Result<()> {
        file::write(path, page(&self.view()))
    }

    /// Writes each picture as an SVG document into a folder, which is created where it does not exist. Returns the
    /// paths.
    ///
    /// # Errors
    /// [`FileError::Write`].
    pub fn to_svg(&self, folder: impl AsRef<Path>) -> Result<Vec<PathBuf>> {
        write_plots(&self.view(), folder.as_ref())
    }
}

/// Writes each picture of a search as an SVG document into a folder, and returns the paths.
///
/// # Errors
/// [`FileError::Write`].
pub fn write_plots(view: &SearchView, folder: &Path) -> Result<Vec<PathBuf>> {
    let error = |source| Error::File(FileError::Write { path: folder.to_owned(), source });
    fs::create_dir_all(folder).map_err(error)?;
    let write = |plot: dropgrid_view::Plot| {
        let path = folder.join(format!("{}.svg", plot.name));
        file::write(&path, plot.svg()).map(|()| path)
    };
    plots(view).into_iter().map(write).collect()
}
