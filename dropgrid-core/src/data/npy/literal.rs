//! The Python literals of which the header of an array is made.

/// A literal of the header of an array.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Literal {
    Text(String),
    Whole(usize),
    Bool(bool),
    /// A tuple or a list.
    List(Vec<Literal>),
    /// The pairs of a dictionary whose keys are texts.
    Dict(Vec<(String, Literal)>),
}

/// Literals within each other: more than any array has.
const DEPTH: usize = 16;

impl Literal {
    /// The literal that `text` is, with blanks around it; `None` for any other text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut rest = text;
        let literal = value(&mut rest, 0)?;
        rest.trim().is_empty().then_some(literal)
    }

    /// The value under a key of a dictionary.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Dict(pairs) => pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }
}

/// Takes a literal off the start of `rest`.
fn value(rest: &mut &str, depth: usize) -> Option<Literal> {
    *rest = rest.trim_start();
    if depth > DEPTH {
        return None;
    }
    match rest.chars().next()? {
        quote @ ('\'' | '"') => text(rest, quote).map(Literal::Text),
        '(' => items(rest, ')', |rest| value(rest, depth + 1)).map(Literal::List),
        '[' => items(rest, ']', |rest| value(rest, depth + 1)).map(Literal::List),
        '{' => items(rest, '}', |rest| {
            let Literal::Text(key) = value(rest, depth + 1)? else { return None };
            take(rest, ":")?;
            Some((key, value(rest, depth + 1)?))
        })
        .map(Literal::Dict),
        '0'..='9' => {
            let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
            let (digits, after) = rest.split_at(end);
            // Python 2 wrote long numbers with an `L`.
            *rest = after.strip_prefix('L').unwrap_or(after);
            digits.parse().ok().map(Literal::Whole)
        }
        _ => take(rest, "True").map(|()| Literal::Bool(true)).or_else(|| {
            take(rest, "False")?;
            Some(Literal::Bool(false))
        }),
    }
}

/// Takes a quoted text without escapes.
fn text(rest: &mut &str, quote: char) -> Option<String> {
    let inner = rest.strip_prefix(quote)?;
    let (text, after) = inner.split_once(quote)?;
    *rest = after;
    (!text.contains('\\')).then(|| text.to_owned())
}

/// Takes the items between brackets; a comma may stand behind the last one.
fn items<T>(rest: &mut &str, close: char, mut item: impl FnMut(&mut &str) -> Option<T>) -> Option<Vec<T>> {
    let mut taken = Vec::new();
    *rest = rest.get(1..)?;
    loop {
        *rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix(close) {
            *rest = after;
            return Some(taken);
        }
        taken.push(item(rest)?);
        *rest = rest.trim_start();
        match rest.strip_prefix(',') {
            Some(after) => *rest = after,
            None if rest.starts_with(close) => {}
            None => return None,
        }
    }
}

/// Takes a mark or a word.
fn take(rest: &mut &str, word: &str) -> Option<()> {
    *rest = rest.trim_start().strip_prefix(word)?;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_as_python_reads_them() {
        let header =
            Literal::parse("{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4L), } \n").expect("a header");
        assert_eq!(header.get("descr"), Some(&Literal::Text("<f4".to_owned())));
        assert_eq!(header.get("fortran_order"), Some(&Literal::Bool(false)));
        assert_eq!(header.get("shape"), Some(&Literal::List(vec![Literal::Whole(3), Literal::Whole(4)])));
        let fields = Literal::parse("{\"descr\": [('a', '<f8'), ('b', '<i4', (2,))]}").expect("a header");
        let Some(Literal::List(fields)) = fields.get("descr") else { panic!("{fields:?}") };
        assert_eq!(fields.len(), 2);
        assert_eq!(Literal::parse("()"), Some(Literal::List(Vec::new())));
        for other in
            ["", "{", "(1 2)", "{1: 2}", "'a", "'\\n'", "(,)", "1.5", "-1", "None", "(1) 2", "99999999999999999999"]
        {
            assert_eq!(Literal::parse(other), None, "{other}");
        }
        assert_eq!(Literal::parse(&"(".repeat(100_000)), None);
    }
}
