//! What predicates assert that have no part of a report of their own: results, claims and steps. The content of bills of
//! materials, VEX and scans is read by the readers of those formats.

use super::{Resource, embed};
use crate::json::{self, Entries, Odd, Text, stated};
use crate::{ReadError, severity, subjects};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{
    Attestation, Cvss, Finding, FindingKind, Provenance, Report, Severity, Subject, TestFailure, Tests, Warning,
};

const AT: &str = "/predicate";

/// Takes what a predicate asserts; whether it was known.
pub(super) fn take(predicate_type: &str, predicate: &RawValue, report: &mut Report) -> bool {
    let reader = match predicate_type.rsplit_once("/v").map_or(predicate_type, |(name, _)| name) {
        "https://slsa.dev/verification_summary" => summary,
        "https://in-toto.io/attestation/svr" => result,
        "https://in-toto.io/attestation/test-result" => test_result,
        "https://in-toto.io/attestation/scai" | "https://in-toto.io/attestation/scai/attribute-report" => attributes,
        "https://in-toto.io/attestation/release" => release,
        "https://in-toto.io/attestation/link" | "https://in-toto.io/Link" => link,
        "https://in-toto.io/attestation/vulns" | "https://cosign.sigstore.dev/attestation/vuln" => vulnerabilities,
        "https://github.com/npm/attestation/tree/main/specs/publish" => published,
        "https://witness.testifysec.com/attestation-collection" | "https://witness.dev/attestation-collection" => {
            collection
        }
        "chainloop.dev/attestation" => workflow_run,
        _ => return false,
    };
    reader(predicate, report);
    true
}

fn assert(report: &mut Report, fill: impl FnOnce(&mut Attestation)) {
    fill(report.attestation.get_or_insert_default());
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Named<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
}

/// <https://slsa.dev/spec/v1.2/verification_summary>
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Summary<'a> {
    #[serde(borrow)]
    verifier: Odd<Named<'a>>,
    #[serde(borrow)]
    time_verified: Option<Text<'a>>,
    #[serde(borrow)]
    resource_uri: Option<Text<'a>>,
    #[serde(borrow)]
    verification_result: Option<Text<'a>>,
    #[serde(borrow)]
    verified_levels: Odd<Vec<Text<'a>>>,
}

fn summary(predicate: &RawValue, report: &mut Report) {
    let Some(summary) = json::part::<Summary<'_>>(predicate, AT, &mut report.warnings) else { return };
    let levels = summary.verified_levels.get("/predicate/verifiedLevels", &mut report.warnings);
    let claims = levels.into_iter().flatten().filter_map(Text::stated).collect();
    report.created_at = stated(summary.time_verified.as_ref());
    assert(report, |attestation| {
        attestation.verifier = summary.verifier.0.ok().and_then(|verifier| stated(verifier.id.as_ref()));
        attestation.result = stated(summary.verification_result.as_ref()).map(|word| word.to_lowercase());
        attestation.resource = stated(summary.resource_uri.as_ref());
        attestation.claims = claims;
    });
}

/// <https://github.com/in-toto/attestation/blob/main/spec/predicates/svr.md>
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct VerificationResult<'a> {
    #[serde(borrow)]
    verifier: Odd<Named<'a>>,
    #[serde(borrow)]
    time_created: Option<Text<'a>>,
    #[serde(borrow)]
    properties: Odd<Vec<Text<'a>>>,
}

fn result(predicate: &RawValue, report: &mut Report) {
    let Some(result) = json::part::<VerificationResult<'_>>(predicate, AT, &mut report.warnings) else { return };
    let properties = result.properties.get("/predicate/properties", &mut report.warnings);
    let claims = properties.into_iter().flatten().filter_map(Text::stated).collect();
    report.created_at = stated(result.time_created.as_ref());
    assert(report, |attestation| {
        attestation.verifier = result.verifier.0.ok().and_then(|verifier| stated(verifier.id.as_ref()));
        attestation.claims = claims;
    });
}

/// <https://github.com/in-toto/attestation/blob/main/spec/predicates/test-result.md>
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct TestResult<'a> {
    #[serde(borrow)]
    result: Option<Text<'a>>,
    #[serde(borrow)]
    url: Option<Text<'a>>,
    #[serde(borrow)]
    passed_tests: Option<Vec<Text<'a>>>,
    #[serde(borrow)]
    warned_tests: Option<Vec<Text<'a>>>,
    #[serde(borrow)]
    failed_tests: Option<Vec<Text<'a>>>,
}

/// Tests that passed with a warning passed. A result without lists says nothing of how many there were.
fn test_result(predicate: &RawValue, report: &mut Report) {
    let Some(result) = json::part::<TestResult<'_>>(predicate, AT, &mut report.warnings) else { return };
    let lists = [&result.passed_tests, &result.warned_tests, &result.failed_tests];
    if lists.iter().any(|list| list.is_some()) {
        let [passed, warned, failed] = lists.map(|list| list.as_deref().unwrap_or_default());
        let failure = |name: &Text<'_>| TestFailure { name: name.to_string(), ..TestFailure::default() };
        report.tests = Some(Tests {
            total: (passed.len() + warned.len() + failed.len()) as u64,
            passed: (passed.len() + warned.len()) as u64,
            failed: failed.len() as u64,
            failures: failed.iter().map(failure).collect(),
            ..Tests::default()
        });
    }
    assert(report, |attestation| {
        attestation.result = stated(result.result.as_ref()).map(|word| word.to_lowercase());
        attestation.resource = stated(result.url.as_ref());
    });
}

/// <https://github.com/in-toto/attestation/blob/main/spec/predicates/scai.md>
#[derive(Default, Deserialize)]
#[serde(default)]
struct Attributes<'a> {
    #[serde(borrow)]
    attributes: Odd<Vec<Attribute<'a>>>,
    #[serde(borrow)]
    producer: Odd<Resource<'a>>,
}

#[derive(Deserialize)]
struct Attribute<'a> {
    #[serde(borrow)]
    attribute: Text<'a>,
}

fn attributes(predicate: &RawValue, report: &mut Report) {
    let Some(attributes) = json::part::<Attributes<'_>>(predicate, AT, &mut report.warnings) else { return };
    let list = attributes.attributes.get("/predicate/attributes", &mut report.warnings);
    let claims = list.into_iter().flatten().filter_map(|attribute| attribute.attribute.stated()).collect();
    assert(report, |attestation| {
        let producer = attributes.producer.0.ok();
        attestation.verifier = producer.and_then(|by| stated(by.uri.as_ref()).or_else(|| stated(by.name.as_ref())));
        attestation.claims = claims;
    });
}

/// <https://github.com/in-toto/attestation/blob/main/spec/predicates/release.md>
#[derive(Default, Deserialize)]
#[serde(default)]
struct Released<'a> {
    #[serde(borrow)]
    purl: Option<Text<'a>>,
}

fn release(predicate: &RawValue, report: &mut Report) {
    let Some(released) = json::part::<Released<'_>>(predicate, AT, &mut report.warnings) else { return };
    assert(report, |attestation| attestation.resource = stated(released.purl.as_ref()));
}

/// <https://github.com/npm/attestation/tree/main/specs/publish/v0.1>
#[derive(Default, Deserialize)]
#[serde(default)]
struct Published<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
}

fn published(predicate: &RawValue, report: &mut Report) {
    let Some(published) = json::part::<Published<'_>>(predicate, AT, &mut report.warnings) else { return };
    let name = stated(published.name.as_ref()).zip(stated(published.version.as_ref()));
    assert(report, |attestation| attestation.resource = name.map(|(name, version)| format!("{name}@{version}")));
}

/// <https://github.com/in-toto/attestation/blob/main/spec/predicates/link.md>
#[derive(Default, Deserialize)]
#[serde(default)]
struct Link<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    byproducts: Odd<Byproducts<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Byproducts<'a> {
    #[serde(borrow, rename = "return-value")]
    return_value: Option<Text<'a>>,
}

impl Byproducts<'_> {
    fn result(&self) -> Option<String> {
        let value = stated(self.return_value.as_ref())?;
        Some(if value == "0" { "passed" } else { "failed" }.to_owned())
    }
}

fn link(predicate: &RawValue, report: &mut Report) {
    let Some(link) = json::part::<Link<'_>>(predicate, AT, &mut report.warnings) else { return };
    assert(report, |attestation| {
        attestation.claims = stated(link.name.as_ref()).into_iter().collect();
        attestation.result = link.byproducts.0.ok().and_then(|byproducts| byproducts.result());
    });
}

/// A scan, as cosign and as in-toto define it. The result of cosign's is the scanner's own report.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Scan<'a> {
    #[serde(borrow)]
    scanner: Scanner<'a>,
    #[serde(borrow)]
    metadata: Odd<ScanMetadata<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Scanner<'a> {
    #[serde(borrow)]
    uri: Option<Text<'a>>,
    #[serde(borrow)]
    version: Option<Text<'a>>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ScanMetadata<'a> {
    #[serde(borrow)]
    scan_finished_on: Option<Text<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Vulnerability<'a> {
    #[serde(borrow)]
    id: Text<'a>,
    #[serde(borrow)]
    severity: Odd<Vec<Rating<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Rating<'a> {
    #[serde(borrow)]
    method: Text<'a>,
    #[serde(borrow)]
    score: Text<'a>,
}

fn vulnerabilities(predicate: &RawValue, report: &mut Report) {
    let Some(scan) = json::part::<Scan<'_>>(predicate, AT, &mut report.warnings) else { return };
    let at = "/predicate/scanner/result";
    match scan.scanner.result {
        Some(raw) if raw.get().starts_with('{') => own_report(raw, at, report),
        Some(raw) => {
            let list: Vec<&RawValue> = json::part(raw, at, &mut report.warnings).unwrap_or_default();
            report.findings = Some(list.iter().filter_map(|raw| finding(raw, at, &mut report.warnings)).collect());
            report.looked_for = vec![FindingKind::Vulnerability];
        }
        None => {
            report.findings = Some(Vec::new());
            report.looked_for = vec![FindingKind::Vulnerability];
        }
    }
    let name = stated(scan.scanner.uri.as_ref());
    let tool = name.map(|name| shipworthy_model::Tool {
        name: name.trim_start_matches("https://").to_lowercase(),
        version: stated(scan.scanner.version.as_ref()),
    });
    report.tool = report.tool.take().or(tool);
    let finished = scan.metadata.0.ok().and_then(|metadata| stated(metadata.scan_finished_on.as_ref()));
    report.created_at = finished.or(report.created_at.take());
}

/// Reads the scanner's own report, as whichever format it is of.
fn own_report(raw: &RawValue, at: &str, report: &mut Report) {
    let bytes = raw.get().as_bytes();
    let inner = crate::recognise(bytes).and_then(|format| match format.name {
        "in-toto" => Err(ReadError::lacks("report of a scanner", at, "expected no statement in a statement")),
        _ => (format.read)(bytes),
    });
    embed(inner, at, report);
}

fn finding(raw: &RawValue, at: &str, warnings: &mut Vec<Warning>) -> Option<Finding> {
    let vulnerability: Vulnerability<'_> = json::part(raw, at, warnings)?;
    let id = vulnerability.id.stated()?;
    let ratings = vulnerability.severity.get(at, warnings).map_or(&[][..], Vec::as_slice);
    let score =
        |rating: &Rating<'_>| rating.score.trim().parse::<f64>().ok().filter(|score| (0.0..=10.0).contains(score));
    let cvss = |rating: &Rating<'_>| {
        let version = match &*rating.method {
            "CVSSv2" => "2.0",
            "CVSSv3" => "3.0",
            "CVSSv31" | "CVSS_V3" => "3.1",
            "CVSSv4" => "4.0",
            _ => return None,
        };
        let vector = Some(rating.score.to_string()).filter(|text| text.contains('/'));
        Some(Cvss { version: version.to_owned(), vector, score: score(rating), source: None })
    };
    let by_word = ratings.iter().map(|rating| (severity::of_word("cyclonedx", &rating.score), rating));
    let worded = by_word.filter(|(severity, _)| *severity != Severity::Unknown).max_by_key(|(severity, _)| *severity);
    let cvss: Vec<_> = ratings.iter().filter_map(cvss).collect();
    let scored = cvss.iter().find_map(|cvss| cvss.score).map_or(Severity::Unknown, Severity::of_score);
    Some(Finding {
        severity: worded.map_or(scored, |(severity, _)| severity),
        severity_word: worded.map(|(_, rating)| rating.score.to_string()),
        cvss,
        ..Finding::new(FindingKind::Vulnerability, id.clone(), id)
    })
}

/// What Witness collected in one step. The environment is not kept: it holds whatever variables the step had.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Collection<'a> {
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow)]
    attestations: Odd<Vec<Collected<'a>>>,
}

#[derive(Deserialize)]
struct Collected<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    #[serde(borrow)]
    attestation: &'a RawValue,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Collectable<'a> {
    #[serde(borrow, rename = "commithash")]
    commit: Option<Text<'a>>,
    #[serde(borrow, rename = "exitcode")]
    exit_code: Option<Text<'a>>,
}

fn collection(predicate: &RawValue, report: &mut Report) {
    let Some(collection) = json::part::<Collection<'_>>(predicate, AT, &mut report.warnings) else { return };
    let items = collection.attestations.get("/predicate/attestations", &mut report.warnings);
    let mut claims: Vec<String> = stated(collection.name.as_ref()).into_iter().collect();
    let mut result = None;
    for item in items.into_iter().flatten() {
        claims.push(item.kind.to_string());
        let kind = item.kind.rsplit_once("/v").map_or(&*item.kind, |(name, _)| name);
        let (is_git, is_command) = (kind.ends_with("/git"), kind.ends_with("/command-run"));
        let wanted = (is_git || is_command).then_some(item.attestation);
        let at = "/predicate/attestations";
        let Some(known) = wanted.and_then(|raw| json::part::<Collectable<'_>>(raw, at, &mut report.warnings)) else {
            continue;
        };
        if let Some(commit) = stated(known.commit.as_ref()).filter(|_| is_git)
            && let Some(subject) = subjects::usable(Subject::commit(&commit), at, &mut report.warnings)
        {
            subjects::add(&mut report.subjects, subject);
        }
        if let Some(code) = stated(known.exit_code.as_ref()).filter(|_| is_command) {
            result = Some(if code == "0" { "passed" } else { "failed" }.to_owned());
        }
    }
    assert(report, |attestation| (attestation.claims, attestation.result) = (claims, result));
}

/// A run of a workflow as Chainloop tells it. <https://docs.chainloop.dev/concepts/attestations>
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct WorkflowRun<'a> {
    #[serde(borrow)]
    metadata: Odd<RunMetadata<'a>>,
    #[serde(borrow)]
    builder: Odd<Named<'a>>,
    #[serde(borrow)]
    build_type: Option<Text<'a>>,
    #[serde(borrow)]
    materials: Odd<Vec<Resource<'a>>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RunMetadata<'a> {
    #[serde(borrow, rename = "initializedAt")]
    started_at: Option<Text<'a>>,
    #[serde(borrow, rename = "finishedAt")]
    finished_at: Option<Text<'a>>,
    #[serde(borrow, rename = "workflowRunID")]
    run: Option<Text<'a>>,
}

fn workflow_run(predicate: &RawValue, report: &mut Report) {
    let Some(run) = json::part::<WorkflowRun<'_>>(predicate, AT, &mut report.warnings) else { return };
    let metadata = run.metadata.get("/predicate/metadata", &mut report.warnings);
    let materials = run.materials.get("/predicate/materials", &mut report.warnings).map_or(0, Vec::len);
    let mut instant = |text: Option<&Text<'_>>| crate::instant::utc(text, "/predicate/metadata", &mut report.warnings);
    let started_at = metadata.and_then(|metadata| instant(metadata.started_at.as_ref()));
    let finished_at = metadata.and_then(|metadata| instant(metadata.finished_at.as_ref()));
    report.provenance = Some(Provenance {
        builder_id: run.builder.0.as_ref().ok().and_then(|builder| stated(builder.id.as_ref())).unwrap_or_default(),
        build_type: stated(run.build_type.as_ref()).unwrap_or_default(),
        invocation_id: metadata.and_then(|metadata| stated(metadata.run.as_ref())),
        started_at,
        finished_at,
        resolved_dependencies: materials as u64,
        ..Provenance::default()
    });
}

/// A link or a layout of before there were statements; <https://github.com/in-toto/docs/blob/v0.9/in-toto-spec.md>.
#[derive(Deserialize)]
pub(super) struct Signed<'a> {
    #[serde(borrow, rename = "_type")]
    kind: Text<'a>,
    #[serde(borrow)]
    name: Option<Text<'a>>,
    #[serde(borrow, default)]
    products: Odd<Entries<'a, Entries<'a, Text<'a>>>>,
    #[serde(borrow, default)]
    byproducts: Odd<Byproducts<'a>>,
    #[serde(borrow, default)]
    steps: Odd<Vec<Step<'a>>>,
    #[serde(borrow, default)]
    inspect: Odd<Vec<Step<'a>>>,
}

#[derive(Deserialize)]
struct Step<'a> {
    #[serde(borrow, default)]
    name: Text<'a>,
}

/// What a link says of the products of its step, or which steps a layout asks for.
pub(super) fn signed(signed: &Signed<'_>) -> Result<Report, ReadError> {
    if !matches!(&*signed.kind, "link" | "layout") {
        let message = format!("expected `link` or `layout`, found `{}`", &*signed.kind);
        return Err(ReadError::lacks("in-toto metadata", "/signed/_type", message));
    }
    let mut report = Report::default();
    let steps = signed.steps.get("/signed/steps", &mut report.warnings).into_iter().flatten();
    let inspections = signed.inspect.get("/signed/inspect", &mut report.warnings).into_iter().flatten();
    let mut claims: Vec<String> = stated(signed.name.as_ref()).into_iter().collect();
    claims.extend(steps.chain(inspections).filter_map(|step| step.name.stated()));
    let products = signed.products.get("/signed/products", &mut report.warnings);
    let mut names = Vec::new();
    for (name, digests) in products.into_iter().flat_map(|products| &products.0) {
        names.push(name.to_string());
        for (_, value) in digests.0.iter().filter(|(algorithm, _)| &**algorithm == "sha256") {
            subjects::add_artifact(&mut report.subjects, &format!("sha256:{}", value.trim()));
        }
    }
    report.attestation = Some(Attestation {
        statement_type: signed.kind.to_string(),
        predicate_type: signed.kind.to_string(),
        subject_names: names,
        claims,
        result: signed.byproducts.0.as_ref().ok().and_then(Byproducts::result),
        ..Attestation::default()
    });
    Ok(report)
}
