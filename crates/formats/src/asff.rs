//! The AWS Security Finding Format, in which Security Hub and its many sources, kube-bench and Prowler tell what they
//! found: controls that passed or failed, vulnerabilities of packages, secrets, and what happened in an account.

use crate::checks::{Check, Checks, Outcome};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Members, Probe, ReadError, identity, packages, severity, text};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Cvss, Finding, FindingKind, FindingStatus, Phase, Report, Severity, Warning};
use std::collections::HashMap;

pub(crate) static FORMAT: Format = Format {
    name: "asff",
    title: "AWS Security Finding Format",
    homepage: "https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-findings-format-syntax.html",
    phase: Phase::Deploy,
    tool: "aws-security-hub",
    reads: "schema 2018-10-08: the list, the answer of `get-findings`, and the event of EventBridge",
    identifies: "vulnerability and component; of other findings the `Id` that their source gives them",
    severities: "asff",
    marks: &["Findings", "findings", "SchemaVersion", "ProductArn", "GeneratorId", "AwsAccountId"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_finding = |members: &Members| members.has_all(&["ProductArn", "GeneratorId"]);
    let below = |list: &str| ["ProductArn", "GeneratorId"].iter().all(|key| probe.has(&format!("{list}.{key}")));
    probe.first_element().is_some_and(is_finding)
        || probe.object().is_some_and(is_finding)
        || ["Findings", "findings", "detail.findings"].into_iter().any(below)
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, alias = "findings", rename = "Findings")]
    findings: Option<List<'a>>,
    #[serde(borrow)]
    detail: Option<Detail<'a>>,
}

#[derive(Deserialize)]
struct Detail<'a> {
    #[serde(borrow, default)]
    findings: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Item<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    product_arn: Option<Text<'a>>,
    #[serde(borrow)]
    generator_id: Option<Text<'a>>,
    #[serde(borrow, default)]
    types: Vec<Text<'a>>,
    #[serde(borrow, default)]
    severity: Odd<Rating<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow, default)]
    remediation: Odd<Remediation<'a>>,
    #[serde(borrow, default)]
    product_fields: Odd<HashMap<Text<'a>, Text<'a>>>,
    #[serde(borrow, default)]
    resources: Odd<Vec<Resource<'a>>>,
    #[serde(borrow, default)]
    compliance: Odd<Option<Compliance<'a>>>,
    #[serde(borrow, default)]
    vulnerabilities: List<'a>,
    #[serde(borrow)]
    record_state: Option<Text<'a>>,
    #[serde(borrow, default)]
    workflow: Odd<Workflow<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Rating<'a> {
    #[serde(borrow)]
    label: Option<Text<'a>>,
    normalized: Option<f64>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Remediation<'a> {
    #[serde(borrow, default)]
    recommendation: Odd<Recommendation<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Recommendation<'a> {
    #[serde(borrow)]
    text: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Resource<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Compliance<'a> {
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    security_control_id: Option<Text<'a>>,
    #[serde(borrow, default)]
    status_reasons: Odd<Vec<StatusReason<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct StatusReason<'a> {
    #[serde(borrow)]
    description: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Workflow<'a> {
    #[serde(borrow)]
    status: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Vulnerability<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow, default)]
    vulnerable_packages: Odd<Vec<Package<'a>>>,
    #[serde(borrow, default)]
    cvss: Odd<Vec<CvssItem<'a>>>,
    #[serde(borrow, default)]
    related_vulnerabilities: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    reference_urls: Odd<Vec<Text<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Package<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    epoch: Option<Text<'a>>,
    #[serde(borrow)]
    release: Option<Text<'a>>,
    #[serde(borrow)]
    package_manager: Option<Text<'a>>,
    #[serde(borrow)]
    file_path: Option<Text<'a>>,
    #[serde(borrow)]
    fixed_in_version: Option<Text<'a>>,
    #[serde(borrow)]
    remediation: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CvssItem<'a> {
    #[serde(borrow)]
    version: Option<Text<'a>>,
    base_score: Option<f64>,
    #[serde(borrow)]
    base_vector: Option<Text<'a>>,
    #[serde(borrow)]
    source: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let (list, at) = if bytes.trim_ascii_start().starts_with(b"[") {
        (json::document::<List<'_>>(bytes)?, "")
    } else {
        let document: Document<'_> = json::document(bytes)?;
        match (document.findings, document.detail) {
            (Some(findings), _) => (findings, "/Findings"),
            (None, Some(detail)) => (detail.findings, "/detail/findings"),
            (None, None) => (List::of(json::values(bytes)?), ""),
        }
    };
    let mut warnings = Vec::new();
    let items = json::parts::<Item<'_>>(&list, at, &mut warnings);
    let has_controls = items.iter().any(|(_, item)| status_of_control(item).is_some());
    let product = items.first().and_then(|(_, item)| stated(item.product_arn.as_ref()));
    let product = product.as_deref().and_then(|arn| arn.rsplit('/').next()).unwrap_or("aws-security-hub");
    let mut checks = Checks::of_scanner_listing_passed(product, has_controls);
    checks.warnings = warnings;
    for (index, item) in &items {
        let at = format!("{at}/{index}");
        let vulnerabilities = json::parts::<Vulnerability<'_>>(
            &item.vulnerabilities,
            format_args!("{at}/Vulnerabilities"),
            &mut checks.warnings,
        );
        for (_, vulnerability) in &vulnerabilities {
            add_vulnerability(item, vulnerability, &mut checks);
        }
        if let Some(word) = status_of_control(item) {
            add_control(item, word, &at, &mut checks);
        } else if vulnerabilities.is_empty() {
            checks.add_finding(other_finding(item));
        }
    }
    Ok(checks.report(product, None))
}

fn status_of_control<'i>(item: &'i Item<'_>) -> Option<&'i str> {
    item.compliance.0.as_ref().ok()?.as_ref()?.status.as_deref()
}

/// The tool's word and, without one, the number from 0 to 100 by the bands that the format gives.
fn rated(item: &Item<'_>) -> (Severity, Option<String>) {
    let rating = item.severity.0.as_ref().ok();
    if let Some(label) = rating.and_then(|rating| stated(rating.label.as_ref())) {
        return (severity::of_word("asff", &label), Some(label));
    }
    let severity = match rating.and_then(|rating| rating.normalized) {
        Some(score) if score >= 90.0 => Severity::Critical,
        Some(score) if score >= 70.0 => Severity::High,
        Some(score) if score >= 40.0 => Severity::Medium,
        Some(score) if score >= 1.0 => Severity::Low,
        Some(_) => Severity::Info,
        None => Severity::Unknown,
    };
    (severity, None)
}

fn state(item: &Item<'_>) -> FindingStatus {
    let workflow = item.workflow.0.as_ref().ok().and_then(|workflow| workflow.status.as_deref());
    match (item.record_state.as_deref(), workflow) {
        (Some("ARCHIVED"), _) | (_, Some("RESOLVED")) => FindingStatus::Fixed,
        (_, Some("SUPPRESSED")) => FindingStatus::Suppressed,
        _ => FindingStatus::Open,
    }
}

fn resource(item: &Item<'_>) -> Option<String> {
    let resources = item.resources.0.iter().flatten();
    let ids: Vec<_> = resources.filter_map(|resource| stated(resource.id.as_ref())).collect();
    Some(ids.join(", ")).filter(|ids| !ids.is_empty())
}

/// The id of the rule: that of the control where the source has one, else whatever generated the finding.
fn rule(item: &Item<'_>) -> String {
    let compliance = item.compliance.0.as_ref().ok().and_then(Option::as_ref);
    let fields = item.product_fields.0.as_ref().ok();
    let field = |name: &str| fields.and_then(|fields| fields.iter().find(|(key, _)| &***key == name)?.1.stated());
    let of_control = compliance.and_then(|compliance| stated(compliance.security_control_id.as_ref()));
    let named = of_control.or_else(|| field("ControlId")).or_else(|| field("RuleId"));
    named.or_else(|| stated(item.generator_id.as_ref())).unwrap_or_default()
}

fn remediation(item: &Item<'_>) -> (Option<String>, Vec<String>) {
    let recommendation =
        item.remediation.0.as_ref().ok().and_then(|remediation| remediation.recommendation.0.as_ref().ok());
    let url = recommendation.and_then(|recommendation| stated(recommendation.url.as_ref()));
    (recommendation.and_then(|recommendation| stated(recommendation.text.as_ref())), url.into_iter().collect())
}

fn add_control(item: &Item<'_>, word: &str, at: &str, checks: &mut Checks) {
    let state = state(item);
    let outcome = match (word, state) {
        ("PASSED", _) => Outcome::Passed,
        ("FAILED" | "WARNING", FindingStatus::Suppressed) => Outcome::Excused,
        // A failure that is archived or resolved is over, and whether the control holds now is not said.
        ("FAILED" | "WARNING", FindingStatus::Fixed) | ("NOT_AVAILABLE", _) => Outcome::Undecided,
        ("FAILED", _) => Outcome::Failed,
        ("WARNING", _) => Outcome::Warned,
        (other, _) => {
            let message =
                format!("expected PASSED, FAILED, WARNING or NOT_AVAILABLE, found {other}; somebody has to look");
            checks.warnings.push(Warning { at: format!("{at}/Compliance/Status"), message });
            Outcome::Undecided
        }
    };
    let (severity, severity_word) = rated(item);
    let (remediation, references) = remediation(item);
    let compliance = item.compliance.0.as_ref().ok().and_then(Option::as_ref);
    let reasons = compliance.into_iter().flat_map(|compliance| compliance.status_reasons.0.iter().flatten());
    let reasons: Vec<_> = reasons.filter_map(|reason| stated(reason.description.as_ref())).collect();
    checks.add(Check {
        rule: rule(item),
        title: stated(item.title.as_ref()),
        outcome,
        severity,
        severity_word,
        reason: Some(reasons.join("\n")).filter(|text| !text.is_empty()),
        description: stated(item.description.as_ref()),
        resource: resource(item),
        remediation,
        references,
        identity: stated(item.id.as_ref()).map(|id| identity::of_fingerprint("id", &id)),
        ..Check::default()
    });
}

/// A finding that is neither a control nor a vulnerability of a package; the first of its types says what it is.
fn other_finding(item: &Item<'_>) -> Finding {
    let of_type = item.types.first().map(|of_type| &**of_type).unwrap_or_default();
    let kind = match of_type.split('/').next().unwrap_or_default() {
        "Sensitive Data Identifications" => FindingKind::Secret,
        "TTPs" | "Effects" | "Unusual Behaviors" => FindingKind::Dynamic,
        _ if of_type.contains("/Vulnerabilities") => FindingKind::Vulnerability,
        _ => FindingKind::Misconfiguration,
    };
    let rule = rule(item);
    let id = stated(item.id.as_ref()).map(|id| identity::of_fingerprint("id", &id));
    let (severity, severity_word) = rated(item);
    let (remediation, references) = remediation(item);
    let name = resource(item);
    Finding {
        description: stated(item.description.as_ref()).map(text::capped),
        severity,
        severity_word,
        identity: id.unwrap_or_else(|| identity::of_parts(&rule, &[name.as_deref().unwrap_or_default()])),
        component: name.map(|name| ComponentRef { name, ..ComponentRef::default() }),
        remediation,
        references,
        status: state(item),
        ..Finding::new(kind, rule.clone(), item.title.as_deref().and_then(text::title).unwrap_or(rule))
    }
}

/// One finding for each package, because each has its own fix; without packages one for the resource.
fn add_vulnerability(item: &Item<'_>, vulnerability: &Vulnerability<'_>, checks: &mut Checks) {
    let packages = vulnerability.vulnerable_packages.0.as_deref().unwrap_or_default();
    if packages.is_empty() {
        let name = resource(item).unwrap_or_default();
        checks.add_finding(of_package(
            item,
            vulnerability,
            &Package::default(),
            ComponentRef { name, ..ComponentRef::default() },
        ));
    }
    for package in packages {
        let component = component(package);
        checks.add_finding(of_package(item, vulnerability, package, component));
    }
}

fn of_package(
    item: &Item<'_>,
    vulnerability: &Vulnerability<'_>,
    package: &Package<'_>,
    component: ComponentRef,
) -> Finding {
    let (severity, severity_word) = rated(item);
    let (remediation, mut references) = remediation(item);
    references.extend(vulnerability.reference_urls.0.iter().flatten().filter_map(Text::stated));
    let ratings = vulnerability.cvss.0.iter().flatten().filter_map(|rating| {
        let vector = stated(rating.base_vector.as_ref());
        let version = stated(rating.version.as_ref())?;
        Some(Cvss { version, vector, score: rating.base_score, source: stated(rating.source.as_ref()) })
    });
    let rule = stated(vulnerability.id.as_ref()).unwrap_or_else(|| rule(item));
    let fixed = stated(package.fixed_in_version.as_ref()).filter(|fixed| fixed != "NotAvailable");
    Finding {
        aliases: vulnerability.related_vulnerabilities.0.iter().flatten().filter_map(Text::stated).collect(),
        description: stated(item.description.as_ref()).map(text::capped),
        severity,
        severity_word,
        cvss: ratings.collect(),
        component: Some(component),
        location: crate::checks::place(package.file_path.as_deref(), None, None),
        fixed_versions: fixed.into_iter().collect(),
        remediation: stated(package.remediation.as_ref()).or(remediation),
        references,
        status: state(item),
        ..Finding::new(
            FindingKind::Vulnerability,
            rule.clone(),
            item.title.as_deref().and_then(text::title).unwrap_or(rule),
        )
    }
}

/// Packages of an operating system have their version in parts, and of which one the format does not say.
fn component(package: &Package<'_>) -> ComponentRef {
    let name = stated(package.name.as_ref()).unwrap_or_default();
    let mut version = stated(package.version.as_ref());
    let ecosystem = match package.package_manager.as_deref().unwrap_or_default() {
        "JAR" | "POM" => "maven",
        "NPM" | "NODEPKG" | "YARN" | "PNPM" => "npm",
        "PIP" | "PIPENV" | "POETRY" | "PYTHONPKG" => "pypi",
        "GOMOD" | "GOBINARY" => "golang",
        "BUNDLER" | "GEMSPEC" => "gem",
        "CARGO" => "cargo",
        "COMPOSER" => "composer",
        "NUGET" => "nuget",
        _ => "",
    };
    let release = stated(package.release.as_ref());
    if let (Some(version), Some(release)) = (&mut version, release) {
        *version = format!("{version}-{release}");
    }
    if let (Some(version), Some(epoch)) = (&mut version, stated(package.epoch.as_ref()).filter(|epoch| epoch != "0")) {
        *version = format!("{epoch}:{version}");
    }
    let purl = (!ecosystem.is_empty()).then(|| packages::purl(ecosystem, &name, version.as_deref(), &[])).flatten();
    ComponentRef { purl, name, version }
}
