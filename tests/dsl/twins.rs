//! What compiles, each a twin of a case of `ui` that does not, by a line or a word.
//!
//! They are modules of one program, which is compiled once; what is in their folder and not in it would not be looked
//! at, so a test reads the folders.

#![allow(warnings, clippy::all, clippy::pedantic, reason = "each is as its twin, and most are not used")]

#[path = "../ui/calls/pass/mod.rs"]
mod calls;
#[path = "../ui/columns/pass/mod.rs"]
mod columns;
#[path = "../ui/images/pass/mod.rs"]
mod images;
#[path = "../ui/losses/pass/mod.rs"]
mod losses;
#[path = "../ui/phase/pass/mod.rs"]
mod phase;
#[path = "../ui/preprocess/pass/mod.rs"]
mod preprocess;
/// Public, so that what it generates has to be documented.
#[path = "../ui/searchable/pass/mod.rs"]
pub mod searchable;

#[test]
fn every_file_is_a_module() {
    for entry in std::fs::read_dir("tests/ui").expect("the cases") {
        let folder = entry.expect("a folder").path();
        if !folder.is_dir() {
            continue;
        }
        let name = folder.file_name().expect("a name").to_string_lossy().into_owned();
        assert!(include_str!("twins.rs").contains(&format!("ui/{name}/pass/mod.rs\"]")), "{name}");
        let listed = std::fs::read_to_string(folder.join("pass/mod.rs")).expect("a list");
        for file in std::fs::read_dir(folder.join("pass")).expect("twins") {
            let file = file.expect("a file").path();
            let stem = file.file_stem().expect("a name").to_string_lossy().into_owned();
            assert!(stem == "mod" || listed.contains(&format!("mod {stem};\n")), "{}", file.display());
        }
    }
}
