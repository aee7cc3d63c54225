//! Results of ssh-audit: algorithms of an SSH server that are weak or broken, and vulnerabilities of its version.

use crate::json::{self, List, Said, Texts, or_empty, said};
use crate::web::{self, Place};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{ComponentRef, Finding, FindingKind, Phase, Report, Severity, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "ssh-audit",
    title: "ssh-audit results in JSON",
    homepage: "https://github.com/jtesta/ssh-audit",
    phase: Phase::Deploy,
    tool: "ssh-audit",
    reads: "`--json` of versions 2.9 and 3, with notes on the algorithms",
    identifies: "the algorithm and its use with host and port; vulnerability and software",
    severities: "ssh-audit",
    marks: &["banner", "compression", "enc", "kex", "key", "mac"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["banner", "enc", "kex", "key", "mac", "target"]))
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
struct Document<'a> {
    target: Said<'a>,
    banner: Option<Banner<'a>>,
    cves: List<'a>,
    enc: List<'a>,
    kex: List<'a>,
    key: List<'a>,
    mac: List<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a banner")]
struct Banner<'a> {
    software: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a vulnerability")]
struct Cve<'a> {
    name: Said<'a>,
    cvssv2: Option<f64>,
    description: Said<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "an algorithm")]
struct Algorithm<'a> {
    algorithm: Said<'a>,
    notes: Option<Notes<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "notes")]
struct Notes<'a> {
    fail: Texts<'a>,
    warn: Texts<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let target = or_empty(&document.target);
    if target.is_empty() {
        return Err(ReadError::lacks("ssh-audit results", "/target", "expected the target, found none"));
    }
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    let lists = [
        (&document.kex, "kex", "key exchange"),
        (&document.key, "key", "host key"),
        (&document.enc, "enc", "cipher"),
        (&document.mac, "mac", "MAC"),
    ];
    for (list, name, purpose) in lists {
        for (_, item) in json::parts::<Algorithm<'_>>(list, format_args!("/{name}"), &mut warnings) {
            findings.extend(weak(&item, name, purpose, target));
        }
    }
    let software = document.banner.as_ref().and_then(|banner| said(&banner.software)).unwrap_or_default();
    for (_, item) in json::parts::<Cve<'_>>(&document.cves, "/cves", &mut warnings) {
        findings.push(vulnerability(&item, &software, target));
    }
    Ok(Report {
        tool: Some(Tool { name: "ssh-audit".to_owned(), version: None }),
        findings: Some(findings),
        looked_for: vec![FindingKind::Dynamic, FindingKind::Vulnerability],
        warnings,
        ..Report::default()
    })
}

/// An algorithm with notes that warn of it; nothing for the others.
fn weak(item: &Algorithm<'_>, list: &str, purpose: &str, target: &str) -> Option<Finding> {
    let notes = item.notes.as_ref()?;
    let word = match (notes.fail.0.is_empty(), notes.warn.0.is_empty()) {
        (false, _) => "fail",
        (true, false) => "warn",
        (true, true) => return None,
    };
    let algorithm = or_empty(&item.algorithm);
    let (severity, severity_word) = web::rated("ssh-audit", Some(word));
    let texts = notes.fail.0.iter().chain(&notes.warn.0).map(|text| text.to_string()).collect::<Vec<_>>();
    let title = format!("weak {purpose} algorithm {algorithm}");
    Some(Finding {
        severity,
        severity_word,
        description: Some(texts.join("\n")),
        ..web::finding(algorithm, &title, Place { url: target, parameter: list, method: "" })
    })
}

/// `OpenSSH_8.9p1` is OpenSSH in version 8.9p1.
fn vulnerability(item: &Cve<'_>, software: &str, target: &str) -> Finding {
    let rule = or_empty(&item.name);
    let (name, version) = software.split_once('_').map_or((software, None), |(name, version)| (name, Some(version)));
    Finding {
        severity: item.cvssv2.map_or(Severity::Unknown, Severity::of_score),
        score: item.cvssv2,
        description: said(&item.description),
        location: web::finding(rule, "", Place::of(target)).location,
        component: Some(ComponentRef { purl: None, name: name.to_owned(), version: version.map(str::to_owned) }),
        ..Finding::new(FindingKind::Vulnerability, rule, format!("{rule} in {name}"))
    }
}
