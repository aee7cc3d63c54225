//! FOSSA reports: vulnerabilities and licence problems of a project's dependencies.

use crate::dependencies::{component, rated, report};
use crate::json::{self, List, Text, stated};
use crate::{Format, Probe, ReadError, identity};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "fossa",
    title: "FOSSA test result",
    homepage: "https://github.com/fossas/fossa-cli/blob/master/docs/references/subcommands/test.md",
    phase: Phase::Source,
    tool: "fossa",
    reads: "`fossa test --format json`",
    identifies: "vulnerability and component; of others FOSSA's own id of the issue",
    severities: "fossa",
    marks: &["count", "issues", "status", "summary"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_result = probe.object().is_some_and(|members| members.has_all(&["count", "issues", "status"]));
    is_result && probe.has("issues.revisionId")
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    issues: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Issue<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    priority_string: Option<Text<'a>>,
    resolved: Option<bool>,
    #[serde(borrow)]
    revision_id: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow, rename = "issueDashURL")]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    cve: Option<Text<'a>>,
    #[serde(borrow)]
    fixed_in: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let issues = json::parts::<Issue<'_>>(&document.issues, "/issues", &mut warnings);
    let findings = issues.iter().map(|(_, issue)| finding(issue)).collect();
    let looked_for = vec![FindingKind::Vulnerability, FindingKind::License];
    Ok(Report { warnings, looked_for, ..report("fossa", None, findings) })
}

fn finding(issue: &Issue<'_>) -> Finding {
    let id = stated(issue.id.as_ref()).unwrap_or_default();
    let word = stated(issue.kind.as_ref()).unwrap_or_default();
    let kind = match word.as_str() {
        "vulnerability" => FindingKind::Vulnerability,
        "outdated_dependency" | "blacklisted_dependency" | "risk_abandonware" | "risk_empty-package" => {
            FindingKind::Quality
        }
        _ => FindingKind::License,
    };
    let rule = stated(issue.cve.as_ref())
        .unwrap_or_else(|| if kind == FindingKind::Vulnerability { format!("FOSSA-{id}") } else { word.clone() });
    // Where it comes from, its name and its version: `npm+lodash$4.17.20`.
    let revision = issue.revision_id.as_deref().unwrap_or_default();
    let (package, version) =
        revision.split_once('$').map_or((revision, None), |(package, version)| (package, Some(version)));
    let (fetcher, name) = package.split_once('+').unwrap_or(("", package));
    let (severity, severity_word) = rated("fossa", issue.priority_string.as_ref());
    Finding {
        title: format!(
            "{} in {name}",
            if kind == FindingKind::Vulnerability { rule.clone() } else { word.replace('_', " ") }
        ),
        severity,
        severity_word,
        component: Some(component(fetcher, name, version)),
        fixed_versions: stated(issue.fixed_in.as_ref()).into_iter().collect(),
        references: stated(issue.url.as_ref()).into_iter().collect(),
        status: if issue.resolved == Some(true) { FindingStatus::Fixed } else { FindingStatus::Open },
        identity: identity::of_fingerprint("fossa", &id),
        ..Finding::new(kind, rule, "")
    }
}
