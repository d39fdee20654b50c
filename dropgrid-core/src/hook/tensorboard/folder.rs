//! The folders of trainings, named after their candidates and folds.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::hook::FitInfo;

/// The longest text of a candidate's hyperparameters: file systems take names of 255 bytes.
const LONGEST: usize = 120;
/// Candidates of one training that are listed; of more the first and the last are.
const LISTED: usize = 3;

/// The folder of a training, named after its candidates and its fold.
pub(super) fn of(fit: &FitInfo) -> PathBuf {
    let mut folder = fit.outer.map_or_else(PathBuf::new, |outer| PathBuf::from(format!("outer-{outer}")));
    let Some(fold) = fit.fold else { return folder.join("refit") };
    let parts = [numbers(&fit.candidates), words(fit)];
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if !parts.is_empty() {
        folder.push(parts.join("-"));
    }
    // Trainings outside of a search's candidates, as those of a learning curve, have a fold several times, with more
    // rows each time.
    let rows = if fit.candidates.is_empty() { format!(",rows={}", fit.rows) } else { String::new() };
    folder.join(format!("fold-{fold}{rows}"))
}

fn numbers(candidates: &[u64]) -> String {
    match candidates {
        [first, .., last] if candidates.len() > LISTED => format!("{first}..{last}"),
        _ => candidates.iter().map(ToString::to_string).collect::<Vec<_>>().join(","),
    }
}

/// The hyperparameters in which all candidates of the training agree, as text.
fn words(fit: &FitInfo) -> String {
    let common = fit.params.iter().filter(|(name, _)| !fit.differ.contains(name));
    let words: Vec<String> = common.map(|(name, value)| format!("{name}={value}")).collect();
    let is_plain = |letter: &char| letter.is_ascii_alphanumeric() || "=,.+-_".contains(*letter);
    words.join(",").chars().filter(is_plain).take(LONGEST).collect()
}

/// Creates `folder`, or where that exists `folder.2` and so on. No two trainings get the same folder.
pub(super) fn own(folder: &Path) -> io::Result<PathBuf> {
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent)?;
    }
    let mut own = folder.to_owned();
    for number in 2.. {
        match fs::create_dir(&own) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                let mut name = folder.as_os_str().to_owned();
                name.push(format!(".{number}"));
                own = name.into();
            }
            made => return made.map(|()| own),
        }
    }
    Err(io::ErrorKind::AlreadyExists.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_tell_what_a_training_is_of() {
        let mut fit = FitInfo::default();
        assert_eq!(of(&fit), Path::new("refit"));
        (fit.fold, fit.rows) = (Some(2), 40);
        assert_eq!(of(&fit), Path::new("fold-2,rows=40"));
        fit.params = vec![("dropout", 0.1.into()), ("act", "../Re LU".into()), ("epochs", 6.into())];
        assert_eq!(of(&fit), Path::new("dropout=0.1,act=..ReLU,epochs=6/fold-2,rows=40"));
        fit.candidates = vec![3];
        assert_eq!(of(&fit), Path::new("3-dropout=0.1,act=..ReLU,epochs=6/fold-2"));
        (fit.candidates, fit.differ) = (vec![3, 7], vec!["epochs"]);
        assert_eq!(of(&fit), Path::new("3,7-dropout=0.1,act=..ReLU/fold-2"));
        (fit.candidates, fit.outer) = (vec![3, 4, 5, 8], Some(1));
        assert_eq!(of(&fit), Path::new("outer-1/3..8-dropout=0.1,act=..ReLU/fold-2"));
        fit.params.clear();
        assert_eq!(of(&fit), Path::new("outer-1/3..8/fold-2"));
        fit.fold = None;
        assert_eq!(of(&fit), Path::new("outer-1/refit"));

        (fit.fold, fit.outer, fit.candidates) = (Some(0), None, vec![3]);
        fit.params = vec![("long", "x".repeat(500).into())];
        assert_eq!(of(&fit).parent().map(|parent| parent.as_os_str().len()), Some(LONGEST + 2));
    }

    #[test]
    fn a_folder_is_made_once() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = root.path().join("a/fold-0");
        let made: Vec<PathBuf> = (0..3).map(|_| own(&folder).expect("a folder")).collect();
        assert_eq!(made, ["a/fold-0", "a/fold-0.2", "a/fold-0.3"].map(|name| root.path().join(name)));
    }
}
