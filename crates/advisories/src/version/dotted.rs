//! Versions that are numbers and nothing else: R (<https://cran.r-project.org/doc/manuals/r-release/R-exts.html>), Haskell
//! (<https://pvp.haskell.org/>) and `vers:intdot` (<https://packageurl.org/vers-types/>).

use super::Parse;
use super::number::{Number, split_while};

/// The version of an R package; a longer one is later.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Cran<'a>(Vec<Number<'a>>);

impl<'a> Parse<'a> for Cran<'a> {
    const EXPECTED: &'static str = "numbers between dots and dashes, such as `1.2-3`";

    fn parse(text: &'a str) -> Option<Self> {
        text.split(['.', '-']).map(Number::parse).collect::<Option<_>>().map(Self)
    }
}

/// The version of a Haskell package; a longer one is later.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hackage<'a>(Vec<Number<'a>>);

impl<'a> Parse<'a> for Hackage<'a> {
    const EXPECTED: &'static str = "numbers between dots, such as `1.2.0.3`";

    fn parse(text: &'a str) -> Option<Self> {
        text.split('.').map(Number::parse).collect::<Option<_>>().map(Self)
    }
}

/// The numbers at the beginning of a text, without the zeros at their end.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Intdot<'a>(Vec<Number<'a>>);

impl<'a> Parse<'a> for Intdot<'a> {
    const EXPECTED: &'static str = "numbers between dots, such as `10.234.5.12`";

    fn parse(text: &'a str) -> Option<Self> {
        let (numbers, _) = split_while(text, |byte| byte.is_ascii_digit() || byte == b'.');
        let mut numbers = numbers.trim_end_matches('.').split('.').map(Number::parse).collect::<Option<Vec<_>>>()?;
        while numbers.last().is_some_and(|number| number.is_zero()) {
            numbers.pop();
        }
        Some(Self(numbers))
    }
}
