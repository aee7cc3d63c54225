//! Vulnerabilities of an image as Anchore (Engine, Enterprise and AnchoreCTL) lists them.

use crate::dependencies::{component, cvss, cvss_of_version, number, rated, relative, report, utc, versions};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, subjects, text};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Cvss, Finding, FindingKind, FindingStatus, Location, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "anchore-vulnerabilities",
    title: "Anchore vulnerabilities",
    homepage: "https://docs.anchore.com/current/docs/vulnerability_management/images/",
    phase: Phase::Artifact,
    tool: "anchore",
    reads: "the vulnerabilities of an image from the API, its list from AnchoreCTL, and the export with `securityEvaluation`",
    identifies: "vulnerability and component",
    severities: "anchore",
    marks: &["imageDigest", "vulnerabilities", "vulnerability_type", "securityEvaluation", "vuln", "packageName"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_item = |members: &crate::Members| members.has_all(&["vuln", "packageName", "packageVersion"]);
    probe.object().is_some_and(|members| {
        members.has_all(&["imageDigest", "vulnerabilities", "vulnerability_type"])
            || members.has_all(&["imageDigest", "vulnerabilities", "vulnerabilityType"])
            || members.has_all(&["metadata", "securityEvaluation"])
    }) || probe.first_element().is_some_and(is_item)
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, rename = "imageDigest")]
    digest: Option<Text<'a>>,
    #[serde(borrow, default)]
    vulnerabilities: List<'a>,
    #[serde(borrow, default, rename = "securityEvaluation")]
    evaluation: List<'a>,
    #[serde(borrow, default)]
    metadata: Odd<Metadata<'a>>,
}

#[derive(Default, Deserialize)]
struct Metadata<'a> {
    #[serde(borrow, rename = "imageDigest")]
    digest: Option<Text<'a>>,
    #[serde(borrow)]
    timestamp: Option<Text<'a>>,
}

/// A vulnerability; the API writes its members with underscores and AnchoreCTL in camel case.
#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    vuln: Option<Text<'a>>,
    #[serde(borrow)]
    feed_group: Option<Text<'a>>,
    #[serde(borrow, rename = "feedGroup")]
    group: Option<Text<'a>>,
    #[serde(borrow)]
    fix: Option<Text<'a>>,
    #[serde(borrow, alias = "packageName")]
    package_name: Option<Text<'a>>,
    #[serde(borrow, alias = "packageVersion")]
    package_version: Option<Text<'a>>,
    #[serde(borrow, alias = "packageType")]
    package_type: Option<Text<'a>>,
    #[serde(borrow, alias = "packagePath")]
    package_path: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow, default, alias = "nvdData")]
    nvd_data: Odd<Vec<Rated<'a>>>,
    #[serde(alias = "willNotFix")]
    will_not_fix: Option<bool>,
}

#[derive(Deserialize)]
struct Rated<'a> {
    /// The CVE.
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(default, alias = "cvssV2")]
    cvss_v2: Odd<Score>,
    #[serde(default, alias = "cvssV3")]
    cvss_v3: Odd<Score>,
}

#[derive(Default, Deserialize)]
struct Score {
    #[serde(alias = "baseScore")]
    base_score: Option<f64>,
}

/// A vulnerability of the export with `securityEvaluation`.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Evaluated<'a> {
    #[serde(borrow)]
    vulnerability_id: Option<Text<'a>>,
    #[serde(borrow)]
    cves: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    package_type: Option<Text<'a>>,
    #[serde(borrow)]
    path: Option<Text<'a>>,
    #[serde(borrow)]
    package: Option<Text<'a>>,
    #[serde(borrow)]
    fix_available: Option<Text<'a>>,
    #[serde(borrow)]
    link: Option<Text<'a>>,
    /// `N/A` where there is none.
    #[serde(borrow, rename = "nvdCvssBaseScore")]
    score: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut warnings = Vec::new();
    if bytes.trim_ascii_start().starts_with(b"[") {
        let list: List<'_> = json::document(bytes)?;
        let items = json::parts::<Item<'_>>(&list, "", &mut warnings);
        let findings = items.iter().map(|(_, item)| finding(item)).collect();
        return Ok(Report { warnings, ..report("anchore", None, findings) });
    }
    let document: Document<'_> = json::document(bytes)?;
    let items = json::parts::<Item<'_>>(&document.vulnerabilities, "/vulnerabilities", &mut warnings);
    let evaluated = json::parts::<Evaluated<'_>>(&document.evaluation, "/securityEvaluation", &mut warnings);
    let findings =
        items.iter().map(|(_, item)| finding(item)).chain(evaluated.iter().map(|(_, item)| of_evaluation(item)));
    let mut report = report("anchore", None, findings.collect());
    let metadata = document.metadata.get("/metadata", &mut warnings);
    report.created_at = metadata.and_then(|metadata| utc(metadata.timestamp.as_deref()));
    for digest in document.digest.iter().chain(metadata.and_then(|metadata| metadata.digest.as_ref())) {
        subjects::add_artifact(&mut report.subjects, digest);
    }
    Ok(Report { warnings, ..report })
}

/// What Anchore writes where there is nothing: `None` or `N/A`.
fn known(text: Option<&Text<'_>>) -> Option<String> {
    stated(text).filter(|text| !matches!(text.as_str(), "None" | "N/A" | "pkgdb"))
}

fn finding(item: &Item<'_>) -> Finding {
    let rule = stated(item.vuln.as_ref()).unwrap_or_default();
    let name = item.package_name.as_deref().unwrap_or_default();
    let kind = item.package_type.as_deref().unwrap_or_default();
    // Of a package of a system the feed says which: `debian:12`.
    let is_of_system = matches!(kind, "dpkg" | "rpm" | "rpmdb" | "apkg" | "APKG" | "deb");
    let group = item.feed_group.as_ref().or(item.group.as_ref()).map_or("", |group| group);
    let component = component(if is_of_system { group } else { kind }, name, item.package_version.as_deref());
    let (severity, severity_word) = rated("anchore", item.severity.as_ref());
    let path = known(item.package_path.as_ref()).filter(|_| !is_of_system);
    let cves = item.nvd_data.0.iter().flatten().filter_map(|rated| stated(rated.id.as_ref()));
    Finding {
        aliases: crate::dependencies::aliases(&rule, cves),
        description: stated(item.description.as_ref()).map(text::capped),
        severity,
        severity_word,
        cvss: item.nvd_data.0.iter().flatten().flat_map(ratings).collect(),
        component: Some(component),
        location: path.map(|path| Location { path: relative(&path), ..Location::default() }),
        fixed_versions: known(item.fix.as_ref()).as_deref().map(versions).unwrap_or_default(),
        remediation: (item.will_not_fix == Some(true)).then(|| "the vendor will not fix it".to_owned()),
        references: stated(item.url.as_ref()).into_iter().collect(),
        status: FindingStatus::Open,
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule.clone(), format!("{rule} in {name}"))
    }
}

/// The scores; Anchore writes -1 for one that there is not.
fn ratings(rated: &Rated<'_>) -> Vec<Cvss> {
    let score = |odd: &Odd<Score>| odd.0.as_ref().ok().and_then(|score| score.base_score).filter(|score| *score > 0.0);
    let v3 = cvss(None, score(&rated.cvss_v3), Some("nvd"));
    let v2 = cvss_of_version("2.0", None, score(&rated.cvss_v2));
    v3.into_iter().chain(v2.map(|v2| Cvss { source: Some("nvd".to_owned()), ..v2 })).collect()
}

fn of_evaluation(item: &Evaluated<'_>) -> Finding {
    let rule = stated(item.vulnerability_id.as_ref()).unwrap_or_default();
    let package = item.package.as_deref().unwrap_or_default();
    let (name, version) = split(package);
    let score = number(item.score.as_ref());
    let (severity, severity_word) = rated("anchore", item.severity.as_ref());
    let cves = stated(item.cves.as_ref()).unwrap_or_default();
    let is_of_system = matches!(item.package_type.as_deref(), Some("RPM" | "DPKG" | "APKG"));
    Finding {
        aliases: crate::dependencies::aliases(&rule, crate::dependencies::names(&cves)),
        severity,
        severity_word,
        score,
        cvss: cvss(None, score.filter(|score| *score > 0.0), Some("nvd")).into_iter().collect(),
        component: Some(ComponentRef { purl: None, name: name.to_owned(), version: version.map(str::to_owned) }),
        location: known(item.path.as_ref())
            .filter(|_| !is_of_system)
            .map(|path| Location { path: relative(&path), ..Location::default() }),
        fixed_versions: known(item.fix_available.as_ref()).as_deref().map(versions).unwrap_or_default(),
        references: stated(item.link.as_ref()).into_iter().collect(),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule.clone(), format!("{rule} in {name}"))
    }
}

/// Name and version of `tomcat-embed-core-9.0.97`: the version begins with the first part that begins with a digit.
fn split(package: &str) -> (&str, Option<&str>) {
    let places = package.match_indices('-').map(|(place, _)| place);
    let is_version = |place: &usize| package[place + 1..].starts_with(|first: char| first.is_ascii_digit());
    match places.into_iter().find(is_version) {
        Some(place) => (&package[..place], Some(&package[place + 1..])),
        None => (package, None),
    }
}
