//! The report of a table's columns.

use std::{borrow::Cow, collections::HashMap, fmt};

use super::{Table, column::Column, kind::Kind};
use crate::escape::{escaped, shown};

/// A summary of a [`Table`], column by column: [`Table::describe`].
///
/// Lines are at most 80 characters long. Of a table of many columns the first and the last ones are shown.
#[derive(Debug, Clone, Copy)]
pub struct Description<'a> {
    table: &'a Table,
}

const WIDTH: usize = 80;
/// Characters of a name.
const NAME: usize = 24;
/// Columns that are shown of many, at the start and at the end.
const FIRST: usize = 40;
const LAST: usize = 10;

impl<'a> Description<'a> {
    pub(super) fn new(table: &'a Table) -> Self {
        Self { table }
    }
}

impl<'a> fmt::Display for Description<'a> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = self.table.columns();
        let path = self.table.path.as_deref().map_or_else(String::new, |path| format!("{}: ", shown(path)));
        let counted = |count: usize, what: &str| format!("{count} {what}{}", if count == 1 { "" } else { "s" });
        let size = format!("{}, {}", counted(self.table.len(), "row"), counted(columns.len(), "column"));
        writeln!(f, "{}{size}", last(&path, WIDTH - size.len().min(WIDTH)))?;

        let is_shown = |at: usize| columns.len() <= FIRST + LAST || at < FIRST || at >= columns.len() - LAST;
        let name =
            |column: &'a Column| if column.name().is_empty() { "(no name)".into() } else { escaped(column.name()) };
        let names: Vec<Cow<'_, str>> = columns.iter().map(name).collect();
        let longest = names.iter().enumerate().filter(|(at, _)| is_shown(*at)).map(|(_, name)| name.chars().count());
        let width = longest.max().unwrap_or(0).clamp(6, NAME);
        writeln!(f, "{:width$}  {:8}  {:>7}  {:>8}  range", "column", "kind", "missing", "distinct")?;
        for (at, (column, name)) in columns.iter().zip(&names).enumerate() {
            if is_shown(at) {
                let Summary { distinct, range } = Summary::of(column);
                let kind = if column.is_id() { "id".to_owned() } else { column.kind().to_string() };
                let start =
                    format!("{:width$}  {kind:8}  {:>7}  {distinct:>8}  ", first(name, width), column.missing());
                let room = WIDTH - start.chars().count().min(WIDTH);
                writeln!(f, "{start}{}", first(&escaped(&range), room))?;
            } else if at == FIRST {
                let hidden = &columns[FIRST..columns.len() - LAST];
                let missing = hidden.iter().filter(|column| column.missing() > 0).count();
                writeln!(f, "… {} more columns, {missing} of them with missing cells", hidden.len())?;
            }
        }
        for note in self.table.notes() {
            let mut line = "note:".to_owned();
            for word in escaped(note).split(' ') {
                if line.chars().count() + 1 + word.chars().count() > WIDTH {
                    writeln!(f, "{line}")?;
                    line.clear();
                    line.push_str("     ");
                }
                line = line + " " + word;
            }
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}

/// The distinct values of a column, counted, and their range.
struct Summary {
    distinct: usize,
    range: String,
}

impl Summary {
    fn of(column: &Column) -> Self {
        let mut counts: HashMap<Cow<'_, str>, usize> = HashMap::new();
        let mut values: HashMap<u64, usize> = HashMap::new();
        let mut odd = 0;
        for row in 0..column.len() {
            match column.kind() {
                Kind::Number | Kind::Date | Kind::Time => match column.number(row) {
                    Some(number) => *values.entry((number + 0.0).to_bits()).or_default() += 1,
                    None => odd += usize::from(!column.is_missing(row)),
                },
                _ => {
                    if let Some(text) = column.text(row) {
                        *counts.entry(text).or_default() += 1;
                    }
                }
            }
        }
        if values.is_empty() {
            return Self { distinct: counts.len(), range: common(counts) };
        }
        let numbers = || values.keys().map(|&bits| f64::from_bits(bits));
        let (least, most) = (numbers().fold(f64::INFINITY, f64::min), numbers().fold(f64::NEG_INFINITY, f64::max));
        let shown = |number: f64| match column.kind() {
            Kind::Date | Kind::Time => (0..column.len())
                .find(|&row| column.number(row) == Some(number))
                .and_then(|row| column.text(row))
                .map_or_else(String::new, Cow::into_owned),
            _ => short(number),
        };
        let range = if least == most { shown(least) } else { format!("{} to {}", shown(least), shown(most)) };
        let what = match column.kind() {
            Kind::Date => "dates",
            Kind::Time => "times",
            _ => "numbers",
        };
        let range = if odd > 0 { format!("{range}; {odd} not {what}") } else { range };
        Self { distinct: values.len(), range }
    }
}

/// The texts with the number of their rows, the most frequent first.
fn common(counts: HashMap<Cow<'_, str>, usize>) -> String {
    /// Distinct texts beyond which none is worth a line's room.
    const SHOWN: usize = 8;
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|(text, count), (other, others)| others.cmp(count).then_with(|| text.cmp(other)));
    let texts = counts.iter().take(SHOWN).map(|(text, count)| format!("{} {count}", first(text, 20)));
    let texts = texts.collect::<Vec<_>>().join(", ");
    if counts.len() > SHOWN { texts + ", …" } else { texts }
}

/// A number in at most 12 characters or so.
fn short(number: f64) -> String {
    let exact = number.to_string();
    if exact.len() <= 12 {
        return exact;
    }
    if number.abs() < 1e-4 || number.abs() >= 1e12 { format!("{number:.4e}") } else { format!("{number:.5}") }
}

/// The first characters of a text, with an ellipsis where there are more.
fn first(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some(_) => {
            let kept = most.saturating_sub(1);
            Cow::Owned(text.chars().take(kept).chain((most > 0).then_some('…')).collect())
        }
    }
}

/// The last characters of a text, behind an ellipsis where there are more.
fn last(text: &str, most: usize) -> Cow<'_, str> {
    let more = text.chars().count().saturating_sub(most);
    if more == 0 { Cow::Borrowed(text) } else { Cow::Owned("…".chars().chain(text.chars().skip(more + 1)).collect()) }
}
