//! KrakenD audit: the configuration of an API gateway. It lists recommendations alone.

use crate::checks::{self, Check, Checks, Outcome};
use crate::json::{self, List, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "krakend-audit",
    title: "KrakenD audit",
    homepage: "https://www.krakend.io/docs/configuration/audit/",
    phase: Phase::Source,
    tool: "krakend",
    reads: "the JSON of version 2 (`-f \"{{ marshal . }}\"`)",
    identifies: "rule",
    severities: "krakend",
    marks: &["recommendations", "stats"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["recommendations", "stats"]))
        && (probe.has("recommendations.rule") || probe.object().is_some_and(|members| members.0.len() == 2))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    recommendations: List<'a>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    rule: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut checks = Checks::of_scanner();
    for (_, item) in json::parts::<Item<'_>>(&document.recommendations, "/recommendations", &mut checks.warnings) {
        let word = stated(item.severity.as_ref());
        checks.add(Check {
            rule: stated(item.rule.as_ref()).unwrap_or_default(),
            title: stated(item.message.as_ref()),
            outcome: Outcome::Failed,
            severity: checks::rated("krakend", word.as_deref()),
            severity_word: word,
            ..Check::default()
        });
    }
    Ok(checks.report("krakend", None))
}
