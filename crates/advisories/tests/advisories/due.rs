//! Until when something has to be done, by the tables that come along and by those of users.

use jiff::Timestamp;
use shipworthy_advisories::due::{Catalogued, Due, DueInput, Fix, RunsIn, Table, TechnicalImpact, When, Within, due};
use shipworthy_model::{EnvironmentKind, Exposure, Severity};

fn at(instant: &str) -> Timestamp {
    instant.parse().expect("an instant")
}

const FIRST_KNOWN: &str = "2026-11-01T12:00:00Z";

fn finding(severity: Severity) -> DueInput {
    DueInput {
        severity,
        known_exploited: None,
        environment: Some(RunsIn { kind: EnvironmentKind::Production, exposure: Exposure::Internet }),
        automatable: None,
        technical_impact: None,
        fix: Fix::Available { since: None },
        first_known: at(FIRST_KNOWN),
    }
}

fn table(name: &str) -> Table {
    Table::named(name).expect("a table that comes along")
}

/// How many whole days after it became known.
fn days(due: &Due) -> Option<i64> {
    let When::At(until) = due.when else { return None };
    Some(until.duration_since(at(FIRST_KNOWN)).as_hours() / 24)
}

#[test]
fn every_table_that_comes_along_is_one_and_goes_by_its_name() {
    let all = Table::all();
    assert_eq!(all.len(), 4);
    assert_eq!(all.first(), Some(&Table::default()));
    for table in all {
        assert_eq!(table.check(), Ok(()), "{}", table.name);
        let written = serde_json::to_string(&table).expect("plain data");
        assert_eq!(Table::read(&written), Ok(table.clone()));
        assert_eq!(Table::named(&table.name), Ok(table));
    }
    assert_eq!(
        Table::named("tomorrow").expect_err("no such table"),
        "`tomorrow` is no table of deadlines: expected one of `severity-days`, `fedramp`, `pci-dss-6.3.3`, `cisa-bod-26-04`"
    );
}

/// As the page shows it.
fn shown(table: &Table) -> String {
    let words = |values: Vec<&str>, what: &str| (!values.is_empty()).then(|| format!("{what} {}", values.join(", ")));
    let mut shown = "| finding | due |\n|---|---|\n".to_owned();
    for rule in &table.rules {
        let exploited =
            rule.known_exploited.map(|is| if is { "known to be exploited" } else { "not known to be exploited" });
        let automatable = rule.automatable.map(|is| if is { "automatable" } else { "not automatable" });
        let impact = rule.technical_impact.map(|impact| match impact {
            TechnicalImpact::Partial => "technical impact partial",
            TechnicalImpact::Total => "technical impact total",
        });
        let conditions = [
            exploited.map(str::to_owned),
            words(rule.severities.iter().map(|severity| severity.as_str()).collect(), "severity"),
            words(rule.environments.iter().map(|kind| kind.as_str()).collect(), "in"),
            words(rule.exposures.iter().map(|exposure| exposure.as_str()).collect(), "exposure"),
            automatable.map(str::to_owned),
            impact.map(str::to_owned),
        ];
        let conditions: Vec<_> = conditions.into_iter().flatten().collect();
        let conditions = if conditions.is_empty() { "everything else".to_owned() } else { conditions.join("; ") };
        let within = match rule.within {
            Within::Days(days) => format!("{days} days"),
            Within::NextUpgrade => "on the next upgrade".to_owned(),
            Within::Never => "no date".to_owned(),
        };
        let investigation = if rule.investigation { " and an investigation" } else { "" };
        shown.push_str(&format!("| {conditions} | {within}{investigation} |\n"));
    }
    shown
}

#[test]
fn the_page_shows_the_tables_as_they_are() {
    let page = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/concepts/due-date.md");
    let page = std::fs::read_to_string(page).expect("the page about due dates");
    for table in Table::all() {
        assert!(page.contains(&format!("`{}`", table.name)), "{}", table.name);
        assert!(page.contains(&shown(&table)), "{}", shown(&table));
    }
}

/// The 16 rows of the directive, <https://github.com/CERTCC/SSVC/blob/main/data/csv/cisa/cisa_bod_26_04_1_0_0.csv>:
/// known exploited, exposed, automatable, total; days (none for the next upgrade), investigation.
const DIRECTIVE: [(bool, bool, bool, bool, Option<i64>, bool); 16] = [
    (false, false, false, false, None, false),
    (true, false, false, false, Some(14), false),
    (false, true, false, false, Some(60), false),
    (false, false, true, false, Some(60), false),
    (false, false, false, true, None, false),
    (true, true, false, false, Some(14), false),
    (true, false, true, false, Some(14), false),
    (false, true, true, false, Some(14), false),
    (true, false, false, true, Some(14), false),
    (false, true, false, true, Some(14), false),
    (false, false, true, true, Some(60), false),
    (true, true, true, false, Some(3), false),
    (true, true, false, true, Some(3), true),
    (true, false, true, true, Some(3), true),
    (false, true, true, true, Some(3), false),
    (true, true, true, true, Some(3), true),
];

fn row((exploited, exposed, automatable, total): (bool, bool, bool, bool)) -> DueInput {
    let exposure = if exposed { Exposure::Internet } else { Exposure::Internal };
    DueInput {
        known_exploited: exploited.then(|| Catalogued::of(Some("2026-10-01"), Some("2026-10-02"))),
        environment: Some(RunsIn { kind: EnvironmentKind::Production, exposure }),
        automatable: Some(automatable),
        technical_impact: Some(if total { TechnicalImpact::Total } else { TechnicalImpact::Partial }),
        ..finding(Severity::Low)
    }
}

#[test]
fn the_directive_of_cisa_gives_what_its_table_says() {
    for (exploited, exposed, automatable, total, expected, investigation) in DIRECTIVE {
        let input = row((exploited, exposed, automatable, total));
        let due = due(&input, &table("cisa-bod-26-04"));
        assert_eq!((days(&due), due.is_investigation_asked), (expected, investigation), "{}", due.because);
        assert_eq!(due.when == When::OnNextUpgrade, expected.is_none(), "{}", due.because);
        assert_eq!(due.assumed, Vec::<String>::new());
    }
}

#[test]
fn what_ssvc_does_not_say_is_taken_as_the_more_urgent_and_said_where_it_matters() {
    let directive = table("cisa-bod-26-04");
    for (exploited, exposed, ..) in DIRECTIVE {
        let stated = |automatable, total| due(&row((exploited, exposed, automatable, total)), &directive).when;
        let all = [stated(false, false), stated(false, true), stated(true, false), stated(true, true)];
        let input = DueInput { automatable: None, technical_impact: None, ..row((exploited, exposed, false, false)) };
        assert_eq!(Some(due(&input, &directive).when), all.into_iter().min());
    }
    let unknown = due(&finding(Severity::Low), &directive);
    insta::assert_json_snapshot!(unknown, @r#"
    {
      "when": {
        "at": "2026-11-04T12:00:00Z"
      },
      "is_investigation_asked": false,
      "because": "CISA BOD 26-04: not known to be exploited, exposure internet, automatable, technical impact total, 3 days from 2026-11-01, since when it is known",
      "assumed": [
        "it is not known whether an attack can be automated; assumed that it can be",
        "the technical impact is not known; assumed total"
      ]
    }
    "#);
    // Not exposed and not known to be exploited, only automation makes a difference.
    let inside = DueInput { automatable: None, technical_impact: None, ..row((false, false, false, false)) };
    let due = due(&inside, &directive);
    assert_eq!(due.assumed, ["it is not known whether an attack can be automated; assumed that it can be"]);
    assert_eq!(days(&due), Some(60));
}

#[test]
fn what_runs_nowhere_is_exposed_to_nobody() {
    let due = due(&DueInput { environment: None, ..row((false, true, false, true)) }, &table("cisa-bod-26-04"));
    assert_eq!(due.when, When::OnNextUpgrade);
    assert_eq!(
        due.because,
        "CISA BOD 26-04: not known to be exploited, running nowhere, not automatable, technical impact total, on the next upgrade"
    );
}

#[test]
fn the_clock_of_what_is_exploited_begins_when_it_was_catalogued_and_never_moves_a_date_back() {
    let directive = table("cisa-bod-26-04");
    let catalogued = |day: &str| DueInput {
        known_exploited: Some(Catalogued::of(Some(day), None)),
        ..row((false, false, true, true))
    };
    let soon = due(&catalogued("2026-11-10"), &directive);
    assert_eq!((soon.when, soon.is_investigation_asked), (When::At(at("2026-11-13T00:00:00Z")), true));
    assert!(soon.because.ends_with("3 days from 2026-11-10, when it was catalogued as exploited"), "{}", soon.because);
    let late = due(&catalogued("2027-06-01"), &directive);
    assert_eq!((days(&late), late.is_investigation_asked), (Some(60), true));
    assert!(late.because.ends_with("as it was before it was known to be exploited"), "{}", late.because);
    let unread = due(&catalogued("some day"), &directive);
    assert_eq!(days(&unread), Some(3));
}

#[test]
fn the_date_of_the_catalogue_holds_where_it_is_earlier_and_the_table_heeds_it() {
    let known_exploited = |due: &str| Some(Catalogued::of(Some("2026-10-01"), Some(due)));
    let input = |due| DueInput { known_exploited: known_exploited(due), ..finding(Severity::Critical) };
    let earlier = due(&input("2026-11-02"), &Table::default());
    assert_eq!(earlier.when, When::At(at("2026-11-02T23:59:59Z")));
    assert_eq!(
        earlier.because,
        "Days by severity: the catalogue of known exploited vulnerabilities says until 2026-11-02"
    );
    assert_eq!(days(&due(&input("2026-12-24"), &Table::default())), Some(3));
    assert_eq!(days(&due(&input("2026-11-02"), &table("cisa-bod-26-04"))), Some(3));
}

#[test]
fn the_default_asks_for_days_by_severity_and_kind_of_environment() {
    use EnvironmentKind::{Production, Sandbox, Staging};
    let asked = |severity, kind: Option<EnvironmentKind>| {
        let environment = kind.map(|kind| RunsIn { kind, exposure: Exposure::Internal });
        days(&due(&DueInput { environment, ..finding(severity) }, &Table::default()))
    };
    let severities =
        [Severity::Critical, Severity::High, Severity::Unknown, Severity::Medium, Severity::Low, Severity::Info];
    assert_eq!(
        severities.map(|severity| asked(severity, Some(Production))),
        [Some(7), Some(30), Some(30), Some(90), Some(180), None]
    );
    assert_eq!(
        severities.map(|severity| asked(severity, Some(Staging))),
        [Some(14), Some(60), Some(60), None, None, None]
    );
    assert_eq!(
        severities.map(|severity| asked(severity, Some(Sandbox))),
        [Some(30), Some(90), Some(90), None, None, None]
    );
    assert_eq!(severities.map(|severity| asked(severity, None)), [Some(30), Some(90), Some(90), None, None, None]);
}

#[test]
fn fedramp_asks_by_severity_alone() {
    let asked = |severity| days(&due(&DueInput { environment: None, ..finding(severity) }, &table("fedramp")));
    assert_eq!(
        [Severity::Critical, Severity::High, Severity::Medium, Severity::Low, Severity::Unknown].map(asked),
        [Some(30), Some(30), Some(90), Some(180), Some(30)]
    );
    assert_eq!(due(&finding(Severity::Info), &table("fedramp")).when, When::Never);
    assert_eq!(
        due(&finding(Severity::High), &table("fedramp")).because,
        "FedRAMP: severity high, 30 days from 2026-11-01, since when it is known"
    );
}

#[test]
fn no_time_of_pci_dss_runs_before_there_is_a_fix() {
    let pci = table("pci-dss-6.3.3");
    let with = |fix| due(&DueInput { fix, ..finding(Severity::High) }, &pci);
    let missing = with(Fix::Missing);
    assert_eq!(missing.when, When::Never);
    assert_eq!(missing.because, "PCI DSS 6.3.3: severity high, and no time runs before there is a fix");
    let later = with(Fix::Available { since: Some(at("2026-11-20T00:00:00Z")) });
    assert_eq!(later.when, When::At(at("2026-12-20T00:00:00Z")));
    assert!(later.because.ends_with("30 days from 2026-11-20, since when there is a fix"), "{}", later.because);
    assert_eq!(days(&with(Fix::Available { since: Some(at("2020-01-01T00:00:00Z")) })), Some(30));
    let unknown = with(Fix::Unknown);
    assert_eq!(days(&unknown), Some(30));
    assert_eq!(unknown.assumed, ["it is not known whether there is a fix; assumed that there is"]);
}

#[test]
fn a_table_of_ones_own_is_read_and_checked() {
    let own = |rules: &str| format!(r#"{{"version": 1, "name": "ours", "title": "Ours", "rules": [{rules}]}}"#);
    let everything = r#"{"within": {"days": 10}}"#;
    let read = Table::read(&own(everything)).expect("a table");
    let due = due(&finding(Severity::Info), &read);
    assert_eq!(
        (days(&due), due.because.as_str()),
        (Some(10), "Ours: every finding, 10 days from 2026-11-01, since when it is known")
    );
    let refused = [
        own(""),
        own(r#"{"severities": ["high"], "within": "never"}"#),
        own(&format!("{everything}, {everything}")),
        own(
            r#"{"known_exploited": true, "within": "never"}, {"known_exploited": true, "within": "next-upgrade"}, {"within": "never"}"#,
        ),
        own(r#"{"within": {"days": 0}}"#),
        own(r#"{"within": {"days": 99999}}"#),
        own(r#"{"within": "tomorrow"}"#),
        own(r#"{"severity": ["high"], "within": "never"}"#),
        own(r#"{"severities": ["hgih"], "within": "never"}"#),
        own(everything).replace("\"version\": 1", "\"version\": 2"),
        own(everything).replace("\"ours\"", "\"Our table\""),
        own(everything).replace("\"Ours\"", "\" \""),
    ];
    let sentences = refused.map(|table| Table::read(&table).expect_err(&table).to_string());
    insta::assert_snapshot!(sentences.join("\n"));
}
