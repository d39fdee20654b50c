//! The project's pages are true: the paths that they name exist, and the floors are those of the test.

use std::{fs, path::Path};

use super::{MODULES, TOP};

/// The words that DESIGN.md may have.
const WORDS: usize = 1500;

#[test]
fn paths_that_pages_name_exist() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut pages: Vec<String> = ["DESIGN.md", "CONTRIBUTING.md", "README.md"].map(str::to_owned).into();
    let docs = fs::read_dir(root.join("docs")).expect("a folder of pages");
    let docs = docs.map(|page| format!("docs/{}", page.expect("a page").file_name().to_string_lossy()));
    pages.extend(docs.filter(|page| Path::new(page).extension().is_some_and(|end| end == "md")));
    let (mut faults, mut count) = (Vec::new(), 0);
    for page in &pages {
        let beside = root.join(page);
        let places = [root, &root.join("dropgrid-core/src"), beside.parent().expect("a folder")];
        for path in named_paths(&read(page)) {
            count += 1;
            // A module may be named without the end of its file.
            if !places.iter().any(|place| place.join(&path).exists() || place.join(format!("{path}.rs")).exists()) {
                faults.push(format!("{page} names `{path}`, which is not there"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(count > 100, "only {count} paths were seen");
}

#[test]
fn the_design_is_short() {
    let words = read("DESIGN.md").split_whitespace().count();
    assert!(words <= WORDS, "DESIGN.md has {words} words: at most {WORDS}, details belong to docs/");
}

/// `tests/floors.rs`, DESIGN.md and the documentation of the core list the same modules on the same floors.
#[test]
fn the_floors_of_the_pages_are_those_of_the_test() {
    let (design, core) = (read("DESIGN.md"), read("dropgrid-core/src/lib.rs").replace("//! ", ""));
    let design = floors(&design);
    assert_eq!(design.concat(), [&MODULES[..], &TOP].concat(), "DESIGN.md and tests/floors.rs list other modules");
    assert_eq!(design, floors(&core), "the core lists other floors");
}

/// The test's own eyes.
#[test]
fn paths_and_floors_are_seen_in_every_form() {
    let text = "`train/fit` and [a](docs/studies.md#states), `tests/`, `metric/<name>.rs`, `tests/golden/*.py`\n\
        ```sh\n`not/this`\n```\n`20@0.5`, `5/20`, `/dev/stdout`, `a::b`, `.md`, `Cargo.toml`, `x.study`, [b](https://docs.rs/x)";
    let wanted = ["train/fit", "docs/studies.md", "tests/", "metric/", "tests/golden/", "Cargo.toml"];
    let mut seen = named_paths(text);
    seen.sort();
    let mut wanted = wanted.map(str::to_owned).to_vec();
    wanted.sort();
    assert_eq!(seen, wanted);

    let table = "| 0 | [`escape`], [`mod@file`], `seed` |\n| floor | modules |\n| 1 | `space` |\n| word | `x` |";
    assert_eq!(floors(table), [vec!["escape", "file", "seed"], vec!["space"]]);
}

/// The paths in the code spans and links of a page, outside of its blocks of code. Of a pattern, as `metric/<name>.rs`,
/// the folder counts.
fn named_paths(text: &str) -> Vec<String> {
    // Every other part stands between two fences.
    let prose: String = text.split("```").step_by(2).collect();
    let links = prose.split("](").skip(1).filter_map(|rest| rest.split_once(')')).map(|(link, _)| link);
    let links = links.filter(|link| !link.contains("://")).map(|link| link.split('#').next().unwrap_or_default());
    let spans = prose.split('`').skip(1).step_by(2).filter(|span| is_path(span));
    let folder = |path: &str| match path.find(['<', '*']) {
        Some(at) => path[..path[..at].rfind('/').map_or(0, |slash| slash + 1)].to_owned(),
        None => path.to_owned(),
    };
    links.chain(spans).map(folder).filter(|path| !path.is_empty()).collect()
}

fn is_path(span: &str) -> bool {
    let is_file = [".md", ".toml"].iter().any(|end| span.ends_with(end));
    let begins = span.starts_with(|letter: char| letter.is_ascii_lowercase() || letter == '.');
    let letters = |letter: char| letter.is_ascii_alphanumeric() || "/._-<>*".contains(letter);
    (is_file && !span.starts_with('.') || begins && span.contains('/')) && span.chars().all(letters)
}

/// The modules of the rows of a table whose first cell is a number.
fn floors(text: &str) -> Vec<Vec<&str>> {
    let is_floor = |line: &&str| line.split('|').nth(1).is_some_and(|cell| cell.trim().parse::<u8>().is_ok());
    text.lines()
        .filter(is_floor)
        .map(|line| line.split('`').skip(1).step_by(2).map(|name| name.trim_start_matches("mod@")).collect())
        .collect()
}

fn read(page: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(page)).expect("a page of the project")
}
