//! Iterating a space, with and without rules. `cargo bench --bench space`

use std::{hint::black_box, time::Instant};

use dropgrid::prelude::*;

/// A model of seven axes with ten values each.
macro_rules! seven_rates {
    ($(#[$searchable:meta])* $model:ident: $($rate:ident)*) => {
        $(#[$searchable])*
        struct $model {
            $(
                #[grid(0.0..=0.9, step = 0.1)]
                $rate: Dropout,
            )*
            output: Linear<4, 3>,
        }
    };
}

seven_rates!(#[searchable] Plain: a b c d e f g);
seven_rates!(#[searchable(forbid = a > b, forbid = f == 0.0 && g == 0.0)] Ruled: a b c d e f g);

fn main() {
    // The yardstick: seven nested loops that fill a struct of seven numbers.
    let by_hand = nanoseconds(|| {
        let values: [f64; 10] = black_box([0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
        let mut count = 0;
        for index in 0..10_000_000_usize {
            let mut rest = index;
            black_box([(); 7].map(|()| {
                let value = values[rest % 10];
                rest /= 10;
                value
            }));
            count += 1;
        }
        count
    });
    let plain = nanoseconds(|| Plain::space().iter().map(black_box).count());
    let ruled = nanoseconds(|| Ruled::space().iter().map(black_box).count());
    println!("by hand: {by_hand:.1} ns a candidate");
    println!("plain:   {plain:.1} ns a candidate, {:.1} x by hand", plain / by_hand);
    println!("ruled:   {ruled:.1} ns a candidate, {:.1} x by hand", ruled / by_hand);
}

/// The median time for one of what `run` counts.
fn nanoseconds(run: impl Fn() -> usize) -> f64 {
    let mut times: Vec<f64> = (0..3)
        .map(|_| {
            let start = Instant::now();
            let count = run();
            start.elapsed().as_nanos() as f64 / count as f64
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times[1]
}
