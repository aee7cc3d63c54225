//! How far a component is behind, and how long its line is maintained.

use jiff::civil::date;
use shipworthy_advisories::ecosystem::{Identity, identities};
use shipworthy_advisories::end_of_life::{self, Product};
use shipworthy_advisories::lifecycle::{Sought, sought};
use shipworthy_advisories::patch_status::{Distance, Known, PatchStatus, patch_status};
use shipworthy_advisories::version::VersionOrder;

const PYTHON: &str = r#"{"schema_version": "1.2.0", "result": {"name": "python", "identifiers": [
    {"id": "cpe:/a:python:python", "type": "cpe"}, {"id": "cpe:2.3:a:python:python", "type": "cpe"},
    {"id": "python", "type": "repology"}, {"id": "pkg:docker/library/python", "type": "purl"}
], "releases": [
    {"name": "3.13", "isEol": false, "eolFrom": "2029-10-31", "latest": {"name": "3.13.1", "date": "2024-12-03"}},
    {"name": "3.8", "isEol": true, "eolFrom": "2024-10-07", "latest": {"name": "3.8.20", "date": "2024-09-08"}},
    {"name": "3", "isEol": false, "latest": {"name": "3.13.1", "date": "2024-12-03"}},
    {"name": "2.7", "isEol": true}
]}}"#;

fn product(document: &str) -> Product {
    end_of_life::read(document).expect("a product")
}

fn identity(purl: &str) -> Identity {
    identities(purl, None).expect("a package URL").swap_remove(0)
}

fn status(purl: &str, versions: &[&str], product: Option<&Product>) -> PatchStatus {
    patch_status(&identity(purl), &Known { versions, product, today: date(2026, 11, 21) })
}

fn words(purl: &str, versions: &[&str]) -> String {
    status(purl, versions, None).in_words()
}

#[test]
fn what_is_behind_says_how_many_versions_and_what_the_latest_is() {
    let versions = ["2.14.1", "2.15.0", "2.16.0", "2.17.1", "2.17.1", "2.12.0", "3.0.0-beta1", "2.17.0"];
    let log4j = status("pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1", &versions, None);
    assert_eq!(log4j.distance, Distance::Behind { latest: "2.17.1".to_owned(), versions: 4, majors: 0, minors: 3 });
    assert_eq!(log4j.in_words(), "4 known versions behind 2.17.1 (3 minor versions)");
    assert_eq!(
        words("pkg:npm/hole@1.0.0", &["1.0.1", "2.0.0", "4.0.0"]),
        "3 known versions behind 4.0.0 (2 major versions)"
    );
    assert_eq!(words("pkg:npm/hole@1.0.0", &["1.0.1"]), "1 known version behind 1.0.1");
    assert_eq!(words("pkg:npm/hole@1.0.0", &["0.9.0", "1.0.0", "nonsense"]), "no later version is known");
    assert_eq!(
        words("pkg:golang/example.org/hole@v1.2.0", &["v1.3.0", "1.3.0"]),
        "1 known version behind 1.3.0 (1 minor version)"
    );
    assert_eq!(
        words("pkg:deb/debian/hole@1:2.0-1?distro=debian-12", &["3.0-1", "1:2.0-1+deb12u1"]),
        "1 known version behind 1:2.0-1+deb12u1"
    );
}

#[test]
fn a_preview_counts_for_previews_only() {
    assert_eq!(words("pkg:pypi/hole@1.0", &["2.0rc1", "2.0.dev3"]), "no later version is known");
    assert_eq!(words("pkg:pypi/hole@2.0b1", &["2.0rc1"]), "1 known version behind 2.0rc1");
    let previews = [
        (VersionOrder::Semver, "1.0.0-rc.1", "1.0.0+build-1"),
        (VersionOrder::Go, "v0.0.0-20210101000000-abcdefabcdef", "v2.0.0+incompatible"),
        (VersionOrder::Pep440, "1.0a1", "1.0.post1"),
        (VersionOrder::RubyGems, "1.0.beta", "1.0"),
        (VersionOrder::Maven, "1.0-M1", "1.0.Final"),
        (VersionOrder::Maven, "1.0-SNAPSHOT", "31.1-jre"),
        (VersionOrder::Debian, "1.0~rc1-1", "1.0-1~deb12u1"),
        (VersionOrder::Apk, "1.0_rc1-r0", "1.0_p1-r0"),
        (VersionOrder::Composer, "dev-main", "1.0.0"),
    ];
    for (order, preview, release) in previews {
        assert!(order.is_preview(preview), "{preview}");
        assert!(!order.is_preview(release), "{release}");
    }
}

#[test]
fn where_versions_have_no_order_nothing_is_claimed() {
    let cases = [
        ("pkg:npm/hole", "the component states no version"),
        ("pkg:npm/hole@main", "`main` cannot be ordered as a version of Semantic Versioning: expected "),
        ("pkg:githubactions/actions/checkout@v4", "the tag moves with the releases"),
        ("pkg:bitbucket/example/hole@1.0", "the versions of `GIT` have no known order"),
    ];
    for (purl, why) in cases {
        let words = words(purl, &["1.0.0", "5.0.0"]);
        assert!(words.starts_with(&format!("it is not known whether there is a later version: {why}")), "{words}");
    }
}

#[test]
fn the_life_of_a_line_says_until_when_it_is_maintained() {
    let python = product(PYTHON);
    let life = |version: &str| status(&format!("pkg:conan/python@{version}"), &[], Some(&python)).in_words();
    assert_eq!(life("3.13.0"), "1 known version behind 3.13.1; its line 3.13 is maintained until 2029-10-31");
    assert_eq!(life("3.8.20"), "no later version is known; its line 3.8 has not been maintained since 2024-10-07");
    assert_eq!(life("2.7.18"), "no later version is known; its line 2.7 is no longer maintained");
    assert_eq!(life("3.99.0"), "no later version is known; its line 3 is maintained, no end is set");
    assert_eq!(life("1.5.2"), "no later version is known");
    assert_eq!(python.line_of("v3.13").map(|line| line.name.as_str()), Some("3.13"));
    assert_eq!(python.line_of("3.130.1").map(|line| line.name.as_str()), Some("3"));
    let last_day = Known { versions: &[], product: Some(&python), today: date(2024, 10, 7) };
    let line = patch_status(&identity("pkg:conan/python@3.8.1"), &last_day).line.expect("a line");
    assert_eq!(line.has_ended, Some(false));
    let kept = serde_json::to_string(&python).expect("plain data");
    assert_eq!(serde_json::from_str::<Product>(&kept).expect("what was written"), python);
}

#[test]
fn a_component_finds_its_product_by_what_the_product_says_of_itself() {
    let python = product(PYTHON);
    assert_eq!(python.keys(), ["cpe/python/python", "name/python", "pkg:docker/library/python"]);
    let key = |key: &str, version: &str| Sought {
        key: key.to_owned(),
        version: Some(version.to_owned()),
        is_distribution: false,
    };
    let cpe = "cpe:2.3:a:python:python:3.8.1:*:*:*:*:*:*:*";
    let image = sought(Some("pkg:docker/library/python@3.8.1?arch=amd64"), None, Some(cpe));
    assert_eq!(image, [key("pkg:docker/library/python", "3.8.1"), key("cpe/python/python", "3.8.1")]);
    let deb = sought(Some("pkg:deb/ubuntu/postgresql@16.2-1?distro=ubuntu-24.04"), None, None);
    let of_ubuntu = Sought { key: "name/ubuntu".to_owned(), version: Some("24.04".to_owned()), is_distribution: true };
    assert_eq!(deb, [key("pkg:deb/ubuntu/postgresql", "16.2-1"), of_ubuntu]);
    let apk = sought(Some("pkg:apk/alpine/busybox@1.36.1-r2?distro=alpine-3.18.4"), None, None);
    let keys: Vec<_> = apk.iter().map(|sought| (sought.key.as_str(), sought.version.as_deref())).collect();
    assert_eq!(
        keys,
        [
            ("pkg:apk/alpine/busybox", Some("1.36.1-r2")),
            ("name/alpine-linux", Some("3.18.4")),
            ("name/alpine", Some("3.18.4"))
        ]
    );
    let leap = sought(Some("pkg:rpm/opensuse/zypper@1.14?distro=opensuse-leap-15.5"), None, None);
    assert_eq!(leap.last().and_then(|sought| sought.version.as_deref()), Some("15.5"));
    assert_eq!(sought(Some("no package URL"), Some("1"), Some("cpe:2.3:a:*:*")), []);
}
