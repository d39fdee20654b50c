//! A strategy's judgement of a candidate, as stored in a study.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::codec::from_json;

/// A strategy's judgement of a candidate. It is stored only if it does not follow from the candidate's records.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Judgement {
    /// True if the candidate competes for the first rank.
    pub is_finalist: bool,
    /// The stage after which the strategy stopped training the candidate, and the reason; `None` if it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elimination: Option<(String, String)>,
    /// The last iteration of the candidate; `None` if the strategy does not count iterations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iteration: Option<usize>,
}

/// The judgements of a search by candidate. A candidate is given by the epochs of its full training and the JSON object
/// that identifies it in the study, see [`FitName`](super::FitName).
pub type Judgements = BTreeMap<(u32, String), Judgement>;

/// Returns the judgements as names and texts.
pub(super) fn to_rows(judgements: &Judgements) -> BTreeMap<String, String> {
    let row = |((epochs, params), judgement): (&(u32, String), &Judgement)| {
        // A judgement contains no number that JSON cannot express.
        Some((format!("{epochs} {params}"), serde_json::to_string(judgement).ok()?))
    };
    judgements.iter().filter_map(row).collect()
}

/// Parses judgements from names and texts; `None` if they are not valid.
pub(super) fn from_rows(rows: &BTreeMap<String, String>) -> Option<Judgements> {
    let judgement = |(name, text): (&String, &String)| {
        let (epochs, params) = name.split_once(' ')?;
        Some(((epochs.parse().ok()?, params.to_owned()), from_json(text)?))
    };
    rows.iter().map(judgement).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn judgements_are_read_as_they_were_written() {
        let of = |is_finalist, elimination: Option<&str>, iteration| Judgement {
            is_finalist,
            elimination: elimination.map(|reason| ("fold 1 of 3".to_owned(), reason.to_owned())),
            iteration,
        };
        let judgements = Judgements::from([
            ((20, "{\"act\":\"a b\"}".to_owned()), of(false, Some("worse, \"p\" < 0.01"), Some(2))),
            ((5, "{}".to_owned()), of(true, None, None)),
        ]);
        let mut rows = to_rows(&judgements);
        assert_eq!(from_rows(&rows), Some(judgements));
        rows.insert("5 {}".to_owned(), "{\"is_finalist\":2}".to_owned());
        assert_eq!(from_rows(&rows), None);
        assert_eq!(from_rows(&BTreeMap::from([("{}".to_owned(), "{}".to_owned())])), None);
    }
}
