//! A score with dropout on is not asked for by accident.

use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: Linear<2, 4>,
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<4, 2>,
}

fn search(data: &Dataset<Classes<2>>) -> dropgrid::Result<()> {
    Mlp::search(Grid).scoring(McDropout(20)).fit(data)?;
    Mlp::search(Grid).scoring((Accuracy, McDropout(20))).fit(data)?;
    Ok(())
}

fn main() {}
