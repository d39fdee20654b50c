//! The public surface may grow: an enumeration that can get further variants, and a struct that can get further fields,
//! is `#[non_exhaustive]`, so that one more breaks no program. Where users make such a struct, it has a constructor.
//!
//! Not asked are the kernel and the surrogate, whose READMEs promise nothing to anyone else, and the macro, which has no
//! types.

use super::sources;

/// The crates with a public surface, and `true` where their structs are asked, too. Those of the view are plain data,
/// which whoever draws a search writes as literals with `..default()`.
const CRATES: [(&str, bool); 4] =
    [("dropgrid-core/src", true), ("dropgrid-view/src", false), ("dropgrid-cli/src", true), ("src", true)];

/// The enumerations that are complete by what they mean. A further variant of one of them asks every caller for a
/// decision.
const COMPLETE: [&str; 33] = [
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
    "Domain",
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
    "State",
    "StopReason",
    "Support",
    "Threshold",
    "Training",
    "Values",
];

/// The structs that users write as literals.
const WRITTEN: [&str; 14] = [
    // A strategy proposes jobs, and a splitter makes folds.
    "Job",
    "Folds",
    "Split",
    // A store of one's own gives back what it was given.
    "Checkpoint",
    "FitName",
    "State",
    "StateName",
    "StoredRecord",
    // Settings, with `..default()`.
    "Layout",
    "OneCycle",
    "ReduceOnPlateau",
    // Constants of layers, rows and spaces of one's own.
    "Range",
    "RowColumn",
    "Rule",
];

#[test]
fn public_enumerations_may_grow_or_are_complete() {
    check("enum", &COMPLETE, |_, _| true);
}

/// The fields of a layer are its tensors and settings, by which a layer of one's own may be made of it.
#[test]
fn public_structs_may_grow_or_are_written_by_users() {
    check("struct", &WRITTEN, |has_structs, file| {
        has_structs && !["nn/columns/", "nn/layers/", "nn/tensor/"].iter().any(|it| file.starts_with(it))
    });
}

/// Checks that the public items of a kind are open or listed, in the files that are asked, and that the list has no
/// others.
fn check(kind: &str, listed: &[&str], is_asked: impl Fn(bool, &str) -> bool) {
    let (mut faults, mut seen) = (Vec::new(), Vec::new());
    for (folder, has_structs) in CRATES {
        for (file, text) in sources(folder).into_iter().filter(|(file, _)| is_asked(has_structs, file)) {
            for (name, is_open) in items(kind, &text) {
                if !is_open && !listed.contains(&name) {
                    faults.push(format!("{folder}/{file}: `{name}` is neither `#[non_exhaustive]` nor listed here"));
                }
                if !is_open {
                    seen.push(name.to_owned());
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    let gone: Vec<&&str> = listed.iter().filter(|name| !seen.iter().any(|seen| seen == **name)).collect();
    assert!(gone.is_empty(), "no such closed {kind} any more: {gone:?}");
}

/// The public enumerations of a file, or its public structs whose fields are named and all public, each with true where
/// it is `#[non_exhaustive]`. What the documentation hides is left out.
fn items<'a>(kind: &str, text: &'a str) -> Vec<(&'a str, bool)> {
    let lines: Vec<&str> = text.lines().collect();
    let begin = format!("pub {kind} ");
    let is_of_item = |line: &&&str| line.starts_with("#[") || line.starts_with("///") || line.starts_with(')');
    let attributes = |at: usize| lines[..at].iter().rev().take_while(is_of_item);
    let has = |at: usize, attribute: &str| attributes(at).any(|line| *line == attribute);
    let is_of_kind = |at: usize| {
        let mut fields = lines[at + 1..].iter().take_while(|line| **line != "}").filter(|line| is_field(line));
        kind != "struct"
            || lines[at].ends_with('{') && fields.clone().count() > 0 && fields.all(|it| it.starts_with("    pub "))
    };
    let name = |rest: &'a str| &rest[..rest.find(|letter: char| !letter.is_alphanumeric()).unwrap_or(rest.len())];
    let named = lines.iter().enumerate().filter_map(|(at, line)| Some((at, line.strip_prefix(begin.as_str())?)));
    let named = named.filter(|(at, _)| is_of_kind(*at) && !has(*at, "#[doc(hidden)]"));
    named.map(|(at, rest)| (name(rest), has(at, "#[non_exhaustive]"))).collect()
}

/// True of the first line of a field, `    pub name: Type,` or `    name: Type,`.
fn is_field(line: &str) -> bool {
    let Some(rest) = line.strip_prefix("    ") else { return false };
    rest.starts_with(|letter: char| letter.is_ascii_lowercase())
}

/// The test's own eyes.
#[test]
fn items_are_seen_with_their_attributes_and_fields() {
    let text = "/// A.\n#[derive(Debug)]\n#[non_exhaustive]\npub enum A {}\n\n/// B.\n#[derive(Debug)]\npub enum B<T> {}\n\npub(crate) enum C {}";
    assert_eq!(items("enum", text), [("A", true), ("B", false)]);
    let text = "/// A.\n#[derive(Debug)]\npub struct A<T> {\n    /// B.\n    pub b: T,\n}\n\n#[non_exhaustive]\npub struct D {\n    pub e: u8,\n}\n\n\
        #[doc(hidden)]\npub struct F {\n    pub g: u8,\n}\n\npub struct H {\n    pub i: u8,\n    j: u8,\n}\n\npub struct K(pub u8);\n\n\
        pub struct L {}\n";
    assert_eq!(items("struct", text), [("A", false), ("D", true)]);
}
