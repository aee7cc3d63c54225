//! OWASP Dependency-Check reports in JSON.

use crate::dependencies::{cwes, report, utc};
use crate::dependency_check::{self, File, Vulnerability};
use crate::json::{self, At, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Finding, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "dependency-check-json",
    title: "Dependency-Check report (JSON)",
    homepage: "https://dependency-check.github.io/DependencyCheck/general/internals.html",
    phase: Phase::Build,
    tool: "dependency-check",
    reads: "report schema 1.0 and 1.1, with suppressed vulnerabilities",
    identifies: "vulnerability and component",
    severities: "dependency-check",
    marks: &["reportSchema", "scanInfo", "projectInfo", "dependencies"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_report =
        |members: &crate::Members| members.has_all(&["reportSchema", "scanInfo", "projectInfo", "dependencies"]);
    probe.object().is_some_and(is_report)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(borrow, default)]
    scan_info: Odd<ScanInfo<'a>>,
    #[serde(borrow, default)]
    project_info: Odd<ProjectInfo<'a>>,
    #[serde(borrow, default)]
    dependencies: List<'a>,
}

#[derive(Default, Deserialize)]
struct ScanInfo<'a> {
    #[serde(borrow, rename = "engineVersion")]
    version: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct ProjectInfo<'a> {
    #[serde(borrow, rename = "reportDate")]
    date: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Dependency<'a> {
    #[serde(borrow)]
    file_name: Option<Text<'a>>,
    #[serde(borrow)]
    file_path: Option<Text<'a>>,
    #[serde(borrow, default)]
    packages: Odd<Vec<Package<'a>>>,
    #[serde(borrow, default)]
    vulnerabilities: List<'a>,
    #[serde(borrow, default)]
    suppressed_vulnerabilities: List<'a>,
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    source: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(default)]
    cvssv2: Odd<V2>,
    #[serde(default)]
    cvssv3: Odd<V3>,
    #[serde(borrow, default)]
    cvssv4: Odd<V4<'a>>,
    #[serde(borrow, default)]
    cwes: Odd<Vec<Text<'a>>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    notes: Option<Text<'a>>,
    #[serde(borrow, default)]
    references: Odd<Vec<Reference<'a>>>,
}

#[derive(Default, Deserialize)]
struct V2 {
    score: Option<f64>,
}

#[derive(Default, Deserialize)]
struct V3 {
    #[serde(rename = "baseScore")]
    score: Option<f64>,
}

#[derive(Default, Deserialize)]
struct V4<'a> {
    #[serde(rename = "baseScore")]
    score: Option<f64>,
    #[serde(borrow, alias = "vectorString")]
    vector: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Reference<'a> {
    #[serde(borrow)]
    url: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    let at = At::Root;
    let at = at.key("dependencies");
    for (index, dependency) in json::parts::<Dependency<'_>>(&document.dependencies, at, &mut warnings) {
        of_file(&dependency, &at.index(index), &mut findings, &mut warnings);
    }
    let version = document.scan_info.get("/scanInfo", &mut warnings).and_then(|about| stated(about.version.as_ref()));
    let date = document.project_info.get("/projectInfo", &mut warnings).and_then(|about| utc(about.date.as_deref()));
    Ok(Report { created_at: date, warnings, ..report("dependency-check", version, findings) })
}

fn of_file(dependency: &Dependency<'_>, at: &At<'_>, findings: &mut Vec<Finding>, warnings: &mut Vec<Warning>) {
    let packages = dependency.packages.get(at.key("packages"), warnings).into_iter().flatten();
    let file = File {
        name: stated(dependency.file_name.as_ref()).unwrap_or_default(),
        path: stated(dependency.file_path.as_ref()).unwrap_or_default(),
        packages: packages.filter_map(|package| stated(package.id.as_ref())).collect(),
    };
    let lists = [
        ("vulnerabilities", &dependency.vulnerabilities, false),
        ("suppressedVulnerabilities", &dependency.suppressed_vulnerabilities, true),
    ];
    for (key, list, is_suppressed) in lists {
        for (_, item) in json::parts::<Item<'_>>(list, at.key(key), warnings) {
            let vulnerability = Vulnerability { is_suppressed, ..vulnerability(&item) };
            findings.push(dependency_check::finding(&file, vulnerability));
        }
    }
}

fn vulnerability(item: &Item<'_>) -> Vulnerability {
    let v4 = item.cvssv4.0.as_ref().ok();
    Vulnerability {
        name: stated(item.name.as_ref()).unwrap_or_default(),
        source: stated(item.source.as_ref()).unwrap_or_default(),
        severity: stated(item.severity.as_ref()).unwrap_or_default(),
        description: stated(item.description.as_ref()).unwrap_or_default(),
        notes: stated(item.notes.as_ref()).unwrap_or_default(),
        cwes: item.cwes.0.iter().flatten().flat_map(|cwe| cwes(cwe)).collect(),
        score_v2: item.cvssv2.0.as_ref().ok().and_then(|rating| rating.score),
        score_v3: item.cvssv3.0.as_ref().ok().and_then(|rating| rating.score),
        score_v4: v4.and_then(|rating| rating.score),
        vectors: v4.and_then(|rating| stated(rating.vector.as_ref())).into_iter().collect(),
        references: item.references.0.iter().flatten().filter_map(|reference| stated(reference.url.as_ref())).collect(),
        is_suppressed: false,
    }
}
