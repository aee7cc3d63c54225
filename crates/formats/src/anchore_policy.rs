//! Policy evaluations of images by Anchore (Enterprise and AnchoreCTL): what stopped or warned, at which gate.

use crate::json::{self, Entries, List, Odd, Text, stated};
use crate::{Format, Probe, ReadError, identity, severity, subjects, text};
use serde::Deserialize;
use serde_json::value::RawValue;
use shipworthy_model::{Finding, FindingKind, FindingStatus, Phase, Report, Tool, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "anchore-policy",
    title: "Anchore policy evaluation",
    homepage: "https://docs.anchore.com/current/docs/compliance_management/",
    phase: Phase::Artifact,
    tool: "anchore",
    reads: "`anchorectl image check --detail` in both layouts, and the evaluation of the API by digest and tag",
    identifies: "the policy rule and Anchore's id of what triggered it",
    severities: "anchore",
    marks: &["detail", "digest", "finalAction", "evaluatedTag", "evaluations", "policyId"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_check = |members: &crate::Members| members.has_all(&["detail", "digest", "finalAction"]);
    // By digest and tag: the keys are data.
    let is_of_api =
        |members: &crate::Members| members.0.len() == 1 && members.0.iter().all(|(key, _)| key.starts_with("sha256:"));
    probe.first_element().is_some_and(|members| is_check(members) || is_of_api(members))
        || probe.object().is_some_and(|members| members.has_all(&["evaluatedTag", "evaluations", "policyId"]))
}

#[derive(Deserialize)]
struct Evaluated<'a> {
    #[serde(borrow, rename = "imageDigest")]
    digest: Option<Text<'a>>,
    #[serde(borrow, default)]
    evaluations: List<'a>,
}

#[derive(Deserialize)]
struct Evaluation<'a> {
    #[serde(borrow, default)]
    details: List<'a>,
}

#[derive(Deserialize)]
struct Check<'a> {
    #[serde(borrow)]
    digest: Option<Text<'a>>,
    #[serde(borrow, default)]
    detail: List<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Item<'a> {
    #[serde(borrow)]
    description: Option<Text<'a>>,
    #[serde(borrow)]
    gate: Option<Text<'a>>,
    #[serde(borrow)]
    status: Option<Text<'a>>,
    #[serde(borrow)]
    trigger_id: Option<Text<'a>>,
    #[serde(borrow)]
    trigger_name: Option<Text<'a>>,
    #[serde(borrow)]
    policy_id: Option<Text<'a>>,
    #[serde(default)]
    allowlisted: Odd<bool>,
}

/// The evaluation of the API: its rows are lists.
#[derive(Deserialize)]
struct OfApi<'a> {
    #[serde(borrow)]
    detail: Detail<'a>,
}

#[derive(Deserialize)]
struct Detail<'a> {
    #[serde(borrow)]
    result: Outer<'a>,
}

#[derive(Deserialize)]
struct Outer<'a> {
    #[serde(borrow)]
    /// By image, and beside that the lists which were used.
    result: Entries<'a, &'a RawValue>,
}

#[derive(Deserialize)]
struct Inner<'a> {
    #[serde(borrow)]
    result: Rows<'a>,
}

#[derive(Deserialize)]
struct Rows<'a> {
    #[serde(borrow, default)]
    header: Odd<Vec<Text<'a>>>,
    #[serde(borrow, default)]
    rows: List<'a>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let mut report = Report {
        tool: Some(Tool { name: "anchore".to_owned(), version: None }),
        looked_for: vec![FindingKind::Misconfiguration],
        ..Report::default()
    };
    let mut findings = Vec::new();
    if bytes.trim_ascii_start().starts_with(b"{") {
        let document: Evaluated<'_> = json::document(bytes)?;
        document.digest.iter().for_each(|digest| subjects::add_artifact(&mut report.subjects, digest));
        for (index, item) in json::parts::<Evaluation<'_>>(&document.evaluations, "/evaluations", &mut report.warnings)
        {
            let at = format!("/evaluations/{index}/details");
            let items = json::parts::<Item<'_>>(&item.details, at, &mut report.warnings);
            findings.extend(items.iter().map(|(_, item)| finding(item)));
        }
    } else {
        let list: List<'_> = json::document(bytes)?;
        for (index, raw) in list.items("", &mut report.warnings).iter().enumerate() {
            of_element(raw, &format!("/{index}"), &mut report, &mut findings)?;
        }
    }
    report.findings = Some(findings);
    Ok(report)
}

fn of_element(raw: &RawValue, at: &str, report: &mut Report, findings: &mut Vec<Finding>) -> Result<(), ReadError> {
    if let Ok(check) = serde_json::from_str::<Check<'_>>(raw.get())
        && check.digest.is_some()
    {
        check.digest.iter().for_each(|digest| subjects::add_artifact(&mut report.subjects, digest));
        let items = json::parts::<Item<'_>>(&check.detail, format_args!("{at}/detail"), &mut report.warnings);
        findings.extend(items.iter().map(|(_, item)| finding(item)));
        return Ok(());
    }
    let broken = |error: serde_json::Error| ReadError::lacks("policy evaluation of Anchore", at, error.to_string());
    let by_digest: Entries<'_, Entries<'_, Vec<&RawValue>>> = serde_json::from_str(raw.get()).map_err(broken)?;
    for (digest, by_tag) in by_digest.0 {
        subjects::add_artifact(&mut report.subjects, &digest);
        for evaluation in by_tag.0.iter().flat_map(|(_, evaluations)| evaluations) {
            let evaluation: OfApi<'_> = serde_json::from_str(evaluation.get()).map_err(broken)?;
            for (_, inner) in evaluation.detail.result.result.0.iter().filter(|(_, raw)| raw.get().starts_with('{')) {
                let inner = json::part::<Inner<'_>>(inner, at, &mut report.warnings);
                inner.iter().for_each(|inner| rows(&inner.result, at, findings, &mut report.warnings));
            }
        }
    }
    Ok(())
}

fn rows(table: &Rows<'_>, at: &str, findings: &mut Vec<Finding>, warnings: &mut Vec<Warning>) {
    let header = table.header.get(format_args!("{at}/header"), warnings).map_or(&[][..], Vec::as_slice);
    let place = |name: &str| header.iter().position(|column| &**column == name);
    for (_, row) in json::parts::<Vec<RowCell<'_>>>(&table.rows, format_args!("{at}/rows"), warnings) {
        let cell = |name: &str| place(name).and_then(|place| row.get(place)).and_then(|cell| cell.0.clone());
        findings.push(finding(&Item {
            description: cell("Check_Output"),
            gate: cell("Gate"),
            status: cell("Gate_Action"),
            trigger_id: cell("Trigger_Id"),
            trigger_name: cell("Trigger"),
            policy_id: cell("Policy_Id"),
            allowlisted: Odd(Ok(cell("Whitelisted").is_some_and(|cell| &*cell != "false"))),
        }));
    }
}

/// A cell of a row: a text, or something else that is not read.
struct RowCell<'a>(Option<Text<'a>>);

impl<'de: 'a, 'a> Deserialize<'de> for RowCell<'a> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&'de RawValue>::deserialize(deserializer)?;
        Ok(Self(serde_json::from_str(raw.get()).ok()))
    }
}

fn finding(item: &Item<'_>) -> Finding {
    let gate = stated(item.gate.as_ref()).unwrap_or_default();
    let trigger = stated(item.trigger_name.as_ref()).unwrap_or_default();
    let rule = format!("{gate}:{trigger}");
    let id = stated(item.trigger_id.as_ref()).unwrap_or_default();
    let policy = stated(item.policy_id.as_ref()).unwrap_or_default();
    let description = stated(item.description.as_ref()).map(text::capped);
    let word = stated(item.status.as_ref()).unwrap_or_default().to_lowercase();
    let kind = match gate.as_str() {
        "secret_scans" => FindingKind::Secret,
        "licenses" => FindingKind::License,
        "malware" => FindingKind::Malware,
        // The vulnerability itself is in the list of vulnerabilities, with its component.
        _ => FindingKind::Misconfiguration,
    };
    let is_allowed = item.allowlisted.0.as_ref().is_ok_and(|allowed| *allowed);
    // What a scan for secrets found may be in its words.
    let description = description.filter(|_| kind != FindingKind::Secret);
    let title = description.as_deref().and_then(text::title).unwrap_or_else(|| rule.clone());
    Finding {
        severity: severity::of_word("anchore", &word),
        severity_word: Some(word).filter(|word| !word.is_empty()),
        aliases: crate::dependencies::names(&id),
        status: if is_allowed { FindingStatus::Suppressed } else { FindingStatus::Open },
        identity: identity::of_parts(&rule, &[&policy, &id]),
        description,
        ..Finding::new(kind, rule, title)
    }
}
