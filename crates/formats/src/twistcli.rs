//! Scans of Prisma Cloud's command line `twistcli`: images, hosts and functions, and the repositories of code.

use crate::json::{self, At, List, Text, stated};
use crate::prisma::{self, Issue, Scanned};
use crate::{Format, Probe, ReadError, subjects};
use serde::Deserialize;
use shipworthy_model::{Component, Finding, FindingKind, Inventory, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "twistcli",
    title: "Prisma Cloud scan of the command line (twistcli)",
    homepage: "https://docs.prismacloud.io/en/compute-edition/34/admin-guide/tools/twistcli-scan-images",
    phase: Phase::Artifact,
    tool: "prisma-cloud",
    reads: "the files of `twistcli images`, `hosts` and `serverless scan` and of `twistcli coderepo scan`, of versions 19 to 34",
    identifies: "vulnerability and component; of a failed check its number, the image without its tag, and the cause",
    severities: "prisma-cloud",
    marks: &["results", "consoleURL", "repository", "vulnerabilityDistribution", "complianceDistribution"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let Some(members) = probe.object() else { return false };
    let is_of_code = members.has_all(&["repository", "vulnerabilityDistribution"]);
    let has_counts = |name: &str| probe.has(&format!("results.{name}"));
    is_of_code
        || (members.has("results") && has_counts("vulnerabilityDistribution") && has_counts("complianceDistribution"))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    results: Option<List<'a>>,
}

#[derive(Deserialize)]
struct Scan<'a> {
    #[serde(borrow, alias = "repository")]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    distro: Option<Text<'a>>,
    #[serde(borrow, rename = "distroRelease")]
    release: Option<Text<'a>>,
    #[serde(borrow)]
    digest: Option<Text<'a>>,
    #[serde(borrow, rename = "scanTime")]
    time: Option<Text<'a>>,
    #[serde(borrow, default)]
    packages: List<'a>,
    #[serde(borrow, default)]
    compliances: List<'a>,
    /// The same, of a repository of code, where they are about licences alone.
    #[serde(borrow, default, rename = "complianceIssues")]
    licenses: List<'a>,
    #[serde(borrow, default)]
    vulnerabilities: List<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let tool = Tool { name: "prisma-cloud".to_owned(), version: None };
    let mut reading = Reading { report: Report { tool: Some(tool), ..Report::default() }, ..Reading::default() };
    if let Some(results) = &document.results {
        reading.report.looked_for = vec![FindingKind::Vulnerability, FindingKind::Misconfiguration];
        let at = At::Root;
        let at = at.key("results");
        for (index, scan) in json::parts::<Scan<'_>>(results, at, &mut reading.report.warnings) {
            reading.scan(&scan, &at.index(index));
        }
    } else {
        reading.report.looked_for = vec![FindingKind::Vulnerability, FindingKind::License];
        reading.scan(&json::document(bytes)?, &At::Root);
    }
    Ok(reading.finish())
}

#[derive(Default)]
struct Reading {
    report: Report,
    findings: Vec<Finding>,
    components: Vec<Component>,
    described: Vec<Component>,
}

impl Reading {
    fn scan(&mut self, scan: &Scan<'_>, at: &At<'_>) {
        let Self { report, findings, components, described } = self;
        let warnings = &mut report.warnings;
        let name = stated(scan.name.as_ref());
        let mut scanned = Scanned::new(name.clone(), stated(scan.distro.as_ref()), stated(scan.release.as_ref()));
        scanned.packages(&scan.packages, None, at.key("packages"), warnings);
        for (_, issue) in json::parts::<Issue<'_>>(&scan.vulnerabilities, at.key("vulnerabilities"), warnings) {
            findings.push(prisma::vulnerability(&issue, &scanned));
        }
        for (_, issue) in json::parts::<Issue<'_>>(&scan.compliances, at.key("compliances"), warnings) {
            findings.push(prisma::compliance(&issue, FindingKind::Misconfiguration, &scanned));
        }
        for (_, issue) in json::parts::<Issue<'_>>(&scan.licenses, at.key("complianceIssues"), warnings) {
            findings.push(prisma::compliance(&issue, FindingKind::License, &scanned));
        }
        // The digest of the manifest; `id` is that of the configuration, by which nobody pulls an image.
        if let Some(digest) = &scan.digest {
            subjects::add_artifact(&mut report.subjects, digest);
        }
        report.created_at = report.created_at.take().or_else(|| stated(scan.time.as_ref()));
        described.push(Component { name: name.unwrap_or_default(), ..Component::default() });
        components.append(&mut scanned.components);
    }

    fn finish(mut self) -> Report {
        subjects::warn_of_several(self.described.len(), "images", "/results", &mut self.report.warnings);
        if !self.components.is_empty() {
            let only = self.described.pop().filter(|only| self.described.is_empty() && !only.name.is_empty());
            self.report.inventory = Some(Inventory {
                describes: only,
                created_at: self.report.created_at.clone(),
                authors: vec!["twistcli".to_owned()],
                components: self.components,
                ..Inventory::default()
            });
        }
        self.report.findings = Some(self.findings);
        self.report
    }
}
