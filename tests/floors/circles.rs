//! The files and sub-folders of one folder import each other without a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    paths::{imported_paths, relative_paths, tokens},
    sources,
};

/// Folders of the core that still have circles. Take a folder off the list when its last circle is cut.
const FOLDERS_WITH_CIRCLES: [&str; 0] = [];

/// `mod.rs` is excepted, which imports all of its folder, and so are tests, which no other code imports.
#[test]
fn files_of_a_folder_import_each_other_without_a_circle() {
    let mut faults = Vec::new();
    for root in ["dropgrid-core/src", "dropgrid-kernel/src", "dropgrid-surrogate/src", "dropgrid-view/src"] {
        for (folder, imports) in sibling_imports(root) {
            if let Some(circle) = circle(&imports).filter(|_| !FOLDERS_WITH_CIRCLES.contains(&folder.as_str())) {
                faults.push(format!("{root}/{folder}: {}", circle.join(" -> ")));
            }
        }
    }
    assert!(faults.is_empty(), "circles of imports:\n{}", faults.join("\n"));
}

/// The test's own eyes: paths are resolved from where they stand, and tests are left out.
#[test]
fn imports_of_siblings_are_seen_in_every_form() {
    let own = path_of("nn/layers/relu.rs");
    let text = "use super::{self as up, scale::{self, Scale}, super::tensor::numbers};\n\
        use crate::{nn::Lower, seed};\n\
        fn f(x: super::linear::Linear) { crate::kernel::f(\"super::text\"); }\n\
        mod inner { use super::super::pool; }\n\
        pub(super) fn g() {}\n\
        #[cfg(test)]\nmod tests { use super::super::conv; }\n\
        macro_rules! m { () => { $crate::nn::size::Slides } }";
    let seen: BTreeSet<String> = imported_paths(text, &own).into_iter().map(|path| path.join("::")).collect();
    let wanted = [
        "kernel::f",
        "nn::Lower",
        "nn::layers",
        "nn::layers::linear::Linear",
        "nn::layers::pool",
        "nn::layers::scale",
        "nn::layers::scale::Scale",
        "nn::size::Slides",
        "nn::tensor::numbers",
        "seed",
    ];
    assert_eq!(seen, wanted.map(str::to_owned).into());

    let names = |pairs: &[(&str, &str)]| -> BTreeMap<String, BTreeSet<String>> {
        let mut imports = BTreeMap::<String, BTreeSet<String>>::new();
        for (from, to) in pairs {
            imports.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        imports
    };
    assert_eq!(circle(&names(&[("a", "b"), ("b", "c"), ("a", "c")])), None);
    assert_eq!(
        circle(&names(&[("a", "b"), ("b", "c"), ("c", "b")])),
        Some(["b", "c", "b"].map(str::to_owned).to_vec())
    );
}

/// For each folder, by its path, the files and sub-folders that each of its files and sub-folders imports.
fn sibling_imports(root: &str) -> BTreeMap<String, BTreeMap<String, BTreeSet<String>>> {
    let mut files: Vec<(Vec<String>, String)> =
        sources(root).into_iter().map(|(file, text)| (path_of(&file), text)).collect();
    let tests: Vec<_> = files.iter().flat_map(|(path, text)| test_modules(text, path)).collect();
    files.retain(|(path, _)| !tests.iter().any(|test| path.starts_with(test)));
    let modules: BTreeSet<Vec<String>> = files.iter().map(|(path, _)| path.clone()).collect();
    // The names that each module re-exports from its own parts, and the part that each comes from.
    let mut origins = BTreeMap::new();
    for (path, text) in &files {
        for imported in imported_paths(text, path).into_iter().chain(relative_paths(text, path)) {
            let is_own = imported.len() > path.len() + 1 && imported.starts_with(path);
            if is_own && modules.contains(&imported[..=path.len()]) {
                let name = imported.last().expect("a name").clone();
                origins.insert((path.clone(), name), imported[path.len()].clone());
            }
        }
    }
    let mut all = BTreeMap::<String, BTreeMap<String, BTreeSet<String>>>::new();
    for (path, text) in &files {
        for imported in imported_paths(text, path) {
            let shared = path.iter().zip(&imported).take_while(|(a, b)| a == b).count();
            let (Some(from), Some(to)) = (path.get(shared), imported.get(shared)) else { continue };
            let folder = path[..shared].to_vec();
            let is_module = modules.contains(&imported[..=shared]);
            let to = if is_module { Some(to) } else { origins.get(&(folder.clone(), to.clone())) };
            if let Some(to) = to.filter(|to| *to != from) {
                all.entry(folder.join("/")).or_default().entry(from.clone()).or_default().insert(to.clone());
            }
        }
    }
    all
}

/// A circle among the imports, its first member at both ends.
fn circle(imports: &BTreeMap<String, BTreeSet<String>>) -> Option<Vec<String>> {
    fn follow(
        at: &str,
        imports: &BTreeMap<String, BTreeSet<String>>,
        way: &mut Vec<String>,
        done: &mut BTreeSet<String>,
    ) -> Option<Vec<String>> {
        if let Some(start) = way.iter().position(|name| name == at) {
            return Some(way[start..].iter().cloned().chain([at.to_owned()]).collect());
        }
        if !done.insert(at.to_owned()) {
            return None;
        }
        way.push(at.to_owned());
        let found = imports.get(at).into_iter().flatten().find_map(|next| follow(next, imports, way, done));
        way.pop();
        found
    }
    let mut done = BTreeSet::new();
    imports.keys().find_map(|name| follow(name, imports, &mut Vec::new(), &mut done))
}

/// The path of a file's module from the crate's root.
fn path_of(file: &str) -> Vec<String> {
    let path = file.trim_end_matches(".rs").trim_end_matches("/mod");
    path.split('/').filter(|part| *part != "lib").map(str::to_owned).collect()
}

/// The modules that a file declares for tests only.
fn test_modules(text: &str, own: &[String]) -> Vec<Vec<String>> {
    let tokens = tokens(text);
    let is_test = |at: usize| {
        let before = tokens[..at].rsplit(|token| token == ";" || token == "}").next().unwrap_or_default();
        before.starts_with(&["#", "[", "cfg", "(", "test", ")", "]"].map(str::to_owned))
    };
    let declared = (0..tokens.len().saturating_sub(2)).filter(|&at| tokens[at] == "mod" && tokens[at + 2] == ";");
    declared.filter(|&at| is_test(at)).map(|at| [own, &tokens[at + 1..=at + 1]].concat()).collect()
}
