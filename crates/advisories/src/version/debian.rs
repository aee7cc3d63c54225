//! Versions of Debian packages, <https://www.debian.org/doc/debian-policy/ch-controlfields.html#version>: epoch, upstream version
//! and revision, where `~` is before everything, even the end.

use super::number::{Number, split_while};
use super::{Parse, equal_by_order};
use std::cmp::Ordering;

/// The version of a Debian package.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version<'a> {
    epoch: Number<'a>,
    upstream: Text<'a>,
    revision: Text<'a>,
}

impl<'a> Parse<'a> for Version<'a> {
    const EXPECTED: &'static str =
        "`[epoch:]version[-revision]` where the version begins with a digit, such as `1:2.3-4~deb12u1`";

    fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let (epoch, rest) = text.split_once(':').map_or((None, text), |(epoch, rest)| (Some(epoch), rest));
        let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, "0"));
        // An underscore is bad style to `dpkg`, which compares it all the same.
        let belongs = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'+' | b'~' | b'_');
        let is_upstream = upstream.starts_with(|letter: char| letter.is_ascii_digit())
            && upstream.bytes().all(|byte| belongs(byte) || byte == b'-' || (byte == b':' && epoch.is_some()));
        let is_revision = !revision.is_empty() && revision.bytes().all(belongs);
        let epoch = Number::parse(epoch.unwrap_or("0"))?;
        (is_upstream && is_revision).then_some(Self { epoch, upstream: Text(upstream), revision: Text(revision) })
    }
}

/// The version of an opam package, <https://opam.ocaml.org/doc/Manual.html#version-ordering>: the whole text in Debian's order.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Opam<'a>(Text<'a>);

impl<'a> Parse<'a> for Opam<'a> {
    const EXPECTED: &'static str = "letters, digits and `-_+.~`";

    fn parse(text: &'a str) -> Option<Self> {
        let belongs = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'+' | b'.' | b'~');
        (!text.is_empty() && text.bytes().all(belongs)).then_some(Self(Text(text)))
    }
}

/// A text in which numbers count as numbers.
#[derive(Debug)]
struct Text<'a>(&'a str);

impl Ord for Text<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut left, mut right) = (self.0, other.0);
        while !left.is_empty() || !right.is_empty() {
            let ((left_word, left_rest), (right_word, right_rest)) = (split_word(left), split_word(right));
            let ((left_digits, left_rest), (right_digits, right_rest)) =
                (split_digits(left_rest), split_digits(right_rest));
            let order = words(left_word, right_word).then_with(|| left_digits.cmp(&right_digits));
            if order.is_ne() {
                return order;
            }
            (left, right) = (left_rest, right_rest);
        }
        Ordering::Equal
    }
}

equal_by_order!(Text);

fn split_word(text: &str) -> (&str, &str) {
    split_while(text, |byte| !byte.is_ascii_digit())
}

fn split_digits(text: &str) -> (Number<'_>, &str) {
    let (digits, rest) = split_while(text, |byte| byte.is_ascii_digit());
    (Number::parse(digits).unwrap_or(Number::ZERO), rest)
}

/// Compares words letter by letter: `~`, then the end, then letters, then everything else.
fn words(left: &str, right: &str) -> Ordering {
    let weight = |byte: u8| match byte {
        b'~' => -1,
        letter if letter.is_ascii_alphabetic() => i16::from(letter),
        other => i16::from(other) + 256,
    };
    let letters = |word: &'_ str| word.bytes().map(weight).chain([0]).collect::<Vec<_>>();
    letters(left).cmp(&letters(right))
}
