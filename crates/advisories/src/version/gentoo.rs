//! Versions of Gentoo packages, <https://projects.gentoo.org/pms/8/pms.html#version-comparison>.

use super::Parse;
use super::number::{Number, split_while};

/// The version of an ebuild. The fields stand in the order in which they decide.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version<'a> {
    first: Number<'a>,
    further: Vec<Component<'a>>,
    letter: &'a str,
    /// Closed with [`Suffix::End`].
    suffixes: Vec<Suffix<'a>>,
    revision: Number<'a>,
}

/// A number behind a dot; with a leading zero it is a fraction, compared as text without the zeros at its end.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Component<'a> {
    Fraction(&'a str),
    Number(Number<'a>),
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Suffix<'a> {
    Alpha(Number<'a>),
    Beta(Number<'a>),
    Pre(Number<'a>),
    Candidate(Number<'a>),
    End,
    Patch(Number<'a>),
}

impl<'a> Parse<'a> for Version<'a> {
    const EXPECTED: &'static str = "numbers, a letter, suffixes and a revision, such as `1.2.3b_rc4-r5`";

    fn parse(text: &'a str) -> Option<Self> {
        let (text, revision) = text.split_once("-r").unwrap_or((text, "0"));
        let mut parts = text.split('_');
        let numbers = parts.next()?;
        let (digits, letter) = split_while(numbers, |byte| byte.is_ascii_digit() || byte == b'.');
        let mut components = digits.split('.');
        let first = Number::parse(components.next()?)?;
        let further = components.map(component).collect::<Option<Vec<_>>>()?;
        let is_letter = letter.len() <= 1 && letter.bytes().all(|byte| byte.is_ascii_lowercase());
        let suffixes = parts.map(suffix).chain([Some(Suffix::End)]).collect::<Option<Vec<_>>>()?;
        let revision = Number::parse(revision)?;
        is_letter.then_some(Self { first, further, letter, suffixes, revision })
    }
}

fn component(digits: &str) -> Option<Component<'_>> {
    let number = Number::parse(digits)?;
    let is_fraction = digits.starts_with('0');
    Some(if is_fraction { Component::Fraction(digits.trim_end_matches('0')) } else { Component::Number(number) })
}

fn suffix(text: &str) -> Option<Suffix<'_>> {
    let (word, digits) = split_while(text, |byte| byte.is_ascii_lowercase());
    let number = if digits.is_empty() { Number::ZERO } else { Number::parse(digits)? };
    Some(match word {
        "alpha" => Suffix::Alpha(number),
        "beta" => Suffix::Beta(number),
        "pre" => Suffix::Pre(number),
        "rc" => Suffix::Candidate(number),
        "p" => Suffix::Patch(number),
        _ => return None,
    })
}
