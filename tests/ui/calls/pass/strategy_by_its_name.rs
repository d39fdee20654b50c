use dropgrid::prelude::*;

#[searchable]
struct Mlp {
    #[grid(0.1, 0.2)]
    dropout: Dropout,
    output: Linear<2, 3>,
}

fn main() {
    let _ = Mlp::search(Grid);
}

fn fit(data: &Dataset<Classes<3>>) -> dropgrid::Result<()> {
    Mlp::search(Grid).cv(StratifiedKFold::new(3)).scoring(Accuracy).study("mlp.study").until(0.9).fit(data)?;
    let mut study = AskTell::builder(Mlp::space(), Gp::new(30)).minimize("loss").seed(1).start()?;
    study.ask()?;
    Ok(())
}
