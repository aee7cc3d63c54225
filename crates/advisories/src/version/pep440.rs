//! Versions of Python packages, <https://peps.python.org/pep-0440/>. What is older than that specification and does not
//! follow it (`0.1-bulbasaur`) has no place in the order; Python's own tools refuse it too.

use super::Parse;
use super::number::{Number, split_while};

/// A version by PEP 440. The fields stand in the order in which they decide.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Version<'a> {
    epoch: Number<'a>,
    /// Without the zeros at its end.
    release: Vec<Number<'a>>,
    stage: Stage<'a>,
    /// None is before any.
    post: Option<Number<'a>>,
    development: Development<'a>,
    /// None is before any.
    local: Option<Vec<Local<'a>>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stage<'a> {
    /// `1.0.dev1`, which is before `1.0a1`.
    DevelopmentOnly,
    Alpha(Number<'a>),
    Beta(Number<'a>),
    Candidate(Number<'a>),
    Final,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Development<'a> {
    Snapshot(Number<'a>),
    Done,
}

/// One part behind the `+`: words are before numbers.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Local<'a> {
    Word(String),
    Number(Number<'a>),
}

impl<'a> Parse<'a> for Version<'a> {
    const EXPECTED: &'static str = "a version by PEP 440, such as `1!2.0.post1` or `1.0rc1`";

    fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let (text, local) = text.split_once('+').map_or((text, None), |(text, local)| (text, Some(local)));
        let (epoch, text) = text.split_once('!').unwrap_or(("0", text));
        let (release, rest) = release(text)?;
        let (stage, rest) = stage(rest);
        let (post, rest) = post(rest);
        let (snapshot, rest) = labelled(rest, &["dev"]);
        let stage = match (stage, post, snapshot) {
            (Some(stage), _, _) => stage,
            (None, None, Some(_)) => Stage::DevelopmentOnly,
            (None, _, _) => Stage::Final,
        };
        let local = match local {
            Some(local) => Some(local_parts(local)?),
            None => None,
        };
        let development = snapshot.map_or(Development::Done, Development::Snapshot);
        let epoch = Number::parse(epoch)?;
        rest.is_empty().then_some(Self { epoch, release, stage, post, development, local })
    }
}

/// The numbers at the beginning, without the zeros at their end, and what follows them.
fn release(text: &str) -> Option<(Vec<Number<'_>>, &str)> {
    let (digits, mut rest) = split_while(text, |byte| byte.is_ascii_digit());
    let mut numbers = vec![Number::parse(digits)?];
    while let Some(after) = rest.strip_prefix('.') {
        let (digits, further) = split_while(after, |byte| byte.is_ascii_digit());
        let Some(number) = Number::parse(digits) else { break };
        numbers.push(number);
        rest = further;
    }
    while numbers.last().is_some_and(|number| number.is_zero()) {
        numbers.pop();
    }
    Some((numbers, rest))
}

fn stage(text: &str) -> (Option<Stage<'_>>, &str) {
    if let (Some(number), rest) = labelled(text, &["alpha", "a"]) {
        return (Some(Stage::Alpha(number)), rest);
    }
    if let (Some(number), rest) = labelled(text, &["beta", "b"]) {
        return (Some(Stage::Beta(number)), rest);
    }
    let (number, rest) = labelled(text, &["preview", "pre", "rc", "c"]);
    (number.map(Stage::Candidate), rest)
}

fn post(text: &str) -> (Option<Number<'_>>, &str) {
    if let Some(after) = text.strip_prefix('-') {
        let (digits, rest) = split_while(after, |byte| byte.is_ascii_digit());
        if let Some(number) = Number::parse(digits) {
            return (Some(number), rest);
        }
    }
    labelled(text, &["post", "rev", "r"])
}

/// The number behind one of these words, zero if none stands there; separators may stand before and after the word.
fn labelled<'a>(text: &'a str, words: &[&str]) -> (Option<Number<'a>>, &'a str) {
    let separators = ['.', '-', '_'];
    let after = text.strip_prefix(separators).unwrap_or(text);
    let after_word = words.iter().find_map(|word| {
        let (start, rest) = after.split_at_checked(word.len())?;
        start.eq_ignore_ascii_case(word).then_some(rest)
    });
    let Some(rest) = after_word else { return (None, text) };
    let (digits, further) = split_while(rest.strip_prefix(separators).unwrap_or(rest), |byte| byte.is_ascii_digit());
    match Number::parse(digits) {
        Some(number) => (Some(number), further),
        None => (Some(Number::ZERO), rest),
    }
}

fn local_parts(text: &str) -> Option<Vec<Local<'_>>> {
    text.split(['.', '-', '_'])
        .map(|part| {
            let is_word = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
            is_word.then(|| Number::parse(part).map_or_else(|| Local::Word(part.to_ascii_lowercase()), Local::Number))
        })
        .collect()
}
