//! A decision in Markdown, for the summary of a run or a comment. Text of tools is escaped: it shows as it is written.

use super::reasons::{advice, excused, open, passing, reasons, release};
use crate::api::decisions::{DecisionView, PolicyResult};
use crate::wording::shown;
use std::fmt::Write as _;

pub(super) fn write(decision: &DecisionView) -> String {
    let sign = match decision.verdict.as_str() {
        "allow" => "✅",
        "warn" => "⚠️",
        _ => "⛔",
    };
    let (release, environment) = (escaped(&release(decision)), escaped(&decision.environment.name));
    let mut page = format!("## {sign} {}: {release} to {environment}\n", decision.verdict);
    for policy in open(decision) {
        write_open(&mut page, policy);
    }
    for policy in excused(decision) {
        let _ = writeln!(page, "\n**Excused: {}** (`{}`)\n", escaped(&policy.title), policy.name);
        for violation in &policy.violations {
            let until = violation.excused_by.iter().map(|by| by.until.as_str()).min().unwrap_or_default();
            let _ = writeln!(page, "- {} — until {until}", escaped(&violation.message));
        }
    }
    let passing: Vec<String> = passing(decision).iter().map(|name| format!("`{name}`")).collect();
    if !passing.is_empty() {
        let _ = writeln!(page, "\nPassed: {}", passing.join(", "));
    }
    let _ = write!(page, "\n[The whole decision]({})", decision.link);
    page
}

fn write_open(page: &mut String, policy: &PolicyResult) {
    let word = if policy.outcome == "fail" { "Failed" } else { "Unknown" };
    let effect = if policy.action == "deny" { "denies" } else { "warns" };
    let _ = writeln!(page, "\n### {word}: {}\n\n`{}`, {effect}\n", escaped(&policy.title), policy.name);
    for reason in reasons(policy) {
        let _ = writeln!(page, "- {}", escaped(reason.message));
        if let Some(remediation) = reason.remediation {
            let _ = writeln!(page, "  - {}", escaped(remediation));
        }
    }
    let _ = writeln!(page, "\n*What to do:* {}", escaped(advice(policy)));
}

/// Text that neither Markdown nor HTML takes for anything but text.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in shown(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            // A word after `@` would call somebody, a number after `#` would link to something.
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '|' | '#' | '!' | '~' | '$' => {
                out.push('\\');
                out.push(c);
            }
            '@' => out.push_str("&#64;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_tools_is_text() {
        let hostile = "<script>alert(1)</script> [x](javascript:y) ![i](z) `a` | @all\n# h";
        let escaped = escaped(hostile);
        assert_eq!(
            escaped,
            "&lt;script&gt;alert\\(1\\)&lt;/script&gt; \\[x\\]\\(javascript:y\\) \\!\\[i\\]\\(z\\) \\`a\\` \\| &#64;all \\# h"
        );
    }
}
