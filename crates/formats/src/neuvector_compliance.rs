//! NeuVector compliance results: the CIS benchmarks of Docker and Kubernetes on a host, a container or an image.

use crate::checks::{Check, Checks, Outcome};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, instant};
use serde::Deserialize;
use shipworthy_model::{Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "neuvector-compliance",
    title: "NeuVector compliance results",
    homepage: "https://open-docs.neuvector.com/scanning/scanning/compliance",
    phase: Phase::Deploy,
    tool: "neuvector",
    reads: "the answer of the API for a host, a workload or an image",
    identifies: "",
    severities: "",
    marks: &["kubernetes_cis_version", "docker_cis_version", "items", "run_at"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let keys = ["kubernetes_cis_version", "docker_cis_version", "items"];
    probe.object().is_some_and(|members| members.has_all(&keys))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    run_at: Option<Text<'a>>,
    #[serde(borrow)]
    kubernetes_cis_version: Option<Text<'a>>,
    #[serde(borrow)]
    docker_cis_version: Option<Text<'a>>,
    #[serde(borrow, default)]
    items: List<'a>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    test_number: Option<Text<'a>>,
    #[serde(borrow)]
    category: Option<Text<'a>>,
    #[serde(borrow)]
    profile: Option<Text<'a>>,
    scored: Option<bool>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    remediation: Option<Text<'a>>,
    #[serde(borrow)]
    level: Option<Text<'a>>,
    #[serde(borrow, default)]
    message: Odd<Vec<Text<'a>>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let named = |standard: &str, version: Option<&Text<'_>>| Some(format!("cis-{standard}-{}", stated(version)?));
    let kubernetes = named("kubernetes", document.kubernetes_cis_version.as_ref());
    let docker = named("docker", document.docker_cis_version.as_ref());
    let names: Vec<_> = [kubernetes, docker].into_iter().flatten().collect();
    let mut checks = Checks::of_benchmark(names.join(" and "));
    for (index, item) in json::parts::<Item<'_>>(&document.items, "/items", &mut checks.warnings) {
        let at = format!("/items/{index}");
        let message = item.message.get(format_args!("{at}/message"), &mut checks.warnings).into_iter().flatten();
        let message: Vec<_> = message.filter_map(Text::stated).collect();
        let outcome = outcome(item.level.as_deref(), &at, &mut checks.warnings);
        checks.add(Check {
            rule: stated(item.test_number.as_ref()).unwrap_or_default(),
            title: stated(item.description.as_ref()),
            section: stated(item.category.as_ref()),
            outcome,
            is_unscored: item.scored == Some(false),
            level: item.profile.as_deref().and_then(|profile| profile.strip_prefix("Level ")?.parse().ok()),
            reason: Some(message.join("\n")).filter(|text| !text.is_empty()),
            remediation: stated(item.remediation.as_ref()),
            ..Check::default()
        });
    }
    let created_at = instant::utc(document.run_at.as_ref(), "/run_at", &mut checks.warnings);
    let mut report = checks.report("neuvector", None);
    report.created_at = created_at;
    Ok(report)
}

/// What does not hold is a `WARN`, or where it is grave `HIGH`; a `NOTE` asks a person to look.
fn outcome(word: Option<&str>, at: &str, warnings: &mut Vec<Warning>) -> Outcome {
    match word {
        Some("PASS") => Outcome::Passed,
        Some("WARN" | "HIGH") => Outcome::Failed,
        Some("INFO") => Outcome::Told,
        Some("NOTE" | "MANUAL" | "ERROR") => Outcome::Undecided,
        other => {
            let found = other.unwrap_or("nothing");
            let message =
                format!("expected PASS, WARN, HIGH, INFO, NOTE or ERROR, found {found}; somebody has to look");
            warnings.push(Warning { at: format!("{at}/level"), message });
            Outcome::Undecided
        }
    }
}
