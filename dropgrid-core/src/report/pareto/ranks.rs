//! Non-dominated sorting.

/// True where `a` is at least as good as `b` in every objective and better in one; lower is better.
pub(super) fn dominates(a: &[f64], b: &[f64]) -> bool {
    let pairs = || a.iter().zip(b);
    pairs().all(|(a, b)| a <= b) && pairs().any(|(a, b)| a < b)
}

/// The non-domination ranks, from 1, of points of which lower coordinates are better; `None` of points with NaN.
///
/// Points that no other dominates have rank 1, those that only these dominate rank 2, and so on ([Deb et al.
/// 2002](https://doi.org/10.1109/4235.996017)). Equal points have one rank. Points with a positive `violation` of
/// constraints come behind all others, the smallest violation first, whatever their coordinates: Deb's rule ([Deb
/// 2000](https://doi.org/10.1016/S0045-7825(99)00389-8)).
pub(super) fn ranks(points: &[Vec<f64>], violations: &[f64]) -> Vec<Option<usize>> {
    let mut ranks = vec![None; points.len()];
    let is_number = |at: &usize| points[*at].iter().all(|value| !value.is_nan());
    let known = || (0..points.len()).filter(is_number);
    let mut left: Vec<usize> = known().filter(|&at| violations[at] <= 0.0).collect();
    let mut rank = 0;
    while !left.is_empty() {
        rank += 1;
        let is_dominated = |&at: &usize| left.iter().any(|&other| dominates(&points[other], &points[at]));
        let (behind, front): (Vec<usize>, Vec<usize>) = left.iter().copied().partition(is_dominated);
        for at in front {
            ranks[at] = Some(rank);
        }
        left = behind;
    }
    let mut infeasible: Vec<usize> = known().filter(|&at| violations[at] > 0.0).collect();
    infeasible.sort_by(|&a, &b| violations[a].total_cmp(&violations[b]));
    for same in infeasible.chunk_by(|&a, &b| violations[a] == violations[b]) {
        rank += 1;
        for &at in same {
            ranks[at] = Some(rank);
        }
    }
    ranks
}
