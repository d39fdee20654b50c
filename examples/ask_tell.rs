//! A loop of one's own: a strategy proposes candidates, and the loop scores them as it likes.
//!
//! The axes of the struct are the space. Nothing is trained here: the score is a formula that stands for a simulation, an
//! experiment, or another program.

use dropgrid::prelude::*;

/// The settings of an experiment.
#[searchable]
pub struct Reactor {
    output: Linear<4, 3>,
    #[train]
    #[log_uniform(1e-4..1e0)]
    lr: f64,
    #[train]
    #[uniform(0.0..0.5)]
    label_smoothing: f64,
}

/// The yield of an experiment: best at a rate of 0.01 and a smoothing of 0.1.
fn experiment(params: &ReactorParams) -> Result<f64, String> {
    if params.label_smoothing > 0.45 {
        return Err("the reactor overheats".to_owned());
    }
    let decades = (params.lr / 1e-2).log10();
    Ok(1.0 - 0.2 * decades.powi(2) - 4.0 * (params.label_smoothing - 0.1).powi(2))
}

/// Asks, measures and tells, until the strategy has nothing more to try.
pub fn main() -> dropgrid::Result<()> {
    let mut study = AskTell::builder(Reactor::space(), Gp::new(30)).maximize("yield").seed(42).start()?;
    while let Some(job) = study.ask()? {
        match experiment(&job.params) {
            Ok(value) => study.tell(&job, value)?,
            Err(reason) => study.tell(&job, TrialOutcome::failed(reason))?,
        }
    }
    let (params, value) = study.best().expect("a candidate without a failure");
    println!("{value:.4} at {params}");
    assert!(value > 0.99, "{value}");
    Ok(())
}
