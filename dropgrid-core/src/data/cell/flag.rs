//! Yes and no, as people write it.

/// In English, German, French, Spanish, Italian, Portuguese, Dutch, Russian and Chinese; true and false also as Excel
/// writes them in these languages, and as Fortran does.
const YES: [&str; 20] = [
    "true",
    "yes",
    "y",
    "t",
    "on",
    ".true.",
    ".t.",
    "ja",
    "wahr",
    "oui",
    "vrai",
    "sí",
    "si",
    "sì",
    "verdadero",
    "vero",
    "sim",
    "verdadeiro",
    "waar",
    "да",
];
const NO: [&str; 18] = [
    "false", "no", "n", "f", "off", ".false.", ".f.", "nein", "falsch", "non", "faux", "falso", "não", "nao", "nee",
    "onwaar", "нет", "否",
];

/// True for a yes, false for a no, in capitals or not.
pub(in crate::data) fn flag(cell: &str) -> Option<bool> {
    /// The longest is of ten letters.
    const LONGEST: usize = 12;
    if cell.is_empty() || cell.len() > LONGEST {
        return None;
    }
    let is_in = |words: &[&str]| {
        let is_same = |word: &&str| {
            word.eq_ignore_ascii_case(cell) || (!cell.is_ascii() && !word.is_ascii() && cell.to_lowercase() == **word)
        };
        words.iter().any(is_same)
    };
    match (is_in(&YES) || cell == "是", is_in(&NO)) {
        (true, _) => Some(true),
        (_, true) => Some(false),
        _ => None,
    }
}

/// True of `t` and `f`, which say yes and no where the other stands in the column too: `F` alone is as well a woman's.
pub(in crate::data) fn is_initial(cell: &str) -> bool {
    cell.eq_ignore_ascii_case("t") || cell.eq_ignore_ascii_case("f")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yes_and_no_are_those_of_several_languages() {
        for yes in ["TRUE", "Yes", "y", "ON", ".T.", "Ja", "WAHR", "oui", "VRAI", "SÍ", "Sì", "VERDADERO", "Да", "是"]
        {
            assert_eq!(flag(yes), Some(true), "{yes}");
        }
        for no in ["False", "NO", "n", "off", ".FALSE.", "Nein", "FALSCH", "non", "FAUX", "FALSO", "NÃO", "нет", "否"]
        {
            assert_eq!(flag(no), Some(false), "{no}");
        }
        for other in ["", "1", "m", "never", "s", "none", "verdaderamente"] {
            assert_eq!(flag(other), None, "{other}");
        }
    }
}
