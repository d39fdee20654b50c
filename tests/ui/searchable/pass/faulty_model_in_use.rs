use dropgrid::prelude::*;
use model::{Mlp, MlpAct, MlpNet, MlpParams};

mod model {
    use dropgrid::prelude::*;

    #[searchable]
    pub struct Mlp<#[grid(8, 16)] const HIDDEN: usize, #[grid(ReLU, Tanh)] Act> {
        hidden: (Linear<4, HIDDEN>, Act),
        #[grid(0.1, 0.2)]
        dropout: Dropout,
        output: Linear<HIDDEN, 3>,
    }
}

trait Described {
    fn about(&self) -> String;
}

impl Described for MlpParams {
    fn about(&self) -> String {
        format!("{} units, dropout {}", self.hidden, self.dropout)
    }
}

fn search(data: &Dataset<Classes<3>>) -> dropgrid::Result<Fitted<Mlp, Classes<3>>> {
    let report = Mlp::search(Grid).cv(KFold::new(5)).scoring(Accuracy).fit(data)?;
    let best = report.best_params();
    println!("{} {:.3}", best.about(), report.best_score());
    assert!(best.act == MlpAct::ReLU);
    Ok(report.into_fitted())
}

fn network() -> dropgrid::Result<MlpNet<16, Tanh>> {
    Mlp::builder().hidden::<16>().act::<Tanh>().dropout(0.5).build(0)
}

fn main() {
    println!("{:?}", Mlp::space());
}
