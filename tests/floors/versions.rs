//! One version: every crate that is published has that of the workspace, and asks the others for it.

use std::{fs, path::Path};

use super::sources;

#[test]
fn every_crate_has_the_version_of_the_workspace() {
    let root = read("Cargo.toml");
    let version = value(section(&root, "[workspace.package]"), "version").expect("a version of the workspace");
    let (mut published, mut faults) = (0, Vec::new());
    for member in members(&root).iter().map(String::as_str).chain(["."]) {
        let manifest = read(&format!("{member}/Cargo.toml"));
        let package = section(&manifest, "[package]");
        if value(package, "publish") == Some("false") {
            continue;
        }
        published += 1;
        for key in ["version", "edition", "rust-version", "license"] {
            if !package.lines().any(|line| line.trim() == format!("{key}.workspace = true")) {
                faults.push(format!("{member}: `{key}` is not that of the workspace"));
            }
        }
        for key in ["description", "readme", "documentation", "keywords", "categories"] {
            if !package
                .lines()
                .any(|line| line.starts_with(&format!("{key} =")) || line.starts_with(&format!("{key}.")))
            {
                faults.push(format!("{member}: there is no `{key}`"));
            }
        }
    }
    // A dependency by its path alone cannot be published. The crates are parts of one library, so each asks for the others'
    // very version: a later one may have other internals.
    let own = section(&root, "[workspace.dependencies]").lines().filter(|line| line.starts_with("dropgrid"));
    let own: Vec<&str> = own.collect();
    let asked = format!("version = \"={version}\"");
    faults.extend(own.iter().filter(|line| !line.contains(&asked)).map(|line| format!("not ={version}: {line}")));
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert_eq!((published, own.len()), (7, 5), "crates that are published, and those that others depend on");
}

#[test]
fn the_changelog_is_of_this_version_or_of_the_next() {
    let (root, changelog) = (read("Cargo.toml"), read("CHANGELOG.md"));
    let version = value(section(&root, "[workspace.package]"), "version").expect("a version of the workspace");
    let first = changelog.lines().find(|line| line.starts_with("## ")).expect("a section");
    assert!(first.contains("Unreleased") || first.contains(version), "{first} and version {version}");
}

/// Every crate has the texts of both licences and a README of its own, which its registry's page shows.
#[test]
fn every_published_crate_has_its_texts() {
    for member in members(&read("Cargo.toml")).iter().map(String::as_str).chain(["."]) {
        if value(section(&read(&format!("{member}/Cargo.toml")), "[package]"), "publish") == Some("false") {
            continue;
        }
        for file in ["README.md", "LICENSE-MIT", "LICENSE-APACHE"] {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(member).join(file);
            assert!(path.exists(), "{member} has no {file}");
        }
    }
    // The test's own eyes.
    assert!(sources("dropgrid-core/src").len() > 100);
}

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The text of a section up to the next one.
fn section<'a>(manifest: &'a str, name: &str) -> &'a str {
    let start = manifest.find(name).unwrap_or_else(|| panic!("no section {name}")) + name.len();
    let rest = &manifest[start..];
    &rest[..rest.find("\n[").unwrap_or(rest.len())]
}

/// The value of a key, without quotes.
fn value<'a>(section: &'a str, key: &str) -> Option<&'a str> {
    let line = section.lines().find_map(|line| line.strip_prefix(&format!("{key} = ")))?;
    Some(line.trim_matches('"'))
}

/// The folders of the members of the workspace.
fn members(root: &str) -> Vec<String> {
    let list = section(root, "[workspace]").split_once("members = [").expect("members").1;
    let list = list.split_once(']').expect("an end").0;
    list.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}
