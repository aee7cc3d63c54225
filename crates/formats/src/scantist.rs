//! Scantist reports: vulnerabilities of the libraries of a project.

use crate::dependencies::{component, ecosystem_of_file, rated, report, versions};
use crate::json::{self, List, Text, stated};
use crate::{Format, Probe, ReadError, identity, text};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, Location, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "scantist",
    title: "Scantist report",
    homepage: "https://scantist.com/",
    phase: Phase::Source,
    tool: "scantist",
    reads: "the JSON list of vulnerabilities",
    identifies: "vulnerability and component",
    severities: "scantist",
    marks: &["Public ID", "Library", "Library Version", "Issue Type", "Patched Version"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_element().is_some_and(|members| members.has_all(&["Public ID", "Library", "Library Version"]))
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow, rename = "Public ID")]
    id: Option<Text<'a>>,
    #[serde(borrow, rename = "Library")]
    library: Option<Text<'a>>,
    #[serde(borrow, rename = "Library Version")]
    version: Option<Text<'a>>,
    #[serde(borrow, rename = "Description")]
    description: Option<Text<'a>>,
    #[serde(borrow, rename = "File Path")]
    path: Option<Text<'a>>,
    #[serde(borrow, rename = "Score")]
    score: Option<Text<'a>>,
    #[serde(borrow, rename = "Patched Version")]
    patched: Option<Text<'a>>,
    #[serde(borrow, rename = "Comments")]
    comments: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let list: List<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let items = json::parts::<Item<'_>>(&list, "", &mut warnings);
    let findings = items.iter().map(|(_, item)| finding(item)).collect();
    Ok(Report { warnings, ..report("scantist", None, findings) })
}

fn finding(item: &Item<'_>) -> Finding {
    let rule = stated(item.id.as_ref()).unwrap_or_default();
    let path = stated(item.path.as_ref());
    let ecosystem = path.as_deref().and_then(ecosystem_of_file).unwrap_or_default();
    let library = item.library.as_deref().unwrap_or_default();
    // Group and artifact of Maven stand side by side.
    let library = if ecosystem == "maven" { library.replace(' ', ":") } else { library.to_owned() };
    let (severity, severity_word) = rated("scantist", item.score.as_ref());
    Finding {
        title: format!("{rule} in {library}"),
        description: stated(item.description.as_ref()).map(text::capped),
        severity,
        severity_word,
        component: Some(component(ecosystem, &library, item.version.as_deref())),
        location: path.map(|path| Location { path, ..Location::default() }),
        fixed_versions: item.patched.as_deref().map(versions).unwrap_or_default(),
        remediation: stated(item.comments.as_ref()),
        identity: identity::of_parts(&rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule, "")
    }
}
