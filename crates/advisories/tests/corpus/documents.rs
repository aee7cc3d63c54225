//! Every public advisory is read without a warning, or refused for the reason that `documents.tsv` expects.

use shipworthy_advisories::advisory::{Advisory, Event};
use shipworthy_advisories::{Unreadable, cve, epss, github, known_exploited, nvd, osv};

use crate::samples::{Comparison, below, text};

/// Start of the path, reader (or `-`), why it has none.
const DOCUMENTS: &str = include_str!("documents.tsv");

fn reader_of(path: &str) -> (&'static str, &'static str) {
    let row = DOCUMENTS.lines().skip(1).filter_map(|line| {
        let mut cells = line.split('\t');
        Some((cells.next()?, cells.next()?, cells.next().unwrap_or_default()))
    });
    let longest = row.filter(|(start, ..)| path.starts_with(start)).max_by_key(|(start, ..)| start.len());
    let (_, reader, why) = longest.unwrap_or_else(|| panic!("{path} has no row in documents.tsv"));
    (reader, why)
}

/// How many records it holds and what was warned of.
fn read(reader: &str, text: &str) -> Result<(Vec<Advisory>, usize), Unreadable> {
    let mut advisories = Vec::new();
    let mut keep = |advisory| advisories.push(advisory);
    let mut rows = 0;
    let warnings = match reader {
        "osv" => osv::read(text, "osv", &mut keep)?,
        "github" => github::read(text, &mut keep)?,
        "nvd" => nvd::read(text, &mut keep)?,
        "cve" => cve::read(text, &mut keep)?,
        "epss" => epss::read(text, &mut |_| rows += 1)?.warnings,
        "kev" => {
            rows = known_exploited::read(text.as_bytes()).expect("the catalogue").entries.len();
            Vec::new()
        }
        other => panic!("no reader is called {other}"),
    };
    assert_eq!(warnings, []);
    let records = advisories.len() + rows;
    Ok((advisories, records))
}

#[test]
#[expect(clippy::print_stdout, reason = "the table is what one runs it for")]
fn every_advisory_is_read_or_has_a_reason() {
    let (mut read_whole, mut records, mut not_ours) = (0, 0, 0);
    for path in below("vulndb") {
        let (reader, why) = reader_of(&path);
        let text = text(&path);
        if reader == "-" {
            assert!(!why.is_empty(), "{path}: say why it is not read");
            not_ours += 1;
            let mut keep = |_: Advisory| {};
            let is_read = osv::read(&text, "osv", &mut keep).is_ok() || nvd::read(&text, &mut keep).is_ok();
            assert!(!is_read && cve::read(&text, &mut keep).is_err(), "{path} is read as something that it is not");
            continue;
        }
        let (advisories, found) = read(reader, &text).unwrap_or_else(|error| panic!("{path}: {error}"));
        assert!(found > 0, "{path}: nothing in it");
        assert_eq!(read(reader, &text).expect("the same").0, advisories, "{path}: read twice");
        let kept = serde_json::to_string(&advisories).expect("plain data");
        assert_eq!(serde_json::from_str::<Vec<Advisory>>(&kept).expect("its own form"), advisories, "{path}");
        read_whole += 1;
        records += found;
    }
    println!(
        "documents of advisories: {read_whole} read with {records} records, {not_ours} are not advisories that we read"
    );
    assert!(read_whole >= 105 && records >= 500, "fewer documents than there were");
}

/// What a converter of OSV makes of GitHub's answers.
#[test]
fn githubs_answers_become_what_the_converter_makes_of_them() {
    let mut comparison = Comparison::default();
    for path in below("vulndb/ghsa-graphql").iter().filter(|path| path.ends_with(".osv.json")) {
        let theirs = read("osv", &text(path)).expect("OSV").0.remove(0);
        let ours = read("github", &text(&path.replace(".osv.json", ".json"))).expect("GitHub's").0.remove(0);
        let facts = |advisory: &Advisory| {
            let packages = advisory.affected.iter().map(|affected| {
                let events: Vec<_> = affected.ranges.iter().flat_map(|range| &range.events).map(shown).collect();
                format!(
                    "{} {} {} {}",
                    affected.package.ecosystem,
                    affected.package.name,
                    events.join(" "),
                    affected.versions.join(" ")
                )
            });
            [
                ("id", advisory.id.clone()),
                ("aliases", advisory.aliases.join(" ")),
                ("published", format!("{:?}", advisory.published)),
                ("modified", format!("{:?}", advisory.modified)),
                ("withdrawn", format!("{:?}", advisory.withdrawn)),
                ("title", advisory.title.clone().unwrap_or_default()),
                ("details", advisory.details.clone().unwrap_or_default()),
                ("cwes", format!("{:?}", advisory.cwes)),
                ("affected", packages.collect::<Vec<_>>().join("; ")),
            ]
        };
        for ((what, ours), (_, theirs)) in facts(&ours).iter().zip(facts(&theirs)) {
            comparison.add(path, what, ours, &theirs);
        }
    }
    comparison.end("GitHub's answers as OSV", "vulndb/ghsa-graphql", 54);
}

fn shown(event: &Event) -> String {
    match event {
        Event::Introduced(version) => format!(">={version}"),
        Event::IntroducedAfter(version) => format!(">{version}"),
        Event::Fixed(version) => format!("<{version}"),
        Event::LastAffected(version) => format!("<={version}"),
        Event::Limit(version) => format!("limit {version}"),
    }
}
