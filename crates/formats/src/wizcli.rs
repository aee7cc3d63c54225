//! Reports of the command line of Wiz: vulnerabilities, secrets and unsafe settings in folders, infrastructure code and
//! images.

mod document;

use crate::dependencies::{component, cvss, ecosystem_of_file, rated, relative, report, utc};
use crate::json::{self, List, Text, stated};
use crate::{Format, Probe, ReadError, identity, subjects, text};
use document::{Document, Match, Package, Rule, RuleMatch, Scan, Secret, Vulnerability};
use shipworthy_model::{Finding, FindingKind, Location, Phase, Report, Severity, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "wizcli",
    title: "Wiz CLI report",
    homepage: "https://docs.wiz.io/wiz-docs/docs/wiz-cli-overview",
    phase: Phase::Build,
    tool: "wizcli",
    reads: "`wizcli dir scan`, `wizcli iac scan` and `wizcli docker scan` with `--format json`",
    identifies: "vulnerability and component; of others the rule, the file and the resource or the kind of secret",
    severities: "wiz",
    marks: &["scanOriginResource", "result", "reportUrl", "policies", "status"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_report = |members: &crate::Members| members.has_all(&["result", "policies", "status", "scanOriginResource"]);
    probe.object().is_some_and(is_report)
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    let scan = document.result;
    let lists = [
        ("osPackages", &scan.os_packages, true),
        ("libraries", &scan.libraries, false),
        ("applications", &scan.applications, false),
    ];
    for (key, list, is_of_system) in lists {
        for (index, package) in json::parts::<Package<'_>>(list, format_args!("/result/{key}"), &mut warnings) {
            let at = format!("/result/{key}/{index}/vulnerabilities");
            let vulnerabilities = json::parts::<Vulnerability<'_>>(&package.vulnerabilities, at, &mut warnings);
            findings.extend(vulnerabilities.iter().map(|(_, item)| vulnerability(item, &package, is_of_system)));
        }
    }
    let secrets = json::parts::<Secret<'_>>(&scan.secrets, "/result/secrets", &mut warnings);
    findings.extend(secrets.iter().map(|(_, item)| secret(item)));
    settings(&scan.rule_matches, &mut findings, &mut warnings);
    let left_out = scan.data_findings.items("/result/dataFindings", &mut warnings).len();
    if left_out > 0 {
        let message = format!(
            "left out: findings of sensitive data, which are no problem of what is shipped; findings: {left_out}"
        );
        warnings.push(Warning { at: "/result/dataFindings".to_owned(), message });
    }
    let mut report = Report {
        looked_for: looked_for(&scan),
        created_at: utc(document.created_at.as_deref()),
        warnings,
        ..report("wizcli", None, findings)
    };
    let origin = document.origin.0.as_ref().ok();
    for digest in origin.and_then(|origin| stated(origin.digest.as_ref())).iter() {
        subjects::add_artifact(&mut report.subjects, digest);
    }
    Ok(report)
}

fn looked_for(scan: &Scan<'_>) -> Vec<FindingKind> {
    match scan.kind.as_deref() {
        Some("CICDIACScanResult") => vec![FindingKind::Misconfiguration, FindingKind::Secret],
        _ => vec![FindingKind::Vulnerability, FindingKind::Secret],
    }
}

fn vulnerability(item: &Vulnerability<'_>, package: &Package<'_>, is_of_system: bool) -> Finding {
    let rule = stated(item.name.as_ref()).unwrap_or_default();
    let path = stated(package.path.as_ref());
    let ecosystem = path.as_deref().filter(|_| !is_of_system).and_then(ecosystem_of_file).unwrap_or_default();
    let name = package.name.as_deref().unwrap_or_default();
    let (severity, severity_word) = rated("wiz", item.severity.as_ref());
    Finding {
        aliases: crate::dependencies::aliases(
            &rule,
            item.source.as_deref().map(crate::dependencies::names).unwrap_or_default(),
        ),
        description: stated(item.description.as_ref()).map(text::capped),
        severity,
        severity_word,
        score: item.score,
        cvss: cvss(None, item.score, None).into_iter().collect(),
        component: Some(component(ecosystem, name, package.version.as_deref())),
        location: path.map(|path| Location { path: relative(&path), ..Location::default() }),
        fixed_versions: stated(item.fixed.as_ref()).into_iter().collect(),
        references: stated(item.source.as_ref()).into_iter().collect(),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule.clone(), format!("{rule} in {name}"))
    }
}

/// The words around a secret are not taken along: what is masked in them is up to the tool.
fn secret(item: &Secret<'_>) -> Finding {
    let rule = stated(item.kind.as_ref()).unwrap_or_else(|| "secret".to_owned());
    let path = stated(item.path.as_ref()).map(|path| relative(&path)).unwrap_or_default();
    let (severity, severity_word) = rated("wiz", item.severity.as_ref());
    let line = item.line.filter(|line| *line > 0);
    let number = line.map(|line| line.to_string()).unwrap_or_default();
    Finding {
        severity,
        severity_word,
        identity: identity::of_parts(&rule, &[&path, &number]),
        title: format!("{} in {path}", rule.to_lowercase().replace('_', " ")),
        location: Some(Location { path, line, ..Location::default() }),
        ..Finding::new(FindingKind::Secret, rule, "")
    }
}

fn settings(list: &List<'_>, findings: &mut Vec<Finding>, warnings: &mut Vec<Warning>) {
    for (index, item) in json::parts::<RuleMatch<'_>>(list, "/result/ruleMatches", warnings) {
        let rule = item.rule.get(format_args!("/result/ruleMatches/{index}/rule"), warnings);
        let Some(rule) = rule else { continue };
        let matches =
            json::parts::<Match<'_>>(&item.matches, format_args!("/result/ruleMatches/{index}/matches"), warnings);
        findings.extend(matches.iter().map(|(_, place)| setting(rule, item.severity.as_ref(), place)));
    }
}

fn setting(rule: &Rule<'_>, word: Option<&Text<'_>>, place: &Match<'_>) -> Finding {
    let id = stated(rule.short_id.as_ref()).or_else(|| stated(rule.id.as_ref())).unwrap_or_default();
    let (severity, severity_word): (Severity, _) = rated("wiz", word);
    let path = stated(place.file.as_ref()).map(|path| relative(&path)).unwrap_or_default();
    let resource = stated(place.resource.as_ref()).unwrap_or_default();
    let expected = stated(place.expected.as_ref()).map(|expected| format!("Expected: {expected}"));
    let found = stated(place.found.as_ref()).map(|found| format!("Found: {found}"));
    let description = [expected.clone(), found].into_iter().flatten().collect::<Vec<_>>().join("\n");
    Finding {
        description: Some(description).filter(|text| !text.is_empty()).map(text::capped),
        severity,
        severity_word,
        identity: identity::of_parts(&id, &[&path, &resource]),
        location: Some(Location { path, line: place.line.filter(|line| *line > 0), ..Location::default() }),
        remediation: expected,
        ..Finding::new(FindingKind::Misconfiguration, id.clone(), stated(rule.name.as_ref()).unwrap_or(id))
    }
}
