//! kube-bench results as it prints them for people: the CIS benchmark of a Kubernetes cluster. Neither the benchmark's
//! version nor the node is in them.

use crate::checks::{self, Check, Checks, Outcome};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{ControlStatus, Phase, Report, Warning};
use std::collections::HashMap;

pub(crate) static FORMAT: Format = Format {
    name: "kube-bench-text",
    title: "kube-bench results as text",
    homepage: "https://github.com/aquasecurity/kube-bench/blob/main/docs/running.md",
    phase: Phase::Deploy,
    tool: "kube-bench",
    reads: "the text with its chapters, remediations and summaries, of one node or several",
    identifies: "",
    severities: "",
    marks: &["[PASS]", "[FAIL]"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    // A document that begins with a bracket is looked at as JSON, which it is not.
    let line = probe.first_line();
    line_of(line).is_some_and(|line| line.number.starts_with(|first: char| first.is_ascii_digit()))
}

/// `[PASS] 1.1.1 Ensure …`
#[derive(Clone, Copy)]
struct Line<'d> {
    outcome: Outcome,
    number: &'d str,
    title: &'d str,
}

fn line_of(line: &str) -> Option<Line<'_>> {
    let (word, rest) = line.trim().strip_prefix('[')?.split_once("] ")?;
    let outcome = match word {
        "PASS" => Outcome::Passed,
        "FAIL" => Outcome::Failed,
        "WARN" => Outcome::Undecided,
        "INFO" => Outcome::Told,
        _ => return None,
    };
    let (number, title) = rest.trim().split_once(' ')?;
    let is_number = number.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric()));
    (is_number && number.contains(|c: char| c.is_ascii_digit())).then_some(Line {
        outcome,
        number,
        title: title.trim(),
    })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<Line<'_>> = text.lines().filter_map(line_of).collect();
    if lines.is_empty() {
        return Err(ReadError::lacks(
            "text of kube-bench",
            "line 1",
            "expected controls like `[PASS] 1.1.1 …`, found none",
        ));
    }
    let remediations = remediations(&text);
    let mut checks = Checks::of_benchmark("kube-bench");
    let mut section = None;
    for (index, line) in lines.iter().enumerate() {
        if line.outcome == Outcome::Told && lines.get(index + 1).is_some_and(|next| is_under(next.number, line.number))
        {
            section = Some(format!("{} {}", line.number, line.title));
            continue;
        }
        checks.add(Check {
            rule: line.number.to_owned(),
            title: Some(line.title.to_owned()),
            section: section.clone(),
            outcome: line.outcome,
            is_unscored: checks::is_unscored(line.title),
            remediation: remediations.get(line.number).cloned(),
            ..Check::default()
        });
    }
    compare_with_summary(&text, &mut checks);
    Ok(checks.report("kube-bench", None))
}

/// Whether `number` is that of a control or a chapter in the chapter `chapter`, so that what is told is a heading.
fn is_under(number: &str, chapter: &str) -> bool {
    number == chapter || number.strip_prefix(chapter).is_some_and(|rest| rest.starts_with('.'))
}

/// The paragraphs under `== Remediations … ==`, each of which begins with the number of its control.
fn remediations(text: &str) -> HashMap<String, String> {
    let mut remediations = HashMap::new();
    let mut is_inside = false;
    let mut open: Option<(String, String)> = None;
    for line in text.lines() {
        let starts_chapter = line.starts_with("== ");
        let numbered = line.split_once(' ').filter(|(number, _)| {
            number.contains('.')
                && number.split('.').all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()))
        });
        if starts_chapter || (is_inside && numbered.is_some()) {
            remediations.extend(open.take().map(|(number, text): (String, String)| (number, text.trim().to_owned())));
        }
        if starts_chapter {
            is_inside = line.starts_with("== Remediations");
        } else if let Some((number, rest)) = numbered.filter(|_| is_inside) {
            open = Some((number.to_owned(), rest.to_owned()));
        } else if let Some((_, text)) = &mut open {
            text.push('\n');
            text.push_str(line);
        }
    }
    remediations.extend(open);
    remediations
}

/// The last summary is that of all nodes, or of the one node.
fn compare_with_summary(text: &str, checks: &mut Checks) {
    let stated = |word: &str| {
        let lines = text.lines().rev();
        let mut counts =
            lines.filter_map(|line| line.trim().strip_suffix(word)?.trim().strip_suffix("checks")?.trim().parse().ok());
        counts.next()
    };
    let words = [("PASS", ControlStatus::Pass), ("FAIL", ControlStatus::Fail), ("WARN", ControlStatus::Warn)];
    for (word, status) in words {
        let counted = checks.benchmark().controls.iter().filter(|control| control.status == status).count();
        if let Some(stated) = stated(word).filter(|stated: &usize| *stated != counted) {
            let message = format!("the summary says {stated} {word}, counted were {counted}");
            checks.warnings.push(Warning { at: "== Summary total ==".to_owned(), message });
        }
    }
}
