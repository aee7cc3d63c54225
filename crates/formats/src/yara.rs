//! YARA: files that match rules, as the command line tells it.
//! <https://yara.readthedocs.io/en/stable/commandline.html>

use crate::problems::report;
use crate::{Format, Probe, ReadError, identity, severity};
use shipworthy_model::{Finding, FindingKind, Location, Phase, Report, Severity, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "yara",
    title: "YARA matches",
    homepage: "https://yara.readthedocs.io/en/stable/commandline.html",
    phase: Phase::Artifact,
    tool: "yara",
    reads: "the text of `yara` and `yr scan`, with or without tags, metadata and strings",
    identifies: "rule and file",
    severities: "yara",
    marks: &["rule"],
    recognises,
    read,
};

/// The output names no tool: it is one where every line is a match or a string of one.
fn recognises(probe: &Probe) -> bool {
    if !probe.is_text() {
        return false;
    }
    // The last line of the beginning may be cut off.
    let text = String::from_utf8_lossy(probe.head);
    let whole =
        if probe.head.len() < probe.size_bytes { text.rsplit_once('\n').map_or("", |(whole, _)| whole) } else { &text };
    let mut lines = whole.lines().map(str::trim).filter(|line| !line.is_empty()).peekable();
    let is_match = |line: &str| parsed(line).is_some_and(|found| found.path.contains('/'));
    lines.peek().is_some_and(|first| is_match(first)) && lines.all(|line| is_string(line) || is_match(line))
}

/// A line with a match.
struct Match<'l> {
    rule: &'l str,
    /// What stands in brackets: tags and metadata.
    notes: Vec<&'l str>,
    path: &'l str,
}

/// `0x1f:$text: …`, which may show a secret, and is not kept.
fn is_string(line: &str) -> bool {
    line.strip_prefix("0x").is_some_and(|rest| rest.split_once(":$").is_some_and(|(offset, _)| offset.len() <= 16))
}

fn parsed(line: &str) -> Option<Match<'_>> {
    let (rule, mut rest) = line.split_once(' ')?;
    let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let name = rule.rsplit_once(':').map_or(rule, |(_, name)| name);
    if name.is_empty()
        || !is_name(name)
        || name.starts_with(|c: char| c.is_ascii_digit())
        || !rule.split(':').all(is_name)
    {
        return None;
    }
    let mut notes = Vec::new();
    while let Some((note, after)) = rest.strip_prefix('[').and_then(|rest| rest.split_once("] ")) {
        notes.push(note);
        rest = after;
    }
    (!rest.is_empty() && !rest.contains([' ', '"'])).then_some(Match { rule: name, notes, path: rest })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let text = String::from_utf8_lossy(bytes);
    let (mut findings, mut warnings) = (Vec::new(), Vec::new());
    for (index, line) in text.lines().map(str::trim).enumerate() {
        match parsed(line) {
            Some(found) => findings.push(finding(&found)),
            None if line.is_empty() || is_string(line) => {}
            None => {
                let shown: String = line.chars().take(100).collect();
                let message = format!("left out: expected a rule and a file, found `{shown}`");
                warnings.push(Warning { at: format!("line {}", index + 1), message });
            }
        }
    }
    if findings.is_empty() && !warnings.is_empty() {
        return Err(ReadError::lacks("list of YARA matches", "line 1", "expected a rule and a file in each line"));
    }
    Ok(report("yara", None, &[FindingKind::Malware], findings, warnings))
}

fn finding(found: &Match<'_>) -> Finding {
    let value = |key: &str| {
        let (_, rest) = found.notes.iter().find_map(|note| note.split_once(&format!("{key}=\"")))?;
        rest.split('"').next().map(str::to_owned)
    };
    let word = value("severity");
    Finding {
        severity: word.as_deref().map_or(Severity::Unknown, |word| severity::of_word("yara", word)),
        severity_word: word,
        description: value("description"),
        location: Some(Location { path: found.path.to_owned(), ..Location::default() }),
        identity: identity::of_parts(found.rule, &[found.path]),
        ..Finding::new(FindingKind::Malware, found.rule, format!("matches the rule {}", found.rule))
    }
}
