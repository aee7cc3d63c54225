//! Versions of OpenSSL, <https://openssl-library.org/policies/releasestrat/>: until 1.1.1 letters follow three numbers and `za`
//! follows `z`; since 3.0.0 they are semantic versions.

use super::Parse;
use super::number::{Number, split_while};

/// A version of OpenSSL.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version<'a> {
    core: [Number<'a>; 3],
    stage: Stage<'a>,
    letters: &'a str,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stage<'a> {
    Development,
    Alpha(Number<'a>),
    Beta(Number<'a>),
    Pre(Number<'a>),
    Release,
}

impl<'a> Parse<'a> for Version<'a> {
    const EXPECTED: &'static str = "a version of OpenSSL, such as `1.0.2k` or `3.0.0-alpha1`";

    fn parse(text: &'a str) -> Option<Self> {
        let text = text.split_once('+').map_or(text, |(text, _)| text);
        let (text, label) = text.split_once('-').map_or((text, None), |(text, label)| (text, Some(label)));
        let (numbers, letters) = split_while(text, |byte| byte.is_ascii_digit() || byte == b'.');
        let mut core = [Number::ZERO; 3];
        for (at, number) in numbers.split('.').enumerate() {
            *core.get_mut(at)? = Number::parse(number)?;
        }
        let stage = label.map_or(Some(Stage::Release), stage)?;
        letters.bytes().all(|byte| byte.is_ascii_lowercase()).then_some(Self { core, stage, letters })
    }
}

fn stage(label: &str) -> Option<Stage<'_>> {
    let (word, digits) = split_while(label, |byte| byte.is_ascii_alphabetic());
    let number = if digits.is_empty() { Number::ZERO } else { Number::parse(digits)? };
    match word {
        "dev" => Some(Stage::Development),
        "alpha" => Some(Stage::Alpha(number)),
        "beta" => Some(Stage::Beta(number)),
        "pre" => Some(Stage::Pre(number)),
        _ => None,
    }
}
