//! What a document of vulnerability data is, by what stands at its top.

use shipworthy_advisories::source::Kind;

#[test]
fn every_source_is_known_by_its_top() {
    for (document, kind) in [
        (r#"{"id": "GHSA-aaaa-bbbb-cccc", "modified": "2026-01-01T00:00:00Z"}"#, Kind::Osv),
        (r#"{"vulns": []}"#, Kind::Osv),
        (r#"[{"id": "RUSTSEC-2026-0001", "affected": []}]"#, Kind::Osv),
        ("id: GO-2026-0001\nmodified: 2026-01-01T00:00:00Z\n", Kind::Osv),
        (r#"{"data": {"securityAdvisories": {"nodes": []}}}"#, Kind::GitHub),
        (r#"[{"ghsa_id": "GHSA-aaaa-bbbb-cccc", "id": 7}]"#, Kind::GitHub),
        (r#"{"resultsPerPage": 1, "vulnerabilities": []}"#, Kind::Nvd),
        (r#"{"cve": {"id": "CVE-2026-90001"}}"#, Kind::Nvd),
        (r#"{"dataType": "CVE_RECORD", "cveMetadata": {}}"#, Kind::Cve),
        (r#"{"document": {"csaf_version": "2.0"}}"#, Kind::Csaf),
        ("\u{feff}cve,epss,percentile\n", Kind::Epss),
        ("#model_version:v2025.03.14\ncve,epss,percentile\n", Kind::Epss),
        (r#"{"catalogVersion": "2026.11.20", "vulnerabilities": []}"#, Kind::KnownExploited),
        (r#"[{"cycle": "3.12"}]"#, Kind::EndOfLife),
    ] {
        assert_eq!(Kind::of(document), Ok(kind), "{document}");
    }
}

#[test]
fn what_is_something_else_is_told_by_how_it_begins() {
    let told = |document: &str| Kind::of(document).expect_err("it is something else").to_string();
    for document in ["", "[]", "{}", "<html>", r#"{"bomFormat": "CycloneDX", "vulnerabilities": []}"#] {
        let begins = document.lines().next().unwrap_or_default();
        assert!(told(document).ends_with(&format!("found `{begins}`")), "{}", told(document));
    }
}
