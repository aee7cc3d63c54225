//! The order of versions in each ecosystem.

use shipworthy_advisories::version::VersionOrder;
use shipworthy_advisories::version::VersionOrder::*;
use std::cmp::Ordering;

/// Versions in ascending order; what stands in one text with `=` is the same version.
const LADDERS: &[(VersionOrder, &[&str])] = &[
    (
        Semver,
        &[
            "0",
            "1.0.0-0",
            "1.0.0-9",
            "1.0.0-10",
            "1.0.0-alpha",
            "1.0.0-alpha.1",
            "1.0.0-alpha.beta",
            "1=v1.0.0=1.0+x",
            "1.0.1",
        ],
    ),
    (SemverWithBuild, &["1.0.0-a", "1.0.0-a+b", "1.0.0=1", "1.0.0+1", "1.0.0+a", "1.0.1-a"]),
    (
        Go,
        &[
            "v0.0.0-20190101000000-abcdefabcdef=0.0.0-20190101000000-abcdefabcdef",
            "0.0.1",
            "1.22rc1=go1.22rc1=1.22.0-rc.1",
            "1.22.0-rc.2",
            "go1.22",
            "v2.0.0+incompatible=2.0.0",
            "v2.0.1-0.20230101000000-abcdefabcdef",
            "v2.0.1",
        ],
    ),
    (
        Pep440,
        &[
            "1.0.dev0",
            "1.0a1.dev1",
            "1.0a1=1.0-ALPHA-1",
            "1.0b2",
            "1.0rc1=1.0c1=1.0.pre1",
            "1.0=v1.0.0",
            "1.0+abc",
            "1.0+1",
            "1.0.post0.dev1",
            "1.0-1=1.0.post1=1.0r1",
            "1.1",
            "1!0.1",
        ],
    ),
    (
        Maven,
        &[
            "1-alpha=1.0.0-alpha",
            "1-alpha-1=1a1",
            "1-beta",
            "1-m3=1-milestone-3",
            "1-cr1=1-rc-1",
            "1-SNAPSHOT",
            "1=1.0.0=1-ga=1.final=1.0-release",
            "1-sp",
            "1-foo=1.foo",
            "1-1=1.0-1",
            "1.0.1",
            "1.1",
        ],
    ),
    (NuGet, &["1.0.0-Alpha=1.0.0.0-alpha", "1.0.0-beta.2", "1.0.0-BETA.11", "1=1.0.0.0=1.0+x", "1.0.0.1"]),
    (RubyGems, &["1.0.a.2=1.a.2", "1.0.b", "1.0-x", "1.0.rc1", "1=1.0.0", "1.0.0.1", "1.2.rc2", "1.2", "1.10"]),
    (
        Composer,
        &[
            "1.0-dev",
            "1.0.0-alpha1",
            "1.0b2=1.0.0.0-beta.2",
            "1.0.0-RC1=1.0.0rc1",
            "v1=1.0.0.0=1.0.0-stable+7",
            "1.0.0-p1=1.0-patch1",
            "1.0.1",
            "1.x-dev",
            "2.0-dev",
        ],
    ),
    (
        Debian,
        &[
            "1.0~rc1-1",
            "1.0~rc1-2",
            "1.0=1.0-0=0:1.0",
            "1.0-1~deb12u1",
            "1.0-1",
            "1.0-1+b1",
            "1.0+dfsg-1",
            "1.2",
            "1.10",
            "1:0.1",
        ],
    ),
    (Opam, &["1.0~beta", "1.0", "1.0a", "1.0.1", "v0.9"]),
    (
        Rpm,
        &[
            "1.0~rc1=1.0~rc.1",
            "1.0=0:1.0",
            "1.0-1.el8",
            "1.0-1.el8_10",
            "1.0^git1",
            "1.0a",
            "1.0.1=1.0_01",
            "1.1",
            "1:0.1",
        ],
    ),
    (
        Apk,
        &[
            "1.2_alpha",
            "1.2_alpha1",
            "1.2_beta_pre1",
            "1.2_beta",
            "1.2_rc1",
            "1.2",
            "1.2-r0",
            "1.2-r1",
            "1.2_git20200101",
            "1.2_p1",
            "1.2b",
            "1.2.0",
            "1.2.01",
            "1.2.1",
            "1.10",
        ],
    ),
    (Alpm, &["1.0alpha", "1.0b", "1.0beta", "1.0rc", "1.0=0:1.0", "1.0.a", "1.0.1", "1:0.1"]),
    (Gentoo, &["1.0_alpha2", "1.0_rc3", "1.0=1.0-r0", "1.0-r1", "1.0_p2", "1.0b", "1.0.0", "1.01=1.010", "1.1"]),
    (Conan, &["1-", "1-pre1=1.0-pre1", "1=1.0.0", "1.0+b1", "1.0.2", "1.0.2k", "1.0.2zd", "1.0.10", "1.a"]),
    (Cran, &["1.0", "1.0.0=1-0-0", "1.0-1", "1.10"]),
    (Hackage, &["1", "1.0", "1.0.0", "1.2"]),
    (Intdot, &["1.2=1.2.0=01.2rc1", "1.2.1", "1.10alpha"]),
    (
        OpenSsl,
        &[
            "0.9.8",
            "0.9.8z",
            "0.9.8za",
            "1.0.2-beta1",
            "1.0.2",
            "1.0.2k",
            "1.1.1-pre2",
            "1.1.1",
            "1.1.1w",
            "3.0.0-alpha1",
            "3.0.0",
        ],
    ),
    (
        Generic,
        &[
            "1.0alpha1=1.0.alpha.1",
            "1.0beta1",
            "1.0rc1",
            "1.0=v1.0.0",
            "1.0patch1",
            "1.0.1",
            "1.0.2",
            "1.0.2k",
            "1.0.2za",
            "1.0.2zb",
            "1.1",
        ],
    ),
    (
        Datetime,
        &[
            "2023-12-31T23:59:60Z=2024-01-01T00:00:00Z=2024-01-01T01:00:00.0+01:00",
            "2024-01-01T00:00:00.09Z",
            "2024-01-01T00:00:00.9Z",
            "2024-02-29T00:00:00Z",
        ],
    ),
    (Lexicographic, &["", "A", "a", "a b", "é"]),
];

/// Texts that have no place in an order.
const REFUSED: &[(VersionOrder, &[&str])] = &[
    (Semver, &["", "latest", "1.2.3.4", "1..2", "1.2.3-", "1.2.3-é", "1.2.3+", "dev-main", "8f3c2d1"]),
    (Go, &["", "(devel)", "main", "1.22xx1"]),
    (Pep440, &["", "0.1-bulbasaur", "1.0+", "1.0+a..b", "one"]),
    (Maven, &["", "${project.version}", "[1,2)", "1.0 beta"]),
    (NuGet, &["", "1.2.3.4.5", "1.0.*", "1.0-"]),
    (RubyGems, &["", "a.1", "1..2", "1.0_1"]),
    (Composer, &["", "dev-main", "x-dev", "1.2.x", "1.2.3.#"]),
    (Debian, &["", "a1", "A:1.2.3", "1.0-", "2:A7.4", "7.4-!1"]),
    (Rpm, &["", "1.0 1"]),
    (Apk, &["", "a", "1.2_blah", "1-ruff", "1.2.0D", "1-r", "1..2"]),
    (Alpm, &["", "1.0.", "-1", "1.0-"]),
    (Gentoo, &["", "1.0ab", "1_foo", "1.", "1-rx"]),
    (Conan, &["", "1 2", "[>1]"]),
    (Cran, &["", "1.a", "1."]),
    (Hackage, &["1-2"]),
    (Intdot, &["", ".1", "a"]),
    (OpenSsl, &["1.0.2k-fips", "x"]),
    (Generic, &["", "*", "-", "unknown"]),
    (Datetime, &["2024-02-30T00:00:00Z", "2024-01-01", "2024-01-01T24:00:00Z", "2024-01-01T00:00:00.Z"]),
];

#[test]
fn versions_stand_in_the_order_of_their_ecosystem() {
    for (order, ladder) in LADDERS {
        let rungs: Vec<Vec<&str>> = ladder.iter().map(|rung| rung.split('=').collect()).collect();
        for (left_at, left) in rungs.iter().enumerate() {
            for (right_at, right) in rungs.iter().enumerate() {
                for (left, right) in left.iter().flat_map(|left| right.iter().map(move |right| (left, right))) {
                    let compared = order.compare(left, right).unwrap();
                    assert_eq!(compared, left_at.cmp(&right_at), "{order}: {left} and {right}");
                }
            }
        }
    }
}

#[test]
fn what_is_no_version_is_refused_with_what_was_expected() {
    for (order, texts) in REFUSED {
        for text in *texts {
            let refused = order.compare(text, "1").expect_err(text);
            assert_eq!(refused.text, *text);
            assert!(!refused.expected.is_empty());
        }
    }
    let refused = Debian.compare("1.0", "A:1.2.3").unwrap_err();
    assert_eq!(
        refused.to_string(),
        "`A:1.2.3` cannot be ordered as a version of Debian: expected `[epoch:]version[-revision]` where the version begins \
         with a digit, such as `1:2.3-4~deb12u1`"
    );
    assert!(Rpm.compare(&"1".repeat(5000), "1").is_err());
}

#[test]
fn the_order_follows_from_the_type_of_a_package_and_from_its_ecosystem() {
    for (purl_type, expected) in [("npm", Some(Semver)), ("golang", Some(Go)), ("rpm", Some(Rpm)), ("generic", None)] {
        assert_eq!(VersionOrder::of_purl_type(purl_type), expected, "{purl_type}");
    }
    let ecosystems = [
        ("Debian:12", Some(Debian)),
        ("Ubuntu:Pro:18.04:LTS", Some(Debian)),
        ("Red Hat:rhel_e4s:8.6::appstream", Some(Rpm)),
        ("Root:Alpine:3.18", Some(Apk)),
        ("Root:PyPI", Some(Pep440)),
        ("Maven:https://repo.example/maven", Some(Maven)),
        ("Android", None),
        ("Root", None),
    ];
    for (ecosystem, expected) in ecosystems {
        assert_eq!(VersionOrder::of_ecosystem(ecosystem), expected, "{ecosystem}");
    }
}

#[test]
fn long_numbers_count_in_full() {
    let (left, right) = ("999999999999999999999999999998", "999999999999999999999999999999");
    for order in VersionOrder::ALL.into_iter().filter(|order| *order != Datetime) {
        assert_eq!(order.compare(left, right), Ok(Ordering::Less), "{order}");
    }
}
