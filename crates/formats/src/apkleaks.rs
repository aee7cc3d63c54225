//! APKLeaks: endpoints and secrets in Android packages. <https://github.com/dwisiswant0/apkleaks>

use crate::json::Object;
use crate::leaks::{self, Leak};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "apkleaks",
    title: "APKLeaks report",
    homepage: "https://github.com/dwisiswant0/apkleaks",
    phase: Phase::Artifact,
    tool: "apkleaks",
    reads: "JSON of all versions; a finding for each match but links",
    identifies: "sort, package and a digest of what was found",
    severities: "",
    marks: &["package", "results"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_one = probe.object().is_some_and(|members| members.has_all(&["package", "results"]) && members.0.len() == 2);
    is_one && (probe.has("results.matches") || !probe.has("results.name"))
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let package = document.text("package");
    let mut findings = Vec::new();
    for result in document.objects("results") {
        let rule = result.text("name").unwrap_or_else(|| "apkleaks".to_owned());
        // Every address in the package, which is no secret.
        if rule == "LinkFinder" {
            result.warn("", "not findings: the addresses that are in the package");
            continue;
        }
        for secret in result.texts("matches") {
            let leak = Leak { rule: rule.clone(), secret: Some(secret), path: package.clone(), ..Leak::default() };
            findings.push(leak.finding("apkleaks"));
        }
    }
    Ok(leaks::report("apkleaks", None, findings, document.warnings()))
}
