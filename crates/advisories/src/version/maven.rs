//! Versions of Maven artifacts, <https://maven.apache.org/pom.html#version-order-specification>: numbers and words, where a
//! change between digits and letters divides as a dash does and what says nothing (`0`, `final`, `ga`) is dropped before each dash.

use super::Parse;
use super::number::Number;

/// The version as the specification divides it, closed with [`Token::End`].
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version<'a>(Vec<Token<'a>>);

/// One part, in the order of the specification. A word counts the same behind a dot and behind a dash. A version that ends is
/// filled with what says nothing, which is after the words for what comes before a release and before everything else.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Token<'a> {
    Alpha,
    Beta,
    Milestone,
    Candidate,
    Snapshot,
    End,
    /// `ga`, `final`, `release`: only before something that says more.
    Release,
    ServicePack,
    Word(String),
    DashedNumber(Number<'a>),
    DottedNumber(Number<'a>),
}

impl<'a> Parse<'a> for Version<'a> {
    const EXPECTED: &'static str = "a version of an artifact, such as `1.2.3-RC1`, without blanks and placeholders";

    fn parse(text: &'a str) -> Option<Self> {
        let is_version = |letter: char| !letter.is_whitespace() && !matches!(letter, '$' | '{' | '}' | '[' | ']' | ',');
        if text.is_empty() || !text.chars().all(is_version) {
            return None;
        }
        let mut tokens = Vec::new();
        let mut rest = Some((Before::Dot, text));
        while let Some((before, text)) = rest {
            let (piece, after) = split_piece(text);
            let token = token(before, piece, matches!(after, Some((Before::Letter, _))));
            if !matches!(token, Token::DottedNumber(_)) {
                trim(&mut tokens);
            }
            tokens.push(token);
            rest = after;
        }
        trim(&mut tokens);
        tokens.push(Token::End);
        Some(Self(tokens))
    }
}

/// Drops what says nothing from the end.
fn trim(tokens: &mut Vec<Token<'_>>) {
    while tokens.last().is_some_and(|token| match token {
        Token::Release => true,
        Token::DashedNumber(number) | Token::DottedNumber(number) => number.is_zero(),
        _ => false,
    }) {
        tokens.pop();
    }
}

/// What stands before a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Dot,
    Dash,
    /// A digit before a word.
    Digit,
    /// A letter before a number.
    Letter,
}

/// The first part of a text, and what follows it if anything does.
fn split_piece(text: &str) -> (&str, Option<(Before, &str)>) {
    let is_number = text.starts_with(|letter: char| letter.is_ascii_digit());
    let end = text.find(|letter: char| matches!(letter, '.' | '-') || letter.is_ascii_digit() != is_number);
    let Some((piece, rest)) = end.and_then(|end| text.split_at_checked(end)) else { return (text, None) };
    let after = match (rest.strip_prefix('.'), rest.strip_prefix('-')) {
        (Some(after), _) => (Before::Dot, after),
        (_, Some(after)) => (Before::Dash, after),
        _ if is_number => (Before::Digit, rest),
        _ => (Before::Letter, rest),
    };
    (piece, Some(after))
}

fn token(before: Before, piece: &str, before_number: bool) -> Token<'_> {
    let number = if piece.is_empty() { Some(Number::ZERO) } else { Number::parse(piece) };
    match number {
        Some(number) if before == Before::Dot => Token::DottedNumber(number),
        Some(number) => Token::DashedNumber(number),
        None => word(piece.to_lowercase(), before_number),
    }
}

/// The place of a word. One letter is short for a word when a number follows it directly.
fn word<'a>(word: String, before_number: bool) -> Token<'a> {
    match word.as_str() {
        "alpha" => Token::Alpha,
        "a" if before_number => Token::Alpha,
        "beta" => Token::Beta,
        "b" if before_number => Token::Beta,
        "milestone" => Token::Milestone,
        "m" if before_number => Token::Milestone,
        "rc" | "cr" => Token::Candidate,
        "snapshot" => Token::Snapshot,
        "ga" | "final" | "release" => Token::Release,
        "sp" => Token::ServicePack,
        _ => Token::Word(word),
    }
}
