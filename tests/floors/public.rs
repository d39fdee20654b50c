//! The public surface may grow: an enumeration that can get further variants is `#[non_exhaustive]`, so that one more
//! breaks no program.

use super::sources;

/// The enumerations that are complete by what they mean. A further variant of one of them asks every caller for a
/// decision.
const COMPLETE: [&str; 31] = [
    "Annealing",
    "AnyRow",
    "Attribute",
    "Average",
    "Averaging",
    "Budget",
    "CellKind",
    "ClaimStatus",
    "Column",
    "ColumnCells",
    "Direction",
    "Element",
    "ErrorScore",
    "Evaluation",
    "Finite",
    "Flags",
    "Interval",
    "Labels",
    "Link",
    "Needs",
    "Normalize",
    "Place",
    "Position",
    "RecipeLoss",
    "RuleKind",
    "Size",
    "StopReason",
    "Support",
    "Threshold",
    "Training",
    "Values",
];

#[test]
fn public_enumerations_may_grow_or_are_complete() {
    let (mut faults, mut seen) = (Vec::new(), Vec::new());
    for (file, text) in sources("dropgrid-core/src") {
        for (name, is_open) in enumerations(&text) {
            if !is_open {
                seen.push(name.to_owned());
            }
            if !is_open && !COMPLETE.contains(&name) {
                faults.push(format!("{file}: `{name}` is neither `#[non_exhaustive]` nor among the complete ones"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let gone: Vec<&&str> = COMPLETE.iter().filter(|name| !seen.iter().any(|seen| seen == **name)).collect();
    assert!(gone.is_empty(), "no such enumeration any more: {gone:?}");
}

/// The public enumerations of a file, each with true where it is `#[non_exhaustive]`.
fn enumerations(text: &str) -> Vec<(&str, bool)> {
    let lines: Vec<&str> = text.lines().collect();
    let named = lines.iter().enumerate().filter_map(|(at, line)| Some((at, line.strip_prefix("pub enum ")?)));
    let is_of_item = |line: &&&str| line.starts_with("#[") || line.starts_with("///") || line.starts_with(')');
    let is_open = |at: usize| lines[..at].iter().rev().take_while(is_of_item).any(|line| *line == "#[non_exhaustive]");
    let name = |rest: &'_ str| rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len());
    named.map(|(at, rest)| (&rest[..name(rest)], is_open(at))).collect()
}

/// The test's own eyes.
#[test]
fn enumerations_are_seen_with_their_attributes() {
    let text = "/// A.\n#[derive(Debug)]\n#[non_exhaustive]\npub enum A {}\n\n/// B.\n#[derive(Debug)]\npub enum B<T> {}\n\npub(crate) enum C {}";
    assert_eq!(enumerations(text), [("A", true), ("B", false)]);
}
