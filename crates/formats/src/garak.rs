//! Attacks on a language model that garak carried out and that worked, a line for each. What was asked and answered is
//! not kept, since it is what nobody should read. garak rates nothing but how sure its detector is.

use crate::json::Object;
use crate::problems::{Elements, report};
use crate::{Format, Members, Probe, ReadError, identity};
use shipworthy_model::{Finding, FindingKind, Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "garak",
    title: "garak hit log",
    homepage: "https://reference.garak.ai/en/latest/reporting.html",
    phase: Phase::Artifact,
    tool: "garak",
    reads: "`….hitlog.jsonl` of versions 0.9 to 0.13",
    identifies: "probe, detector and model with the attack",
    severities: "",
    marks: &["attempt_id", "detector", "generator", "goal", "probe", "run_id"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let is_hit =
        |members: &Members| members.has_all(&["attempt_id", "detector", "generator", "goal", "probe", "score"]);
    probe.first_of_lines().is_some_and(is_hit)
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let elements = Elements::of(bytes)?;
    let findings = elements.findings(|hit| Some(finding(hit)));
    Ok(report("garak", None, &[FindingKind::Dynamic], findings, elements.warnings()))
}

fn finding(hit: &Object<'_>) -> Finding {
    let text = |key: &str| hit.text(key).unwrap_or_default();
    let (rule, detector, generator) = (text("probe"), text("detector"), text("generator"));
    let prompt = if hit.has_object("prompt") {
        let turns = hit.object("prompt").map(|prompt| prompt.objects("turns")).unwrap_or_default();
        turns.iter().filter_map(|turn| turn.object("content")?.text("text")).collect::<Vec<_>>().join("\n")
    } else {
        text("prompt")
    };
    let attack = identity::of_code(&prompt);
    Finding {
        score: hit.number("score"),
        description: Some(format!("model: {generator}\ndetector: {detector}")),
        identity: identity::of_parts(&rule, &[&detector, &generator, &attack]),
        ..Finding::new(FindingKind::Dynamic, rule.clone(), hit.text("goal").unwrap_or(rule))
    }
}
