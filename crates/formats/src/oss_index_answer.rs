//! The answer of Sonatype's OSS Index, as several tools repeat it: a component's vulnerabilities.

use crate::dependencies::{aliases, cvss, cwes, names, number};
use crate::json::Text;
use crate::json::stated;
use crate::{identity, text};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Finding, FindingKind, FindingStatus, Severity};

/// One vulnerability. The tools differ in whether its members begin with a capital.
#[derive(Deserialize)]
pub(crate) struct Vulnerability<'a> {
    #[serde(borrow, alias = "ID", alias = "Id")]
    id: Option<Text<'a>>,
    #[serde(borrow, alias = "Title", alias = "displayName")]
    title: Option<Text<'a>>,
    #[serde(borrow, alias = "Description")]
    description: Option<Text<'a>>,
    #[serde(borrow, rename = "cvssScore", alias = "CvssScore")]
    score: Option<Text<'a>>,
    #[serde(borrow, rename = "cvssVector", alias = "CvssVector")]
    vector: Option<Text<'a>>,
    #[serde(borrow, alias = "Cve")]
    cve: Option<Text<'a>>,
    #[serde(borrow, alias = "Cwe")]
    cwe: Option<Text<'a>>,
    #[serde(borrow, alias = "Reference")]
    reference: Option<Text<'a>>,
    #[serde(alias = "Excluded")]
    excluded: Option<bool>,
}

/// The finding of a component's vulnerability. The severity is that of the score, since the index states no word.
pub(crate) fn finding(item: &Vulnerability<'_>, component: &ComponentRef) -> Finding {
    let rule = stated(item.id.as_ref()).unwrap_or_default();
    let title = item.title.as_deref().and_then(text::title);
    // The title begins with the CVE in brackets, or with the weakness.
    let of_title = title.as_deref().map(names).unwrap_or_default();
    let named = stated(item.cve.as_ref()).filter(|name| name != "None").into_iter().chain(of_title);
    let score = number(item.score.as_ref()).filter(|score| *score > 0.0);
    let stated_cwes = item.cwe.as_deref().map(cwes).unwrap_or_default();
    let of_title = title.as_deref().map(|title| if title.contains("CWE-") { cwes(title) } else { Vec::new() });
    Finding {
        aliases: aliases(&rule, named),
        description: stated(item.description.as_ref()).map(text::capped),
        severity: score.map_or(Severity::Unknown, Severity::of_score),
        score,
        cvss: cvss(item.vector.as_deref(), score, None).into_iter().collect(),
        cwes: if stated_cwes.is_empty() { of_title.unwrap_or_default() } else { stated_cwes },
        component: Some(component.clone()),
        references: stated(item.reference.as_ref()).into_iter().collect(),
        status: if item.excluded == Some(true) { FindingStatus::Suppressed } else { FindingStatus::Open },
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule.clone(), title.unwrap_or(rule))
    }
}
