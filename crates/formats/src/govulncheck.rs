//! govulncheck reports: vulnerabilities of Go modules, and whether the code calls what is vulnerable in them.

use crate::dependencies::{aliases, component, rated, report};
use crate::json::{self, List, Odd, Text, stated};
use crate::osv::Advisory;
use crate::{Format, Probe, ReadError, identity, text};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Finding, FindingKind, Location, Phase, Report, Warning};
use std::collections::HashMap;

pub(crate) static FORMAT: Format = Format {
    name: "govulncheck",
    title: "govulncheck report",
    homepage: "https://pkg.go.dev/golang.org/x/vuln/cmd/govulncheck",
    phase: Phase::Source,
    tool: "govulncheck",
    reads: "the stream of `govulncheck -format json`, also as a list, and the object before version 1; no severity is stated",
    identifies: "vulnerability and component",
    severities: "osv-scanner",
    marks: &["config", "progress", "osv", "finding", "SBOM", "Vulns"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_stream = probe.value("config.scanner_name") == Some("govulncheck")
        || (probe.has("config.protocol_version") && probe.has("config.go_version"));
    let is_old = probe.object().is_some_and(|members| members.has("Vulns")) && probe.has("Vulns.OSV");
    is_stream || is_old
}

#[derive(Deserialize)]
struct Message<'a> {
    #[serde(borrow)]
    config: Option<Config<'a>>,
    #[serde(borrow)]
    osv: Option<&'a RawValue>,
    #[serde(borrow)]
    finding: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Config<'a> {
    #[serde(borrow)]
    scanner_version: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Found<'a> {
    #[serde(borrow)]
    osv: Option<Text<'a>>,
    #[serde(borrow)]
    fixed_version: Option<Text<'a>>,
    #[serde(borrow, default)]
    trace: Vec<Frame<'a>>,
}

#[derive(Deserialize)]
struct Frame<'a> {
    #[serde(borrow)]
    module: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    package: Option<Text<'a>>,
    #[serde(borrow)]
    function: Option<Text<'a>>,
    #[serde(borrow)]
    receiver: Option<Text<'a>>,
    #[serde(borrow, default)]
    position: Odd<Position<'a>>,
}

#[derive(Default, Deserialize)]
struct Position<'a> {
    #[serde(borrow)]
    filename: Option<Text<'a>>,
    line: Option<u32>,
}

/// The report before version 1.
#[derive(Deserialize)]
struct Old<'a> {
    #[serde(borrow, default, rename = "Vulns")]
    found: List<'a>,
}

#[derive(Deserialize)]
struct OldFound<'a> {
    #[serde(borrow, rename = "OSV")]
    osv: Advisory<'a>,
    #[serde(borrow, rename = "Symbol")]
    symbol: Option<Text<'a>>,
    #[serde(borrow, rename = "PkgPath")]
    package: Option<Text<'a>>,
    #[serde(borrow, rename = "ModPath")]
    module: Option<Text<'a>>,
    #[serde(rename = "CallSink")]
    call: Option<u64>,
}

/// How near the code is to what is vulnerable.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reach {
    Required,
    Imported,
    Called,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut warnings = Vec::new();
    if is_old(bytes) {
        return read_old(bytes);
    }
    let list: List<'_>;
    let messages = if bytes.trim_ascii_start().starts_with(b"[") {
        list = json::document(bytes)?;
        list.items
    } else {
        json::values(bytes)?
    };
    let mut version = None;
    let mut advisories: HashMap<String, Advisory<'_>> = HashMap::new();
    let mut found: Vec<Found<'_>> = Vec::new();
    for (index, raw) in messages.into_iter().enumerate() {
        let at = format!("/{index}");
        let Some(message) = json::part::<Message<'_>>(raw, &at, &mut warnings) else { continue };
        version = version.or_else(|| message.config.and_then(|config| stated(config.scanner_version.as_ref())));
        if let Some(advisory) = message.osv.and_then(|raw| json::part::<Advisory<'_>>(raw, &at, &mut warnings)) {
            advisories.insert(advisory.id.as_deref().unwrap_or_default().to_owned(), advisory);
        }
        found.extend(message.finding.and_then(|raw| json::part::<Found<'_>>(raw, &at, &mut warnings)));
    }
    let findings =
        nearest(found).iter().map(|(found, reach)| finding(found, *reach, &advisories, &mut warnings)).collect();
    Ok(Report { warnings, ..report("govulncheck", version, findings) })
}

fn is_old(bytes: &[u8]) -> bool {
    memchr::memmem::find(bytes, b"\"Vulns\"").is_some() && memchr::memmem::find(bytes, b"\"config\"").is_none()
}

/// Of the many traces to one vulnerability of one module the one that comes nearest to it, in the order of the document.
fn nearest(found: Vec<Found<'_>>) -> Vec<(Found<'_>, Reach)> {
    let mut kept: Vec<(Found<'_>, Reach)> = Vec::new();
    let mut places: HashMap<(String, String), usize> = HashMap::new();
    for item in found {
        let first = item.trace.first();
        let reach = match first {
            Some(frame) if frame.function.is_some() => Reach::Called,
            Some(frame) if frame.package.is_some() => Reach::Imported,
            _ => Reach::Required,
        };
        let module = first.and_then(|frame| stated(frame.module.as_ref())).unwrap_or_default();
        let key = (stated(item.osv.as_ref()).unwrap_or_default(), module);
        match places.get(&key).and_then(|place| kept.get_mut(*place)) {
            Some(known) if known.1 < reach => *known = (item, reach),
            Some(_) => {}
            None => {
                places.insert(key, kept.len());
                kept.push((item, reach));
            }
        }
    }
    kept
}

fn finding(
    found: &Found<'_>,
    reach: Reach,
    advisories: &HashMap<String, Advisory<'_>>,
    warnings: &mut Vec<Warning>,
) -> Finding {
    let rule = stated(found.osv.as_ref()).unwrap_or_default();
    let first = found.trace.first();
    let module = first.and_then(|frame| frame.module.as_deref()).unwrap_or_default();
    let version = first.and_then(|frame| frame.version.as_deref());
    let advisory = advisories.get(&rule);
    if advisory.is_none() {
        warnings
            .push(Warning { at: format!("finding {rule}"), message: "its advisory is not in the document".to_owned() });
    }
    let location = found.trace.iter().rev().find_map(|frame| {
        let position = frame.position.0.as_ref().ok()?;
        Some(Location { path: stated(position.filename.as_ref())?, line: position.line, ..Location::default() })
    });
    Finding {
        location: location.filter(|_| reach == Reach::Called),
        fixed_versions: stated(found.fixed_version.as_ref()).into_iter().collect(),
        ..of_advisory(&rule, advisory, module, version, &reached(found, reach))
    }
}

/// What is known of the way to the vulnerable symbols, in words.
fn reached(found: &Found<'_>, reach: Reach) -> String {
    match reach {
        Reach::Required => "The module is required; no vulnerable package of it is imported.".to_owned(),
        Reach::Imported => "The vulnerable package is imported; nothing vulnerable in it is called.".to_owned(),
        Reach::Called => {
            let name = |frame: &Frame<'_>| {
                let parts = [&frame.package, &frame.receiver, &frame.function].map(|part| stated(part.as_ref()));
                parts.into_iter().flatten().collect::<Vec<_>>().join(".")
            };
            let steps: Vec<_> = found.trace.iter().rev().take(30).map(name).collect();
            format!("The vulnerable code is called: {}", steps.join(" > "))
        }
    }
}

fn of_advisory(
    rule: &str,
    advisory: Option<&Advisory<'_>>,
    module: &str,
    version: Option<&str>,
    reach: &str,
) -> Finding {
    let details = advisory.and_then(|advisory| stated(advisory.details.as_ref()));
    let description = [Some(reach.to_owned()), details].into_iter().flatten().collect::<Vec<_>>().join("\n\n");
    let (severity, severity_word) = rated("osv-scanner", advisory.and_then(|advisory| advisory.word()));
    let summary = advisory.and_then(|advisory| stated(advisory.summary.as_ref()));
    let page = advisory.and_then(Advisory::page).into_iter().chain(advisory.into_iter().flat_map(Advisory::addresses));
    Finding {
        aliases: aliases(rule, advisory.into_iter().flat_map(Advisory::names)),
        description: Some(text::capped(description)),
        severity,
        severity_word,
        component: Some(component("golang", module, version)),
        references: page.collect(),
        identity: identity::of_parts(rule, &[]),
        ..Finding::new(FindingKind::Vulnerability, rule, summary.unwrap_or_else(|| format!("{rule} in {module}")))
    }
}

fn read_old(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Old<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let found = json::parts::<OldFound<'_>>(&document.found, "/Vulns", &mut warnings);
    let mut findings: Vec<Finding> = Vec::new();
    let mut seen: HashMap<(String, String), usize> = HashMap::new();
    for (_, item) in &found {
        let rule = stated(item.osv.id.as_ref()).unwrap_or_default();
        let module = item.module.as_deref().or(item.package.as_deref()).unwrap_or_default();
        let symbol = item.symbol.as_deref().unwrap_or_default();
        let is_called = item.call.is_some_and(|call| call > 0);
        let reach = if is_called {
            format!("The vulnerable code is called: {symbol}")
        } else {
            "Nothing vulnerable is called.".to_owned()
        };
        let finding = Finding {
            fixed_versions: item.osv.fixed(module),
            ..of_advisory(&rule, Some(&item.osv), module, None, &reach)
        };
        match seen.get(&(rule.clone(), module.to_owned())).and_then(|place| findings.get_mut(*place)) {
            Some(known) if is_called => *known = finding,
            Some(_) => {}
            None => {
                seen.insert((rule, module.to_owned()), findings.len());
                findings.push(finding);
            }
        }
    }
    Ok(Report { warnings, ..report("govulncheck", None, findings) })
}
