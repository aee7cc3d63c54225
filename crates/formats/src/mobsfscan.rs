//! mobsfscan: weaknesses in Android and iOS sources. <https://github.com/MobSF/mobsfscan>

use crate::json::Object;
use crate::njsscan::{errors, places};
use crate::problems::report;
use crate::{Format, Probe, ReadError};
use shipworthy_model::{FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "mobsfscan",
    title: "mobsfscan report",
    homepage: "https://github.com/MobSF/mobsfscan",
    phase: Phase::Source,
    tool: "mobsfscan",
    reads: "JSON, all versions; a finding for each place",
    identifies: "rule, file and the marked code",
    severities: "mobsfscan",
    marks: &["mobsfscan_version", "results"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["mobsfscan_version", "results"]))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let findings = places("mobsfscan", &document, "results");
    let mut warnings = document.warnings();
    warnings.extend(errors(&document));
    Ok(report("mobsfscan", document.text("mobsfscan_version"), &[FindingKind::Code], findings, warnings))
}
