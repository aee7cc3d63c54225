//! Versions of Conan packages, <https://docs.conan.io/2/tutorial/versioning/version_ranges.html>: any number of parts, then what
//! comes before a release behind a dash and the build behind a plus.
//!
//! Conan compares a number with a part such as `10a` as text, by which `2 < 10 < 1a < 2`. Here such a part counts as its
//! number and then its letters, which is an order, and the same one wherever the numbers have equally many digits.

use super::number::{Number, split_while};
use super::{Parse, equal_by_order};
use std::cmp::Ordering;

/// The version of a package.
#[derive(Debug)]
pub(super) struct Version<'a> {
    main: Vec<Part<'a>>,
    label: Option<Vec<Part<'a>>>,
    build: Option<Vec<Part<'a>>>,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    Empty,
    Number(Number<'a>, &'a str),
    Word(&'a str),
}

impl<'a> Parse<'a> for Version<'a> {
    const EXPECTED: &'static str = "parts between dots, such as `1.2.3-rc.1+build`, without blanks and brackets";

    fn parse(text: &'a str) -> Option<Self> {
        let belongs = |byte: u8| byte.is_ascii_alphanumeric() || b".-+_*~".contains(&byte);
        if text.is_empty() || !text.bytes().all(belongs) {
            return None;
        }
        let (text, build) = text.rsplit_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
        let (text, label) = text.rsplit_once('-').map_or((text, None), |(text, label)| (text, Some(label)));
        Some(Self { main: parts(text), label: label.map(parts), build: build.map(parts) })
    }
}

/// The parts without the zeros at their end.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts: Vec<_> = text.split('.').map(part).collect();
    while matches!(parts.last(), Some(Part::Number(number, "")) if number.is_zero()) {
        parts.pop();
    }
    parts
}

fn part(text: &str) -> Part<'_> {
    let (digits, letters) = split_while(text, |byte| byte.is_ascii_digit());
    match Number::parse(digits) {
        Some(number) => Part::Number(number, letters),
        None if text.is_empty() => Part::Empty,
        None => Part::Word(text),
    }
}

impl Ord for Version<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let labels = match (&self.label, &other.label) {
            (Some(left), Some(right)) => left.cmp(right),
            (left, right) => right.is_some().cmp(&left.is_some()),
        };
        self.main.cmp(&other.main).then(labels).then_with(|| self.build.cmp(&other.build))
    }
}

equal_by_order!(Version);
