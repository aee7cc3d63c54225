//! Our answers and those of the plain algorithm, over versions of each ecosystem.

use std::cmp::Ordering;

use proptest::prelude::*;
use shipworthy_advisories::advisory::{Advisory, Affected, Event, Package, Range, RangeKind};
use shipworthy_advisories::ecosystem::{Identity, identities};
use shipworthy_advisories::matching::{Answer, assess};
use shipworthy_advisories::version::VersionOrder;

use crate::algorithm::is_vulnerable;

/// An ecosystem, a package URL without its version, the package's name there, the kind of its ranges, versions.
type World = (&'static str, &'static str, &'static str, RangeKind, &'static [&'static str]);

const WORLDS: &[World] = &[
    (
        "Go",
        "pkg:golang/example.org/hole@v",
        "example.org/hole",
        RangeKind::Semver,
        &[
            "0.0.0-20220906165146-f3363e06e74c",
            "0.5.2",
            "1.18.6",
            "1.19.0-0",
            "1.19.0",
            "1.19.1",
            "1.19.1-rc.1",
            "2.0.0+incompatible",
            "3.0.0",
        ],
    ),
    (
        "PyPI",
        "pkg:pypi/hole@",
        "Hole",
        RangeKind::Ecosystem,
        &["1.0", "1.0.0", "1.0rc1", "1.0.post1", "1.0.dev3", "1!0.5", "2.0a1", "2.0", "2.0+local.1", "10.0"],
    ),
    (
        "crates.io",
        "pkg:cargo/hole@",
        "hole",
        RangeKind::Semver,
        &[
            "0.0.0-0",
            "0.3.1",
            "0.3.1-alpha.1",
            "0.3.1-alpha.beta",
            "0.10.0",
            "1.0.0",
            "1.0.0+build",
            "2.0.0-rc.1",
            "2.0.0",
        ],
    ),
    (
        "npm",
        "pkg:npm/%40deep/hole@",
        "@deep/hole",
        RangeKind::Semver,
        &["0.0.1", "1.0.0-0", "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0", "1.2.10", "1.2.9", "4.17.12", "4.17.21"],
    ),
    (
        "Maven",
        "pkg:maven/org.example/hole@",
        "org.example:hole",
        RangeKind::Ecosystem,
        &[
            "1",
            "1.0",
            "1.0-alpha-1",
            "1.0-SNAPSHOT",
            "1.0-rc1",
            "1.0.1",
            "1.0-sp",
            "2.0.0.Final",
            "2.0.0.RELEASE",
            "2.0-beta",
            "10",
        ],
    ),
    (
        "Debian:12",
        "pkg:deb/debian/hole@",
        "hole",
        RangeKind::Ecosystem,
        &["1.0-1", "1.0-1+deb12u1", "1.0-1~bpo12+1", "1.0~rc1-1", "1%3A0.9-1", "2.0-1", "2.0-10", "2.0-9"],
    ),
    (
        "AlmaLinux:9",
        "pkg:rpm/almalinux/hole@",
        "hole",
        RangeKind::Ecosystem,
        &[
            "1.0-1.el9",
            "1.0-1.el9_2",
            "1.0-2.el9",
            "1.0~rc1-1.el9",
            "1.0^git1-1.el9",
            "1.10-1.el9",
            "1.9-1.el9",
            "2.0-1.el9",
        ],
    ),
];

fn component((ecosystem, purl, _, _, _): &World, version: &str) -> Vec<Identity> {
    let distro = if ecosystem.contains(':') {
        format!("?distro=x-{}", &ecosystem[ecosystem.len() - 2..].replace(':', ""))
    } else {
        String::new()
    };
    identities(&format!("{purl}{version}{distro}"), None).expect("a package URL")
}

fn event(versions: &'static [&'static str]) -> impl Strategy<Value = Event> {
    (0..5_usize, prop::sample::select(versions), prop::bool::weighted(0.2)).prop_map(|(kind, version, is_start)| {
        let version = version.replace("%3A", ":");
        match kind {
            0 if is_start => Event::Introduced("0".to_owned()),
            0 => Event::Introduced(version),
            1 => Event::Fixed(version),
            2 => Event::LastAffected(version),
            3 => Event::IntroducedAfter(version),
            _ if is_start => Event::Limit("*".to_owned()),
            _ => Event::Limit(version),
        }
    })
}

fn case() -> impl Strategy<Value = (&'static World, Affected, &'static str)> {
    prop::sample::select(WORLDS.iter().collect::<Vec<_>>()).prop_flat_map(|world| {
        let (ecosystem, _, name, kind, versions) = world;
        let range = prop::collection::vec(event(versions), 1..6).prop_map(|events| Range {
            kind: *kind,
            repository: None,
            events,
        });
        let listed = prop::collection::vec(
            prop::sample::select(*versions).prop_map(|version| version.replace("%3A", ":")),
            0..3,
        );
        (prop::collection::vec(range, 1..3), listed, prop::sample::select(*versions)).prop_map(
            move |(ranges, versions, version)| {
                let package = Package { ecosystem: (*ecosystem).to_owned(), name: (*name).to_owned(), purl: None };
                (world, Affected { package, ranges, versions, ..Affected::default() }, version)
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

    #[test]
    fn ours_is_the_answer_of_the_algorithm((world, affected, version) in case()) {
        let order = VersionOrder::of_ecosystem(world.0).expect("an order");
        let theirs = is_vulnerable(order, &version.replace("%3A", ":"), &affected);
        let advisory = Advisory { id: "X-1".to_owned(), affected: vec![affected], ..Advisory::default() };
        match assess(&component(world, version), &advisory) {
            Answer::Affected(reason) => {
                prop_assert!(theirs);
                // Every version that is called a fix is clean.
                for fix in reason.fixes.nearest.iter().chain(&reason.fixes.same_line) {
                    prop_assert!(!is_vulnerable(order, fix, &advisory.affected[0]), "{fix} is no fix");
                    prop_assert_eq!(order.compare(fix, &version.replace("%3A", ":")), Ok(Ordering::Greater));
                }
            }
            Answer::NotAffected => prop_assert!(!theirs),
            Answer::Unknown { why } => prop_assert!(false, "{}", why),
        }
    }

    #[test]
    fn a_withdrawn_record_never_matches((world, affected, version) in case()) {
        let advisory = Advisory { withdrawn: Some(jiff::Timestamp::UNIX_EPOCH), affected: vec![affected], ..Advisory::default() };
        prop_assert_eq!(assess(&component(world, version), &advisory), Answer::NotAffected);
    }

    #[test]
    fn a_version_without_a_place_is_never_called_not_affected((world, affected, _) in case()) {
        let advisory = Advisory { affected: vec![affected], ..Advisory::default() };
        for identity in component(world, "1.0-1.el9") {
            let lost = Identity { version: None, ..identity };
            prop_assert_ne!(assess(&[lost], &advisory), Answer::NotAffected);
        }
    }
}
