//! The security profile of SPDX 3: vulnerabilities of elements, how bad they are, and VEX.
//! <https://spdx.github.io/spdx-spec/v3.0.1/model/Security/Security/>

use super::{Element, Ids, Reading};
use crate::json::{self, List, Text, stated};
use crate::{instant, severity, text};
use serde::Deserialize;
use shipworthy_model::{Cvss, Finding, FindingKind, FindingStatus, Severity, VexStatement, VexStatus, Warning};
use std::collections::HashMap;

/// A judgment about a vulnerability in elements.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Assessment<'a> {
    #[serde(borrow, rename = "security_assessedElement")]
    assessed: Ids<'a>,
    #[serde(borrow, rename = "security_justificationType")]
    justification: Option<Text<'a>>,
    #[serde(borrow, rename = "security_impactStatement")]
    impact: Option<Text<'a>>,
    #[serde(borrow, rename = "security_statusNotes")]
    notes: Option<Text<'a>>,
    #[serde(borrow, rename = "security_actionStatement")]
    action: Option<Text<'a>>,
    #[serde(borrow, rename = "security_publishedTime")]
    published_at: Option<Text<'a>>,
    #[serde(borrow, rename = "security_modifiedTime")]
    modified_at: Option<Text<'a>>,
    #[serde(rename = "security_score")]
    score: Option<f64>,
    #[serde(borrow, rename = "security_severity")]
    severity: Option<Text<'a>>,
    #[serde(borrow, rename = "security_vectorString")]
    vector: Option<Text<'a>>,
}

/// What is known of the vulnerabilities of a document, by their ids in it.
#[derive(Default)]
struct Known<'e> {
    ratings: HashMap<&'e str, Vec<(Cvss, Option<String>)>>,
    /// What VEX says of a vulnerability in an element.
    statuses: HashMap<(&'e str, &'e str), VexStatus>,
}

/// Takes VEX statements, and a finding for each element that is said to have a vulnerability.
pub(super) fn assess(reading: &mut Reading<'_>, graph: &List<'_>) {
    let mut known = Known::default();
    for (index, element) in reading.elements {
        let Some(kind) = element.kind.strip_prefix("security_") else { continue };
        let Some(kind) = kind.strip_suffix("VulnAssessmentRelationship") else { continue };
        let at = format!("/@graph/{index}");
        let Some(raw) = graph.items.get(*index) else { continue };
        let Some(assessment) = json::part::<Assessment<'_>>(raw, &at, &mut reading.report.warnings) else { continue };
        let Some(vulnerability) = element.from.as_deref() else {
            let message = "left out: an assessment without the vulnerability that it is of".to_owned();
            reading.report.warnings.push(Warning { at, message });
            continue;
        };
        let status = match kind {
            "VexAffected" => VexStatus::Affected,
            "VexFixed" => VexStatus::Fixed,
            "VexNotAffected" => VexStatus::NotAffected,
            "VexUnderInvestigation" => VexStatus::UnderInvestigation,
            _ => {
                known.ratings.entry(vulnerability).or_default().extend(rating(kind, &assessment));
                continue;
            }
        };
        for product in element.to.iter() {
            known.statuses.insert((vulnerability, product), status);
        }
        state(reading, element, &assessment, status, &at);
    }
    find(reading, &known);
}

fn rating(kind: &str, assessment: &Assessment<'_>) -> Option<(Cvss, Option<String>)> {
    let vector = stated(assessment.vector.as_ref());
    let version = match kind {
        "CvssV2" => "2.0",
        "CvssV3" if vector.as_deref().is_some_and(|vector| vector.starts_with("CVSS:3.0")) => "3.0",
        "CvssV3" => "3.1",
        "CvssV4" => "4.0",
        _ => return None,
    };
    let cvss = Cvss { version: version.to_owned(), vector, score: assessment.score, source: None };
    Some((cvss, stated(assessment.severity.as_ref())))
}

fn state(reading: &mut Reading<'_>, element: &Element<'_>, assessment: &Assessment<'_>, status: VexStatus, at: &str) {
    let Some((vulnerability, aliases)) = element.from.as_deref().and_then(|id| names(reading, id)) else {
        let message = "left out: a statement about a vulnerability without a name".to_owned();
        return reading.report.warnings.push(Warning { at: at.to_owned(), message });
    };
    let said_at = assessment.modified_at.as_ref().or(assessment.published_at.as_ref());
    let said_at = instant::utc(said_at, at, &mut reading.report.warnings);
    let texts = [&assessment.impact, &assessment.notes].into_iter().filter_map(|text| stated(text.as_ref()));
    let texts: Vec<_> = texts.collect();
    let statement = VexStatement {
        vulnerability,
        aliases,
        products: element.to.iter().map(|id| reading.component_ref(id)).collect(),
        components: assessment.assessed.iter().map(|id| reading.component_ref(id)).collect(),
        status,
        justification: stated(assessment.justification.as_ref()),
        detail: (!texts.is_empty()).then(|| text::capped(texts.join("\n\n"))),
        action: stated(assessment.action.as_ref()),
        stated_at: said_at.or_else(|| reading.report.created_at.clone()),
        author: reading.inventory.authors.first().cloned(),
    };
    reading.report.vex.push(statement);
}

fn find(reading: &mut Reading<'_>, known: &Known<'_>) {
    for (index, relationship) in reading.elements {
        if relationship.relationship.as_deref() != Some("hasAssociatedVulnerability") {
            continue;
        }
        let product = relationship.from.as_deref().unwrap_or_default();
        for id in relationship.to.iter() {
            let Some((rule, aliases)) = names(reading, id) else {
                let message = format!("left out: `{id}` is no vulnerability of the document");
                reading.report.warnings.push(Warning { at: format!("/@graph/{index}/to"), message });
                continue;
            };
            let element = reading.by_id.get(id);
            let summary = element.and_then(|element| stated(element.summary.as_ref()));
            let description = element.and_then(|element| stated(element.description.as_ref()));
            let title = summary.as_deref().or(description.as_deref()).and_then(text::title);
            let ratings = known.ratings.get(id).map_or(&[][..], Vec::as_slice);
            let word = ratings.iter().find_map(|(_, word)| word.clone());
            let score = ratings.iter().find_map(|(cvss, _)| cvss.score);
            let by_score = || score.map_or(Severity::Unknown, Severity::of_score);
            let status = match known.statuses.get(&(id, product)) {
                Some(VexStatus::Fixed) => FindingStatus::Fixed,
                Some(VexStatus::NotAffected) => FindingStatus::Suppressed,
                _ => FindingStatus::Open,
            };
            let finding = Finding {
                aliases,
                description: description.map(text::capped),
                severity: word.as_deref().map_or_else(by_score, |word| severity::of_word("spdx3", word)),
                severity_word: word,
                cvss: ratings.iter().map(|(cvss, _)| cvss.clone()).collect(),
                component: Some(reading.component_ref(product)),
                status,
                ..Finding::new(FindingKind::Vulnerability, rule.clone(), title.unwrap_or(rule))
            };
            reading.report.findings.get_or_insert_default().push(finding);
        }
    }
}

/// The name of the vulnerability with an id in the document, and its other names.
fn names(reading: &Reading<'_>, id: &str) -> Option<(String, Vec<String>)> {
    let element = reading.by_id.get(id).filter(|element| &*element.kind == "security_Vulnerability")?;
    let identifiers = element.identifiers.0.as_ref().ok();
    let identifiers = identifiers.into_iter().flatten().filter(|identifier| !identifier.identifier.contains("://"));
    let of_kind = |is_cve: bool| identifiers.clone().filter(move |identifier| (&*identifier.kind == "cve") == is_cve);
    let ids = of_kind(true).chain(of_kind(false)).filter_map(|identifier| identifier.identifier.stated());
    let mut all = ids.chain(stated(element.name.as_ref()));
    let name = all.next()?;
    let aliases = all.filter(|alias| *alias != name).collect();
    Some((name, aliases))
}
