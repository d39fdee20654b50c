//! The story that dropgrid began from: tuning dropout on data from which nothing can be learned.
//!
//! 100 rows of 100 uniform random numbers with 10 random classes, `Dense(64, relu)`, dropout, `Dense(10)`, Adam,
//! softmax cross-entropy, three folds: a published question about scikit-learn's `GridSearchCV` around a Keras model.
//! The asker feared that each candidate was scored with dropout still on, and whoever looks at the three recipes that
//! circulate has reason to. All rest on a flag at run time. In Keras 3:
//!
//! - A plain `Dropout` layer is off in `evaluate` and `predict`, inside `GridSearchCV` too.
//! - `Dropout(rate)(x, training=True)` does not keep it on in `predict` of a functional model. In a subclassed model
//!   the same argument does, and every score is then a draw of the lot.
//! - `layer.training = False`, set in a callback, has no effect at all.
//!
//! So the flag goes wrong in either direction, and no error says so. Here the two phases are types. This program shows
//! what that gives: two scorings of one network agree in every bit, two of its training passes differ, and a scorer
//! cannot be handed a training pass (`tests/ui/phase/` holds the code that does not compile).
//!
//! The best score is chance: a tenth of the rows. That is the right answer, and the folds agree on it.

use dropgrid::{
    model::Network,
    phase::Pass,
    prelude::*,
    seed::{Purpose, Seed, below},
};
use rand::RngExt;

/// Dense(64, relu), dropout, Dense(10).
#[searchable]
pub struct Mlp {
    hidden: (Linear<100, 64>, ReLU),
    #[grid(0.1, 0.2, 0.3)]
    dropout: Dropout,
    output: Linear<64, 10>,
}

fn main() -> dropgrid::Result<()> {
    let data = noise()?;
    let report = Mlp::search(Grid)
        .cv(StratifiedKFold::new(3).shuffle())
        .average(Average::Rows)
        .scoring(Accuracy)
        .train(Train::adam(1e-3).epochs(1).batch_size(32))
        .seed(SEED)
        .fit(&data)?;
    println!("{report}");

    let mut network = Mlp::builder().dropout(0.3).build(SEED)?;
    let bits = |label: &str, same: bool| println!("{label}: {}", if same { "the same bits" } else { "different bits" });

    let once = network.evaluate(Pass::evaluation(data.features())?)?.values();
    let again = network.evaluate(Pass::evaluation(data.features())?)?.values();
    bits("two evaluation passes", once == again);

    let once = network.train(Pass::training(data.features(), Seed(1))?)?.values();
    let again = network.train(Pass::training(data.features(), Seed(2))?)?.values();
    bits("two training passes", once == again);
    Ok(())
}

/// The seed of the data and of the search, one of many under which chance gives the twelve right rows of the story.
const SEED: u64 = 13;

/// 100 x 100 numbers from [0, 1) and 100 labels from 0..10, none of which says anything about another.
fn noise() -> dropgrid::Result<Dataset<Classes<10>>> {
    let mut rng = Seed(SEED).key(Purpose::Proposal).rng();
    let features = (0..100 * 100).map(|_| rng.random::<f32>()).collect();
    let labels: Vec<usize> = (0..100).map(|_| below(&mut rng, 10) as usize).collect();
    Dataset::from_features(Features::from_flat(features, 100)?, Classes::new(labels)?)
}
