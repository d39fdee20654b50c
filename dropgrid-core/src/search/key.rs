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

/// The setting that a [`Resource`] holds in place of the candidate.
const EPOCHS: &str = "epochs";

/// The parameters of a candidate, whose type the model knows. What runs jobs does without it, so that it is compiled once for
/// all models.
#[derive(Clone)]
pub(super) struct AnyParams(Arc<dyn Any + Send + Sync>);

impl AnyParams {
    pub(super) fn new<P: Params>(params: P) -> Self {
        Self(Arc::new(params))
    }

    /// The parameters, of the type that they were made from.
    pub(super) fn get<P: Params>(&self) -> &P {
        self.0.downcast_ref().unwrap_or_else(|| unreachable!("a search has parameters of one type"))
    }
}

impl fmt::Debug for AnyParams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyParams")
    }
}

/// A job with its keys, which it has from the moment that it is proposed.
#[derive(Debug, Clone)]
pub(super) struct KeyedJob {
    pub(super) job: Job<AnyParams>,
    /// The fit in a study: the candidate without its epochs, the fold, and the training that the fit has.
    pub(super) name: FitName,
    /// The training up to its end: a text that is the same for every candidate whose training takes the same steps.
    pub(super) trajectory: String,
    /// True where the schedule is spread over the epochs of the whole training.
    pub(super) is_spread: bool,
}

impl KeyedJob {
    /// The keys of a job of a search with that recipe, whose fold 0 has the number `first_fold` in a study.
    ///
    /// # Errors
    /// [`NameError::Unwritten`](crate::error::NameError::Unwritten).
    pub(super) fn of<M: Model>(job: Job<M::Params>, recipe: &Train, first_fold: u32) -> Result<Self> {
        let Job { candidate, params, fold, budget } = job;
        let recipe = M::recipe(&params, recipe.clone());
        let texts = params.texts()?;
        // A tie that cannot be evaluated belongs to an architecture that does not exist.
        let tied = tied::<M>(&params).unwrap_or_default();
        let job = Job { candidate, params: AnyParams::new(params), fold, budget };
        Ok(Self::new(job, (Hyperparameters::of::<M>(), &texts), &tied, &recipe, first_fold))
    }

    /// The keys of a job: `texts` are the values of the hyperparameters, `tied` those of the ties, `recipe` is the candidate's
    /// own.
    fn new(
        job: Job<AnyParams>,
        (hyperparameters, texts): (Hyperparameters, &[String]),
        tied: &[(&str, f64)],
        recipe: &Train,
        first_fold: u32,
    ) -> Self {
        let resource = Resource::new(recipe.epochs as u32, job.budget);
        let mut params = String::from("{");
        for (&name, text) in hyperparameters.names.iter().zip(texts) {
            if Some(name) != hyperparameters.epochs() {
                let comma = if params.len() > 1 { "," } else { "" };
                params = params + comma + "\"" + name + "\":" + text;
            }
        }
        let name = FitName { params: params + "}", fold: first_fold + job.fold, resource };
        let trajectory = hyperparameters.trajectory(texts, tied, recipe, resource.rows());
        Self { job, name, trajectory, is_spread: recipe.spread().is_some() }
    }

    /// A training that is no job of a search: no study and no state knows it.
    pub(super) fn alone<P: Params>(params: P, fold: u32, epochs: u32) -> Self {
        let job = Job { candidate: 0, params: AnyParams::new(params), fold, budget: Budget::Full };
        let name = FitName { params: String::new(), fold, resource: Resource::new(epochs, Budget::Full) };
        Self { job, name, trajectory: String::new(), is_spread: false }
    }

    /// The parameters of the candidate.
    pub(super) fn params<P: Params>(&self) -> &P {
        self.job.params.get()
    }

    /// True of a job of a search.
    pub(super) fn is_of_search(&self) -> bool {
        !self.trajectory.is_empty()
    }
}

/// The hyperparameters of a model.
#[derive(Clone, Copy)]
pub(super) struct Hyperparameters {
    names: &'static [&'static str],
    /// The numbers of those that no step of a training reads.
    evaluation_only: &'static [usize],
}

impl Hyperparameters {
    pub(super) fn of<M: Model>() -> Self {
        Self { names: M::Params::NAMES, evaluation_only: M::EVALUATION_ONLY }
    }

    /// The name of the hyperparameter that is the training setting `epochs`, where there is one.
    pub(super) fn epochs(self) -> Option<&'static str> {
        self.evaluation_only.iter().map(|&at| self.names[at]).find(|&name| name == EPOCHS)
    }

    /// A text that is the same for candidates whose trainings on a fold take the same steps until one of them ends: those that
    /// differ only in settings that no step reads. `texts` are the candidate's values, `recipe` is its own.
    ///
    /// Values of ties in the network are part of it, since a constant in a tie is no hyperparameter. So are two settings that
    /// change every step: the epochs where a schedule is spread over them, and whether rows are set aside for validation.
    /// A setting that no step reads is left out, so that a model keeps its trajectories when it gets an axis of that setting.
    fn trajectory(self, texts: &[String], tied: &[(&str, f64)], recipe: &Train, rows: Share) -> String {
        let values = self.names.iter().zip(texts).enumerate();
        let read = values.filter(|(at, _)| !self.evaluation_only.contains(at));
        let read = read.map(|(_, (name, text))| format!("[{name:?},{text}]"));
        let tied = tied.iter().map(|(setting, value)| format!("[{setting:?},{value:?}]"));
        let read: Vec<String> = read.chain(tied).collect();
        format!("[[{}],{},{},{rows}]", read.join(","), json!(recipe.spread()), recipe.needs_validation())
    }
}
