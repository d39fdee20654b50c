//! A score with dropout on, asked for by name.

use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: Linear<2, 4>,
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<4, 2>,
}

fn search(data: &Dataset<Classes<2>>) -> dropgrid::Result<()> {
    Mlp::search(Grid).scoring(Accuracy).mc_scoring(McDropout(20)).fit(data)?;
    Ok(())
}

#[test]
fn main() {
    let _ = search;
}
