//! Each reader over a document of its form, written by hand, and over what is none.

use shipworthy_advisories::advisory::{Advisory, Event};
use shipworthy_advisories::configuration::Operator;
use shipworthy_advisories::end_of_life::{self, End};
use shipworthy_advisories::{Unreadable, cve, epss, github, nvd, osv};
use shipworthy_model::Warning;

type Answer = Result<Vec<Warning>, Unreadable>;

/// The advisories and the warnings of a document that is read.
fn all(read: impl FnOnce(&mut dyn FnMut(Advisory)) -> Answer) -> (Vec<Advisory>, Vec<Warning>) {
    let mut advisories = Vec::new();
    let warnings = read(&mut |advisory| advisories.push(advisory)).expect("a document that is read");
    (advisories, warnings)
}

fn refused(read: impl FnOnce(&mut dyn FnMut(Advisory)) -> Answer) -> String {
    read(&mut |_| panic!("nothing is kept of it")).expect_err("a document that is refused").to_string()
}

fn shown(advisories: &[Advisory]) -> String {
    serde_json::to_string_pretty(advisories).expect("plain data")
}

pub(crate) const OSV: &str = r#"{
    "schema_version": "1.7.0", "id": "GHSA-aaaa-bbbb-cccc", "aliases": ["CVE-2026-1000", "CVE-2026-1000"],
    "related": null, "upstream": ["CVE-2026-999"], "summary": "A hole", "details": "It is deep.",
    "published": "2026-01-01T00:00:00Z", "modified": "2026-02-01T00:00:00.123Z",
    "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}, {"type": "Ubuntu", "score": "low"}],
    "references": [{"type": "EVIDENCE", "url": "https://example.org/exploit"}, {"type": "FIX", "url": "https://example.org/fix"}],
    "affected": [{
        "package": {"ecosystem": "Go", "name": "example.org/hole"},
        "ranges": [{"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.2.0"}]}],
        "versions": null, "ecosystem_specific": {"imports": [{"path": "example.org/hole/deep", "symbols": ["Fall"]}]}
    }, {
        "package": {"ecosystem": "Debian:12", "name": "hole", "purl": "pkg:deb/debian/hole?arch=source"},
        "ranges": [{"type": "NEW", "events": [{"introduced": "0", "limit": "3"}]}],
        "ecosystem_specific": {"urgency": "unimportant"}
    }],
    "database_specific": {"severity": "CRITICAL", "cwe_ids": ["CWE-79", "CWE-20", "NVD-CWE-noinfo"]}
}"#;

#[test]
fn an_osv_record_is_kept_whole() {
    let (advisories, warnings) = all(|keep| osv::read(OSV, "osv", keep));
    insta::assert_snapshot!("osv", shown(&advisories));
    assert_eq!(warnings, []);
}

#[test]
fn reading_twice_is_reading_once_and_what_is_kept_can_be_read_back() {
    let (first, _) = all(|keep| osv::read(OSV, "osv", keep));
    let (second, _) = all(|keep| osv::read(OSV, "osv", keep));
    assert_eq!(first, second);
    let back: Vec<Advisory> = serde_json::from_str(&shown(&first)).expect("what was written");
    assert_eq!(back, first);
}

#[test]
fn one_odd_record_of_a_list_is_a_warning_at_its_place() {
    let list =
        format!("[{OSV}, {{\"id\": 3}}, {{\"id\": \"two words\", \"affected\": [], \"modified\": \"x\"}}, {OSV}]");
    let (advisories, warnings) = all(|keep| osv::read(&list, "osv", keep));
    assert_eq!(advisories.len(), 2);
    let places: Vec<_> = warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(places, ["/1", "/2"]);
    let answer = format!("{{\"vulns\": [{OSV}]}}");
    assert_eq!(all(|keep| osv::read(&answer, "osv", keep)).0.len(), 1);
}

#[test]
fn an_osv_record_may_be_yaml() {
    let text = "id: PYSEC-2026-1\nmodified: '2026-01-01T00:00:00Z'\naffected:\n- package: {name: hole, ecosystem: PyPI}\n  \
                versions:\n  - 1.0\n  - 1.0.1\n";
    let (advisories, _) = all(|keep| osv::read(text, "pypa", keep));
    assert_eq!(advisories[0].affected[0].versions, ["1.0", "1.0.1"]);
}

#[test]
fn a_malicious_package_is_known_by_its_id() {
    let text = r#"{"id": "MAL-2026-1", "modified": "2026-01-01T00:00:00Z",
        "affected": [{"package": {"ecosystem": "npm", "name": "evil"}, "versions": ["1.0.0"]}]}"#;
    let (advisories, _) = all(|keep| osv::read(text, "osv", keep));
    assert!(advisories[0].is_malicious());
}

#[test]
fn what_is_not_in_the_osv_form_is_refused_with_a_sentence() {
    let refusals: Vec<_> = ["", "{}", "[1", "{\"id\": \"X-1\"}", "```toml\n[advisory]\n```", "\u{0}"]
        .iter()
        .map(|text| refused(|keep| osv::read(text, "osv", keep)))
        .collect();
    insta::assert_snapshot!("osv_refusals", refusals.join("\n"));
}

#[test]
fn details_are_cut_within_no_letter() {
    let text = format!(r#"{{"id": "X-1", "modified": "2026-01-01T00:00:00Z", "details": "{}"}}"#, "ä".repeat(20_000));
    let (advisories, _) = all(|keep| osv::read(&text, "osv", keep));
    let details = advisories[0].details.as_deref().expect("details");
    assert_eq!((details.len(), details.ends_with("ä…")), (16 * 1024 + '…'.len_utf8(), true));
}

pub(crate) const GRAPHQL: &str = r#"{
    "ghsaId": "GHSA-aaaa-bbbb-cccc", "identifiers": [{"value": "GHSA-aaaa-bbbb-cccc"}, {"value": "CVE-2026-1000"}],
    "summary": "A hole", "severity": "HIGH", "publishedAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-02-01T00:00:00Z",
    "withdrawnAt": null, "cvss": {"vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},
    "cwes": {"nodes": [{"cweId": "CWE-79"}]}, "references": [{"url": "https://example.org"}],
    "vulnerabilities": {"edges": [
        {"node": {"package": {"ecosystem": "PIP", "name": "Hole"}, "vulnerableVersionRange": "> 1.0, < 2.0", "firstPatchedVersion": {"identifier": "2.0"}}},
        {"node": {"package": {"ecosystem": "PIP", "name": "Hole"}, "vulnerableVersionRange": "= 3.0", "firstPatchedVersion": null}}
    ]}
}"#;

#[test]
fn both_of_githubs_answers_say_the_same() {
    let rest = r#"{
        "ghsa_id": "GHSA-aaaa-bbbb-cccc", "cve_id": "CVE-2026-1000", "summary": "A hole", "severity": "high",
        "published_at": "2026-01-01T00:00:00Z", "updated_at": "2026-02-01T00:00:00Z", "withdrawn_at": null,
        "cvss_severities": {"cvss_v3": {"vector_string": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}, "cvss_v4": {"vector_string": null}},
        "cwes": [{"cwe_id": "CWE-79"}], "references": ["https://example.org"],
        "vulnerabilities": [
            {"package": {"ecosystem": "pip", "name": "Hole"}, "vulnerable_version_range": "> 1.0, < 2.0", "first_patched_version": "2.0"},
            {"package": {"ecosystem": "pip", "name": "Hole"}, "vulnerable_version_range": "= 3.0", "first_patched_version": null}
        ]
    }"#;
    let (graphql, _) = all(|keep| github::read(GRAPHQL, keep));
    let (rest, _) = all(|keep| github::read(rest, keep));
    assert_eq!(graphql, rest);
    insta::assert_snapshot!("github", shown(&graphql));
}

#[test]
fn githubs_lists_are_read_in_each_form() {
    let wrapped = format!(r#"{{"data": {{"securityAdvisories": {{"nodes": [{GRAPHQL}, {{}}]}}}}}}"#);
    let (advisories, warnings) = all(|keep| github::read(&wrapped, keep));
    assert_eq!((advisories.len(), warnings.len()), (1, 1));
    let (advisories, warnings) = all(|keep| github::read(&format!("[{GRAPHQL}, 1]"), keep));
    assert_eq!((advisories.len(), warnings.len()), (1, 1));
    insta::assert_snapshot!(refused(|keep| github::read("{}", keep)), @"the document is not an answer of GitHub's advisory APIs: it has neither `ghsaId` nor `ghsa_id`");
}

#[test]
fn a_fix_after_the_last_affected_version_is_kept() {
    let text = r#"{"ghsa_id": "GHSA-a", "vulnerabilities": [{"package": {"ecosystem": "maven", "name": "g:a"},
        "vulnerable_version_range": "<= 2.9.10.3", "first_patched_version": "2.9.10.4"}]}"#;
    let (advisories, _) = all(|keep| github::read(text, keep));
    let events = &advisories[0].affected[0].ranges[0].events;
    let expected = [("0"), ("2.9.10.3"), ("2.9.10.4")];
    assert_eq!(events.iter().map(Event::version).collect::<Vec<_>>(), expected);
}

pub(crate) const NVD: &str = r#"{"vulnerabilities": [{"cve": {
    "id": "CVE-2026-1000", "published": "2026-01-01T00:00:00.000", "lastModified": "2026-02-01T00:00:00.000", "vulnStatus": "Analyzed",
    "cisaExploitAdd": "2026-01-05", "descriptions": [{"lang": "es", "value": "Un agujero"}, {"lang": "en", "value": "A hole"}],
    "metrics": {"cvssMetricV2": [{"source": "nvd@nist.gov", "cvssData": {"vectorString": "AV:N/AC:L/Au:N/C:P/I:P/A:P"}}]},
    "weaknesses": [{"description": [{"lang": "en", "value": "CWE-79"}]}],
    "configurations": [{"operator": "AND", "nodes": [
        {"operator": "OR", "negate": false, "cpeMatch": [{"vulnerable": true, "criteria": "cpe:2.3:a:v:hole:*:*:*:*:*:*:*:*", "versionStartIncluding": "1", "versionEndExcluding": "2"}]},
        {"operator": "OR", "negate": false, "cpeMatch": [{"vulnerable": false, "criteria": "cpe:2.3:o:v:windows:-:*:*:*:*:*:*:*"}]}]}],
    "references": [{"url": "https://example.org", "tags": ["Exploit", "Patch"]}]
}}, {"cve": {"id": "CVE-2026-1001", "vulnStatus": "Rejected", "lastModified": "2026-02-01T00:00:00.000"}}, {"cve": 1}]}"#;

#[test]
fn a_page_of_nvd_is_read() {
    let (advisories, warnings) = all(|keep| nvd::read(NVD, keep));
    insta::assert_snapshot!("nvd", shown(&advisories));
    assert_eq!(advisories[0].configurations[0].operator, Operator::All);
    assert_eq!(warnings[0].at, "/vulnerabilities/2");
    assert!(refused(|keep| nvd::read("{}", keep)).starts_with("the document is not an answer of NVD's API 2.0"));
    assert!(refused(|keep| nvd::read(&NVD[..500], keep)).starts_with("the document is not an answer of NVD's API 2.0"));
}

pub(crate) const CVE: &str = r#"{
    "dataType": "CVE_RECORD", "cveMetadata": {"cveId": "CVE-2026-1000", "state": "PUBLISHED", "datePublished": "2026-01-01T00:00:00.000Z", "dateUpdated": "2026-02-01T00:00:00"},
    "containers": {"cna": {
        "title": "A hole", "descriptions": [{"lang": "en", "value": "It is deep."}], "providerMetadata": {"shortName": "apache"},
        "metrics": [{"other": {"type": "Textual description of severity", "content": {"text": "moderate"}}}],
        "problemTypes": [{"descriptions": [{"lang": "en", "description": "CWE-20 Improper Input Validation"}]}],
        "affected": [
            {"collectionURL": "https://repo.maven.example/", "packageName": "org.example:hole", "defaultStatus": "unaffected", "versions": [
                {"version": "1.21", "status": "affected", "lessThan": "1.26.0"}, {"version": "1.30", "status": "affected"}, {"version": "1.31", "status": "unaffected"}]},
            {"vendor": "v", "product": "p", "versions": [{"version": "1", "status": "affected"}]}],
        "references": [{"url": "https://example.org/a", "tags": ["vendor-advisory"]}]
    }, "adp": [{
        "providerMetadata": {"shortName": "CISA-ADP"}, "problemTypes": [{"descriptions": [{"cweId": "CWE-79"}]}],
        "metrics": [{"cvssV3_1": {"vectorString": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}},
            {"other": {"type": "ssvc", "content": {"options": [{"Exploitation": "Active"}, {"Automatable": "No"}, {"Technical Impact": "Total"}]}}},
            {"other": {"type": "kev", "content": {"dateAdded": "2026-01-05"}}}],
        "affected": [{"cpes": ["cpe:2.3:a:v:hole:*:*:*:*:*:*:*:*"], "versions": [{"version": "< 2.0", "status": "affected"}, {"version": "3", "status": "affected", "lessThanOrEqual": "4"}]}],
        "references": [{"url": "https://example.org/a", "tags": ["exploit"]}]
    }]}
}"#;

#[test]
fn a_cve_record_is_read_with_what_others_add() {
    let (advisories, warnings) = all(|keep| cve::read(CVE, keep));
    insta::assert_snapshot!("cve", shown(&advisories));
    assert_eq!(warnings, []);
    let rejected = r#"{"cveMetadata": {"cveId": "CVE-2026-1", "state": "REJECTED"}, "containers": {"cna": {"rejectedReasons": [{"lang": "en", "value": "a mistake"}]}}}"#;
    let (advisories, warnings) = all(|keep| cve::read(&format!("[{rejected}, {{}}]"), keep));
    assert!(advisories[0].withdrawn.is_some());
    assert_eq!(warnings.len(), 1);
    assert!(
        refused(|keep| cve::read("{}", keep))
            .starts_with("the document is not a CVE record of version 5: missing field")
    );
}

#[test]
fn the_table_of_epss_is_read_with_and_without_its_comment() {
    let rows = "cve,epss,percentile\nCVE-2026-1000,0.5,0.75\nCVE-2026-1001,2,0.75\nx,0,0\n";
    let read = |text: &str| {
        let mut scores = Vec::new();
        epss::read(text, &mut |score| {
            scores.push((score.vulnerability.to_owned(), score.probability, score.percentile))
        })
        .map(|edition| (edition, scores))
    };
    let (edition, scores) =
        read(&format!("#model_version:v4,score_date:2026-11-20T00:00:00+0000\n{rows}")).expect("a table");
    assert_eq!(scores, [("CVE-2026-1000".to_owned(), 0.5, 0.75)]);
    assert_eq!(
        (edition.model.as_deref(), edition.scored.map(|at| at.to_string()).as_deref()),
        (Some("v4"), Some("2026-11-20T00:00:00Z"))
    );
    let places: Vec<_> = edition.warnings.iter().map(|warning| warning.at.as_str()).collect();
    assert_eq!(places, ["line 4", "line 5"]);
    assert_eq!(read(rows).expect("a table").0.model, None);
    let refusals: Vec<_> = ["", "a,b\n1,2\n", "cve,epss,percentile\n"]
        .iter()
        .map(|text| read(text).expect_err("no table").to_string())
        .collect();
    insta::assert_snapshot!(refusals.join("\n"), @"
    the document is not the table of EPSS: expected `cve,epss,percentile`, found ``
    the document is not the table of EPSS: expected `cve,epss,percentile`, found `a,b`
    the table of EPSS holds no score, which cannot be
    ");
}

#[test]
fn the_ends_of_life_are_read_in_both_forms() {
    let older = r#"[{"cycle": "3.12", "releaseDate": "2023-10-02", "eol": "2028-10-31", "latest": "3.12.1", "latestReleaseDate": "2023-12-08"},
        {"cycle": 2, "eol": true}, {"cycle": "4", "eol": false, "extendedSupport": false}, {}]"#;
    let version_1 = r#"{"schema_version": "1.0.0", "result": {"name": "python", "identifiers": [{"type": "purl", "id": "pkg:generic/python"}], "releases": [
        {"name": "3.12", "releaseDate": "2023-10-02", "isEol": false, "eolFrom": "2028-10-31", "latest": {"name": "3.12.1", "date": "2023-12-08"}},
        {"name": "2", "isEol": true, "eolFrom": null}, {"name": "4", "isEol": false}, 7]}}"#;
    let (older, version_1) =
        (end_of_life::read(older).expect("a product"), end_of_life::read(version_1).expect("a product"));
    assert_eq!(older.lines, version_1.lines);
    assert_eq!(
        (older.lines[0].latest.as_deref(), &older.lines[0].end),
        (Some("3.12.1"), &End::On("2028-10-31".to_owned()))
    );
    assert_eq!((&older.lines[1].end, &older.lines[2].end), (&End::Ended, &End::Open));
    assert_eq!((older.warnings[0].at.as_str(), version_1.warnings[0].at.as_str()), ("/3", "/result/releases/3"));
    assert_eq!((version_1.name.as_deref(), version_1.identifiers.len()), (Some("python"), 1));
    assert!(end_of_life::read("{}").is_err() && end_of_life::read("[]").is_err() && end_of_life::read("x").is_err());
}
