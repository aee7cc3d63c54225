//! What to upgrade next.

use proptest::prelude::*;
use shipworthy_advisories::advisory::{Advisory, Affected, Event, Package, Range, RangeKind};
use shipworthy_advisories::ecosystem::identities;
use shipworthy_advisories::upgrades::{Problem, Upgrade, Vulnerable, upgrades};
use shipworthy_model::Severity;

fn advisory(ecosystem: &str, name: &str, stretches: &[(&str, &str)]) -> Advisory {
    let range = |(from, to): &(&str, &str)| {
        let fixed = (!to.is_empty()).then(|| Event::Fixed((*to).to_owned()));
        let events = std::iter::once(Event::Introduced((*from).to_owned())).chain(fixed).collect();
        Range { kind: RangeKind::Ecosystem, repository: None, events }
    };
    let package = Package { ecosystem: ecosystem.to_owned(), name: name.to_owned(), purl: None };
    let affected = vec![Affected { package, ranges: stretches.iter().map(range).collect(), ..Affected::default() }];
    Advisory { affected, ..Advisory::default() }
}

/// A component with its vulnerabilities: id, severity, where it is.
type Case<'a> = (&'a str, Vec<(&'a str, Severity, Advisory)>);

fn ranked(cases: &[Case<'_>]) -> Vec<Upgrade> {
    let identities: Vec<_> = cases.iter().map(|(purl, _)| identities(purl, None).expect("a package URL")).collect();
    let of_case = |(_, problems): &Case<'_>| problems.iter().map(|(.., advisory)| advisory.clone()).collect();
    let advisories: Vec<Vec<Advisory>> = cases.iter().map(of_case).collect();
    let advisories: Vec<Vec<[&Advisory; 1]>> =
        advisories.iter().map(|advisories| advisories.iter().map(|advisory| [advisory]).collect()).collect();
    let mut problems: Vec<Vec<Problem<'_>>> = Vec::new();
    for ((_, stated), advisories) in cases.iter().zip(&advisories) {
        let mut of_case = Vec::new();
        for ((id, severity, _), advisories) in stated.iter().zip(advisories) {
            of_case.push(Problem { id, severity: *severity, weight: *severity as u32, advisories });
        }
        problems.push(of_case);
    }
    let components = cases.iter().zip(&identities).zip(&problems);
    let components = components.map(|(((name, _), identities), problems)| Vulnerable { name, identities, problems });
    upgrades(&components.collect::<Vec<_>>())
}

fn words(cases: &[Case<'_>]) -> Vec<String> {
    ranked(cases).iter().map(Upgrade::in_words).collect()
}

const LOG4J: &str = "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1";

fn log4j() -> Case<'static> {
    let name = "org.apache.logging.log4j:log4j-core";
    let of = |stretches| advisory("Maven", name, stretches);
    let problems = vec![
        ("CVE-2021-44228", Severity::Critical, of(&[("2.0", "2.12.2"), ("2.13.0", "2.15.0")])),
        ("CVE-2021-45046", Severity::Critical, of(&[("2.0", "2.12.2"), ("2.13.0", "2.16.0")])),
        ("CVE-2021-45105", Severity::Medium, of(&[("2.0", "2.12.3"), ("2.13.0", "2.17.0")])),
        ("CVE-2021-44832", Severity::Medium, of(&[("2.0", "2.12.4"), ("2.13.0", "2.17.1")])),
    ];
    (LOG4J, problems)
}

#[test]
fn what_mends_the_most_comes_first() {
    let hole = ("pkg:npm/hole@1.0.0", vec![("CVE-1", Severity::High, advisory("npm", "hole", &[("0", "1.0.1")]))]);
    let pit = ("pkg:npm/pit@1.0.0", vec![("CVE-2", Severity::High, advisory("npm", "pit", &[("0", "")]))]);
    let expected = [
        "upgrade org.apache.logging.log4j:log4j-core from 2.14.1 to 2.17.1: fixes 4 (2 critical, 2 medium)",
        "upgrade hole from 1.0.0 to 1.0.1: fixes 1 (1 high)",
    ];
    assert_eq!(words(&[hole.clone(), pit.clone(), log4j()]), expected);
    assert_eq!(words(&[log4j(), pit, hole]), expected);
}

#[test]
fn the_same_line_is_a_step_of_its_own() {
    let of = |stretches| advisory("npm", "hole", stretches);
    let case = (
        "pkg:npm/hole@1.2.0",
        vec![
            ("CVE-1", Severity::Critical, of(&[("0", "1.2.5"), ("2.0.0", "2.0.3")])),
            ("CVE-2", Severity::Low, of(&[("0", "2.1.0")])),
            ("CVE-3", Severity::High, of(&[("0", "")])),
        ],
    );
    insta::assert_json_snapshot!("two_steps", ranked(&[case]));
}

#[test]
fn a_fix_that_lies_in_the_range_of_another_is_not_clean() {
    let of = |stretches| advisory("npm", "hole", stretches);
    let case = (
        "pkg:npm/hole@1.0.0",
        vec![
            ("CVE-1", Severity::High, of(&[("0", "1.1.0")])),
            ("CVE-2", Severity::High, of(&[("1.0.0", "1.0.1"), ("1.1.0", "1.3.0")])),
        ],
    );
    let ranked = ranked(&[case]);
    let clean = ranked[0].clean.as_ref().expect("a clean version");
    assert_eq!((clean.to.as_str(), clean.leaves.len()), ("1.3.0", 0));
    assert_eq!(ranked[0].same_line.as_ref().map(|step| (step.to.as_str(), step.leaves.len())), Some(("1.1.0", 1)));
}

#[test]
fn of_a_package_of_a_distribution_the_source_package_is_upgraded() {
    let openssl = advisory("Debian:12", "openssl", &[("0", "3.0.15-1~deb12u1")]);
    let case = (
        "pkg:deb/debian/libssl3@3.0.11-1?upstream=openssl&distro=debian-12",
        vec![("CVE-1", Severity::Medium, openssl)],
    );
    assert_eq!(words(&[case]), ["upgrade openssl from 3.0.11-1 to 3.0.15-1~deb12u1: fixes 1 (1 medium)"]);
}

#[test]
fn what_is_not_affected_or_unordered_or_withdrawn_is_no_reason_to_upgrade() {
    let of = |stretches| advisory("npm", "hole", stretches);
    let withdrawn = Advisory { withdrawn: Some(jiff::Timestamp::UNIX_EPOCH), ..of(&[("0", "2.0.0")]) };
    let problems = |advisory| vec![("CVE-1", Severity::High, advisory)];
    assert_eq!(ranked(&[("pkg:npm/hole@3.0.0", problems(of(&[("0", "2.0.0")])))]), []);
    assert_eq!(ranked(&[("pkg:npm/hole@main", problems(of(&[("0", "2.0.0")])))]), []);
    assert_eq!(ranked(&[("pkg:npm/hole@1.0.0", problems(withdrawn))]), []);
}

proptest! {
    #[test]
    fn no_upgrade_leads_where_it_says_it_is_mended_and_is_not(
        holes in prop::collection::vec((0_u8..6, 1_u8..6, any::<bool>()), 1..6), version in 0_u8..6,
    ) {
        let purl = format!("pkg:npm/hole@1.{version}.0");
        let ids: Vec<String> = (0..holes.len()).map(|number| format!("CVE-{number}")).collect();
        let stretch = |(from, length, has_end): &(u8, u8, bool)| {
            let to = if *has_end { format!("1.{}.0", from + length) } else { String::new() };
            advisory("npm", "hole", &[(format!("1.{from}.0").as_str(), to.as_str())])
        };
        let problems: Vec<_> = ids.iter().zip(&holes).map(|(id, hole)| (id.as_str(), Severity::High, stretch(hole))).collect();
        let mut turned = problems.clone();
        turned.reverse();
        let ranked_once = ranked(&[(purl.as_str(), problems)]);
        prop_assert_eq!(&ranked_once, &ranked(&[(purl.as_str(), turned)]));
        let is_in = |minor: u8, (from, length, has_end): &(u8, u8, bool)| minor >= *from && (!has_end || minor < from + length);
        let affecting = ids.iter().zip(&holes).filter(|(_, hole)| is_in(version, hole));
        let mendable = affecting.clone().filter(|(_, (_, _, has_end))| *has_end).count();
        prop_assert_eq!(ranked_once.is_empty(), mendable == 0);
        for step in ranked_once.iter().flat_map(|upgrade| [&upgrade.same_line, &upgrade.clean]).flatten() {
            let minor: u8 = step.to.split('.').nth(1).and_then(|minor| minor.parse().ok()).expect("a version of ours");
            prop_assert!(minor > version);
            prop_assert_eq!(step.fixes.len() + step.leaves.len(), affecting.clone().count());
            for (id, hole) in affecting.clone() {
                prop_assert_eq!(step.fixes.contains(id), !is_in(minor, hole), "{} at {}", id, step.to);
            }
        }
    }
}
