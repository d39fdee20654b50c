//! Rows as types: penguins with numbers, categories and missing cells.
//!
//! The struct `Penguin` is the schema of the file. The compiler knows its columns: a field of the network that names none of
//! them, or that takes another kind of cells, does not compile. Each step is fitted on the rows that a fold trains on.

use dropgrid::prelude::*;

/// A row of `penguins.csv`.
#[derive(Row)]
struct Penguin {
    island: Island,
    bill_length_mm: Option<f32>,
    bill_depth_mm: Option<f32>,
    flipper_length_mm: Option<f32>,
    body_mass_g: Option<f32>,
    sex: Option<Sex>,
}

#[derive(Category, Debug, Clone, Copy, PartialEq, Eq)]
enum Island {
    Biscoe,
    Dream,
    Torgersen,
}

#[derive(Category, Debug, Clone, Copy, PartialEq, Eq)]
#[category(rename_all = "lowercase")]
enum Sex {
    Female,
    Male,
}

#[searchable(rows = Penguin)]
struct Species<
    #[grid(Mean, Median)] Fill, //
    #[grid(1, 2)] const WIDTH: usize,
> {
    #[columns(bill_length_mm, bill_depth_mm, flipper_length_mm, body_mass_g)]
    sizes: (Impute<4, Fill>, Standardize<4>),
    #[columns(island)]
    island: Embed<{ Island::COUNT }, WIDTH>,
    #[columns(sex)]
    sex: (Impute<1, OwnCategory<{ Sex::COUNT }>>, OneHot<{ Sex::COUNT + 1 }>),
    hidden: (Linear<{ 4 + WIDTH + 3 }, 16>, ReLU),
    #[grid(0.0, 0.2)]
    dropout: Dropout,
    output: Linear<16, 3>,
}

fn main() -> dropgrid::Result<()> {
    let table = Csv::new().read("examples/data/penguins.csv")?;
    println!("{}\n", table.describe());
    let species = Classes::<3>::in_column("species").learn_names();
    let penguins = table.dataset_of::<Penguin, _>(species)?;
    let report = Species::search(Grid)
        .cv(StratifiedKFold::new(5).shuffle())
        .scoring((Accuracy, LogLoss))
        .train(Train::adam(1e-2).epochs(30).batch_size(32))
        .seed(7)
        .fit(&penguins)?;
    println!("{report}");
    // A prediction needs no file.
    let unknown = Penguin {
        island: Island::Dream,
        bill_length_mm: Some(49.8),
        bill_depth_mm: Some(17.3),
        flipper_length_mm: None,
        body_mass_g: Some(3675.0),
        sex: None,
    };
    println!("It is a {}.", report.fitted().predict_names(&[unknown])?[0]);
    Ok(())
}
