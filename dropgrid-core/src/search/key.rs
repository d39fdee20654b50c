//! The keys of a job: the name of its fit in a study, and its trajectory.

use std::{any::Any, fmt, sync::Arc};

use serde_json::json;

use crate::{
    error::Result,
    model::{Model, tied},
    recipe::Train,
    record::{Budget, Job, Resource, Share},
    space::Params,
    study::FitName,
};

/// The setting that a [`Resource`] stores in place of the candidate.
const EPOCHS: &str = "epochs";

/// The parameters of a candidate, whose type only the model knows. The code that runs jobs works without that type, so
/// it is compiled once for all models.
#[derive(Clone)]
pub(super) struct AnyParams(Arc<dyn Any + Send + Sync>);

impl AnyParams {
    pub(super) fn new<P: Params>(params: P) -> Self {
        Self(Arc::new(params))
    }

    /// Returns the parameters. `P` is the type that they were made from.
    pub(super) fn get<P: Params>(&self) -> &P {
        self.0.downcast_ref().unwrap_or_else(|| unreachable!("a search has parameters of one type"))
    }
}

impl fmt::Debug for AnyParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyParams")
    }
}

/// A job with its keys, which are computed when the job is proposed.
#[derive(Debug, Clone)]
pub(super) struct KeyedJob {
    pub(super) job: Job<AnyParams>,
    /// The name of the fit in a study: the candidate without its epochs, the fold, and the epochs and rows of the
    /// training.
    pub(super) name: FitName,
    /// The trajectory: a text that is the same for all candidates whose trainings take the same steps.
    pub(super) trajectory: String,
    /// True if the schedule is spread over the epochs of the full training.
    pub(super) is_spread: bool,
}

impl KeyedJob {
    /// Computes the keys of a job. `recipe` is the search's recipe, and `first_fold` the number of its fold 0 in a
    /// study.
    ///
    /// # Errors
    /// [`NameError::Unwritten`](crate::error::NameError::Unwritten).
    pub(super) fn of<M: Model>(job: Job<M::Params>, recipe: &Train, first_fold: u32) -> Result<Self> {
        let Job { candidate, params, fold, budget } = job;
        let recipe = M::recipe(&params, recipe.clone());
        let texts = params.texts()?;
        // If a tie cannot be evaluated, the architecture does not exist.
        let tied = tied::<M>(&params).unwrap_or_default();
        let job = Job { candidate, params: AnyParams::new(params), fold, budget };
        Ok(Self::new(job, first_fold + fold, (Hyperparameters::of::<M>(), &texts), &tied, &recipe))
    }

    /// Computes the keys of a job. `texts` are the values of the hyperparameters, `tied` the values of the ties, and
    /// `recipe` is the candidate's own. `fold` is the number of the fold in a study.
    fn new(
        job: Job<AnyParams>,
        fold: u32,
        (hyperparameters, texts): (Hyperparameters, &[String]),
        tied: &[(&str, f64)],
        recipe: &Train,
    ) -> Self {
        let resource = Resource::new(recipe.epochs as u32, job.budget);
        let mut params = String::from("{");
        for (&name, text) in hyperparameters.names.iter().zip(texts) {
            if Some(name) != hyperparameters.epochs() {
                let comma = if params.len() > 1 { "," } else { "" };
                params = params + comma + "\"" + name + "\":" + text;
            }
        }
        let name = FitName { params: params + "}", fold, resource };
        let trajectory = hyperparameters.trajectory(texts, tied, recipe, resource.rows());
        Self { job, name, trajectory, is_spread: recipe.spread().is_some() }
    }

    /// Makes a job for a training outside of the search's jobs. It has no name in a study and no states.
    pub(super) fn alone<P: Params>(params: P, fold: u32, epochs: u32) -> Self {
        let job = Job { candidate: 0, params: AnyParams::new(params), fold, budget: Budget::Full };
        let name = FitName { params: String::new(), fold, resource: Resource::new(epochs, Budget::Full) };
        Self { job, name, trajectory: String::new(), is_spread: false }
    }

    /// Returns the parameters of the candidate.
    pub(super) fn params<P: Params>(&self) -> &P {
        self.job.params.get()
    }

    /// Returns true for a job of a search, false for a training [outside of them](Self::alone).
    pub(super) fn is_of_search(&self) -> bool {
        !self.trajectory.is_empty()
    }
}

/// The hyperparameters of a model.
#[derive(Clone, Copy)]
pub(super) struct Hyperparameters {
    names: &'static [&'static str],
    /// The positions of the hyperparameters that no training step reads.
    evaluation_only: &'static [usize],
}

impl Hyperparameters {
    pub(super) fn of<M: Model>() -> Self {
        Self { names: M::Params::NAMES, evaluation_only: M::EVALUATION_ONLY }
    }

    /// Returns the name of the hyperparameter that is the training setting `epochs`; `None` if there is none.
    pub(super) fn epochs(self) -> Option<&'static str> {
        self.evaluation_only.iter().map(|&at| self.names[at]).find(|&name| name == EPOCHS)
    }

    /// Returns the trajectory: a text that is the same for candidates whose trainings on a fold take the same steps
    /// until one of them ends. They differ only in settings that no step reads. `texts` are the candidate's values, and
    /// `recipe` is the candidate's own.
    ///
    /// The text includes the values of ties in the network, since a constant in a tie is not a hyperparameter. It
    /// includes two settings that change every step: the number of epochs if a schedule is spread over them, and
    /// whether rows are set aside for validation. It leaves out settings that no step reads, so a model keeps its
    /// trajectories when such a setting becomes an axis.
    fn trajectory(self, texts: &[String], tied: &[(&str, f64)], recipe: &Train, rows: Share) -> String {
        let values = self.names.iter().zip(texts).enumerate();
        let read = values.filter(|(at, _)| !self.evaluation_only.contains(at));
        let read = read.map(|(_, (name, text))| format!("[{name:?},{text}]"));
        let tied = tied.iter().map(|(setting, value)| format!("[{setting:?},{value:?}]"));
        let read: Vec<String> = read.chain(tied).collect();
        format!("[[{}],{},{},{rows}]", read.join(","), json!(recipe.spread()), recipe.needs_validation())
    }
}
