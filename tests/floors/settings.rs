//! The macro's list of training settings is that of the recipe.

use std::collections::BTreeMap;

use super::sources;

/// Parts of early stopping that a field may set alone.
const PARTS: [(&str, &str); 2] = [("min_delta", "f64"), ("patience", "usize")];
/// Settings of a search that no candidate has for itself.
const OF_SEARCH: [&str; 2] = ["monitor", "validation_fraction"];

#[test]
fn every_setting_of_the_recipe_is_known_to_the_macro() {
    let file = |folder: &str, path: &str| {
        sources(folder).into_iter().find(|(file, _)| file == path).map(|(_, text)| text).expect("the file")
    };
    let (of_macro, of_recipe) =
        (file("dropgrid-macros/src", "settings.rs"), file("dropgrid-core/src", "recipe/mod.rs"));
    let list = of_macro.split("const TRAIN").nth(1).and_then(|rest| rest.split("];").next()).expect("the macro's list");
    let entry = |line: &str| {
        let (name, ty) = line.trim().strip_prefix("(\"")?.strip_suffix("\"),")?.split_once("\", \"")?;
        Some((name.to_owned(), ty.to_owned()))
    };
    let known: BTreeMap<String, String> = list.lines().filter_map(entry).collect();
    let fields =
        of_recipe.split("pub struct Train {").nth(1).and_then(|rest| rest.split("\n}").next()).expect("fields");
    let field = |line: &str| {
        let (name, rest) = line.strip_prefix("    pub ")?.split_once(": ")?;
        let ty = rest.split_once(" = ")?.0;
        let ty = ty.strip_prefix("Option<").and_then(|ty| ty.strip_suffix('>')).unwrap_or(ty);
        // A field gives one weight for all outputs.
        let ty = if ty == "PosWeight" { "f64" } else { ty };
        (!OF_SEARCH.contains(&name)).then(|| (name.to_owned(), ty.to_owned()))
    };
    let mut settings: BTreeMap<String, String> = fields.lines().filter_map(field).collect();
    assert!(settings.len() > 30, "{settings:?}");
    settings.extend(PARTS.map(|(name, ty)| (name.to_owned(), ty.to_owned())));
    assert_eq!(known, settings);
}
