//! `dropgrid predict`: why the command cannot predict, and the program that can.

use std::path::PathBuf;

use clap::Args;
use dropgrid_core::{data::Table, escape::shown, train::ModelFile};

use crate::{error::Error, outcome::Outcome};

/// Print the program that predicts the rows of a CSV file with a saved model
///
/// A model's file names its layers and holds their tensors. The code of the layers is Rust, which may be your own, and
/// this command does not have it: it checks the model and the columns of the data, and prints a program to put beside
/// the model's struct. The exit status is 2, since nothing was predicted.
#[derive(Debug, Args)]
pub(crate) struct Predict {
    /// The model's file, which `Fitted::save` wrote
    model: PathBuf,
    /// The CSV file with the rows to predict
    data: PathBuf,
    /// The CSV file of the predictions, which the program writes
    #[arg(long, short, default_value = "predicted.csv")]
    output: PathBuf,
}

impl Predict {
    pub(crate) fn run(&self) -> Result<Outcome, Error> {
        let model = ModelFile::read(&self.model)?;
        model.check_table(&Table::from_csv(&self.data)?)?;
        let name = model.model();
        let program = model.to_rust(&self.model, &self.data, &self.output);
        let remark = format!(
            "nothing was predicted: {} holds the tensors of `{name}`, but the code of its layers ({}) is Rust that this \
             command does not have; put the printed program beside the struct, as src/bin/predict.rs, and run it",
            shown(&self.model),
            model.layers().join(", "),
        );
        Ok(Outcome { remarks: vec![remark], is_undone: true, ..Outcome::text(&program) })
    }
}
