use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<2, 3>,
}

fn fit(data: &Dataset<Classes<3>>) {
    let _ = Mlp::search(Grid).scoring(F1).fit(data);
    let _ = Mlp::search(Grid).scoring((Accuracy, RocAuc)).cross_validate(data);
}

fn main() {}
