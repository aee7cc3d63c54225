//! A decision as JUnit XML, for what shows test results: a suite of policies. What denies is a failure (an error when it
//! is unknown); what only warns is skipped with its reason, so that it does not break a run that may go on.

use super::reasons::{advice, reasons, release};
use crate::api::decisions::{DecisionView, PolicyResult};
use std::fmt::Write as _;

pub(super) fn write(decision: &DecisionView) -> String {
    let count =
        |kind: Kind| decision.policies.iter().filter(|policy| Kind::of(&decision.verdict, policy) == kind).count();
    let (failures, errors, skipped) = (count(Kind::Failure), count(Kind::Error), count(Kind::Skipped));
    let name = escaped(&format!("{} to {}", release(decision), decision.environment.name));
    let tests = decision.policies.len();
    let mut xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"shipworthy gate\">\n".to_owned();
    let _ = writeln!(
        xml,
        "  <testsuite name=\"{name}\" timestamp=\"{}\" tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" \
         skipped=\"{skipped}\">",
        escaped(&decision.decided_at)
    );
    for policy in &decision.policies {
        write_case(&mut xml, &decision.verdict, policy);
    }
    let said = format!("{}: {}\n{}", decision.verdict, decision.headline, decision.link);
    let _ = write!(xml, "    <system-out>{}</system-out>\n  </testsuite>\n</testsuites>", escaped(&said));
    xml
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Pass,
    Failure,
    Error,
    Skipped,
}

impl Kind {
    /// Where the verdict lets the release go, nothing breaks the run.
    fn of(verdict: &str, policy: &PolicyResult) -> Self {
        let is_stopping = verdict == "deny" && policy.action == "deny";
        match policy.outcome.as_str() {
            "pass" => Self::Pass,
            "fail" if is_stopping => Self::Failure,
            "unknown" if is_stopping => Self::Error,
            _ => Self::Skipped,
        }
    }
}

fn write_case(xml: &mut String, verdict: &str, policy: &PolicyResult) {
    let (phase, name) = (escaped(&policy.phase), escaped(&policy.name));
    let element = match Kind::of(verdict, policy) {
        Kind::Pass => {
            let _ = writeln!(xml, "    <testcase classname=\"{phase}\" name=\"{name}\"/>");
            return;
        }
        Kind::Failure => "failure",
        Kind::Error => "error",
        Kind::Skipped => "skipped",
    };
    let messages: Vec<String> = reasons(policy).iter().map(|reason| reason.message.to_owned()).collect();
    let first = escaped(messages.first().map_or(policy.outcome.as_str(), String::as_str));
    let all = escaped(&format!("{}\n{}", messages.join("\n"), advice(policy)));
    let _ = writeln!(xml, "    <testcase classname=\"{phase}\" name=\"{name}\">");
    let kind = escaped(&policy.outcome);
    if element == "skipped" {
        let _ = writeln!(xml, "      <skipped message=\"warning, {kind}: {first}\"/>");
    } else {
        let _ = writeln!(xml, "      <{element} type=\"{kind}\" message=\"{first}\">{all}</{element}>");
    }
    let _ = writeln!(xml, "    </testcase>");
}

/// Text that XML takes for text, in an element as in an attribute. Characters that XML 1.0 cannot hold become marks.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\n' => out.push_str("&#10;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_ends_an_element_or_attribute() {
        assert_eq!(
            escaped("]]></failure><x a=\"1\" b='2'>\u{0}&\n"),
            "]]&gt;&lt;/failure&gt;&lt;x a=&quot;1&quot; b=&apos;2&apos;&gt;\u{fffd}&amp;&#10;"
        );
    }
}
