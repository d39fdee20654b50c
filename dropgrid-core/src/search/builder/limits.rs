//! Settings of the study, of time limits, and of retries.

use std::time::Duration;

#[cfg(not(feature = "study"))]
use crate::error::{Off, StudyFeature};
use crate::{
    limit::Stop,
    model::Model,
    search::{Retry, Search},
    strategy::Strategy,
    study::Study,
};

impl<M: Model, S: Strategy<M::Space>, C, L> Search<M, S, C, L> {
    /// Keeps every fit in a file as soon as it is finished. The same search on the same file, after whatever ended it, reads the
    /// finished fits, runs the rest, and reports the same bits.
    ///
    /// The file identifies its search: the model's layers and axes, the data, the folds, the recipe, the metrics and the seed.
    /// Another search is refused with the differences, or [extends](Study::extend) the study where that is sound. Processes on
    /// one machine that run the same search at once share its fits, and each of them reports the same.
    ///
    /// [`nested_cross_validate`](Self::nested_cross_validate) keeps a file for each outer fold, with the fold's number after
    /// its name. Curves, permutation tests and out-of-fold predictions are not kept.
    ///
    /// A path that names no file is [`StudyError::Name`](crate::error::StudyError::Name), before any training. Where
    /// the file cannot be written while the search runs, as on a full disk, or is removed, renamed or replaced, the search
    /// ends with [`StudyError::Store`](crate::error::StudyError::Store) or
    /// [`StudyError::Lost`](crate::error::StudyError::Lost), which [has](crate::Error::report) the report of what was
    /// done.
    ///
    /// ```no_run
    /// # use dropgrid_core::study::Study;
    /// # let _: [Study; 2] = [
    /// "digits.study".into(),
    /// Study::at("digits.study").extend(),
    /// # ];
    /// ```
    ///
    /// It needs the feature `study`, which is on by default.
    #[cfg(feature = "study")]
    pub fn study(mut self, study: impl Into<Study>) -> Self {
        self.settings.study = Some(study.into());
        self
    }

    /// Needs the feature `study`, which is off.
    #[cfg(not(feature = "study"))]
    pub fn study(self, _: impl Into<Study>) -> Self
    where
        for<'a> Off<'a>: StudyFeature,
    {
        self
    }

    /// Keeps the state of each running fit in the study after every so many epochs. A fit that was cut off then goes on from
    /// there, with the same bits as one that ran through; without a state it begins anew. The state leaves the file when its
    /// fit is finished.
    ///
    /// A state has the size of three or four models: the weights, the statistics of normalizations, the optimizer's moments,
    /// the average of the weights, and what early stopping and a plateau have seen. Numbers that a layer of your own keeps
    /// outside its tensors are not part of it. A damaged state counts as none. A fit's time is counted from where it went on.
    /// The training of the winner on all rows has no state.
    ///
    /// Without a [study](Self::study), the search is refused with
    /// [`Error::CheckpointsWithoutStudy`](crate::Error::CheckpointsWithoutStudy).
    pub fn checkpoint_every(mut self, epochs: usize) -> Self {
        self.settings.checkpoint_every = Some(epochs);
        self
    }

    /// Keeps the state with which each fit ends in the study. A search that [extends](Study::extend) it by more epochs then goes
    /// on from there, with the same bits as one that trained them all: where an axis `epochs` of 10 and 20 gets 40, only the
    /// last 20 are trained. It is off by default, since it takes room.
    ///
    /// A [state](Self::checkpoint_every) stays in the file until [`Study::forget_final_checkpoints`] lets it go, and every later
    /// search on the file uses it. A training goes on from the longest state of the same candidate on the same fold, whatever
    /// its settings that no step reads (epochs, patience, a threshold). Where the schedule is spread over the epochs, as a
    /// cosine or one cycle, fewer epochs are no beginning of more, and it is trained anew. A fit that a rule ended before its
    /// last epoch is the same fit with more epochs, so its record is taken.
    ///
    /// Without a [study](Self::study), the search is refused with
    /// [`Error::FinalCheckpointsWithoutStudy`](crate::Error::FinalCheckpointsWithoutStudy).
    pub fn keep_final_checkpoints(mut self, keep: bool) -> Self {
        self.settings.keep_final_checkpoints = keep;
        self
    }

    /// Limits the time of the whole search. When it is over, no more fits begin, running fits go on to their end, and the report
    /// has the candidates whose fits are all done. There is no limit by default.
    ///
    /// [`fit`](Self::fit) trains the winner on all rows after that time, however long it takes;
    /// [`fit_time_limit`](Self::fit_time_limit) limits that training. [Curves](Self::learning_curve) and
    /// [permutation tests](Self::permutation_test_score) have the fits that are done. Out-of-fold predictions need all their
    /// fits and are [`Error::Unfinished`](crate::Error::Unfinished) without. Each search of
    /// [`nested_cross_validate`](Self::nested_cross_validate) has the time for itself.
    ///
    /// The number of candidates that a search tries in a time depends on the machine; the scores of each candidate do not.
    pub fn time_budget(mut self, time: Duration) -> Self {
        self.settings.limits.time = Some(time);
        self
    }

    /// Limits the fits of the search: the report has so many of them. Each candidate on each fold is a fit, at each of its
    /// budgets. There is no limit by default.
    ///
    /// These are the same fits for any number of workers: those of a search that runs the strategy's jobs in their order, one
    /// after the other, and asks for more once these are done. Of a strategy that decides as fits finish, as
    /// [`Hyperband`](crate::strategy::Hyperband), several workers may run others besides, which the report does not have and a
    /// [study](Self::study) keeps. Fits that a study has already are counted, so that a search which goes on ends where it would
    /// have ended.
    ///
    /// A search of 0 fits is [`Error::Setting`](crate::Error::Setting). [`fit`](Self::fit) trains the winner beside the limit.
    pub fn max_fits(mut self, fits: usize) -> Self {
        self.settings.limits.fits = Some(fits);
        self
    }

    /// Limits the epochs of the search, as [`max_fits`](Self::max_fits) limits its fits: a fit begins only if the epochs of all
    /// of them stay within the limit. There is no limit by default.
    ///
    /// A fit counts with all epochs of its budget, also where early stopping ends it sooner. Epochs that candidates share, or
    /// that a larger budget goes on from, count once.
    pub fn max_epochs(mut self, epochs: u64) -> Self {
        self.settings.limits.epochs = Some(epochs);
        self
    }

    /// Ends the search once a candidate has a mean score of the deciding metric, by its whole training on all folds, that is at
    /// least as good as `score`.
    ///
    /// The end is the same for any number of workers: that of a search which runs the strategy's jobs in their order, one after
    /// the other, and asks for more once these are done. The report has what that search has, up to the candidate that
    /// reaches the score, and nothing that ran ahead of it on another worker. A [study](Self::study) keeps these fits, for a
    /// search that goes on. While earlier candidates are under way, further ones may begin; a search asks for the end after
    /// each fit.
    ///
    /// A candidate that violates a constraint does not reach the score. A score that is NaN is
    /// [`Error::Setting`](crate::Error::Setting).
    pub fn until(mut self, score: f64) -> Self {
        self.settings.limits.until = Some(score);
        self
    }

    /// Limits the time of each training, on the folds and on all rows: one that takes longer fails as
    /// [`Failure::TimedOut`](crate::Failure::TimedOut). Where the winner on all rows fails so, the search is
    /// [`Error::RefitFailed`](crate::Error::RefitFailed), which [has](crate::Error::report) the report. There is no limit by
    /// default.
    ///
    /// A [study](Self::study) keeps a fit that ran out of time together with its limit. A later search with a smaller limit, or
    /// the same one, takes that failure over; one with more time, or without a limit, runs the fit again.
    pub fn fit_time_limit(mut self, time: Duration) -> Self {
        self.settings.limits.fit = Some(time);
        self
    }

    /// Sets which failed fits are tried again, and how often; the training of the winner on all rows is one of them. A number
    /// is for those that may succeed at another moment. None is tried again by default.
    pub fn retries(mut self, retry: impl Into<Retry>) -> Self {
        self.settings.retry = retry.into();
        self
    }

    /// Lets `stop` end the search from outside, from another thread or by [Ctrl-C](Stop::on_ctrl_c). The winner among the
    /// finished candidates is trained all the same, unless there is a [second request](Stop::request).
    pub fn stop(mut self, stop: &Stop) -> Self {
        self.settings.limits.stop = Some(stop.clone());
        self
    }
}
