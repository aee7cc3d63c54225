//! The report of a span of time as a document for people.

use super::instant;
use super::period::{
    PeriodApproval, PeriodDecision, PeriodDueDate, PeriodException, PeriodRelease, PeriodReport, PeriodViolation,
};
use crate::wording::{counted, thousands};
use shipworthy_typeset::{Block, Cell, Column, Document, Fact, Number, Section, Style, Summary, Table};

impl PeriodReport {
    /// The report for people.
    pub(crate) fn document(&self) -> Document {
        let made_at = self.made_at.clone();
        Document {
            title: "Period report".to_owned(),
            subject: format!("{} to {}", day(&self.from), day(&self.until)),
            facts: vec![
                Fact::new("About", self.about.clone()),
                Fact::new("From", instant(&self.from)),
                Fact::new("Until", format!("{}, not included", instant(&self.until))),
                Fact::new("Made", format!("{} for {}", instant(&self.made_at), self.made_for)),
                Fact::new("By", Cell::code(&self.server)),
            ],
            summary: self.summary(),
            sections: vec![
                section("In numbers", vec![Block::Numbers(self.figures())]),
                section("Decisions", vec![Block::Table(decisions(&self.decisions))]),
                section("Policies that did not pass", vec![Block::Table(violations(&self.violations))]),
                section("Exceptions granted and used", vec![Block::Table(exceptions(&self.exceptions))]),
                section(
                    "Due dates",
                    vec![Block::Note(ABOUT_DUE_DATES.to_owned()), Block::Table(dues(&self.due_dates))],
                ),
                section("Approvals", vec![Block::Table(approvals(&self.approvals))]),
                section("Releases", vec![Block::Table(releases(&self.releases))]),
            ],
            made_at,
            ..Document::default()
        }
    }

    fn summary(&self) -> Summary {
        let value =
            |name: &str| self.numbers.iter().find(|number| number.name == name).map_or(0, |number| number.value);
        let (decisions, denied) = (value("decisions"), value("denied"));
        let late = value("due-dates-missed") + value("overdue");
        let verdict = match (decisions, late) {
            (0, 0) => Cell::styled(Style::Open, "No gate was asked in this time, and no due date passed."),
            (_, 0) => Cell::styled(Style::Good, "No due date was missed."),
            (_, late) => Cell::styled(Style::Bad, format!("{} not kept.", were(late, "due date"))),
        };
        let [allowed, warned] = ["allowed", "warned"].map(|name| thousands(value(name)));
        let first = format!(
            "{} made. Gates gave {}: {allowed} allowed, {warned} allowed with a warning, {} denied.",
            were(value("releases"), "release"),
            counted(decisions, "answer"),
            thousands(denied),
        );
        let second = format!(
            "{} granted and {} used. People gave {}. {} within the due date, {} later, and {} overdue and still running.",
            were(value("exceptions-granted"), "exception"),
            thousands(value("exceptions-used")),
            counted(value("approvals"), "approval"),
            were_mended(value("due-dates-kept")),
            thousands(value("due-dates-missed")),
            thousands(value("overdue")),
        );
        Summary { verdict, paragraphs: vec![first, second] }
    }

    fn figures(&self) -> Vec<Number> {
        let figure = |number: &super::period::PeriodNumber| Number {
            value: thousands(number.value),
            name: number.title.clone(),
            definition: number.definition.clone(),
        };
        self.numbers.iter().map(figure).collect()
    }
}

const ABOUT_DUE_DATES: &str = "A due date follows from the severity, from whether the vulnerability is known to be exploited \
    and from where it runs, by the table of due dates that was in force when this report was made.";

fn were(count: u64, what: &str) -> String {
    format!("{} {}", counted(count, what), if count == 1 { "was" } else { "were" })
}

fn were_mended(count: u64) -> String {
    format!("{} mended", were(count, "vulnerability"))
}

fn day(at: &str) -> &str {
    at.get(..10).unwrap_or(at)
}

fn section(title: &str, blocks: Vec<Block>) -> Section {
    Section { title: title.to_owned(), is_nested: false, blocks }
}

fn table(columns: &[(&str, u16)], rows: Vec<Vec<Cell>>, if_empty: &str) -> Table {
    let columns = columns.iter().map(|(title, share)| Column::new(title, *share)).collect();
    Table { columns, rows, if_empty: if_empty.to_owned() }
}

fn decisions(decisions: &[PeriodDecision]) -> Table {
    let row = |decision: &PeriodDecision| {
        let PeriodDecision { release, environment, verdict, headline, excused, record, decided_at, asked_by, .. } =
            decision;
        let style = match verdict.as_str() {
            "allow" => Style::Good,
            "deny" => Style::Bad,
            _ => Style::Open,
        };
        let excused = if *excused == 0 { String::new() } else { format!(" ({excused} excused)") };
        vec![
            format!("{} by {asked_by}", instant(decided_at)).into(),
            format!("{release} to {environment}").into(),
            Cell::styled(style, verdict),
            format!("{headline}{excused}").into(),
            Cell::code(record),
        ]
    };
    let columns = [("Decided", 15), ("Release", 20), ("Answer", 10), ("Why", 31), ("Record", 24)];
    table(&columns, decisions.iter().map(row).collect(), "No gate was asked in this time.")
}

fn violations(violations: &[PeriodViolation]) -> Table {
    let row = |found: &PeriodViolation| {
        let PeriodViolation { policy, outcome, decisions, releases } = found;
        let style = if outcome == "fail" { Style::Bad } else { Style::Open };
        let outcome = if outcome == "fail" { "failed" } else { "unknown" };
        let [decisions, releases] = [decisions, releases].map(|number| thousands(*number).into());
        vec![policy.clone().into(), Cell::styled(style, outcome), decisions, releases]
    };
    let columns = [("Policy", 46), ("Outcome", 18), ("In decisions", 18), ("About releases", 18)];
    table(&columns, violations.iter().map(row).collect(), "Every policy passed in every decision.")
}

fn exceptions(exceptions: &[PeriodException]) -> Table {
    let row = |exception: &PeriodException| {
        let PeriodException { excuses, holds_for, reason, requested_by, approved_by, approved_at, .. } = exception;
        let PeriodException { from, until, revoked_at, is_granted, used, .. } = exception;
        let revoked = revoked_at.as_ref().map(|at| format!(", taken back {}", instant(at))).unwrap_or_default();
        let granted = if *is_granted { "in this time" } else { "before" };
        vec![
            format!("{excuses}, for {holds_for}").into(),
            reason.clone().into(),
            requested_by.clone().into(),
            format!("{approved_by}, {} ({granted})", instant(approved_at)).into(),
            format!("{} to {}{revoked}", day(from), day(until)).into(),
            counted(*used, "decision").into(),
        ]
    };
    let columns =
        [("Excuses", 26), ("Reason", 22), ("Asked by", 10), ("Approved by", 17), ("Holds", 14), ("Used in", 11)];
    table(&columns, exceptions.iter().map(row).collect(), "No exception was granted or used.")
}

fn dues(dues: &[PeriodDueDate]) -> Table {
    let row = |due: &PeriodDueDate| {
        let PeriodDueDate { vulnerability, severity, place, known_at, due_at, mended_at, outcome, because } = due;
        let (style, said) = match outcome.as_str() {
            "kept" => (Style::Good, "kept"),
            "missed" => (Style::Bad, "missed"),
            _ => (Style::Bad, "overdue"),
        };
        vec![
            format!("{vulnerability} ({severity})").into(),
            place.clone().into(),
            day(known_at).into(),
            due_at.as_deref().map_or("no date", day).into(),
            mended_at.as_deref().map_or("still runs", day).into(),
            Cell::styled(style, said),
            because.clone().into(),
        ]
    };
    let columns = [
        ("Vulnerability", 18),
        ("Where", 19),
        ("Known", 11),
        ("Due", 11),
        ("Mended", 11),
        ("Date", 12),
        ("Why then", 18),
    ];
    table(&columns, dues.iter().map(row).collect(), "Nothing was mended in this time, and nothing is overdue.")
}

fn approvals(approvals: &[PeriodApproval]) -> Table {
    let row = |approval: &PeriodApproval| {
        let PeriodApproval { release, environment, approved_by, comment, approved_at } = approval;
        vec![
            instant(approved_at).into(),
            approved_by.clone().into(),
            format!("{release} to {environment}").into(),
            comment.clone().unwrap_or_default().into(),
        ]
    };
    let columns = [("Given", 21), ("By", 15), ("Release", 28), ("Comment", 36)];
    table(&columns, approvals.iter().map(row).collect(), "Nobody approved a release in this time.")
}

fn releases(releases: &[PeriodRelease]) -> Table {
    let row = |release: &PeriodRelease| {
        let PeriodRelease { release, team, commit, artifacts, made_at, made_by, .. } = release;
        vec![
            instant(made_at).into(),
            release.clone().into(),
            team.clone().into(),
            Cell::code(commit.clone().unwrap_or_default()),
            artifacts.to_string().into(),
            made_by.clone().into(),
        ]
    };
    let columns = [("Made", 21), ("Release", 24), ("Team", 12), ("Commit", 20), ("Artifacts", 11), ("By", 12)];
    table(&columns, releases.iter().map(row).collect(), "No release was made in this time.")
}
