//! Security insights of Cloudflare as a table.

use crate::checks::Checks;
use crate::cloudflare::Insight;
use crate::table::Table;
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "cloudflare-insights-csv",
    title: "Security insights of Cloudflare (CSV)",
    homepage: "https://developers.cloudflare.com/security-center/security-insights/",
    phase: Phase::Deploy,
    tool: "cloudflare",
    reads: "the table that the dashboard exports",
    identifies: "insight and subject",
    severities: "cloudflare",
    marks: &["issue_class", "issue_type", "subject", "recommended_action"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(&["severity", "issue_class", "subject", "issue_type"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV report of Cloudflare", bytes)?;
    table.require(&["severity", "issue_class", "subject", "issue_type"])?;
    let mut checks = Checks::of_scanner();
    for row in table.rows() {
        let insight = Insight {
            class: row.stated("issue_class"),
            sort: row.stated("issue_type"),
            severity: row.stated("severity"),
            subject: row.stated("subject"),
            is_dismissed: row.get("status").is_some_and(|status| status != "Active"),
            risk: row.stated("risk").or_else(|| row.stated("insight")),
            action: row.stated("recommended_action"),
            ..Insight::default()
        };
        checks.add(insight.check());
    }
    Ok(checks.report("cloudflare", None))
}
