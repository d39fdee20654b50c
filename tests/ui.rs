//! What does not compile, and what the compiler then says; each with a twin that does, see `twins`.

#[test]
fn phases() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/phase/fail/*.rs");
}

#[test]
fn searchable() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/searchable/fail/*.rs");
}

#[test]
fn preprocess() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/preprocess/fail/*.rs");
}

#[test]
fn calls() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/calls/fail/*.rs");
}

#[test]
fn losses() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/losses/fail/*.rs");
}

#[test]
fn images() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/images/fail/*.rs");
}

#[test]
fn columns() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/columns/fail/*.rs");
}
