//! What linters and scanners of sources have in common: a rule, a message, a word for the severity and a place, and
//! documents that are lists of such problems.

use crate::json::{self, Object};
use crate::{ReadError, identity, severity, text};
use serde_json::value::RawValue;
use shipworthy_model::{Finding, FindingKind, Location, Report, Severity, Tool, Warning};

/// A problem as a tool tells it.
#[derive(Debug, Default)]
pub(crate) struct Problem {
    pub(crate) rule: String,
    pub(crate) message: Option<String>,
    /// The tool's word for how bad it is.
    pub(crate) word: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) line: Option<u32>,
    pub(crate) end_line: Option<u32>,
    /// The code or the name of the function, by which it is known when lines move. Without it, the message is taken.
    pub(crate) within: Option<String>,
}

/// Where in the objects of a tool the parts of a problem are, such as `location.row`; empty for what it does not have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Names {
    pub(crate) rule: &'static str,
    pub(crate) message: &'static str,
    pub(crate) word: &'static str,
    pub(crate) path: &'static str,
    pub(crate) line: &'static str,
    pub(crate) end_line: &'static str,
}

impl Names {
    /// The problem that an object tells. Without a rule it is the tool's own, such as that a file cannot be parsed.
    pub(crate) fn problem(&self, tool: &str, object: &Object<'_>) -> Problem {
        let text = |path: &str| object.text(path).filter(|_| !path.is_empty());
        let stated = |path: &'static str| if path.is_empty() { None } else { text(path) };
        Problem {
            rule: stated(self.rule).unwrap_or_else(|| tool.to_owned()),
            message: stated(self.message),
            word: stated(self.word),
            path: stated(self.path),
            line: stated(self.line).and_then(|line| first_line(&line)),
            end_line: stated(self.end_line).and_then(|line| first_line(&line)),
            within: None,
        }
    }
}

impl Problem {
    /// The finding, with the severity that the table has for the word of `tool`.
    pub(crate) fn finding(self, kind: FindingKind, tool: &str) -> Finding {
        let Self { rule, message, word, path, line, end_line, within } = self;
        let message = message.map(text::capped);
        let location = path.as_deref().map(|path| Location { path: relative(path), line, end_line });
        let said = || message.as_deref().unwrap_or_default().chars().filter(|c| !c.is_ascii_digit()).collect();
        let within = identity::of_code(&within.unwrap_or_else(said));
        let place = location.as_ref().map_or("", |location| location.path.as_str());
        let title = message.as_deref().and_then(text::title).unwrap_or_else(|| rule.clone());
        Finding {
            severity: word.as_deref().map_or(Severity::Unknown, |word| severity::of_word(tool, word)),
            severity_word: word,
            identity: identity::of_parts(&rule, &[place, &within]),
            description: message.filter(|message| *message != title),
            location,
            ..Finding::new(kind, rule, title)
        }
    }
}

/// A path as the repository has it, as far as the tool says so.
pub(crate) fn relative(path: &str) -> String {
    let path = path.trim();
    let path = path.strip_prefix("file://").unwrap_or(path);
    path.strip_prefix("./").filter(|rest| !rest.is_empty()).unwrap_or(path).to_owned()
}

/// The line that a text begins with: `79` or `79-81`. Lines count from 1.
pub(crate) fn first_line(text: &str) -> Option<u32> {
    let text = text.trim();
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end)?.parse().ok().filter(|line| *line > 0)
}

/// A line as compilers write it: `services/cart/cart.py:16:3: what is wrong`, with or without a column.
pub(crate) struct Located<'l> {
    pub(crate) path: &'l str,
    pub(crate) line: u32,
    pub(crate) rest: &'l str,
}

/// The place that a line of text begins with.
pub(crate) fn located(text: &str) -> Option<Located<'_>> {
    // A drive of Windows ends in a colon, too, so that the first number between colons is looked for.
    let (end, line, rest) = text.match_indices(':').find_map(|(end, _)| {
        let (number, rest) = text.get(end + 1..)?.split_once(':')?;
        let is_number = !number.is_empty() && number.len() < 10 && number.bytes().all(|byte| byte.is_ascii_digit());
        Some((end, number.parse().ok().filter(|_| is_number)?, rest))
    })?;
    let column = rest
        .split_once(':')
        .filter(|(column, _)| !column.is_empty() && column.bytes().all(|byte| byte.is_ascii_digit()));
    let rest = column.map_or(rest, |(_, rest)| rest).trim();
    let path = text.get(..end)?.trim();
    (!path.is_empty() && !path.contains("://")).then_some(Located { path, line, rest })
}

/// Whether the first line of a text with a place in front is one of a tool. Each tool has words of its own behind it.
pub(crate) fn begins_with(probe: &crate::Probe, is_of_tool: fn(&Located<'_>) -> bool) -> bool {
    if !probe.is_text() && !probe.shows("<!--") {
        return false;
    }
    let text = String::from_utf8_lossy(probe.head);
    text.lines().find_map(located).is_some_and(|line| is_of_tool(&line))
}

/// The findings of a text of such lines. What else a text says, such as code and summaries, is passed over.
pub(crate) fn of_lines(
    bytes: &[u8],
    what: &'static str,
    finding: fn(&Located<'_>) -> Option<Finding>,
) -> Result<Vec<Finding>, ReadError> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.lines().filter_map(located).peekable();
    if lines.peek().is_none() {
        return Err(ReadError::lacks(
            what,
            "its lines",
            "expected lines that begin with a file and a line, found none",
        ));
    }
    Ok(lines.filter_map(|line| finding(&line)).collect())
}

/// The numbers of the weaknesses that a text names: `CWE-79: Cross-site scripting`, `cwe_89`, or the number alone.
pub(crate) fn cwes(text: &str) -> Vec<u32> {
    let text = text.trim().to_ascii_lowercase();
    let number = |text: &str| text.chars().take_while(char::is_ascii_digit).collect::<String>().parse::<u32>().ok();
    let named = text.split("cwe").skip(1).filter_map(|rest| number(rest.trim_start_matches(['-', '_', ':', ' '])));
    let alone = text.parse().ok().filter(|number| *number > 0);
    let mut numbers: Vec<u32> = alone.into_iter().chain(named).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// The report of a tool that looked for problems of these kinds.
pub(crate) fn report(
    tool: &str,
    version: Option<String>,
    looked_for: &[FindingKind],
    findings: Vec<Finding>,
    warnings: Vec<Warning>,
) -> Report {
    Report {
        tool: Some(Tool { name: tool.to_owned(), version }),
        looked_for: looked_for.to_vec(),
        findings: Some(findings),
        warnings,
        ..Report::default()
    }
}

/// The objects of a document that is a list of them or has them one after another.
#[derive(Debug, Default)]
pub(crate) struct Elements<'a> {
    pub(crate) objects: Vec<Object<'a>>,
    /// The place of each object in the list.
    places: Vec<usize>,
    warnings: Vec<Warning>,
}

impl<'a> Elements<'a> {
    /// The elements of a document. One that is no object is left out with a warning. `null` is what tools written in Go
    /// write for an empty list.
    pub(crate) fn of(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let values = json::values(bytes)?;
        let starts = |value: &RawValue, with: char| value.get().starts_with(with);
        let items: Vec<&RawValue> = match &values[..] {
            [list] if starts(list, '[') => json::document(list.get().as_bytes())?,
            [nothing] if nothing.get() == "null" => Vec::new(),
            [value] if !starts(value, '{') => {
                return Err(ReadError::lacks("JSON document", "its beginning", "expected a list of objects"));
            }
            _ => values,
        };
        let mut elements = Self::default();
        for (place, item) in items.into_iter().enumerate() {
            match Object::document(item.get().as_bytes()) {
                Ok(object) => {
                    elements.objects.push(object);
                    elements.places.push(place);
                }
                Err(error) => {
                    elements.warnings.push(Warning { at: format!("/{place}"), message: format!("left out: {error}") });
                }
            }
        }
        Ok(elements)
    }

    /// Every warning about them, with its place in the document.
    pub(crate) fn warnings(mut self) -> Vec<Warning> {
        for (object, place) in self.objects.iter().zip(&self.places) {
            let of_object = object.warnings().into_iter();
            self.warnings
                .extend(of_object.map(|Warning { at, message }| Warning { at: format!("/{place}{at}"), message }));
        }
        self.warnings
    }

    /// A finding for each of them that has one.
    pub(crate) fn findings(&self, finding: impl Fn(&Object<'a>) -> Option<Finding>) -> Vec<Finding> {
        self.objects.iter().filter_map(finding).collect()
    }
}
