//! Every splitter against scikit-learn's indices, errors and warnings, on the cases of tests/golden/splitters.py.

use std::collections::BTreeMap;

use dropgrid_core::{
    Error, Result,
    seed::Seed,
    split::{
        Folds, GroupKFold, GroupShuffleSplit, KFold, LeaveOneGroupOut, LeaveOneOut, LeavePGroupsOut, LeavePOut,
        PredefinedSplit, RepeatedKFold, RepeatedStratifiedKFold, Rows, ShuffleSplit, Size, SklearnShuffle, Splitter,
        StratifiedGroupKFold, StratifiedKFold, StratifiedShuffleSplit, TimeSeriesSplit, TrainTestSplit, Warning,
    },
};
use sha2::{Digest, Sha256};

#[test]
fn every_case_agrees_with_scikit_learn() {
    // Those committed, or other ones for a comparison with an installed scikit-learn.
    let cases = match std::env::var("DROPGRID_GOLDEN_SPLITTERS") {
        Ok(path) => std::fs::read_to_string(path).expect("the file that DROPGRID_GOLDEN_SPLITTERS names"),
        Err(_) => include_str!("../../../tests/golden/splitters.csv").to_owned(),
    };
    let mut tried = BTreeMap::<&str, usize>::new();
    let mut differing = Vec::new();
    for line in cases.lines().skip(1) {
        let case = Case::parse(line);
        let found = case.outcome();
        if found != case.expected {
            differing.push(format!("{line}\n  found {found}"));
        }
        *tried.entry(case.splitter).or_default() += 1;
    }
    assert!(
        differing.is_empty(),
        "{} cases differ:\n{}",
        differing.len(),
        differing[..differing.len().min(20)].join("\n")
    );
    assert_eq!(tried.len(), 16, "{tried:?}");
    assert!(tried.values().sum::<usize>() > 3500, "{tried:?}");
}

struct Case<'a> {
    splitter: &'a str,
    rows: usize,
    settings: BTreeMap<&'a str, &'a str>,
    labels: Option<Vec<usize>>,
    groups: Option<Vec<usize>>,
    expected: &'a str,
}

impl<'a> Case<'a> {
    fn parse(line: &'a str) -> Self {
        let cells: Vec<&str> = line.split(',').collect();
        let [splitter, rows, settings, labels, groups, expected] = cells[..] else { panic!("{line}") };
        let rows = rows.parse().unwrap();
        let recipe = |recipe: &str| (!recipe.is_empty()).then(|| made(recipe, rows));
        let settings = settings.split_whitespace().map(|setting| setting.split_once('=').unwrap()).collect();
        Self { splitter, rows, settings, labels: recipe(labels), groups: recipe(groups), expected }
    }

    fn count(&self, setting: &str) -> Option<usize> {
        self.settings.get(setting).map(|value| value.parse().unwrap())
    }

    fn size(&self, setting: &str) -> Option<Size> {
        self.settings.get(setting).map(|value| match value.parse() {
            Ok(count) => Size::Count(count),
            Err(_) => Size::Fraction(value.parse().unwrap()),
        })
    }

    /// `settings`, given to a splitter by the methods of the same names.
    fn folds(&self) -> Result<Folds> {
        let mut rows = Rows::new(self.rows);
        (rows.strata, rows.groups) = (self.labels.as_deref(), self.groups.as_deref());
        let n_splits = self.count("n_splits").unwrap_or(0);
        let shuffle = self.settings.get("random_state").map(|state| SklearnShuffle::seed(state.parse().unwrap()));
        // No golden case draws from the study's seed: one that did would differ.
        let seed = Seed(0);
        macro_rules! configured {
            ($splitter:expr $(, $method:ident($value:expr))*) => {{
                let mut splitter = $splitter;
                $(if let Some(value) = $value { splitter = splitter.$method(value); })*
                splitter.split(rows, seed)
            }};
        }
        let (test, train) = (self.size("test_size"), self.size("train_size"));
        match self.splitter {
            "KFold" => configured!(KFold::new(n_splits), shuffle_with(shuffle)),
            "StratifiedKFold" => configured!(StratifiedKFold::new(n_splits), shuffle_with(shuffle)),
            "GroupKFold" => configured!(GroupKFold::new(n_splits), shuffle_with(shuffle)),
            "StratifiedGroupKFold" => configured!(StratifiedGroupKFold::new(n_splits), shuffle_with(shuffle)),
            "RepeatedKFold" => {
                configured!(RepeatedKFold::new(n_splits), n_repeats(self.count("n_repeats")), shuffle_with(shuffle))
            }
            "RepeatedStratifiedKFold" => configured!(
                RepeatedStratifiedKFold::new(n_splits),
                n_repeats(self.count("n_repeats")),
                shuffle_with(shuffle)
            ),
            "ShuffleSplit" => {
                configured!(ShuffleSplit::new(n_splits), test_size(test), train_size(train), shuffle_with(shuffle))
            }
            "StratifiedShuffleSplit" => configured!(
                StratifiedShuffleSplit::new(n_splits),
                test_size(test),
                train_size(train),
                shuffle_with(shuffle)
            ),
            "GroupShuffleSplit" => {
                configured!(GroupShuffleSplit::new(n_splits), test_size(test), train_size(train), shuffle_with(shuffle))
            }
            "LeaveOneOut" => LeaveOneOut.split(rows, seed),
            "LeavePOut" => LeavePOut::new(self.count("p").unwrap()).split(rows, seed),
            "LeaveOneGroupOut" => LeaveOneGroupOut.split(rows, seed),
            "LeavePGroupsOut" => LeavePGroupsOut::new(self.count("n_groups").unwrap()).split(rows, seed),
            "TimeSeriesSplit" => configured!(
                TimeSeriesSplit::new(n_splits),
                test_size(self.count("test_size")),
                max_train_size(self.count("max_train_size")),
                gap(self.count("gap"))
            ),
            "PredefinedSplit" => {
                let folds: Vec<i64> =
                    rows.strata.unwrap().iter().map(|&label| i64::try_from(label).unwrap() - 1).collect();
                PredefinedSplit::new(folds).split(rows, seed)
            }
            "train_test_split" => {
                let mut splitter = TrainTestSplit::new().shuffle_with(shuffle.unwrap());
                if let Some(size) = test {
                    splitter = splitter.test_size(size);
                }
                if let Some(size) = train {
                    splitter = splitter.train_size(size);
                }
                if rows.strata.is_some() {
                    splitter = splitter.stratify();
                }
                if self.count("shuffle") == Some(0) {
                    splitter = splitter.no_shuffle();
                }
                splitter.indices(rows).map(|split| Folds { splits: vec![split], warnings: Vec::new() })
            }
            other => panic!("unknown splitter {other}"),
        }
    }

    /// What the script writes: the number of splits, the digest of their indices and the warnings, or an error's name.
    fn outcome(&self) -> String {
        let folds = match self.folds() {
            Ok(folds) => folds,
            Err(error) => return name(&error),
        };
        let mut digest = Sha256::new();
        for split in &folds.splits {
            for part in [&split.train, &split.test] {
                digest.update((part.len() as u32).to_le_bytes());
                for row in part {
                    digest.update((row as u32).to_le_bytes());
                }
            }
        }
        let hex = digest.finalize()[..6].iter().fold(0_u64, |number, &byte| number << 8 | u64::from(byte));
        let small = folds.warnings.iter().any(|warning| matches!(warning, Warning::SmallClass { .. }));
        let ignored = folds.warnings.iter().any(|warning| matches!(warning, Warning::GroupsIgnored { .. }));
        format!("{}:{hex:012x}:{}{}", folds.splits.len(), if small { "s" } else { "" }, if ignored { "g" } else { "" })
    }
}

/// The variant's name.
fn name(error: &Error) -> String {
    let debug = if let Error::Split(error) = error { format!("{error:#?}") } else { format!("{error:#?}") };
    debug.split(|letter: char| !letter.is_alphanumeric()).next().unwrap_or_default().to_owned()
}

/// Labels from `kind:classes:seed:names`, as the script makes them.
fn made(recipe: &str, rows: usize) -> Vec<usize> {
    let parts: Vec<&str> = recipe.split(':').collect();
    let [kind, classes, seed, names] = parts[..] else { panic!("{recipe}") };
    let (classes, mut state): (usize, u64) = (classes.parse().unwrap(), seed.parse().unwrap());
    let mut draw = || {
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    };
    (0..rows)
        .map(|row| {
            let label = match kind {
                "uniform" => (draw() % classes as u64) as usize,
                "skewed" => ((draw() | 1 << 63).trailing_zeros() as usize).min(classes - 1),
                "blocks" => row * classes / rows,
                "cycle" => row % classes,
                other => panic!("unknown kind {other}"),
            };
            match names {
                "plain" => label,
                "reversed" => classes - 1 - label,
                "sparse" => ((label as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 2) as usize,
                other => panic!("unknown names {other}"),
            }
        })
        .collect()
}
