//! Results of WPScan: known vulnerabilities of a WordPress site, its themes and plug-ins, and what WPScan calls interesting
//! of the site itself, such as a directory that is listed.

use crate::json::{self, Entries, List, Said, Text, Texts, or_empty, said};
use crate::{Format, Probe, ReadError, moment, text, web};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{ComponentRef, Finding, FindingKind, Phase, Report, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "wpscan",
    title: "WPScan results",
    homepage: "https://github.com/wpscanteam/wpscan/wiki/WPScan-User-Documentation",
    phase: Phase::Deploy,
    tool: "wpscan",
    reads: "the JSON of version 3",
    identifies: "the vulnerability and the component; of what is interesting its type and address",
    severities: "wpscan",
    marks: &["banner", "target_url", "interesting_findings", "main_theme", "plugins"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| {
        members.has("banner") && (members.has_all(&["target_url", "effective_url"]) || members.has("scan_aborted"))
    })
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Document<'a> {
    banner: Banner<'a>,
    start_time: Said<'a>,
    target_url: Said<'a>,
    scan_aborted: Said<'a>,
    interesting_findings: List<'a>,
    version: Option<&'a RawValue>,
    main_theme: Option<&'a RawValue>,
    themes: Option<Entries<'a, &'a RawValue>>,
    plugins: Option<Entries<'a, &'a RawValue>>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a banner")]
struct Banner<'a> {
    version: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a component")]
struct Part<'a> {
    slug: Said<'a>,
    /// Of WordPress itself.
    number: Said<'a>,
    version: Option<Version<'a>>,
    vulnerabilities: List<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a version")]
struct Version<'a> {
    number: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a vulnerability")]
struct Item<'a> {
    title: Said<'a>,
    fixed_in: Said<'a>,
    references: Option<References<'a>>,
}

/// What is interesting of the site; `to_s` is a sentence about it, or its address alone.
#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "something interesting")]
struct Interesting<'a> {
    url: Said<'a>,
    to_s: Said<'a>,
    #[serde(rename = "type")]
    kind: Said<'a>,
    references: Option<References<'a>>,
    interesting_entries: Texts<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "references")]
struct References<'a> {
    cve: Texts<'a>,
    url: Texts<'a>,
    wpvulndb: Texts<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut reader = Reader { site: or_empty(&document.target_url), warnings: Vec::new(), findings: Vec::new() };
    if let Some(why) = said(&document.scan_aborted) {
        reader
            .warnings
            .push(Warning { at: "/scan_aborted".to_owned(), message: format!("the scan was aborted: {why}") });
    }
    reader.part(document.version, "wordpress", "/version");
    reader.part(document.main_theme, "theme", "/main_theme");
    for (parts, name) in [(&document.themes, "themes"), (&document.plugins, "plugins")] {
        for (slug, raw) in parts.iter().flat_map(|parts| parts.0.iter()) {
            reader.part(Some(raw), slug, &format!("/{name}/{}", &**slug));
        }
    }
    for (_, item) in
        json::parts::<Interesting<'_>>(&document.interesting_findings, "/interesting_findings", &mut reader.warnings)
    {
        reader.findings.push(interesting(&item));
    }
    Ok(Report {
        tool: Some(Tool { name: "wpscan".to_owned(), version: said(&document.banner.version) }),
        created_at: document.start_time.as_deref().and_then(moment::of_seconds),
        findings: Some(reader.findings),
        looked_for: vec![FindingKind::Vulnerability, FindingKind::Dynamic],
        warnings: reader.warnings,
        ..Report::default()
    })
}

struct Reader<'a> {
    site: &'a str,
    warnings: Vec<Warning>,
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn part(&mut self, raw: Option<&RawValue>, otherwise: &str, at: &str) {
        let raw = raw.filter(|raw| raw.get() != "null");
        let Some(part) = raw.and_then(|raw| json::part::<Part<'_>>(raw, at, &mut self.warnings)) else { return };
        let version = part.version.as_ref().and_then(|version| said(&version.number)).or_else(|| said(&part.number));
        let name = said(&part.slug).unwrap_or_else(|| otherwise.to_owned());
        let component = ComponentRef { purl: None, name, version };
        for (_, item) in
            json::parts::<Item<'_>>(&part.vulnerabilities, format_args!("{at}/vulnerabilities"), &mut self.warnings)
        {
            let finding = vulnerability(&item, &component, self.site);
            self.findings.push(finding);
        }
    }
}

/// CVE numbers are written without their prefix. What has none goes by WPScan's own number, else by its title.
fn vulnerability(item: &Item<'_>, component: &ComponentRef, site: &str) -> Finding {
    let none = References::default();
    let references = item.references.as_ref().unwrap_or(&none);
    let cves = references.cve.0.iter().filter_map(Text::stated).map(|cve| match cve.starts_with("CVE-") {
        true => cve,
        false => format!("CVE-{cve}"),
    });
    let own = references.wpvulndb.0.iter().filter_map(Text::stated).map(|id| format!("WPVDB-{id}"));
    let mut names: Vec<_> = cves.chain(own).collect();
    let title = or_empty(&item.title);
    let rule = if names.is_empty() { title.to_owned() } else { names.remove(0) };
    Finding {
        aliases: names,
        fixed_versions: said(&item.fixed_in).into_iter().collect(),
        references: references.url.0.iter().filter_map(Text::stated).collect(),
        component: Some(component.clone()),
        location: web::finding(&rule, "", web::Place::of(site)).location,
        ..Finding::new(FindingKind::Vulnerability, rule, title)
    }
}

/// WPScan rates nothing of this; it lists it as worth looking at.
fn interesting(item: &Interesting<'_>) -> Finding {
    let (rule, url) = (or_empty(&item.kind), or_empty(&item.url));
    let sentence = said(&item.to_s).filter(|sentence| sentence != url);
    let title = sentence.map_or_else(|| rule.replace('_', " "), |sentence| sentence.replace(url, &web::address(url)));
    let entries: Vec<_> = item.interesting_entries.0.iter().filter_map(Text::stated).collect();
    let (severity, severity_word) = web::rated("wpscan", Some("interesting"));
    Finding {
        severity,
        severity_word,
        description: Some(entries.join("\n")).filter(|entries| !entries.is_empty()).map(text::capped),
        references: item.references.iter().flat_map(|all| all.url.0.iter().filter_map(Text::stated)).collect(),
        ..web::finding(rule, &title, web::Place::of(url))
    }
}
