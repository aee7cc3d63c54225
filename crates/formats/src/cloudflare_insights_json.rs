//! Security insights of Cloudflare in JSON.

use crate::checks::Checks;
use crate::cloudflare::Insight;
use crate::json::{self, List, Text, stated};
use crate::{Format, Probe, ReadError};
use serde::Deserialize;
use shipworthy_model::{Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "cloudflare-insights-json",
    title: "Security insights of Cloudflare (JSON)",
    homepage: "https://developers.cloudflare.com/security-center/security-insights/",
    phase: Phase::Deploy,
    tool: "cloudflare",
    reads: "the list of insights of the API",
    identifies: "the id of the insight",
    severities: "cloudflare",
    marks: &["issue_class", "issue_type", "subject", "resolve_text"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    let keys = ["issue_class", "issue_type", "subject", "dismissed"];
    probe.first_element().is_some_and(|members| members.has_all(&keys))
}

#[derive(Deserialize)]
struct Item<'a> {
    #[serde(borrow)]
    id: Option<Text<'a>>,
    #[serde(borrow)]
    issue_class: Option<Text<'a>>,
    #[serde(borrow)]
    issue_type: Option<Text<'a>>,
    #[serde(borrow)]
    severity: Option<Text<'a>>,
    #[serde(borrow)]
    subject: Option<Text<'a>>,
    dismissed: Option<bool>,
    #[serde(borrow)]
    resolve_link: Option<Text<'a>>,
    #[serde(borrow)]
    resolve_text: Option<Text<'a>>,
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let list: List<'_> = json::document(bytes)?;
    let mut checks = Checks::of_scanner();
    for (_, item) in json::parts::<Item<'_>>(&list, "", &mut checks.warnings) {
        let insight = Insight {
            class: stated(item.issue_class.as_ref()),
            sort: stated(item.issue_type.as_ref()),
            severity: stated(item.severity.as_ref()),
            subject: stated(item.subject.as_ref()),
            is_dismissed: item.dismissed == Some(true),
            risk: None,
            action: stated(item.resolve_text.as_ref()),
            link: stated(item.resolve_link.as_ref()),
            id: stated(item.id.as_ref()),
        };
        checks.add(insight.check());
    }
    Ok(checks.report("cloudflare", None))
}
