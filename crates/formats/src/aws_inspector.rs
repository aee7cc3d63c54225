//! Findings of Amazon Inspector: vulnerabilities of packages in images, instances and functions, reachable ports, and
//! weaknesses in the code of functions.

use crate::dependencies::{component, cvss, cvss_of_version, cwes, rated, relative, report};
use crate::json::{self, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, subjects, text};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Finding, FindingKind, FindingStatus, Location, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "aws-inspector",
    title: "Amazon Inspector findings",
    homepage: "https://docs.aws.amazon.com/inspector/v2/APIReference/API_Finding.html",
    phase: Phase::Artifact,
    tool: "aws-inspector",
    reads: "`aws inspector2 list-findings` and the export of findings; each package of a finding is one finding",
    identifies: "vulnerability and component; of others Inspector's own id of the finding",
    severities: "aws-inspector",
    marks: &["findings", "nextToken"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_list = probe.object().is_some_and(|members| members.has("findings"));
    is_list && probe.value("findings.findingArn").is_some_and(|arn| arn.contains(":inspector2:"))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    findings: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    #[serde(borrow)]
    finding_arn: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    inspector_score: Option<f64>,
    #[serde(borrow, default)]
    package_vulnerability_details: Odd<Packages<'a>>,
    #[serde(borrow, default)]
    code_vulnerability_details: Odd<Code<'a>>,
    #[serde(borrow, default)]
    remediation: Odd<Remediation<'a>>,
    #[serde(borrow, default)]
    resources: Odd<Vec<Resource<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Packages<'a> {
    #[serde(borrow)]
    vulnerability_id: Option<Text<'a>>,
    #[serde(borrow, default)]
    related_vulnerabilities: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    cvss: Odd<Vec<Rating<'a>>>,
    #[serde(borrow, default)]
    reference_urls: Odd<Vec<Text<'a>>>,
    #[serde(borrow)]
    source_url: Option<Text<'a>>,
    #[serde(borrow, default)]
    vulnerable_packages: Odd<Vec<Package<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Rating<'a> {
    base_score: Option<f64>,
    #[serde(borrow)]
    scoring_vector: Option<Text<'a>>,
    #[serde(borrow)]
    source: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    release: Option<Text<'a>>,
    epoch: Option<u64>,
    #[serde(borrow)]
    package_manager: Option<Text<'a>>,
    #[serde(borrow)]
    file_path: Option<Text<'a>>,
    #[serde(borrow)]
    fixed_in_version: Option<Text<'a>>,
    #[serde(borrow)]
    remediation: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Code<'a> {
    #[serde(borrow)]
    rule_id: Option<Text<'a>>,
    #[serde(borrow, default)]
    cwes: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    file_path: Odd<Place<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Place<'a> {
    #[serde(borrow)]
    file_path: Option<Text<'a>>,
    start_line: Option<u32>,
    end_line: Option<u32>,
}

#[derive(Default, Deserialize)]
struct Remediation<'a> {
    #[serde(borrow, default)]
    recommendation: Odd<Recommendation<'a>>,
}

#[derive(Default, Deserialize)]
struct Recommendation<'a> {
    #[serde(borrow)]
    text: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Resource<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow, default)]
    details: Odd<Details<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Details<'a> {
    #[serde(borrow, default)]
    aws_ecr_container_image: Odd<Image<'a>>,
    #[serde(borrow, default)]
    aws_ec2_instance: Odd<Instance<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Image<'a> {
    #[serde(borrow)]
    image_hash: Option<Text<'a>>,
    #[serde(borrow)]
    platform: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Instance<'a> {
    #[serde(borrow)]
    platform: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let items = json::parts::<Item<'_>>(&document.findings, "/findings", &mut warnings);
    let mut report = report("aws-inspector", None, items.iter().flat_map(|(_, item)| findings(item)).collect());
    for details in
        items.iter().flat_map(|(_, item)| item.resources.0.iter().flatten()).filter_map(|r| r.details.0.as_ref().ok())
    {
        let digest =
            details.aws_ecr_container_image.0.as_ref().ok().and_then(|image| stated(image.image_hash.as_ref()));
        digest.iter().for_each(|digest| subjects::add_artifact(&mut report.subjects, digest));
    }
    Ok(Report { warnings, ..report })
}

fn findings(item: &Item<'_>) -> Vec<Finding> {
    let one = common(item);
    let details = item.package_vulnerability_details.0.as_ref().ok();
    let packages =
        details.and_then(|details| details.vulnerable_packages.0.as_ref().ok()).map_or(&[][..], Vec::as_slice);
    if packages.is_empty() {
        return vec![one];
    }
    let platform = platform(item);
    let mut findings: Vec<Finding> = Vec::new();
    for package in packages {
        let component = named(package, &platform);
        let is_known = |known: &Finding| known.component.as_ref() == Some(&component);
        if findings.iter().any(is_known) {
            continue;
        }
        let path =
            stated(package.file_path.as_ref()).map(|path| Location { path: relative(&path), ..Location::default() });
        let available = |text: Option<&Text<'_>>| stated(text).filter(|text| text != "NotAvailable");
        findings.push(Finding {
            title: format!("{} in {}", one.rule, component.name),
            component: Some(component),
            location: path,
            fixed_versions: available(package.fixed_in_version.as_ref())
                .iter()
                .map(|fixed| without_epoch(fixed))
                .collect(),
            remediation: available(package.remediation.as_ref()).or_else(|| one.remediation.clone()),
            ..one.clone()
        });
    }
    findings
}

/// The version without the epoch 0, which nobody else writes.
fn without_epoch(version: &str) -> String {
    version.strip_prefix("0:").unwrap_or(version).to_owned()
}

/// The distribution that Inspector names `DEBIAN_12`, in lower case.
fn platform(item: &Item<'_>) -> String {
    let mut details = item.resources.0.iter().flatten().filter_map(|resource| resource.details.0.as_ref().ok());
    let platform = details.find_map(|details| {
        let image = details.aws_ecr_container_image.0.as_ref().ok().and_then(|image| stated(image.platform.as_ref()));
        image.or_else(|| stated(details.aws_ec2_instance.0.as_ref().ok()?.platform.as_ref()))
    });
    platform.unwrap_or_default().to_lowercase()
}

fn named(package: &Package<'_>, platform: &str) -> ComponentRef {
    let manager = package.package_manager.as_deref().unwrap_or_default();
    let version = stated(package.version.as_ref());
    let release = stated(package.release.as_ref()).map(|release| format!("-{release}")).unwrap_or_default();
    let epoch = package.epoch.filter(|epoch| *epoch > 0).map(|epoch| format!("{epoch}:")).unwrap_or_default();
    let version = version.map(|version| format!("{epoch}{version}{release}"));
    let ecosystem = match manager {
        "OS" => platform,
        "NODEPKG" => "npm",
        "PYTHONPKG" => "pypi",
        "GOBINARY" | "GOMOD" => "golang",
        "JAR" | "POM" => "maven",
        "NUGET" | "DOTNET_CORE" => "nuget",
        "RUBY" => "gem",
        other => other,
    };
    component(ecosystem, package.name.as_deref().unwrap_or_default(), version.as_deref())
}

/// What a finding says whatever it is about.
fn common(item: &Item<'_>) -> Finding {
    let details = item.package_vulnerability_details.0.as_ref().ok();
    let code = item.code_vulnerability_details.0.as_ref().ok();
    let kind = match item.kind.as_deref() {
        Some("CODE_VULNERABILITY") => FindingKind::Code,
        Some("NETWORK_REACHABILITY") => FindingKind::Misconfiguration,
        _ => FindingKind::Vulnerability,
    };
    let id = details.and_then(|details| stated(details.vulnerability_id.as_ref()));
    let title = stated(item.title.as_ref()).unwrap_or_default();
    let rule = id.or_else(|| code.and_then(|code| stated(code.rule_id.as_ref()))).unwrap_or_else(|| title.clone());
    let (severity, severity_word) = rated("aws-inspector", item.severity.as_ref());
    let resource = item.resources.0.iter().flatten().find_map(|resource| stated(resource.id.as_ref()));
    let place = code.and_then(|code| code.file_path.0.as_ref().ok()).and_then(|place| {
        Some(Location { path: stated(place.file_path.as_ref())?, line: place.start_line, end_line: place.end_line })
    });
    let recommendation =
        item.remediation.0.as_ref().ok().and_then(|remediation| remediation.recommendation.0.as_ref().ok());
    let recommendation =
        recommendation.and_then(|text| stated(text.text.as_ref())).filter(|text| text != "None Provided");
    let status = match item.status.as_deref() {
        Some("CLOSED") => FindingStatus::Fixed,
        Some("SUPPRESSED") => FindingStatus::Suppressed,
        _ => FindingStatus::Open,
    };
    let related = details.into_iter().flat_map(|details| details.related_vulnerabilities.0.iter().flatten());
    let urls = details
        .into_iter()
        .flat_map(|details| details.source_url.iter().chain(details.reference_urls.0.iter().flatten()));
    Finding {
        aliases: crate::dependencies::aliases(&rule, related.filter_map(Text::stated)),
        description: stated(item.description.as_ref()).map(text::capped),
        severity,
        severity_word,
        score: item.inspector_score,
        cvss: details.into_iter().flat_map(|details| details.cvss.0.iter().flatten()).filter_map(rating).collect(),
        cwes: code.into_iter().flat_map(|code| code.cwes.0.iter().flatten()).flat_map(|cwe| cwes(cwe)).collect(),
        location: place.or_else(|| {
            resource.map(|path| Location { path, ..Location::default() }).filter(|_| kind != FindingKind::Vulnerability)
        }),
        remediation: recommendation,
        references: urls.filter_map(Text::stated).collect(),
        status,
        identity: identity::of_fingerprint("aws-inspector", item.finding_arn.as_deref().unwrap_or(&rule)),
        ..Finding::new(kind, rule, title)
    }
}

fn rating(rating: &Rating<'_>) -> Option<shipworthy_model::Cvss> {
    let source = rating.source.as_deref().map(str::to_lowercase);
    match rating.scoring_vector.as_deref() {
        Some(vector) => cvss(Some(vector), rating.base_score, source.as_deref()),
        None => cvss_of_version(rating.version.as_deref()?, None, rating.base_score),
    }
}
