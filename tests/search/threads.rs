//! Fits on the cores that no other fit needs.

use dropgrid::prelude::*;

/// A step of 64 rows has products of eight million multiplications, which two threads compute.
#[searchable]
struct Wide {
    hidden: (Linear<256, 512>, ReLU),
    #[grid(0.1, 0.3)]
    dropout: Dropout,
    output: Linear<512, 2>,
}

#[test]
fn a_wide_fit_has_the_same_bits_on_any_number_of_cores() {
    let value = |row: usize, column: usize| ((row * 37 + column * 101 + row * column) % 97) as f32 / 97.0 - 0.5;
    let features: Vec<[f32; 256]> = (0..256).map(|row| std::array::from_fn(|column| value(row, column))).collect();
    let labels: Vec<usize> = (0..256).map(|row| usize::from(value(row, 3) > 0.0)).collect();
    let data = Dataset::new(features, Classes::<2>::new(labels).expect("labels")).expect("data");
    let fit = |workers| {
        let search = Wide::search(Grid).cv(KFold::new(2)).seed(3).workers(workers).progress(false);
        let report = search.train(Train::adam(1e-3).epochs(2).batch_size(64)).fit(&data).expect("a report");
        let probabilities = report.fitted().predict_proba(data.features()).expect("predictions");
        (report.digest(), probabilities.iter().flatten().map(|p| p.to_bits()).collect::<Vec<_>>())
    };
    let alone = fit(1);
    for workers in [3, 8] {
        assert!(fit(workers) == alone, "{workers} workers");
    }
}
