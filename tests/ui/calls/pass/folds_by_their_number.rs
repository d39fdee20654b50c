use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<2, 3>,
}

fn fit(data: &Dataset<Classes<3>>) {
    let _ = Mlp::search(Grid).cv(StratifiedKFold::new(5)).fit(data);
}

fn main() {}
