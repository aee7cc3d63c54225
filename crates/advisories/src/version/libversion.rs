//! Versions of software that belongs to no ecosystem, <https://github.com/repology/libversion/blob/master/doc/ALGORITHM.md>.
//! Unlike there, words that are not known count whole, so that `1.0.2za` and `1.0.2zb` differ.

use super::number::{Number, split_while};
use super::{Parse, equal_by_order};
use std::cmp::Ordering;

/// The components of a version.
#[derive(Debug)]
pub(super) struct Version<'a>(Vec<Component<'a>>);

/// One component, in the order of their ranks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Component<'a> {
    PreRelease(String),
    Zero,
    PostRelease(String),
    Number(Number<'a>),
    /// Letters directly behind a number and not before another one: `1.0.2k`.
    LetterSuffix(String),
}

impl<'a> Parse<'a> for Version<'a> {
    const EXPECTED: &'static str = "letters and digits with at least one digit, such as `1.2.3b`";

    fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let rest =
            text.strip_prefix(['v', 'V']).filter(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()));
        let mut rest = rest.unwrap_or(text);
        if !rest.is_ascii() || !rest.bytes().any(|byte| byte.is_ascii_digit()) {
            return None;
        }
        let mut components = Vec::new();
        while !rest.is_empty() {
            let (_, at_digits) = split_while(rest, |byte| !byte.is_ascii_alphanumeric());
            let (digits, at_word) = split_while(at_digits, |byte| byte.is_ascii_digit());
            let (word, after) = split_while(at_word, |byte| byte.is_ascii_alphabetic());
            let number = Number::parse(digits);
            let is_suffix = number.is_some() && !after.starts_with(|letter: char| letter.is_ascii_digit());
            components.extend(
                number.map(|number| if number.is_zero() { Component::Zero } else { Component::Number(number) }),
            );
            components.extend((!word.is_empty()).then(|| classify(word, is_suffix)));
            rest = after;
        }
        Some(Self(components))
    }
}

/// The rank of a word. Those that are known count by their first letter, because they are often written so.
fn classify<'a>(word: &str, is_suffix: bool) -> Component<'a> {
    let word = word.to_ascii_lowercase();
    let first = || word.chars().take(1).collect();
    match word.as_str() {
        "alpha" | "beta" | "rc" => Component::PreRelease(first()),
        known if known.starts_with("pre") => Component::PreRelease(first()),
        "pl" | "errata" => Component::PostRelease(first()),
        known if known.starts_with("post") || known.starts_with("patch") => Component::PostRelease(first()),
        _ if is_suffix => Component::LetterSuffix(word),
        _ => Component::PreRelease(word),
    }
}

impl Ord for Version<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let component = |version: &'_ Self, at| version.0.get(at).cloned().unwrap_or(Component::Zero);
        let longest = self.0.len().max(other.0.len());
        let mut compared = (0..longest).map(|at| component(self, at).cmp(&component(other, at)));
        compared.find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

equal_by_order!(Version);
