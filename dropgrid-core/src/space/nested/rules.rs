//! The rules of spaces inside others.

use super::{
    lists::Part,
    text::{append, cut},
};
use crate::space::{Rule, RuleKind};

/// The rules of a space in another.
#[derive(Debug, Clone, Copy)]
#[doc(hidden)]
pub struct InnerRules {
    /// The field of the inner space.
    pub field: &'static str,
    /// Its rules.
    pub rules: &'static [Rule],
    /// The number that its first axis has outside.
    pub first: usize,
}

impl Part for InnerRules {
    const NONE: Self = Self { field: "", rules: &[], first: 0 };
}

/// The number of rules of inner spaces.
#[doc(hidden)]
pub const fn rules_count(inner: &[InnerRules]) -> usize {
    let (mut count, mut at) = (0, 0);
    while at < inner.len() {
        count += inner[at].rules.len();
        at += 1;
    }
    count
}

/// The bytes of the texts of inner rules, and the number of axes that they ask.
#[doc(hidden)]
pub const fn rules_len(inner: &[InnerRules]) -> (usize, usize) {
    let (mut bytes, mut asked, mut at) = (0, 0, 0);
    while at < inner.len() {
        let mut rule = 0;
        while rule < inner[at].rules.len() {
            bytes += text_len(&inner[at], &inner[at].rules[rule]);
            asked += inner[at].rules[rule].mentions.len();
            rule += 1;
        }
        at += 1;
    }
    (bytes, asked)
}

/// The texts of inner rules, one behind the other, and the axes that they ask by their numbers outside. `N` and `A` are
/// their [`rules_len`].
#[doc(hidden)]
pub const fn rules_text<const N: usize, const A: usize>(inner: &[InnerRules]) -> ([u8; N], [usize; A]) {
    let (mut text, mut end, mut asked, mut count, mut at) = ([0; N], 0, [0; A], 0, 0);
    while at < inner.len() {
        let mut rule = 0;
        while rule < inner[at].rules.len() {
            let Rule { kind, mentions, text: own } = inner[at].rules[rule];
            if let RuleKind::Forbid = kind {
                (text, end) = append(text, end, inner[at].field);
                (text, end) = append(text, end, ": ");
            }
            (text, end) = append(text, end, own);
            let mut mention = 0;
            while mention < mentions.len() {
                asked[count] = inner[at].first + mentions[mention];
                count += 1;
                mention += 1;
            }
            rule += 1;
        }
        at += 1;
    }
    (text, asked)
}

/// The rules of a space and, behind them, those of the spaces in it, given what [`rules_text`] made of these. `N` is
/// the number of all.
#[doc(hidden)]
pub const fn rules<const N: usize>(
    own: &[Rule],
    inner: &[InnerRules],
    text: &'static [u8],
    asked: &'static [usize],
) -> [Rule; N] {
    let mut all = [Rule { kind: RuleKind::Forbid, mentions: &[], text: "" }; N];
    let (mut count, mut start, mut first, mut at) = (0, 0, 0, 0);
    while count < own.len() {
        all[count] = own[count];
        count += 1;
    }
    while at < inner.len() {
        let mut rule = 0;
        while rule < inner[at].rules.len() {
            let one = inner[at].rules[rule];
            let len = text_len(&inner[at], &one);
            let kind = match one.kind {
                RuleKind::When(axis) => RuleKind::When(inner[at].first + axis),
                RuleKind::Forbid => RuleKind::Forbid,
            };
            let mentions = asked.split_at(first).1.split_at(one.mentions.len()).0;
            all[count] = Rule { kind, mentions, text: cut(text, start, len) };
            (start, first, count) = (start + len, first + one.mentions.len(), count + 1);
            rule += 1;
        }
        at += 1;
    }
    all
}

/// The length of an inner rule's text outside. A rule that forbids has its space before it; a condition has its axis.
const fn text_len(inner: &InnerRules, rule: &Rule) -> usize {
    match rule.kind {
        RuleKind::Forbid => inner.field.len() + 2 + rule.text.len(),
        RuleKind::When(_) => rule.text.len(),
    }
}
