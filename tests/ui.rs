//! What does not compile, and what the compiler then says; each with a twin that does.

#[test]
fn phases() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/phase/fail/*.rs");
    cases.pass("tests/ui/phase/pass/*.rs");
}

#[test]
fn searchable() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/searchable/fail/*.rs");
    cases.pass("tests/ui/searchable/pass/*.rs");
}

#[test]
fn preprocess() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/preprocess/fail/*.rs");
    cases.pass("tests/ui/preprocess/pass/*.rs");
}

#[test]
fn losses() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/losses/fail/*.rs");
    cases.pass("tests/ui/losses/pass/*.rs");
}

#[test]
fn images() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("tests/ui/images/fail/*.rs");
    cases.pass("tests/ui/images/pass/*.rs");
}
