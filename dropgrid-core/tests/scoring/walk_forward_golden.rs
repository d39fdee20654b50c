//! Walk-forward folds against those of sktime. `tests/golden/walk_forward.py` writes the file, and says how it is read.

use dropgrid_core::{
    seed::Seed,
    split::{Rows, Splitter, WalkForward},
};

#[test]
fn walk_forward_folds_are_sktimes() {
    let mut seen = [0; 2];
    for line in include_str!("../../../tests/golden/walk_forward.txt").lines().skip(1) {
        let words: Vec<&str> = line.split(' ').collect();
        let [kind, rows, window, step, horizon, gap, folds] = words[..] else { panic!("{line}") };
        let number = |word: &str| word.parse::<usize>().expect("a number");
        let is_rolling = kind == "rolling";
        let splitter = if is_rolling { WalkForward::rolling } else { WalkForward::expanding };
        let splitter = splitter(number(window)).step(number(step)).horizon(number(horizon)).gap(number(gap));
        let found = match splitter.split(Rows::new(number(rows)), Seed(0)) {
            Ok(found) => {
                let ends = |part: Vec<usize>| format!("{}-{}", part[0], part[part.len() - 1]);
                let fold = |split: &dropgrid_core::split::Split| {
                    format!("{}:{}", ends(split.train.to_vec()), ends(split.test.to_vec()))
                };
                found.splits.iter().map(fold).collect::<Vec<_>>().join(",")
            }
            Err(_) => "none".to_owned(),
        };
        assert_eq!(found, folds, "{line}");
        seen[usize::from(is_rolling)] += usize::from(folds != "none");
    }
    assert!(seen.into_iter().all(|cases| cases > 50), "{seen:?}");
}
