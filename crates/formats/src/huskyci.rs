//! huskyCI reports: what several scanners found in one run over a repository.

use crate::json::{self, Entries, List, Text, stated};
use crate::{Format, Probe, ReadError, dependencies, identity, secret, severity, text};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{ComponentRef, Finding, FindingKind, FindingStatus, Location, Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "huskyci",
    title: "huskyCI analysis",
    homepage: "https://huskyci.opensource.globo.com/docs/what-is-huskyci",
    phase: Phase::Source,
    tool: "huskyci",
    reads: "the JSON of an analysis, with the results of every scanner",
    identifies: "the scanner, the rule, the file and a digest of the marked code",
    severities: "huskyci",
    marks: &["RID", "repositoryURL", "repositoryBranch", "huskyciresults"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["RID", "huskyciresults"]))
}

#[derive(Deserialize)]
struct Document<'a> {
    /// By language, then by scanner, then by severity.
    #[serde(borrow, default)]
    huskyciresults: Entries<'a, &'a RawValue>,
    #[serde(borrow, rename = "finishedAt")]
    finished_at: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    securitytool: Option<Text<'a>>,
    #[serde(borrow)]
    file: Option<Text<'a>>,
    #[serde(borrow)]
    line: Option<Text<'a>>,
    #[serde(borrow)]
    code: Option<Text<'a>>,
    #[serde(borrow)]
    details: Option<Text<'a>>,
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
    #[serde(borrow)]
    title: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    vulnerablebelow: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    for (language, raw) in &document.huskyciresults.0 {
        let at = format!("/huskyciresults/{}", &**language);
        let Some(scanners) = json::part::<Entries<'_, &RawValue>>(raw, &at, &mut warnings) else { continue };
        for (scanner, raw) in &scanners.0 {
            let at = format!("{at}/{}", &**scanner);
            let Some(by_severity) = json::part::<Entries<'_, List<'_>>>(raw, &at, &mut warnings) else { continue };
            of_scanner(&by_severity, &at, &mut findings, &mut warnings);
        }
    }
    let looked_for = vec![FindingKind::Code, FindingKind::Secret, FindingKind::Vulnerability];
    let created_at = dependencies::utc(document.finished_at.as_deref());
    Ok(Report { warnings, looked_for, created_at, ..dependencies::report("huskyci", None, findings) })
}

fn of_scanner(by_severity: &Entries<'_, List<'_>>, at: &str, findings: &mut Vec<Finding>, warnings: &mut Vec<Warning>) {
    for (key, list) in &by_severity.0 {
        let word = key.strip_suffix("vulns").unwrap_or(key);
        let items = json::parts::<Item<'_>>(list, format_args!("{at}/{}", &**key), warnings);
        findings.extend(items.iter().map(|(_, item)| finding(item, word)));
    }
}

fn finding(item: &Item<'_>, word: &str) -> Finding {
    let tool = stated(item.securitytool.as_ref()).unwrap_or_default();
    let kind = match tool.to_lowercase().as_str() {
        "gitleaks" => FindingKind::Secret,
        "npmaudit" | "yarnaudit" | "safety" => FindingKind::Vulnerability,
        "tfsec" => FindingKind::Misconfiguration,
        _ => FindingKind::Code,
    };
    let code = stated(item.code.as_ref()).unwrap_or_default();
    let path = stated(item.file.as_ref()).map(|path| dependencies::relative(&path));
    let rule = stated(item.kind.as_ref()).or_else(|| stated(item.title.as_ref())).unwrap_or_else(|| tool.clone());
    let title = item.title.as_deref().and_then(text::title).unwrap_or_else(|| rule.clone());
    let is_component = kind == FindingKind::Vulnerability;
    let distinction = if kind == FindingKind::Secret { secret::fingerprint(&code) } else { identity::of_code(&code) };
    let details = stated(item.details.as_ref())
        .map(|details| secret::without(&details, if kind == FindingKind::Secret { &code } else { "" }));
    // Of a dependency the code is its name.
    let component = ComponentRef { name: code.clone(), version: stated(item.version.as_ref()), purl: None };
    Finding {
        description: details.map(text::capped),
        severity: severity::of_word("huskyci", word),
        severity_word: Some(word.to_owned()),
        component: Some(component).filter(|_| is_component && !code.is_empty()),
        fixed_versions: stated(item.vulnerablebelow.as_ref()).filter(|_| is_component).into_iter().collect(),
        status: if word == "nosec" { FindingStatus::Suppressed } else { FindingStatus::Open },
        identity: identity::of_parts(&rule, &[&tool, path.as_deref().unwrap_or_default(), &distinction]),
        location: path.map(|path| Location {
            path,
            line: item.line.as_deref().and_then(|line| line.trim().parse().ok()),
            ..Location::default()
        }),
        title: if kind == FindingKind::Secret { secret::without(&title, &code) } else { title },
        ..Finding::new(kind, rule, "")
    }
}
