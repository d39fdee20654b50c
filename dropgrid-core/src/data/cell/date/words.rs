//! Names of months and weekdays: in English, German, French, Spanish, Italian, Portuguese and Dutch, whole and
//! shortened as people do. No name is that of two months.

/// The names of each month, without accents.
const MONTHS: [&[&str]; 12] = [
    &["jan", "january", "januar", "janner", "janv", "janvier", "ene", "enero", "gen", "gennaio", "janeiro", "januari"],
    &["feb", "february", "februar", "fev", "fevr", "fevrier", "febrero", "febbraio", "fevereiro", "februari"],
    &["mar", "march", "marz", "mrz", "mars", "marzo", "marco", "mrt", "maart"],
    &["apr", "april", "avr", "avril", "abr", "abril", "aprile"],
    &["may", "mai", "mayo", "mag", "maggio", "maio", "mei"],
    &["jun", "june", "juni", "juin", "junio", "giu", "giugno", "junho"],
    &["jul", "july", "juli", "juil", "juillet", "julio", "lug", "luglio", "julho"],
    &["aug", "august", "aout", "ago", "agosto", "augustus"],
    &["sep", "sept", "september", "septembre", "septiembre", "set", "sett", "settembre", "setembro"],
    &["oct", "october", "okt", "oktober", "octobre", "octubre", "ott", "ottobre", "out", "outubro"],
    &["nov", "november", "novembre", "noviembre", "novembro"],
    &["dec", "december", "dez", "dezember", "decembre", "dic", "diciembre", "dicembre", "dezembro"],
];

/// The names of each weekday without accents, from a Thursday, as 1970-01-01 was one. French `mar` and `mer` are left
/// out: a month, and a word of other languages.
const WEEKDAYS: [&[&str]; 7] = [
    &["thu", "thur", "thurs", "thursday", "donnerstag", "jeu", "jeudi", "jue", "jueves", "gio", "giovedi", "donderdag"],
    &["fri", "friday", "freitag", "ven", "vendredi", "vie", "viernes", "venerdi", "vrijdag"],
    &["sat", "saturday", "samstag", "sonnabend", "sam", "samedi", "sab", "sabado", "sabato", "zaterdag"],
    &["sun", "sunday", "sonntag", "dim", "dimanche", "dom", "domingo", "domenica", "zondag"],
    &["mon", "monday", "montag", "lun", "lundi", "lunes", "lunedi", "maandag"],
    &["tue", "tues", "tuesday", "dienstag", "mardi", "martes", "martedi", "dinsdag"],
    &["wed", "wednesday", "mittwoch", "mercredi", "mie", "miercoles", "mercoledi", "woensdag"],
];

/// The number of the month of that name, from 1.
pub(super) fn month(word: &str) -> Option<i64> {
    place(word, &MONTHS).map(|place| place + 1)
}

/// The place of the weekday of that name, from Thursday.
pub(super) fn weekday(word: &str) -> Option<i64> {
    place(word, &WEEKDAYS)
}

fn place(word: &str, names: &[&[&str]]) -> Option<i64> {
    /// The longest name has ten letters.
    const LONGEST: usize = 16;
    if !(3..=LONGEST).contains(&word.len()) {
        return None;
    }
    let word: String = word.chars().map(plain).collect();
    names.iter().position(|names| names.contains(&&*word)).and_then(|place| i64::try_from(place).ok())
}

/// A letter in lower case, without its accent.
fn plain(letter: char) -> char {
    match letter.to_lowercase().next().unwrap_or(letter) {
        'á' | 'à' | 'ä' | 'â' | 'ã' => 'a',
        'é' | 'è' | 'ê' => 'e',
        'í' | 'ì' => 'i',
        'ó' | 'ò' | 'ö' => 'o',
        'ú' | 'ù' | 'ü' | 'û' => 'u',
        'ç' => 'c',
        letter => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_that_of_two() {
        for names in [&MONTHS[..], &WEEKDAYS[..]] {
            let mut all: Vec<&str> = names.iter().flat_map(|names| names.iter().copied()).collect();
            let count = all.len();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), count);
        }
        let months = MONTHS.iter().flat_map(|names| names.iter());
        assert!(months.clone().all(|name| weekday(name).is_none()));
        assert_eq!((month("MÄRZ"), month("Août"), month("março"), month("févr")), (Some(3), Some(8), Some(3), Some(2)));
    }
}
