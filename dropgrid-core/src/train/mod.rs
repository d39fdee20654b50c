//! Training one candidate: the loss, the epoch loop, its states, and the fitted model.
//!
//! | room | contents |
//! |---|---|
//! | `loss` | targets, and the losses of their networks |
//! | `checkpoint` | a training's state as bytes |
//! | `stop` | early stopping, plateaus, and candidates that share a training |
//! | `step` | the training step, on a program or on the tape |
//! | `evaluate` | evaluation passes, validation, scoring, Monte-Carlo dropout |
//! | `erased_network`, `network` | networks without their types, and how they are made |
//! | `passes` | evaluation passes, by a program or by dfdx |
//! | `fit` | the epoch loop over a `course`, which an `observer` follows |
//! | `fitted` | the trained model: predictions, saving, loading |

mod checkpoint;
mod course;
mod erased_network;
mod evaluate;
mod fit;
mod fitted;
mod hook_calls;
mod loss;
mod network;
mod observer;
mod passes;
pub(crate) mod random_batch;
mod state_dict;
mod step;
mod stop;
#[cfg(test)]
mod tests;
mod training_state;

pub(crate) use checkpoint::is_intact;
pub(crate) use course::{Course, Views};
pub(crate) use erased_network::ErasedNetwork;
pub use evaluate::{McDropout, score, validation_score};
pub(crate) use evaluate::{McSampler, ScoringInput, ScoringMode, check_dropout, sample, score_rows, undefined_for};
pub(crate) use fit::train_epochs;
pub(crate) use fitted::TrainAndKeep;
pub use fitted::{Fitted, McPredictions, ModelFile, PredictionColumns, Predictions, RowPredictor, TextColumn};
pub(crate) use hook_calls::HookContext;
pub use loss::{
    CustomLoss, Link, LossFor, LossTensor, OutputTensor, RecipeLoss, Same, ScoringTarget, TargetTensor, TrainTarget,
    TrainTargetFor,
};
pub(crate) use loss::{TargetScaler, check as check_loss};
pub(crate) use network::{BuiltNetwork, NetworkType, build_network};
pub(crate) use observer::TrainingObserver;
pub(crate) use step::loses_variance;
pub(crate) use stop::{FinishedCandidate, StopCondition};
