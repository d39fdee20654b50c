//! The candidates by several objectives, as a picture needs them.

use std::collections::HashMap;

use dropgrid_view::{Front, Metric};

use crate::{
    error::Result,
    metric::Direction,
    model::{Model, parameters},
    report::{CvResults, Objective, ParetoRanking, Report},
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

    /// The front of the pictures.
    pub(super) fn front(&self) -> Option<Front> {
        let results = &self.results;
        if results.provenance.front.is_some() || results.metrics().len() != 1 {
            return None;
        }
        let objectives = vec![Objective::metric(&results.metrics()[0].name), Objective::parameters()];
        let front = view(&self.ranking(objectives).ok()?, results.candidates().len());
        let mut sizes = front.values.iter().filter_map(|values| values[1]);
        let first = sizes.next()?;
        sizes.any(|size| size != first).then_some(front)
    }

    /// The ranking by these objectives. The network of each architecture is built once to count its parameters.
    fn ranking(&self, objectives: Vec<Objective>) -> Result<ParetoRanking> {
        let axes = M::Space::default().axes();
        let mut known: HashMap<String, Option<usize>> = HashMap::new();
        let size = &mut |at: usize| {
            let candidate = &self.results.candidates()[at];
            let fields = candidate.fields();
            let is_of_architecture = |name: &str| axes.iter().any(|axis| axis.name == name && axis.architecture);
            let parts = fields.iter().filter(|(name, _)| is_of_architecture(name));
            let architecture: Vec<String> = parts.map(|(_, value)| value.to_string()).collect();
            let count = || parameters::<M>(candidate.params()).ok();
            *known.entry(architecture.join(" ")).or_insert_with(count)
        };
        ParetoRanking::new(&self.results, objectives, size)
    }
}

fn view(ranking: &ParetoRanking, candidates: usize) -> Front {
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
