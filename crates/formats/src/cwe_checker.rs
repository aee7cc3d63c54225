//! Weaknesses that `cwe_checker` found in a binary. It rates nothing.

use crate::json::Object;
use crate::problems::{Elements, cwes, report};
use crate::{Format, Members, Probe, ReadError, identity, text};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "cwe-checker",
    title: "cwe_checker results in JSON",
    homepage: "https://github.com/fkie-cad/cwe_checker",
    phase: Phase::Artifact,
    tool: "cwe-checker",
    reads: "`--json` of versions 0.4 to 0.9",
    identifies: "the weakness with the symbols and what the check says of them",
    severities: "",
    marks: &["addresses", "description", "name", "other", "symbols", "tids"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_warning = |members: &Members| {
        members.has_all(&["name", "version", "addresses", "tids", "symbols", "other", "description"])
    };
    probe.first_element().is_some_and(is_warning)
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let findings = elements.findings(|warning| Some(finding(warning)));
    Ok(report("cwe-checker", None, &[FindingKind::Code], findings, elements.warnings()))
}

fn finding(warning: &Object<'_>) -> Finding {
    let rule = warning.text("name").unwrap_or_default();
    let description = warning.text("description").map(text::capped);
    // `(Use of Potentially Dangerous Function) FUN_00401126 (4198741) -> strcpy`
    let said = description.as_deref().and_then(|said| Some(said.strip_prefix('(')?.split_once(')')?.0.to_owned()));
    let title = said.or_else(|| text::title(description.as_deref()?)).unwrap_or_else(|| rule.clone());
    // Addresses change with every build.
    let symbols = warning.texts("symbols").join(",");
    let place = description.as_deref().unwrap_or_default().chars().filter(|c| !c.is_ascii_digit()).collect::<String>();
    Finding {
        cwes: cwes(&rule),
        identity: identity::of_parts(&rule, &[&symbols, &identity::of_code(&place)]),
        description,
        ..Finding::new(FindingKind::Code, rule, title)
    }
}
