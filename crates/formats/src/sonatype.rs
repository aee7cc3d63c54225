//! Reports of Sonatype Lifecycle (Nexus IQ): the components of an application with their security issues and licences.

use crate::dependencies::{cvss, cwes, report};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, dependencies, identity, license, purl};
use serde::Deserialize;
use shipworthy_model::{
    Component, ComponentRef, Finding, FindingKind, FindingStatus, Inventory, Location, Phase, Report, Severity, Warning,
};

pub(crate) static FORMAT: Format = Format {
    name: "sonatype",
    title: "Sonatype Lifecycle report",
    homepage: "https://help.sonatype.com/en/component-details-rest-api.html",
    phase: Phase::Build,
    tool: "sonatype",
    reads: "the raw report of an application's evaluation; the severity is that of the CVSS score",
    identifies: "vulnerability and component",
    severities: "",
    marks: &["components", "matchSummary"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_report = probe.object().is_some_and(|members| members.has_all(&["components", "matchSummary"]));
    is_report && (probe.has("components.componentIdentifier") || probe.has("matchSummary.totalComponentCount"))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    components: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    #[serde(borrow)]
    hash: Option<Text<'a>>,
    #[serde(borrow)]
    package_url: Option<Text<'a>>,
    #[serde(borrow)]
    display_name: Option<Text<'a>>,
    #[serde(borrow, default)]
    component_identifier: Odd<Identifier<'a>>,
    #[serde(borrow, default)]
    pathnames: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    license_data: Odd<Licenses<'a>>,
    #[serde(borrow, default)]
    security_data: Odd<Security<'a>>,
}

#[derive(Default, Deserialize)]
struct Identifier<'a> {
    #[serde(borrow)]
    format: Option<Text<'a>>,
    #[serde(borrow, default)]
    coordinates: Odd<Coordinates<'a>>,
}

#[derive(Default, Deserialize)]
struct Coordinates<'a> {
    #[serde(borrow, rename = "groupId")]
    group: Option<Text<'a>>,
    #[serde(borrow, rename = "artifactId")]
    artifact: Option<Text<'a>>,
    #[serde(borrow, alias = "packageId")]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Licenses<'a> {
    #[serde(borrow, default, rename = "declaredLicenses")]
    declared: Odd<Vec<License<'a>>>,
}

#[derive(Deserialize)]
struct License<'a> {
    #[serde(borrow, rename = "licenseId")]
    id: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Security<'a> {
    #[serde(borrow, default, rename = "securityIssues")]
    issues: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Issue<'a> {
    #[serde(borrow)]
    source: Option<Text<'a>>,
    #[serde(borrow)]
    reference: Option<Text<'a>>,
    severity: Option<f64>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    threat_category: Option<Text<'a>>,
    #[serde(borrow)]
    cwe: Option<Text<'a>>,
    #[serde(borrow)]
    cvss_vector: Option<Text<'a>>,
    #[serde(borrow)]
    cvss_vector_source: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    let mut components = Vec::new();
    for (index, item) in json::parts::<Item<'_>>(&document.components, "/components", &mut warnings) {
        let at = format!("/components/{index}");
        let component = named(&item, &at, &mut warnings);
        if let Some(security) = item.security_data.get(format_args!("{at}/securityData"), &mut warnings) {
            let issues = json::parts::<Issue<'_>>(
                &security.issues,
                format_args!("{at}/securityData/securityIssues"),
                &mut warnings,
            );
            findings.extend(issues.iter().map(|(_, issue)| finding(issue, &item, &component)));
        }
        components.push(listed(&item, component));
    }
    let inventory = Inventory { authors: vec!["sonatype".to_owned()], components, ..Inventory::default() };
    Ok(Report { inventory: Some(inventory), warnings, ..report("sonatype", None, findings) })
}

fn named(item: &Item<'_>, at: &str, warnings: &mut Vec<Warning>) -> ComponentRef {
    let identifier = item.component_identifier.0.as_ref().ok();
    let coordinates = identifier.and_then(|identifier| identifier.coordinates.0.as_ref().ok());
    let version = coordinates.and_then(|known| stated(known.version.as_ref()));
    let group = coordinates.and_then(|known| stated(known.group.as_ref()));
    let artifact =
        coordinates.and_then(|known| stated(known.artifact.as_ref()).or_else(|| stated(known.name.as_ref())));
    let file = || item.pathnames.0.iter().flatten().find_map(Text::stated);
    let name = artifact.or_else(|| stated(item.display_name.as_ref())).or_else(file).unwrap_or_default();
    let name = group.map_or(name.clone(), |group| format!("{group}:{name}"));
    let format = identifier.and_then(|identifier| stated(identifier.format.as_ref())).unwrap_or_default();
    let component = dependencies::component(&format, &name, version.as_deref());
    let url =
        item.package_url.as_deref().and_then(|url| purl::canonical(url, format_args!("{at}/packageUrl"), warnings));
    ComponentRef { purl: url.or(component.purl), ..component }
}

fn listed(item: &Item<'_>, component: ComponentRef) -> Component {
    let licenses = item.license_data.0.as_ref().ok().map(|data| data.declared.0.iter().flatten());
    let ids = licenses.into_iter().flatten().filter_map(|license| stated(license.id.as_ref()));
    let ids =
        ids.filter(|id| !matches!(id.as_str(), "Not-Supported" | "No-Sources" | "Not-Declared" | "No-Source-License"));
    Component {
        reference: stated(item.hash.as_ref()).unwrap_or_else(|| component.name.clone()),
        kind: "library".to_owned(),
        name: component.name,
        version: component.version,
        purl: component.purl,
        license: license::all_of(ids.filter_map(|id| license::expression(&id))),
        ..Component::default()
    }
}

fn finding(issue: &Issue<'_>, item: &Item<'_>, component: &ComponentRef) -> Finding {
    let rule = stated(issue.reference.as_ref()).unwrap_or_default();
    let path = item.pathnames.0.iter().flatten().find_map(Text::stated);
    let source = issue.cvss_vector_source.as_deref().or(issue.source.as_deref());
    let status = match issue.status.as_deref() {
        Some("Not Applicable" | "Acknowledged") => FindingStatus::Suppressed,
        _ => FindingStatus::Open,
    };
    Finding {
        title: format!("{rule} in {}", component.name),
        severity: issue.severity.map_or(Severity::Unknown, Severity::of_score),
        severity_word: stated(issue.threat_category.as_ref()),
        score: issue.severity,
        cvss: cvss(issue.cvss_vector.as_deref(), issue.severity, source).into_iter().collect(),
        cwes: issue.cwe.as_deref().map(cwes).unwrap_or_default(),
        component: Some(component.clone()),
        location: path.map(|path| Location { path, ..Location::default() }),
        references: stated(issue.url.as_ref()).into_iter().collect(),
        status,
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule, "")
    }
}
