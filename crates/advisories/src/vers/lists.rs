//! Ranges that are lists: of gems (<https://guides.rubygems.org/patterns/#pessimistic-version-constraint>), of Python
//! (<https://peps.python.org/pep-0440/#version-specifiers>), of Maven (<https://maven.apache.org/pom.html#dependency-version-requirement-specification>),
//! of NuGet (<https://learn.microsoft.com/nuget/concepts/package-versioning#version-ranges>), and those in the security
//! advisories of OpenSSL and nginx.

use super::native::{Native, condition, interval};
use super::{Comparator, Constraint};
use crate::version::{Unordered, VersionOrder};

/// A range of gems: `>= 1.0, < 2.0`, `~> 2.0.8`.
pub(super) fn gem(order: VersionOrder, range: &str) -> Result<Option<Native>, Unordered> {
    let read = |text: &str| match text.strip_prefix("~>") {
        Some(version) => {
            let version = version.trim();
            let numbers = version.split('.').map_while(|part| part.parse().ok()).collect::<Vec<u64>>();
            let kept =
                numbers.get(..numbers.len().saturating_sub(1)).filter(|kept| !kept.is_empty()).unwrap_or(&numbers);
            Some(vec![condition(Comparator::GreaterOrEqual, version), condition(Comparator::Less, next(kept)?)])
        }
        None => Some(vec![plain(text)?]),
    };
    all_of(order, range, read)
}

/// A range of Python: `>=1.0,<2.0`, `~=2.2`, `==1.4.*`. `!=1.4.*` divides a range, and is read where it stands alone.
pub(super) fn pypi(order: VersionOrder, range: &str) -> Result<Option<Native>, Unordered> {
    if let Some(prefix) = range.trim().strip_prefix("!=").and_then(|version| version.trim().strip_suffix(".*")) {
        let Some([start, end]) = versions_of(prefix) else { return Ok(None) };
        let before = interval(order, &[condition(Comparator::Less, start)])?;
        let after = interval(order, &[condition(Comparator::GreaterOrEqual, end)])?;
        return Ok(Some(Native { intervals: vec![before, after], excluded: Vec::new() }));
    }
    all_of(order, range, |text| {
        if let Some(version) = text.strip_prefix("~=") {
            let version = version.trim();
            let (prefix, _) = release(version).rsplit_once('.')?;
            let [_, end] = versions_of(prefix)?;
            return Some(vec![condition(Comparator::GreaterOrEqual, version), condition(Comparator::Less, end)]);
        }
        let text = text.strip_prefix("===").map_or(text.to_owned(), |version| format!("=={version}"));
        if let Some(prefix) = text.strip_prefix("==").and_then(|version| version.trim().strip_suffix(".*")) {
            let [start, end] = versions_of(prefix)?;
            return Some(vec![condition(Comparator::GreaterOrEqual, start), condition(Comparator::Less, end)]);
        }
        let has_sign = text.starts_with(['<', '>', '=', '!']);
        plain(&text).filter(|_| has_sign).map(|condition| vec![condition])
    })
}

/// The numbers of the release, without what follows them.
fn release(version: &str) -> &str {
    let end =
        version.find(|letter: char| !letter.is_ascii_digit() && !matches!(letter, '.' | '!')).unwrap_or(version.len());
    version.get(..end).unwrap_or(version).trim_end_matches('.')
}

/// The first version that begins with these numbers, and the first behind all of those.
fn versions_of(prefix: &str) -> Option<[String; 2]> {
    let (epoch, numbers) =
        prefix.split_once('!').map_or((String::new(), prefix), |(epoch, numbers)| (format!("{epoch}!"), numbers));
    let numbers = numbers.split('.').map(|part| part.parse().ok()).collect::<Option<Vec<u64>>>()?;
    Some([format!("{prefix}.dev0"), format!("{epoch}{}.dev0", next(&numbers)?)])
}

/// Numbers of which the last is the next one.
fn next(numbers: &[u64]) -> Option<String> {
    let (last, before) = numbers.split_last()?;
    let next = last.checked_add(1)?;
    Some(before.iter().chain([&next]).map(u64::to_string).collect::<Vec<_>>().join("."))
}

fn all_of(
    order: VersionOrder,
    range: &str,
    read: impl Fn(&str) -> Option<Vec<Constraint>>,
) -> Result<Option<Native>, Unordered> {
    let conditions = range.split(',').map(|text| read(text.trim())).collect::<Option<Vec<_>>>();
    conditions.map(|conditions| Native::all_of(order, conditions.concat())).transpose()
}

/// A sign and a version; no sign is `=`.
fn plain(text: &str) -> Option<Constraint> {
    let (comparator, version) = Comparator::split(text);
    (!version.is_empty()).then(|| condition(comparator, version))
}

/// Intervals in brackets: `[1.0,2.0)`, `(,1.0],[1.2,)`, `[1.0]`. A version alone is a minimum to NuGet; to Maven it is a wish
/// that excludes nothing, and no range.
pub(super) fn bracketed(order: VersionOrder, range: &str) -> Result<Option<Native>, Unordered> {
    let mut native = Native::default();
    let mut rest = range.trim();
    if order == VersionOrder::NuGet && !rest.starts_with(['[', '(']) && !rest.contains(['*', ',']) {
        native.intervals.push(interval(order, &[condition(Comparator::GreaterOrEqual, rest)])?);
        return Ok(Some(native));
    }
    while !rest.is_empty() {
        let Some((conditions, after)) = bracket(rest) else { return Ok(None) };
        native.intervals.push(interval(order, &conditions)?);
        rest = after.trim_start();
        match rest.strip_prefix(',') {
            Some(after) if !after.trim().is_empty() => rest = after.trim_start(),
            Some(_) => return Ok(None),
            None if rest.is_empty() => break,
            None => return Ok(None),
        }
    }
    Ok((!native.intervals.is_empty()).then_some(native))
}

/// The first interval, and what follows it.
fn bracket(text: &str) -> Option<(Vec<Constraint>, &str)> {
    let end = text.find([']', ')'])?;
    let (inside, after) = text.split_at_checked(end)?;
    let lower = if inside.starts_with('[') { Comparator::GreaterOrEqual } else { Comparator::Greater };
    let upper = if after.starts_with(']') { Comparator::LessOrEqual } else { Comparator::Less };
    let inside = inside.strip_prefix(['[', '('])?;
    let is_exact = lower == Comparator::GreaterOrEqual && upper == Comparator::LessOrEqual;
    let conditions = match inside.split_once(',') {
        Some((start, end)) => [(lower, start.trim()), (upper, end.trim())].to_vec(),
        None if is_exact => vec![(Comparator::Equal, inside.trim())],
        None => return None,
    };
    let given =
        conditions.into_iter().filter(|(comparator, version)| *comparator == Comparator::Equal || !version.is_empty());
    Some((given.map(|(comparator, version)| condition(comparator, version)).collect(), after.get(1..)?))
}

/// Versions between commas.
pub(super) fn openssl(order: VersionOrder, range: &str) -> Result<Option<Native>, Unordered> {
    any_of(order, range, |version| Some(vec![condition(Comparator::Equal, version)]))
}

/// Versions, intervals (`0.7.52-0.8.39`) and beginnings (`1.4.1+`). A stable branch, one with an even second number, ends with
/// its own numbers; the main line goes on.
pub(super) fn nginx(order: VersionOrder, range: &str) -> Result<Option<Native>, Unordered> {
    match range.trim() {
        "all" => return Ok(Some(Native { intervals: vec![interval(order, &[])?], excluded: Vec::new() })),
        "none" => return Ok(Some(Native::default())),
        _ => {}
    }
    any_of(order, range, |text| {
        if let Some(version) = text.strip_suffix('+') {
            let numbers = version.split('.').map(|part| part.parse().ok()).collect::<Option<Vec<u64>>>()?;
            let [major, minor, _] = numbers[..] else { return None };
            let mut conditions = vec![condition(Comparator::GreaterOrEqual, version)];
            if minor % 2 == 0 {
                conditions.push(condition(Comparator::Less, format!("{major}.{}.0", minor.checked_add(1)?)));
            }
            return Some(conditions);
        }
        Some(match text.split_once('-') {
            Some((start, end)) => {
                vec![condition(Comparator::GreaterOrEqual, start), condition(Comparator::LessOrEqual, end)]
            }
            None => vec![condition(Comparator::Equal, text)],
        })
    })
}

fn any_of(
    order: VersionOrder,
    range: &str,
    read: impl Fn(&str) -> Option<Vec<Constraint>>,
) -> Result<Option<Native>, Unordered> {
    let mut native = Native::default();
    for text in range.split(',') {
        let Some(conditions) = read(text.trim()) else { return Ok(None) };
        native.intervals.push(interval(order, &conditions)?);
    }
    Ok(Some(native))
}
