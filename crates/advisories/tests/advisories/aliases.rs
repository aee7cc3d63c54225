//! Ids of one vulnerability are joined, whatever the order in which records come.

use std::collections::BTreeSet;

use proptest::prelude::*;
use shipworthy_advisories::alias::{Vulnerability, join};

type Records = Vec<(String, Vec<String>)>;

fn joined(records: &Records) -> Vec<Vulnerability> {
    join(records.iter().map(|(id, aliases)| (id.as_str(), aliases.as_slice())))
}

fn records(stated: &[(&str, &[&str])]) -> Records {
    stated
        .iter()
        .map(|(id, aliases)| ((*id).to_owned(), aliases.iter().map(|alias| (*alias).to_owned()).collect()))
        .collect()
}

fn shown(records: &Records) -> String {
    let line = |one: &Vulnerability| {
        let covers = if one.covers.is_empty() { String::new() } else { format!(" covers {}", one.covers.join(", ")) };
        format!("{}: {}{covers}", one.name, one.ids.join(", "))
    };
    joined(records).iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn the_name_is_cve_before_ghsa_before_others() {
    let stated = records(&[
        ("PYSEC-2026-1", &["GHSA-aaaa"]),
        ("GHSA-aaaa", &["CVE-2026-1"]),
        ("GO-2026-1", &["GHSA-bbbb"]),
        ("RUSTSEC-2026-1", &["OSV-2026-1"]),
        ("MAL-2026-1", &[]),
    ]);
    insta::assert_snapshot!(shown(&stated), @"
    CVE-2026-1: CVE-2026-1, GHSA-aaaa, PYSEC-2026-1
    GHSA-bbbb: GHSA-bbbb, GO-2026-1
    MAL-2026-1: MAL-2026-1
    OSV-2026-1: OSV-2026-1, RUSTSEC-2026-1
    ");
}

#[test]
fn an_advisory_about_several_vulnerabilities_does_not_make_one_of_them() {
    let stated = records(&[
        ("ALSA-2026:1", &["CVE-2026-1", "CVE-2026-2"]),
        ("GHSA-aaaa", &["CVE-2026-1"]),
        ("RUSTSEC-2026-1", &["CVE-2026-1", "CVE-2026-2", "GHSA-aaaa", "GHSA-bbbb"]),
        ("GHSA-bbbb", &["CVE-2026-2"]),
    ]);
    insta::assert_snapshot!(shown(&stated), @"
    ALSA-2026:1: ALSA-2026:1 covers CVE-2026-1, CVE-2026-2
    CVE-2026-1: CVE-2026-1, GHSA-aaaa
    CVE-2026-2: CVE-2026-2, GHSA-bbbb
    RUSTSEC-2026-1: RUSTSEC-2026-1 covers CVE-2026-1, CVE-2026-2
    ");
}

#[test]
fn a_cycle_and_an_id_that_names_itself_are_one_vulnerability() {
    let stated = records(&[("B-1", &["C-1"]), ("C-1", &["A-1"]), ("A-1", &["B-1", "A-1"])]);
    insta::assert_snapshot!(shown(&stated), @"A-1: A-1, B-1, C-1");
}

#[test]
fn a_hundred_thousand_ids_in_one_chain_are_joined() {
    let chain: Records = (0..100_000).map(|link| (format!("X-{link}"), vec![format!("X-{}", link + 1)])).collect();
    let vulnerabilities = joined(&chain);
    assert_eq!((vulnerabilities.len(), vulnerabilities[0].ids.len()), (1, 100_001));
}

/// Joining by hand: everything that is mentioned together, over and over.
fn closure(records: &Records) -> BTreeSet<BTreeSet<String>> {
    let mut groups: Vec<BTreeSet<String>> = Vec::new();
    for (id, aliases) in records {
        let mut group: BTreeSet<String> = aliases.iter().cloned().chain([id.clone()]).collect();
        groups.retain(|other| {
            let hang_together = !other.is_disjoint(&group);
            if hang_together {
                group.extend(other.iter().cloned());
            }
            !hang_together
        });
        groups.push(group);
    }
    groups.into_iter().collect()
}

fn many() -> impl Strategy<Value = Records> {
    let id = || {
        (prop::sample::select(vec!["CVE", "GHSA", "GO", "DSA"]), 0..6_u8)
            .prop_map(|(kind, number)| format!("{kind}-{number}"))
    };
    prop::collection::vec((id(), prop::collection::vec(id(), 0..3)), 0..12)
}

proptest! {
    #[test]
    fn the_order_of_arrival_does_not_matter((stated, shuffled) in many().prop_flat_map(|stated| (Just(stated.clone()), Just(stated).prop_shuffle()))) {
        prop_assert_eq!(joined(&stated), joined(&shuffled));
        let twice: Records = stated.iter().chain(&shuffled).cloned().collect();
        prop_assert_eq!(joined(&stated), joined(&twice));
    }

    #[test]
    fn every_id_is_in_one_vulnerability_and_no_vulnerability_has_two_cves(stated in many()) {
        let vulnerabilities = joined(&stated);
        let ids: Vec<_> = vulnerabilities.iter().flat_map(|one| &one.ids).collect();
        let mentioned: BTreeSet<_> = stated.iter().flat_map(|(id, aliases)| aliases.iter().chain([id])).collect();
        prop_assert_eq!(ids.iter().copied().collect::<BTreeSet<_>>(), mentioned);
        prop_assert_eq!(ids.len(), ids.iter().collect::<BTreeSet<_>>().len());
        for one in &vulnerabilities {
            prop_assert!(one.ids.iter().filter(|id| id.starts_with("CVE-")).count() <= 1);
            prop_assert!(one.covers.len() != 1);
        }
    }

    #[test]
    fn without_two_cves_in_one_group_it_is_the_plain_closure(stated in many()) {
        let groups = closure(&stated);
        let ours: BTreeSet<BTreeSet<String>> = joined(&stated).into_iter().map(|one| one.ids.into_iter().collect()).collect();
        for group in groups.iter().filter(|group| group.iter().filter(|id| id.starts_with("CVE-")).count() <= 1) {
            prop_assert!(ours.contains(group));
        }
    }
}
