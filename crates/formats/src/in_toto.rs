//! in-toto statements, bare or in a signed envelope: what is asserted of which artifact. Signatures are recorded and not
//! verified here. Build provenance is read from SLSA predicates, an inventory from SPDX and CycloneDX ones.

mod predicates;

use crate::json::{self, Entries, Odd, Text, stated};
use crate::{Format, Members, Probe, ReadError, cyclonedx_json, openvex, spdx_json, spdx3_json, subjects, syft_json};
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Attestation, Phase, Provenance, Report, Signature, Subject, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "in-toto",
    title: "in-toto statement",
    homepage: "https://github.com/in-toto/attestation/blob/main/spec/README.md",
    phase: Phase::Build,
    tool: "in-toto",
    reads: "statements v0.1 and v1, bare, in a DSSE envelope or in a Sigstore bundle, one or several (a line each, as \
            npm, GitHub and Google Cloud Build give them), links and layouts 0.9; the content of SLSA provenance v0.1, \
            v0.2 and v1 and verification summaries, SPDX, CycloneDX, Syft, OpenVEX, scans as cosign and in-toto define \
            them, test results, SCAI, releases, and what Witness and Chainloop collect",
    identifies: "vulnerability and component of the inventory inside",
    severities: "cyclonedx",
    marks: &[
        "_type",
        "predicateType",
        "subject",
        "predicate",
        "payload",
        "payloadType",
        "signatures",
        "dsseEnvelope",
        "attestations",
        "signed",
    ],
    recognises,
    read,
};

const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
const STATEMENT_TYPE: &str = "https://in-toto.io/Statement/";

fn recognises(probe: &Probe) -> bool {
    let is_metadata = || matches!(probe.value("signed._type"), Some("link" | "layout"));
    let is_list = |members: &Members| {
        members.has("attestations") && probe.has("attestations.bundle.dsseEnvelope")
            || members.has_all(&["image_summary", "provenance_summary"])
    };
    probe.first_of_lines().is_some_and(|members| {
        let is_statement = members.value("_type").is_some_and(|kind| kind.starts_with(STATEMENT_TYPE));
        let is_envelope = members.has("dsseEnvelope") || members.has_all(&["payload", "payloadType", "signatures"]);
        is_statement || is_envelope || is_list(members) || is_metadata()
    })
}

/// Whichever of the forms the document, or one line of it, is of.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    #[serde(borrow)]
    dsse_envelope: Option<Envelope<'a>>,
    #[serde(borrow)]
    payload_type: Option<Text<'a>>,
    /// The bundles of a package or an artifact, as npm and GitHub answer.
    #[serde(borrow)]
    attestations: Option<Vec<Bundled<'a>>>,
    /// What `gcloud artifacts docker images describe` shows.
    #[serde(borrow, rename = "provenance_summary")]
    provenance_summary: Option<Occurrences<'a>>,
    /// A link or a layout.
    #[serde(borrow)]
    signed: Option<predicates::Signed<'a>>,
    #[serde(borrow, default)]
    signatures: Odd<Vec<SignatureItem<'a>>>,
}

#[derive(Deserialize)]
struct Bundled<'a> {
    #[serde(borrow)]
    bundle: Bundle<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Bundle<'a> {
    #[serde(borrow)]
    dsse_envelope: Option<Envelope<'a>>,
}

#[derive(Deserialize)]
struct Occurrences<'a> {
    #[serde(borrow, default)]
    provenance: Vec<Occurrence<'a>>,
}

#[derive(Deserialize)]
struct Occurrence<'a> {
    #[serde(borrow)]
    envelope: Option<Envelope<'a>>,
}

/// <https://github.com/secure-systems-lab/dsse/blob/master/envelope.md>
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<'a> {
    #[serde(borrow)]
    payload_type: Text<'a>,
    #[serde(borrow)]
    payload: Text<'a>,
    #[serde(borrow, default, deserialize_with = "json::null_is_default")]
    signatures: Vec<SignatureItem<'a>>,
}

#[derive(Deserialize)]
struct SignatureItem<'a> {
    #[serde(borrow, rename = "keyid")]
    key_id: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct Statement<'a> {
    #[serde(borrow, rename = "_type")]
    kind: Text<'a>,
    #[serde(borrow, rename = "predicateType")]
    predicate_type: Text<'a>,
    #[serde(borrow, default, deserialize_with = "json::null_is_default")]
    subject: Vec<Resource<'a>>,
    #[serde(borrow)]
    predicate: Option<&'a RawValue>,
}

/// An artifact or a source, by name and digests.
#[derive(Default, Deserialize)]
struct Resource<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    uri: Option<Text<'a>>,
    #[serde(borrow, default)]
    digest: Odd<Entries<'a, Text<'a>>>,
}

impl Resource<'_> {
    fn digest(&self, algorithm: &str) -> Option<String> {
        let digests = self.digest.0.as_ref().ok()?;
        digests.0.iter().find(|(name, _)| &**name == algorithm).and_then(|(_, value)| value.stated())
    }

    /// The commit, where this is one. SLSA v0.2 called it `sha1`, which may also be the hash of a file.
    fn commit(&self) -> Option<String> {
        let place = self.uri.as_deref().or(self.name.as_deref()).unwrap_or_default();
        let by_name = || if place.contains("git") { self.digest("sha1") } else { None };
        self.digest("gitCommit").or_else(by_name)
    }
}

/// Provenance before v1: <https://slsa.dev/spec/v0.2/provenance>.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EarlyProvenance<'a> {
    #[serde(borrow, default)]
    builder: Odd<Builder<'a>>,
    #[serde(borrow)]
    build_type: Option<Text<'a>>,
    #[serde(borrow, default)]
    recipe: Odd<Recipe<'a>>,
    #[serde(borrow, default)]
    invocation: Odd<Invocation<'a>>,
    #[serde(borrow, default)]
    metadata: Odd<EarlyMetadata<'a>>,
    #[serde(borrow, default, deserialize_with = "json::null_is_default")]
    materials: Vec<Resource<'a>>,
}

#[derive(Default, Deserialize)]
struct Builder<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
struct Recipe<'a> {
    #[serde(borrow, rename = "type")]
    kind: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'a> {
    #[serde(borrow)]
    config_source: Option<Resource<'a>>,
}

#[derive(Default, Deserialize)]
struct EarlyMetadata<'a> {
    #[serde(borrow, rename = "buildInvocationID", alias = "buildInvocationId")]
    invocation_id: Option<Text<'a>>,
    #[serde(borrow, rename = "buildStartedOn")]
    started_on: Option<Text<'a>>,
    #[serde(borrow, rename = "buildFinishedOn")]
    finished_on: Option<Text<'a>>,
}

/// Provenance v1: <https://slsa.dev/spec/v1.0/provenance>.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ProvenancePredicate<'a> {
    #[serde(borrow)]
    build_definition: BuildDefinition<'a>,
    #[serde(borrow)]
    run_details: RunDetails<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BuildDefinition<'a> {
    #[serde(borrow)]
    build_type: Option<Text<'a>>,
    #[serde(borrow, default)]
    external_parameters: Odd<ExternalParameters<'a>>,
    #[serde(borrow, default, deserialize_with = "json::null_is_default")]
    resolved_dependencies: Vec<Resource<'a>>,
}

/// Each kind of build has parameters of its own; these two name the source.
#[derive(Default, Deserialize)]
struct ExternalParameters<'a> {
    #[serde(borrow, default)]
    workflow: Odd<Workflow<'a>>,
    #[serde(borrow, default)]
    source: Odd<Resource<'a>>,
}

#[derive(Default, Deserialize)]
struct Workflow<'a> {
    #[serde(borrow)]
    repository: Option<Text<'a>>,
}

#[derive(Deserialize)]
struct RunDetails<'a> {
    #[serde(borrow, default)]
    builder: Odd<Builder<'a>>,
    #[serde(borrow, default)]
    metadata: Odd<RunMetadata<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct RunMetadata<'a> {
    #[serde(borrow)]
    invocation_id: Option<Text<'a>>,
    #[serde(borrow)]
    started_on: Option<Text<'a>>,
    #[serde(borrow)]
    finished_on: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut reports = Vec::new();
    for line in json::values(bytes)? {
        read_line(line.get().as_bytes(), &mut reports)?;
    }
    together(reports)
}

/// Reads the statements of a document, or of one line of it.
fn read_line(bytes: &[u8], reports: &mut Vec<Report>) -> Result<(), ReadError> {
    let document: Document<'_> = json::document(bytes)?;
    if let Some(signed) = &document.signed {
        let mut report = predicates::signed(signed)?;
        let signatures = signatures(document.signatures.0.as_deref().unwrap_or_default());
        if let Some(attestation) = &mut report.attestation {
            attestation.verification = verification(&signatures);
            attestation.signatures = signatures;
        }
        reports.push(report);
        return Ok(());
    }
    let bundles = document.attestations.into_iter().flatten().filter_map(|item| item.bundle.dsse_envelope);
    let occurrences = document.provenance_summary.into_iter().flat_map(|summary| summary.provenance);
    let several: Vec<_> = bundles.chain(occurrences.filter_map(|occurrence| occurrence.envelope)).collect();
    if !several.is_empty() {
        return read_several(&several, reports);
    }
    reports.push(match document.dsse_envelope {
        Some(envelope) => read_envelope(&envelope)?,
        None if document.payload_type.is_some() => read_envelope(&json::document(bytes)?)?,
        None => read_statement(bytes, Vec::new())?,
    });
    Ok(())
}

/// Reads the envelopes of a list. One of them that is broken is left out with a warning, unless all are.
fn read_several(envelopes: &[Envelope<'_>], reports: &mut Vec<Report>) -> Result<(), ReadError> {
    let (read, broken): (Vec<_>, Vec<_>) = envelopes.iter().map(read_envelope).partition(Result::is_ok);
    let mut broken: Vec<ReadError> = broken.into_iter().filter_map(Result::err).collect();
    let mut read: Vec<Report> = read.into_iter().flatten().collect();
    let Some(first) = read.first_mut() else {
        return if broken.is_empty() { Ok(()) } else { Err(broken.swap_remove(0)) };
    };
    let left_out = |error: ReadError| Warning { at: "a statement".to_owned(), message: format!("left out: {error}") };
    first.warnings.extend(broken.into_iter().map(left_out));
    reports.append(&mut read);
    Ok(())
}

/// Several statements of one document as one report. The one with provenance, which others only speak of, goes first.
fn together(mut reports: Vec<Report>) -> Result<Report, ReadError> {
    let main = reports.iter().position(|report| report.provenance.is_some()).unwrap_or_default();
    if reports.is_empty() {
        return Err(ReadError::lacks(
            "in-toto document",
            "its root",
            "expected a statement or an envelope, found none",
        ));
    }
    let mut whole = reports.remove(main);
    for other in reports {
        whole.further_attestations.extend(other.attestation);
        whole.created_at = whole.created_at.or(other.created_at);
        whole.tool = whole.tool.or(other.tool);
        whole.inventory = whole.inventory.or(other.inventory);
        whole.tests = whole.tests.or(other.tests);
        if let Some(findings) = other.findings {
            whole.findings.get_or_insert_default().extend(findings);
        }
        whole.looked_for.extend(other.looked_for);
        whole.vex.extend(other.vex);
        whole.warnings.extend(other.warnings);
        for subject in other.subjects {
            subjects::add(&mut whole.subjects, subject);
        }
    }
    Ok(whole)
}

fn read_envelope(envelope: &Envelope<'_>) -> Result<Report, ReadError> {
    if &*envelope.payload_type != PAYLOAD_TYPE {
        let message = format!("expected the payload type `{PAYLOAD_TYPE}`, found `{}`", &*envelope.payload_type);
        return Err(ReadError::lacks("in-toto envelope", "payloadType", message));
    }
    read_statement(&payload(&envelope.payload)?, signatures(&envelope.signatures))
}

fn signatures(items: &[SignatureItem<'_>]) -> Vec<Signature> {
    items.iter().map(|signature| Signature { key_id: stated(signature.key_id.as_ref()) }).collect()
}

fn verification(signatures: &[Signature]) -> String {
    if signatures.is_empty() { "unsigned" } else { "not-verified" }.to_owned()
}

/// DSSE lets a payload be written in the plain or in the URL-safe alphabet.
fn payload(text: &str) -> Result<Vec<u8>, ReadError> {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let plain = text.trim().replace('-', "+").replace('_', "/");
    GeneralPurpose::new(&alphabet::STANDARD, config)
        .decode(plain)
        .map_err(|error| ReadError::lacks("in-toto envelope", "payload", format!("expected base64: {error}")))
}

fn read_statement(bytes: &[u8], signatures: Vec<Signature>) -> Result<Report, ReadError> {
    // The payload has not been seen by the probe. A key that stands twice could be verified by one reader and believed
    // by another in its other meaning.
    json::check_limits(bytes)?;
    json::refuse_repeated_keys(bytes)?;
    let statement: Statement<'_> = json::document(bytes)?;
    if !statement.kind.starts_with(STATEMENT_TYPE) {
        let message = format!("expected `{STATEMENT_TYPE}…`, found `{}`", &*statement.kind);
        return Err(ReadError::lacks("in-toto statement", "_type", message));
    }
    let mut report = Report::default();
    for (index, subject) in statement.subject.iter().enumerate() {
        read_subject(subject, index, &mut report);
    }
    report.attestation = Some(Attestation {
        statement_type: statement.kind.to_string(),
        predicate_type: statement.predicate_type.to_string(),
        subject_names: statement.subject.iter().filter_map(|subject| stated(subject.name.as_ref())).collect(),
        verification: verification(&signatures),
        signatures,
        ..Attestation::default()
    });
    if let Some(predicate) = statement.predicate {
        read_predicate(&statement.predicate_type, predicate, &mut report);
    }
    Ok(report)
}

fn read_subject(subject: &Resource<'_>, index: usize, report: &mut Report) {
    let at = format!("/subject/{index}");
    let artifact = subject.digest("sha256").map(|digest| format!("sha256:{digest}").parse::<Subject>());
    let commit = subject.commit().map(|commit| Subject::commit(&commit));
    let named: Vec<_> = artifact.into_iter().chain(commit).collect();
    if named.is_empty() {
        let message = "left out: expected a digest `sha256` or `gitCommit`, found neither".to_owned();
        report.warnings.push(Warning { at: at.clone(), message });
    }
    for named in named {
        if let Some(subject) = subjects::usable(named, &at, &mut report.warnings) {
            subjects::add(&mut report.subjects, subject);
        }
    }
}

fn read_predicate(predicate_type: &str, predicate: &RawValue, report: &mut Report) {
    let warnings = &mut report.warnings;
    if predicate_type.starts_with("https://slsa.dev/provenance/v0.") {
        report.provenance = json::part(predicate, "/predicate", warnings).map(|early| early_provenance(&early));
    } else if predicate_type.starts_with("https://slsa.dev/provenance/v1") {
        report.provenance = json::part(predicate, "/predicate", warnings).map(|predicate| provenance(&predicate));
    } else if predicate_type.starts_with("https://spdx.dev/Document/v3") {
        embed(spdx3_json::read(predicate.get().as_bytes()), "/predicate", report);
    } else if predicate_type.starts_with("https://spdx.dev/Document") {
        embed(spdx_json::read(predicate.get().as_bytes()), "/predicate", report);
    } else if predicate_type.starts_with("https://cyclonedx.org/") {
        embed(cyclonedx_json::read(predicate.get().as_bytes()), "/predicate", report);
    } else if predicate_type.starts_with("https://openvex.dev/ns") {
        embed(openvex::read(predicate.get().as_bytes()), "/predicate", report);
    } else if predicate_type == "https://syft.dev/bom" {
        embed(syft_json::read(predicate.get().as_bytes()), "/predicate", report);
    } else if !predicates::take(predicate_type, predicate, report) {
        let message = format!("left out: the content of the predicate type `{predicate_type}`");
        report.warnings.push(Warning { at: "/predicate".to_owned(), message });
    }
    let finished_at = report.provenance.as_ref().and_then(|provenance| provenance.finished_at.clone());
    report.created_at = report.created_at.take().or(finished_at);
}

/// Takes over what a document in a predicate says. What the artifact is, the statement has said already.
fn embed(inner: Result<Report, ReadError>, at: &str, report: &mut Report) {
    match inner {
        Ok(inner) => {
            report.tool = inner.tool;
            report.created_at = inner.created_at;
            report.inventory = inner.inventory;
            report.findings = inner.findings;
            report.looked_for = inner.looked_for;
            report.vex = inner.vex;
            let moved = |warning: Warning| Warning { at: format!("{at}{}", warning.at), ..warning };
            report.warnings.extend(inner.warnings.into_iter().map(moved));
        }
        Err(error) => report.warnings.push(Warning { at: at.to_owned(), message: format!("left out: {error}") }),
    }
}

fn early_provenance(predicate: &EarlyProvenance<'_>) -> Provenance {
    let builder = predicate.builder.0.as_ref().ok().and_then(|builder| stated(builder.id.as_ref()));
    let recipe = || predicate.recipe.0.as_ref().ok().and_then(|recipe| stated(recipe.kind.as_ref()));
    let invocation = predicate.invocation.0.as_ref().ok();
    let configured = invocation.and_then(|invocation| invocation.config_source.as_ref());
    let source = configured.filter(|source| source.uri.is_some()).or_else(|| first_source(&predicate.materials));
    let metadata = predicate.metadata.0.as_ref().ok();
    Provenance {
        builder_id: builder.unwrap_or_default(),
        build_type: stated(predicate.build_type.as_ref()).or_else(recipe).unwrap_or_default(),
        source_uri: source.and_then(|source| stated(source.uri.as_ref())),
        source_commit: source.and_then(Resource::commit),
        invocation_id: metadata.and_then(|metadata| stated(metadata.invocation_id.as_ref())),
        started_at: metadata.and_then(|metadata| stated(metadata.started_on.as_ref())),
        finished_at: metadata.and_then(|metadata| stated(metadata.finished_on.as_ref())),
        resolved_dependencies: predicate.materials.len() as u64,
    }
}

fn provenance(predicate: &ProvenancePredicate<'_>) -> Provenance {
    let ProvenancePredicate { build_definition: definition, run_details: run } = predicate;
    let parameters = definition.external_parameters.0.as_ref().ok();
    let workflow = parameters.and_then(|parameters| parameters.workflow.0.as_ref().ok());
    let repository = workflow.and_then(|workflow| stated(workflow.repository.as_ref()));
    let named = parameters.and_then(|parameters| parameters.source.0.as_ref().ok());
    let resolved = match &repository {
        Some(repository) => definition.resolved_dependencies.iter().find(|dependency| {
            dependency.uri.as_deref().is_some_and(|uri| uri.trim_start_matches("git+").starts_with(repository.as_str()))
        }),
        None => first_source(&definition.resolved_dependencies),
    };
    let source = named.filter(|source| source.uri.is_some()).or(resolved);
    let builder = run.builder.0.as_ref().ok().and_then(|builder| stated(builder.id.as_ref()));
    let metadata = run.metadata.0.as_ref().ok();
    Provenance {
        builder_id: builder.unwrap_or_default(),
        build_type: stated(definition.build_type.as_ref()).unwrap_or_default(),
        source_uri: repository.or_else(|| source.and_then(|source| stated(source.uri.as_ref()))),
        source_commit: source.and_then(Resource::commit).or_else(|| resolved.and_then(Resource::commit)),
        invocation_id: metadata.and_then(|metadata| stated(metadata.invocation_id.as_ref())),
        started_at: metadata.and_then(|metadata| stated(metadata.started_on.as_ref())),
        finished_at: metadata.and_then(|metadata| stated(metadata.finished_on.as_ref())),
        resolved_dependencies: definition.resolved_dependencies.len() as u64,
    }
}

/// The first of the materials that is a commit.
fn first_source<'r, 'a>(materials: &'r [Resource<'a>]) -> Option<&'r Resource<'a>> {
    materials.iter().find(|material| material.commit().is_some())
}
