//! Credentials that Hydra guessed, in JSON. Of the passwords nothing is kept, not
//! even a digest, because what Hydra guessed is quickly guessed again. Hydra rates nothing.

use crate::json::Object;
use crate::problems::report;
use crate::web::{self, Place};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "hydra",
    title: "Hydra results in JSON",
    homepage: "https://github.com/vanhauser-thc/thc-hydra#output-to-a-file",
    phase: Phase::Deploy,
    tool: "hydra",
    reads: "`-b json` and `-b jsonv1` of versions 8 and 9",
    identifies: "the service with host, port and login",
    severities: "",
    marks: &["errormessages", "generator", "quantityfound", "results", "success"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["generator", "results"]))
        && probe.value("generator.software") == Some("Hydra")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let mut findings = Vec::new();
    for result in document.objects("results") {
        match finding(&result) {
            Some(finding) => findings.push(finding),
            None => result.warn("", "left out: expected `host`, found none"),
        }
    }
    // What went wrong is in Hydra's own words, in which the command may stand with its credentials.
    let failed = document.texts("errormessages").len();
    if failed > 0 {
        document.warn("errormessages", format!("Hydra told of {failed} errors; not everything was tried"));
    }
    let version = document.text("generator.version").map(|version| version.trim_start_matches('v').to_owned());
    Ok(report("hydra", version, &[FindingKind::Dynamic], findings, document.warnings()))
}

fn finding(result: &Object<'_>) -> Option<Finding> {
    let host = result.text("host")?;
    let service = result.text("service").unwrap_or_default();
    let login = result.text("login").unwrap_or_default();
    let place = web::host(&host, result.text("port").as_deref());
    Some(Finding {
        cwes: vec![521],
        ..web::finding(
            "guessed-credentials",
            &format!("the password of `{login}` for {service} was guessed"),
            Place { url: &place, parameter: &login, method: &service },
        )
    })
}
