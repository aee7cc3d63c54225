//! Reports of the Snyk command line: vulnerabilities and licences of open source and containers, and unsafe settings in
//! infrastructure code. Snyk Code writes SARIF.

mod document;

use crate::dependencies::{aliases, component, cvss, lower_bounds, rated, relative, report};
use crate::json::{self, At, List, Text, stated};
use crate::{Format, Probe, ReadError, identity, text};
use document::{Document, Issue, Setting};
use shipworthy_model::{Finding, FindingKind, FindingStatus, Location, Phase, Report, Warning};
use std::collections::HashSet;

pub(crate) static FORMAT: Format = Format {
    name: "snyk",
    title: "Snyk report",
    homepage: "https://docs.snyk.io/developer-tools/snyk-cli/commands/test",
    phase: Phase::Source,
    tool: "snyk",
    reads: "`snyk test`, `snyk container test` and `snyk iac test` with `--json`: one project or a list of them",
    identifies: "vulnerability and component; of settings the rule, the file and the place in it",
    severities: "snyk",
    marks: &["vulnerabilities", "dependencyCount", "packageManager", "uniqueCount", "infrastructureAsCodeIssues"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_project = |members: &crate::Members| {
        let is_test = members.has("vulnerabilities") && (members.has_all(&["ok", "dependencyCount"]));
        is_test || members.has_all(&["ok", "infrastructureAsCodeIssues"])
    };
    probe.object().is_some_and(is_project) || probe.first_element().is_some_and(is_project)
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut reading = Reading::default();
    let at = At::Root;
    if bytes.trim_ascii_start().starts_with(b"[") {
        let list: List<'_> = json::document(bytes)?;
        for (index, project) in json::parts::<Document<'_>>(&list, at, &mut reading.warnings) {
            reading.project(&project, &at.index(index));
        }
    } else {
        reading.project(&json::document(bytes)?, &at);
    }
    let Reading { findings, warnings, looked_for, .. } = reading;
    Ok(Report { looked_for, warnings, ..report("snyk", None, findings) })
}

#[derive(Default)]
struct Reading {
    findings: Vec<Finding>,
    looked_for: Vec<FindingKind>,
    warnings: Vec<Warning>,
    /// Problem, component and file of what was read: Snyk lists a problem once for each path to its component.
    seen: HashSet<[String; 3]>,
}

impl Reading {
    fn project(&mut self, project: &Document<'_>, at: &At<'_>) {
        if let Some(error) = stated(project.error.as_ref()) {
            let path = stated(project.path.as_ref()).unwrap_or_else(|| "a project".to_owned());
            self.warnings.push(Warning { at: at.to_string(), message: format!("Snyk could not test {path}: {error}") });
        }
        let kind = if project.settings.is_some() { FindingKind::Misconfiguration } else { FindingKind::Vulnerability };
        self.looked_for.push(kind);
        let ignored = project.filtered.get(at.key("filtered"), &mut self.warnings);
        let lists = [
            (Some(&project.vulnerabilities), "vulnerabilities", FindingStatus::Open),
            (ignored.map(|filtered| &filtered.ignore), "filtered/ignore", FindingStatus::Suppressed),
        ];
        for (list, key, status) in lists {
            let Some(list) = list else { continue };
            for (_, issue) in json::parts::<Issue<'_>>(list, format_args!("{at}/{key}"), &mut self.warnings) {
                self.issue(&issue, project, status);
            }
        }
        if let Some(settings) = &project.settings {
            let settings =
                json::parts::<Setting<'_>>(settings, at.key("infrastructureAsCodeIssues"), &mut self.warnings);
            self.findings.extend(settings.iter().map(|(_, setting)| misconfiguration(setting, project)));
        }
        for (index, application) in json::parts(&project.applications, at.key("applications"), &mut self.warnings) {
            self.project(&application, &at.key("applications").index(index));
        }
    }

    fn issue(&mut self, issue: &Issue<'_>, project: &Document<'_>, status: FindingStatus) {
        let finding = Finding { status, ..finding(issue, project) };
        let place = finding.location.as_ref().map(|location| location.path.clone()).unwrap_or_default();
        let version = finding.component.as_ref().and_then(|component| component.version.clone()).unwrap_or_default();
        let name = finding.component.as_ref().map(|component| component.name.clone()).unwrap_or_default();
        if self.seen.insert([finding.rule.clone(), format!("{name}@{version}"), place]) {
            self.findings.push(finding);
        }
    }
}

fn finding(issue: &Issue<'_>, project: &Document<'_>) -> Finding {
    let rule = stated(issue.id.as_ref()).unwrap_or_default();
    let manager = stated(issue.manager.as_ref()).or_else(|| stated(project.manager.as_ref())).unwrap_or_default();
    let name = issue.package.as_deref().or(issue.name.as_deref()).unwrap_or_default();
    // In images a package is named with its source before it: `openssl/libssl3`.
    let is_of_image = manager.contains(':') || matches!(manager.as_str(), "deb" | "rpm" | "apk" | "linux");
    let name = name.rsplit('/').next().filter(|_| is_of_image).unwrap_or(name);
    let component = component(&manager, name, issue.version.as_deref());
    let is_license = issue.kind.as_deref() == Some("license") || rule.starts_with("snyk:lic:");
    let kind = if is_license { FindingKind::License } else { FindingKind::Vulnerability };
    let (severity, severity_word) = rated("snyk", issue.severity_with_critical.as_ref().or(issue.severity.as_ref()));
    let title = stated(issue.title.as_ref()).unwrap_or_else(|| rule.clone());
    let identifiers = issue.identifiers.0.as_ref().ok();
    let named = identifiers.into_iter().flat_map(|names| names.cve.iter().chain(&names.ghsa)).filter_map(Text::stated);
    let own = cvss(issue.vector.as_deref(), issue.score, Some("snyk"));
    let sources = issue
        .sources
        .0
        .iter()
        .flatten()
        .filter_map(|source| cvss(source.vector.as_deref(), source.score, source.assigner.as_deref()));
    let mut ratings: Vec<_> = own.into_iter().collect();
    for rating in sources {
        if !ratings.iter().any(|known| known.vector == rating.vector) {
            ratings.push(rating);
        }
    }
    let fixed = issue.fixed.0.iter().flatten().filter_map(Text::stated);
    Finding {
        title: format!("{title} in {}", component.name),
        aliases: aliases(&rule, named),
        description: stated(issue.description.as_ref()).map(text::capped),
        severity,
        severity_word,
        score: issue.score,
        cvss: ratings,
        cwes: identifiers
            .into_iter()
            .flat_map(|names| &names.cwe)
            .flat_map(|cwe| crate::dependencies::cwes(cwe))
            .collect(),
        location: place(project).map(|path| Location { path, ..Location::default() }),
        fixed_versions: fixed
            .flat_map(|fixed| if fixed.contains('>') { lower_bounds(&fixed) } else { vec![fixed] })
            .collect(),
        remediation: upgrade(issue),
        references: issue
            .references
            .0
            .iter()
            .flatten()
            .filter_map(|reference| stated(reference.url.as_ref()))
            .collect(),
        identity: identity::of_parts(&rule, &[&component.name, component.version.as_deref().unwrap_or_default()]),
        component: Some(component),
        ..Finding::new(kind, rule, "")
    }
}

/// What to do: the first direct dependency in the path of upgrades that is not `false`.
fn upgrade(issue: &Issue<'_>) -> Option<String> {
    let direct =
        issue.upgrade.0.iter().flatten().find_map(Text::stated).filter(|step| !matches!(&**step, "false" | "true"));
    let step = issue.upgrade.0.iter().flatten().filter_map(Text::stated).find(|step| step.contains('@')).or(direct)?;
    Some(format!("upgrade to {step}"))
}

/// The file that was tested, with the separators that paths have everywhere else.
fn place(project: &Document<'_>) -> Option<String> {
    let path = stated(project.display_target.as_ref()).or_else(|| stated(project.target.as_ref()))?;
    Some(relative(path.replace('\\', "/").trim_start_matches("./")))
}

fn misconfiguration(setting: &Setting<'_>, project: &Document<'_>) -> Finding {
    let rule = stated(setting.public_id.as_ref()).or_else(|| stated(setting.id.as_ref())).unwrap_or_default();
    let (severity, severity_word) = rated("snyk", setting.severity.as_ref());
    let words = setting.words.0.as_ref().ok();
    let path = place(project).unwrap_or_default();
    let message = stated(setting.message.as_ref()).unwrap_or_default();
    let description =
        [words.and_then(|words| stated(words.issue.as_ref())), words.and_then(|words| stated(words.impact.as_ref()))];
    let description = description.into_iter().flatten().collect::<Vec<_>>().join("\n\n");
    let is_ignored = setting.is_ignored == Some(true);
    Finding {
        description: Some(description).filter(|text| !text.is_empty()).map(text::capped),
        severity,
        severity_word,
        remediation: stated(setting.resolve.as_ref())
            .or_else(|| words.and_then(|words| stated(words.resolve.as_ref()))),
        references: setting
            .documentation
            .iter()
            .chain(setting.references.0.iter().flatten())
            .filter_map(Text::stated)
            .collect(),
        identity: identity::of_parts(&rule, &[&path, &message]),
        location: Some(Location { path, line: setting.line.filter(|line| *line > 0), ..Location::default() }),
        status: if is_ignored { FindingStatus::Suppressed } else { FindingStatus::Open },
        ..Finding::new(FindingKind::Misconfiguration, rule.clone(), stated(setting.title.as_ref()).unwrap_or(rule))
    }
}
