//! Prowler results in JSON: the security of an account of a cloud or of a cluster.

use crate::checks::Checks;
use crate::json::{self, List, Odd, Text, stated};
use crate::prowler::{Row, named};
use crate::{Format, Members, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "prowler-json",
    title: "Prowler results (JSON)",
    homepage: "https://docs.prowler.com/",
    phase: Phase::Deploy,
    tool: "prowler",
    reads: "OCSF of version 4 and later, the list of version 3, and the lines of version 2",
    identifies: "the id that Prowler gives the result; in version 2 check, account, region and resource",
    severities: "prowler",
    marks: &["finding_info", "status_code", "CheckID", "StatusExtended", "Control ID"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_of_2 = |members: &Members| members.has_all(&["Control", "Control ID", "Status", "Message"]);
    let is_of_3 = |members: &Members| members.has_all(&["CheckID", "CheckTitle", "StatusExtended"]);
    let is_ocsf = |members: &Members| members.has_all(&["finding_info", "status_code"]);
    let is_prowler = probe.value("metadata.product.name") == Some("Prowler");
    let element = probe.first_element();
    element.is_some_and(|members| is_of_3(members) || (is_ocsf(members) && is_prowler) || is_of_2(members))
        || probe.first_of_lines().is_some_and(is_of_2)
}

#[derive(Deserialize)]
struct Ocsf<'a> {
    #[serde(borrow)]
    finding_info: Information<'a>,
    #[serde(borrow, default)]
    metadata: Odd<Metadata<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    status_code: Option<Text<'a>>,
    #[serde(borrow)]
    status_detail: Option<Text<'a>>,
    #[serde(borrow, default)]
    resources: Odd<Vec<Resource<'a>>>,
    #[serde(borrow, default)]
    remediation: Odd<Remediation<'a>>,
    #[serde(borrow)]
    risk_details: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Information<'a> {
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    uid: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Metadata<'a> {
    #[serde(borrow)]
    event_code: Option<Text<'a>>,
    #[serde(borrow, default)]
    product: Odd<Product<'a>>,
}

#[derive(Default, Deserialize)]
struct Product<'a> {
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Resource<'a> {
    #[serde(borrow)]
    uid: Option<Text<'a>>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow, default)]
    group: Odd<Named<'a>>,
}

#[derive(Default, Deserialize)]
struct Named<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Remediation<'a> {
    #[serde(borrow)]
    desc: Option<Text<'a>>,
    #[serde(borrow, default)]
    references: Odd<Vec<Text<'a>>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Third<'a> {
    #[serde(borrow, rename = "CheckID")]
    check: Option<Text<'a>>,
    #[serde(borrow)]
    check_title: Option<Text<'a>>,
    #[serde(borrow)]
    service_name: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    status_extended: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    resource_arn: Option<Text<'a>>,
    #[serde(borrow)]
    resource_id: Option<Text<'a>>,
    #[serde(borrow)]
    finding_unique_id: Option<Text<'a>>,
    #[serde(borrow)]
    risk: Option<Text<'a>>,
    #[serde(borrow, default)]
    remediation: Odd<Advice<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Advice<'a> {
    #[serde(borrow, default)]
    recommendation: Odd<Recommendation<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Recommendation<'a> {
    #[serde(borrow)]
    text: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Second<'a> {
    #[serde(borrow)]
    control: Option<Text<'a>>,
    #[serde(borrow, rename = "Control ID")]
    number: Option<Text<'a>>,
    #[serde(borrow, rename = "Account Number")]
    account: Option<Text<'a>>,
    #[serde(borrow)]
    region: Option<Text<'a>>,
    #[serde(borrow)]
    message: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    service: Option<Text<'a>>,
    #[serde(borrow)]
    level: Option<Text<'a>>,
    #[serde(borrow)]
    scored: Option<Text<'a>>,
    #[serde(borrow)]
    risk: Option<Text<'a>>,
    #[serde(borrow)]
    remediation: Option<Text<'a>>,
    #[serde(borrow, rename = "Doc link")]
    link: Option<Text<'a>>,
    #[serde(borrow, rename = "Resource ID")]
    resource: Option<Text<'a>>,
}

/// The members by which the versions are told apart.
#[derive(Deserialize)]
struct Version {
    /// Of OCSF, which version 4 and later write.
    finding_info: Option<serde::de::IgnoredAny>,
    /// Of version 3.
    #[serde(rename = "CheckID")]
    check: Option<serde::de::IgnoredAny>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let list = if bytes.trim_ascii_start().starts_with(b"[") {
        json::document::<List<'_>>(bytes)?
    } else {
        List::of(json::values(bytes)?)
    };
    let mut checks = Checks::of_scanner_with_passed("prowler");
    let mut version = None;
    let items = list.items("", &mut checks.warnings).to_vec();
    for (index, raw) in items.into_iter().enumerate() {
        let at = format!("/{index}");
        let warnings = &mut checks.warnings;
        let row = match json::part::<Version>(raw, &at, warnings) {
            Some(Version { finding_info: Some(_), .. }) => json::part::<Ocsf<'_>>(raw, &at, warnings).map(|item| {
                let product = item.metadata.0.as_ref().ok().and_then(|metadata| metadata.product.0.as_ref().ok());
                version = version.take().or_else(|| stated(product?.version.as_ref()));
                ocsf(&item)
            }),
            Some(Version { check: Some(_), .. }) => {
                json::part::<Third<'_>>(raw, &at, warnings).map(|item| third(&item))
            }
            Some(Version { .. }) => json::part::<Second<'_>>(raw, &at, warnings).map(|item| second(&item)),
            None => None,
        };
        if let Some(row) = row {
            row.add(&at, &mut checks);
        }
    }
    Ok(checks.report("prowler", version))
}

fn ocsf(item: &Ocsf<'_>) -> Row {
    let metadata = item.metadata.0.as_ref().ok();
    let resource = item.resources.0.iter().flatten().next();
    let remediation = item.remediation.0.as_ref().ok();
    let links = remediation.into_iter().flat_map(|remediation| remediation.references.0.iter().flatten());
    Row {
        check: metadata.and_then(|metadata| stated(metadata.event_code.as_ref())),
        title: stated(item.finding_info.title.as_ref()),
        service: resource.and_then(|resource| stated(resource.group.0.as_ref().ok()?.name.as_ref())),
        status: stated(item.status_code.as_ref()),
        is_muted: matches!(item.status.as_deref(), Some("Suppressed" | "Muted")),
        severity: stated(item.severity.as_ref()),
        reason: stated(item.status_detail.as_ref()),
        description: stated(item.risk_details.as_ref()),
        resource: resource
            .and_then(|resource| stated(resource.uid.as_ref()).or_else(|| stated(resource.name.as_ref()))),
        remediation: remediation.and_then(|remediation| stated(remediation.desc.as_ref())),
        // Commands of the cloud's own program stand among the addresses.
        references: links.filter_map(Text::stated).filter(|link| link.starts_with("http")).collect(),
        fingerprint: stated(item.finding_info.uid.as_ref()),
        ..Row::default()
    }
}

fn third(item: &Third<'_>) -> Row {
    let advice = item.remediation.0.as_ref().ok().and_then(|advice| advice.recommendation.0.as_ref().ok());
    Row {
        check: stated(item.check.as_ref()),
        title: stated(item.check_title.as_ref()),
        service: stated(item.service_name.as_ref()),
        status: stated(item.status.as_ref()),
        severity: stated(item.severity.as_ref()),
        reason: stated(item.status_extended.as_ref()),
        description: stated(item.risk.as_ref()),
        resource: stated(item.resource_arn.as_ref()).or_else(|| stated(item.resource_id.as_ref())),
        remediation: advice.and_then(|advice| stated(advice.text.as_ref())),
        references: advice.and_then(|advice| stated(advice.url.as_ref())).into_iter().collect(),
        fingerprint: stated(item.finding_unique_id.as_ref()),
        ..Row::default()
    }
}

fn second(item: &Second<'_>) -> Row {
    let (check, title) = named(item.control.as_deref());
    let place = [stated(item.account.as_ref()), stated(item.region.as_ref())];
    Row {
        check: check.or_else(|| stated(item.number.as_ref())),
        title,
        service: stated(item.service.as_ref()),
        status: stated(item.status.as_ref()),
        level: stated(item.level.as_ref()),
        is_unscored: item.scored.as_deref() == Some("Not Scored"),
        severity: stated(item.severity.as_ref()),
        reason: stated(item.message.as_ref()),
        description: stated(item.risk.as_ref()),
        resource: stated(item.resource.as_ref()),
        remediation: stated(item.remediation.as_ref()),
        references: stated(item.link.as_ref()).into_iter().collect(),
        place: place.into_iter().flatten().collect::<Vec<_>>().join("/"),
        ..Row::default()
    }
}
