//! The workloads of more than one bench.

use dropgrid::{
    model::{Model, Plain},
    prelude::*,
    search::Search,
    train::TrainTarget,
};

/// Start-up: 100 random rows of 100 numbers, three folds of one epoch.
#[searchable]
pub(crate) struct S {
    hidden: (Linear<100, 64>, ReLU),
    #[grid(0.1, 0.2, 0.3)]
    dropout: Dropout,
    output: Linear<64, 10>,
}

/// The digits: ten candidates, five folds of 20 epochs.
#[searchable]
pub(crate) struct D {
    hidden: (Linear<64, 128>, ReLU),
    #[grid(0.0, 0.1, 0.2, 0.3, 0.5)]
    dropout: Dropout,
    output: Linear<128, 10>,
    #[train]
    #[grid(1e-3, 3e-3)]
    lr: f64,
}

/// A wider network: 4096 rows of 784 numbers, three folds of three epochs.
#[searchable]
pub(crate) struct M {
    hidden: (Linear<784, 512>, ReLU),
    #[grid(0.1, 0.2, 0.3)]
    dropout: Dropout,
    output: Linear<512, 10>,
}

/// Folds, epochs and the rows of a batch of a workload.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    pub(crate) folds: usize,
    pub(crate) epochs: usize,
    pub(crate) batch: usize,
}

pub(crate) trait Workload: Model<Output = <Classes<10> as TrainTarget>::Output, Last = Plain> {
    const SIZE: Size;

    fn data() -> dropgrid::Result<Dataset<Classes<10>>>;
}

impl Workload for S {
    const SIZE: Size = Size { folds: 3, epochs: 1, batch: 32 };

    fn data() -> dropgrid::Result<Dataset<Classes<10>>> {
        random(100, 100)
    }
}

impl Workload for D {
    const SIZE: Size = Size { folds: 5, epochs: 20, batch: 32 };

    fn data() -> dropgrid::Result<Dataset<Classes<10>>> {
        Dataset::from_csv("examples/data/digits.csv", Classes::<10>::in_column("digit"))
    }
}

impl Workload for M {
    const SIZE: Size = Size { folds: 3, epochs: 3, batch: 128 };

    fn data() -> dropgrid::Result<Dataset<Classes<10>>> {
        random(4096, 784)
    }
}

/// The workload as a search that has yet to run, with these folds, epochs and batches.
pub(crate) fn search<W: Workload>(Size { folds, epochs, batch }: Size, workers: usize) -> Search<W, Grid>
where
    Grid: dropgrid::strategy::Strategy<W::Space>,
{
    Search::new(Grid)
        .cv(StratifiedKFold::new(folds))
        .train(Train::adam(1e-3).epochs(epochs).batch_size(batch))
        .workers(workers)
        .progress(false)
}

/// Rows by formula, so that another language can make the same ones.
fn random(rows: usize, columns: usize) -> dropgrid::Result<Dataset<Classes<10>>> {
    let numbers = (0..rows * columns).map(|at| (at * 7919 % 1009) as f32 / 1009.0).collect();
    let labels: Vec<usize> = (0..rows).map(|row| row * 31 % 10).collect();
    Dataset::from_features(Features::from_flat(numbers, columns)?, Classes::new(labels)?)
}
