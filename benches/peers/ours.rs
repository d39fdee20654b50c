//! dropgrid's side of peers/compare.py, which runs it as a process of its own: `ours S|D|L|M`. Two workers, nothing
//! trained on all rows in the end; prints the number of fits and their mean accuracy.

#[path = "../support/mod.rs"]
mod support;

use dropgrid::{model::Model, prelude::*, strategy::Strategy};
use support::{D, M, S, Size, Workload, search};

fn main() -> dropgrid::Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some(S::NAME) => run::<S>(S::SIZE),
        Some(D::NAME) => run::<D>(D::SIZE),
        Some("L") => run::<D>(Size { epochs: 100, ..D::SIZE }),
        Some(M::NAME) => run::<M>(M::SIZE),
        // Started by `cargo bench` and not by the script.
        _ => {
            println!("benches/peers/run compares with other libraries");
            Ok(())
        }
    }
}

fn run<W: Workload>(size: Size) -> dropgrid::Result<()>
where
    Grid: Strategy<W::Space>,
{
    let report = search::<W>(size, 2).cross_validate(&W::data()?)?;
    let scores: Vec<f64> = report.results().candidates().iter().map(|candidate| candidate.mean(0)).collect();
    let mean = scores.iter().sum::<f64>() / scores.len() as f64;
    println!("{} {mean}", scores.len() * size.folds);
    Ok(())
}
