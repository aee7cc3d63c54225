//! pnpm audit reports: vulnerabilities of the packages that a lock file names.

use crate::dependencies::report;
use crate::json::{self, At, Entries};
use crate::npm_advisories::{self, Advisory};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "pnpm-audit",
    title: "pnpm audit report",
    homepage: "https://pnpm.io/cli/audit",
    phase: Phase::Source,
    tool: "pnpm-audit",
    reads: "`pnpm audit --json`, and `yarn npm audit --json` of Yarn 2 and 3, which is alike",
    identifies: "vulnerability and component",
    severities: "npm-audit",
    marks: &["advisories", "metadata"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_report = |members: &crate::Members| {
        members.has_all(&["advisories", "metadata"]) && !members.has_all(&["actions", "muted"])
    };
    probe.object().is_some_and(is_report) && probe.has("metadata.vulnerabilities")
}

#[derive(Deserialize)]
struct Document<'a> {
    #[serde(borrow, default)]
    advisories: Entries<'a, &'a RawValue>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let mut findings = Vec::new();
    let at = At::Root;
    let at = at.key("advisories");
    for (key, raw) in &document.advisories.0 {
        let advisory = json::part::<Advisory<'_>>(raw, at.key(key), &mut warnings);
        findings.extend(advisory.iter().flat_map(|advisory| npm_advisories::findings(advisory, "npm-audit")));
    }
    Ok(Report { warnings, ..report("pnpm-audit", None, findings) })
}
