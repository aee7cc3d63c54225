//! Semantic versions, <https://semver.org/spec/v2.0.0.html> §11, read as generously as `npm` does: a leading `v` or `=` is
//! ignored, zeros may lead, and a missing part is zero.

use super::number::Number;
use super::{Parse, equal_by_order};
use std::cmp::Ordering;

/// A semantic version; build metadata has no say.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version<'a> {
    pub(super) core: [Number<'a>; 3],
    pub(super) label: Label<'a>,
}

impl<'a> Parse<'a> for Version<'a> {
    const EXPECTED: &'static str = "up to three numbers between dots, such as `1.2.3` or `1.2.3-rc.1`";

    fn parse(text: &'a str) -> Option<Self> {
        parts(text).map(|(version, _)| version)
    }
}

/// A semantic version of which the build metadata decides last, <https://pub.dev/packages/pub_semver>: none is before any.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WithBuild<'a> {
    version: Version<'a>,
    build: Option<Vec<Identifier<'a>>>,
}

impl<'a> Parse<'a> for WithBuild<'a> {
    const EXPECTED: &'static str = Version::EXPECTED;

    fn parse(text: &'a str) -> Option<Self> {
        let (version, build) = parts(text)?;
        let build = build.map(|build| build.split('.').map(Identifier::of).collect());
        Some(Self { version, build })
    }
}

/// The version and its build metadata.
fn parts(text: &str) -> Option<(Version<'_>, Option<&str>)> {
    let text = text.trim().trim_start_matches('=').trim_start();
    let text = text.strip_prefix(['v', 'V']).map_or(text, str::trim_start);
    let (text, build) = text.split_once('+').map_or((text, None), |(text, build)| (text, Some(build)));
    if build.is_some_and(|build| !build.split('.').all(is_identifier)) {
        return None;
    }
    let (numbers, label) = text.split_once('-').map_or((text, None), |(numbers, label)| (numbers, Some(label)));
    let mut core = [Number::ZERO; 3];
    for (at, number) in numbers.split('.').enumerate() {
        *core.get_mut(at)? = Number::parse(number)?;
    }
    Some((Version { core, label: Label::parse(label)? }, build))
}

/// What stands after the dash. A version without a label is after all of those with one.
#[derive(Debug)]
pub(super) struct Label<'a>(Vec<Identifier<'a>>);

impl<'a> Label<'a> {
    /// A label, or the absence of one. An empty identifier is not one.
    pub(super) fn parse(text: Option<&'a str>) -> Option<Self> {
        let Some(text) = text else { return Some(Self(Vec::new())) };
        text.split('.').all(is_identifier).then(|| Self(text.split('.').map(Identifier::of).collect()))
    }

    /// The label `rc.1` of a word and a number.
    pub(super) fn numbered(word: &'a str, number: Number<'a>) -> Self {
        Self(vec![Identifier::Word(word), Identifier::Number(number)])
    }
}

impl Ord for Label<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.is_empty().cmp(&other.0.is_empty()).then_with(|| self.0.cmp(&other.0))
    }
}

equal_by_order!(Label);

/// One part of a label: numbers are before words, and words are in the order of their bytes.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Identifier<'a> {
    Number(Number<'a>),
    Word(&'a str),
}

impl<'a> Identifier<'a> {
    fn of(text: &'a str) -> Self {
        Number::parse(text).map_or(Self::Word(text), Self::Number)
    }
}

fn is_identifier(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
