//! Retire.js reports: JavaScript libraries with known vulnerabilities, found in files and in `node_modules`.

use crate::dependencies::{aliases, component, cwes, names, rated, relative, report};
use crate::json::{self, List, Odd, Text, stated};
use crate::npm_advisories::OneOrMany;
use crate::{Format, Probe, ReadError, identity, text};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, Location, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "retire-js",
    title: "Retire.js report",
    homepage: "https://github.com/RetireJS/retire.js/tree/master/node",
    phase: Phase::Source,
    tool: "retire-js",
    reads: "`retire --outputformat json` since version 2, and the list of files before",
    identifies: "vulnerability and component",
    severities: "retire-js",
    marks: &["version", "start", "data", "messages", "errors", "time"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_report = probe.object().is_some_and(|members| members.has_all(&["version", "data", "messages", "errors"]));
    let is_file = |members: &crate::Members| members.has_all(&["file", "results"]);
    let is_list =
        probe.first_element().is_some_and(is_file) && probe.has_all(&["results.component", "results.vulnerabilities"]);
    is_report && (probe.has("data.results") || probe.has("time")) || is_list
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow, default)]
    data: List<'a>,
}

#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    file: Option<Text<'a>>,
    #[serde(borrow, default)]
    results: List<'a>,
}

#[derive(Deserialize)]
struct Library<'a> {
    #[serde(borrow)]
    component: Option<Text<'a>>,
    #[serde(borrow)]
    npmname: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow, default)]
    vulnerabilities: List<'a>,
}

#[derive(Deserialize)]
struct Vulnerability<'a> {
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    below: Option<Text<'a>>,
    #[serde(borrow, default)]
    identifiers: Odd<Identifiers<'a>>,
    #[serde(borrow, default)]
    info: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    cwe: OneOrMany<'a>,
}

#[derive(Default, Deserialize)]
struct Identifiers<'a> {
    #[serde(borrow)]
    summary: Option<Text<'a>>,
    #[serde(borrow, default, rename = "CVE")]
    cve: OneOrMany<'a>,
    #[serde(borrow, rename = "githubID")]
    github: Option<Text<'a>>,
    #[serde(borrow)]
    issue: Option<Text<'a>>,
    #[serde(borrow)]
    bug: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let is_list = bytes.trim_ascii_start().starts_with(b"[");
    let document =
        if is_list { Document { version: None, data: json::document(bytes)? } } else { json::document(bytes)? };
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    for (index, file) in json::parts::<File<'_>>(&document.data, "/data", &mut warnings) {
        let at = format!("/data/{index}/results");
        for (index, library) in json::parts::<Library<'_>>(&file.results, &at, &mut warnings) {
            let vulnerabilities = json::parts::<Vulnerability<'_>>(
                &library.vulnerabilities,
                format_args!("{at}/{index}/vulnerabilities"),
                &mut warnings,
            );
            findings.extend(vulnerabilities.iter().map(|(_, item)| finding(item, &library, &file)));
        }
    }
    Ok(Report { warnings, ..report("retire-js", stated(document.version.as_ref()), findings) })
}

fn finding(item: &Vulnerability<'_>, library: &Library<'_>, file: &File<'_>) -> Finding {
    let name = library.npmname.as_deref().or(library.component.as_deref()).unwrap_or_default();
    let identifiers = item.identifiers.0.as_ref().ok();
    let cves = identifiers.into_iter().flat_map(|known| known.cve.0.iter()).filter_map(Text::stated);
    let github = identifiers.and_then(|known| stated(known.github.as_ref()));
    let of_pages = item.info.0.iter().flatten().flat_map(|page| names(page)).filter(|name| name.starts_with("GHSA"));
    let mut named = cves.chain(github).chain(of_pages);
    let summary = identifiers.and_then(|known| known.summary.as_deref()).and_then(text::title);
    // Old problems of libraries have no name but that of the issue in which they were told.
    let issue = identifiers.and_then(|known| stated(known.issue.as_ref()).or_else(|| stated(known.bug.as_ref())));
    let issue = issue.map(|issue| format!("{name}#{issue}"));
    let rule = named.next().or(issue).or_else(|| summary.clone()).unwrap_or_default();
    let (severity, severity_word) = rated("retire-js", item.severity.as_ref());
    Finding {
        aliases: aliases(&rule, named),
        severity,
        severity_word,
        cwes: item.cwe.0.iter().flat_map(|cwe| cwes(cwe)).collect(),
        component: Some(component("npm", name, library.version.as_deref())),
        location: stated(file.file.as_ref()).map(|path| Location { path: relative(&path), ..Location::default() }),
        fixed_versions: stated(item.below.as_ref()).into_iter().collect(),
        references: item.info.0.iter().flatten().filter_map(Text::stated).collect(),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule.clone(), summary.unwrap_or(rule))
    }
}
