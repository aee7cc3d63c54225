//! Talisman by Thoughtworks: files that must not be committed. <https://thoughtworks.github.io/talisman/>

use crate::json::Object;
use crate::leaks::{self, Leak};
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Finding, FindingStatus, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "talisman",
    title: "Talisman scan",
    homepage: "https://thoughtworks.github.io/talisman/",
    phase: Phase::Source,
    tool: "talisman",
    reads: "JSON of `talisman --scan`: failures, warnings and ignored findings of each file",
    identifies: "sort, file and the message without its numbers",
    severities: "talisman",
    marks: &["summary", "results"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.object().is_some_and(|members| members.has_all(&["summary", "results"]))
        && probe.has("summary.types.filecontent")
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let document = Object::document(bytes)?;
    let lists = [
        ("failure_list", FindingStatus::Open),
        ("warning_list", FindingStatus::Open),
        ("ignore_list", FindingStatus::Suppressed),
    ];
    let mut findings = Vec::new();
    for file in document.objects("results") {
        let path = file.text("filename");
        for (list, status) in lists {
            let of_list = |found: &Object<'_>| Finding { status, ..finding(found, path.clone()) };
            findings.extend(file.objects(list).iter().map(of_list));
        }
    }
    Ok(leaks::report("talisman", None, findings, document.warnings()))
}

fn finding(object: &Object<'_>, path: Option<String>) -> Finding {
    // The message ends in what was found: `Potential secret pattern : …`.
    let message = object.text("message").unwrap_or_default();
    let (said, secret) = match message.split_once(" : ") {
        Some((said, secret)) => (said, Some(secret.to_owned())),
        None => match message.split_once(": ") {
            Some((said, secret)) => (said, Some(secret.to_owned())),
            None => (message.as_str(), None),
        },
    };
    let leak = Leak {
        rule: object.text("type").unwrap_or_else(|| "talisman".to_owned()),
        title: Some(said.to_owned()),
        secret,
        word: object.text("severity"),
        path,
        commit: object.texts("commits").into_iter().next(),
        ..Leak::default()
    };
    leak.finding("talisman")
}
