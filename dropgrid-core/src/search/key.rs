//! The keys of a job: the name of its fit in a study, and its trajectory.

use serde_json::json;

use crate::{
    error::Result,
    model::{Model, tied},
    recipe::Train,
    record::{Budget, Job, Resource, Share},
    space::Params,
    study::FitName,
};

/// The setting that a [`Resource`] holds in place of the candidate.
const EPOCHS: &str = "epochs";

/// A job with its keys, which it has from the moment that it is proposed.
#[derive(Debug, Clone)]
pub(super) struct KeyedJob<P> {
    pub(super) job: Job<P>,
    /// The fit in a study: the candidate without its epochs, the fold, and the training that the fit has.
    pub(super) name: FitName,
    /// The training up to its end: a text that is the same for every candidate whose training takes the same steps.
    pub(super) trajectory: String,
    /// True where the schedule is spread over the epochs of the whole training.
    pub(super) is_spread: bool,
}

impl<P: Params> KeyedJob<P> {
    /// The keys of a job of a search with that recipe, whose fold 0 has the number `first_fold` in a study.
    ///
    /// # Errors
    /// [`NameError::Unwritten`](crate::error::NameError::Unwritten).
    pub(super) fn of<M: Model<Params = P>>(job: Job<P>, recipe: &Train, first_fold: u32) -> Result<Self> {
        let recipe = M::recipe(&job.params, recipe.clone());
        let resource = Resource::new(recipe.epochs as u32, job.budget);
        let texts = job.params.texts()?;
        let mut params = String::from("{");
        for (at, (name, text)) in P::NAMES.iter().zip(&texts).enumerate() {
            if !is_epochs::<M>(at) {
                let comma = if params.len() > 1 { "," } else { "" };
                params = params + comma + "\"" + name + "\":" + text;
            }
        }
        let name = FitName { params: params + "}", fold: first_fold + job.fold, resource };
        let trajectory = trajectory::<M>(&job.params, &texts, &recipe, resource.rows());
        Ok(Self { job, name, trajectory, is_spread: recipe.spread().is_some() })
    }

    /// A training that is no job of a search: no study and no state knows it.
    pub(super) fn alone(params: P, fold: u32, epochs: u32) -> Self {
        let job = Job { candidate: 0, params, fold, budget: Budget::Full };
        let name = FitName { params: String::new(), fold, resource: Resource::new(epochs, Budget::Full) };
        Self { job, name, trajectory: String::new(), is_spread: false }
    }

    /// True of a job of a search.
    pub(super) fn is_of_search(&self) -> bool {
        !self.trajectory.is_empty()
    }
}

/// True where the hyperparameter of that number is the training setting `epochs`.
pub(super) fn is_epochs<M: Model>(at: usize) -> bool {
    M::Params::NAMES[at] == EPOCHS && M::EVALUATION_ONLY.contains(&at)
}

/// A text that is the same for candidates whose trainings on a fold take the same steps until one of them ends: those that
/// differ only in settings that no step reads. `texts` are the candidate's values, `recipe` is its own.
///
/// Values of ties in the network are part of it, since a constant in a tie is no hyperparameter. So are two settings that
/// change every step: the epochs where a schedule is spread over them, and whether rows are set aside for validation.
/// A setting that no step reads is left out, so that a model keeps its trajectories when it gets an axis of that setting.
fn trajectory<M: Model>(params: &M::Params, texts: &[String], recipe: &Train, rows: Share) -> String {
    let values = M::Params::NAMES.iter().zip(texts).enumerate();
    let read = values.filter(|(at, _)| !M::EVALUATION_ONLY.contains(at));
    let read = read.map(|(_, (name, text))| format!("[{name:?},{text}]"));
    // A tie that cannot be evaluated belongs to an architecture that does not exist.
    let tied = tied::<M>(params).unwrap_or_default().into_iter();
    let tied = tied.map(|(setting, value)| format!("[{setting:?},{value:?}]"));
    let read: Vec<String> = read.chain(tied).collect();
    format!("[[{}],{},{},{rows}]", read.join(","), json!(recipe.spread()), recipe.needs_validation())
}
