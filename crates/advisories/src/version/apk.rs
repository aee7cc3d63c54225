//! Versions of Alpine packages, <https://gitlab.alpinelinux.org/alpine/apk-tools/-/blob/master/doc/apk-package.5.scd>:
//! `1.2.3b_rc4_p5~1a2b3c-r6`. What `apk version --check` refuses has no place in the order.

use super::Parse;
use super::number::{Number, split_while};

/// The parts of the version, closed with [`Part::End`].
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version<'a>(Vec<Part<'a>>);

/// One part, in the order in which different parts at the same place decide.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Part<'a> {
    Early(Early),
    End,
    Revision(Number<'a>),
    Commit(&'a str),
    SuffixNumber(Number<'a>),
    Late(Late),
    /// The number of `6.6.1p1`.
    LetterNumber(Number<'a>),
    Letter(u8),
    /// A number behind a dot that begins with zero is compared as text, like the digits behind a decimal point.
    Fraction(&'a str),
    Number(Number<'a>),
}

/// Suffixes of what comes before the release.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Early {
    Alpha,
    Beta,
    Pre,
    Candidate,
}

/// Suffixes of what comes after the release.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Late {
    Cvs,
    Svn,
    Git,
    Hg,
    Patch,
}

impl<'a> Parse<'a> for Version<'a> {
    const EXPECTED: &'static str = "numbers, a letter, suffixes and a revision, such as `1.2.3b_rc4-r5`";

    fn parse(text: &'a str) -> Option<Self> {
        let (digits, rest) = split_digits(text.trim());
        let mut parts = vec![Part::Number(Number::parse(digits)?)];
        let mut rest = numbers(rest, &mut parts)?;
        while let Some((letter, after)) = rest.split_at_checked(1)
            && let [letter @ b'a'..=b'z'] = letter.as_bytes()
        {
            parts.push(Part::Letter(*letter));
            let (digits, after) = split_digits(after);
            parts.extend(Number::parse(digits).map(Part::LetterNumber));
            rest = if digits.is_empty() { after } else { numbers(after, &mut parts)? };
            if digits.is_empty() {
                break;
            }
        }
        let rest = tail(rest, &mut parts)?;
        parts.push(Part::End);
        rest.is_empty().then_some(Self(parts))
    }
}

/// Numbers behind dots.
fn numbers<'a>(mut rest: &'a str, parts: &mut Vec<Part<'a>>) -> Option<&'a str> {
    while let Some(after) = rest.strip_prefix('.') {
        let (digits, further) = split_digits(after);
        let number = Number::parse(digits)?;
        parts.push(if digits.starts_with('0') { Part::Fraction(digits) } else { Part::Number(number) });
        rest = further;
    }
    Some(rest)
}

/// Suffixes, the commit and the revision; what remains is no part of a version.
fn tail<'a>(mut rest: &'a str, parts: &mut Vec<Part<'a>>) -> Option<&'a str> {
    while let Some(after) = rest.strip_prefix('_') {
        let (word, after) = split_while(after, |byte| byte.is_ascii_lowercase());
        parts.push(suffix(word)?);
        let (digits, after) = split_digits(after);
        parts.extend(Number::parse(digits).map(Part::SuffixNumber));
        rest = after;
    }
    if let Some(after) = rest.strip_prefix('~') {
        let (commit, after) = split_while(after, |byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte));
        parts.push((!commit.is_empty()).then_some(Part::Commit(commit))?);
        rest = after;
    }
    if let Some(after) = rest.strip_prefix("-r") {
        let (digits, after) = split_digits(after);
        parts.push(Part::Revision(Number::parse(digits)?));
        rest = after;
    }
    Some(rest)
}

fn suffix<'a>(word: &str) -> Option<Part<'a>> {
    Some(match word {
        "alpha" => Part::Early(Early::Alpha),
        "beta" => Part::Early(Early::Beta),
        "pre" => Part::Early(Early::Pre),
        "rc" => Part::Early(Early::Candidate),
        "cvs" => Part::Late(Late::Cvs),
        "svn" => Part::Late(Late::Svn),
        "git" => Part::Late(Late::Git),
        "hg" => Part::Late(Late::Hg),
        "p" => Part::Late(Late::Patch),
        _ => return None,
    })
}

fn split_digits(text: &str) -> (&str, &str) {
    split_while(text, |byte| byte.is_ascii_digit())
}
