//! Why a component is affected, and where to go from there.

use shipworthy_advisories::advisory::{Advisory, Affected, Event, Package, Range, RangeKind, Reference};
use shipworthy_advisories::alias::preference;
use shipworthy_advisories::ecosystem::{Identity, identities};
use shipworthy_advisories::fixes::{Fixes, first_clean_version};
use shipworthy_advisories::matching::{Answer, Reason, assess};

fn advisory(id: &str, ecosystem: &str, stretches: &[(&str, &str)]) -> Advisory {
    let range = |(from, to): &(&str, &str)| Range {
        kind: RangeKind::Ecosystem,
        repository: None,
        events: vec![Event::Introduced((*from).to_owned()), Event::Fixed((*to).to_owned())],
    };
    let package = Package { ecosystem: ecosystem.to_owned(), name: "hole".to_owned(), purl: None };
    let affected = vec![Affected { package, ranges: stretches.iter().map(range).collect(), ..Affected::default() }];
    Advisory { id: id.to_owned(), affected, ..Advisory::default() }
}

fn names(purl: &str) -> Vec<Identity> {
    identities(purl, None).expect("a package URL")
}

fn reason(purl: &str, advisory: &Advisory) -> Reason {
    let Answer::Affected(reason) = assess(&names(purl), advisory) else { panic!("it is affected") };
    *reason
}

fn fixes(same_line: Option<&str>, nearest: Option<&str>) -> Fixes {
    Fixes { same_line: same_line.map(str::to_owned), nearest: nearest.map(str::to_owned) }
}

#[test]
fn the_reason_says_where_the_version_lies() {
    let stated = advisory("X-1", "PyPI", &[("1.0", "1.4.2"), ("2.0", "2.1")]);
    let reason = reason("pkg:pypi/Hole@1.2", &stated);
    assert_eq!((reason.advisory.as_str(), reason.package.as_str(), reason.ecosystem.as_str()), ("X-1", "hole", "PyPI"));
    assert_eq!(
        (reason.range.as_str(), reason.version.as_deref(), reason.is_source),
        ("from 1.0 before 1.4.2", Some("1.2"), false)
    );
    assert_eq!(
        (reason.begin.clone(), reason.end.clone()),
        (Some(Event::Introduced("1.0".to_owned())), Some(Event::Fixed("1.4.2".to_owned())))
    );
    assert_eq!(reason.fixes, fixes(Some("1.4.2"), Some("1.4.2")));
    insta::assert_snapshot!(serde_json::to_string(&reason).expect("plain data"), @r#"{"advisory":"X-1","package":"hole","ecosystem":"PyPI","version":"1.2","range":"from 1.0 before 1.4.2","begin":{"introduced":"1.0"},"end":{"fixed":"1.4.2"},"fixes":{"same_line":"1.4.2","nearest":"1.4.2"}}"#);
}

#[test]
fn a_source_package_is_named_as_such() {
    let stated = advisory("X-1", "Debian:12", &[("0", "2.0-1")]);
    let reason = reason("pkg:deb/debian/libhole3@1.0-1?upstream=hole&distro=debian-12", &stated);
    assert!(reason.is_source);
    assert_eq!((reason.range.as_str(), reason.fixes), ("before 2.0-1", fixes(Some("2.0-1"), Some("2.0-1"))));
}

#[test]
fn another_line_is_no_fix_on_the_same_line() {
    let stated = advisory("X-1", "npm", &[("0", "2.3.1")]);
    assert_eq!(reason("pkg:npm/hole@1.5.0", &stated).fixes, fixes(None, Some("2.3.1")));
    let below_one = advisory("X-1", "crates.io", &[("0", "0.4.1")]);
    assert_eq!(reason("pkg:cargo/hole@0.3.0", &below_one).fixes, fixes(None, Some("0.4.1")));
    assert_eq!(reason("pkg:cargo/hole@0.4.0", &below_one).fixes, fixes(Some("0.4.1"), Some("0.4.1")));
}

#[test]
fn a_version_that_the_same_advisory_affects_is_no_fix() {
    let stated = advisory("X-1", "npm", &[("0", "1.2.0"), ("1.2.0", "1.3.0")]);
    assert_eq!(reason("pkg:npm/hole@1.0.0", &stated).fixes, fixes(Some("1.3.0"), Some("1.3.0")));
}

#[test]
fn the_fix_of_another_release_is_none() {
    let mut stated = advisory("X-1", "Debian:12", &[("0", "1.0-1+deb12u2")]);
    stated.affected.extend(advisory("X-1", "Debian:13", &[("0", "1.0-1+deb12u1")]).affected);
    assert_eq!(
        reason("pkg:deb/debian/hole@1.0-1?distro=debian-12", &stated).fixes.nearest.as_deref(),
        Some("1.0-1+deb12u2")
    );
}

#[test]
fn a_tag_that_moves_is_affected_when_all_it_may_stand_for_is() {
    let mut stated = advisory("X-1", "GitHub Actions", &[("2.0", "4.1.3")]);
    stated.affected[0].package.name = "example/hole".to_owned();
    let answer = |tag: &str| match assess(&names(&format!("pkg:githubactions/example/hole@{tag}")), &stated) {
        Answer::Affected(_) => "affected".to_owned(),
        Answer::NotAffected => "not affected".to_owned(),
        Answer::Unknown { why } => why.to_string(),
    };
    assert_eq!(["v3", "v4.0", "v4.1.2"].map(answer), ["affected", "affected", "affected"]);
    assert_eq!(["v1", "v5", "v4.1.3"].map(answer), ["not affected", "not affected", "not affected"]);
    assert_eq!(["v4", "v4.1"].map(answer), ["the tag moves with the releases, and not all of them are affected"; 2]);
    assert!(answer(&"a".repeat(40)).contains("cannot be ordered"), "a commit");
}

#[test]
fn the_first_clean_version_is_clean_of_all_advisories() {
    let first = advisory("X-1", "npm", &[("0", "1.2.0")]);
    let second = advisory("X-2", "npm", &[("1.1.0", "1.4.0")]);
    let withdrawn =
        Advisory { withdrawn: Some(jiff::Timestamp::UNIX_EPOCH), ..advisory("X-3", "npm", &[("0", "9.0.0")]) };
    let endless = Advisory { affected: advisory("X-4", "npm", &[("0", "oops")]).affected, ..Advisory::default() };
    let name = &names("pkg:npm/hole@1.0.0")[0];
    assert_eq!(first_clean_version(name, &[&first]).as_deref(), Some("1.2.0"));
    assert_eq!(first_clean_version(name, &[&first, &second, &withdrawn]).as_deref(), Some("1.4.0"));
    assert_eq!(first_clean_version(name, &[&first, &endless]), None);
    assert_eq!(first_clean_version(name, &[]), None);
}

#[test]
fn exploits_are_told_from_other_references() {
    let reference = |url: &str, is_exploit| Reference { url: url.to_owned(), kind: None, is_exploit };
    let stated = Advisory { references: vec![reference("a", false), reference("b", true)], ..Advisory::default() };
    assert_eq!(stated.exploits().map(|exploit| exploit.url.as_str()).collect::<Vec<_>>(), ["b"]);
}

#[test]
fn better_names_come_first() {
    let mut ids = ["OSV-1", "GHSA-b", "CVE-2", "GHSA-a", "CVE-1"];
    ids.sort_by(|left, right| preference(left).cmp(&preference(right)));
    assert_eq!(ids, ["CVE-1", "CVE-2", "GHSA-a", "GHSA-b", "OSV-1"]);
}
