//! Records as bytes and text. Every number keeps its bits, NaN and infinities too.

mod curve;

pub(super) use curve::{curve_from_bytes, curve_to_bytes};

use std::{borrow::Cow, time::Duration};

use serde_json::{Value, json};

use super::FitName;
use crate::{
    error::{Failure, ScoringError},
    metric::Warning,
    record::{Details, Epochs},
};

/// The little-endian bits of numbers.
pub(super) fn to_bytes(numbers: &[f64]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_bits().to_le_bytes()).collect()
}

/// The numbers of little-endian bits; `None` where bytes are missing.
pub(super) fn from_bytes(bytes: &[u8]) -> Option<Vec<f64>> {
    let (chunks, rest) = bytes.as_chunks::<8>();
    rest.is_empty().then(|| chunks.iter().map(|chunk| f64::from_bits(u64::from_le_bytes(*chunk))).collect())
}

/// The name of a fit from the columns of a row; `None` where the text of the resource is none.
pub(super) fn name_from(params: String, fold: u32, resource: &str) -> Option<FitName> {
    Some(FitName { params, fold, resource: resource.parse().ok()? })
}

/// The details as JSON; of default details, a text that needs no memory.
pub(super) fn details_to_text(details: &Details) -> Cow<'static, str> {
    let Details { epochs, stopped_by, tied, spread, retried } = details;
    let mut value = serde_json::Map::new();
    if let Some(Epochs { trained, scored, by_rule }) = epochs {
        value.insert("epochs".to_owned(), json!({ "trained": trained, "scored": scored, "by rule": by_rule }));
    }
    if let Some(rule) = stopped_by {
        value.insert("stopped by".to_owned(), json!(rule));
    }
    if let Some(tied) = tied {
        value.insert("tied".to_owned(), json!(tied));
    }
    if let Some(spread) = spread {
        value.insert("spread bits".to_owned(), json!(spread.to_bits()));
    }
    if !retried.is_empty() {
        value.insert("retried".to_owned(), retried.iter().map(failure_to_value).collect());
    }
    if value.is_empty() { Cow::Borrowed("{}") } else { Value::Object(value).to_string().into() }
}

/// The details of such a text; `None` where none were written like this. Fields of a later release are left out.
pub(super) fn details_from_text(text: &str) -> Option<Details> {
    if text == "{}" {
        return Some(Details::default());
    }
    let value: Value = serde_json::from_str(text).ok()?;
    let number = |value: &Value| u32::try_from(value.as_u64()?).ok();
    let epochs = match value.as_object()?.get("epochs") {
        Some(epochs) => {
            let (trained, scored) = (number(&epochs["trained"])?, number(&epochs["scored"])?);
            Some(Epochs { trained, scored, by_rule: epochs["by rule"].as_bool()? })
        }
        None => None,
    };
    let stopped_by = match value.get("stopped by") {
        Some(rule) => Some(rule.as_str()?.to_owned()),
        None => None,
    };
    let tied = match value.get("tied") {
        Some(tied) => Some(tied.as_str()?.to_owned()),
        None => None,
    };
    let spread = match value.get("spread bits") {
        Some(bits) => Some(f64::from_bits(bits.as_u64()?)),
        None => None,
    };
    let retried = match value.get("retried") {
        Some(retried) => retried.as_array()?.iter().map(failure_from_value).collect::<Option<_>>()?,
        None => Vec::new(),
    };
    Some(Details { epochs, stopped_by, tied, spread, retried })
}

pub(super) fn failure_to_text(failure: &Failure) -> String {
    failure_to_value(failure).to_string()
}

fn failure_to_value(failure: &Failure) -> Value {
    match failure {
        Failure::Panicked { message } => json!({ "kind": "panicked", "message": message }),
        Failure::Diverged { epoch, batch, loss } => {
            json!({ "kind": "diverged", "epoch": epoch, "batch": batch, "bits": loss.to_bits() })
        }
        Failure::NonFiniteOutput { row, value } => {
            json!({ "kind": "non-finite output", "row": row, "bits": value.to_bits() })
        }
        Failure::NonFiniteScore { metric, value } => {
            json!({ "kind": "non-finite score", "metric": metric, "bits": value.to_bits() })
        }
        Failure::Device { message } => json!({ "kind": "device", "message": message }),
        Failure::TimedOut { limit, epoch, batch } => {
            json!({ "kind": "timed out", "seconds": limit.as_secs_f64(), "epoch": epoch, "batch": batch })
        }
        Failure::Interrupted => json!({ "kind": "interrupted" }),
        Failure::Killed { deaths } => json!({ "kind": "killed", "deaths": deaths }),
        Failure::Scoring(ScoringError::Recorded { message }) => json!({ "kind": "scoring", "message": message }),
        Failure::Scoring(error) => json!({ "kind": "scoring", "message": error.to_string() }),
        Failure::NonFiniteWeights { tensor, value } => {
            json!({ "kind": "non-finite weights", "tensor": tensor, "bits": value.to_bits() })
        }
        Failure::NotDropoutAlone { tensors } => json!({ "kind": "not dropout alone", "tensors": tensors }),
        Failure::Untrained { tensors } => json!({ "kind": "untrained", "tensors": tensors }),
        Failure::Build { message } => json!({ "kind": "build", "message": message }),
    }
}

/// The failure of such a text; `None` where none was written like this.
pub(super) fn failure_from_text(text: &str) -> Option<Failure> {
    failure_from_value(&serde_json::from_str(text).ok()?)
}

fn failure_from_value(value: &Value) -> Option<Failure> {
    let message = || Some(value["message"].as_str()?.to_owned());
    let number = |name: &str| value[name].as_u64();
    let single = || Some(f32::from_bits(u32::try_from(number("bits")?).ok()?));
    Some(match value["kind"].as_str()? {
        "panicked" => Failure::Panicked { message: message()? },
        "diverged" => {
            Failure::Diverged { epoch: number("epoch")? as usize, batch: number("batch")? as usize, loss: single()? }
        }
        "non-finite output" => Failure::NonFiniteOutput { row: number("row")? as usize, value: single()? },
        "non-finite score" => Failure::NonFiniteScore {
            metric: value["metric"].as_str()?.to_owned(),
            value: f64::from_bits(number("bits")?),
        },
        "device" => Failure::Device { message: message()? },
        "timed out" => Failure::TimedOut {
            limit: Duration::try_from_secs_f64(value["seconds"].as_f64()?).ok()?,
            epoch: number("epoch")? as usize,
            batch: number("batch")? as usize,
        },
        "interrupted" => Failure::Interrupted,
        "killed" => Failure::Killed { deaths: u32::try_from(number("deaths")?).ok()? },
        "scoring" => Failure::Scoring(ScoringError::Recorded { message: message()? }),
        "non-finite weights" => {
            Failure::NonFiniteWeights { tensor: value["tensor"].as_str()?.to_owned(), value: single()? }
        }
        "untrained" => Failure::Untrained { tensors: serde_json::from_value(value["tensors"].clone()).ok()? },
        "not dropout alone" => {
            Failure::NotDropoutAlone { tensors: serde_json::from_value(value["tensors"].clone()).ok()? }
        }
        "build" => Failure::Build { message: message()? },
        _ => return None,
    })
}

pub(super) fn warnings_to_text(warnings: &[Vec<Warning>]) -> String {
    serde_json::to_string(warnings).unwrap_or_default()
}

pub(super) fn warnings_from_text(text: &str) -> Option<Vec<Vec<Warning>>> {
    serde_json::from_str(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_bits() {
        let numbers = [0.1, -0.0, f64::INFINITY, f64::from_bits(0x7ff8_0000_0000_1234)];
        let read = from_bytes(&to_bytes(&numbers)).expect("whole numbers");
        assert_eq!(read.map_bits(), numbers.to_vec().map_bits());
        assert_eq!(from_bytes(&[0; 7]), None);
    }

    trait Bits {
        fn map_bits(&self) -> Vec<u64>;
    }

    impl Bits for Vec<f64> {
        fn map_bits(&self) -> Vec<u64> {
            self.iter().map(|number| number.to_bits()).collect()
        }
    }

    #[test]
    fn details_are_read_as_they_were_written() {
        let failure = Failure::TimedOut { limit: Duration::from_secs(2), epoch: 1, batch: 7 };
        let details = [
            Details::default(),
            Details { spread: Some(0.1 + 0.2), ..Details::default() },
            Details { epochs: Some(Epochs { trained: 12, scored: 9, by_rule: true }), ..Details::default() },
            Details {
                spread: Some(1e-3),
                retried: vec![failure.clone(), Failure::Device { message: "no memory".to_owned() }],
                ..Details::default()
            },
            Details {
                tied: Some("late.p = 0.05".to_owned()),
                spread: None,
                retried: vec![failure],
                epochs: Some(Epochs { trained: 1, scored: 1, by_rule: false }),
                stopped_by: Some("a \"rule\"".to_owned()),
            },
        ];
        for details in details {
            assert_eq!(details_from_text(&details_to_text(&details)), Some(details));
        }
        let later = "{\"epochs\":{\"trained\":3,\"scored\":2,\"by rule\":false},\"mood\":\"fine\"}";
        let epochs = Some(Epochs { trained: 3, scored: 2, by_rule: false });
        assert_eq!(details_from_text(later), Some(Details { epochs, ..Details::default() }));
        for broken in [
            "",
            "[]",
            "{\"epochs\":3}",
            "{\"epochs\":null}",
            "{\"epochs\":{\"trained\":3,\"scored\":2}}",
            "{\"retried\":[{}]}",
            "{\"retried\":{}}",
            "{\"stopped by\":1}",
            "{\"tied\":1}",
        ] {
            assert_eq!(details_from_text(broken), None, "{broken}");
        }
    }

    #[test]
    fn failures_are_read_as_they_were_written() {
        let message = || "no \"luck\"\n".to_owned();
        let failures = [
            Failure::Panicked { message: message() },
            Failure::Diverged { epoch: 3, batch: 4, loss: f32::NEG_INFINITY },
            Failure::NonFiniteOutput { row: 7, value: f32::INFINITY },
            Failure::NonFiniteWeights { tensor: "hidden.0.weight".to_owned(), value: f32::NEG_INFINITY },
            Failure::NonFiniteScore { metric: "cost".to_owned(), value: f64::INFINITY },
            Failure::Device { message: message() },
            Failure::TimedOut { limit: Duration::from_millis(1500), epoch: 2, batch: 3 },
            Failure::Interrupted,
            Failure::Killed { deaths: 3 },
            Failure::NotDropoutAlone { tensors: vec!["norm.running_mean".to_owned()] },
            Failure::Untrained { tensors: vec!["hidden.0.weight".to_owned()] },
            Failure::Build { message: message() },
            Failure::Scoring(ScoringError::Recorded { message: message() }),
        ];
        for failure in failures {
            assert_eq!(failure_from_text(&failure_to_text(&failure)), Some(failure));
        }
        // A scoring error keeps its words.
        let error = Failure::Scoring(ScoringError::ZeroWeights { rows: 3 });
        let read = failure_from_text(&failure_to_text(&error)).expect("a failure");
        assert_eq!(read.to_string(), error.to_string());
        assert_eq!(failure_from_text("{}"), None);
    }
}
