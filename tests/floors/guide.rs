//! The guide is whole: its pages are in its table of contents, its links lead somewhere, its code is in the tests of
//! the documentation, and the errors of the compiler that it shows are those of the tests of the macro.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

const PAGES: &str = "docs/guide/src";

#[test]
fn every_page_stands_in_the_table_of_contents() {
    let summary = read("SUMMARY.md");
    let listed: Vec<&str> = links(&summary).collect();
    let named: BTreeSet<String> = listed.iter().map(|&link| link.to_owned()).collect();
    assert_eq!(named.len(), listed.len(), "a page stands in SUMMARY.md twice");
    let pages: BTreeSet<String> = pages().into_iter().filter(|page| page != "SUMMARY.md").collect();
    assert_eq!(named, pages, "SUMMARY.md lists other pages than there are");
    assert!(pages.len() > 30, "only {} pages were seen", pages.len());
}

/// The reference is the pages of `docs/`, each by an include.
#[test]
fn every_page_of_the_documentation_is_in_the_reference() {
    let documents = fs::read_dir(root().join("docs")).expect("a folder of pages");
    let names = documents.map(|file| file.expect("a file").file_name().into_string().expect("a name in Unicode"));
    let names: Vec<String> = names.filter(|name| is_page(name)).collect();
    for name in &names {
        let page = root().join(PAGES).join("reference").join(name);
        let text =
            fs::read_to_string(page).unwrap_or_else(|_| panic!("docs/{name} is not in the reference of the guide"));
        assert_eq!(
            text.trim(),
            format!("{{{{#include ../../../{name}}}}}"),
            "reference/{name} is no include of docs/{name}"
        );
    }
    assert_eq!(names.len(), pages().iter().filter(|page| page.starts_with("reference/")).count());
}

#[test]
fn links_lead_somewhere() {
    let (mut faults, mut count) = (Vec::new(), 0);
    for page in pages() {
        let text = read_whole(&page);
        let folder = Path::new(&page).parent().expect("a folder");
        for link in links(&text).filter(|link| !link.contains("://")) {
            count += 1;
            let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
            let to = if path.is_empty() { page.clone() } else { joined(folder, path) };
            // The images of the reference stand beside the pages that they are of.
            if !root().join(PAGES).join(&to).exists() {
                faults.push(format!("{page} links to `{link}`, which is not in the book"));
            } else if !anchor.is_empty() && !anchors(&read_whole(&to)).iter().any(|one| one == anchor) {
                faults.push(format!("{page} links to `{link}`, and there is no such heading"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(count > 80, "only {count} links were seen");
}

#[test]
fn the_code_of_every_page_is_tested() {
    let tested = fs::read_to_string(root().join("src/guide.rs")).expect("the module of the guide's code");
    for page in pages() {
        let text = read_whole(&page);
        let fences: Vec<&str> = text.lines().filter(|line| line.starts_with("```") && line.len() > 3).collect();
        let path = page.replace("reference/", "../../");
        // A page without code stands there, too: rustdoc shows the guide.
        let is_tested = tested.contains(&format!("\"{path}\""));
        assert!(is_tested, "{page} does not stand in src/guide.rs");
        for fence in fences {
            let known =
                ["```rust", "```rust,compile_fail,E0599", "```python", "```sh", "```toml", "```text", "```text,wrap"];
            // Of files that nobody has, and of hours; and the parts of an example.
            let of_reference = match page.as_str() {
                "reference/own-layer.md" => "```rust,ignore",
                page if page.starts_with("reference/") => "```rust,no_run",
                _ => "",
            };
            assert!(
                known.contains(&fence) || [of_reference, "```js", "```mermaid"].contains(&fence),
                "{page} has a block `{fence}`: each block of Rust is compiled and run"
            );
        }
        // A block without a language is one of Rust to rustdoc.
        let bare = text.lines().filter(|line| *line == "```").count();
        assert_eq!(
            bare,
            text.lines().filter(|line| line.starts_with("```") && line.len() > 3).count(),
            "{page}: a bare block"
        );
    }
}

/// README says that its pages are modules of the documentation.
#[test]
fn the_pages_that_readme_names_are_modules_of_the_documentation() {
    let modules = fs::read_to_string(root().join("src/guide.rs")).expect("the module of the guide");
    let readme = fs::read_to_string(root().join("README.md")).expect("README");
    let (_, table) = readme.split_once("\n## Read on\n").expect("the table of pages");
    let pages = table.split("(docs/").skip(1).filter_map(|link| link.split_once(".md)")?.0.split('/').next_back());
    let mut count = 0;
    for page in pages.filter(|page| *page != "SUMMARY") {
        count += 1;
        let is_its = |line: &str| line.trim_end().trim_end_matches([')', ',', ';']).ends_with(&format!("/{page}.md\""));
        assert!(modules.lines().any(is_its), "README names the page `{page}`, which is no module");
    }
    assert!(count > 12, "only {count} pages were seen");
}

/// The parts of the example that a page shows are those of the example.
#[test]
fn the_layer_of_ones_own_is_that_of_its_example() {
    let code = |text: &str| -> Vec<String> {
        let is_code = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with("//");
        text.lines().filter(is_code).map(str::to_owned).collect()
    };
    let example = code(&fs::read_to_string(root().join("examples/own_layer.rs")).expect("the example"));
    let page = read_whole("reference/own-layer.md");
    let blocks: Vec<&str> = page.split("```").skip(1).step_by(2).collect();
    let mut count = 0;
    for part in blocks.iter().filter_map(|block| block.strip_prefix("rust,ignore")).flat_map(|it| it.split("\n\n")) {
        count += 1;
        let part = code(part);
        assert!(example.windows(part.len()).any(|lines| lines == part), "not in the example:\n{}", part.join("\n"));
    }
    assert!(count > 6, "only {count} parts were seen");
}

#[test]
fn errors_of_the_compiler_are_real() {
    let mut seen = BTreeSet::new();
    let mut folders = vec![root().join("tests/ui")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of tests") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "stderr") {
                let text = fs::read_to_string(path).expect("messages");
                seen.extend(text.lines().filter(|line| line.starts_with("error")).map(str::to_owned));
            }
        }
    }
    let mut count = 0;
    for page in pages() {
        for line in read(&page).lines().filter(|line| line.starts_with("error")) {
            count += 1;
            assert!(seen.contains(line), "{page} shows an error that no test in tests/ui has: {line}");
        }
    }
    assert!(count > 15, "only {count} errors were seen");
}

/// The test's own eyes.
#[test]
fn links_and_headings_are_seen() {
    let text = "[a](b.md#c) and `#[grid](x)` ![d](e.svg)\n```rust\n[f](g)\n```\n## Budgets, curves: `of` yours\n# A\n";
    assert_eq!(links(text).collect::<Vec<_>>(), ["b.md#c", "e.svg"]);
    assert_eq!(anchors(text), ["budgets-curves-of-yours", "a"]);
    assert_eq!(joined(Path::new("reference"), "../data.md"), "data.md");
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The paths of the pages, below the folder of pages.
fn pages() -> Vec<String> {
    let mut pages = Vec::new();
    for folder in ["", "reference/"] {
        for entry in fs::read_dir(root().join(PAGES).join(folder)).expect("a folder of pages") {
            let name = entry.expect("a page").file_name().into_string().expect("a name in Unicode");
            pages.extend(is_page(&name).then(|| format!("{folder}{name}")));
        }
    }
    pages.sort();
    pages
}

fn is_page(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|end| end == "md")
}

fn read(page: &str) -> String {
    fs::read_to_string(root().join(PAGES).join(page)).unwrap_or_else(|error| panic!("{page}: {error}"))
}

/// The text of a page, with the page that it includes.
fn read_whole(page: &str) -> String {
    let text = read(page);
    match text.strip_prefix("{{#include ").and_then(|rest| rest.trim_end().strip_suffix("}}")) {
        Some(path) => read(&format!("reference/{path}")),
        None => text,
    }
}

/// The targets of the links and images in the prose of a page.
fn links(text: &str) -> impl Iterator<Item = &str> {
    // Every other part stands between two fences, and of these every other one between two marks of code.
    let prose = text.split("```").step_by(2).flat_map(|part| part.split('`').step_by(2).collect::<Vec<_>>());
    let prose = prose.flat_map(|part| part.split("](").skip(1));
    prose.filter_map(|rest| rest.split_once(')')).map(|(link, _)| link)
}

/// The anchors of the headings of a page, as mdBook and GitHub make them.
fn anchors(text: &str) -> Vec<String> {
    let prose: String = text.split("```").step_by(2).collect();
    let headings = prose.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    let slug = |heading: &str| -> String {
        let letters = heading.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
        letters.map(|letter| if letter == ' ' { '-' } else { letter.to_ascii_lowercase() }).collect()
    };
    headings.map(slug).collect()
}

/// The path of a link on a page of the folder.
fn joined(folder: &Path, link: &str) -> String {
    let mut parts: Vec<String> = folder.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    for part in link.split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            part => parts.push(part.to_owned()),
        }
    }
    parts.join("/")
}
