//! The candidates that a picture has room for.

use crate::SearchView;

/// The best candidates that a picture always shows.
const BEST: usize = 300;

/// The places of at most `most` candidates that have a score: the best ones, and of the others as many as there is room
/// for, evenly over their ranks. The best candidate is the last one, so that it is drawn on top.
pub(super) fn sample(view: &SearchView, most: usize) -> Vec<usize> {
    let ranked: Vec<usize> = view.ranked().into_iter().filter(|&at| view.candidates[at].mean().is_some()).collect();
    if ranked.len() <= most {
        return ranked.into_iter().rev().collect();
    }
    let (best, others) = ranked.split_at(BEST.min(most / 2));
    let room = most - best.len();
    let spread = (0..room).map(|at| others[at * others.len() / room]);
    let mut chosen: Vec<usize> = best.iter().copied().chain(spread).collect();
    chosen.reverse();
    chosen
}

/// A sentence on how many of the candidates a picture shows; empty where it shows all.
pub(super) fn remark(view: &SearchView, shown: usize) -> String {
    let scored = view.candidates.iter().filter(|candidate| candidate.mean().is_some()).count();
    if shown >= scored {
        return String::new();
    }
    let [shown, scored] = [shown, scored].map(crate::number::count);
    format!(" {shown} of {scored} candidates are drawn: the best, and an even share of the others.")
}
