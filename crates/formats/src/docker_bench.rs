//! Docker Bench for Security: the CIS benchmark of a Docker host.

use crate::checks::{self, Check, Checks, Outcome};
use crate::json::{self, At, List, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "docker-bench",
    title: "Docker Bench for Security results",
    homepage: "https://github.com/docker/docker-bench-security",
    phase: Phase::Deploy,
    tool: "docker-bench-security",
    reads: "the JSON file of version 1.3 and later",
    identifies: "",
    severities: "",
    marks: &["dockerbenchsecurity", "tests", "checks", "score"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["dockerbenchsecurity", "tests"]))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, rename = "dockerbenchsecurity")]
    version: Option<Text<'a>>,
    start: Option<i64>,
    #[serde(borrow, default)]
    tests: List<'a>,
}

#[derive(Deserialize)]
struct Chapter<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow, rename = "desc")]
    description: Option<Text<'a>>,
    #[serde(borrow, default)]
    results: List<'a>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow, rename = "desc")]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    result: Option<Text<'a>>,
    #[serde(borrow)]
    details: Option<Text<'a>>,
    #[serde(borrow)]
    remediation: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut checks = Checks::of_benchmark("cis-docker");
    let at = At::Root;
    let at = at.key("tests");
    for (index, chapter) in json::parts::<Chapter<'_>>(&document.tests, at, &mut checks.warnings) {
        let at = at.index(index);
        let at = at.key("results");
        let parts = [stated(chapter.id.as_ref()), stated(chapter.description.as_ref())];
        let section = Some(parts.into_iter().flatten().collect::<Vec<_>>().join(" ")).filter(|text| !text.is_empty());
        for (index, item) in json::parts::<Item<'_>>(&chapter.results, at, &mut checks.warnings) {
            let title = stated(item.description.as_ref()).unwrap_or_default();
            let outcome = outcome(item.result.as_deref(), &at.index(index), &mut checks.warnings);
            checks.add(Check {
                rule: stated(item.id.as_ref()).unwrap_or_default(),
                is_unscored: checks::is_unscored(&title),
                title: Some(title),
                section: section.clone(),
                outcome,
                reason: stated(item.details.as_ref()),
                remediation: stated(item.remediation.as_ref()),
                ..Check::default()
            });
        }
    }
    let mut report = checks.report("docker-bench-security", stated(document.version.as_ref()));
    report.created_at = checks::moment_of_seconds(document.start);
    Ok(report)
}

/// The tool has no word for failure: what does not hold is a `WARN`, which costs a point of the score. A `NOTE` asks a
/// person to look.
fn outcome(word: Option<&str>, at: &At<'_>, warnings: &mut Vec<Warning>) -> Outcome {
    match word {
        Some("PASS") => Outcome::Passed,
        Some("WARN" | "FAIL") => Outcome::Failed,
        Some("INFO") => Outcome::Told,
        Some("NOTE") => Outcome::Undecided,
        other => {
            let found = other.unwrap_or("nothing");
            let message = format!("expected PASS, WARN, INFO or NOTE, found {found}; somebody has to look");
            warnings.push(Warning { at: at.key("result").to_string(), message });
            Outcome::Undecided
        }
    }
}
