//! Records as bytes and text. Every number keeps its exact bits, including NaN and infinities.

mod curve;
mod record;

use curve::{curve_from_bytes, curve_to_bytes};
pub(super) use record::EncodedRecord;

use serde::{Serialize, de::DeserializeOwned};

use super::FitName;

/// Returns the bits of numbers as little-endian bytes.
fn to_bytes(numbers: &[f64]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_bits().to_le_bytes()).collect()
}

/// Parses numbers from little-endian bytes; `None` if the number of bytes is not a multiple of eight.
fn from_bytes(bytes: &[u8]) -> Option<Vec<f64>> {
    let (chunks, rest) = bytes.as_chunks::<8>();
    rest.is_empty().then(|| chunks.iter().map(|chunk| f64::from_bits(u64::from_le_bytes(*chunk))).collect())
}

/// Makes the name of a fit from the columns of a row; `None` if the text of the resource is not valid.
pub(super) fn name_from(params: String, fold: u32, resource: &str) -> Option<FitName> {
    Some(FitName { params, fold, resource: resource.parse().ok()? })
}

/// Returns a value as JSON.
fn to_json(value: &impl Serialize) -> String {
    // Maps with text keys, lists and numbers can always be serialized.
    serde_json::to_string(value).unwrap_or_default()
}

/// Parses a value from JSON; `None` if the text is not valid. Fields that a later release added are ignored.
pub(super) fn from_json<T: DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        error::{Failure, ScoringError},
        record::{Details, Epochs},
    };

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
                predictions: Some([0.1 + 0.2, -1e-300].into()),
                outcomes: Some("AQMD".to_owned().into()),
                parameters: Some(97),
            },
        ];
        for details in details {
            assert_eq!(from_json(&to_json(&details)), Some(details));
        }
        let later = "{\"epochs\":{\"trained\":3,\"scored\":2,\"by_rule\":false},\"mood\":\"fine\"}";
        let epochs = Some(Epochs { trained: 3, scored: 2, by_rule: false });
        assert_eq!(from_json(later), Some(Details { epochs, ..Details::default() }));
        for broken in [
            "",
            "[7]",
            "{\"epochs\":3}",
            "{\"epochs\":{\"trained\":3,\"scored\":2}}",
            "{\"retried\":[{}]}",
            "{\"retried\":{}}",
            "{\"stopped_by\":1}",
            "{\"tied\":1}",
        ] {
            assert_eq!(from_json::<Details>(broken), None, "{broken}");
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
            Failure::Killed { crashes: 3 },
            Failure::NotDropoutAlone { tensors: vec!["norm.running_mean".to_owned()] },
            Failure::Untrained { tensors: vec!["hidden.0.weight".to_owned()] },
            Failure::Build { message: message() },
            Failure::Scoring(ScoringError::Recorded { message: message() }),
        ];
        for failure in failures {
            assert_eq!(from_json(&to_json(&failure)), Some(failure));
        }
        // A scoring error keeps its message.
        let error = Failure::Scoring(ScoringError::ZeroWeights { rows: 3 });
        let read = from_json::<Failure>(&to_json(&error)).expect("a failure");
        assert_eq!(read.to_string(), error.to_string());
        assert_eq!(from_json::<Failure>("{}"), None);
    }
}
