//! Vulnerabilities of the packages on hosts that Wazuh knows.

use crate::dependencies::{self, aliases, report};
use crate::json::Object;
use crate::{Format, Members, Probe, ReadError, packages, ratings, severity, text};
use shipworthy_model::{ComponentRef, Finding, FindingKind, FindingStatus, Phase, Report, Severity};

pub(crate) static FORMAT: Format = Format {
    name: "wazuh",
    title: "Wazuh vulnerabilities",
    homepage: "https://documentation.wazuh.com/current/user-manual/capabilities/vulnerability-detection/index.html",
    phase: Phase::Deploy,
    tool: "wazuh",
    reads: "`/vulnerability/{agent}` of the API of 4.2 to 4.7, and answers of the index `wazuh-states-vulnerabilities` since 4.8",
    identifies: "vulnerability and component",
    severities: "wazuh",
    marks: &["data", "error", "message", "hits"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_answer = |members: &Members| members.has_all(&["data", "error", "message"]);
    let is_of_api = probe.object().is_some_and(is_answer)
        && probe.has_all(&["data.affected_items", "data.total_affected_items"])
        && (probe.has("data.affected_items.cve") || probe.shows("vulnerabilities were returned"));
    is_of_api || probe.has_all(&["hits.hits._source.wazuh", "hits.hits._source.vulnerability"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let findings: Vec<_> = if document.has("hits") {
        document.objects("hits.hits").iter().filter_map(|hit| indexed(&hit.object("_source")?)).collect()
    } else if let Some(data) = document.object("data").filter(|data| data.has_list("affected_items")) {
        data.objects("affected_items").iter().filter_map(finding).collect()
    } else {
        return Err(ReadError::lacks("answer of Wazuh", "/data/affected_items", "expected a list, found none"));
    };
    Ok(Report { warnings: document.warnings(), ..report("wazuh", None, findings) })
}

fn rated(word: Option<String>, score: Option<f64>) -> (Severity, Option<String>) {
    let word = word.filter(|word| word != "-");
    let by_score = || score.filter(|score| *score > 0.0).map_or(Severity::Unknown, Severity::of_score);
    let known = word.as_deref().map(|word| severity::of_word("wazuh", word));
    (known.filter(|known| *known != Severity::Unknown).unwrap_or_else(by_score), word)
}

fn finding(item: &Object<'_>) -> Option<Finding> {
    let rule = item.text("cve")?;
    let score = item.number("cvss3_score");
    let (severity, severity_word) = rated(item.text("severity"), score);
    let cvss = [(score, "3.1"), (item.number("cvss2_score"), "2.0")];
    // `Package less than 4.3.2`, or `Package unfixed`.
    let fixed = item.text("condition").and_then(|said| Some(said.strip_prefix("Package less than ")?.to_owned()));
    Some(Finding {
        severity,
        severity_word,
        cvss: cvss.into_iter().filter_map(|(score, version)| ratings::cvss(None, score, version, None)).collect(),
        component: item.text("name").map(|name| ComponentRef { purl: None, name, version: item.text("version") }),
        fixed_versions: fixed.into_iter().collect(),
        references: item.texts("external_references"),
        status: if item.text("status").as_deref() == Some("OBSOLETE") {
            FindingStatus::Fixed
        } else {
            FindingStatus::Open
        },
        ..Finding::new(FindingKind::Vulnerability, rule.clone(), item.text("title").unwrap_or(rule))
    })
}

/// A document of the index, in the names of the Elastic Common Schema.
fn indexed(source: &Object<'_>) -> Option<Finding> {
    let rule = source.text("vulnerability.id")?;
    let score = source.number("vulnerability.score.base");
    let (severity, severity_word) = rated(source.text("vulnerability.severity"), score);
    let version = source.text("vulnerability.score.version").unwrap_or_default();
    let version = if version.starts_with('2') { "2.0".to_owned() } else { version };
    let description = source.text("vulnerability.description").map(text::capped);
    let title = description.as_deref().and_then(text::title).unwrap_or_else(|| rule.clone());
    Some(Finding {
        aliases: aliases(&rule, []),
        severity,
        severity_word,
        cvss: ratings::cvss(None, score, &version, None).into_iter().collect(),
        component: component(source),
        references: source.text("vulnerability.reference").iter().flat_map(|text| text::addresses(text)).collect(),
        description,
        ..Finding::new(FindingKind::Vulnerability, rule, title)
    })
}

fn component(source: &Object<'_>) -> Option<ComponentRef> {
    let (name, version) = (source.text("package.name")?, source.text("package.version"));
    let kind = source.text("package.type").unwrap_or_default();
    if matches!(kind.as_str(), "npm" | "pypi") {
        return Some(dependencies::component(&kind, &name, version.as_deref()));
    }
    let platform = source.text("host.os.platform").unwrap_or_default();
    let system = packages::of_distribution(&platform).filter(|(of, _)| *of == kind);
    let purl =
        system.and_then(|(kind, vendor)| packages::purl(kind, &format!("{vendor}/{name}"), version.as_deref(), &[]));
    Some(ComponentRef { purl, name, version })
}
