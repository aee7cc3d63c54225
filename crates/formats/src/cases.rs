//! What the readers of test reports share: how a case ends, how cases are counted and compared with the totals that a
//! document states, and how durations and instants are written.

use crate::xml::Element;
use crate::{ReadError, text};
use shipworthy_model::{Report, TestFailure, Tests, Tool, Warning};
use std::collections::HashSet;

/// How a case ended, the better before the worse: a case that says several things ended with the worst of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Outcome {
    /// It did what was expected.
    Passed,
    /// It did not run, or says nothing of whether it passed.
    Skipped,
    /// An expectation of it did not hold.
    Failed,
    /// It broke otherwise.
    Errored,
}

/// The cases of a document, as they are counted.
#[derive(Debug, Default)]
pub(crate) struct Cases {
    /// What was counted.
    pub(crate) tests: Tests,
    /// What could not be used.
    pub(crate) warnings: Vec<Warning>,
    /// How many of the cases are none, but stand for what broke outside of them.
    pub(crate) outside: u64,
    suites: HashSet<String>,
}

impl Cases {
    /// Counts a case of the suite `suite`.
    pub(crate) fn count(&mut self, outcome: Outcome, suite: &str, name: &str, message: Option<String>) {
        if !self.suites.contains(suite) {
            self.suites.insert(suite.to_owned());
        }
        self.add(outcome, suite, name, message);
    }

    /// Counts cases that passed and of which nothing else is known.
    pub(crate) fn add_passed(&mut self, suite: &str, count: u64) {
        if count > 0 {
            self.suites.insert(suite.to_owned());
        }
        self.tests.passed += count;
        self.tests.total += count;
    }

    /// Counts what broke outside of the cases, such as the set-up of a suite or the run itself, as one case in error.
    pub(crate) fn count_outside(&mut self, suite: &str, what: &str, message: Option<String>) {
        self.outside += 1;
        self.add(Outcome::Errored, suite, &format!("({what})"), message);
    }

    fn add(&mut self, outcome: Outcome, suite: &str, name: &str, message: Option<String>) {
        let Tests { total, passed, failed, errors, skipped, failures, .. } = &mut self.tests;
        *total += 1;
        match outcome {
            Outcome::Passed => *passed += 1,
            Outcome::Skipped => *skipped += 1,
            Outcome::Failed => *failed += 1,
            Outcome::Errored => *errors += 1,
        }
        if outcome >= Outcome::Failed {
            failures.push(TestFailure { suite: suite.to_owned(), name: name.to_owned(), message });
        }
    }

    /// Adds the time that a case took, in seconds.
    pub(crate) fn took(&mut self, seconds: Option<f64>) {
        self.tests.duration_seconds = sum(self.tests.duration_seconds, seconds);
    }

    /// Notes something that could not be used, or that a reader of the counts should know.
    pub(crate) fn warn(&mut self, at: impl Into<String>, message: impl Into<String>) {
        self.warnings.push(Warning { at: at.into(), message: message.into() });
    }

    /// The seconds in `text`, by `parse`; nothing where it is absent or blank, with a warning where it is no duration.
    pub(crate) fn seconds(&mut self, text: Option<&str>, at: &str, parse: fn(&str) -> Option<f64>) -> Option<f64> {
        let text = text.filter(|text| !text.trim().is_empty())?;
        let seconds = parse(text);
        if seconds.is_none() {
            let message = format!("expected a duration, found `{}`", text::title(text).unwrap_or_default());
            self.warn(at, message);
        }
        seconds
    }

    /// Warns where a document states other totals than its cases have. Each is a name, what is stated, what was counted.
    pub(crate) fn compare(&mut self, at: impl Into<String>, totals: &[(&str, Option<u64>, u64)]) {
        let differing = totals.iter().filter_map(|(name, stated, counted)| {
            let stated = stated.filter(|stated| stated != counted)?;
            Some(format!("{stated} {name} where {counted} are"))
        });
        let differing: Vec<_> = differing.collect();
        if !differing.is_empty() {
            self.warn(at, format!("the document states {}; the cases are counted", differing.join(" and ")));
        }
    }

    /// How many cases failed or broke.
    pub(crate) fn broken(&self) -> u64 {
        self.tests.failed + self.tests.errors
    }

    /// The report about the cases, as `tool` wrote it.
    pub(crate) fn into_report(self, tool: &str, version: Option<String>) -> Report {
        let Self { mut tests, warnings, suites, outside: _ } = self;
        tests.suites = suites.len() as u64;
        // Sums of decimal fractions are not quite decimal fractions; nobody measures less than a nanosecond.
        tests.duration_seconds = tests.duration_seconds.map(|seconds| (seconds * 1e9).round() / 1e9);
        let tool = Some(Tool { name: tool.to_owned(), version });
        Report { tool, tests: Some(tests), warnings, ..Report::default() }
    }
}

/// The count that an attribute states.
pub(crate) fn stated_count(element: &Element, attribute: &str) -> Option<u64> {
    element.attribute(attribute).and_then(|text| text.trim().parse().ok())
}

/// Refuses a document with another root than `expected`.
pub(crate) fn expect_root(root: &Element, what: &'static str, expected: &[&str]) -> Result<(), ReadError> {
    if expected.contains(&root.name.as_str()) {
        return Ok(());
    }
    let message = format!("expected the root `{}`, found `{}`", expected.join("` or `"), root.name);
    Err(ReadError::lacks(what, "its root", message))
}

/// What a failure says, for people; nothing where it says nothing.
pub(crate) fn said(message: &str) -> Option<String> {
    Some(message.trim()).filter(|message| !message.is_empty()).map(|message| text::capped(message.to_owned()))
}

/// The instant in `text`, in UTC; nothing where it has no zone, because then it is no instant.
pub(crate) fn instant(text: &str) -> Option<String> {
    text.trim().parse::<jiff::Timestamp>().ok().map(|instant| instant.to_string())
}

/// The instant so many milliseconds after the beginning of 1970. Zero is what tools without a clock write.
pub(crate) fn instant_of_milliseconds(milliseconds: f64) -> Option<String> {
    /// Beyond it, the year has five digits.
    const LAST: f64 = 253_402_300_799_999.0;
    if !(1.0..=LAST).contains(&milliseconds) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "milliseconds up to the year 9999 are whole in 64 bits")]
    let instant = jiff::Timestamp::from_millisecond(milliseconds as i64);
    Some(instant.ok()?.to_string())
}

/// Seconds, with the separators of the tool's locale: `2,503.1` is Surefire's two thousand, `0,25` a decimal comma.
pub(crate) fn seconds_in(text: &str) -> Option<f64> {
    let text = text.trim();
    let is_grouped = |text: &str| {
        let mut groups = text.split(',');
        let first = groups.next().unwrap_or_default();
        matches!(first.len(), 1..=3) && first != "0" && groups.all(|group| group.len() == 3)
    };
    let plain = match text.split_once('.') {
        _ if !text.contains(',') => text.to_owned(),
        Some((whole, _)) if is_grouped(whole) => text.replace(',', ""),
        None if is_grouped(text) => text.replace(',', ""),
        None if text.matches(',').count() == 1 => text.replace(',', "."),
        _ => return None,
    };
    plain.parse::<f64>().ok().and_then(plausible)
}

/// The seconds in a time as a clock shows it, such as `00:00:01.0500000` or `1.02:03:04` with days.
pub(crate) fn clock(text: &str) -> Option<f64> {
    let mut parts = text.trim().split(':');
    let (first, minutes, seconds) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let (days, hours) = first.split_once('.').unwrap_or(("0", first));
    let number = |text: &str| text.parse::<u32>().ok().map(f64::from);
    let whole = number(days)? * 86_400.0 + number(hours)? * 3_600.0 + number(minutes)? * 60.0;
    seconds.replace(',', ".").parse::<f64>().ok().and_then(plausible).map(|seconds| whole + seconds)
}

/// The seconds in milliseconds.
pub(crate) fn milliseconds(text: &str) -> Option<f64> {
    text.trim().parse::<f64>().ok().map(|milliseconds| milliseconds / 1_000.0).and_then(plausible)
}

/// The duration, unless it is less than nothing or more than any number.
pub(crate) fn plausible(seconds: f64) -> Option<f64> {
    Some(seconds).filter(|seconds| seconds.is_finite() && *seconds >= 0.0)
}

/// The sum of two durations of which either may be unknown.
pub(crate) fn sum(one: Option<f64>, other: Option<f64>) -> Option<f64> {
    match (one, other) {
        (Some(one), Some(other)) => Some(one + other),
        (one, other) => one.or(other),
    }
}

#[cfg(test)]
mod tests {
    use super::{clock, instant, seconds_in};

    #[test]
    fn seconds_are_read_with_the_separators_of_any_locale() {
        for (text, expected) in [
            ("0.25", Some(0.25)),
            ("0,25", Some(0.25)),
            ("0,123", Some(0.123)),
            ("12,5", Some(12.5)),
            ("1,234", Some(1234.0)),
            ("2,503.1", Some(2503.1)),
            ("1,234,567.5", Some(1_234_567.5)),
            ("1e-3", Some(0.001)),
            (" 3 ", Some(3.0)),
            ("-1", None),
            ("NaN", None),
            ("inf", None),
            ("1e400", None),
            ("1,2,3", None),
            ("soon", None),
        ] {
            assert_eq!(seconds_in(text), expected, "{text}");
        }
    }

    #[test]
    fn a_time_of_a_clock_is_a_duration() {
        for (text, expected) in [
            ("00:00:01.5000000", Some(1.5)),
            ("1.02:03:04", Some(93_784.0)),
            ("00:01:00,25", Some(60.25)),
            ("01:02", None),
            ("00:00:00:01", None),
            ("00:00:-1", None),
        ] {
            assert_eq!(clock(text), expected, "{text}");
        }
    }

    #[test]
    fn instants_have_a_zone() {
        assert_eq!(instant("2021-04-20T21:20:35.5+02:00").as_deref(), Some("2021-04-20T19:20:35.5Z"));
        assert_eq!(instant("2021-06-28 20:23:41Z").as_deref(), Some("2021-06-28T20:23:41Z"));
        assert_eq!(instant("2021-06-28T20:23:41"), None);
    }
}
