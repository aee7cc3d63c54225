//! OpenSSF Scorecard: how well a project is kept, by checks that give up to ten points each.

use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, instant, subjects};
use serde::Deserialize;
use shipworthy_model::{Phase, Report, Scorecard, ScorecardCheck, Subject, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "scorecard",
    title: "OpenSSF Scorecard",
    homepage: "https://github.com/ossf/scorecard",
    phase: Phase::Source,
    tool: "scorecard",
    reads: "the JSON of version 2 and later, as the tool and the service write it, and its list of probes, which have no points",
    identifies: "",
    severities: "",
    marks: &["scorecard", "repo", "checks", "score"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        members.has_all(&["scorecard", "repo", "date"]) && (members.has("checks") || members.has("findings"))
    })
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    date: Option<Text<'a>>,
    #[serde(borrow)]
    repo: Repository<'a>,
    #[serde(borrow, default)]
    scorecard: Odd<Program<'a>>,
    score: Option<f64>,
    #[serde(borrow, default)]
    checks: List<'a>,
    #[serde(borrow, default)]
    findings: List<'a>,
}

#[derive(Deserialize)]
struct Repository<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    commit: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Program<'a> {
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct CheckItem<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    score: Option<f64>,
    #[serde(borrow)]
    reason: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct ProbeItem<'a> {
    #[serde(borrow)]
    probe: Option<Text<'a>>,
    #[serde(borrow)]
    outcome: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let Some(project) = stated(document.repo.name.as_ref()) else {
        return Err(ReadError::lacks("scorecard", "/repo/name", "expected the name of a repository, found none"));
    };
    let mut report = Report::default();
    let warnings = &mut report.warnings;
    let mut scorecard = Scorecard { project, score: points(document.score), checks: Vec::new() };
    for (_, item) in json::parts::<CheckItem<'_>>(&document.checks, "/checks", warnings) {
        scorecard.checks.push(ScorecardCheck {
            name: stated(item.name.as_ref()).unwrap_or_default(),
            score: points(item.score),
            reason: stated(item.reason.as_ref()),
        });
    }
    for (_, item) in json::parts::<ProbeItem<'_>>(&document.findings, "/findings", warnings) {
        let parts = [stated(item.outcome.as_ref()), stated(item.message.as_ref())];
        let reason = parts.into_iter().flatten().collect::<Vec<_>>().join(": ");
        scorecard.checks.push(ScorecardCheck {
            name: stated(item.probe.as_ref()).unwrap_or_default(),
            score: None,
            reason: Some(reason).filter(|reason| !reason.is_empty()),
        });
    }
    if let Some(commit) = stated(document.repo.commit.as_ref()).filter(|commit| commit != "unknown") {
        let commit = subjects::usable(Subject::commit(&commit), "/repo/commit", warnings);
        report.subjects.extend(commit);
    }
    // A day alone is no moment: the tool's version 4 and older wrote no more.
    let date = document.date.as_ref().filter(|date| date.len() > "2026-11-02".len());
    report.created_at = instant::utc(date, "/date", warnings);
    let program = document.scorecard.get("/scorecard", warnings);
    let version = program.and_then(|program| stated(program.version.as_ref()));
    report.tool = Some(Tool { name: "scorecard".to_owned(), version });
    report.scorecard = Some(scorecard);
    Ok(report)
}

/// A score of -1 means that it could not be told.
fn points(score: Option<f64>) -> Option<f64> {
    score.filter(|score| (0.0..=10.0).contains(score))
}
