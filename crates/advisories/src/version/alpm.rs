//! Versions of Arch Linux packages, <https://man.archlinux.org/man/vercmp.8>: like RPM, but words come before the end, and the
//! number of characters between two segments counts.

use super::number::{Number, split_while};
use super::{Parse, equal_by_order};
use std::cmp::Ordering;

/// The version of a package. The release has a say only where both versions have one.
#[derive(Debug)]
pub(super) struct Version<'a> {
    epoch: Number<'a>,
    version: Vec<Segment<'a>>,
    release: Option<Vec<Segment<'a>>>,
}

/// One segment; a list of them is closed with [`Segment::End`].
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment<'a> {
    /// A word directly behind a number.
    Word(&'a str),
    End,
    Number(Number<'a>),
    /// How many characters divide it from what is before it.
    Divided(usize, Token<'a>),
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Token<'a> {
    Word(&'a str),
    Number(Number<'a>),
}

impl<'a> Parse<'a> for Version<'a> {
    const EXPECTED: &'static str = "`[epoch:]version[-release]` that ends with a letter or digit, such as `1:2.3-1`";

    fn parse(text: &'a str) -> Option<Self> {
        let (digits, rest) = split_while(text, |byte| byte.is_ascii_digit());
        let (epoch, rest) = match rest.strip_prefix(':') {
            Some(rest) => (Number::parse(digits).unwrap_or(Number::ZERO), rest),
            None => (Number::ZERO, text),
        };
        let (version, release) = match rest.rsplit_once('-') {
            Some((version, release)) => (version, Some(segments(release)?)),
            None => (rest, None),
        };
        Some(Self { epoch, version: segments(version)?, release })
    }
}

fn segments(mut text: &str) -> Option<Vec<Segment<'_>>> {
    let mut segments = Vec::new();
    while !text.is_empty() {
        let (divider, rest) = split_while(text, |byte| byte.is_ascii_graphic() && !byte.is_ascii_alphanumeric());
        let (digits, rest) = split_while(rest, |byte| byte.is_ascii_digit());
        let number = Number::parse(digits);
        let (word, rest) = match number {
            Some(_) => ("", rest),
            None => split_while(rest, |byte| byte.is_ascii_alphabetic()),
        };
        segments.push(match (number, divider.len()) {
            (Some(number), 0) => Segment::Number(number),
            (Some(number), length) => Segment::Divided(length, Token::Number(number)),
            (None, _) if word.is_empty() => return None,
            (None, 0) => Segment::Word(word),
            (None, length) => Segment::Divided(length, Token::Word(word)),
        });
        text = rest;
    }
    let is_empty = segments.is_empty();
    segments.push(Segment::End);
    (!is_empty).then_some(segments)
}

impl Ord for Version<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let releases = match (&self.release, &other.release) {
            (Some(left), Some(right)) => left.cmp(right),
            _ => Ordering::Equal,
        };
        self.epoch.cmp(&other.epoch).then_with(|| self.version.cmp(&other.version)).then(releases)
    }
}

equal_by_order!(Version);
