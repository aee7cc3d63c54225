//! A decision for people at a terminal: the verdict first, then each reason with what to do, the most pressing first.

use super::reasons::{Reason, advice, excused, open, passing, reasons, release};
use crate::api::decisions::{DecisionView, PolicyResult};
use crate::wording::{counted, shown};
use std::fmt::Write as _;

/// How many reasons of one policy are shown; the page shows all.
const REASONS_SHOWN: usize = 10;

pub(super) fn write(decision: &DecisionView) -> String {
    let verdict = decision.verdict.to_uppercase();
    let mut text = format!("{verdict}  {} to {}\n", shown(&release(decision)), shown(&decision.environment.name));
    let _ = writeln!(text, "{}", because(decision));
    // What only warns because nobody knows is told shortly: whoever was stopped looks for what stops.
    let (short, long): (Vec<_>, Vec<_>) =
        open(decision).into_iter().partition(|policy| policy.outcome == "unknown" && policy.action != "deny");
    for policy in long {
        write_open(&mut text, policy);
    }
    write_short(&mut text, &short);
    write_excused(&mut text, decision);
    let passing = passing(decision);
    if !passing.is_empty() {
        let _ = writeln!(text, "\nPASS  {}", passing.join(", "));
    }
    let _ = writeln!(text, "\nEvidence: {}", evidence(decision));
    let _ = write!(text, "{}", decision.link);
    text
}

/// Why the verdict is what it is, in one line.
fn because(decision: &DecisionView) -> String {
    let count = |outcome: &str| decision.policies.iter().filter(|policy| policy.outcome == outcome).count() as u64;
    let (failed, unknown) = (count("fail"), count("unknown"));
    let mut parts = Vec::new();
    if failed > 0 {
        parts.push(format!("{} failed", counted(failed, "policy")));
    }
    if unknown > 0 {
        parts.push(format!("{} unknown: facts are missing", counted(unknown, "policy")));
    }
    if parts.is_empty() {
        parts.push("every policy passed".to_owned());
    }
    match decision.gate_mode.as_str() {
        "warn" => parts.push("the gate of this environment only warns".to_owned()),
        "off" => parts.push("the gate of this environment is off".to_owned()),
        _ => {}
    }
    parts.join("; ")
}

fn write_open(text: &mut String, policy: &PolicyResult) {
    let word = if policy.outcome == "fail" { "FAIL" } else { "UNKNOWN" };
    let effect = if policy.action == "deny" { "denies" } else { "warns" };
    let _ = writeln!(text, "\n{word}  {} ({}, {effect})", shown(&policy.title), policy.name);
    let all = reasons(policy);
    let mut has_own = false;
    for Reason { message, remediation } in all.iter().take(REASONS_SHOWN) {
        let _ = writeln!(text, "  - {}", shown(message));
        if let Some(remediation) = remediation {
            has_own = true;
            let _ = writeln!(text, "    {}", shown(remediation));
        }
    }
    if all.len() > REASONS_SHOWN {
        let _ = writeln!(text, "  - and {} more", all.len() - REASONS_SHOWN);
    }
    if !has_own {
        let _ = writeln!(text, "  What to do: {}", shown(advice(policy)));
    }
}

fn write_short(text: &mut String, policies: &[&PolicyResult]) {
    if policies.is_empty() {
        return;
    }
    let _ = writeln!(text, "\nUNKNOWN, warns only");
    for policy in policies {
        let _ = writeln!(text, "  - {}: {}", policy.name, shown(&policy.reasons.join("; ")));
    }
}

fn write_excused(text: &mut String, decision: &DecisionView) {
    for policy in excused(decision) {
        let _ = writeln!(text, "\nEXCUSED  {} ({})", shown(&policy.title), policy.name);
        for violation in &policy.violations {
            let until = violation.excused_by.iter().map(|by| by.until.as_str()).min().unwrap_or_default();
            let _ = writeln!(text, "  - {} (until {until})", shown(&violation.message));
        }
    }
}

fn evidence(decision: &DecisionView) -> String {
    if decision.evidence.is_empty() {
        return "none, nothing was handed in about this release".to_owned();
    }
    let digest = |text: &str| text.chars().take(19).collect::<String>();
    let one = |evidence: &crate::api::decisions::DecisionEvidence| {
        format!("{} ({}…)", evidence.format, digest(&evidence.document))
    };
    let all: Vec<String> = decision.evidence.iter().take(REASONS_SHOWN).map(one).collect();
    let more = decision.evidence.len().saturating_sub(REASONS_SHOWN);
    if more > 0 { format!("{} and {more} more", all.join(", ")) } else { all.join(", ") }
}
