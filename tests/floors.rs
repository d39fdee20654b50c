//! The floors of `dropgrid-core` are real: a module imports only from the floors below it, and dfdx stays where it may
//! be named. The macro and the core never name each other.

#[path = "floors/circles.rs"]
mod circles;
#[path = "floors/documents.rs"]
mod documents;
#[path = "floors/guide.rs"]
mod guide;
#[path = "floors/paths.rs"]
mod paths;
#[path = "floors/public.rs"]
mod public;
#[path = "floors/settings.rs"]
mod settings;
#[path = "floors/versions.rs"]
mod versions;

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The modules from the ground up, as the crate's documentation lists them. Inside a floor, a module may use those
/// that stand before it.
const MODULES: [&str; 23] = [
    "escape", "error", "limit", "file", "seed", "kernel", "data", // floor 0
    "space", "split", "metric", // floor 1
    "phase", "graph", "program", "nn", "recipe", "record", "hook", "model", // floor 2
    "train", "strategy", "study",  // floor 3
    "engine", // floor 4
    "report", // floor 5
];

/// On the top floor, which may use everything.
const TOP: [&str; 3] = ["search", "cluster", "testing"];

/// The only places that may name dfdx.
const DFDX: [&str; 5] = ["data/batches.rs", "phase.rs", "nn/", "model/", "train/"];

#[test]
fn modules_use_only_what_is_below_them() {
    let mut faults = Vec::new();
    for (file, text) in sources("dropgrid-core/src") {
        let module = file.split(['/', '.']).next().unwrap_or_default().to_owned();
        if module == "lib" || TOP.contains(&module.as_str()) {
            continue;
        }
        let floor = MODULES.iter().position(|name| *name == module);
        let Some(floor) = floor else { panic!("{file}: module `{module}` has no floor: give it one in this test") };
        for used in used_modules(&text) {
            if MODULES.iter().position(|name| *name == used).is_none_or(|below| below > floor) {
                faults.push(format!("{file} uses `crate::{used}`, which is not below `{module}`"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn dfdx_is_named_only_where_tensors_are() {
    for (file, text) in sources("dropgrid-core/src") {
        let allowed = DFDX.iter().any(|place| file.starts_with(place));
        assert!(allowed || !code(&text).contains("dfdx"), "{file} names dfdx");
    }
}

/// The command reads studies as data, through the core alone: no model, no macro, no database.
#[test]
fn the_command_stands_on_the_core_alone() {
    for (file, text) in sources("dropgrid-cli/src") {
        for other in ["dropgrid::", "dropgrid_macros", "rusqlite", "dfdx"] {
            assert!(!code(&text).contains(other), "dropgrid-cli/src/{file} names {other}");
        }
    }
}

#[test]
fn macro_and_core_do_not_name_each_other() {
    for (crate_, other) in [("dropgrid-core/src", "dropgrid_macros"), ("dropgrid-macros/src", "dropgrid_core")] {
        for (file, text) in sources(crate_) {
            assert!(!text.contains(other), "{crate_}/{file} names {other}");
        }
    }
}

/// What is computed has the same bits on every platform: the system's logarithms, exponentials and powers have not. A
/// square is a product.
#[test]
fn results_are_computed_without_the_functions_of_the_system() {
    const OF_SYSTEM: [&str; 21] = [
        "ln", "exp", "powf", "powi", "log2", "log10", "exp2", "sin", "cos", "tan", "tanh", "cbrt", "ln_1p", "exp_m1",
        "hypot", "sinh", "cosh", "asin", "acos", "atan", "atan2",
    ];
    let mut faults = Vec::new();
    for folder in ["dropgrid-core/src", "dropgrid-kernel/src", "dropgrid-surrogate/src"] {
        for (file, text) in sources(folder).into_iter().filter(|(file, _)| !file.contains("tests")) {
            let own = code(text.split("#[cfg(test)]").next().unwrap_or_default());
            let own = own.replace(".powi(2)", "");
            let is_used = |function: &&&str| {
                [".", "f64::", "f32::"].iter().any(|of| own.contains(&format!("{of}{function}(")))
                    || own.contains(&format!("f64::{function})"))
            };
            let used = OF_SYSTEM.iter().filter(is_used);
            faults.extend(used.map(|function| format!("{folder}/{file} calls `{function}`: take `libm`")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A kernel is compiled for several instruction sets, of which a processor uses one: the tests of each run all of them,
/// by `on_each` or `same_on_each`, and call every function of it that others can.
#[test]
fn every_kernel_is_tested_on_every_level() {
    let files = sources("dropgrid-kernel/src");
    let (mut faults, mut functions) = (Vec::new(), 0);
    for (file, text) in &files {
        let (own, tests) = text.split_once("#[cfg(test)]").unwrap_or((text, ""));
        // What chooses a level and what forces one; and the tiles of a product, which the product's tests ask for.
        let is_other = ["simd/mod.rs", "simd/forced.rs", "simd/tile.rs", "simd/gathered.rs"].contains(&file.as_str());
        let is_kernel = ["multiversion! {", "level()", "level: Level"].iter().any(|it| own.contains(it));
        if is_other || !is_kernel || file.ends_with("tests.rs") {
            continue;
        }
        // In the file, in `tests.rs` beside it, or with those of its folder.
        let stem = file.trim_end_matches("/mod.rs").trim_end_matches(".rs");
        let folder = stem.rsplit_once('/').map_or("", |(folder, _)| folder);
        let beside = [format!("{stem}/tests.rs"), format!("{folder}/tests.rs"), format!("{folder}/mod.rs")];
        let beside = files.iter().filter(|(file, _)| beside.contains(file));
        let tests = beside.fold(tests.to_owned(), |tests, (file, text)| {
            tests
                + if file.ends_with("tests.rs") { text } else { text.split_once("#[cfg(test)]").map_or("", |it| it.1) }
        });
        if !tests.contains("on_each(") {
            faults.push(format!("dropgrid-kernel/src/{file}: no test runs on each level"));
        }
        for part in own.split("multiversion! {").skip(1) {
            let Some((before, after)) = part.split_once("fn ") else { continue };
            functions += 1;
            let name = word(after);
            if (before.contains("pub ") || before.contains("pub(")) && !tests.contains(&format!("{name}(")) {
                faults.push(format!("dropgrid-kernel/src/{file}: no test calls `{name}`"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(functions > 30, "only {functions} functions were seen");
}

/// The test's own eyes: it must see an import in each of the forms that Rust has for one.
#[test]
fn imports_are_seen_in_every_form() {
    let text = "use crate::{\n    data::{Fit, batches},\n    error::Result,\n    seed,\n};\nfn f() { crate::model::device(); }";
    assert_eq!(used_modules(text), ["data", "error", "model", "seed"]);
}

/// The top-level modules that come after `crate::`, sorted.
fn used_modules(text: &str) -> Vec<String> {
    let text = code(text);
    let mut used = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        let Some(group) = rest.strip_prefix('{') else {
            used.push(word(rest));
            continue;
        };
        let mut depth = 0;
        let mut start = true;
        for (at, letter) in group.char_indices() {
            match letter {
                '{' => depth += 1,
                '}' if depth == 0 => break,
                '}' => depth -= 1,
                ',' if depth == 0 => start = true,
                letter if start && depth == 0 && letter.is_alphanumeric() => {
                    used.push(word(&group[at..]));
                    start = false;
                }
                _ => {}
            }
        }
    }
    used.retain(|name| name.starts_with(char::is_lowercase));
    used.sort();
    used.dedup();
    used
}

fn word(text: &str) -> String {
    text.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
}

/// The text without comments.
fn code(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

/// Every Rust file under `folder`, by its path from there.
fn sources(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is part of the workspace") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).expect("under the root").to_string_lossy().replace('\\', "/");
                files.push((name, fs::read_to_string(&path).expect("a text file")));
            }
        }
    }
    assert!(!files.is_empty(), "{folder} has no sources");
    files
}
