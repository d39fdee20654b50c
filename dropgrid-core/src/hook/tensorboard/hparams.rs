//! Hyperparameters for TensorBoard's HParams dashboard, as messages of its
//! [api.proto](https://github.com/tensorflow/tensorboard/blob/master/tensorboard/plugins/hparams/api.proto) within
//! summaries.

use serde_json::Value;

use super::wire::{bytes, double, varint};
use crate::hook::FitInfo;

/// A value of [struct.proto](https://protobuf.dev/reference/protobuf/google.protobuf/#value); none where the candidate
/// does not have the hyperparameter.
fn value(value: &Value) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    match value {
        Value::Null => return None,
        Value::Number(number) => double(&mut out, 2, number.as_f64()?),
        Value::Bool(flag) => {
            out.push(4 << 3);
            varint(&mut out, u64::from(*flag));
        }
        Value::String(text) => bytes(&mut out, 3, text.as_bytes()),
        other => bytes(&mut out, 3, other.to_string().as_bytes()),
    }
    Some(out)
}

/// The type of a hyperparameter: a string, a flag or a number.
fn data_type(value: &Value) -> Option<u64> {
    match value {
        Value::Null => None,
        Value::Bool(_) => Some(2),
        Value::Number(_) => Some(3),
        _ => Some(1),
    }
}

/// A hyperparameter by name, with its type.
pub(super) type Typed = (&'static str, u64);

/// The hyperparameters that the candidates of a training have, with their types.
pub(super) fn typed(fit: &FitInfo) -> impl Iterator<Item = Typed> {
    fit.params.iter().filter_map(|(name, value)| Some((*name, data_type(value)?)))
}

/// The quantities that the dashboard compares: hyperparameters, and the tags of a training's scalars.
pub(super) fn experiment(hyperparameters: &[Typed], fit: &FitInfo, time: f64) -> Vec<u8> {
    let mut experiment = Vec::new();
    double(&mut experiment, 3, time);
    for (name, kind) in hyperparameters {
        let mut info = Vec::new();
        bytes(&mut info, 1, name.as_bytes());
        info.push(4 << 3);
        varint(&mut info, *kind);
        bytes(&mut experiment, 4, &info);
    }
    for tag in tags(fit) {
        let (mut name, mut info) = (Vec::new(), Vec::new());
        bytes(&mut name, 2, tag.as_bytes());
        bytes(&mut info, 1, &name);
        // Field 5, the data that the metric is of: 1 is training, 2 validation.
        info.push(5 << 3);
        varint(&mut info, if tag.starts_with("validation/") || tag.starts_with("score/") { 2 } else { 1 });
        bytes(&mut experiment, 5, &info);
    }
    bytes(&mut experiment, 6, b"dropgrid");
    summary("_hparams_/experiment", 2, &experiment)
}

/// The tag of a score on the test rows of a fold.
pub(super) fn score_tag(metric: &str) -> String {
    format!("score/{metric}")
}

/// The tags of the scalars that are compared.
fn tags(fit: &FitInfo) -> Vec<String> {
    let mut tags: Vec<String> = fit.metrics.iter().map(|name| score_tag(name)).collect();
    tags.extend(fit.curve_metrics.iter().map(|name| format!("validation/{name}")));
    tags.extend(fit.monitor.iter().map(|name| format!("validation/{name}")));
    tags.push("train/loss".to_owned());
    let mut known = Vec::new();
    for tag in tags {
        if !known.contains(&tag) {
            known.push(tag);
        }
    }
    known
}

/// The hyperparameters of a training. Those of one `group`, the folds of a candidate, are averaged.
pub(super) fn session_start(fit: &FitInfo, group: &str, time: f64) -> Vec<u8> {
    let mut start = Vec::new();
    for (name, of) in &fit.params {
        if let Some(of) = value(of) {
            let mut entry = Vec::new();
            bytes(&mut entry, 1, name.as_bytes());
            bytes(&mut entry, 2, &of);
            bytes(&mut start, 1, &entry);
        }
    }
    bytes(&mut start, 4, group.as_bytes());
    double(&mut start, 5, time);
    summary("_hparams_/session_start_info", 3, &start)
}

/// The end of a training, and whether it failed.
pub(super) fn session_end(failed: bool, time: f64) -> Vec<u8> {
    let mut end = vec![1 << 3];
    varint(&mut end, if failed { 2 } else { 1 });
    double(&mut end, 2, time);
    summary("_hparams_/session_end_info", 4, &end)
}

/// A summary that holds a message of the dashboard, in one of its fields. The dashboard reads the message only, so that
/// the tensor beside it is empty.
fn summary(tag: &str, field: u8, message: &[u8]) -> Vec<u8> {
    let (mut content, mut plugin, mut metadata, mut value, mut summary) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
    bytes(&mut content, field, message);
    bytes(&mut plugin, 1, b"hparams");
    bytes(&mut plugin, 2, &content);
    bytes(&mut metadata, 1, &plugin);
    bytes(&mut value, 1, tag.as_bytes());
    // A tensor of floats, of one dimension of no length.
    bytes(&mut value, 8, &[1 << 3, 1, 2 << 3 | 2, 2, 2 << 3 | 2, 0]);
    bytes(&mut value, 9, &metadata);
    bytes(&mut summary, 1, &value);
    summary
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The fields of a message: their numbers and contents, eight bytes or counted ones or a number.
    fn fields(mut message: &[u8]) -> Vec<(u8, Vec<u8>)> {
        let mut all = Vec::new();
        while let [key, rest @ ..] = message {
            let (content, rest) = match key & 7 {
                0 => rest.split_at(1),
                1 => rest.split_at(8),
                _ => {
                    // Lengths of these messages have one or two bytes.
                    let (length, from) = if rest[0] < 0x80 {
                        (usize::from(rest[0]), 1)
                    } else {
                        (usize::from(rest[0] & 0x7f) | usize::from(rest[1]) << 7, 2)
                    };
                    rest[from..].split_at(length)
                }
            };
            all.push((key >> 3, content.to_vec()));
            message = rest;
        }
        all
    }

    /// The message of the dashboard within a summary, and its field.
    fn message(summary: &[u8]) -> (u8, Vec<(u8, Vec<u8>)>) {
        let value = fields(&fields(summary)[0].1);
        let metadata = &value.iter().find(|(field, _)| *field == 9).expect("metadata").1;
        let plugin = fields(&fields(metadata)[0].1);
        assert_eq!(plugin[0].1, b"hparams");
        let content = fields(&plugin[1].1);
        (content[0].0, fields(&content[0].1))
    }

    fn fit() -> FitInfo {
        let mut fit = FitInfo { monitor: Some("loss".to_owned()), ..FitInfo::default() };
        fit.params = vec![("lr", json!(0.5)), ("act", json!("ReLU")), ("deep", json!(true)), ("momentum", Value::Null)];
        fit
    }

    #[test]
    fn an_experiment_names_hyperparameters_with_their_types_and_metrics() {
        let (field, experiment) = message(&experiment(&typed(&fit()).collect::<Vec<_>>(), &fit(), 7.0));
        let of = |wanted: u8| {
            experiment.iter().filter(|(field, _)| *field == wanted).map(|(_, it)| fields(it)).collect::<Vec<_>>()
        };
        let named = |name: &str, kind: u8| vec![(1, name.as_bytes().to_vec()), (4, vec![kind])];
        assert_eq!(field, 2);
        assert_eq!(of(4), [named("lr", 3), named("act", 1), named("deep", 2)]);
        let tags: Vec<Vec<u8>> = of(5).iter().map(|info| fields(&info[0].1)[0].1.clone()).collect();
        assert_eq!(tags, [b"validation/loss".to_vec(), b"train/loss".to_vec()]);
    }

    #[test]
    fn a_session_has_the_values_its_group_and_its_end() {
        let (field, start) = message(&session_start(&fit(), "3-lr=0.5", 7.0));
        assert_eq!(field, 3);
        let entries: Vec<_> = start.iter().filter(|(field, _)| *field == 1).map(|(_, it)| fields(it)).collect();
        assert_eq!(entries.len(), 3, "absent values have no entry");
        assert_eq!(fields(&entries[0][1].1), [(2, 0.5_f64.to_le_bytes().to_vec())]);
        assert_eq!(fields(&entries[1][1].1), [(3, b"ReLU".to_vec())]);
        assert_eq!(fields(&entries[2][1].1), [(4, vec![1])]);
        assert!(start.contains(&(4, b"3-lr=0.5".to_vec())));
        for (failed, status) in [(false, 1), (true, 2)] {
            let (field, end) = message(&session_end(failed, 7.0));
            assert_eq!((field, &end[0]), (4, &(1, vec![status])));
        }
    }
}
