//! What must hold for every version and every range.

use proptest::prelude::*;
use shipworthy_advisories::advisory::{Advisory, Affected, Event, Package, Range, RangeKind};
use shipworthy_advisories::ecosystem::{Identity, identities};
use shipworthy_advisories::matching::{Answer, assess};
use shipworthy_advisories::vers::{Comparator, Constraint, Vers};
use shipworthy_advisories::version::VersionOrder;
use std::cmp::Ordering;

/// Pieces that some order or other has a meaning for.
const PIECES: &[&str] = &[
    "0",
    "1",
    "2",
    "10",
    "01",
    "00",
    "99999999999999999999",
    ".",
    ".",
    ".",
    "-",
    "_",
    "+",
    "~",
    "^",
    ":",
    "!",
    "1:",
    "a",
    "b",
    "z",
    "alpha",
    "beta",
    "rc",
    "pre",
    "post",
    "dev",
    "SNAPSHOT",
    "final",
    "ga",
    "sp",
    "x",
    "git",
    "_p1",
    "_rc",
    "-r1",
    "~ab",
    "pl",
    "stable",
    "el9",
    "é",
    " ",
    "*",
    "2024-01-01T00:00:00Z",
    "2024-01-01T01:00:00.5+01:00",
];

/// Texts of which many are versions to some order.
fn texts() -> impl Strategy<Value = Vec<String>> {
    let piece = prop::sample::select(PIECES);
    let tail = prop::collection::vec(piece, 0..6);
    let beginning = prop::sample::select(&["1", "1.0", "1.2", "2", "1-1", "", "v1.", "1.0.0-"][..]);
    let text = (beginning, tail).prop_map(|(beginning, tail)| format!("{beginning}{}", tail.concat()));
    prop::collection::vec(text, 6)
}

/// Those that an order understands. A release of Arch Linux counts only where both versions have one.
fn understood(order: VersionOrder, texts: &[String]) -> Vec<&str> {
    let is_version = |text: &&str| order.compare(text, text).is_ok();
    let all = texts.iter().map(String::as_str).filter(is_version);
    all.filter(|text| order != VersionOrder::Alpm || !text.contains('-')).collect()
}

proptest! {
    #[test]
    fn every_order_is_a_total_order_of_what_it_understands(texts in texts()) {
        for order in VersionOrder::ALL {
            let versions = understood(order, &texts);
            let compare = |left, right| order.compare(left, right).expect("both are understood");
            for left in &versions {
                prop_assert_eq!(compare(left, left), Ordering::Equal, "{}: {}", order, left);
                for right in &versions {
                    let compared = compare(left, right);
                    prop_assert_eq!(compared, compare(right, left).reverse(), "{}: {} and {}", order, left, right);
                    for third in &versions {
                        let further = compare(right, third);
                        if compared == further || compared.is_eq() {
                            let expected = if compared.is_eq() { further } else { compared };
                            prop_assert_eq!(compare(left, third), expected, "{}: {}, {}, {}", order, left, right, third);
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_text_is_understood_or_not_whatever_it_is_compared_with(texts in texts()) {
        for order in VersionOrder::ALL {
            for left in &texts {
                for right in &texts {
                    let both = order.compare(left, left).is_ok() && order.compare(right, right).is_ok();
                    prop_assert_eq!(order.compare(left, right).is_ok(), both, "{}: {} and {}", order, left, right);
                }
            }
        }
    }

    #[test]
    fn a_range_and_its_complement_share_nothing_and_contain_everything((range, complement) in ranges(), texts in texts()) {
        let order = VersionOrder::Semver;
        let bounds = range.constraints().iter().map(|constraint| constraint.version.as_str());
        for version in understood(order, &texts).into_iter().chain(bounds) {
            let (inside, outside) = (range.contains(version), complement.contains(version));
            prop_assert!(inside.unwrap() != outside.unwrap(), "{} in {} and in {}", version, range, complement);
        }
    }

    #[test]
    fn a_range_is_read_as_it_was_written((range, complement) in ranges()) {
        for range in [range, complement] {
            prop_assert_eq!(Vers::parse(&range.to_string()), Ok(range.clone()));
            prop_assert_eq!(Vers::parse_canonical(&range.to_string()), Ok(range));
        }
    }

    #[test]
    fn ranges_of_ecosystems_contain_what_one_of_their_alternatives_contains(
        alternatives in prop::collection::vec(("[<>]=?", 0_u8..4, 0_u8..4, "[<>]=?", 0_u8..4), 1..4),
        tested in (0_u8..4, 0_u8..4),
    ) {
        let texts = alternatives.iter().map(|(one, major, minor, two, other)| format!("{one}{major}.{minor}.0 {two}{other}.0.0"));
        let range = Vers::from_native("npm", &texts.collect::<Vec<_>>().join(" || ")).unwrap();
        let version = format!("{}.{}.0", tested.0, tested.1);
        let holds = |sign: &str, bound: (u8, u8)| match sign {
            "<" => tested < bound,
            "<=" => tested <= bound,
            ">" => tested > bound,
            _ => tested >= bound,
        };
        let expected = alternatives.iter().any(|(one, major, minor, two, other)| holds(one, (*major, *minor)) && holds(two, (*other, 0)));
        prop_assert_eq!(range.contains(&version), Ok(expected), "{} in {}", version, range);
    }

    #[test]
    fn no_text_makes_a_range_panic(text in "(vers:(npm|deb|conan|all|datetime)/)?[<>=!|*%a-z0-9. ~^,\\[\\]()é-]{0,40}") {
        if let Ok(range) = Vers::parse(&text) {
            prop_assert_eq!(Vers::parse(&range.to_string()), Ok(range.clone()));
            drop(range.contains(&text));
        }
        for versions_type in ["npm", "conan", "gem", "pypi", "maven", "nuget", "nginx", "openssl"] {
            if let Ok(range) = Vers::from_native(versions_type, &text) {
                prop_assert_eq!(Vers::parse(&range.to_string()), Ok(range));
            }
        }
    }
}

/// A range in its canonical form, and its complement.
fn ranges() -> impl Strategy<Value = (Vers, Vers)> {
    let versions = prop::collection::btree_set((0_u8..5, 0_u8..5, 0_u8..3), 1..7);
    (versions, any::<bool>(), prop::collection::vec(0_u8..6, 7)).prop_map(|(versions, is_open, choices)| {
        let mut is_open = is_open;
        let (mut range, mut complement) = (Vec::new(), Vec::new());
        for ((major, minor, label), choice) in versions.into_iter().zip(choices) {
            let label = ["-a", "-rc.1", ""][usize::from(label)];
            let version = format!("{major}.{minor}.0{label}");
            let (inside, outside) = match (is_open, choice) {
                (true, 0) => (Comparator::NotEqual, Comparator::Equal),
                (false, 0) => (Comparator::Equal, Comparator::NotEqual),
                (true, 1 | 2) => (Comparator::Less, Comparator::GreaterOrEqual),
                (true, _) => (Comparator::LessOrEqual, Comparator::Greater),
                (false, 1 | 2) => (Comparator::Greater, Comparator::LessOrEqual),
                (false, _) => (Comparator::GreaterOrEqual, Comparator::Less),
            };
            is_open ^= choice != 0;
            range.push(Constraint { comparator: inside, version: version.clone() });
            complement.push(Constraint { comparator: outside, version });
        }
        let vers = |constraints| Vers::new("semver", constraints).expect("versions");
        (vers(range), vers(complement))
    })
}

/// A package of each ecosystem whose versions have an order of their own, and how its advisories name that ecosystem.
const PACKAGES: &[(&str, &str)] = &[
    ("pkg:apk/wolfi/hole", "Wolfi"),
    ("pkg:cargo/hole", "crates.io"),
    ("pkg:composer/deep/hole", "Packagist"),
    ("pkg:conan/hole", "ConanCenter"),
    ("pkg:cran/hole", "CRAN"),
    ("pkg:deb/debian/hole?distro=debian-12", "Debian:12"),
    ("pkg:gem/hole", "RubyGems"),
    ("pkg:golang/example.org/hole", "Go"),
    ("pkg:hackage/hole", "Hackage"),
    ("pkg:hex/hole", "Hex"),
    ("pkg:maven/org.example/hole", "Maven"),
    ("pkg:npm/hole", "npm"),
    ("pkg:nuget/Hole", "NuGet"),
    ("pkg:opam/hole", "opam"),
    ("pkg:pub/hole", "Pub"),
    ("pkg:pypi/hole", "PyPI"),
    ("pkg:rpm/redhat/hole?distro=rhel-9.4", "Red Hat:enterprise_linux:9::baseos"),
];

/// Whether an advisory with these stretches affects a version; `None` where that cannot be decided.
fn is_affected(identity: &Identity, ecosystem: &str, bounds: &[&str], begins_affected: bool) -> Option<bool> {
    let mut is_open = begins_affected;
    let mut events: Vec<Event> = is_open.then(|| Event::Introduced("0".to_owned())).into_iter().collect();
    for bound in bounds {
        let bound = (*bound).to_owned();
        events.push(if is_open { Event::Fixed(bound) } else { Event::Introduced(bound) });
        is_open = !is_open;
    }
    let (_, name) = identity.key.as_str().split_once('/').expect("an ecosystem and a name");
    let package = Package { ecosystem: ecosystem.to_owned(), name: name.to_owned(), purl: None };
    let range = Range { kind: RangeKind::Ecosystem, repository: None, events };
    let affected = vec![Affected { package, ranges: vec![range], ..Affected::default() }];
    match assess(std::slice::from_ref(identity), &Advisory { affected, ..Advisory::default() }) {
        Answer::Affected(_) => Some(true),
        Answer::NotAffected => Some(false),
        Answer::Unknown { .. } => None,
    }
}

proptest! {
    // Each case is tried in every ecosystem.
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn in_every_ecosystem_a_range_of_an_advisory_and_its_complement_share_nothing(texts in texts(), count in 1_usize..5) {
        for (purl, ecosystem) in PACKAGES {
            let order = VersionOrder::of_ecosystem(ecosystem).expect("an order");
            // `0` begins before all versions by the specification, whatever the order says.
            let mut bounds: Vec<&str> = understood(order, &texts).into_iter().filter(|text| *text != "0").collect();
            bounds.truncate(count);
            bounds.push("1.0.0");
            bounds.sort_by(|left, right| order.compare(left, right).expect("both are understood"));
            bounds.dedup_by(|left, right| order.compare(left, right).expect("both are understood").is_eq());
            let identity = identities(purl, None).expect("a package URL").swap_remove(0);
            for text in &texts {
                let identity = Identity { version: Some(text.clone()), ..identity.clone() };
                let inside = is_affected(&identity, ecosystem, &bounds, false);
                let outside = is_affected(&identity, ecosystem, &bounds, true);
                let is_version = order.compare(text, text).is_ok();
                let expected = is_version.then(|| inside == Some(false));
                prop_assert_eq!(outside, expected, "{} of {} with {:?}", text, ecosystem, bounds);
                prop_assert_eq!(inside.is_some(), is_version, "{} of {} with {:?}", text, ecosystem, bounds);
            }
        }
    }
}
