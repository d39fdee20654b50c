//! A bundle that is read equals the one that was written, and other bytes are refused.

use super::*;
use crate::{
    error::Failure,
    record::{Curve, Details, Epoch, Record},
};

fn record(params: &str, outcome: Result<Vec<f64>, Failure>) -> StoredRecord {
    let resource = "5/20".parse().expect("a resource");
    let epoch = Epoch {
        number: 1,
        train_loss: 0.1 + 0.2,
        monitored: None,
        lr: 1e-3,
        train_scores: Vec::new(),
        validation_scores: vec![f64::NAN],
    };
    let details = Details { predictions: Some([0.1, -0.0].into()), ..Details::default() };
    let record = Record {
        candidate: 0,
        fold: 3,
        budget: "5/20".parse::<crate::record::Resource>().expect("a resource").budget(),
        train_scores: outcome.is_ok().then(|| vec![0.5]),
        outcome,
        warnings: vec![Vec::new()],
        fit_time: Duration::from_nanos(7),
        score_time: Duration::ZERO,
        curve: Curve { epochs: vec![epoch] },
        details,
    };
    StoredRecord { name: FitName { params: params.to_owned(), fold: 3, resource }, record }
}

fn bundle() -> Bundle {
    let state =
        |epochs, lasting| State { trajectory: "[\"é\"]".to_owned(), fold: 3, epochs, bytes: vec![7; 40], lasting };
    Bundle {
        records: vec![
            record("{\"a\":1}", Ok(vec![0.1 + 0.2, f64::INFINITY])),
            record("{\"a\":2}", Err(Failure::Diverged { epoch: 2, batch: 1, loss: f32::NAN })),
        ],
        states: vec![state(5, false), state(6, true)],
        done: vec![state(4, false).name()],
    }
}

#[test]
fn bundles_are_read_as_they_were_written() {
    for bundle in [bundle(), Bundle::default()] {
        let bytes = bundle.to_bytes();
        let read = Bundle::from_bytes(&bytes).expect("a bundle");
        // NaN is not equal to itself, but its bits are.
        assert_eq!((read.to_bytes(), format!("{read:?}")), (bytes, format!("{bundle:?}")));
    }
}

#[test]
fn no_part_of_a_bundle_is_one() {
    let bytes = bundle().to_bytes();
    for len in 0..bytes.len() {
        assert!(Bundle::from_bytes(&bytes[..len]).is_none(), "{len}");
    }
    assert!(Bundle::from_bytes(&[&bytes[..], &[0]].concat()).is_none());
    // A count that exceeds any memory.
    assert!(Bundle::from_bytes(&[0xff; 64]).is_none());
}
