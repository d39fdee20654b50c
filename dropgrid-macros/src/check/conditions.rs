//! The rules that hold for what is said of several axes: conditions, rules that forbid, ties, and architectures.

use quote::ToTokens;
use syn::Expr;

use crate::{
    advice,
    errors::Errors,
    leftover, mentions,
    model::{Axis, Choice, Model, plain},
    occurs, settings,
};

/// Architectures that are compiled without being asked for by name: each is a network of its own for the compiler.
const MAX_ARCHITECTURES: usize = 64;

/// A condition asks axes that are declared before it, so that candidates can be counted one axis after another.
pub(super) fn look_back(model: &Model, errors: &mut Errors) {
    let axes = model.axes();
    for (at, axis) in axes.iter().enumerate() {
        let Some(when) = axis.when() else { continue };
        let mentions = mentions::of(when, &axes);
        if mentions.is_empty() {
            let advice = meant(when, &axes[..at], "name one that is declared before this field");
            errors.at(when, format!("this condition asks no hyperparameter: {advice}"));
        }
        for (asked, name) in mentions.iter().filter(|(asked, _)| *asked >= at) {
            let text = plain(name);
            let message = match (axis, &axes[*asked]) {
                _ if *asked == at => format!("`{text}` cannot decide whether it exists itself"),
                (Axis::Choice(choice), Axis::Choice(_)) => {
                    format!("`{text}` is declared later: move it before `{}`", choice.param)
                }
                (Axis::Choice(_), _) => format!(
                    "the condition of a parameter asks other parameters, whose networks are compiled: `{text}` is a field"
                ),
                _ => format!("`{text}` is declared later: move it before `{}`", axis.text()),
            };
            errors.at(name, message);
        }
    }
}

/// The name that a condition misspells, or else what to write.
fn meant(expr: &Expr, axes: &[Axis<'_>], write: &str) -> String {
    mentions::meant(expr, axes).map_or_else(|| write.to_owned(), |name| format!("did you mean `{name}`?"))
}

/// A layer is always there, and so is what it is tied to.
pub(super) fn of_ties(model: &Model, errors: &mut Errors) {
    let axes = model.axes();
    for (at, name) in model.ties().flat_map(|tie| mentions::of(&tie.value, &axes)) {
        if let Axis::Choice(Choice { when: Some(_), .. }) = &axes[at] {
            let message =
                format!("`{name}` does not exist in every candidate, and the layer does: tie it to another axis");
            errors.at(name, message);
        }
    }
}

/// A rule that asks no axis holds for every candidate or for none.
pub(super) fn rules_ask_something(model: &Model, errors: &mut Errors) {
    let axes = model.axes();
    for forbid in &model.options.forbid {
        if mentions::of(forbid, &axes).is_empty() {
            let advice = meant(forbid, &axes, "name the axes whose values do not go together");
            errors.at(forbid, format!("this rule asks no hyperparameter: {advice}"));
        }
    }
}

/// Rules leave a candidate. Those over constants are looked at by the compiler, the others before a search.
pub(super) fn rules_leave_something(model: &Model, errors: &mut Errors) {
    let (axes, rules) = (model.axes(), &model.options.forbid);
    let is_nothing = |last: &usize| leftover::is_something(&rules[..=*last], &axes) == Some(false);
    if let Some(last) = (0..rules.len()).find(is_nothing) {
        errors.at(&rules[last], leftover::nothing(last));
    }
}

/// A hyperparameter of the model's own does something only where a layer or a condition asks it.
pub(super) fn hyperparameters_are_used(model: &Model, errors: &mut Errors) {
    let axes = model.axes();
    let mut used: Vec<usize> = Vec::new();
    for expr in model.ties().map(|tie| &tie.value).chain(axes.iter().filter_map(Axis::when)) {
        used.extend(mentions::of(expr, &axes).iter().map(|(at, _)| *at));
    }
    for (at, axis) in axes.iter().enumerate() {
        if let Axis::Param(field, _) = axis
            && !used.contains(&at)
        {
            let (name, ty) = (axis.text(), field.ty.to_token_stream().to_string());
            let tie = format!("tie a layer to it by `#[set(p = {name})]`");
            let advice = match advice::meant(&name, &ty) {
                Some(meant) => format!("{meant}; or {tie}"),
                None => format!("{tie}, or put `#[train]` on it"),
            };
            let message = match settings::named(&name) {
                Some(_) => advice,
                None => format!("nothing uses the hyperparameter `{name}`: {advice}"),
            };
            errors.at(axis.name(), message);
        }
    }
}

/// Every architecture is compiled: many of them take the compiler long, which should not happen by accident.
pub(super) fn few_architectures(model: &Model, errors: &mut Errors) {
    // More of them are not written down to be counted.
    const COUNTED: usize = 1 << 16;
    let combinations = model.combinations();
    let count = if model.choices.iter().all(|choice| choice.when.is_none()) || combinations > COUNTED {
        combinations
    } else if !errors.is_empty() {
        // A condition that asks something else than it may was told already.
        return;
    } else {
        let Some(all) = errors.take(occurs::architectures(model)) else { return };
        all.len()
    };
    let (most, place) = match &model.options.max_architectures {
        Some(limit) => (limit.base10_parse().unwrap_or(0), limit.to_token_stream()),
        None => (MAX_ARCHITECTURES, model.name.to_token_stream()),
    };
    if count > most {
        let message = format!(
            "this model has {count} architectures to compile, more than {most}: write `#[searchable(max_architectures = {count})]`"
        );
        errors.at(place, message);
    }
}
