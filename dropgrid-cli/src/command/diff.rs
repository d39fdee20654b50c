//! `dropgrid diff`: two studies side by side.

use std::{collections::BTreeMap, fmt::Write, path::PathBuf};

use clap::Args;
use dropgrid_core::{
    escape::escaped,
    record::{Record, Resource},
    study::{Difference, ParamsJson, StudyCandidate, StudyFile},
};
use serde_json::{Map, Value, json};

use crate::{
    error::Error,
    outcome::{Form, Outcome, envelope},
    study::params,
    table,
};

/// Compare two studies: what they are of, and whether the fits that both have gave the same bits
#[derive(Debug, Args)]
pub(crate) struct Diff {
    /// A study's file
    first: PathBuf,
    /// Another's
    second: PathBuf,
    #[command(flatten)]
    form: Form,
}

/// The most differing fits that are listed for people.
const LISTED: usize = 10;

/// The name of a fit in any study: its hyperparameters, sorted, its fold and its resource.
type Key = (String, u32, Resource);

/// The fits of both studies.
struct Fits<'a> {
    only_first: usize,
    only_second: usize,
    same: usize,
    different: Vec<Different<'a>>,
}

/// A fit with different results in the two studies.
struct Different<'a> {
    params: &'a ParamsJson,
    fold: u32,
    first: &'a Record,
    second: &'a Record,
}

impl Diff {
    pub(crate) fn run(&self) -> Result<Outcome, Error> {
        let (first, second) = (StudyFile::open(&self.first)?, StudyFile::open(&self.second)?);
        let parts = first.info().identity.differences(&second.info().identity, false);
        let fits = Fits::of(&first, &second);
        let is_alike = parts.is_empty() && fits.different.is_empty() && fits.only_first == 0 && fits.only_second == 0;
        let outcome =
            if self.form.json { self.json(&parts, &fits) } else { Outcome::text(&words(&parts, &fits, is_alike)) };
        Ok(outcome.wrong_if(!is_alike))
    }

    fn json(&self, parts: &[Difference], fits: &Fits<'_>) -> Outcome {
        let parts = parts.iter().map(|part| json!({ "part": part.part, "first": part.was, "second": part.is }));
        let different = fits.different.iter().map(|fit| {
            json!({
                "params": params(fit.params),
                "fold": fit.fold,
                "first": outcome(fit.first),
                "second": outcome(fit.second),
            })
        });
        let fields = [
            ("first", self.first.to_string_lossy().into()),
            ("second", self.second.to_string_lossy().into()),
            ("identity", parts.collect::<Value>()),
            ("only_first", fits.only_first.into()),
            ("only_second", fits.only_second.into()),
            ("same", fits.same.into()),
            ("different", different.collect::<Value>()),
        ];
        envelope("diff", fields)
    }
}

impl<'a> Fits<'a> {
    fn of(first: &'a StudyFile, second: &'a StudyFile) -> Self {
        let mut others = by_key(second);
        let mut fits = Fits { only_first: 0, only_second: 0, same: 0, different: Vec::new() };
        for (key, (candidate, first)) in by_key(first) {
            match others.remove(&key) {
                None => fits.only_first += 1,
                Some((_, second)) if is_same(first, second) => fits.same += 1,
                Some((_, second)) => {
                    fits.different.push(Different { params: &candidate.params, fold: key.1, first, second });
                }
            }
        }
        fits.only_second = others.len();
        fits
    }
}

fn by_key(study: &StudyFile) -> BTreeMap<Key, (&StudyCandidate, &Record)> {
    let fits = study.candidates().iter().flat_map(|candidate| {
        // The order of declaration is none of an object that is sorted.
        let params = serde_json::from_str::<Map<String, Value>>(&candidate.name).unwrap_or_default();
        let present = params.into_iter().filter(|(_, value)| !value.is_null());
        let params = Value::Object(present.collect()).to_string();
        candidate
            .fits
            .iter()
            .map(move |fit| ((params.clone(), fit.record.fold, fit.resource), (candidate, &fit.record)))
    });
    fits.collect()
}

/// True of records that have the same bits, times left out.
fn is_same(a: &Record, b: &Record) -> bool {
    let bits = |scores: &Vec<f64>| scores.iter().map(|score| score.to_bits()).collect::<Vec<_>>();
    let train = |record: &Record| record.train_scores.as_ref().map(bits);
    // The text of a failure has all its data.
    let test = |record: &Record| record.outcome.as_ref().map(bits).map_err(ToString::to_string);
    test(a) == test(b) && train(a) == train(b)
}

fn outcome(record: &Record) -> Value {
    match &record.outcome {
        Ok(scores) => json!({ "scores": scores, "train_scores": record.train_scores }),
        Err(failure) => json!({ "failure": failure.to_string() }),
    }
}

fn words(parts: &[Difference], fits: &Fits<'_>, is_alike: bool) -> String {
    if is_alike {
        return format!("the same study: {} fits with the same bits\n", fits.same);
    }
    let mut text = String::new();
    for part in parts {
        let _ = writeln!(text, "{} differs", escaped(&part.part));
        let said = |text: &str| escaped(text).into_owned();
        let lines = [("first".to_owned(), said(&part.was)), ("second".to_owned(), said(&part.is))];
        text += &table::list(&lines, 2);
    }
    let different = fits.different.len();
    match fits.same + different {
        0 => text += "no fit is in both\n",
        both => {
            let _ = writeln!(text, "{both} fits in both, {} with the same bits, {different} different", fits.same);
        }
    }
    for (count, name) in [(fits.only_first, "first"), (fits.only_second, "second")] {
        if count > 0 {
            let _ = writeln!(text, "{count} fits in the {name} only");
        }
    }
    for fit in fits.different.iter().take(LISTED) {
        let _ = writeln!(text, "{}, fold {}", fit.params, fit.fold);
        let said = |record| escaped(&outcome(record).to_string()).into_owned();
        let lines = [("first".to_owned(), said(fit.first)), ("second".to_owned(), said(fit.second))];
        text += &table::list(&lines, 2);
    }
    if different > LISTED {
        let _ = writeln!(text, "… and {} more; `--json` has all", different - LISTED);
    }
    text
}
