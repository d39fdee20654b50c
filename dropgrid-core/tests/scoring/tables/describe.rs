//! The report of a table's columns.

use super::table;

#[test]
fn columns_are_described_in_eighty_columns() {
    let text = "name,age,smoker,day,city of residence in the year,empty,y\n\
        Ann,41,yes,2021-03-04,Oslo,,0\n\
        Bob,NA,no,2021-05-06,Bergen,,1\n\
        Cid,37.5,no,2020-01-02,Oslo,,1\n\
        Dan,x,yes,,Oslo,,0\n\
        Eve,29,no,2021-03-04,,NA,1\n";
    let described = table(text).ids(["name"]).expect("a column").describe().to_string();
    assert_eq!(
        described,
        "5 rows, 7 columns\n\
         column                    kind      missing  distinct  range\n\
         name                      id              0         5  Ann 1, Bob 1, Cid 1, Dan…\n\
         age                       number          1         3  29 to 41; 1 not numbers\n\
         smoker                    yes/no          0         2  no 3, yes 2\n\
         day                       date            1         3  2020-01-02 to 2021-05-06\n\
         city of residence in th…  category        1         2  Oslo 3, Bergen 1\n\
         empty                     empty           5         0  \n\
         y                         number          0         2  0 to 1\n"
    );
}

#[test]
fn notes_are_wrapped_and_many_columns_are_cut() {
    let header: Vec<String> = (0..100).map(|column| format!("pixel{column}")).collect();
    let text = format!(",{}\n0{}\n1{}\n", header.join(","), ",7".repeat(100), ",0.123456789012345".repeat(100));
    let described = table(&text).describe().to_string();
    assert!(described.lines().all(|line| line.chars().count() <= 80), "{described}");
    assert!(described.contains("… 51 more columns, 0 of them with missing cells\n"), "{described}");
    assert!(described.contains("pixel99    number"), "{described}");
    assert!(described.contains("\n(no name)  id "), "{described}");
    assert!(described.contains("0.12346 to 7\n"), "{described}");
    assert!(
        described.ends_with("note: column 0, without a name, is an index of the rows: no feature\n"),
        "{described}"
    );
    let hostile = table("a\u{1b}[31m,y\n\u{202e}x,0\nz,1\n").describe().to_string();
    assert!(!hostile.contains(['\u{1b}', '\u{202e}']), "{hostile:?}");
}
