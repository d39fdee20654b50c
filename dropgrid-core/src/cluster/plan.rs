//! The plan of a round: a list of units, each a list of fits.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    folder::{self, Folder},
    program,
    sealed::{Sum, hex, sum},
};
use crate::{
    error::{ClusterError, Error, Result},
    file,
    search::unit::PlannedFit,
    study::{FitName, Identity},
};

/// The version of the file format.
const FORMAT: u32 = 1;

/// The units of a round.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Plan {
    /// The number of the round, from 1.
    pub(super) round: u32,
    /// The digest of the program that planned it.
    pub(super) program: String,
    /// The identity of the search.
    pub(super) identity: Identity,
    /// The number of fits that had a record when the round was planned.
    pub(super) done: usize,
    /// The number of fits of the whole search; `None` if the strategy does not know it.
    pub(super) planned: Option<usize>,
    /// The units. Empty if the search is complete.
    pub(super) units: Vec<Unit>,
    /// The checksum of the plan. Results refer to their plan by it.
    pub(super) id: Sum,
}

/// Fits that one process runs.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Unit {
    /// The estimated time in seconds; 0 if it is not known.
    pub(super) seconds: f64,
    /// The checksum of the file with the states from which its trainings continue; `None` if there is no such file.
    pub(super) states: Option<String>,
    pub(super) fits: Vec<PlannedFit>,
}

#[derive(Serialize, Deserialize)]
struct PlanText {
    format: u32,
    round: u32,
    program: String,
    identity: BTreeMap<String, String>,
    done: usize,
    planned: Option<usize>,
    units: Vec<UnitText>,
}

#[derive(Serialize, Deserialize)]
struct UnitText {
    seconds: f64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    states: Option<String>,
    /// Candidate, hyperparameters, fold, resource.
    fits: Vec<(u64, String, u32, String)>,
}

impl Plan {
    /// Returns the checksum and the JSON of the plan. The JSON begins with the checksum.
    fn to_text(&self) -> (Sum, String) {
        let fit = |PlannedFit { candidate, name }: &PlannedFit| {
            (*candidate, name.params.clone(), name.fold, name.resource.to_string())
        };
        let unit = |Unit { seconds, states, fits }: &Unit| UnitText {
            seconds: *seconds,
            states: states.clone(),
            fits: fits.iter().map(fit).collect(),
        };
        let text = PlanText {
            format: FORMAT,
            round: self.round,
            program: self.program.clone(),
            identity: self.identity.parts().map(|(part, text)| (part.to_owned(), text.to_owned())).collect(),
            done: self.done,
            planned: self.planned,
            units: self.units.iter().map(unit).collect(),
        };
        // Texts, numbers and lists can always be serialized.
        let text = serde_json::to_string(&text).unwrap_or_default();
        let sum = sum(text.as_bytes());
        (sum, format!("{{\"sum\":\"{}\",\"plan\":{text}}}\n", hex(&sum)))
    }

    fn from_text(text: &str) -> Result<Self, &'static str> {
        let (written, text) = text
            .strip_prefix("{\"sum\":\"")
            .and_then(|text| text.strip_suffix("}\n")?.split_once("\",\"plan\":"))
            .ok_or("it is no plan, or not all of one")?;
        let id = sum(text.as_bytes());
        if written != hex(&id) {
            return Err("it is not as it was written");
        }
        let PlanText { format, round, program, identity, done, planned, units } =
            serde_json::from_str(text).map_err(|_| "it was written by another release")?;
        if format != FORMAT {
            return Err("it was written by another release");
        }
        let identity = identity.iter().fold(Identity::new(), |identity, (part, text)| identity.with(part, text));
        let fit = |(candidate, params, fold, resource): (u64, String, u32, String)| {
            Some(PlannedFit { candidate, name: FitName { params, fold, resource: resource.parse().ok()? } })
        };
        let unit = |UnitText { seconds, states, fits }: UnitText| {
            Some(Unit { seconds, states, fits: fits.into_iter().map(fit).collect::<Option<_>>()? })
        };
        let units = units.into_iter().map(unit).collect::<Option<_>>().ok_or("it was written by another release")?;
        Ok(Self { round, program, identity, done, planned, units, id })
    }

    /// Reads the plan of a folder; `None` if the folder has none.
    ///
    /// # Errors
    /// [`ClusterError::Damaged`].
    pub(super) fn find(folder: &Folder) -> Result<Option<Self>> {
        let path = folder.plan();
        let Some(bytes) = folder::read(&path)? else { return Ok(None) };
        let text = str::from_utf8(&bytes).map_err(|_| "it is no text");
        match text.and_then(Self::from_text) {
            Ok(plan) => Ok(Some(plan)),
            Err(message) => Err(ClusterError::Damaged { path, message }.into()),
        }
    }

    /// Reads the plan of a folder. A missing plan is an error.
    ///
    /// # Errors
    /// [`ClusterError::NoPlan`], [`ClusterError::Damaged`].
    pub(super) fn read(folder: &Folder) -> Result<Self> {
        let none = || Error::Cluster(ClusterError::NoPlan { folder: folder.path().to_owned() });
        Self::find(folder)?.ok_or_else(none)
    }

    /// Writes the plan in place of the previous one.
    ///
    /// # Errors
    /// Those of [`file::write`].
    pub(super) fn write(mut self, folder: &Folder) -> Result<Self> {
        let (id, text) = self.to_text();
        self.id = id;
        file::write(folder.plan(), text)?;
        Ok(self)
    }

    /// Checks that the plan belongs to a search.
    ///
    /// # Errors
    /// [`ClusterError::Differs`].
    pub(super) fn check_search(&self, folder: &Folder, identity: &Identity) -> Result<()> {
        let differences = self.identity.differences(identity, false);
        if differences.is_empty() {
            return Ok(());
        }
        let differences = differences.iter().map(ToString::to_string).collect();
        Err(ClusterError::Differs { folder: folder.path().to_owned(), differences }.into())
    }

    /// Checks that this build of the program made the plan.
    ///
    /// # Errors
    /// [`ClusterError::Program`].
    pub(super) fn check_program(&self, folder: &Folder) -> Result<()> {
        let is = program::digest()?;
        if self.program == is {
            return Ok(());
        }
        let (folder, planned) = (folder.path().to_owned(), self.program.clone());
        Err(ClusterError::Program { folder, planned, is }.into())
    }

    /// Returns a digest of the identity of the search.
    pub(super) fn search(&self) -> Sum {
        let mut bytes = Vec::new();
        for text in self.identity.parts().flat_map(|(part, text)| [part, text]) {
            bytes.extend_from_slice(&(text.len() as u64).to_le_bytes());
            bytes.extend_from_slice(text.as_bytes());
        }
        sum(&bytes)
    }

    /// Returns the unit with a number.
    ///
    /// # Errors
    /// [`ClusterError::Unit`].
    pub(super) fn unit(&self, unit: usize) -> Result<&Unit> {
        let units = self.units.len();
        self.units.get(unit).ok_or_else(|| ClusterError::Unit { unit, units }.into())
    }

    /// Returns the number of fits of all units.
    pub(super) fn fits(&self) -> usize {
        self.units.iter().map(|unit| unit.fits.len()).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan() -> Plan {
        let name =
            FitName { params: "{\"act\":\"a\\\"\"}".to_owned(), fold: 2, resource: "5/20".parse().expect("one") };
        let unit = Unit {
            seconds: 0.1 + 0.2,
            states: Some("ab".to_owned()),
            fits: vec![PlannedFit { candidate: u64::MAX, name }],
        };
        let identity = Identity::new().with("seed", "1").with("data", "é\n\"x\"");
        Plan { round: 3, program: "p".to_owned(), identity, done: 7, planned: Some(9), units: vec![unit], id: [0; 32] }
    }

    #[test]
    fn a_plan_is_read_as_it_was_written() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = Folder::at(root.path());
        assert!(matches!(Plan::read(&folder), Err(Error::Cluster(ClusterError::NoPlan { .. }))));
        let written = plan().write(&folder).expect("written");
        assert_eq!(Plan::read(&folder).expect("a plan"), written);
        assert_ne!(written.id, plan().id);
        let text = std::fs::read_to_string(folder.plan()).expect("a text");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("JSON")["plan"]["round"], 3);
    }

    #[test]
    fn a_changed_plan_is_damaged() {
        let (_, text) = plan().to_text();
        for changed in [text.replace("\"done\":7", "\"done\":8"), text[..text.len() - 2].to_owned(), String::new()] {
            assert!(Plan::from_text(&changed).is_err(), "{changed}");
        }
        assert!(Plan::from_text(&text).is_ok());
    }

    #[test]
    fn another_search_and_another_program_are_refused_with_the_difference() {
        let folder = Folder::at("x.units");
        let plan = plan();
        plan.check_search(&folder, &plan.identity).expect("the same");
        let error = plan.check_search(&folder, &plan.identity.clone().with("seed", "2")).expect_err("another");
        assert!(error.to_string().contains("the plan of another search: seed was 1, is 2"), "{error}");
        assert_ne!(Plan { identity: Identity::new().with("seed", "2"), ..plan.clone() }.search(), plan.search());
        let error = plan.check_program(&folder).expect_err("another").to_string();
        assert!(error.contains("another build of this program (p, this one is "), "{error}");
        let own = Plan { program: program::digest().expect("a digest"), ..plan };
        own.check_program(&folder).expect("the same");
    }
}
