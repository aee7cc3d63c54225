//! Images as the web API of Prisma Cloud Compute tells of them: deployed ones, those in registries, and the scans of CI.

use crate::json::{self, At, List, Odd, Text, stated};
use crate::prisma::{self, Issue, Scanned};
use crate::{Format, Members, Probe, ReadError, identity, secret, subjects};
use serde::Deserialize;
use shipworthy_model::{Component, Finding, FindingKind, Inventory, Location, Phase, Report, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "prisma-cloud",
    title: "Prisma Cloud images (web API)",
    homepage: "https://pan.dev/prisma-cloud/api/cwpp/get-images/",
    phase: Phase::Artifact,
    tool: "prisma-cloud",
    reads: "the lists of `/images`, `/registry` and `/scans` of the Compute API and one entry of them, of versions 20 to 34",
    identifies: "vulnerability and component; of a failed check its number, the image without its tag, and the cause; of a secret its id or its file",
    severities: "prisma-cloud",
    marks: &["entityInfo", "vulnerabilitiesCount", "complianceIssuesCount", "repoTag", "complianceIssues"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_image = |members: &Members| {
        members.has_all(&["vulnerabilitiesCount", "complianceIssuesCount"])
            || members.has_all(&["repoTag", "vulnerabilityDistribution", "complianceDistribution"])
    };
    let is_scan = |members: &Members| members.has_all(&["entityInfo", "pass"]);
    let is_either = |members: &Members| is_image(members) || is_scan(members);
    probe.object().is_some_and(is_either) || probe.first_element().is_some_and(is_either)
}

/// An image, or a scan of CI around one.
#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow, rename = "entityInfo")]
    of_scan: Option<&'a serde_json::value::RawValue>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Image<'a> {
    #[serde(borrow, default)]
    repo_tag: Odd<RepoTag<'a>>,
    #[serde(borrow, default)]
    repo_digests: Odd<Vec<Text<'a>>>,
    #[serde(borrow)]
    os_distro: Option<Text<'a>>,
    #[serde(borrow)]
    distro: Option<Text<'a>>,
    #[serde(borrow)]
    os_distro_release: Option<Text<'a>>,
    #[serde(borrow)]
    scan_time: Option<Text<'a>>,
    #[serde(borrow)]
    scan_version: Option<Text<'a>>,
    #[serde(borrow, default)]
    packages: List<'a>,
    #[serde(borrow, default)]
    vulnerabilities: List<'a>,
    #[serde(borrow, default)]
    compliance_issues: List<'a>,
    #[serde(borrow, default)]
    found_secrets: List<'a>,
    #[serde(borrow, default, rename = "Secrets")]
    secrets: Odd<Vec<Text<'a>>>,
    vulnerabilities_count: Option<u64>,
    compliance_issues_count: Option<u64>,
}

#[derive(Default, Deserialize)]
struct RepoTag<'a> {
    #[serde(borrow)]
    registry: Option<Text<'a>>,
    #[serde(borrow)]
    repo: Option<Text<'a>>,
    #[serde(borrow)]
    tag: Option<Text<'a>>,
    #[serde(borrow)]
    digest: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Group<'a> {
    #[serde(borrow)]
    pkgs_type: Option<Text<'a>>,
    #[serde(borrow, default)]
    pkgs: List<'a>,
}

#[derive(Deserialize)]
struct FoundSecret<'a> {
    #[serde(borrow)]
    path: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow, rename = "secretID")]
    id: Option<Text<'a>>,
    #[serde(borrow, rename = "locationInFile")]
    place: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut reading = Reading::default();
    if bytes.trim_ascii_start().starts_with(b"[") {
        let list: List<'_> = json::document(bytes)?;
        let raw = list.items("", &mut reading.report.warnings).to_vec();
        for (index, raw) in raw.into_iter().enumerate() {
            reading.entry(raw, &At::Root.index(index));
        }
    } else {
        reading.entry(json::document(bytes)?, &At::Root);
    }
    Ok(reading.finish())
}

#[derive(Default)]
struct Reading {
    report: Report,
    findings: Vec<Finding>,
    components: Vec<Component>,
    images: Vec<String>,
    version: Option<String>,
    /// Whether findings were left out where the document was made.
    is_compact: bool,
}

impl Reading {
    fn entry(&mut self, raw: &serde_json::value::RawValue, at: &At<'_>) {
        let Some(entry) = json::part::<Entry<'_>>(raw, at, &mut self.report.warnings) else { return };
        self.version = self.version.take().or_else(|| stated(entry.version.as_ref()));
        match entry.of_scan {
            Some(raw) => self.image(raw, &at.key("entityInfo")),
            None => self.image(raw, at),
        }
    }

    fn image(&mut self, raw: &serde_json::value::RawValue, at: &At<'_>) {
        let warnings = &mut self.report.warnings;
        let Some(image) = json::part::<Image<'_>>(raw, at, warnings) else { return };
        self.version = self.version.take().or_else(|| stated(image.scan_version.as_ref()));
        let name = self.name(&image, at);
        let warnings = &mut self.report.warnings;
        let distribution = stated(image.os_distro.as_ref()).or_else(|| stated(image.distro.as_ref()));
        let mut scanned = Scanned::new(Some(name.clone()), distribution, stated(image.os_distro_release.as_ref()));
        let at_packages = at.key("packages");
        for (index, group) in json::parts::<Group<'_>>(&image.packages, at_packages, warnings) {
            scanned.packages(&group.pkgs, group.pkgs_type.as_ref(), at_packages.index(index).key("pkgs"), warnings);
        }
        for (_, issue) in json::parts::<Issue<'_>>(&image.vulnerabilities, at.key("vulnerabilities"), warnings) {
            self.findings.push(prisma::vulnerability(&issue, &scanned));
        }
        let counted = [
            (&image.vulnerabilities, image.vulnerabilities_count, "vulnerabilities"),
            (&image.compliance_issues, image.compliance_issues_count, "complianceIssues"),
        ];
        for (_, _, key) in
            counted.iter().filter(|(list, count, _)| list.items.is_empty() && count.is_some_and(|count| count > 0))
        {
            self.is_compact = true;
            let message = format!("expected `{key}`, found only their number: ask without `compact=true`");
            warnings.push(Warning { at: at.key(key).to_string(), message });
        }
        for (_, issue) in json::parts::<Issue<'_>>(&image.compliance_issues, at.key("complianceIssues"), warnings) {
            self.findings.push(prisma::compliance(&issue, FindingKind::Misconfiguration, &scanned));
        }
        let found = json::parts::<FoundSecret<'_>>(&image.found_secrets, at.key("foundSecrets"), warnings);
        if found.is_empty() {
            let paths = image.secrets.get(at.key("Secrets"), warnings).into_iter().flatten();
            self.findings.extend(paths.filter_map(Text::stated).map(|path| secret_in(&path)));
        }
        self.findings.extend(found.iter().map(|(_, found)| found_secret(found)));
        self.report.created_at = self.report.created_at.take().or_else(|| stated(image.scan_time.as_ref()));
        self.components.append(&mut scanned.components);
        self.images.push(name);
    }

    /// The image's name, with the digests by which it is known noted as subjects.
    fn name(&mut self, image: &Image<'_>, at: &At<'_>) -> String {
        let Report { warnings, subjects, .. } = &mut self.report;
        for digest in image.repo_digests.get(at.key("repoDigests"), warnings).into_iter().flatten() {
            subjects::add_artifact(subjects, digest);
        }
        let Some(tag) = image.repo_tag.get(at.key("repoTag"), warnings) else { return String::new() };
        if let Some(digest) = &tag.digest {
            subjects::add_artifact(subjects, digest);
        }
        let path = [stated(tag.registry.as_ref()), stated(tag.repo.as_ref())];
        let path = path.into_iter().flatten().collect::<Vec<_>>().join("/");
        stated(tag.tag.as_ref()).map_or(path.clone(), |tag| format!("{path}:{tag}"))
    }

    fn finish(mut self) -> Report {
        subjects::warn_of_several(self.images.len(), "images", "", &mut self.report.warnings);
        if !self.components.is_empty() {
            let name = self.images.pop().filter(|name| self.images.is_empty() && !name.is_empty());
            let describes = name.map(|name| Component { name, kind: "container".to_owned(), ..Component::default() });
            self.report.inventory = Some(Inventory {
                describes,
                created_at: self.report.created_at.clone(),
                authors: vec!["prisma-cloud".to_owned()],
                components: self.components,
                ..Inventory::default()
            });
        }
        self.report.tool = Some(Tool { name: "prisma-cloud".to_owned(), version: self.version });
        if !self.is_compact {
            self.report.looked_for =
                vec![FindingKind::Vulnerability, FindingKind::Misconfiguration, FindingKind::Secret];
        }
        self.report.findings = Some(self.findings);
        self.report
    }
}

/// A secret of which nothing but its file is known.
fn secret_in(path: &str) -> Finding {
    Finding {
        location: Some(Location { path: path.to_owned(), ..Location::default() }),
        identity: identity::of_parts("secret", &[path]),
        ..Finding::new(FindingKind::Secret, "secret", format!("secret in {path}"))
    }
}

fn found_secret(found: &FoundSecret<'_>) -> Finding {
    let path = stated(found.path.as_ref()).unwrap_or_default();
    let rule = stated(found.kind.as_ref()).unwrap_or_else(|| "secret".to_owned());
    // The id is made of the secret, how is not documented, so that not even that is kept.
    let id = found.id.as_deref().map(secret::fingerprint).unwrap_or_default();
    let line = found.place.as_deref().and_then(|place| place.split(':').next()?.trim().parse().ok());
    let (severity, severity_word) = prisma::rated(found.severity.as_ref());
    Finding {
        severity,
        severity_word,
        location: Some(Location { path: path.clone(), line, end_line: None }),
        identity: identity::of_parts(&rule, &[&path, &id]),
        ..Finding::new(FindingKind::Secret, rule.clone(), format!("{rule} in {path}"))
    }
}
