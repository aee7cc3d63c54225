//! The Test Anything Protocol: lines of `ok` and `not ok`, with plans, directives, diagnostics in YAML and subtests. What
//! is counted are the innermost test points; one that sums up its subtests is counted where it fails and none of them did.

use crate::cases::{Cases, Outcome, milliseconds, said};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};
use std::collections::BTreeMap;

/// The specification: <https://testanything.org/tap-version-14-specification.html>.
pub(crate) static FORMAT: Format = Format {
    name: "tap",
    title: "Test Anything Protocol (TAP)",
    homepage: "https://testanything.org/tap-version-14-specification.html",
    phase: Phase::Build,
    tool: "tap",
    reads: "text of the versions 12, 13 and 14, with subtests indented by four spaces, buffered ones in braces too",
    identifies: "",
    severities: "",
    marks: &["TAP version"],
    recognises,
    read,
};

/// The first line that is no comment is the version, the plan or a test point.
fn recognises(probe: &Probe) -> bool {
    let text = String::from_utf8_lossy(probe.head);
    let mut lines = text.lines().map(str::trim_end).filter(|line| !line.is_empty() && !line.starts_with('#'));
    probe.is_text()
        && lines.next().is_some_and(|line| {
            let is_point = Point::of(line).is_some_and(|point| point.is_numbered || point.has_dash);
            line.starts_with("TAP version ") || plan(line).is_some() || is_point
        })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let at = format!("byte {}", error.valid_up_to());
        ReadError::lacks("TAP document", &at, "expected UTF-8")
    })?;
    let mut reader = Reader { levels: vec![Level::default()], ..Reader::default() };
    for (index, line) in text.lines().enumerate() {
        reader.line(line, index + 1);
    }
    reader.finish();
    if !reader.is_tap {
        return Err(ReadError::lacks("TAP document", "its lines", "expected a version, a plan or a test point"));
    }
    Ok(reader.cases.into_report("tap", None))
}

#[derive(Default)]
struct Reader {
    cases: Cases,
    /// The test sets that are open: the document, the subtest in it, the subtest in that.
    levels: Vec<Level>,
    /// What comments call the subtests that may follow, by their depth.
    names: BTreeMap<usize, String>,
    /// The diagnostics that are read, by how far they are indented, and whether the next line goes on with a message.
    diagnostics: Option<(usize, bool)>,
    /// Whether the last test point was counted as a failure, which the diagnostics after it explain.
    explains_failure: bool,
    /// The time that the document states of the whole.
    stated_seconds: Option<f64>,
    has_bailed_out: bool,
    is_tap: bool,
}

#[derive(Default)]
struct Level {
    /// What the subtest is called, where a comment says so.
    name: String,
    /// How many test points were planned.
    planned: Option<u64>,
    points: u64,
    /// How many cases had failed or broken when it began.
    broken_before: u64,
    /// A test point whose subtests follow it in braces.
    opened_by: Option<(String, Outcome)>,
}

impl Reader {
    fn line(&mut self, line: &str, number: usize) {
        let content = line.trim_start();
        let indent = line.len() - content.len();
        let content = content.trim_end();
        if let Some((at, _)) = self.diagnostics {
            if content == "..." && indent <= at {
                self.diagnostics = None;
            } else {
                self.diagnostic(content, indent);
            }
            return;
        }
        if content == "---" && indent % 4 == 2 {
            self.diagnostics = Some((indent, false));
        } else if content == "}" {
            self.close(indent / 4, number);
        } else if let Some(point) = Point::of(content).filter(|_| self.is_place(indent)) {
            self.point(&point, indent / 4, number);
        } else if let Some((planned, reason)) = plan(content).filter(|_| self.is_place(indent)) {
            self.is_tap = true;
            self.open(indent / 4);
            if let Some(level) = self.levels.last_mut() {
                level.planned = Some(planned);
            }
            if planned == 0 && indent == 0 {
                self.cases.warn(place(number), format!("nothing was run: {}", reason.unwrap_or("no reason is given")));
            }
        } else if let Some(reason) = content.strip_prefix("Bail out!") {
            self.is_tap = true;
            self.has_bailed_out = true;
            self.cases.count_outside("", "the run itself", said(&format!("Bail out! {}", reason.trim())));
        } else if let Some(comment) = content.strip_prefix('#') {
            self.comment(comment.trim(), indent / 4);
        } else {
            self.is_tap |= content.starts_with("TAP version ");
        }
    }

    fn comment(&mut self, comment: &str, depth: usize) {
        if let Some(name) = comment.strip_prefix("Subtest:") {
            self.names.insert(depth + 1, name.trim().to_owned());
        } else if depth == 0 {
            let stated = comment.strip_prefix("duration_ms ").or(comment.strip_prefix("time="));
            let seconds = stated.and_then(|text| milliseconds(text.trim_end_matches("ms")));
            self.stated_seconds = seconds.or(self.stated_seconds);
        }
    }

    /// Makes the level `depth` the innermost one that is open.
    fn open(&mut self, depth: usize) {
        self.levels.truncate(depth + 1);
        while self.levels.len() <= depth {
            // A comment names the subtest that is indented below it; before version 14 it was indented itself.
            let level = self.levels.len();
            let name = self.names.remove(&level).or_else(|| self.names.remove(&(level + 1))).unwrap_or_default();
            self.levels.push(Level { name, broken_before: self.cases.broken(), ..Level::default() });
        }
    }

    /// Whether a line may belong to a test set at that depth: below the innermost one there is at most one more, or as
    /// many as comments announce.
    fn is_place(&self, indent: usize) -> bool {
        let depth = indent / 4;
        indent.is_multiple_of(4) && (depth <= self.levels.len() || self.names.contains_key(&self.levels.len()))
    }

    fn point(&mut self, point: &Point, depth: usize, number: usize) {
        self.is_tap = true;
        self.explains_failure = false;
        let outcome = point.outcome();
        if point.opens_block {
            self.open(depth);
            self.levels.push(Level {
                opened_by: Some((point.description.to_owned(), outcome)),
                name: point.description.to_owned(),
                broken_before: self.cases.broken(),
                ..Level::default()
            });
            return;
        }
        let subtest = self.finish_below(depth, number);
        self.open(depth);
        self.names.clear();
        let name = if point.description.is_empty() { point.number.to_owned() } else { point.description.to_owned() };
        self.sum_up(&name, outcome, subtest);
    }

    /// Ends what is deeper than `depth`, and says of the subtest there how many cases were broken before it.
    fn finish_below(&mut self, depth: usize, number: usize) -> Option<u64> {
        let mut subtest = None;
        while self.levels.len() > depth + 1 {
            let Some(level) = self.levels.pop() else { break };
            self.check_plan(&level, number);
            subtest = Some(level.broken_before).filter(|_| level.points > 0);
        }
        subtest
    }

    /// Counts a test point of the innermost level, unless it only sums up its subtests.
    fn sum_up(&mut self, name: &str, outcome: Outcome, subtest: Option<u64>) {
        let suite = self.levels.iter().map(|level| level.name.as_str()).filter(|name| !name.is_empty());
        let suite = suite.collect::<Vec<_>>().join(" > ");
        if let Some(level) = self.levels.last_mut() {
            level.points += 1;
        }
        let is_told = subtest.is_some_and(|before| outcome < Outcome::Failed || self.cases.broken() > before);
        if !is_told {
            self.cases.count(outcome, &suite, name, None);
            self.explains_failure = outcome >= Outcome::Failed;
        }
    }

    /// Ends a block of subtests in braces.
    fn close(&mut self, depth: usize, number: usize) {
        let is_open = |level: &Level| level.opened_by.is_some();
        if self.levels.len() <= depth + 1 || !self.levels.get(depth + 1).is_some_and(is_open) {
            return;
        }
        let opened_by = self.levels.get_mut(depth + 1).and_then(|level| level.opened_by.take());
        let subtest = self.finish_below(depth, number);
        if let Some((name, outcome)) = opened_by {
            self.sum_up(&name, outcome, subtest);
        }
    }

    /// A set that has another number of test points than it planned has failed.
    fn check_plan(&mut self, level: &Level, number: usize) {
        let Some(planned) = level.planned.filter(|planned| *planned != level.points && !self.has_bailed_out) else {
            return;
        };
        let message = format!("{planned} tests were planned, {} ran", level.points);
        self.cases.warn(place(number), format!("{message}; counted as one case in error"));
        self.cases.count_outside(&level.name, "the plan", Some(message));
    }

    fn finish(&mut self) {
        self.finish_below(0, 0);
        if let Some(level) = self.levels.pop() {
            self.check_plan(&level, 0);
        }
        let stated = self.stated_seconds;
        self.cases.tests.duration_seconds = stated.or(self.cases.tests.duration_seconds);
    }

    /// Reads a line of the diagnostics after a test point. Only their own keys are looked at, not what is in them.
    fn diagnostic(&mut self, line: &str, indent: usize) {
        let Some((at, goes_on)) = self.diagnostics else { return };
        if goes_on {
            self.diagnostics = Some((at, false));
            self.explain(line);
            return;
        }
        let Some((key, value)) = line.split_once(':').filter(|_| indent == at) else { return };
        let value = value.trim();
        match key {
            "message" | "error" if matches!(value, "|" | "|-" | ">" | ">-") => self.diagnostics = Some((at, true)),
            "message" | "error" => self.explain(value),
            "duration_ms" if at == 2 => self.cases.took(milliseconds(value)),
            _ => {}
        }
    }

    fn explain(&mut self, text: &str) {
        let quoted = |quote: char| text.strip_prefix(quote).and_then(|text| text.strip_suffix(quote));
        let text = quoted('\'').or_else(|| quoted('"')).unwrap_or(text);
        if let Some(failure) = self.cases.tests.failures.last_mut().filter(|_| self.explains_failure) {
            failure.message = failure.message.take().or_else(|| said(text));
        }
    }
}

/// A line with the result of a test.
struct Point<'a> {
    is_ok: bool,
    is_numbered: bool,
    has_dash: bool,
    number: &'a str,
    description: &'a str,
    directive: &'a str,
    opens_block: bool,
}

impl<'a> Point<'a> {
    fn of(line: &'a str) -> Option<Self> {
        let (is_ok, rest) = match line.strip_prefix("not ok") {
            Some(rest) => (false, rest),
            None => (true, line.strip_prefix("ok")?),
        };
        if !rest.is_empty() && !rest.starts_with(' ') {
            return None;
        }
        let (rest, opens_block) = rest.strip_suffix(" {").map_or((rest, false), |rest| (rest, true));
        let rest = rest.trim();
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = rest.split_at(length);
        let (description, directive) = split_directive(rest.trim());
        let has_dash = description.starts_with("- ");
        let description = description.strip_prefix('-').unwrap_or(description).trim();
        Some(Self { is_ok, is_numbered: length > 0, has_dash, number, description, directive, opens_block })
    }

    /// What is still to be done is expected to fail, and no failure.
    fn outcome(&self) -> Outcome {
        let is = |word: &str| self.directive.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
        match self.is_ok {
            _ if is("skip") => Outcome::Skipped,
            false if is("todo") => Outcome::Skipped,
            true => Outcome::Passed,
            false => Outcome::Failed,
        }
    }
}

/// The description and the directive after ` # `; a `#` with a backslash is part of the description.
fn split_directive(text: &str) -> (&str, &str) {
    if let Some(directive) = text.strip_prefix('#') {
        return ("", directive.trim());
    }
    text.split_once(" #").map_or((text, ""), |(description, directive)| (description.trim(), directive.trim()))
}

/// The number of planned tests and the reason why they are none.
fn plan(line: &str) -> Option<(u64, Option<&str>)> {
    let rest = line.strip_prefix("1..")?;
    let (number, comment) = rest.split_once('#').map_or((rest, None), |(number, comment)| (number, Some(comment)));
    Some((number.trim().parse().ok()?, comment.map(str::trim)))
}

fn place(number: usize) -> String {
    if number == 0 { "the end".to_owned() } else { format!("line {number}") }
}
