//! The networks and data of the bench: one space of 216 candidates on four data sets.

use std::path::Path;

use dropgrid::{
    metric::{Direction, Metric},
    model::Model,
    prelude::*,
    report::Results,
    split::Splitter,
};

use super::tables::EveryEpoch;

/// The epochs of a whole training.
pub(crate) const EPOCHS: u32 = 27;
/// The folds of a cross-validation.
pub(crate) const FOLDS: usize = 5;

/// A data set with the networks that are searched on it.
pub(crate) trait Task: Model<Space: FiniteSpace> {
    /// The direction of its metric.
    const DIRECTION: Direction;
    /// Its rows and, where it has some, its classes.
    const SIZE: (usize, Option<usize>);
    /// The best value of its metric.
    const BEST: Option<f64>;

    /// The scores of all candidates after every epoch, on folds that `seed` draws.
    fn table(folder: &Path, seed: u64) -> dropgrid::Result<Results<Self::Params>>;
}

/// Declares the networks of a data set.
macro_rules! task {
    ($name:ident: $inputs:tt -> $outputs:tt, $scale:ty, $size:expr, $metric:expr, $splitter:expr, $recipe:expr, $data:expr) => {
        #[searchable]
        pub(crate) struct $name<#[grid(8, 16, 32)] const HIDDEN: usize, #[grid(ReLU, Tanh)] Act> {
            scale: $scale,
            hidden: (Linear<$inputs, HIDDEN>, Act),
            #[grid(0.0, 0.2, 0.4)]
            dropout: Dropout,
            output: Linear<HIDDEN, $outputs>,
            #[train]
            #[grid(log(3e-4..=1e-1), points = 6)]
            lr: f64,
            #[train]
            #[grid(16, 64)]
            batch_size: usize,
        }

        impl Task for $name {
            const DIRECTION: Direction = Direction::Minimize;
            const SIZE: (usize, Option<usize>) = $size;
            const BEST: Option<f64> = Some(0.0);

            fn table(folder: &Path, seed: u64) -> dropgrid::Result<Results<Self::Params>> {
                let metric = $metric;
                assert!(metric.direction() == Self::DIRECTION && metric.best() == Self::BEST);
                let data = ($data)(folder)?;
                assert_eq!(data.len(), Self::SIZE.0);
                let search = Self::search(EveryEpoch).cv($splitter).scoring(metric).train($recipe);
                let report = search.seed(seed).workers(1).progress(false).cross_validate(&data)?;
                Ok(report.results().clone())
            }
        }
    };
}

fn classes() -> impl Splitter + 'static {
    StratifiedKFold::new(FOLDS).shuffle()
}

fn recipe() -> Train {
    Train::adam(1e-3).epochs(EPOCHS as usize)
}

task! {
    Digits: 64 -> 10, Standardize<64>, (1797, Some(10)), LogLoss, classes(), recipe(),
    |_: &Path| Dataset::from_csv("examples/data/digits.csv", Classes::<10>::in_column("digit"))
}
task! {
    BreastCancer: 30 -> 2, Standardize<30>, (569, Some(2)), LogLoss, classes(), recipe(),
    |folder: &Path| Dataset::from_csv(folder.join("breast_cancer.csv"), Classes::<2>::in_column("y"))
}
task! {
    Diabetes: 10 -> 1, Standardize<10>, (442, None), RootMeanSquaredError, KFold::new(FOLDS).shuffle(),
    recipe().target_transform(TargetTransform::Standardize),
    |_: &Path| Dataset::from_csv("examples/data/diabetes.csv", Regression::<1>::in_column("progression"))
}
task! {
    FashionMnist: 196 -> 10, Identity, (3000, Some(10)), LogLoss, classes(), recipe(),
    |folder: &Path| Dataset::from_csv(folder.join("fashion_mnist.csv"), Classes::<10>::in_column("y"))
}
