//! Versions of Ruby gems, <https://docs.ruby-lang.org/en/master/Gem/Version.html>: numbers and words, where a word makes what it
//! stands in come before the release.

use super::number::{Number, split_while};
use super::{Parse, equal_by_order};
use std::cmp::Ordering;

/// The segments of a gem's version, without the zeros before the first word and at the end.
#[derive(Debug)]
pub(super) struct Version<'a>(Vec<Segment<'a>>);

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Segment<'a> {
    Word(&'a str),
    Number(Number<'a>),
}

impl<'a> Parse<'a> for Version<'a> {
    const EXPECTED: &'static str = "a number, then numbers and words between dots, such as `1.2.0.rc1`";

    fn parse(text: &'a str) -> Option<Self> {
        let (release, label) = text.trim().split_once('-').unwrap_or((text.trim(), "0"));
        let is_word = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        let is_label =
            |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let begins_with_digit = release.starts_with(|letter: char| letter.is_ascii_digit());
        if !begins_with_digit || !release.split('.').all(is_word) || !label.split('.').all(is_label) {
            return None;
        }
        let mut segments = Vec::new();
        add(&mut segments, release);
        if text.contains('-') {
            // The dash is written as `.pre.` before the version is divided.
            add(&mut segments, "pre");
            label.split('-').for_each(|part| add(&mut segments, part));
        }
        Some(Self(without_zeros(segments)))
    }
}

fn add<'a>(segments: &mut Vec<Segment<'a>>, mut text: &'a str) {
    while !text.is_empty() {
        let (digits, rest) = split_while(text, |byte| byte.is_ascii_digit());
        let (word, rest) = split_while(rest, |byte| byte.is_ascii_alphabetic());
        segments.extend(Number::parse(digits).map(Segment::Number));
        segments.extend((!word.is_empty()).then_some(Segment::Word(word)));
        text = if digits.is_empty() && word.is_empty() { rest.get(1..).unwrap_or_default() } else { rest };
    }
}

fn without_zeros(segments: Vec<Segment<'_>>) -> Vec<Segment<'_>> {
    let first_word = segments.iter().position(|segment| matches!(segment, Segment::Word(_))).unwrap_or(segments.len());
    let (numbers, words) = segments.split_at_checked(first_word).unwrap_or((&segments, &[]));
    let kept = |part: &[Segment<'_>]| part.iter().rposition(|segment| *segment != ZERO).map_or(0, |last| last + 1);
    let numbers = numbers.iter().take(kept(numbers));
    numbers.chain(words.iter().take(kept(words))).copied().collect()
}

const ZERO: Segment<'static> = Segment::Number(Number::ZERO);

impl Ord for Version<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let segment = |version: &Self, at| version.0.get(at).copied().unwrap_or(ZERO);
        let longest = self.0.len().max(other.0.len());
        let compared = (0..longest).map(|at| segment(self, at).cmp(&segment(other, at)));
        compared.into_iter().find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }
}

equal_by_order!(Version);
