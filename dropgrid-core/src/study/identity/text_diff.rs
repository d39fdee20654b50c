//! The differences between two texts of an identity.

/// The largest length in bytes of a text that is shown in full.
const LONG: usize = 240;
/// The number of tokens shown before and after the difference in a shortened text.
const AROUND: usize = 8;

/// Returns the items of each of two lists that the other list does not have. If both have the same setting as a struct,
/// only the fields that differ are returned: `early_stopping.patience: 5`.
pub(super) fn apart(was: &str, is: &str, separator: &str, named: &str) -> (String, String) {
    let (mut left, mut right) = (Vec::new(), Vec::new());
    let pieces = [was, is].map(|text| split(unwrapped(text), separator));
    pieces_apart("", [&pieces[0], &pieces[1]], named, &mut left, &mut right);
    if left.is_empty() && right.is_empty() {
        // Both have the same items in another order.
        return shown(was, is);
    }
    let join = |pieces: Vec<String>| if pieces.is_empty() { "without it".to_owned() } else { pieces.join(separator) };
    shown(&join(left), &join(right))
}

/// Returns two different texts. Long texts are shown without their common beginning and end.
pub(super) fn shown(was: &str, is: &str) -> (String, String) {
    if was.len().max(is.len()) <= LONG {
        return (was.to_owned(), is.to_owned());
    }
    let (left, right) = (tokens(was), tokens(is));
    let most = left.len().min(right.len());
    let begin = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
    let end = left.iter().rev().zip(right.iter().rev()).take(most - begin).take_while(|(a, b)| a == b).count();
    let cut = |tokens: &[&str]| {
        let (from, to) = (begin.saturating_sub(AROUND), (tokens.len() - end + AROUND).min(tokens.len()));
        let middle = tokens[from..to].concat();
        let middle = middle.trim_matches([' ', ',', ';']);
        let (before, behind) = (if from > 0 { "… " } else { "" }, if to < tokens.len() { " …" } else { "" });
        format!("{before}{middle}{behind}")
    };
    (cut(&left), cut(&right))
}

/// Adds the items of each of two lists that the other list does not have. A name ends at the separator `named`.
fn pieces_apart(path: &str, [was, is]: [&[&str]; 2], named: &str, left: &mut Vec<String>, right: &mut Vec<String>) {
    let own = |pieces: &[&str], others: &[&str]| -> Vec<String> {
        pieces.iter().filter(|piece| !others.contains(piece)).map(|piece| (*piece).to_owned()).collect()
    };
    let (mut own_left, mut own_right) = (own(was, is), own(is, was));
    own_left.retain(|piece| {
        let name = piece.split_once(named).map(|(name, _)| name);
        let twin =
            own_right.iter().position(|other| name.is_some() && other.split_once(named).map(|(name, _)| name) == name);
        let Some(twin) = twin else { return true };
        let (Some(a), Some(b)) = (Nested::of(piece), Nested::of(&own_right[twin])) else { return true };
        if a.head != b.head {
            return true;
        }
        pieces_apart(&format!("{path}{}.", a.name), [&a.fields, &b.fields], ": ", left, right);
        own_right.remove(twin);
        false
    });
    left.extend(own_left.iter().map(|piece| format!("{path}{piece}")));
    right.extend(own_right.iter().map(|piece| format!("{path}{piece}")));
}

/// A setting that is a struct, in the format of `Debug`.
struct Nested<'a> {
    name: &'a str,
    /// The name of the struct, with the name of the enum around it.
    head: &'a str,
    fields: Vec<&'a str>,
}

impl<'a> Nested<'a> {
    fn of(piece: &'a str) -> Option<Self> {
        let (name, value) = piece.split_once(": ")?;
        let (head, body) = value.split_once(" { ")?;
        let end = if head.contains('(') { " })" } else { " }" };
        let body = body.strip_suffix(end)?;
        let is_name = head.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '('));
        let is_one = depths(body).all(|(_, depth)| depth >= 0);
        (is_name && is_one).then(|| Self { name, head, fields: split(body, ", ") })
    }
}

/// Removes the name of the struct that the list of fields belongs to.
fn unwrapped(text: &str) -> &str {
    text.strip_prefix("Train { ").and_then(|list| list.strip_suffix(" }")).unwrap_or(text)
}

/// Splits a list into items. A separator in brackets or quotes does not count.
fn split<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    let (mut pieces, mut start) = (Vec::new(), 0);
    for (at, depth) in depths(text) {
        if depth == 0 && at >= start && text[at..].starts_with(separator) {
            pieces.push(&text[start..at]);
            start = at + separator.len();
        }
    }
    pieces.push(&text[start..]);
    pieces
}

/// Returns the position of each character outside of quotes, and the number of open brackets before it. Half-open
/// ranges like `[0, 1)` count as brackets, too.
fn depths(text: &str) -> impl Iterator<Item = (usize, i32)> + '_ {
    let (mut depth, mut quoted, mut escaped) = (0, false, false);
    text.char_indices().filter_map(move |(at, letter)| {
        let was = depth;
        match letter {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth -= 1,
            _ => {}
        }
        (!quoted).then_some((at, was.min(depth)))
    })
}

/// Splits a text into words, numbers and the characters between them.
fn tokens(text: &str) -> Vec<&str> {
    let kind = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '-');
    let (mut tokens, mut start) = (Vec::new(), 0);
    let mut before = None;
    for (at, letter) in text.char_indices() {
        let is = kind(letter);
        if before.is_some_and(|before| before != is || !is) {
            tokens.push(&text[start..at]);
            start = at;
        }
        before = Some(is);
    }
    if start < text.len() {
        tokens.push(&text[start..]);
    }
    tokens
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_that_differ_are_told_whole() {
        let recipe =
            |inner: &str| format!("Train {{ lr: 0.1, early_stopping: Some(EarlyStopping {{ {inner} }}), eps: 1e-8 }}");
        let (was, is) = (recipe("patience: 5, min_delta: 0.0"), recipe("patience: 7, min_delta: 0.0"));
        let settings = |was: &str, is: &str| apart(was, is, ", ", ": ");
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(settings(&was, &is), pair("early_stopping.patience: 5", "early_stopping.patience: 7"));
        let none = "Train { lr: 0.1, early_stopping: None, eps: 1e-8 }";
        let whole = "early_stopping: Some(EarlyStopping { patience: 5, min_delta: 0.0 })";
        assert_eq!(settings(&was, none), pair(whole, "early_stopping: None"));
        let without = "Train { lr: 0.1, eps: 1e-8 }";
        assert_eq!(settings(without, &was), pair("without it", whole));
        // Different structs are shown in full, and so are lists of several items.
        let other = was.replace("EarlyStopping {", "Patience {");
        assert_eq!(settings(&was, &other), pair(whole, &whole.replace("EarlyStopping", "Patience")));
        let two = |last: u8| format!("Train {{ loss: Pair(A {{ x: 1 }}, B {{ x: {last} }}), lr: 0.1 }}");
        assert_eq!(
            settings(&two(2), &two(3)),
            pair("loss: Pair(A { x: 1 }, B { x: 2 })", "loss: Pair(A { x: 1 }, B { x: 3 })")
        );
        // A separator in brackets or quotes does not split.
        let layers = |was, is| apart(was, is, "; ", ": ");
        assert_eq!(
            layers("a: [f32; 3]; b: Of<\"; \">; c: X", "a: [f32; 4]; b: Of<\"; \">; c: X"),
            pair("a: [f32; 3]", "a: [f32; 4]")
        );
        let axes = |was, is| apart(was, is, "; ", " in ");
        assert_eq!(
            axes("lr in [0.1, 1); x in (0, 1]", "lr in [0.1, 2); x in (0, 1]"),
            pair("lr in [0.1, 1)", "lr in [0.1, 2)")
        );
        assert_eq!(axes("x in 1; y in 2", "y in 2; x in 1"), pair("x in 1; y in 2", "y in 2; x in 1"));
    }

    #[test]
    fn long_texts_are_cut_between_tokens() {
        let list = |odd: &str| {
            let names: Vec<String> =
                (0..60).map(|at| if at == 30 { odd.to_owned() } else { format!("name{at}") }).collect();
            format!("options in {}", names.join(", "))
        };
        let (was, is) = apart(&list("first"), &list("second"), "; ", " in ");
        assert_eq!(was, "… name28, name29, first, name31, name32 …");
        assert_eq!(is, "… name28, name29, second, name31, name32 …");
    }
}
