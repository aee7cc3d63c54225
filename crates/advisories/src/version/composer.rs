//! Versions of PHP packages, <https://getcomposer.org/doc/articles/versions.md>: brought to four numbers as Composer does, then
//! compared as PHP's `version_compare`. A branch (`dev-main`) has no place in the order; Composer does not compare it either.

use super::Parse;
use super::number::{Number, split_while};

/// The parts of the version, closed with [`Part::End`].
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version<'a>(Vec<Part<'a>>);

/// One part, in the order of `version_compare`. Words that it does not know are before those that it knows.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    Unknown,
    Development,
    Alpha,
    Beta,
    Candidate,
    End,
    Number(Number<'a>),
    /// The `x` of the branch `1.x-dev`, after every release of it.
    AnyNumber,
    Patch,
}

impl<'a> Parse<'a> for Version<'a> {
    const EXPECTED: &'static str =
        "numbers between dots and a stability, such as `v1.2.3` or `1.2.0-beta2`, and no branch";

    fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let text = text.split_once('+').map_or(text, |(text, _)| text);
        let (mut core, mut parts) = (Vec::new(), Vec::new());
        for piece in text.split(['.', '-', '_']) {
            read(piece, &mut core, &mut parts)?;
        }
        if !matches!(core.first(), Some(Part::Number(_))) {
            return None;
        }
        let is_branch = core.iter().any(|part| matches!(part, Part::AnyNumber));
        if is_branch && parts != [Part::Development] {
            return None;
        }
        while core.len() < 4 {
            core.push(if is_branch { Part::AnyNumber } else { Part::Number(Number::ZERO) });
        }
        core.append(&mut parts);
        core.push(Part::End);
        Some(Self(core))
    }
}

/// Adds the numbers and words of a piece to the numbers at the beginning or, once a word was there, to what follows them.
fn read<'a>(piece: &'a str, core: &mut Vec<Part<'a>>, parts: &mut Vec<Part<'a>>) -> Option<()> {
    if matches!(piece, "x" | "X" | "*") && parts.is_empty() {
        core.push(Part::AnyNumber);
        return Some(());
    }
    let mut text = piece;
    loop {
        let (digits, rest) = split_while(text, |byte| byte.is_ascii_digit());
        let (word, rest) = split_while(rest, |byte| byte.is_ascii_alphabetic());
        if digits.is_empty() && word.is_empty() {
            return None;
        }
        let into = if parts.is_empty() { &mut *core } else { &mut *parts };
        into.extend(Number::parse(digits).map(Part::Number));
        parts.extend(stability(word));
        if rest.is_empty() {
            return Some(());
        }
        text = rest;
    }
}

/// The stability that a word names; `stable` says nothing.
fn stability<'a>(word: &str) -> Option<Part<'a>> {
    let word = word.to_ascii_lowercase();
    match word.as_str() {
        "" | "stable" => None,
        word if word.starts_with("dev") => Some(Part::Development),
        word if word.starts_with('a') => Some(Part::Alpha),
        word if word.starts_with('b') => Some(Part::Beta),
        word if word.starts_with("rc") => Some(Part::Candidate),
        word if word.starts_with('p') => Some(Part::Patch),
        _ => Some(Part::Unknown),
    }
}
