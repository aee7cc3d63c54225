//! Advisories of vendors in CSAF.

use shipworthy_advisories::advisory::Advisory;
use shipworthy_advisories::csaf;
use shipworthy_advisories::ecosystem::identities;
use shipworthy_advisories::knowledge::Knowledge;
use shipworthy_advisories::matching::{Answer, assess};
use shipworthy_advisories::source::Kind;
use shipworthy_model::Component;

/// An advisory of a distribution, one of a library and one of a product by its CPE name in one document.
pub(crate) const CSAF: &str = r#"{
    "document": {
        "category": "csaf_security_advisory", "csaf_version": "2.0", "title": "Holes are mended",
        "publisher": {"category": "vendor", "name": "Shopwright", "namespace": "https://www.shopwright.example"},
        "tracking": {"id": "SWSA-2026:7", "status": "final", "version": "2", "revision_history": [],
            "initial_release_date": "2026-01-01T00:00:00Z", "current_release_date": "2026-02-01T00:00:00Z"},
        "aggregate_severity": {"text": "Important"},
        "references": [{"category": "self", "summary": "This", "url": "https://shopwright.example/7"}]
    },
    "product_tree": {
        "branches": [{"category": "vendor", "name": "Shopwright", "branches": [
            {"category": "product_name", "name": "Red Hat Enterprise Linux BaseOS 9", "product": {"product_id": "base", "name": "BaseOS",
                "product_identification_helper": {"cpe": "cpe:/o:redhat:enterprise_linux:9::baseos"}}},
            {"category": "product_name", "name": "hole", "branches": [
                {"category": "product_version", "name": "1.4", "product": {"product_id": "hole-1.4", "name": "hole 1.4",
                    "product_identification_helper": {"purl": "pkg:npm/%40wide/hole"}}},
                {"category": "product_version_range", "name": "vers:npm/>=2.0.0|<2.3.1", "product": {"product_id": "hole-2", "name": "hole 2",
                    "product_identification_helper": {"purl": "pkg:npm/%40wide/hole"}}},
                {"category": "product_version_range", "name": "all before the great flood", "product": {"product_id": "hole-old",
                    "name": "old holes", "product_identification_helper": {"purl": "pkg:npm/%40wide/pit"}}}]},
            {"category": "product_name", "name": "till", "branches": [
                {"category": "product_version_range", "name": "<4.2", "product": {"product_id": "till-4", "name": "till before 4.2",
                    "product_identification_helper": {"cpe": "cpe:2.3:a:shopwright:till:*:*:*:*:*:*:*:*"}}}]},
            {"category": "product_version", "name": "openssl-1:3.0.7-27.el9.x86_64", "product": {"product_id": "openssl", "name": "openssl",
                "product_identification_helper": {"purl": "pkg:rpm/redhat/openssl@3.0.7-27.el9?arch=x86_64&epoch=1"}}},
            {"category": "product_version", "name": "nameless", "product": {"product_id": "nameless", "name": "till 3.0"}}
        ]}],
        "full_product_names": [
            {"product_id": "flask", "name": "flask", "product_identification_helper": {"purl": "pkg:pypi/Flask"}},
            {"product_id": "flask-3", "name": "flask 3.0.1", "product_identification_helper": {"purl": "pkg:pypi/flask@3.0.1"}}
        ],
        "relationships": [
            {"category": "default_component_of", "product_reference": "openssl", "relates_to_product_reference": "base",
                "full_product_name": {"product_id": "base:openssl", "name": "openssl of BaseOS"}},
            {"category": "default_component_of", "product_reference": "flask", "relates_to_product_reference": "till-4",
                "full_product_name": {"product_id": "till:flask", "name": "flask of till"}}
        ]
    },
    "vulnerabilities": [
        {"cve": "CVE-2026-1000", "title": "A hole", "cwe": {"id": "CWE-79", "name": "x"}, "ids": [{"system_name": "tracker", "text": "17"}],
            "notes": [{"category": "description", "text": "It is deep."}],
            "scores": [{"products": ["base:openssl"], "cvss_v3": {"vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}}],
            "threats": [{"category": "impact", "details": "Moderate"}, {"category": "impact", "details": "It may flood the cellar."}],
            "remediations": [{"category": "vendor_fix", "details": "Upgrade.", "url": "https://shopwright.example/fix", "product_ids": []},
                {"category": "workaround", "details": "Walk around it."}],
            "product_status": {"fixed": ["base:openssl", "flask-3"], "known_affected": ["hole-1.4", "hole-2", "hole-old", "till-4", "flask"]}},
        {"cve": "CVE-2026-1001", "product_status": {"known_affected": ["nameless", "till:flask"], "under_investigation": ["flask"],
            "known_not_affected": ["hole-2"]}}
    ]
}"#;

fn all(document: &str) -> (Vec<Advisory>, Vec<String>) {
    let mut advisories = Vec::new();
    let warnings = csaf::read(document, &mut |advisory| advisories.push(advisory)).expect("a document that is read");
    (advisories, warnings.into_iter().map(|warning| format!("{}: {}", warning.at, warning.message)).collect())
}

fn refused(document: &str) -> String {
    csaf::read(document, &mut |_| panic!("nothing is kept of it")).expect_err("a document that is refused").to_string()
}

/// What it says of a package by its first vulnerability: `affected`, `not affected` or why that is not known.
fn said(purl: &str) -> String {
    match assess(&identities(purl, None).expect("a package URL"), &all(CSAF).0[0]) {
        Answer::Affected(reason) => format!("affected: {}", reason.range),
        Answer::NotAffected => "not affected".to_owned(),
        Answer::Unknown { why } => why.to_string(),
    }
}

#[test]
fn a_document_gives_an_advisory_for_each_of_its_vulnerabilities() {
    let (advisories, warnings) = all(CSAF);
    insta::assert_json_snapshot!("csaf", advisories);
    assert_eq!(
        warnings,
        [
            "/vulnerabilities/1/product_status: 2 of the affected products match nothing: expected a package URL of a known \
          ecosystem or a CPE name"
        ]
    );
    assert_eq!(Kind::of(CSAF), Ok(Kind::Csaf));
}

#[test]
fn what_a_distribution_mends_is_affected_before_that_in_that_release_only() {
    let cases = [
        ("pkg:rpm/redhat/openssl@3.0.7-24.el9?epoch=1&distro=rhel-9.4", "affected: before 1:3.0.7-27.el9"),
        ("pkg:rpm/redhat/openssl@3.0.7-27.el9?epoch=1&distro=rhel-9.4", "not affected"),
        ("pkg:rpm/redhat/openssl@3.0.7-24.el8?epoch=1&distro=rhel-8.9", "not affected"),
        ("pkg:rpm/rocky/openssl@3.0.7-24.el9?epoch=1&distro=rocky-9.4", "not affected"),
    ];
    assert_eq!(cases.map(|(purl, _)| said(purl)), cases.map(|(_, expected)| expected));
}

#[test]
fn versions_of_packages_are_those_that_are_stated_and_never_those_of_a_name() {
    let cases = [
        ("pkg:npm/%40wide/hole@1.4", "affected: version 1.4"),
        ("pkg:npm/%40wide/hole@1.5.0", "not affected"),
        ("pkg:npm/%40wide/hole@2.3.0", "affected: from 2.0.0 before 2.3.1"),
        ("pkg:npm/%40wide/hole@2.3.1", "not affected"),
        ("pkg:npm/%40wide/pit@1.0.0", "the advisory states its versions in an unknown way"),
        ("pkg:pypi/flask@3.0.0", "affected: before 3.0.1"),
        ("pkg:pypi/flask@3.0.1", "not affected"),
    ];
    assert_eq!(cases.map(|(purl, _)| said(purl)), cases.map(|(_, expected)| expected));
}

#[test]
fn a_product_by_its_cpe_name_is_matched_under_the_name_of_the_vulnerability() {
    let mut knowledge = Knowledge::default();
    assert_eq!(knowledge.add(CSAF).map(|added| (added.kind, added.records)), Ok((Kind::Csaf, 2)));
    let index = knowledge.index();
    let till = |version: &str| Component {
        name: "till".to_owned(),
        cpe: Some(format!("cpe:2.3:a:shopwright:till:{version}:*:*:*:*:*:*:*")),
        ..Component::default()
    };
    let found = index.matches(&till("4.1"), &[]).expect("a name");
    let names: Vec<_> = found.iter().map(|found| (found.vulnerability.as_str(), found.reasons.len())).collect();
    assert_eq!(names, [("CVE-2026-1000", 1)]);
    assert_eq!(index.matches(&till("4.2"), &[]), Ok(Vec::new()));
}

#[test]
fn a_document_about_one_vulnerability_gives_its_own_id() {
    let from = CSAF.find(",\n        {\"cve\": \"CVE-2026-1001\"").expect("the second one");
    let one = format!("{}]}}", &CSAF[..from]);
    let (advisories, warnings) = all(&one);
    assert_eq!((advisories[0].id.as_str(), advisories.len(), warnings.len()), ("SWSA-2026:7", 1, 0));
    assert_eq!(advisories[0].upstream, ["CVE-2026-1000"]);
    let vex = one.replace("SWSA-2026:7", "CVE-2026-1000");
    assert_eq!(all(&vex).0[0].upstream, Vec::<String>::new());
}

#[test]
fn a_document_that_was_withdrawn_says_so() {
    let (advisories, _) = all(&CSAF.replace("csaf_security_advisory", "csaf_withdrawn"));
    let modified = "2026-02-01T00:00:00Z".parse().ok();
    assert_eq!((advisories.len(), advisories[0].withdrawn, advisories[0].id.as_str()), (1, modified, "SWSA-2026:7"));
}

#[test]
fn a_module_stream_and_a_service_pack_are_read_from_what_the_package_is_a_component_of() {
    let of = |platform: &str, module: &str, purl: &str| {
        let relation = |component: &str, outer: &str, id: &str| {
            format!(
                r#"{{"category": "default_component_of", "product_reference": "{component}", "relates_to_product_reference": "{outer}",
                "full_product_name": {{"product_id": "{id}", "name": "{id}"}}}}"#
            )
        };
        let product = |id: &str, helper: &str, value: &str| {
            format!(
                r#"{{"product_id": "{id}", "name": "{id}", "product_identification_helper": {{"{helper}": "{value}"}}}}"#
            )
        };
        let products =
            [product("platform", "cpe", platform), product("module", "purl", module), product("package", "purl", purl)];
        let relations = [relation("module", "platform", "inside"), relation("package", "inside", "whole")];
        let head = &CSAF[..CSAF.find("\"product_tree\"").expect("a tree")];
        let document = format!(
            r#"{head} "product_tree": {{"full_product_names": [{}], "relationships": [{}]}},
            "vulnerabilities": [{{"cve": "CVE-2026-1", "product_status": {{"first_fixed": ["whole"]}}}}]}}"#,
            products.join(","),
            relations.join(",")
        );
        let (mut advisories, _) = all(&document);
        let affected = advisories.remove(0).affected.remove(0);
        (affected.package.ecosystem, affected.package.name, affected.module, affected.ranges[0].in_words())
    };
    let nodejs = of(
        "cpe:/a:redhat:enterprise_linux:8::appstream",
        "pkg:rpmmod/redhat/nodejs@18%3A8100020240807161023%3A489197e6",
        "pkg:rpm/redhat/nodejs@18.20.4-1.module%2Bel8.10.0%2B22203%2B09ac9c98?arch=x86_64&epoch=1",
    );
    let text = |text: &str| text.to_owned();
    assert_eq!(
        nodejs,
        (
            text("Red Hat:enterprise_linux:8::appstream"),
            text("nodejs"),
            Some(text("nodejs:18")),
            text("before 1:18.20.4-1.module+el8.10.0+22203+09ac9c98")
        )
    );
    let zypper =
        of("cpe:/o:suse:sles:15:sp5", "pkg:generic/nothing", "pkg:rpm/suse/zypper@1.14.68-150400.3.40.2?arch=x86_64");
    assert_eq!(
        zypper,
        (text("SUSE:Linux Enterprise sles 15 SP5"), text("zypper"), None, text("before 1.14.68-150400.3.40.2"))
    );
}

#[test]
fn documents_that_break_a_rule_are_refused_with_a_sentence() {
    let refusals = [
        ("", ""),
        ("\"csaf_version\": \"2.0\"", "\"csaf_version\": \"1.2\""),
        ("\"id\": \"SWSA-2026:7\"", "\"id\": \" \""),
        ("https://www.shopwright.example", "shopwright"),
        ("\"current_release_date\": \"2026-02-01T00:00:00Z\"", "\"x\": 0"),
        ("\"product_id\": \"hole-2\"", "\"product_id\": \"hole-1.4\""),
        ("\"fixed\": [\"base:openssl\"", "\"fixed\": [\"base:opnessl\""),
        ("\"fixed\": [\"base:openssl\"", "\"fixed\": [\"flask\""),
        ("\"product_reference\": \"openssl\"", "\"product_reference\": \"opnessl\""),
        ("\"cve\": \"CVE-2026-1001\"", "\"cve\": \"CVE-2026-1000\""),
        ("\"cve\": \"CVE-2026-1001\"", "\"cve\": \"1001\""),
    ];
    let sentence = |(from, to): &(&str, &str)| {
        assert!(CSAF.contains(from), "{from}");
        if from.is_empty() { refused("{}") } else { refused(&CSAF.replacen(from, to, 1)) }
    };
    insta::assert_snapshot!("csaf_refusals", refusals.iter().map(sentence).collect::<Vec<_>>().join("\n"));
}
