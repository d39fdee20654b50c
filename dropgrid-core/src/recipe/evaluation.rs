//! Settings of scoring, which change no training step.

use super::Train;

impl Train {
    /// Passes with dropout on, whose mean is scored in place of an evaluation pass:
    /// [Monte-Carlo dropout](crate::train::McDropout). 0, the default, keeps dropout off.
    ///
    /// Candidates that differ in it alone are one training. The fitted model
    /// [predicts](crate::train::Fitted::predictions) with dropout off all the same;
    /// [`mc_predict`](crate::train::Fitted::mc_predict) gives what was scored.
    pub fn mc_samples(self, mc_samples: usize) -> Self {
        Self { mc_samples, ..self }
    }

    /// The probability, in [0, 1), above which class 1 of [`Binary`](crate::data::Binary) targets or a flag of
    /// [`MultiLabel`](crate::data::MultiLabel) ones is predicted: in scores, and by the fitted model. One half by
    /// default.
    ///
    /// Candidates that differ in it alone share one training. The metric of early stopping decides at one half.
    pub fn threshold(self, threshold: f64) -> Self {
        Self { threshold, ..self }
    }
}
