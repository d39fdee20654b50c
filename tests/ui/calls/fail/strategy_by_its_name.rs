use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<2, 3>,
}

fn main() {
    let _ = Mlp::search("grid");
}

fn fit(data: &Dataset<Classes<3>>) -> dropgrid::Result<()> {
    Mlp::search("grid").cv(StratifiedKFold::new(3)).scoring(Accuracy).study("mlp.study").until(0.9).fit(data)?;
    let mut study = AskTell::builder(Mlp::space(), "gp").minimize("loss").seed(1).start()?;
    study.ask()?;
    Ok(())
}
