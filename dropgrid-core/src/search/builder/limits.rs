//! Settings of the study, of time limits, and of retries.

use std::time::Duration;

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
    /// Another search is refused with the differences, or [extends](Study::extend) the study where that is
    /// sound. The same search, started again while it runs, joins in: processes on one machine share the fits of a
    /// study, and each of them reports the same. [`nested_cross_validate`](Self::nested_cross_validate) keeps a file for each outer fold, with the fold's number after its name. Curves,
    /// permutation tests and out-of-fold predictions are not kept.
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
    pub fn study(mut self, study: impl Into<Study>) -> Self {
        self.settings.study = Some(study.into());
        self
    }

    /// Keeps the state of each fit in flight in the study after every so many epochs, so that a fit which was cut off goes
    /// on from there, with the same bits as one that ran through. For fits that take long: without it they begin anew.
    ///
    /// A state is the weights, what is only kept beside them as the statistics of a normalization, the optimizer's
    /// moments, the average of the weights, and what early stopping and a plateau have seen; it has the size of three or
    /// four models. Workers hand it over and go on. It leaves the file when its fit is finished.
    ///
    /// A state that is damaged, or in another format, counts as none: the fit begins anew and has the same bits. Numbers
    /// that a layer of your own keeps outside its tensors are not part of it. A fit's time is counted from where it went
    /// on; the training of the winner on all rows begins anew.
    ///
    /// Without a [study](Self::study), the search is refused with
    /// [`Error::CheckpointsWithoutStudy`](crate::Error::CheckpointsWithoutStudy).
    pub fn checkpoint_every(mut self, epochs: usize) -> Self {
        self.settings.checkpoint_every = Some(epochs);
        self
    }

    /// Keeps the state with which each fit ends in the study, so that a search which [extends](Study::extend) it by more
    /// epochs goes on from there, with the same bits as one that trained them all: of an axis `epochs` that was 10 and 20
    /// and gets 40, only the last 20 are trained. It is off by default, since it takes room.
    ///
    /// A state is what [`checkpoint_every`](Self::checkpoint_every) keeps, of three or four times the size of the model:
    /// the weights, the optimizer's moments, and the best epoch's weights for each patience that has not run out. Each fit
    /// on each fold has one, those of one training that end with the same epoch together, whichever search they were
    /// of, and it stays in the file: [`Study::forget_final_checkpoints`] lets them go.
    ///
    /// What the study keeps is used by every later search on it, whether that keeps more or not. A training goes on from
    /// the longest state that it can be the continuation of: that of the same candidate but for what no step asks (epochs,
    /// patience, a threshold), on the same fold. Where the schedule is spread over the epochs, as a cosine or one cycle,
    /// fewer epochs are no beginning of more, and it is trained anew. A fit that a rule ended before its last epoch needs
    /// no state: with more epochs it is the same fit, and its record is taken.
    ///
    /// A state that is damaged, or in another format, counts as none. A fit's time is counted from where it went on, and
    /// numbers that a layer of your own keeps outside its tensors are not part of a state.
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
    /// The budget is for scoring candidates. [`fit`](Self::fit) then trains the winner on all rows, however long that takes;
    /// [`fit_time_limit`](Self::fit_time_limit) limits that training. [Curves](Self::learning_curve) and
    /// [permutation tests](Self::permutation_test_score) have the fits that are done. Out-of-fold predictions need all their
    /// fits and are [`Error::Unfinished`](crate::Error::Unfinished) without. Each search of [`nested_cross_validate`](Self::nested_cross_validate) has the time for
    /// itself.
    ///
    /// The number of candidates that a search tries in a time depends on the machine; the scores of each candidate do not.
    pub fn time_budget(mut self, time: Duration) -> Self {
        self.settings.limits.time = Some(time);
        self
    }

    /// Limits the time of each training: one that takes longer fails as [`Failure::TimedOut`](crate::Failure::TimedOut). The
    /// limit holds on the folds and for the winner on all rows, which are more. Where it is too short for the winner, the
    /// search is [`Error::RefitFailed`](crate::Error::RefitFailed), which [has](crate::Error::report) the report. There is
    /// no limit by default.
    ///
    /// A [study](Self::study) keeps a fit that ran out of time together with its limit. A later search with a smaller
    /// limit, or the same one, takes that failure over; one with more time, or without a limit, runs the fit again.
    pub fn fit_time_limit(mut self, time: Duration) -> Self {
        self.settings.limits.fit = Some(time);
        self
    }

    /// Sets which failed fits are tried again, and how often; the training of the winner on all rows is among them. A number
    /// stands for [`Retry::times`]. By default no fit is tried again.
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
