//! Lines that cannot be cut into cells: what each refusal says.

use dropgrid_core::data::Csv;

use super::{refusal, table};

#[test]
fn lines_of_another_length_are_told_with_the_likely_cause() {
    let said = |text: &str| refusal(Csv::new().parse(text));
    assert_eq!(
        said("a,b,y\n1,2,0\n3,1,1,1\n"),
        "the first line has 3 cells, but 1 line has another number (row 2, line 3: 4): quote a cell that holds what parts cells"
    );
    assert_eq!(
        said("a,b,y\n1,2,0\n3,1\n"),
        "the first line has 3 cells, but 1 line has another number (row 2, line 3: 2): write every cell, an empty one for a value that is \
         missing"
    );
    assert_eq!(
        said("# made by a tool\na,b,y\n1,2,0\n3,4,1\n"),
        "the first line has 1 cell, but 3 lines have another number (row 1, line 2: 3; row 2, line 3: 3; row 3, line 4: 3): if the first \
         line is a comment, write `Csv::new().comments('#')`"
    );
    assert!(said("Sales\na,b\n1,2\n").ends_with(
        "if the first line is a title, write `Csv::new().skip_lines(1)`; if commas \
         stand in numbers, say what parts the cells with `.delimiter(..)`"
    ));
}

#[test]
fn quotes_out_of_place_are_told_by_line_and_column() {
    let said = |text: &str| refusal(Csv::new().delimiter(';').parse(text));
    for (text, start) in [
        ("a;b\n1;\"2\n3;4\n5;6\n", "line 2, column `b`: the quote that opens here is never closed"),
        ("a;b\n1;2\n3;\"4", "line 3, column `b`: the quote that opens here is never closed"),
        ("a;b\n\"2\"5;1\n", "line 2, column `a`: text follows the closing quote"),
        ("a;b\r\n1;\"2\" 5\r\n", "line 2, column `b`: text follows the closing quote"),
        ("a;b\n1;  \"2\"\n", "line 2, column `b`: a blank stands before the quote"),
        ("\"a\nb\";c\n1; \"2\"\n", "line 3, column `c`: a blank stands before the quote"),
        ("\"a;b\n", "line 1, column `0`: the quote that opens here is never closed"),
    ] {
        let said = said(text);
        assert!(said.starts_with(start), "{text:?}: {said}");
    }
    let sound = table("a\"b,6\" nail\n\"x\" \t,y\n\"c\"\"d\",\"\"\n");
    assert_eq!(sound.columns()[1].name(), "6\" nail");
    assert_eq!(sound.columns()[0].text(1).as_deref(), Some("c\"d"));
}
