//! Trains the model of the page on the digits of scikit-learn and writes its file: `./make train` runs it.

use digit_page::Reader;
use dropgrid::prelude::*;

fn main() -> dropgrid::Result<()> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
    let digits = Dataset::from_csv(format!("{root}/examples/data/digits.csv"), Classes::<10>::in_column("digit"))?;
    let report = Reader::search(Grid)
        .cv(StratifiedKFold::new(5).shuffle())
        .scoring((LogLoss, Accuracy))
        .train(Train::adam(2e-3).epochs(40).batch_size(32))
        .seed(42)
        .fit(&digits)?;
    println!("{report}");
    report.fitted().save(concat!(env!("CARGO_MANIFEST_DIR"), "/digits.safetensors"))
}
