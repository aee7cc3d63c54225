//! Versions of RPM packages, <https://rpm.org/docs/latest/man/rpm-version.7>: `[epoch:]version[-release]`, compared in segments
//! of digits and of letters. `~` is before everything, even the end; `^` is after the end and before everything else.

use super::Parse;
use super::number::{Number, split_while};

/// The version of an RPM package. A version without a release is before those with one.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version<'a> {
    epoch: Number<'a>,
    version: Vec<Segment<'a>>,
    release: Option<Vec<Segment<'a>>>,
}

/// One segment; a list of them is closed with [`Segment::End`].
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment<'a> {
    Tilde,
    End,
    Caret,
    Word(&'a str),
    Number(Number<'a>),
}

impl<'a> Parse<'a> for Version<'a> {
    const EXPECTED: &'static str = "`[epoch:]version[-release]` without blanks, such as `1:2.3-4.el9`";

    fn parse(text: &'a str) -> Option<Self> {
        if text.is_empty() || text.contains(char::is_whitespace) {
            return None;
        }
        let (digits, rest) = split_while(text, |byte| byte.is_ascii_digit());
        let (epoch, rest) = rest.strip_prefix(':').map_or((Number::ZERO, text), |rest| (number(digits), rest));
        let (version, release) =
            rest.rsplit_once('-').map_or((rest, None), |(version, release)| (version, Some(release)));
        Some(Self { epoch, version: segments(version), release: release.map(segments) })
    }
}

fn number(digits: &str) -> Number<'_> {
    Number::parse(digits).unwrap_or(Number::ZERO)
}

/// Divides a text; everything but letters, digits, `~` and `^` only divides.
fn segments(mut text: &str) -> Vec<Segment<'_>> {
    let mut segments = Vec::new();
    while let Some(first) = text.chars().next() {
        let (segment, rest) = match first {
            '~' => (Some(Segment::Tilde), text.get(1..).unwrap_or_default()),
            '^' => (Some(Segment::Caret), text.get(1..).unwrap_or_default()),
            _ if first.is_ascii_digit() => {
                let (digits, rest) = split_while(text, |byte| byte.is_ascii_digit());
                (Some(Segment::Number(number(digits))), rest)
            }
            _ if first.is_ascii_alphabetic() => {
                let (word, rest) = split_while(text, |byte| byte.is_ascii_alphabetic());
                (Some(Segment::Word(word)), rest)
            }
            _ => (None, text.get(first.len_utf8()..).unwrap_or_default()),
        };
        segments.extend(segment);
        text = rest;
    }
    segments.push(Segment::End);
    segments
}
