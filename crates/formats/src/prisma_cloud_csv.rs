//! Exports of Prisma Cloud Compute as CSV: images of CI, deployed images, images in registries, and hosts.

use crate::json::Text;
use crate::prisma::{self, Issue, Scanned};
use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError, subjects};
use shipworthy_model::{FindingKind, Phase, Report, Tool, Warning};
use std::borrow::Cow;
use std::collections::BTreeSet;

pub(crate) static FORMAT: Format = Format {
    name: "prisma-cloud-csv",
    title: "Prisma Cloud export (CSV)",
    homepage: "https://docs.prismacloud.io/en/compute-edition/34/admin-guide/vulnerability-management/scan-reports",
    phase: Phase::Artifact,
    tool: "prisma-cloud",
    reads: "the CSV exports of scans of CI, of deployed images, of registries and of hosts, with vulnerabilities and failed checks",
    identifies: "vulnerability and component; of a failed check its number, the image without its tag, and the cause",
    severities: "prisma-cloud",
    marks: &["CVE ID", "Compliance ID", "Packages"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(&["CVE ID", "Compliance ID", "Type", "Severity", "Packages", "Distro"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV export of Prisma Cloud", bytes)?;
    table.require(&["CVE ID", "Severity", "Packages"])?;
    let tool = Tool { name: "prisma-cloud".to_owned(), version: None };
    let mut report = Report { tool: Some(tool), ..Report::default() };
    let mut findings = Vec::new();
    let mut images = BTreeSet::new();
    for row in table.rows() {
        let scanned = scanned(row);
        let subject = row.get("Digest").or_else(|| row.get("Digests"));
        for digest in subject.into_iter().flat_map(|digests| digests.split([',', ' '])) {
            subjects::add_artifact(&mut report.subjects, digest);
        }
        let issue = issue(row);
        if row.get("CVE ID").is_some() {
            findings.push(prisma::vulnerability(&issue, &scanned));
        } else if row.get("Compliance ID").is_some() || row.get("Cause").is_some() {
            findings.push(prisma::compliance(&issue, FindingKind::Misconfiguration, &scanned));
        } else if row.get("Severity").is_some() {
            let message = "left out: expected a `CVE ID` or a `Compliance ID`, found neither".to_owned();
            report.warnings.push(Warning { at: format!("line {}", row.line), message });
        }
        images.insert(scanned.name);
    }
    subjects::warn_of_several(images.len(), "images", "", &mut report.warnings);
    report.looked_for = vec![FindingKind::Vulnerability, FindingKind::Misconfiguration];
    report.findings = Some(findings);
    Ok(report)
}

fn scanned(row: Row<'_>) -> Scanned {
    let path = [row.get("Registry"), row.get("Repository")].into_iter().flatten().collect::<Vec<_>>().join("/");
    let name = row.get("Tag").map_or(path.clone(), |tag| format!("{path}:{tag}"));
    let name = Some(name).filter(|name| !name.is_empty()).or_else(|| row.stated("Hostname"));
    Scanned::new(name, row.stated("Distro"), None)
}

fn issue(row: Row<'_>) -> Issue<'_> {
    let cell = |column: &str| row.get(column).map(|cell| Text(Cow::Borrowed(cell)));
    Issue {
        id: cell("Compliance ID"),
        cve: cell("CVE ID"),
        // The description of a failed check is its title.
        title: cell("Description"),
        description: cell("Description"),
        cause: cell("Cause"),
        severity: cell("Severity"),
        cvss: cell("CVSS"),
        vector: None,
        status: cell("Fix Status"),
        package: cell("Packages"),
        version: cell("Package Version"),
        // In the export of CI the first `Type` is the way in which the image was scanned.
        package_type: cell("Type#2").or_else(|| cell("Type")),
        path: cell("Package Path"),
        link: cell("Vulnerability Link"),
    }
}
