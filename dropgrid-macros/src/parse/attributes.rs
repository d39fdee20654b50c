//! The attributes of a field or a parameter: dropgrid's own, and those that go along to what is generated.

use syn::{Attribute, Meta};

use crate::{
    axis::KINDS,
    errors::{Errors, nearest},
    model::plain,
};

/// Attributes of dropgrid beside the axis kinds.
const OTHERS: [&str; 6] = ["train", "param", "set", "when", "columns", "searchable"];

/// Attributes of the language that stand on a generated field as they stand on the declared one.
const PASSED: [&str; 7] = ["doc", "allow", "warn", "deny", "forbid", "expect", "deprecated"];

/// Attributes sorted by whose they are.
pub(super) struct Attributes {
    pub(super) axis: Option<Attribute>,
    pub(super) train: Option<Attribute>,
    pub(super) param: Option<Attribute>,
    pub(super) when: Option<Attribute>,
    pub(super) columns: Option<Attribute>,
    pub(super) searchable: Option<Attribute>,
    pub(super) sets: Vec<Attribute>,
    pub(super) passed: Vec<Attribute>,
    /// One of them has a name that nothing has: it may be what the place seems to lack.
    pub(super) has_unknown: bool,
}

impl Attributes {
    /// Sorts the attributes of `place`, which is a field or a parameter.
    pub(super) fn sort(attrs: Vec<Attribute>, place: &str, errors: &mut Errors) -> Self {
        let mut sorted = Self {
            axis: None,
            train: None,
            param: None,
            when: None,
            columns: None,
            searchable: None,
            sets: Vec::new(),
            passed: Vec::new(),
            has_unknown: false,
        };
        for attr in attrs {
            let name = attr.path().get_ident().map(plain).unwrap_or_default();
            let slot = match name.as_str() {
                "set" => {
                    sorted.sets.push(attr);
                    continue;
                }
                "train" => &mut sorted.train,
                "param" => &mut sorted.param,
                "when" => &mut sorted.when,
                "columns" => &mut sorted.columns,
                "searchable" => &mut sorted.searchable,
                kind if KINDS.contains(&kind) => &mut sorted.axis,
                _ => {
                    sorted.pass(attr, place, errors);
                    continue;
                }
            };
            if let ("train" | "param" | "searchable", Meta::List(_) | Meta::NameValue(_)) = (name.as_str(), &attr.meta)
            {
                errors.at(&attr, format!("`#[{name}]` has no arguments: write `#[{name}]` alone"));
            }
            if slot.is_none() {
                *slot = Some(attr);
            } else if KINDS.contains(&name.as_str()) {
                errors.at(attr, format!("this {place} has an axis already: remove one of the two"));
            } else {
                errors.at(attr, format!("this {place} has `#[{name}]` already: remove one of the two"));
            }
        }
        sorted
    }

    /// Keeps an attribute that is not dropgrid's, if it can stand on what is generated.
    fn pass(&mut self, attr: Attribute, place: &str, errors: &mut Errors) {
        let path = attr.path();
        let name = path.get_ident().map(plain);
        match name.as_deref() {
            // What is generated names every field, so none may come and go.
            Some("cfg" | "cfg_attr") => {
                let message =
                    format!("a {place} of a searchable model cannot be conditional: put the `#[cfg]` on the struct");
                errors.at(attr, message);
            }
            Some(name) if PASSED.contains(&name) => self.passed.push(attr),
            Some(name) => {
                self.has_unknown = true;
                errors.at(path, unknown(name, place));
            }
            // `#[rustfmt::skip]` and other tools'.
            None => self.passed.push(attr),
        }
    }
}

fn unknown(name: &str, place: &str) -> String {
    let ours: Vec<&str> = KINDS.into_iter().chain(OTHERS).collect();
    let hint = match nearest(name, &ours) {
        Some(near) => {
            let bare = ["train", "param", "searchable"].contains(&near);
            format!("did you mean `#[{near}{}]`?", if bare { "" } else { "(..)" })
        }
        None => {
            let known: Vec<String> = ours.iter().map(|name| format!("`#[{name}]`")).collect();
            format!("dropgrid knows {}", known.join(", "))
        }
    };
    format!("unknown attribute `{name}` on a {place}: {hint}")
}
