//! Yes and no, as people write it.

const YES: [&str; 5] = ["true", "yes", "y", "t", "on"];
const NO: [&str; 5] = ["false", "no", "n", "f", "off"];

/// True for a yes, false for a no, in capitals or not.
pub(in crate::data) fn flag(cell: &str) -> Option<bool> {
    let is_in = |words: [&str; 5]| words.iter().any(|word| word.eq_ignore_ascii_case(cell));
    match (is_in(YES), is_in(NO)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

/// True of `t` and `f`, which say yes and no where the other stands in the column too: `F` alone is as well a woman's.
pub(in crate::data) fn is_initial(cell: &str) -> bool {
    cell.eq_ignore_ascii_case("t") || cell.eq_ignore_ascii_case("f")
}
