//! STIG checklists as DISA's STIG Viewer 2 writes them (CKL): what somebody answered to each rule of a guide.

use crate::checks::{Check, Checks, Outcome};
use crate::xml::{Document, Element};
use crate::{Format, Probe, ReadError, severity};
use shipworthy_model::{Phase, Report, Warning};
use std::collections::HashMap;

pub(crate) static FORMAT: Format = Format {
    name: "stig-checklist-ckl",
    title: "STIG checklist (CKL)",
    homepage: "https://public.cyber.mil/stigs/srg-stig-tools/",
    phase: Phase::Deploy,
    tool: "stig-viewer",
    reads: "the checklists of STIG Viewer 2, with one guide or several",
    identifies: "",
    severities: "stig",
    marks: &["CHECKLIST"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.root().is_some_and(|root| root.name == "CHECKLIST") && probe.has("STIGS")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut document = Document::new(bytes);
    let root = document.root()?;
    let mut checks = Checks::of_benchmark("");
    let mut host = None;
    while let Some(child) = document.next_child(&root)? {
        match child.name.as_str() {
            "ASSET" => {
                while let Some(field) = document.next_child(&child)? {
                    if field.name == "HOST_NAME" {
                        host = Some(document.text(&field)?).filter(|text| !text.is_empty());
                    }
                }
            }
            "STIGS" => {
                while let Some(guide) = document.next_child(&child)? {
                    read_guide(&mut document, &guide, host.as_deref(), &mut checks)?;
                }
            }
            _ => {}
        }
    }
    document.end()?;
    Ok(checks.report("stig-viewer", None))
}

fn read_guide(
    document: &mut Document<'_>,
    guide: &Element,
    host: Option<&str>,
    checks: &mut Checks,
) -> Result<(), ReadError> {
    let mut name = String::new();
    while let Some(child) = document.next_child(guide)? {
        match child.name.as_str() {
            "STIG_INFO" => {
                let data = pairs(document, &child, "SI_DATA")?;
                let of = |key: &str| data.get(key).cloned().unwrap_or_default();
                let id = if of("stigid").is_empty() { of("title") } else { of("stigid") };
                name = [id, of("version")].join(" ").trim().to_owned();
                if checks.benchmark().name.is_empty() {
                    checks.benchmark().name.clone_from(&name);
                }
            }
            "VULN" => {
                let place = document.place();
                let data = pairs(document, &child, "STIG_DATA")?;
                checks_of(&data, &place, &name, host, checks);
            }
            _ => {}
        }
    }
    Ok(())
}

/// The children called `holder`, each with a name and a value, and the other children by their own names.
fn pairs(document: &mut Document<'_>, parent: &Element, holder: &str) -> Result<HashMap<String, String>, ReadError> {
    let mut pairs = HashMap::new();
    while let Some(child) = document.next_child(parent)? {
        if child.name != holder {
            let text = document.text(&child)?;
            pairs.insert(child.name, text);
            continue;
        }
        let mut parts = Vec::new();
        while let Some(part) = document.next_child(&child)? {
            parts.push(document.text(&part)?);
        }
        let mut parts = parts.into_iter();
        let (key, value) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        // References to other catalogues occur several times; the first of everything is enough.
        pairs.entry(key).or_insert(value);
    }
    Ok(pairs)
}

fn checks_of(data: &HashMap<String, String>, place: &str, guide: &str, host: Option<&str>, checks: &mut Checks) {
    let of = |key: &str| data.get(key).filter(|text| !text.is_empty()).cloned();
    let outcome = match data.get("STATUS").map(String::as_str) {
        Some("NotAFinding") => Outcome::Passed,
        Some("Open") => Outcome::Failed,
        Some("Not_Applicable") => Outcome::NotApplicable,
        Some("Not_Reviewed") => Outcome::Undecided,
        other => {
            let found = other.unwrap_or("nothing");
            let message = format!(
                "expected NotAFinding, Open, Not_Applicable or Not_Reviewed, found {found}; somebody has to look"
            );
            checks.warnings.push(Warning { at: place.to_owned(), message });
            Outcome::Undecided
        }
    };
    let word = of("SEVERITY_OVERRIDE").or_else(|| of("Severity"));
    let texts: Vec<_> =
        [of("FINDING_DETAILS"), of("COMMENTS"), of("SEVERITY_JUSTIFICATION")].into_iter().flatten().collect();
    checks.add(Check {
        rule: of("Vuln_Num").or_else(|| of("Rule_ID")).unwrap_or_default(),
        title: of("Rule_Title"),
        section: of("Group_Title").or_else(|| Some(guide.to_owned())),
        outcome,
        severity: word.map_or_else(Default::default, |word| severity::of_word("stig", &word)),
        reason: Some(texts.join("\n")).filter(|text| !text.is_empty()),
        resource: host.map(str::to_owned),
        remediation: of("Fix_Text"),
        ..Check::default()
    });
}
