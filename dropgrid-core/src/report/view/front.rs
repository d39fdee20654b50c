//! The candidates by several objectives, as a picture needs them.

use std::{collections::HashMap, marker::PhantomData};

use dropgrid_view::{Front, Metric};

use crate::{
    error::Result,
    metric::Direction,
    model::{Model, parameters},
    report::{CandidateScores, CvResults, Objective, ParetoRanking, Report, Results},
    space::Space,
};

impl CvResults {
    /// The front by all metrics, where there are several.
    pub(super) fn front_of_metrics(&self) -> Option<Front> {
        let objectives: Vec<Objective> = self.metrics().iter().map(|metric| Objective::metric(&metric.name)).collect();
        if objectives.len() < 2 {
            return None;
        }
        ParetoRanking::new(self, objectives, &mut |_| None).ok().map(|ranking| view(&ranking, self.candidates().len()))
    }
}

impl CvResults {
    /// The front by a single metric and the number of parameters, where that varies.
    pub(super) fn front_of_size(&self) -> Option<Front> {
        if self.metrics().len() != 1 {
            return None;
        }
        let objectives = vec![Objective::metric(&self.metrics()[0].name), Objective::parameters()];
        let size = &mut |at: usize| self.candidates()[at].parameters();
        let front = view(&ParetoRanking::new(self, objectives, size).ok()?, self.candidates().len());
        let mut sizes = front.values.iter().filter_map(|values| values[1]);
        let first = sizes.next()?;
        sizes.any(|size| size != first).then_some(front)
    }
}

impl<M: Model, T, F> Report<M, T, F> {
    /// Chooses the objectives by which the pictures compare candidates: the first one against each of the others, with
    /// their [Pareto front](Self::pareto). By default these are all metrics; of a single metric, the score and the
    /// number of parameters where that varies.
    ///
    /// ```no_run
    /// # use dropgrid_core::{Result, model::Model, report::{Objective, Report}};
    /// # fn pictured<M: Model, T>(report: Report<M, T>) -> Result<()> {
    /// report.with_objectives([Objective::metric("accuracy"), Objective::score_time()])?.to_html("report.html")?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of [`pareto`](Self::pareto).
    pub fn with_objectives(self, objectives: impl IntoIterator<Item: Into<Objective>>) -> Result<Self> {
        let objectives = objectives.into_iter().map(Into::into).collect();
        let front = view(&self.ranking(objectives)?, self.results.candidates().len());
        let results = self.results.map(|cv| cv.with_front(front));
        Ok(Self { results, ..self })
    }

    /// The ranking by these objectives.
    fn ranking(&self, objectives: Vec<Objective>) -> Result<ParetoRanking> {
        let mut sizes = Sizes::<M>::new();
        ParetoRanking::new(&self.results, objectives, &mut |at| sizes.of(&self.results, at))
    }
}

/// The values of the hyperparameters that make a candidate's architecture, as a text.
fn architecture(candidate: &CandidateScores, axes: &[String]) -> String {
    let fields = candidate.fields().into_iter().filter(|(name, _)| axes.iter().any(|axis| axis == name));
    fields.map(|(_, value)| value.to_string()).collect::<Vec<_>>().join(" ")
}

/// The numbers of parameters of a model's architectures.
struct Sizes<M> {
    /// The hyperparameters whose values make an architecture.
    axes: Vec<String>,
    /// By architecture; `None` of one that cannot be built.
    known: HashMap<String, Option<usize>>,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> Sizes<M> {
    fn new() -> Self {
        let axes = M::Space::default().axes().into_iter().filter(|axis| axis.architecture);
        Self { axes: axes.map(|axis| axis.name.to_owned()).collect(), known: HashMap::new(), model: PhantomData }
    }

    /// The number of parameters of a candidate. Where no record has it, the network of its architecture is built once to
    /// count them.
    fn of(&mut self, results: &Results<M::Params>, at: usize) -> Option<usize> {
        let candidate = &results.candidates()[at];
        let size = || parameters::<M>(candidate.params()).ok();
        let built = || *self.known.entry(architecture(candidate, &self.axes)).or_insert_with(size);
        candidate.parameters().or_else(built)
    }
}

pub(super) fn view(ranking: &ParetoRanking, candidates: usize) -> Front {
    let objective = |(objective, direction): (&Objective, &Direction)| Metric {
        name: objective.label().to_owned(),
        maximize: *direction == Direction::Maximize,
    };
    let finite = |value: &f64| Some(*value).filter(|value| value.is_finite());
    Front {
        objectives: ranking.objectives().iter().zip(ranking.directions()).map(objective).collect(),
        values: (0..candidates).map(|at| ranking.values(at).iter().map(finite).collect()).collect(),
        places: ranking.positions().to_vec(),
        knee: ranking.knee(),
    }
}
