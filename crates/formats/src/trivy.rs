//! Trivy reports: vulnerabilities, misconfigurations, secrets, licences and, where asked for, the packages of an image,
//! a file system, a repository or a cluster.

mod report;

use crate::json::{self, At, List, Text, stated};
use crate::source_package::{self, SourcePackage};
use crate::{Format, Probe, ReadError, identity, license, purl, severity, subjects, text};
use report::{Document, LicenseItem, Metadata, Misconfiguration, Modified, Package, ResultItem, Secret, Vulnerability};
use serde_json::value::RawValue;
use shipworthy_model::{
    Component, ComponentRef, Cvss, Dependency, Finding, FindingKind, FindingStatus, Inventory, Location, Phase, Report,
    Severity, Subject, Tool, Warning,
};
use std::collections::HashMap;

pub(crate) static FORMAT: Format = Format {
    name: "trivy",
    title: "Trivy report",
    homepage: "https://trivy.dev/latest/docs/configuration/reporting/",
    phase: Phase::Artifact,
    tool: "trivy",
    reads: "schema version 2, the reports of a cluster (`trivy k8s`, all or summary), and the bare list of results before version 0.20",
    identifies: "vulnerability and component; of other problems the rule, the target and what distinguishes the place",
    severities: "trivy",
    marks: &["SchemaVersion", "ArtifactName", "ArtifactType", "Results", "Target", "ClusterName", "Resources"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let has_results = |element: &crate::Members| {
        let kinds = ["Vulnerabilities", "Misconfigurations", "Secrets", "Licenses", "Packages"];
        element.has("Target") && kinds.iter().any(|kind| element.has(kind))
    };
    probe.object().is_some_and(|members| {
        let is_report = members.has("SchemaVersion") && (members.has("ArtifactName") || members.has("Results"));
        let is_of_cluster =
            ["Resources", "Findings", "Vulnerabilities", "Misconfigurations"].iter().any(|key| members.has(key));
        is_report || (members.has("ClusterName") && is_of_cluster)
    }) || probe.first_element().is_some_and(has_results)
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut reading = Reading::default();
    // Before version 0.20 the document is the list, and `null` where nothing was found.
    if !bytes.trim_ascii_start().starts_with(b"{") {
        let results: Option<List<'_>> = json::document(bytes)?;
        reading.results(&results.unwrap_or_default(), &At::Root);
        return Ok(reading.finish("", None));
    }
    let document: Document<'_> = json::document(bytes)?;
    reading.report.created_at = stated(document.created_at.as_ref());
    let version = document.trivy.get("/Trivy", &mut reading.report.warnings);
    let version = version.and_then(|trivy| stated(trivy.version.as_ref()));
    reading.metadata(document.metadata, &At::Root);
    reading.results(&document.results, &At::Root.key("Results"));
    reading.resources(&document.resources, "Resources");
    reading.resources(&document.findings, "Findings");
    reading.resources(&document.vulnerabilities, "Vulnerabilities");
    reading.resources(&document.misconfigurations, "Misconfigurations");
    let name = stated(document.artifact_name.as_ref()).or_else(|| stated(document.cluster_name.as_ref()));
    let kind = stated(document.artifact_type.as_ref()).unwrap_or_default();
    let kind = if kind == "container_image" { "container".to_owned() } else { kind };
    let described = name.map(|name| Component { name, kind, ..Component::default() });
    Ok(reading.finish(version.as_deref().unwrap_or_default(), described))
}

/// A report while it is read.
#[derive(Default)]
struct Reading {
    report: Report,
    findings: Vec<Finding>,
    components: Vec<Component>,
    dependencies: Vec<Dependency>,
    passed: u64,
    /// The namespace of the Kubernetes object whose results are read.
    namespace: String,
}

impl Reading {
    fn finish(mut self, version: &str, described: Option<Component>) -> Report {
        let version = Some(version.to_owned()).filter(|version| !version.is_empty());
        if self.passed > 0 {
            let message = format!("not findings: checks that passed; checks: {}", self.passed);
            self.report.warnings.push(Warning { at: "/Results".to_owned(), message });
        }
        if !self.components.is_empty() {
            let author = version.as_ref().map_or("trivy".to_owned(), |version| format!("trivy {version}"));
            self.report.inventory = Some(Inventory {
                describes: described,
                created_at: self.report.created_at.clone(),
                authors: vec![author],
                components: self.components,
                dependencies: self.dependencies,
                ..Inventory::default()
            });
        }
        self.report.findings = Some(self.findings);
        self.report.tool = Some(Tool { name: "trivy".to_owned(), version });
        self.report
    }

    /// The objects of a cluster, each with its results.
    fn resources(&mut self, list: &List<'_>, key: &str) {
        let at = At::Root;
        let at = at.key(key);
        for (index, raw) in list.items(at, &mut self.report.warnings).to_vec().into_iter().enumerate() {
            let at = at.index(index);
            let Some(resource) = json::part::<report::Resource<'_>>(raw, at, &mut self.report.warnings) else {
                continue;
            };
            self.metadata(resource.metadata, &at);
            self.namespace = stated(resource.namespace.as_ref()).unwrap_or_default();
            self.results(&resource.results, &at.key("Results"));
        }
        self.namespace.clear();
    }

    /// Notes for what a result is the answer. Secrets leave a trace only where there are some, so that of an image
    /// without any nothing is known of them.
    fn look(&mut self, result: &ResultItem<'_>) {
        let is_config = !result.misconfigurations.items.is_empty();
        let kind = match result.class.as_deref() {
            Some("os-pkgs" | "lang-pkgs") => FindingKind::Vulnerability,
            Some("config") => FindingKind::Misconfiguration,
            Some("secret") => FindingKind::Secret,
            Some("license" | "license-file") => FindingKind::License,
            // Before there were classes there were vulnerabilities alone.
            None if result.kind.is_some() && !is_config => FindingKind::Vulnerability,
            _ => return,
        };
        if !self.report.looked_for.contains(&kind) {
            self.report.looked_for.push(kind);
        }
    }

    /// Learns which artifact or commit was looked at. A cluster's resources may have several images each.
    fn metadata(&mut self, raw: Option<&RawValue>, at: &At<'_>) {
        let at = at.key("Metadata");
        let Some(raw) = raw else { return };
        let warnings = &mut self.report.warnings;
        let all: Vec<Metadata<'_>> = if raw.get().starts_with('[') {
            json::part(raw, at, warnings).unwrap_or_default()
        } else {
            json::part(raw, at, warnings).into_iter().collect()
        };
        for metadata in all {
            for digest in &metadata.repo_digests {
                subjects::add_artifact(&mut self.report.subjects, digest);
            }
            if let Some(commit) = stated(metadata.commit.as_ref()) {
                let commit = subjects::usable(Subject::commit(&commit), &at.to_string(), &mut self.report.warnings);
                commit.into_iter().for_each(|commit| subjects::add(&mut self.report.subjects, commit));
            }
        }
    }

    fn results(&mut self, list: &List<'_>, at: &At<'_>) {
        for (index, raw) in list.items(at, &mut self.report.warnings).iter().enumerate() {
            let at = at.index(index);
            let Some(result) = json::part::<ResultItem<'_>>(raw, at, &mut self.report.warnings) else { continue };
            self.result(&result, &at);
        }
    }

    fn result(&mut self, result: &ResultItem<'_>, at: &At<'_>) {
        self.look(result);
        let target = result.target.as_deref().unwrap_or_default();
        let of_object =
            if self.namespace.is_empty() { target.to_owned() } else { format!("{}/{target}", self.namespace) };
        let is_file = result.class.as_deref() != Some("os-pkgs");
        let target = Target {
            name: target,
            of_object: &of_object,
            path: Some(target).filter(|path| is_file && !path.is_empty()),
        };
        let warnings = &mut self.report.warnings;
        let vulnerabilities =
            json::parts::<Vulnerability<'_>>(&result.vulnerabilities, at.key("Vulnerabilities"), warnings);
        for (index, item) in vulnerabilities {
            self.findings.push(vulnerability(&item, &target, &at.key("Vulnerabilities").index(index), warnings));
        }
        let misconfigurations = json::parts(&result.misconfigurations, at.key("Misconfigurations"), warnings);
        let mut passed = 0;
        for (_, item) in misconfigurations {
            match misconfiguration(&item, &target) {
                Some(finding) => self.findings.push(finding),
                None => passed += 1,
            }
        }
        // Checks that passed are listed on demand alone, and counted always.
        let summary = result.summary.get(at.key("MisconfSummary"), warnings);
        self.passed += passed.max(summary.and_then(|summary| summary.successes).unwrap_or_default());
        let secrets = json::parts::<Secret<'_>>(&result.secrets, at.key("Secrets"), warnings);
        self.findings.extend(secrets.iter().map(|(_, item)| secret(item, &target)));
        let licenses = json::parts::<LicenseItem<'_>>(&result.licenses, at.key("Licenses"), warnings);
        self.findings.extend(licenses.iter().map(|(_, item)| license_finding(item, &target)));
        let modified = json::parts::<Modified<'_>>(&result.modified, at.key("ExperimentalModifiedFindings"), warnings);
        for (index, item) in modified {
            let at = at.key("ExperimentalModifiedFindings");
            self.findings.extend(modified_finding(&item, &target, &at.index(index), warnings));
        }
        if !result.custom_resources.items(at, warnings).is_empty() {
            let message = "left out: custom resources, whose form only their extension knows".to_owned();
            warnings.push(Warning { at: at.key("CustomResources").to_string(), message });
        }
        self.packages(&result.packages, target.name, at);
    }

    /// Takes the packages and, by their ids in this result, who depends on whom.
    fn packages(&mut self, list: &List<'_>, target: &str, at: &At<'_>) {
        let at = at.key("Packages");
        let warnings = &mut self.report.warnings;
        let packages = json::parts::<Package<'_>>(list, at, warnings);
        let reference = |package: &Package<'_>| {
            let identifier = package.identifier.0.as_ref().ok();
            let unique = identifier.and_then(|identifier| stated(identifier.uid.as_ref()));
            unique.unwrap_or_else(|| format!("{target}#{}", package.id.as_deref().unwrap_or_default()))
        };
        let by_id: HashMap<&str, String> =
            packages.iter().filter_map(|(_, package)| Some((package.id.as_deref()?, reference(package)))).collect();
        for (index, package) in &packages {
            let at = at.index(*index);
            let identifier = package.identifier.get(at.key("Identifier"), warnings);
            let url = identifier.and_then(|identifier| identifier.purl.as_ref());
            let licenses = package.licenses.get(at.key("Licenses"), warnings).into_iter().flatten();
            self.components.push(Component {
                reference: reference(package),
                kind: "library".to_owned(),
                name: stated(package.name.as_ref()).unwrap_or_default(),
                version: full_version(package),
                purl: url.and_then(|url| purl::canonical(url, at, warnings)).map(|purl| with_source(package, purl)),
                supplier: stated(package.maintainer.as_ref()),
                license: license::all_of(licenses.filter_map(|name| license::expression(name))),
                ..Component::default()
            });
            let needed =
                package.depends_on.iter().map(|id| by_id.get(&**id).cloned().unwrap_or_else(|| id.to_string()));
            let depends_on: Vec<_> = needed.collect();
            if !depends_on.is_empty() {
                self.dependencies.push(Dependency {
                    reference: reference(package),
                    depends_on,
                    ..Dependency::default()
                });
            }
        }
    }
}

/// What was looked at: a file, or an image whose packages have no file.
struct Target<'t> {
    name: &'t str,
    /// The name with the namespace of the Kubernetes object before it, where it is one.
    of_object: &'t str,
    path: Option<&'t str>,
}

/// Packages of an operating system have their version in parts.
fn full_version(package: &Package<'_>) -> Option<String> {
    let mut version = stated(package.version.as_ref())?;
    if let Some(release) = stated(package.release.as_ref()) {
        version = format!("{version}-{release}");
    }
    Some(match package.epoch {
        Some(epoch) if epoch > 0 => format!("{epoch}:{version}"),
        _ => version,
    })
}

/// Trivy's package URLs leave the source package out.
fn with_source(package: &Package<'_>, purl: String) -> String {
    let Package { source_name, source_version, source_release, source_epoch, .. } = package;
    let (name, version, release) = (source_name.as_deref(), source_version.as_deref(), source_release.as_deref());
    let source = SourcePackage::of_parts(name, version, release, source_epoch.unwrap_or_default());
    source_package::added(source.as_ref(), purl)
}

fn vulnerability(item: &Vulnerability<'_>, target: &Target<'_>, at: &At<'_>, warnings: &mut Vec<Warning>) -> Finding {
    let rule = stated(item.id.as_ref()).unwrap_or_default();
    let (severity, severity_word) = rated(item.severity.as_ref());
    let identifier = item.identifier.get(at.key("PkgIdentifier"), warnings);
    let url = identifier.and_then(|identifier| identifier.purl.as_ref());
    let component = ComponentRef {
        purl: url.and_then(|url| purl::canonical(url, at.key("PkgIdentifier"), warnings)),
        name: stated(item.package.as_ref()).unwrap_or_default(),
        version: stated(item.installed.as_ref()),
    };
    let path = stated(item.path.as_ref()).or_else(|| target.path.map(str::to_owned));
    let fixed = item.fixed.as_deref().unwrap_or_default().split(',').map(str::trim).filter(|fixed| !fixed.is_empty());
    let cwes = item.cwes.get(at.key("CweIDs"), warnings).into_iter().flatten();
    let ratings = item.cvss.get(at.key("CVSS"), warnings).map_or(&[][..], |ratings| &ratings.0);
    let references = item.references.get(at.key("References"), warnings).into_iter().flatten();
    let title = stated(item.title.as_ref()).unwrap_or_else(|| format!("{rule} in {}", component.name));
    Finding {
        aliases: item.vendor_ids.0.iter().flatten().map(|id| id.to_string()).collect(),
        description: stated(item.description.as_ref()).map(text::capped),
        cvss: ratings.iter().flat_map(|(source, rating)| cvss(source, rating)).collect(),
        cwes: cwes.filter_map(|cwe| cwe.strip_prefix("CWE-")?.parse().ok()).collect(),
        fixed_versions: fixed.map(str::to_owned).collect(),
        references: addresses(item.url.as_ref(), references),
        location: path.map(|path| Location { path, ..Location::default() }),
        component: Some(component),
        severity,
        severity_word,
        ..Finding::new(FindingKind::Vulnerability, rule, title)
    }
}

/// A check that failed, or one that somebody excused in a file of Trivy's; nothing for a check that passed.
fn misconfiguration(item: &Misconfiguration<'_>, target: &Target<'_>) -> Option<Finding> {
    let status = match item.status.as_deref() {
        Some("PASS") => return None,
        Some("EXCEPTION") => FindingStatus::Suppressed,
        _ => FindingStatus::Open,
    };
    let rule = stated(item.id.as_ref()).unwrap_or_default();
    let (severity, severity_word) = rated(item.severity.as_ref());
    let cause = item.cause.0.as_ref().ok();
    let message = stated(item.message.as_ref());
    let resource = cause.and_then(|cause| stated(cause.resource.as_ref()));
    let distinction = resource.as_deref().or(message.as_deref()).unwrap_or_default();
    let references = item.references.0.iter().flatten();
    let title = stated(item.title.as_ref()).unwrap_or_else(|| rule.clone());
    Some(Finding {
        aliases: stated(item.avd_id.as_ref()).filter(|id| *id != rule).into_iter().collect(),
        description: message.clone().or_else(|| stated(item.description.as_ref())).map(text::capped),
        location: located(target, cause.and_then(|cause| cause.start_line), cause.and_then(|cause| cause.end_line)),
        remediation: stated(item.resolution.as_ref()),
        references: addresses(item.url.as_ref(), references),
        status,
        severity,
        severity_word,
        identity: identity::of_parts(&rule, &[target.of_object, distinction]),
        ..Finding::new(FindingKind::Misconfiguration, rule, title)
    })
}

/// The match itself is not taken along: what is masked in it is up to the tool.
fn secret(item: &Secret<'_>, target: &Target<'_>) -> Finding {
    let rule = stated(item.rule.as_ref()).unwrap_or_default();
    let (severity, severity_word) = rated(item.severity.as_ref());
    let code = item.matched.as_deref().map(identity::of_code).unwrap_or_default();
    let title = stated(item.title.as_ref()).unwrap_or_else(|| rule.clone());
    Finding {
        location: located(target, item.start_line, item.end_line),
        severity,
        severity_word,
        identity: identity::of_parts(&rule, &[target.name, &code]),
        ..Finding::new(FindingKind::Secret, rule, title)
    }
}

fn license_finding(item: &LicenseItem<'_>, target: &Target<'_>) -> Finding {
    let rule = stated(item.name.as_ref()).unwrap_or_default();
    let (severity, severity_word) = rated(item.severity.as_ref());
    let package = stated(item.package.as_ref());
    let path = stated(item.path.as_ref());
    let place = package.as_deref().or(path.as_deref()).unwrap_or(target.name);
    let category = stated(item.category.as_ref()).unwrap_or_else(|| "of no category".to_owned());
    let title = format!("licence {rule} ({category}) in {place}");
    Finding {
        component: package.clone().map(|name| ComponentRef { name, ..ComponentRef::default() }),
        references: item.link.iter().filter_map(Text::stated).collect(),
        location: path.clone().map(|path| Location { path, ..Location::default() }),
        severity,
        severity_word,
        identity: identity::of_parts(
            &rule,
            &[package.as_deref().unwrap_or_default(), path.as_deref().unwrap_or_default()],
        ),
        ..Finding::new(FindingKind::License, rule, title)
    }
}

/// A finding that Trivy left out because of an ignore file or a VEX statement. It is shown and not counted as gone.
fn modified_finding(
    item: &Modified<'_>,
    target: &Target<'_>,
    at: &At<'_>,
    warnings: &mut Vec<Warning>,
) -> Option<Finding> {
    let raw = item.finding?;
    let at_finding = at.key("Finding");
    let finding = match item.kind.as_deref() {
        Some("vulnerability") => {
            let item = json::part(raw, at_finding, warnings)?;
            Some(vulnerability(&item, target, &at_finding, warnings))
        }
        Some("misconfiguration") => misconfiguration(&json::part(raw, at_finding, warnings)?, target),
        Some("secret") => Some(secret(&json::part(raw, at_finding, warnings)?, target)),
        Some("license") => Some(license_finding(&json::part(raw, at_finding, warnings)?, target)),
        _ => {
            let message = "left out: expected a vulnerability, misconfiguration, secret or license".to_owned();
            warnings.push(Warning { at: at.to_string(), message });
            None
        }
    };
    let status = if item.status.as_deref() == Some("fixed") { FindingStatus::Fixed } else { FindingStatus::Suppressed };
    finding.map(|finding| Finding { status, ..finding })
}

fn rated(word: Option<&Text<'_>>) -> (Severity, Option<String>) {
    let word = stated(word);
    (word.as_deref().map_or(Severity::Unknown, |word| severity::of_word("trivy", word)), word)
}

/// The tool's own page and then the others; it often is among them.
fn addresses<'a, 'r>(own: Option<&'r Text<'a>>, others: impl Iterator<Item = &'r Text<'a>>) -> Vec<String>
where
    'a: 'r,
{
    let others = others.filter(|other| Some(*other) != own);
    own.into_iter().chain(others).filter_map(Text::stated).collect()
}

fn located(target: &Target<'_>, start: Option<i64>, end: Option<i64>) -> Option<Location> {
    let line = |line: Option<i64>| line.and_then(|line| u32::try_from(line).ok()).filter(|line| *line > 0);
    target.path.map(|path| Location { path: path.to_owned(), line: line(start), end_line: line(end) })
}

/// The ratings of one source, oldest version first.
fn cvss(source: &str, rating: &report::Rating<'_>) -> Vec<Cvss> {
    let v3 =
        if rating.v3_vector.as_deref().is_some_and(|vector| vector.starts_with("CVSS:3.0")) { "3.0" } else { "3.1" };
    let stated_ratings = [
        ("2.0", &rating.v2_vector, rating.v2_score),
        (v3, &rating.v3_vector, rating.v3_score),
        ("4.0", &rating.v40_vector, rating.v40_score),
    ];
    let rated = stated_ratings.into_iter().filter(|(_, vector, score)| vector.is_some() || score.is_some());
    let cvss = |(version, vector, score): (&str, &Option<Text<'_>>, Option<f64>)| Cvss {
        version: version.to_owned(),
        vector: stated(vector.as_ref()),
        score,
        source: Some(source.to_owned()),
    };
    rated.map(cvss).collect()
}
