//! One issue of an AppScan report: read as it stands, understood once all that it refers to has been read.

use super::{IssueType, Parts};
use crate::ReadError;
use crate::xml::{Document, Element};
use crate::{identity, ratings, severity, text};
use shipworthy_model::{ComponentRef, Finding, FindingKind, FindingStatus, Location};

/// The texts of an issue. What a report leaves out is empty, and never that of the issue before.
#[derive(Default)]
pub(super) struct Issue {
    id: String,
    severity: String,
    score: String,
    vector: String,
    cwe: String,
    kind: String,
    kind_name: String,
    technology: String,
    language: String,
    status: String,
    location: String,
    file: String,
    line: String,
    code: String,
    url: String,
    entity: String,
    element: String,
    remediation: String,
    risk: String,
    reasoning: String,
    cve: String,
    library: String,
    library_version: String,
}

impl Issue {
    pub(super) fn read(document: &mut Document<'_>, item: &Element) -> Result<Self, ReadError> {
        let attribute = |name: &str| item.attribute(name).unwrap_or_default().trim().to_owned();
        let mut issue = Self {
            file: attribute("filename"),
            code: attribute("context"),
            cve: attribute("cve"),
            language: attribute("language"),
            ..Self::default()
        };
        while let Some(child) = document.next_child(item)? {
            issue.child(document, &child)?;
        }
        Ok(issue)
    }

    fn child(&mut self, document: &mut Document<'_>, child: &Element) -> Result<(), ReadError> {
        let place = match child.name.as_str() {
            "asoc-issue-id" => &mut self.id,
            "severity" => &mut self.severity,
            "cvss-score" => &mut self.score,
            "cwe" => &mut self.cwe,
            "issue-type" => &mut self.kind,
            "issue-type-name" => &mut self.kind_name,
            "technology" => &mut self.technology,
            "status" => &mut self.status,
            "location" => &mut self.location,
            "source-file" => &mut self.file,
            "line" => &mut self.line,
            "url" => &mut self.url,
            "entity" => &mut self.entity,
            "element" => &mut self.element,
            "remediation" => &mut self.remediation,
            "security-risks" => &mut self.risk,
            "cve" => &mut self.cve,
            "library-name" => &mut self.library,
            "library-version" => &mut self.library_version,
            "cvss-vector" => return self.vector(document, child),
            "fix" => return self.fix(document, child),
            "variant-group" => return self.variants(document, child),
            _ => return Ok(()),
        };
        let text = document.text(child)?;
        if !text.is_empty() {
            *place = text;
        }
        Ok(())
    }

    /// The base vector alone: what is behind it is not rated by AppScan.
    fn vector(&mut self, document: &mut Document<'_>, group: &Element) -> Result<(), ReadError> {
        while let Some(child) = document.next_child(group)? {
            if matches!(child.name.as_str(), "vector" | "base-vector") {
                self.vector = document.text(&child)?;
            }
        }
        Ok(())
    }

    fn fix(&mut self, document: &mut Document<'_>, fix: &Element) -> Result<(), ReadError> {
        while let Some(item) = document.next_child(fix)? {
            while let Some(child) = document.next_child(&item)? {
                if child.name == "remediation" && self.remediation.is_empty() {
                    self.remediation = document.text(&child)?;
                }
            }
        }
        Ok(())
    }

    /// Why it is an issue, as the first variant says. The traffic beside it may hold credentials and is not taken along.
    fn variants(&mut self, document: &mut Document<'_>, group: &Element) -> Result<(), ReadError> {
        while let Some(item) = document.next_child(group)? {
            while let Some(child) = document.next_child(&item)? {
                if child.name == "reasoning" && self.reasoning.is_empty() {
                    self.reasoning = document.text(&child)?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn finding(&self, of_report: Option<&str>, parts: &Parts) -> Finding {
        let unknown = IssueType::default();
        let of_type = parts.types.get(&self.kind).unwrap_or(&unknown);
        let technology = kind(&self.technology).or_else(|| of_report.and_then(kind));
        // Without a word of which kind it is, an issue with an address was seen from outside.
        let has_address = !self.url.is_empty() || self.location.contains("://");
        let otherwise = if has_address { FindingKind::Dynamic } else { FindingKind::Code };
        let is_infrastructure = self.language.eq_ignore_ascii_case("infrastructure-as-code");
        let kind = if is_infrastructure { FindingKind::Misconfiguration } else { technology.unwrap_or(otherwise) };
        let place = self.place(kind, parts);
        let rule = if kind == FindingKind::Vulnerability && !self.cve.is_empty() { &self.cve } else { &self.kind };
        let title = stated(&self.kind_name).or_else(|| of_type.name.clone()).unwrap_or_else(|| rule.clone());
        let cwe = stated(&self.cwe).or_else(|| of_type.cwe.clone());
        let entity = stated(&self.element).or_else(|| parts.entities.get(&self.entity).cloned()).unwrap_or_default();
        let path = place.as_ref().map(|place| place.path.clone()).unwrap_or_default();
        let identity = match stated(&self.id) {
            Some(id) => identity::of_fingerprint("asoc-issue-id", &id),
            None => identity::of_parts(rule, &[&path, &entity, &self.code()]),
        };
        let remediation = parts.remediations.get(&self.remediation).cloned().or_else(|| {
            // A reference without its text says nothing to anybody.
            stated(&self.remediation).filter(|text| !text.starts_with("fix_"))
        });
        Finding {
            aliases: of_type.cves.iter().filter(|cve| *cve != rule).cloned().collect(),
            severity: severity::of_word("hcl-appscan", &self.severity),
            severity_word: stated(&self.severity),
            score: ratings::number(&self.score),
            cvss: ratings::cvss(Some(&self.vector), ratings::number(&self.score), "3.1", None).into_iter().collect(),
            cwes: cwe.iter().filter_map(|cwe| ratings::cwe(cwe)).collect(),
            description: self.description(&entity, parts),
            location: place,
            component: stated(&self.library).map(|name| ComponentRef {
                name,
                version: stated(&self.library_version),
                purl: None,
            }),
            remediation: remediation.map(text::capped),
            status: status(&self.status),
            identity,
            ..Finding::new(kind, rule.clone(), text::title(&title).unwrap_or_default())
        }
    }

    fn code(&self) -> String {
        if self.code.is_empty() { String::new() } else { identity::of_code(&self.code) }
    }

    fn place(&self, kind: FindingKind, parts: &Parts) -> Option<Location> {
        if kind == FindingKind::Dynamic {
            let url = stated(&self.location).or_else(|| parts.urls.get(&self.url).cloned());
            return url.map(|path| Location { path, ..Location::default() });
        }
        let path = stated(&self.file)?.replace('\\', "/");
        let line = self.line.parse().ok().filter(|line| *line > 0);
        Some(Location { path, line, end_line: None })
    }

    fn description(&self, entity: &str, parts: &Parts) -> Option<String> {
        let entity = stated(entity).map(|entity| format!("Element: {entity}"));
        let risk = parts.risks.get(&self.risk).cloned();
        let texts: Vec<_> = [stated(&self.reasoning), risk, entity].into_iter().flatten().collect();
        Some(texts.join("\n\n")).filter(|text| !text.is_empty()).map(text::capped)
    }
}

fn stated(text: &str) -> Option<String> {
    Some(text.trim()).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// The sort of problem that a technology of AppScan finds.
pub(super) fn kind(technology: &str) -> Option<FindingKind> {
    match technology.trim().to_ascii_uppercase().as_str() {
        "SAST" | "STATICANALYZER" => Some(FindingKind::Code),
        "DAST" | "IAST" | "DYNAMICANALYZER" | "IASTANALYZER" => Some(FindingKind::Dynamic),
        "SCA" | "SCAANALYZER" => Some(FindingKind::Vulnerability),
        _ => None,
    }
}

/// `Noise` is what somebody found to be of no interest, `Passed` what somebody accepted.
pub(crate) fn status(word: &str) -> FindingStatus {
    match word.trim().to_ascii_lowercase().as_str() {
        "noise" | "passed" => FindingStatus::Suppressed,
        "fixed" => FindingStatus::Fixed,
        _ => FindingStatus::Open,
    }
}
