//! Reports that trivy-operator keeps in a Kubernetes cluster: vulnerabilities, settings, secrets, roles, inventories and
//! compliance.

mod object;

use crate::json::{self, At, List, Text, stated};
use crate::{
    Format, Members, Probe, ReadError, cyclonedx_json, identity, purl, severity, subjects, text, trivy_compliance, yaml,
};
use object::{Body, Check, ControlCheck, ControlResult, Labels, Object, Status, Vulnerability};
use serde_json::value::RawValue;
use shipworthy_model::{
    Benchmark, ComponentRef, Control, ControlStatus, Finding, FindingKind, Location, Phase, Report, Severity, Tool,
    Warning,
};

pub(crate) static FORMAT: Format = Format {
    name: "trivy-operator",
    title: "trivy-operator report",
    homepage: "https://aquasecurity.github.io/trivy-operator/latest/docs/crds/",
    phase: Phase::Deploy,
    tool: "trivy-operator",
    reads: "the reports of `aquasecurity.github.io/v1alpha1` of every kind: one or a list in JSON or YAML, or as the webhook sends them",
    identifies: "vulnerability and component; of other problems the check, the Kubernetes object and the message or file",
    severities: "trivy",
    marks: &["apiVersion", "kind", "report", "operatorObject"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_of_group = |version: Option<&str>| version.is_some_and(|v| v.starts_with("aquasecurity.github.io/"));
    let is_report = |members: &Members| {
        is_of_group(members.value("apiVersion")) && members.value("kind").is_some_and(|kind| kind.contains("Report"))
    };
    let is_in = |path: &str| {
        let kind = probe.value(&format!("{path}.kind"));
        is_of_group(probe.value(&format!("{path}.apiVersion"))) && kind.is_some_and(|kind| kind.contains("Report"))
    };
    let is_yaml = |(version, kind): (String, String)| is_of_group(Some(&version)) && kind.contains("Report");
    if probe.is_text() {
        return yaml::kind(probe).is_some_and(is_yaml);
    }
    probe.object().is_some_and(|members| {
        is_report(members)
            || (members.has("verb") && members.has("operatorObject") && is_in("operatorObject"))
            || (members.has("items") && members.value("apiVersion") == Some("v1") && is_in("items"))
    }) || probe.first_element().is_some_and(is_report)
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut reading = Reading::default();
    let bytes = yaml::as_json(bytes)?;
    if bytes.trim_ascii_start().starts_with(b"[") {
        let list: List<'_> = json::document(&bytes)?;
        reading.list(&list, &At::Root);
    } else if bytes.trim_ascii_start().starts_with(b"{") {
        reading.object(json::document(&bytes)?, &At::Root);
    } else {
        let message = "expected an object of Kubernetes or a list of them, found neither";
        return Err(ReadError::lacks("trivy-operator report", "the document", message));
    }
    let Reading { mut report, findings, passed, version, .. } = reading;
    if passed > 0 {
        let message = format!("not findings: checks that passed; checks: {passed}");
        report.warnings.push(Warning { at: String::new(), message });
    }
    report.findings = reading.looks.then_some(findings);
    report.tool = Some(Tool { name: "trivy-operator".to_owned(), version });
    Ok(report)
}

#[derive(Default)]
struct Reading {
    report: Report,
    findings: Vec<Finding>,
    /// Whether any report looks for problems; an inventory and a benchmark do not.
    looks: bool,
    passed: u64,
    /// The version of the scanner.
    version: Option<String>,
}

impl Reading {
    fn list(&mut self, list: &List<'_>, at: &At<'_>) {
        let items = list.items(at, &mut self.report.warnings).to_vec();
        for (index, raw) in items.into_iter().enumerate() {
            self.object(raw, &at.index(index));
        }
    }

    /// A report, a list of them, or the envelope of the webhook.
    fn object(&mut self, raw: &RawValue, at: &At<'_>) {
        let Some(object) = json::part::<Object<'_>>(raw, at, &mut self.report.warnings) else { return };
        if let Some(items) = &object.items {
            return self.list(items, &at.key("items"));
        }
        if let Some(inner) = object.operator_object {
            if object.verb.as_deref() == Some("delete") {
                let message = "left out: the report was deleted".to_owned();
                self.report.warnings.push(Warning { at: at.key("verb").to_string(), message });
                return;
            }
            let at_inner = at.key("operatorObject");
            if let Some(inner) = json::part::<Object<'_>>(inner, at_inner, &mut self.report.warnings) {
                self.of_kind(&inner, &at_inner);
            }
            return;
        }
        self.of_kind(&object, at);
    }

    fn of_kind(&mut self, object: &Object<'_>, at: &At<'_>) {
        let kind = object.kind.as_deref().unwrap_or_default();
        if kind == "ClusterComplianceReport" {
            return self.compliance(object, at);
        }
        let at = at.key("report");
        let warnings = &mut self.report.warnings;
        let Some(body) = object.report.and_then(|raw| json::part::<Body<'_>>(raw, at, warnings)) else {
            let message = format!("left out: expected the `report` of a `{kind}`, found none");
            return warnings.push(Warning { at: at.to_string(), message });
        };
        self.about(&body, &at);
        let resource = object.labels(&mut self.report.warnings);
        match kind.strip_prefix("Cluster").unwrap_or(kind) {
            "VulnerabilityReport" => self.vulnerabilities(&body, &at),
            "ExposedSecretReport" => self.secrets(&body, &resource, &at),
            "ConfigAuditReport" | "RbacAssessmentReport" | "InfraAssessmentReport" => {
                self.checks(&body, &resource, &at);
            }
            "SbomReport" => self.inventory(&body, &at),
            other => {
                let message = format!("left out: expected a report of trivy-operator, found `{other}`");
                self.report.warnings.push(Warning { at: at.to_string(), message });
            }
        }
    }

    fn about(&mut self, body: &Body<'_>, at: &At<'_>) {
        let Report { warnings, subjects, created_at, .. } = &mut self.report;
        let artifact = body.artifact.get(at.key("artifact"), warnings);
        if let Some(digest) = artifact.and_then(|artifact| stated(artifact.digest.as_ref())) {
            subjects::add_artifact(subjects, &digest);
        }
        let scanner = body.scanner.get(at.key("scanner"), warnings);
        self.version = self.version.take().or_else(|| stated(scanner?.version.as_ref()));
        *created_at = created_at.take().or_else(|| instant(body.update_timestamp.as_ref()));
    }

    fn look(&mut self, kind: FindingKind) {
        self.looks = true;
        if !self.report.looked_for.contains(&kind) {
            self.report.looked_for.push(kind);
        }
    }

    fn vulnerabilities(&mut self, body: &Body<'_>, at: &At<'_>) {
        self.look(FindingKind::Vulnerability);
        let at = at.key("vulnerabilities");
        for (index, item) in json::parts::<Vulnerability<'_>>(&body.vulnerabilities, at, &mut self.report.warnings) {
            self.findings.push(vulnerability(&item, &at.index(index), &mut self.report.warnings));
        }
    }

    fn checks(&mut self, body: &Body<'_>, resource: &str, at: &At<'_>) {
        self.look(FindingKind::Misconfiguration);
        for (_, check) in json::parts::<Check<'_>>(&body.checks, at.key("checks"), &mut self.report.warnings) {
            if check.success == Some(true) {
                self.passed += 1;
            } else {
                self.findings.push(misconfiguration(&check, resource));
            }
        }
    }

    fn secrets(&mut self, body: &Body<'_>, resource: &str, at: &At<'_>) {
        self.look(FindingKind::Secret);
        for (_, item) in json::parts::<object::Secret<'_>>(&body.secrets, at.key("secrets"), &mut self.report.warnings)
        {
            let rule = stated(item.rule.as_ref()).unwrap_or_default();
            let path = stated(item.target.as_ref()).unwrap_or_default();
            let code = item.matched.as_deref().map(identity::of_code).unwrap_or_default();
            let (severity, severity_word) = rated(item.severity.as_ref());
            let title = stated(item.title.as_ref()).unwrap_or_else(|| rule.clone());
            self.findings.push(Finding {
                severity,
                severity_word,
                identity: identity::of_parts(&rule, &[resource, &path, &code]),
                location: Some(Location { path, ..Location::default() }),
                ..Finding::new(FindingKind::Secret, rule, title)
            });
        }
    }

    /// The inventory, which is a CycloneDX document in the report.
    fn inventory(&mut self, body: &Body<'_>, at: &At<'_>) {
        let at = at.key("components");
        let Some(raw) = body.components else {
            let message = "left out: expected the `components` of an inventory, found none".to_owned();
            return self.report.warnings.push(Warning { at: at.to_string(), message });
        };
        match (cyclonedx_json::FORMAT.read)(raw.get().as_bytes()) {
            Ok(read) if self.report.inventory.is_none() => {
                self.report.inventory = read.inventory;
                let moved = read
                    .warnings
                    .into_iter()
                    .map(|warning| Warning { at: format!("{at}{}", warning.at), message: warning.message });
                self.report.warnings.extend(moved);
            }
            Ok(_) => {
                let message = "left out: a document has one inventory, and this is another one".to_owned();
                self.report.warnings.push(Warning { at: at.to_string(), message });
            }
            Err(error) => {
                self.report.warnings.push(Warning { at: at.to_string(), message: format!("left out: {error}") });
            }
        }
    }

    fn compliance(&mut self, object: &Object<'_>, at: &At<'_>) {
        let at = at.key("status");
        let warnings = &mut self.report.warnings;
        let Some(status) = object.status.and_then(|raw| json::part::<Status<'_>>(raw, at, warnings)) else {
            let message = "left out: expected the `status` of a compliance report, found none".to_owned();
            return warnings.push(Warning { at: at.to_string(), message });
        };
        let benchmark = benchmark(&status, &at, warnings);
        self.report.created_at = self.report.created_at.take().or_else(|| instant(status.update_timestamp.as_ref()));
        if self.report.benchmark.is_some() {
            let message = format!("left out: a document has one benchmark, and `{}` is another one", benchmark.name);
            self.report.warnings.push(Warning { at: at.to_string(), message });
        } else {
            self.report.benchmark = Some(benchmark);
        }
    }
}

/// The instant in UTC; one that is written in no known form is none.
fn instant(time: Option<&Text<'_>>) -> Option<String> {
    let instant = stated(time)?.parse::<jiff::Timestamp>().ok()?;
    Some(instant.to_string())
}

fn rated(word: Option<&Text<'_>>) -> (Severity, Option<String>) {
    let word = stated(word);
    (word.as_deref().map_or(Severity::Unknown, |word| severity::of_word("trivy", word)), word)
}

fn vulnerability(item: &Vulnerability<'_>, at: &At<'_>, warnings: &mut Vec<Warning>) -> Finding {
    let rule = stated(item.id.as_ref()).unwrap_or_default();
    let name = stated(item.resource.as_ref()).unwrap_or_default();
    let (severity, severity_word) = rated(item.severity.as_ref());
    let url = item.purl.as_ref();
    let fixed = item.fixed.as_deref().unwrap_or_default().split(',').map(str::trim);
    // Of packages of the operating system the target is the image.
    let target = item.target.as_ref().filter(|_| item.class.as_deref() != Some("os-pkgs"));
    let path = stated(item.path.as_ref()).or_else(|| stated(target));
    let links = item.links.get(at.key("links"), warnings).into_iter().flatten();
    let links: Vec<_> = links.filter(|link| item.link.as_ref() != Some(link)).collect();
    Finding {
        severity,
        severity_word,
        score: item.score,
        component: Some(ComponentRef {
            purl: url.and_then(|url| purl::canonical(url, at.key("packagePURL"), warnings)),
            name: name.clone(),
            version: stated(item.installed.as_ref()),
        }),
        description: stated(item.description.as_ref()).map(text::capped),
        fixed_versions: fixed.filter(|fixed| !fixed.is_empty()).map(str::to_owned).collect(),
        references: item.link.iter().chain(links).filter_map(Text::stated).collect(),
        location: path.map(|path| Location { path, ..Location::default() }),
        ..Finding::new(
            FindingKind::Vulnerability,
            rule.clone(),
            stated(item.title.as_ref()).unwrap_or_else(|| format!("{rule} in {name}")),
        )
    }
}

fn misconfiguration(check: &Check<'_>, resource: &str) -> Finding {
    let rule = stated(check.id.as_ref()).unwrap_or_default();
    let (severity, severity_word) = rated(check.severity.as_ref());
    let messages: Vec<String> = check.messages.0.iter().flatten().filter_map(Text::stated).collect();
    let messages = messages.join("\n");
    let description = Some(messages.clone()).filter(|text| !text.is_empty());
    Finding {
        severity,
        severity_word,
        description: description.or_else(|| stated(check.description.as_ref())).map(text::capped),
        remediation: stated(check.remediation.as_ref()),
        identity: identity::of_parts(&rule, &[resource, &messages]),
        location: Some(resource)
            .filter(|path| !path.is_empty())
            .map(|path| Location { path: path.to_owned(), ..Location::default() }),
        ..Finding::new(FindingKind::Misconfiguration, rule.clone(), stated(check.title.as_ref()).unwrap_or(rule))
    }
}

/// The controls, each with its checks where the report has them, else with the number of those that failed.
fn benchmark(status: &Status<'_>, at: &At<'_>, warnings: &mut Vec<Warning>) -> Benchmark {
    let detail = status.detail_report.get(at.key("detailReport"), warnings).and_then(Option::as_ref);
    if let Some(detail) = detail {
        let at = at.key("detailReport");
        let at = at.key("results");
        let results = json::parts::<ControlResult<'_>>(&detail.results, at, warnings);
        let controls = results.iter().map(|(index, result)| detailed(result, &at.index(*index), warnings)).collect();
        return Benchmark { name: detail.name(), target_version: None, controls };
    }
    let at = at.key("summaryReport");
    let Some(summary) = status.summary_report.get(at, warnings).and_then(Option::as_ref) else {
        let message = "expected `detailReport` or `summaryReport`, found neither".to_owned();
        warnings.push(Warning { at: at.to_string(), message });
        return Benchmark::default();
    };
    let checks = json::parts::<ControlCheck<'_>>(&summary.control_check, at.key("controlCheck"), warnings);
    let controls = checks.iter().map(|(_, check)| summarised(check)).collect();
    Benchmark { name: summary.name(), target_version: None, controls }
}

/// A control without a number is one for a person to look at.
fn summarised(check: &ControlCheck<'_>) -> Control {
    let status = match check.total_fail {
        Some(0) => ControlStatus::Pass,
        Some(_) => ControlStatus::Fail,
        None => ControlStatus::Warn,
    };
    Control {
        id: stated(check.id.as_ref()).unwrap_or_default(),
        title: stated(check.name.as_ref()).unwrap_or_default(),
        status,
        is_scored: check.total_fail.is_some(),
        severity: trivy_compliance::rated(check.severity.as_ref()),
        reason: check.total_fail.filter(|failed| *failed > 0).map(|failed| format!("{failed} checks failed")),
        ..Control::default()
    }
}

fn detailed(result: &ControlResult<'_>, at: &At<'_>, warnings: &mut Vec<Warning>) -> Control {
    let checks = json::parts::<Check<'_>>(&result.checks, at.key("checks"), warnings);
    let failed = checks.iter().filter(|(_, check)| check.success == Some(false));
    let failures: Vec<String> = failed
        .map(|(_, check)| {
            let messages: Vec<String> = check.messages.0.iter().flatten().filter_map(Text::stated).collect();
            format!("{}: {}", stated(check.target.as_ref()).unwrap_or_default(), messages.join(" "))
        })
        .collect();
    let stated_status = stated(result.status.as_ref()).unwrap_or_default();
    let status = match (failures.is_empty(), checks.is_empty(), stated_status.as_str()) {
        (false, _, _) | (true, true, "FAIL") => ControlStatus::Fail,
        (true, true, "PASS") | (true, false, _) => ControlStatus::Pass,
        (true, true, _) => ControlStatus::Warn,
    };
    Control {
        id: stated(result.id.as_ref()).unwrap_or_default(),
        title: stated(result.name.as_ref()).unwrap_or_default(),
        status,
        is_scored: !(checks.is_empty() && status == ControlStatus::Warn),
        severity: trivy_compliance::rated(result.severity.as_ref()),
        reason: trivy_compliance::reason(&failures),
        remediation: checks.iter().find_map(|(_, check)| stated(check.remediation.as_ref())),
        ..Control::default()
    }
}

/// The Kubernetes object that a report is about, as `namespace/Kind/name`.
fn resource(labels: &Labels<'_>) -> String {
    let parts = [stated(labels.namespace.as_ref()), stated(labels.kind.as_ref()), stated(labels.name.as_ref())];
    parts.into_iter().flatten().collect::<Vec<_>>().join("/")
}
