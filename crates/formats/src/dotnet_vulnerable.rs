//! Reports of `dotnet list package --vulnerable`: vulnerabilities of NuGet packages.

use crate::dependencies::{component, names, rated, relative, report};
use crate::json::{self, List, Text, stated};
use crate::{Format, Probe, ReadError, identity};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Finding, FindingKind, Location, Phase, Report};
use std::collections::HashSet;

pub(crate) static FORMAT: Format = Format {
    name: "dotnet-vulnerable",
    title: ".NET vulnerable packages",
    homepage: "https://learn.microsoft.com/dotnet/core/tools/dotnet-package-list",
    phase: Phase::Source,
    tool: "dotnet",
    reads: "`dotnet list package --vulnerable --format json`, with and without transitive packages",
    identifies: "vulnerability and component",
    severities: "dotnet",
    marks: &["version", "parameters", "sources", "projects"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_list = probe.object().is_some_and(|members| members.has_all(&["version", "parameters", "projects"]));
    is_list && probe.value("parameters").is_some_and(|parameters| parameters.contains("--vulnerable"))
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    projects: List<'a>,
}

#[derive(Deserialize)]
struct Project<'a> {
    #[serde(borrow)]
    path: Option<Text<'a>>,
    #[serde(borrow, default)]
    frameworks: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Framework<'a> {
    #[serde(borrow, default)]
    top_level_packages: List<'a>,
    #[serde(borrow, default)]
    transitive_packages: List<'a>,
}

#[derive(Deserialize)]
struct Package<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow, rename = "resolvedVersion")]
    version: Option<Text<'a>>,
    #[serde(borrow, default)]
    vulnerabilities: List<'a>,
}

#[derive(Deserialize)]
struct Vulnerability<'a> {
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow, rename = "advisoryurl", alias = "advisoryUrl")]
    url: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings: Vec<Finding> = Vec::new();
    // A package is listed once for each framework that a project is built for.
    let mut seen = HashSet::new();
    for (index, project) in json::parts::<Project<'_>>(&document.projects, "/projects", &mut warnings) {
        let at = format!("/projects/{index}/frameworks");
        let path = stated(project.path.as_ref()).map(|path| relative(&path.replace('\\', "/")));
        for (index, framework) in json::parts::<Framework<'_>>(&project.frameworks, &at, &mut warnings) {
            let lists = [
                ("topLevelPackages", &framework.top_level_packages),
                ("transitivePackages", &framework.transitive_packages),
            ];
            for (key, list) in lists {
                for (_, package) in json::parts::<Package<'_>>(list, format_args!("{at}/{index}/{key}"), &mut warnings)
                {
                    let of = component("nuget", package.id.as_deref().unwrap_or_default(), package.version.as_deref());
                    let vulnerabilities = json::parts::<Vulnerability<'_>>(
                        &package.vulnerabilities,
                        format_args!("{at}/{index}/{key}"),
                        &mut warnings,
                    );
                    let all = vulnerabilities.iter().map(|(_, item)| finding(item, &of, path.as_deref()));
                    findings.extend(all.filter(|finding| {
                        seen.insert((finding.rule.clone(), of.name.clone(), of.version.clone(), path.clone()))
                    }));
                }
            }
        }
    }
    Ok(Report { warnings, ..report("dotnet", None, findings) })
}

fn finding(item: &Vulnerability<'_>, component: &ComponentRef, path: Option<&str>) -> Finding {
    let url = stated(item.url.as_ref()).unwrap_or_default();
    let rule = names(&url).into_iter().next().unwrap_or_else(|| url.clone());
    let (severity, severity_word) = rated("dotnet", item.severity.as_ref());
    Finding {
        title: format!("{rule} in {}", component.name),
        severity,
        severity_word,
        component: Some(component.clone()),
        location: path.map(|path| Location { path: path.to_owned(), ..Location::default() }),
        references: Some(url).filter(|url| !url.is_empty()).into_iter().collect(),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule, "")
    }
}
