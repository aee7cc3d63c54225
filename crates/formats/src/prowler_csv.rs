//! Prowler results as a table: the security of an account of a cloud or of a cluster.

use crate::checks::Checks;
use crate::prowler::{Row, named};
use crate::table::Table;
use crate::{Format, Probe, ReadError};
use shipworthy_model::{Phase, Report};

pub(crate) static FORMAT: Format = Format {
    name: "prowler-csv",
    title: "Prowler results (CSV)",
    homepage: "https://docs.prowler.com/",
    phase: Phase::Deploy,
    tool: "prowler",
    reads: "the table of version 3 and later with semicolons, and that of version 2 with commas",
    identifies: "the id that Prowler gives the result; in version 2 check, account, region and resource",
    severities: "prowler",
    marks: &["CHECK_ID", "STATUS_EXTENDED", "TITLE_TEXT", "CHECK_RESULT"],
    recognises,
    read,
};

fn recognises(probe: &Probe) -> bool {
    probe.has_columns(&["CHECK_ID", "STATUS", "STATUS_EXTENDED", "SEVERITY"])
        || probe.has_columns(&["TITLE_ID", "CHECK_RESULT", "TITLE_TEXT", "CHECK_SEVERITY"])
}

fn read(bytes: &[u8]) -> Result<Report, ReadError> {
    let table = Table::parse("CSV report of Prowler", bytes)?;
    let is_of_2 = table.require(&["TITLE_ID", "CHECK_RESULT"]).is_ok();
    if !is_of_2 {
        table.require(&["CHECK_ID", "STATUS", "STATUS_EXTENDED", "SEVERITY"])?;
    }
    let mut checks = Checks::of_scanner_with_passed("prowler");
    let mut version = None;
    let rows = table.rows().map(|row| {
        version = version.take().or_else(|| row.stated("PROWLER_VERSION"));
        (row.line, if is_of_2 { second(row) } else { third(row) })
    });
    let rows: Vec<_> = rows.collect();
    for (line, row) in rows {
        row.add(&format!("line {line}"), &mut checks);
    }
    Ok(checks.report("prowler", version))
}

fn third(row: crate::table::Row<'_>) -> Row {
    Row {
        check: row.stated("CHECK_ID"),
        title: row.stated("CHECK_TITLE"),
        service: row.stated("SERVICE_NAME"),
        status: row.stated("STATUS"),
        is_muted: row.get("MUTED").is_some_and(|muted| muted.eq_ignore_ascii_case("true")),
        severity: row.stated("SEVERITY"),
        reason: row.stated("STATUS_EXTENDED"),
        description: row.stated("RISK"),
        resource: row
            .stated("RESOURCE_UID")
            .or_else(|| row.stated("RESOURCE_ARN"))
            .or_else(|| row.stated("RESOURCE_NAME")),
        remediation: row.stated("REMEDIATION_RECOMMENDATION_TEXT"),
        references: [row.stated("REMEDIATION_RECOMMENDATION_URL"), row.stated("RELATED_URL")]
            .into_iter()
            .flatten()
            .collect(),
        fingerprint: row.stated("FINDING_UID").or_else(|| row.stated("FINDING_UNIQUE_ID")),
        ..Row::default()
    }
}

fn second(row: crate::table::Row<'_>) -> Row {
    let (check, title) = named(row.get("TITLE_TEXT"));
    let place = [row.get("ACCOUNT_NUM"), row.get("REGION")];
    Row {
        check: check.or_else(|| row.stated("TITLE_ID")),
        title,
        service: row.stated("CHECK_SERVICENAME"),
        status: row.stated("CHECK_RESULT"),
        level: row.stated("ITEM_LEVEL"),
        is_unscored: row.get("ITEM_SCORED") == Some("Not Scored"),
        severity: row.stated("CHECK_SEVERITY"),
        reason: row.stated("CHECK_RESULT_EXTENDED"),
        description: row.stated("CHECK_RISK"),
        resource: row.stated("CHECK_RESOURCE_ID"),
        remediation: row.stated("CHECK_REMEDIATION"),
        references: row.stated("CHECK_DOC").into_iter().collect(),
        place: place.into_iter().flatten().collect::<Vec<_>>().join("/"),
        ..Row::default()
    }
}
