//! Versions of NuGet packages, <https://learn.microsoft.com/nuget/concepts/package-versioning#normalized-version-numbers>:
//! up to four numbers, then a label as in semantic versions but without regard to case. Build metadata has no say.

use super::number::Number;
use super::{Parse, equal_by_order};
use std::cmp::Ordering;

/// The version of a NuGet package.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version<'a> {
    core: [Number<'a>; 4],
    label: Label<'a>,
}

impl<'a> Parse<'a> for Version<'a> {
    const EXPECTED: &'static str = "up to four numbers between dots, such as `1.2.3` or `1.2.3.4-beta1`";

    fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
        if build.is_some_and(|build| !is_label(build)) {
            return None;
        }
        let (numbers, label) = text.split_once('-').map_or((text, None), |(numbers, label)| (numbers, Some(label)));
        let mut core = [Number::ZERO; 4];
        for (at, number) in numbers.split('.').enumerate() {
            *core.get_mut(at)? = Number::parse(number)?;
        }
        label.is_none_or(is_label).then(|| Self { core, label: Label::of(label) })
    }
}

/// What stands after the dash. A version without a label is after all of those with one.
#[derive(Debug)]
struct Label<'a>(Vec<Identifier<'a>>);

impl<'a> Label<'a> {
    fn of(text: Option<&'a str>) -> Self {
        Self(text.iter().flat_map(|text| text.split('.')).map(Identifier::of).collect())
    }
}

impl Ord for Label<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.is_empty().cmp(&other.0.is_empty()).then_with(|| self.0.cmp(&other.0))
    }
}

equal_by_order!(Label);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Identifier<'a> {
    Number(Number<'a>),
    Word(Caseless<'a>),
}

impl<'a> Identifier<'a> {
    fn of(text: &'a str) -> Self {
        Number::parse(text).map_or(Self::Word(Caseless(text)), Self::Number)
    }
}

/// A word in which capital letters are like small ones.
#[derive(Debug)]
struct Caseless<'a>(&'a str);

impl Ord for Caseless<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.bytes().map(capital).cmp(other.0.bytes().map(capital))
    }
}

equal_by_order!(Caseless);

fn capital(byte: u8) -> u8 {
    byte.to_ascii_uppercase()
}

fn is_label(text: &str) -> bool {
    let is_identifier =
        |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    text.split('.').all(is_identifier)
}
