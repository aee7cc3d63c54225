//! Recommendations of Microsoft Defender for Cloud, once Azure Security Center, as the portal exports them.

use crate::checks::{self, Check, Checks, Outcome};
use crate::table::{Row, Table};
use crate::{Format, Probe, ReadError, instant, json};
use shipworthy_model::{Phase, Report, Warning};

pub(crate) static FORMAT: Format = Format {
    name: "azure-security-center-recommendations",
    title: "Recommendations of Microsoft Defender for Cloud (CSV)",
    homepage: "https://learn.microsoft.com/en-us/azure/defender-for-cloud/review-security-recommendations",
    phase: Phase::Deploy,
    tool: "microsoft-defender-for-cloud",
    reads: "the table that the portal exports",
    identifies: "recommendation and resource",
    severities: "azure-security-center",
    marks: &["recommendationId", "recommendationName", "resourceId", "state"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(&["recommendationId", "recommendationName", "resourceId", "severity", "state"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV report of Microsoft Defender for Cloud", bytes)?;
    table.require(&["recommendationId", "recommendationName", "resourceId", "severity", "state"])?;
    let lists_passed = table.rows().any(|row| row.get("state") == Some("Healthy"));
    let mut checks = Checks::of_scanner_listing_passed("microsoft-defender-for-cloud", lists_passed);
    let mut created_at = None;
    for row in table.rows() {
        let at = format!("line {}", row.line);
        if created_at.is_none() {
            let exported = row.get("exportedTimestamp").map(|text| json::Text(text.into()));
            created_at = instant::utc(exported.as_ref(), &at, &mut checks.warnings);
        }
        let check = check(row, &at, &mut checks.warnings);
        checks.add(check);
    }
    let mut report = checks.report("microsoft-defender-for-cloud", None);
    report.created_at = created_at;
    Ok(report)
}

fn check(row: Row<'_>, at: &str, warnings: &mut Vec<Warning>) -> Check {
    let outcome = match row.get("state") {
        Some("Healthy") => Outcome::Passed,
        Some("Unhealthy") => Outcome::Failed,
        Some("NotApplicable" | "Not applicable") => Outcome::NotApplicable,
        other => {
            let found = other.unwrap_or("nothing");
            let message = format!("expected Healthy, Unhealthy or NotApplicable, found {found}; somebody has to look");
            warnings.push(Warning { at: at.to_owned(), message });
            Outcome::Undecided
        }
    };
    let word = row.stated("severity");
    Check {
        rule: row.stated("recommendationId").or_else(|| row.stated("recommendationName")).unwrap_or_default(),
        title: row.stated("recommendationDisplayName").or_else(|| row.stated("recommendationName")),
        section: row.stated("controls"),
        outcome,
        severity: checks::rated("azure-security-center", word.as_deref()),
        severity_word: word,
        reason: row.stated("notApplicableReason"),
        description: row.stated("description"),
        resource: row.stated("resourceId").or_else(|| row.stated("resourceName")),
        remediation: row.stated("remediationSteps"),
        references: row.stated("azurePortalRecommendationLink").into_iter().collect(),
        ..Check::default()
    }
}
