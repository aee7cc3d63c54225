//! Scans of Aqua: images with their vulnerabilities, malware and sensitive data, and the verdict of image assurance.

mod report;

use crate::json::{self, At, List, Text, stated};
use crate::{Format, Members, Probe, ReadError, identity, packages, ratings, severity, subjects, text};
use report::{Assurance, Entry, Image, Malware, Page, PageItem, Resource, Scan, Vulnerability};
use serde_json::value::RawValue;
use shipworthy_model::{
    ComponentRef, Cvss, Finding, FindingKind, FindingStatus, Location, Measures, Phase, QualityCondition, QualityGate,
    Report, Tool, Warning,
};

pub(crate) static FORMAT: Format = Format {
    name: "aqua",
    title: "Aqua scan",
    homepage: "https://docs.aquasec.com/saas/image-scanning/scanner-cli/scanner-cli-scan-results/",
    phase: Phase::Artifact,
    tool: "aqua",
    reads: "the scan result of the scanner, the pipelines' plug-ins and the webhook, the short result with `cves`, and the list of vulnerabilities of the web API",
    identifies: "vulnerability and component; of malware and sensitive data its name and the file",
    severities: "aqua",
    marks: &[
        "image_assurance_results",
        "resources",
        "vulnerability_summary",
        "cves_counts",
        "cves",
        "image_name",
        "result",
    ],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_result = |members: &Members| {
        members.has("resources") && (members.has("image_assurance_results") || members.has("vulnerability_summary"))
            || members.has_all(&["cves_counts", "cves"])
            || members.has_all(&["result", "pagesize", "more_data_all_pages"])
    };
    // Those who found nothing leave the resources out.
    let is_empty = |members: &Members| members.has_all(&["image", "image_assurance_results", "vulnerability_summary"]);
    let is_of_pipeline = |members: &Members| {
        members.has_all(&["image_name", "results"])
            && (probe.has("results.resources") || probe.has("results.vulnerability_summary"))
    };
    probe.object().is_some_and(|members| is_result(members) || is_empty(members))
        || probe.first_element().is_some_and(is_of_pipeline)
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut reading = Reading::default();
    if bytes.trim_ascii_start().starts_with(b"[") {
        let list: List<'_> = json::document(bytes)?;
        for (index, entry) in json::parts::<Entry<'_>>(&list, "", &mut reading.report.warnings) {
            let at = At::Root.index(index);
            match entry.results {
                Some(raw) => reading.scan(raw, &at.key("results")),
                None => reading.left_out(&at, "expected `results`, found none"),
            }
        }
    } else {
        let raw: &RawValue = json::document(bytes)?;
        let kind: Page<'_> = json::document(bytes)?;
        if kind.result.is_some() {
            reading.page(&kind);
        } else {
            reading.scan(raw, &At::Root);
        }
    }
    subjects::warn_of_several(reading.images, "images", "", &mut reading.report.warnings);
    let mut report = reading.report;
    report.tool = Some(Tool { name: "aqua".to_owned(), version: None });
    report.looked_for.push(FindingKind::Vulnerability);
    report.findings = Some(reading.findings);
    Ok(report)
}

#[derive(Default)]
struct Reading {
    report: Report,
    findings: Vec<Finding>,
    images: usize,
}

impl Reading {
    fn left_out(&mut self, at: &At<'_>, why: &str) {
        self.report.warnings.push(Warning { at: at.to_string(), message: format!("left out: {why}") });
    }

    fn scan(&mut self, raw: &RawValue, at: &At<'_>) {
        let Some(scan) = json::part::<Scan<'_>>(raw, at, &mut self.report.warnings) else { return };
        self.images += 1;
        self.about(&scan, at);
        let image = Image { os: scan.os.clone(), version: scan.version.clone() };
        let warnings = &mut self.report.warnings;
        let at_resources = at.key("resources");
        for (index, entry) in json::parts::<report::ResourceEntry<'_>>(&scan.resources, at_resources, warnings) {
            let at = at_resources.index(index);
            let empty = Resource::default();
            let resource = entry.resource.get(at.key("resource"), warnings).unwrap_or(&empty);
            let at_found = at.key("vulnerabilities");
            for (_, found) in json::parts::<Vulnerability<'_>>(&entry.vulnerabilities, at_found, warnings) {
                self.findings.push(vulnerability(&found, resource, &image));
            }
            let sensitive = resource.sensitive_items.get(at.key("sensitive_items"), warnings);
            for kind in sensitive.into_iter().flatten() {
                self.findings.push(secret(kind, stated(resource.path.as_ref()).unwrap_or_default()));
            }
        }
        for (_, found) in json::parts::<Vulnerability<'_>>(&scan.cves, at.key("cves"), warnings) {
            let resource = Resource { path: found.file.clone(), ..Resource::default() };
            self.findings.push(vulnerability(&found, &resource, &image));
        }
        for (_, found) in json::parts::<Malware<'_>>(&scan.malware, at.key("malware"), warnings) {
            self.findings.extend(malware(&found));
        }
        for (_, found) in json::parts::<Malware<'_>>(&scan.sensitive, at.key("sensitive"), warnings) {
            let kind = found.kind.clone().unwrap_or_default();
            self.findings.push(secret(&kind, stated(found.path.as_ref()).unwrap_or_default()));
        }
        if let Some(assurance) =
            scan.assurance.get(at.key("image_assurance_results"), warnings).and_then(Option::as_ref)
        {
            let quality_gate = quality_gate(assurance, &at.key("image_assurance_results"), warnings);
            let project = stated(scan.image.as_ref());
            self.report.measures =
                quality_gate.map(|gate| Measures { project, quality_gate: Some(gate), ..Measures::default() });
        }
    }

    /// When what was scanned, and what for.
    fn about(&mut self, scan: &Scan<'_>, at: &At<'_>) {
        let Report { warnings, subjects, created_at, looked_for, .. } = &mut self.report;
        let digest = stated(scan.digest.as_ref());
        let digest = digest.map(|digest| format!("sha256:{}", digest.strip_prefix("sha256:").unwrap_or(&digest)));
        digest.into_iter().for_each(|digest| subjects::add_artifact(subjects, &digest));
        let metadata = scan.metadata.get(at.key("metadata"), warnings);
        let digests = metadata.iter().flat_map(|metadata| metadata.repo_digests.0.iter().flatten());
        digests.for_each(|digest| subjects::add_artifact(subjects, digest));
        let started = scan.started.get(at.key("scan_started"), warnings).and_then(|started| started.seconds);
        let started = started.and_then(|seconds| jiff::Timestamp::from_second(seconds).ok());
        let started = started.filter(|instant| *instant > jiff::Timestamp::UNIX_EPOCH);
        *created_at = created_at.take().or_else(|| Some(started?.to_string()));
        let options = scan.options.get(at.key("scan_options"), warnings);
        if options.is_some_and(|options| options.scan_malware.unwrap_or_default()) {
            looked_for.push(FindingKind::Malware);
        }
        if options.is_some_and(|options| options.scan_sensitive_data.unwrap_or_default()) {
            looked_for.push(FindingKind::Secret);
        }
    }

    /// A page of the list of vulnerabilities, of one image or of many.
    fn page(&mut self, page: &Page<'_>) {
        let Report { warnings, subjects, .. } = &mut self.report;
        let at = At::Root;
        let at = at.key("result");
        let empty = List::default();
        let list = page.result.as_ref().unwrap_or(&empty);
        let mut images = std::collections::BTreeSet::new();
        for (index, raw) in list.items(at, warnings).to_vec().iter().enumerate() {
            let at = at.index(index);
            let Some(item) = json::part::<PageItem<'_>>(raw, at, warnings) else { continue };
            let Some(found) = json::part::<Vulnerability<'_>>(raw, at, warnings) else { continue };
            let image = Image { os: item.os, version: item.os_version };
            let empty = Resource::default();
            let resource = item.resource.get(at.key("resource"), warnings).unwrap_or(&empty);
            self.findings.push(vulnerability(&found, resource, &image));
            if let Some(digest) = &item.image_digest {
                subjects::add_artifact(subjects, digest);
            }
            images.extend(stated(item.image_name.as_ref()));
        }
        self.images = images.len();
        let count = page.count.unwrap_or_default();
        if count > self.findings.len() as u64 {
            let message = format!("this is a page of the list: {} of {count} vulnerabilities", self.findings.len());
            warnings.push(Warning { at: at.to_string(), message });
        }
    }
}

fn vulnerability(found: &Vulnerability<'_>, resource: &Resource<'_>, image: &Image<'_>) -> Finding {
    let rule = stated(found.name.as_ref()).unwrap_or_default();
    let name = stated(resource.name.as_ref()).or_else(|| stated(resource.path.as_ref())).unwrap_or_default();
    let version = stated(resource.version.as_ref());
    let purl = purl(resource, image, &name, version.as_deref());
    let severity_word = found.severity_word();
    let fixed = found.fix_version.as_deref().unwrap_or_default().split(',').map(str::trim);
    let path = stated(resource.path.as_ref());
    let weaknesses = found.cwe_info.0.iter().flatten();
    let is_acknowledged = found.is_acknowledged();
    Finding {
        severity: severity_word.as_deref().map_or_else(Default::default, |word| severity::of_word("aqua", word)),
        severity_word,
        score: found.aqua_score.as_ref().or(found.score.as_ref()).and_then(|score| ratings::number(score)),
        cvss: cvss(found),
        cwes: weaknesses.filter_map(|weakness| ratings::cwe(weakness.id.as_deref()?)).collect(),
        description: stated(found.description.as_ref()).map(text::capped),
        fixed_versions: fixed.filter(|fixed| !fixed.is_empty()).map(str::to_owned).collect(),
        remediation: stated(found.solution.as_ref()),
        references: [&found.nvd_url, &found.vendor_url, &found.url]
            .into_iter()
            .flatten()
            .filter_map(Text::stated)
            .collect(),
        status: if is_acknowledged { FindingStatus::Suppressed } else { FindingStatus::Open },
        location: path.map(|path| Location { path, ..Location::default() }),
        component: Some(ComponentRef { purl, name: name.clone(), version }),
        ..Finding::new(FindingKind::Vulnerability, rule.clone(), format!("{rule} in {name}"))
    }
}

/// Aqua's own names `pkg:/npm:*:cart:1.0` are no package URLs; format, name and distribution make one.
fn purl(resource: &Resource<'_>, image: &Image<'_>, name: &str, version: Option<&str>) -> Option<String> {
    let format = resource.format.as_deref()?;
    if let "apk" | "deb" | "rpm" = format {
        let (kind, vendor) = packages::of_distribution(image.os.as_deref()?).filter(|(kind, _)| *kind == format)?;
        let release = image.version.as_deref().unwrap_or_default();
        return packages::purl(kind, &format!("{vendor}/{name}"), version, &[("distro", release)]);
    }
    packages::purl(packages::of_ecosystem(format)?, name, version, &[])
}

fn cvss(found: &Vulnerability<'_>) -> Vec<Cvss> {
    let stated = [
        ("nvd", &found.nvd_vectors, &found.nvd_score, "2.0"),
        ("nvd", &found.nvd_vectors_v3, &found.nvd_score_v3, "3.1"),
        ("vendor", &found.vendor_vectors, &found.vendor_score, "2.0"),
        ("vendor", &found.vendor_vectors_v3, &found.vendor_score_v3, "3.1"),
    ];
    let rating = |(source, vector, score, version): (&str, &Option<Text<'_>>, &Option<Text<'_>>, &str)| {
        ratings::cvss(vector.as_deref(), score.as_deref().and_then(ratings::number), version, Some(source))
    };
    stated.into_iter().filter_map(rating).collect()
}

/// The data itself is not in the document, only its kind and its file.
fn secret(kind: &str, path: String) -> Finding {
    let rule = if kind.trim().is_empty() { "sensitive data" } else { kind.trim() };
    Finding {
        identity: identity::of_parts(rule, &[&path]),
        location: Some(Location { path: path.clone(), ..Location::default() }),
        ..Finding::new(FindingKind::Secret, rule, format!("{rule} in {path}"))
    }
}

/// A finding for each file, or one where none is named.
fn malware(found: &Malware<'_>) -> Vec<Finding> {
    let rule = stated(found.malware.as_ref()).unwrap_or_else(|| "malware".to_owned());
    let named = found.paths.0.iter().flatten().chain(found.path.as_ref());
    let mut paths: Vec<String> = named.filter_map(Text::stated).collect();
    if paths.is_empty() {
        paths.push(String::new());
    }
    let finding = |path: String| Finding {
        identity: identity::of_parts(&rule, &[&path]),
        location: Some(path.clone())
            .filter(|path| !path.is_empty())
            .map(|path| Location { path, ..Location::default() }),
        ..Finding::new(FindingKind::Malware, rule.clone(), format!("{rule} in {path}"))
    };
    paths.into_iter().map(finding).collect()
}

/// The verdict of Aqua's own policies on the image; nothing where no policy applies to it.
fn quality_gate(assurance: &Assurance<'_>, at: &At<'_>, warnings: &mut Vec<Warning>) -> Option<QualityGate> {
    let checks = json::parts::<report::Check<'_>>(&assurance.checks_performed, at.key("checks_performed"), warnings);
    let conditions = checks.into_iter().map(|(_, check)| {
        let policy = stated(check.policy_name.as_ref()).unwrap_or_default();
        let control = stated(check.control.as_ref()).unwrap_or_default();
        let found = check.maximum_severity_found.as_ref().or(check.maximum_score_found.as_ref());
        let allowed = check.maximum_severity_allowed.as_ref().or(check.maximum_score_allowed.as_ref());
        QualityCondition {
            metric: format!("{policy}/{control}"),
            status: if check.failed.unwrap_or_default() { "failed" } else { "passed" }.to_owned(),
            actual: stated(found),
            threshold: stated(allowed),
        }
    });
    let conditions: Vec<_> = conditions.collect();
    if conditions.is_empty() && assurance.disallowed.is_none() {
        return None;
    }
    let is_failed = assurance.disallowed.unwrap_or_else(|| conditions.iter().any(|check| check.status == "failed"));
    let status = if is_failed { "failed" } else { "passed" }.to_owned();
    Some(QualityGate { name: Some("image assurance".to_owned()), status, conditions })
}
