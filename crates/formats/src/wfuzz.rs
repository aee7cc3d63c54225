//! Responses that Wfuzz found worth showing, in JSON. Wfuzz rates nothing.

use crate::json::{self, List, Said, or_empty, said};
use crate::web::{self, Place};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Finding, FindingKind, Phase, Report, Tool};

pub(crate) static FORMAT: Format = Format {
    name: "wfuzz",
    title: "Wfuzz results in JSON",
    homepage: "https://wfuzz.readthedocs.io/en/latest/user/basicusage.html",
    phase: Phase::Artifact,
    tool: "wfuzz",
    reads: "the printer `json`",
    identifies: "the place with the method and the code of the response",
    severities: "",
    marks: &["chars", "code", "payload", "lines", "url", "words"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.first_element().is_some_and(|members| members.has_all(&["chars", "code", "payload", "lines", "url", "words"]))
}

#[derive(Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"), expecting = "a response")]
struct Item<'a> {
    chars: Said<'a>,
    code: Said<'a>,
    method: Said<'a>,
    url: Said<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let list: List<'_> = json::document(bytes)?;
    let mut warnings = Vec::new();
    let items = json::parts::<Item<'_>>(&list, "", &mut warnings);
    Ok(Report {
        tool: Some(Tool { name: "wfuzz".to_owned(), version: None }),
        findings: Some(items.iter().map(|(_, item)| finding(item)).collect()),
        looked_for: vec![FindingKind::Dynamic],
        warnings,
        ..Report::default()
    })
}

fn finding(item: &Item<'_>) -> Finding {
    let rule = format!("response-{}", or_empty(&item.code));
    let title = format!("the server answers {} to a guessed request", or_empty(&item.code));
    let place = Place { url: or_empty(&item.url), parameter: "", method: or_empty(&item.method) };
    let description = said(&item.chars).map(|chars| format!("{chars} characters"));
    Finding { description, ..web::finding(&rule, &title, place) }
}
