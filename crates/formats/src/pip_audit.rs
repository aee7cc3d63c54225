//! pip-audit reports: vulnerabilities of the Python packages of an environment or of its requirements.

use crate::dependencies::{aliases, component, report};
use crate::json::{self, At, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, text};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "pip-audit",
    title: "pip-audit report",
    homepage: "https://github.com/pypa/pip-audit#usage",
    phase: Phase::Source,
    tool: "pip-audit",
    reads: "the JSON report with `dependencies` and the list of packages before version 2.1; pip-audit states no severity",
    identifies: "vulnerability and component",
    severities: "",
    marks: &["dependencies", "fixes", "name", "version", "vulns", "skip_reason"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_package = |members: &crate::Members| {
        let is_audited = members.has_all(&["name", "version", "vulns"]);
        is_audited || members.has_all(&["name", "skip_reason"])
    };
    let is_report = probe.object().is_some_and(|members| members.has("dependencies"))
        && (probe.has_all(&["dependencies.name", "dependencies.vulns"]) || probe.has("dependencies.skip_reason"));
    let is_empty =
        probe.object().is_some_and(|members| members.0.len() == 2 && members.has_all(&["dependencies", "fixes"]));
    is_report || is_empty || probe.first_element().is_some_and(is_package)
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    dependencies: List<'a>,
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    skip_reason: Option<Text<'a>>,
    #[serde(borrow, default)]
    vulns: List<'a>,
}

#[derive(Deserialize)]
struct Vulnerability<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow, default)]
    aliases: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    fix_versions: Odd<Vec<Text<'a>>>,
    #[serde(borrow)]
    description: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    let at = At::Root;
    let (list, at) = if bytes.trim_ascii_start().starts_with(b"[") {
        (json::document(bytes)?, at)
    } else {
        (json::document::<Document<'_>>(bytes)?.dependencies, at.key("dependencies"))
    };
    for (index, package) in json::parts::<Package<'_>>(&list, at, &mut warnings) {
        if let Some(reason) = stated(package.skip_reason.as_ref()) {
            let message = format!("pip-audit looked for no vulnerabilities here: {reason}");
            warnings.push(Warning { at: at.index(index).to_string(), message });
        }
        let at = at.index(index);
        let vulnerabilities = json::parts(&package.vulns, at.key("vulns"), &mut warnings);
        findings.extend(vulnerabilities.iter().map(|(_, item)| finding(item, &package)));
    }
    Ok(Report { warnings, ..report("pip-audit", None, findings) })
}

fn finding(item: &Vulnerability<'_>, package: &Package<'_>) -> Finding {
    let rule = stated(item.id.as_ref()).unwrap_or_default();
    let name = package.name.as_deref().unwrap_or_default();
    Finding {
        aliases: aliases(&rule, item.aliases.0.iter().flatten().filter_map(Text::stated)),
        description: stated(item.description.as_ref()).map(text::capped),
        component: Some(component("pypi", name, package.version.as_deref())),
        fixed_versions: item.fix_versions.0.iter().flatten().filter_map(Text::stated).collect(),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule.clone(), format!("{rule} in {name}"))
    }
}
