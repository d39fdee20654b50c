use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    hidden: (Linear<2, 4>, ReLU),
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: (Linear<4, 3>, Softmax),
}

fn main() -> dropgrid::Result<()> {
    let data = Dataset::new([[0.0, 1.0]], Classes::<3>::new([2])?)?;
    let only = || Mlp::search(Only(MlpParams { dropout: 0.1 }));
    let _ = Mlp::search(Grid).fit(&data);
    let _ = Mlp::search(Grid).cross_validate(&data);
    let _ = Mlp::search(Grid).nested_cross_validate(KFold::new(2), &data);
    let _ = only().cross_val_predict(&data);
    let _ = only().permutation_test_score(10, &data);
    let _ = only().learning_curve(&TrainSizes::rows([10]), &data);
    let _ = only().validation_curve([0.1], |params, rate| params.dropout = *rate, &data);
    Ok(())
}
