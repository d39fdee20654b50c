use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<2, 3>,
}

fn fit(data: &Dataset<Classes<3>>) {
    let _ = Mlp::search(Grid).scoring(R2).fit(data);
    let _ = Mlp::search(Grid).scoring((Accuracy, R2)).cross_validate(data);
}

fn main() {}
