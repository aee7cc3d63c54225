//! Ranges of npm (<https://github.com/npm/node-semver#ranges>) and of Conan
//! (<https://docs.conan.io/2/tutorial/versioning/version_ranges.html>): alternatives, each of several comparators.
//!
//! npm keeps versions that come before a release out of a range unless a comparator names one of the same three numbers. No
//! notation for ranges but its own can say that; here `^1.2.3` is `>=1.2.3` and `<2.0.0`.

use super::native::{Native, condition, interval};
use super::{Comparator, Constraint};
use crate::version::{Unordered, VersionOrder};

/// A range of npm.
pub(super) fn npm(order: VersionOrder, range: &str) -> Result<Option<Native>, Unordered> {
    alternatives(order, range, |alternative| match alternative.split_once(" - ") {
        Some((first, last)) => {
            Some([at_least(&Partial::parse(first.trim())?), up_to(&Partial::parse(last.trim())?)].concat())
        }
        None => Some(comparators(alternative).map(npm_comparator).collect::<Option<Vec<_>>>()?.concat()),
    })
}

/// A range of Conan; what follows a comma is an option of the resolver.
pub(super) fn conan(order: VersionOrder, range: &str) -> Result<Option<Native>, Unordered> {
    let range = range.trim().trim_start_matches('[').trim_end_matches(']');
    let range = range.split_once(',').map_or(range, |(range, _)| range);
    alternatives(order, range, |alternative| {
        if matches!(alternative, "" | "*") {
            return Some(vec![condition(Comparator::GreaterOrEqual, "0.0.0")]);
        }
        Some(comparators(alternative).map(conan_comparator).collect::<Option<Vec<_>>>()?.concat())
    })
}

fn alternatives(
    order: VersionOrder,
    range: &str,
    read: impl Fn(&str) -> Option<Vec<Constraint>>,
) -> Result<Option<Native>, Unordered> {
    let mut native = Native::default();
    for alternative in range.split("||") {
        let Some(conditions) = read(alternative.trim()) else { return Ok(None) };
        native.intervals.push(interval(order, &conditions)?);
    }
    Ok(Some(native))
}

/// The comparators of an alternative: a sign, which blanks may follow, and a version.
fn comparators(alternative: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = alternative.trim_start();
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let sign_end = rest.find(|letter| !matches!(letter, '<' | '>' | '=' | '~' | '^')).unwrap_or(rest.len());
        let (sign, after) = rest.split_at_checked(sign_end)?;
        let after = after.trim_start();
        let version_end =
            after.find(|letter: char| letter.is_whitespace() || matches!(letter, '<' | '>' | '=' | '~' | '^'));
        let (version, after) = after.split_at_checked(version_end.unwrap_or(after.len()))?;
        rest = after.trim_start();
        Some((sign, version))
    })
}

fn npm_comparator((sign, version): (&str, &str)) -> Option<Vec<Constraint>> {
    let partial = Partial::parse(version)?;
    let given = partial.numbers.len();
    let nothing = vec![condition(Comparator::Less, "0.0.0-0")];
    Some(match sign {
        "" | "=" if given == 3 => vec![condition(Comparator::Equal, partial.lower())],
        "" | "=" => [at_least(&partial), up_to(&partial)].concat(),
        ">=" => at_least(&partial),
        "<=" => up_to(&partial),
        ">" | "<" if given == 0 => nothing,
        "<" => vec![condition(Comparator::Less, partial.lower())],
        ">" if given == 3 => vec![condition(Comparator::Greater, partial.lower())],
        ">" => vec![condition(Comparator::GreaterOrEqual, partial.after(given.checked_sub(1)?)?)],
        "~" | "~>" | "^" if given == 0 => Vec::new(),
        "~" | "~>" => [at_least(&partial), partial.before(1.min(given - 1))?].concat(),
        "^" => [at_least(&partial), partial.before(partial.first_that_counts())?].concat(),
        _ => return None,
    })
}

fn at_least(partial: &Partial<'_>) -> Vec<Constraint> {
    let is_any = partial.numbers.is_empty();
    if is_any { Vec::new() } else { vec![condition(Comparator::GreaterOrEqual, partial.lower())] }
}

fn up_to(partial: &Partial<'_>) -> Vec<Constraint> {
    match partial.numbers.len() {
        0 => Vec::new(),
        3 => vec![condition(Comparator::LessOrEqual, partial.lower())],
        given => partial.before(given - 1).unwrap_or_default(),
    }
}

/// A version of npm of which numbers at the end may be missing or `x`.
struct Partial<'a> {
    numbers: Vec<u64>,
    label: &'a str,
}

impl<'a> Partial<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim_start_matches(['=', 'v', 'V']);
        let text = text.split_once('+').map_or(text, |(text, _)| text);
        let numbers_end = text.find('-').unwrap_or(text.len());
        let (numbers, label) = text.split_at_checked(numbers_end)?;
        let parts: Vec<_> = numbers.split('.').collect();
        if parts.len() > 3 || (text.is_empty() && !label.is_empty()) {
            return None;
        }
        let is_open = |part: &str| matches!(part, "x" | "X" | "*");
        let given =
            if text.is_empty() { 0 } else { parts.iter().position(|part| is_open(part)).unwrap_or(parts.len()) };
        let (numbers, open) = parts.split_at_checked(given)?;
        if !text.is_empty() && !open.iter().all(|part| is_open(part)) {
            return None;
        }
        let number = |part: &&str| part.parse().ok().filter(|_| part.bytes().all(|byte| byte.is_ascii_digit()));
        let read = numbers.iter().map(number).collect::<Option<Vec<u64>>>()?;
        Some(Self { label: if read.len() == 3 { label } else { "" }, numbers: read })
    }

    /// The first version that is meant.
    fn lower(&self) -> String {
        let number = |at: usize| self.numbers.get(at).copied().unwrap_or(0);
        format!("{}.{}.{}{}", number(0), number(1), number(2), self.label)
    }

    /// The first version in which the number at this place is the next one.
    fn after(&self, place: usize) -> Option<String> {
        let mut numbers = [0; 3];
        for (at, (number, given)) in numbers.iter_mut().zip(&self.numbers).enumerate() {
            match at.cmp(&place) {
                std::cmp::Ordering::Less => *number = *given,
                std::cmp::Ordering::Equal => *number = given.checked_add(1)?,
                std::cmp::Ordering::Greater => {}
            }
        }
        let [major, minor, patch] = numbers;
        Some(format!("{major}.{minor}.{patch}"))
    }

    fn before(&self, place: usize) -> Option<Vec<Constraint>> {
        Some(vec![condition(Comparator::Less, self.after(place)?)])
    }

    /// The place of the first number that is not zero, or the last place that is given.
    fn first_that_counts(&self) -> usize {
        let last = self.numbers.len().saturating_sub(1);
        self.numbers.iter().position(|number| *number != 0).unwrap_or(last)
    }
}

fn conan_comparator((sign, version): (&str, &str)) -> Option<Vec<Constraint>> {
    let version = version.strip_suffix('-').unwrap_or(version);
    if version.is_empty() {
        return None;
    }
    let main = version.split(['-', '+']).next().unwrap_or(version);
    let numbers: Vec<&str> = main.split('.').collect();
    let comparator = match sign {
        "~" => return conan_interval(version, &numbers, 1.min(numbers.len() - 1)),
        "^" => {
            let counts = numbers.iter().position(|number| number.bytes().any(|digit| digit != b'0'));
            return conan_interval(version, &numbers, counts.unwrap_or(numbers.len() - 1));
        }
        "" | "=" => Comparator::Equal,
        ">" => Comparator::Greater,
        ">=" => Comparator::GreaterOrEqual,
        "<" => Comparator::Less,
        "<=" => Comparator::LessOrEqual,
        _ => return None,
    };
    Some(vec![condition(comparator, version)])
}

/// From a version to what comes before the next number at a place.
fn conan_interval(version: &str, numbers: &[&str], place: usize) -> Option<Vec<Constraint>> {
    let next = numbers.get(place)?.parse::<u64>().ok()?.checked_add(1)?.to_string();
    let kept = numbers.iter().take(place).copied().chain([next.as_str()]);
    let end = format!("{}-", kept.collect::<Vec<_>>().join("."));
    Some(vec![condition(Comparator::GreaterOrEqual, version), condition(Comparator::Less, end)])
}
