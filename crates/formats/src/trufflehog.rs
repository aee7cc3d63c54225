//! TruffleHog: secrets in repositories, file systems, images and services, verified or not.
//! <https://github.com/trufflesecurity/trufflehog#output>

use crate::address::without_credentials;
use crate::json::Object;
use crate::leaks::{self, Leak};
use crate::problems::{Elements, first_line};
use crate::{Format, Media, Probe, ReadError};
use shipworthy_model::{Finding, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "trufflehog",
    title: "TruffleHog results",
    homepage: "https://github.com/trufflesecurity/trufflehog",
    phase: Phase::Source,
    tool: "trufflehog",
    reads: "JSON lines or a list of version 3 (`SourceMetadata`), JSON lines of version 2 (`stringsFound`)",
    identifies: "detector, file and a digest of the secret",
    severities: "",
    marks: &["SourceMetadata", "DetectorName", "stringsFound"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let members = match &probe.media {
        Media::JsonArray(members) => members.as_ref(),
        _ => probe.first_of_lines(),
    };
    members.is_some_and(|members| {
        members.has_all(&["SourceMetadata", "DetectorName"])
            || members.has_all(&["stringsFound", "printDiff", "commitHash"])
    })
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let of_object = |object: &Object<'_>| {
        if object.has("stringsFound") { of_version_2(object) } else { vec![of_version_3(object)] }
    };
    let findings = elements.objects.iter().flat_map(of_object).collect();
    Ok(leaks::report("trufflehog", None, findings, elements.warnings()))
}

fn of_version_3(object: &Object<'_>) -> Finding {
    // The one member is named after the sort of source.
    let source = object.entries("SourceMetadata.Data").into_iter().next().map(|(_, source)| source);
    let of_source = |names: &[&str]| source.as_ref().and_then(|source| source.first_text(names));
    let verified = match object.flag("Verified") {
        Some(true) => "Verified: the secret is live",
        _ if object.has("VerificationError") => "Verified: could not be told",
        _ => "Verified: no",
    };
    let link = of_source(&["link"]).map(|link| without_credentials(&link));
    let mut finding = Leak {
        rule: object.text("DetectorName").unwrap_or_else(|| "trufflehog".to_owned()),
        title: object.text("DetectorName").map(|detector| format!("Secret of the sort {detector}")),
        secret: object.text("Raw"),
        path: of_source(&["file", "path", "key", "object", "page", "channel", "email"]).or_else(|| link.clone()),
        line: of_source(&["line"]).and_then(|line| first_line(&line)),
        commit: of_source(&["commit"]),
        details: object.text("DetectorDescription").into_iter().chain([verified.to_owned()]).collect(),
        ..Leak::default()
    }
    .finding("trufflehog");
    finding.references.extend(link);
    finding.references.extend(object.text("ExtraData.rotation_guide").filter(|guide| guide.starts_with("https://")));
    finding
}

fn of_version_2(object: &Object<'_>) -> Vec<Finding> {
    let leak = |secret: String| Leak {
        rule: object.text("reason").unwrap_or_else(|| "trufflehog".to_owned()),
        secret: Some(secret),
        path: object.text("path"),
        commit: object.text("commitHash"),
        ..Leak::default()
    };
    object.texts("stringsFound").into_iter().map(|secret| leak(secret).finding("trufflehog")).collect()
}
