//! Settings of the study, of time limits, and of retries.

use std::time::Duration;

#[cfg(not(feature = "study"))]
use crate::error::{Off, StudyFeature};
use crate::{
    limit::Stop,
    model::Model,
    search::{Retry, Search},
    study::Study,
};

impl<M: Model, S, C, L> Search<M, S, C, L> {
    /// Stores every fit in a file as soon as it finishes. After any interruption, the same search on the same file
    /// reads the finished fits, runs the rest, and reports the same bits.
    ///
    /// The file identifies its search by the model's layers and axes, the data, the folds, the recipe, the metrics and
    /// the seed. Another search either fails with a list of the differences, or [extends](Study::extend) the study if
    /// that is sound. Processes on one machine that run the same search at the same time share its fits, and each of
    /// them reports the same.
    ///
    /// [`nested_cross_validate`](Self::nested_cross_validate) writes one file per outer fold, with the fold's number
    /// after its name. Curves, permutation tests and out-of-fold predictions are not stored.
    ///
    /// A path that names no file is [`StudyError::Name`](crate::error::StudyError::Name), before any training. If the
    /// file cannot be written while the search runs (for example on a full disk), or is removed, renamed or replaced,
    /// the search ends with [`StudyError::Store`](crate::error::StudyError::Store) or
    /// [`StudyError::Lost`](crate::error::StudyError::Lost). The error [has](crate::Error::report) the report of the
    /// finished fits.
    ///
    /// ```no_run
    /// # use dropgrid_core::study::Study;
    /// # let _: [Study; 2] = [
    /// "digits.study".into(),
    /// Study::at("digits.study").extend(),
    /// # ];
    /// ```
    ///
    /// Requires the feature `study`, which is on by default.
    #[cfg(feature = "study")]
    pub fn study(mut self, study: impl Into<Study>) -> Self {
        self.settings.study = Some(study.into());
        self
    }

    /// Requires the feature `study`, which is off.
    #[cfg(not(feature = "study"))]
    pub fn study(self, _: impl Into<Study>) -> Self
    where
        for<'a> Off<'a>: StudyFeature,
    {
        self
    }

    /// Saves a checkpoint of each running fit in the study every `epochs` epochs. A fit that was interrupted continues
    /// from its last checkpoint, with the same bits as a fit that ran through. Without a checkpoint it starts again.
    /// The checkpoint is removed when its fit finishes.
    ///
    /// A checkpoint is three or four times as large as the model: it has the weights, the statistics of normalization
    /// layers, the optimizer's moments, the average of the weights, and the state of early stopping and of a plateau
    /// schedule. Numbers that a custom layer keeps outside its tensors are not saved. A damaged checkpoint is ignored.
    /// The time of a continued fit counts from the checkpoint on. The training of the winner on all rows has no
    /// checkpoints.
    ///
    /// Without a [study](Self::study), the search is refused with
    /// [`Error::CheckpointsWithoutStudy`](crate::Error::CheckpointsWithoutStudy).
    pub fn checkpoint_every(mut self, epochs: usize) -> Self {
        self.settings.checkpoint_every = Some(epochs);
        self
    }

    /// Keeps the final checkpoint of each fit in the study. A search that [extends](Study::extend) the study by more
    /// epochs then continues from it, with the same bits as a search that trained all epochs: if an axis `epochs` of 10
    /// and 20 gets 40, only the last 20 epochs are trained. It is off by default, since checkpoints take disk space.
    ///
    /// A final [checkpoint](Self::checkpoint_every) stays in the file until [`Study::forget_final_checkpoints`] removes
    /// it, and every later search on the file uses it. A training continues from the longest checkpoint of the same
    /// candidate on the same fold. The candidates may differ in settings that no training step reads (epochs, patience,
    /// a threshold). If the schedule is spread over the epochs, as cosine and one-cycle schedules are, a shorter
    /// training is not the beginning of a longer one, and the fit is trained from the start. If a stopping rule ended a
    /// fit before its last epoch, the fit is the same with more epochs, so its record is reused.
    ///
    /// Without a [study](Self::study), the search is refused with
    /// [`Error::FinalCheckpointsWithoutStudy`](crate::Error::FinalCheckpointsWithoutStudy).
    pub fn keep_final_checkpoints(mut self, keep: bool) -> Self {
        self.settings.keep_final_checkpoints = keep;
        self
    }

    /// Limits the time of the whole search. After that time no more fits begin, running fits finish, and the report
    /// contains the candidates whose fits are all done. There is no limit by default.
    ///
    /// [`fit`](Self::fit) trains the winner on all rows after that time, however long it takes. Use
    /// [`fit_time_limit`](Self::fit_time_limit) to limit that training. [Curves](Self::learning_curve) and [permutation
    /// tests](Self::permutation_test_score) report the fits that are done. Out-of-fold predictions need all their fits,
    /// and are [`Error::Unfinished`](crate::Error::Unfinished) without them. In
    /// [`nested_cross_validate`](Self::nested_cross_validate) the limit applies to each inner search separately.
    ///
    /// The number of candidates that a search tries in a given time depends on the machine. The scores of each
    /// candidate do not.
    pub fn time_budget(mut self, time: Duration) -> Self {
        self.settings.limits.time = Some(time);
        self
    }

    /// Limits the number of fits in the search and its report. Each candidate on each fold is one fit per budget. There
    /// is no limit by default.
    ///
    /// The report has the same fits for any number of workers: the fits of a search that runs the strategy's jobs one
    /// after the other, in their order, and asks for more once these are done. With a strategy that decides as fits
    /// finish, such as [`Hyperband`](crate::strategy::Hyperband), several workers may run further fits. The report
    /// omits them, and a [study](Self::study) stores them. Fits that a study already has are counted, so a resumed
    /// search ends at the same fit as an uninterrupted one.
    ///
    /// A limit of 0 fits is [`Error::Setting`](crate::Error::Setting). The winner's training by [`fit`](Self::fit) does
    /// not count.
    pub fn max_fits(mut self, fits: usize) -> Self {
        self.settings.limits.fits = Some(fits);
        self
    }

    /// Limits the total number of epochs of the search, as [`max_fits`](Self::max_fits) limits its fits: a fit begins
    /// only if the total, with its own epochs, stays within the limit. There is no limit by default.
    ///
    /// A fit counts with all epochs of its budget, even if early stopping ends it sooner. Epochs that candidates share,
    /// or that a larger budget reuses, count once.
    pub fn max_epochs(mut self, epochs: u64) -> Self {
        self.settings.limits.epochs = Some(epochs);
        self
    }

    /// Ends the search once a candidate, fully trained on all folds, has a mean score of the deciding metric that is at
    /// least as good as `score`.
    ///
    /// The search ends at the same candidate for any number of workers: where a search would end that runs the
    /// strategy's jobs one after the other, in their order, and asks for more once these are done. The report has the
    /// fits of that search, up to the candidate that reaches the score. It omits fits that another worker ran ahead,
    /// but a [study](Self::study) stores them for a later search. The search checks for the end after each fit, so
    /// further candidates may begin while earlier ones are still running.
    ///
    /// A candidate that violates a constraint never reaches the score. NaN as `score` is
    /// [`Error::Setting`](crate::Error::Setting).
    pub fn until(mut self, score: f64) -> Self {
        self.settings.limits.until = Some(score);
        self
    }

    /// Limits the time of each training, on the folds and on all rows. A training that takes longer fails with
    /// [`Failure::TimedOut`](crate::Failure::TimedOut). If the winner's training on all rows times out, the search
    /// returns [`Error::RefitFailed`](crate::Error::RefitFailed), which [has](crate::Error::report) the report. There
    /// is no limit by default.
    ///
    /// A [study](Self::study) stores a fit that timed out together with its limit. A later search with the same or a
    /// smaller limit reuses that failure. A search with a larger limit, or without one, runs the fit again.
    pub fn fit_time_limit(mut self, time: Duration) -> Self {
        self.settings.limits.fit = Some(time);
        self
    }

    /// Sets which failed fits are retried, and how often. It also applies to the winner's training on all rows. A plain
    /// number retries failures that may not recur. By default nothing is retried.
    pub fn retries(mut self, retry: impl Into<Retry>) -> Self {
        self.settings.retry = retry.into();
        self
    }

    /// Lets `stop` end the search from outside: from another thread, or by [Ctrl-C](Stop::on_ctrl_c). The winner among
    /// the finished candidates is still trained on all rows, unless there is a [second request](Stop::request).
    pub fn stop(mut self, stop: &Stop) -> Self {
        self.settings.limits.stop = Some(stop.clone());
        self
    }
}
