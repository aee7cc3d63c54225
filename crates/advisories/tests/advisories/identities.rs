//! By which names components are looked up, and of which releases advisories speak.

use shipworthy_advisories::advisory::{Advisory, Affected, Event, Package, Range, RangeKind};
use shipworthy_advisories::ecosystem::{identities, key_of};
use shipworthy_advisories::matching::{Answer, assess};

const PURLS: &[&str] = &[
    "pkg:cargo/Serde_Json@1.0.0",
    "pkg:composer/Symfony/Http-Kernel@6.0.0",
    "pkg:docker/nginx@sha256:aa",
    "pkg:gem/activesupport@6.0.2.1",
    "pkg:github/actions/checkout@v4",
    "pkg:generic/hole@1.0?vcs_url=git%2Bhttps://example.org/Hole.git%40v1.0",
    "pkg:gitlab/group/hole@v1.0",
    "pkg:golang/github.com/Azure/go-autorest@v14.2.0%2Bincompatible",
    "pkg:golang/stdlib@go1.21.0",
    "pkg:k8s/k8s.io%2Fkubelet@1.27.0",
    "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1?type=jar",
    "pkg:npm/%40angular/core@12.0.0",
    "pkg:npm/%40rootio/json-schema@0.2.3",
    "pkg:nuget/Newtonsoft.Json@13.0.1",
    "pkg:pypi/Ruamel.Yaml__clib@0.2",
    "pkg:swift/github.com/Apple/swift-nio@2.0.0",
    "pkg:vscode-extension/Ms-Python/python@1.0.0",
    "pkg:apk/alpine/libssl3@3.1.4-r0?arch=x86_64&upstream=openssl&distro=alpine-3.18.4",
    "pkg:apk/wolfi/openssl@3.2.0-r0?distro=wolfi-20230201",
    "pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&upstream=openssl%403.0.11-1&distro=debian-12",
    "pkg:deb/debian/openssl@1.1.1n-0?arch=source&distro=bullseye",
    "pkg:deb/debian/rootio-imagemagick@8:6.9?distro=debian-12",
    "pkg:deb/ubuntu/bash@5.1-6ubuntu1?epoch=1&distro=jammy",
    "pkg:deb/linuxmint/bash@5.1",
    "pkg:rpm/redhat/openssl-libs@3.0.7-18.el9_2?arch=x86_64&epoch=1&upstream=openssl-3.0.7-18.el9_2.src.rpm&distro=rhel-9.2",
    "pkg:rpm/redhat/nodejs@18.0.0-1.module+el8?rpmmod=nodejs:18",
    "pkg:rpm/centos/bash@4.2.46-31.el7?distro=centos-7.6.1810",
    "pkg:rpm/opensuse/bash@5?distro=opensuse-leap-15.5",
    "pkg:rpm/suse/bash@4.4-1?distro=sles-15.5",
    "pkg:rpm/fedora/bash@5?distro=fedora-40",
];

#[test]
fn components_are_looked_up_by_these_names() {
    let mut table = String::new();
    for purl in PURLS {
        table += purl;
        table += "\n";
        for identity in identities(purl, None).expect("a package URL") {
            let part =
                |name: &str, value: Option<&str>| value.map(|value| format!(" {name} {value}")).unwrap_or_default();
            table += &format!(
                "    {}{}{}{}{}\n",
                identity.key,
                part("version", identity.version.as_deref()),
                part("release", identity.release.as_deref()),
                part("module", identity.module.as_deref()),
                if identity.is_source { " (source)" } else { "" }
            );
        }
    }
    insta::assert_snapshot!("identities", table);
}

#[test]
fn a_version_beside_the_package_url_counts_where_that_has_none() {
    let version = |purl| identities(purl, Some("1.0")).expect("a package URL")[0].version.clone();
    assert_eq!(version("pkg:npm/hole"), Some("1.0".to_owned()));
    assert_eq!(version("pkg:npm/hole@2.0"), Some("2.0".to_owned()));
    assert!(identities("npm/hole", None).expect_err("no package URL").starts_with("`npm/hole` is not a package URL"));
}

fn entry(ecosystem: &str, name: &str) -> Affected {
    let events = vec![Event::Introduced("0".to_owned()), Event::Fixed("2".to_owned())];
    let ranges = vec![Range { kind: RangeKind::Ecosystem, repository: None, events }];
    let package = Package { ecosystem: ecosystem.to_owned(), name: name.to_owned(), purl: None };
    Affected { package, ranges, ..Affected::default() }
}

#[test]
fn an_entry_is_filed_where_the_component_is_looked_up() {
    let cases = [
        ("PyPI", "Ruamel_yaml-clib", "pypi/ruamel-yaml-clib"),
        ("Maven:https://repo.example", "g:a", "maven/g:a"),
        ("Debian:12", "openssl", "debian/openssl"),
        ("Root:Debian:12", "rootio-imagemagick", "root:debian/rootio-imagemagick"),
        ("Root:PyPI", "rootio_requests", "root:pypi/rootio-requests"),
        ("Red Hat:enterprise_linux:9::baseos", "openssl", "red hat/openssl"),
        ("SwiftURL", "https://github.com/Apple/swift-nio.git", "swifturl/github.com/apple/swift-nio"),
    ];
    for (ecosystem, name, key) in cases {
        assert_eq!(key_of(&entry(ecosystem, name)).expect("a key").as_str(), key);
    }
    let commits = Range {
        kind: RangeKind::Git,
        repository: Some("https://example.org/Hole.git/".to_owned()),
        events: Vec::new(),
    };
    let without_package = Affected { ranges: vec![commits], ..Affected::default() };
    assert_eq!(key_of(&without_package).expect("a key").as_str(), "git/example.org/hole");
    assert_eq!(key_of(&Affected::default()), None);
}

#[test]
fn a_repository_is_known_by_its_tags_and_not_by_its_commits() {
    let commits = Range {
        kind: RangeKind::Git,
        repository: Some("https://github.com/example/hole".to_owned()),
        events: vec![Event::Introduced("0".to_owned()), Event::Fixed("a".repeat(40))],
    };
    let affected = vec![Affected { ranges: vec![commits], versions: vec!["v1.0".to_owned()], ..Affected::default() }];
    let advisory = Advisory { affected, ..Advisory::default() };
    let answer = |version: &str| {
        assess(&identities(&format!("pkg:github/Example/hole@{version}"), None).expect("a package URL"), &advisory)
    };
    assert!(matches!(answer("v1.0"), Answer::Affected(_)));
    let Answer::Unknown { why } = answer("v1.1") else { panic!("nobody can say") };
    assert_eq!(why.to_string(), "the advisory names commits and no versions");
}

/// Component, ecosystem of the advisory, `same`, `other` or `unsaid`.
const RELEASES: &[(&str, &str, &str)] = &[
    ("pkg:deb/debian/hole@1?distro=debian-12.5", "Debian:12", "same"),
    ("pkg:deb/debian/hole@1?distro=bookworm", "Debian:12", "same"),
    ("pkg:deb/debian/hole@1?distro=debian-12", "Debian:11", "other"),
    ("pkg:deb/debian/hole@1?distro=debian-sid", "Debian:sid", "same"),
    ("pkg:deb/debian/hole@1?distro=debian-12", "Debian", "unsaid"),
    ("pkg:deb/debian/hole@1", "Debian:12", "unsaid"),
    ("pkg:deb/ubuntu/hole@1?distro=ubuntu-22.04", "Ubuntu:22.04:LTS", "same"),
    ("pkg:deb/ubuntu/hole@1?distro=jammy", "Ubuntu:Pro:22.04:LTS", "same"),
    ("pkg:deb/ubuntu/hole@1?distro=ubuntu-22.04", "Ubuntu:Pro:FIPS-updates:22.04:LTS", "other"),
    ("pkg:deb/ubuntu/hole@1?distro=ubuntu-22.04", "Ubuntu:24.10", "other"),
    ("pkg:apk/alpine/hole@1?distro=alpine-3.20.3", "Alpine:v3.20", "same"),
    ("pkg:apk/alpine/hole@1?distro=alpine-3.2", "Alpine:v3.20", "other"),
    ("pkg:apk/alpine/hole@1?distro=alpine-edge", "Alpine:edge", "same"),
    ("pkg:apk/wolfi/hole@1?distro=wolfi-20230201", "Wolfi", "same"),
    ("pkg:rpm/almalinux/hole@1?distro=almalinux-9.3", "AlmaLinux:9", "same"),
    ("pkg:rpm/rocky/hole@1?distro=rocky-8.9", "Rocky Linux:9", "other"),
    ("pkg:rpm/redhat/hole@1?distro=rhel-9.4", "Red Hat:enterprise_linux:9::baseos", "same"),
    ("pkg:rpm/redhat/hole@1-1.el9", "Red Hat:enterprise_linux:9::baseos", "same"),
    ("pkg:rpm/redhat/hole@1-1.el8_6", "Red Hat:rhel_eus:8.6::baseos", "same"),
    ("pkg:rpm/redhat/hole@1?distro=rhel-9.4", "Red Hat:rhel_eus:9.4::baseos", "same"),
    ("pkg:rpm/redhat/hole@1?distro=rhel-9.4", "Red Hat:rhel_eus:9.2::baseos", "other"),
    ("pkg:rpm/redhat/hole@1?distro=rhel-8.4", "Red Hat:enterprise_linux:9::baseos", "other"),
    ("pkg:rpm/redhat/hole@1?distro=rhel-8.4", "Red Hat:openshift:4.12::el8", "unsaid"),
    ("pkg:rpm/redhat/hole@1?distro=rhel-8.4", "Red Hat:openshift:4.12::el9", "other"),
    ("pkg:rpm/suse/hole@1?distro=sles-15.5", "SUSE:Linux Enterprise Module for Basesystem 15 SP5", "same"),
    ("pkg:rpm/suse/hole@1?distro=sles-15.5", "SUSE:Linux Enterprise Server 15 SP5-LTSS", "same"),
    ("pkg:rpm/suse/hole@1?distro=sles-15.5", "SUSE:Linux Enterprise Server 15 SP4", "other"),
    ("pkg:rpm/suse/hole@1?distro=sles-15", "SUSE:Linux Enterprise Server 15 SP4", "other"),
    ("pkg:rpm/suse/hole@1?distro=sles-15", "SUSE:Linux Enterprise Server 15-LTSS", "same"),
    ("pkg:rpm/opensuse/hole@1?distro=opensuse-leap-15.5", "openSUSE:Leap 15.5", "same"),
    ("pkg:rpm/opensuse/hole@1?distro=opensuse-leap-15.5", "openSUSE:Leap 15.6", "other"),
    ("pkg:rpm/opensuse/hole@1?distro=opensuse-tumbleweed-20240101", "openSUSE:Tumbleweed", "same"),
    ("pkg:rpm/openeuler/hole@1?distro=openEuler-24.03-LTS-SP1", "openEuler:24.03-LTS-SP1", "same"),
    ("pkg:rpm/openeuler/hole@1?distro=openEuler-24.03-LTS-SP1", "openEuler:24.03-LTS-SP2", "other"),
    ("pkg:rpm/photon/hole@1?distro=photon-5.0", "Photon OS:5.0", "same"),
    ("pkg:rpm/photon/hole@1?distro=photon-4.0", "Photon OS:5.0", "other"),
    ("pkg:maven/org/hole@1", "Maven", "same"),
    ("pkg:maven/org/hole@1", "Maven:https://repo.example/m2", "other"),
    ("pkg:maven/org/hole@1?repository_url=https://repo.example/m2", "Maven:https://repo.example/m2", "same"),
];

#[test]
fn an_advisory_speaks_of_its_release() {
    for (purl, ecosystem, expected) in RELEASES {
        let name = if purl.starts_with("pkg:maven") { "org:hole" } else { "hole" };
        let advisory = Advisory { affected: vec![entry(ecosystem, name)], ..Advisory::default() };
        let answer = match assess(&identities(purl, None).expect("a package URL"), &advisory) {
            Answer::Affected(_) => "same",
            Answer::NotAffected => "other",
            Answer::Unknown { .. } => "unsaid",
        };
        assert_eq!(answer, *expected, "{purl} {ecosystem}");
    }
}
