//! The bill of materials as a page for people. Everything that tools wrote is shown as the text it is.

use super::{Dbom, DbomDigests, DbomPhase, DbomRelease};
use crate::wording::shown;
use std::fmt::Write as _;

/// The page.
pub(crate) fn to_markdown(dbom: &Dbom) -> String {
    let mut page = String::new();
    head(&mut page, &dbom.release);
    for phase in &dbom.phases {
        of_phase(&mut page, phase);
    }
    digests(&mut page, &dbom.digests);
    let _ = writeln!(page, "\nDigest of the JSON form: {}", dbom.digest.as_deref().unwrap_or("none"));
    page
}

fn head(page: &mut String, release: &DbomRelease) {
    let DbomRelease { application, service, version, team, created_at, created_by, .. } = release;
    let _ = writeln!(
        page,
        "# Delivery bill of materials: {} {}\n",
        text(&format!("{application}/{service}")),
        text(version)
    );
    let _ = writeln!(page, "Owned by {}, created {created_at} by {}.", text(team), text(created_by));
}

fn of_phase(page: &mut String, phase: &DbomPhase) {
    let DbomPhase { phase, evidence, facts, missing, latest_at } = phase;
    let mut title = phase.clone();
    title[..1].make_ascii_uppercase();
    let _ = writeln!(page, "\n## {title}\n");
    match latest_at {
        Some(at) => {
            let _ = writeln!(page, "Newest evidence: {at}.\n");
        }
        None => page.push_str("No evidence yet.\n\n"),
    }
    if !facts.is_empty() {
        page.push_str("| fact | value | |\n|---|---|---|\n");
        for fact in facts {
            let mark = if fact.level == "neutral" { "" } else { fact.level.as_str() };
            let _ = writeln!(page, "| {} | {} | {mark} |", text(&fact.title), text(&fact.value));
        }
        page.push('\n');
    }
    if !evidence.is_empty() {
        page.push_str("| evidence | holds | handed in | document |\n|---|---|---|---|\n");
        for evidence in evidence {
            let replaced = if evidence.is_replaced { ", replaced by newer evidence" } else { "" };
            let (format, summary) = (text(&evidence.format), format!("{}{replaced}", text(&evidence.summary)));
            let (at, by) = (&evidence.submitted_at, text(&evidence.submitted_by));
            let _ = writeln!(page, "| {format} | {summary} | {at} by {by} | {} |", evidence.document);
        }
        page.push('\n');
    }
    if !missing.is_empty() {
        page.push_str("Missing:\n\n");
        for what in missing {
            let _ = writeln!(page, "- {}", shown(what));
        }
    }
}

fn digests(page: &mut String, digests: &DbomDigests) {
    let DbomDigests { built, released, running, agree } = digests;
    let list = |digests: &[String]| if digests.is_empty() { "unknown".to_owned() } else { digests.join(", ") };
    page.push_str("\n## The right image\n\n");
    let verdict = match agree {
        Some(true) => "What was built, released and runs agrees.",
        Some(false) => "**What was built, released and runs does not agree.**",
        None => "There is nothing to compare yet.",
    };
    let _ = writeln!(page, "{verdict}\n");
    let _ = writeln!(page, "- built: {}\n- released: {}", list(built), list(released));
    for running in running {
        let _ = writeln!(page, "- running in {}: {}", text(&running.environment), list(&running.digests));
    }
}

/// Text as Markdown shows it unchanged.
fn text(raw: &str) -> String {
    let mut escaped = String::new();
    for c in shown(raw).chars() {
        if "\\`*[]<>|&".contains(c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
