//! A release beside another: what was added, removed, changed and fixed, and what cannot be compared.

use crate::evidence::late_in_2026;
use crate::portfolio::team_token;
use crate::releases::cart;
use crate::test_app::TestApp;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shipworthy_model::Permission;

/// An inventory of these package URLs, each with a licence.
fn inventory(components: &[(&str, &str)]) -> Vec<u8> {
    let component = |(purl, license): &(&str, &str)| {
        let (name, version) = purl.rsplit_once('/').expect("a name").1.split_once('@').expect("a version");
        json!({ "bom-ref": purl, "type": "library", "name": name, "version": version, "purl": purl,
            "licenses": [{ "license": { "id": license } }] })
    };
    let components: Vec<Value> = components.iter().map(component).collect();
    json!({ "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "components": components })
        .to_string()
        .into_bytes()
}

/// A scan that found these vulnerabilities in packages of npm.
fn scan(found: &[(&str, &str, &str, &str)]) -> Vec<u8> {
    let vulnerability = |(id, package, version, severity): &(&str, &str, &str, &str)| {
        json!({ "VulnerabilityID": id, "PkgName": package, "InstalledVersion": version, "Severity": severity,
            "PkgIdentifier": { "PURL": format!("pkg:npm/{package}@{version}") }, "FixedVersion": "9.0.0" })
    };
    let all: Vec<Value> = found.iter().map(vulnerability).collect();
    let results = json!([{ "Target": "a", "Class": "lang-pkgs", "Type": "npm", "Vulnerabilities": all }]);
    json!({ "SchemaVersion": 2, "ArtifactName": "a", "ArtifactType": "container_image", "Results": results })
        .to_string()
        .into_bytes()
}

async fn release_of(app: &TestApp, token: &str, version: &str, documents: &[Vec<u8>]) -> String {
    app.wait(SignedDuration::from_mins(1));
    let mut body = cart(version);
    body["commit"] = json!(shipworthy_model::Digest::of(version.as_bytes()).hex());
    let release = app.post("/releases", token, body).await.text("/id");
    let pushed = app.push(token, json!({ "release": release }), documents).await;
    assert!(documents.is_empty() || pushed.status == 201, "{}", pushed.body);
    release
}

async fn two(app: &TestApp, token: &str) -> [String; 2] {
    let before = [
        inventory(&[
            ("pkg:npm/basket@1.9.0", "MIT"),
            ("pkg:npm/pricetag@2.0.0", "MIT"),
            ("pkg:npm/till@1.0.0", "ISC"),
            ("pkg:pypi/stock@1.0", "MIT"),
        ]),
        scan(&[
            ("CVE-2026-1", "basket", "1.9.0", "HIGH"),
            ("CVE-2026-2", "basket", "1.9.0", "CRITICAL"),
            ("CVE-2026-3", "pricetag", "2.0.0", "LOW"),
        ]),
    ];
    let after = [
        inventory(&[
            ("pkg:npm/basket@1.10.0", "MIT"),
            ("pkg:npm/pricetag@1.9.0", "GPL-3.0-only"),
            ("pkg:npm/receipt@0.1.0", "MIT"),
            ("pkg:pypi/stock@1.0", "MIT"),
        ]),
        scan(&[
            ("CVE-2026-1", "basket", "1.10.0", "HIGH"),
            ("CVE-2026-4", "receipt", "0.1.0", "MEDIUM"),
            ("CVE-2026-3", "pricetag", "1.9.0", "LOW"),
        ]),
    ];
    [release_of(app, token, "1.4.0", &before).await, release_of(app, token, "1.5.0", &after).await]
}

#[tokio::test]
async fn a_release_is_compared_with_the_one_before() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let [before, after] = two(&app, &root).await;
        let compared = app.get(&format!("/releases/{after}/comparison"), &root).await;
        let named = app.get(&format!("/releases/{after}/comparison?with={before}"), &root).await;
        assert_eq!(compared.bytes, named.bytes);
        let backwards = app.get(&format!("/releases/{before}/comparison?with={after}"), &root).await;
        let first = app.get(&format!("/releases/{before}/comparison"), &root).await;
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("comparison_with_the_one_before", compared.whole());
            insta::assert_json_snapshot!("comparison_backwards", backwards.body["components"]);
            insta::assert_json_snapshot!("comparison_of_the_first_release", first.whole());
        }
    }
}

#[tokio::test]
async fn what_one_of_the_two_was_not_looked_at_for_is_not_compared() {
    for app in late_in_2026().await {
        let root = app.root().await;
        release_of(&app, &root, "1.0.0", &[scan(&[("CVE-2026-1", "basket", "1.9.0", "HIGH")])]).await;
        let without_scan = release_of(&app, &root, "1.1.0", &[inventory(&[("pkg:npm/basket@1.9.0", "MIT")])]).await;
        let compared = app.get(&format!("/releases/{without_scan}/comparison"), &root).await;
        insta::allow_duplicates! { insta::assert_json_snapshot!("comparison_without_a_scan", compared.whole()) };
    }
}

#[tokio::test]
async fn without_a_scan_what_components_match_is_compared() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let record = json!({
            "schema_version": "1.7.0", "id": "GHSA-aaaa-bbbb-cccc", "modified": "2026-11-01T00:00:00Z",
            "aliases": ["CVE-2026-9"], "summary": "Baskets overflow",
            "affected": [{ "package": { "ecosystem": "npm", "name": "basket" },
                "ranges": [{ "type": "SEMVER", "events": [{ "introduced": "0" }, { "fixed": "2.0.0" }] }] }]
        });
        let imported = app.import(&root, record.to_string().into_bytes()).await;
        assert_eq!(imported.status, 200, "{}", imported.body);
        let scanned =
            [inventory(&[("pkg:npm/basket@1.9.0", "MIT")]), scan(&[("CVE-2026-1", "unseen", "1.0.0", "HIGH")])];
        release_of(&app, &root, "1.0.0", &scanned).await;
        let fixed = release_of(&app, &root, "1.1.0", &[inventory(&[("pkg:npm/basket@2.0.0", "MIT")])]).await;
        let broken = release_of(&app, &root, "1.2.0", &[inventory(&[("pkg:npm/basket@1.0.0", "MIT")])]).await;
        let mut told = Vec::new();
        for release in [fixed, broken] {
            let compared = app.get(&format!("/releases/{release}/comparison"), &root).await.body;
            let rules = |list: &str| -> Vec<Value> {
                let items = compared["findings"][list]["items"].as_array().expect("items");
                items.iter().map(|item| item["rule"].clone()).collect()
            };
            told.push(json!({ "added": rules("added"), "fixed": rules("fixed"), "same": rules("same"),
                "not_compared": compared["not_compared"] }));
        }
        insta::allow_duplicates! { insta::assert_json_snapshot!("comparison_by_matches", told) };
    }
}

#[tokio::test]
async fn each_list_is_paged_by_itself() {
    let app = &late_in_2026().await[0];
    let root = app.root().await;
    let purls: Vec<String> = (10..35).map(|n| format!("pkg:npm/c{n}@1.0.0")).collect();
    let many: Vec<(&str, &str)> = purls.iter().map(|purl| (purl.as_str(), "MIT")).collect();
    release_of(app, &root, "1.0.0", &[inventory(&[("pkg:npm/a@1.0.0", "ISC")])]).await;
    let after = release_of(app, &root, "1.1.0", &[inventory(&many)]).await;
    let mut names = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = app.get(&format!("/releases/{after}/comparison?limit=10{cursor}"), &root).await;
        let added = &page.body["components"]["added"];
        assert_eq!(added["total"], 25);
        let removed = page.body["components"]["removed"]["items"].as_array().expect("items").len();
        assert_eq!(removed, usize::from(cursor.is_empty()), "other lists are on their first page");
        names.extend(added["items"].as_array().expect("items").iter().map(|item| item["name"].clone()));
        match added["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(names, (10..35).map(|n| json!(format!("c{n}"))).collect::<Vec<_>>());
}

#[tokio::test]
async fn only_releases_that_one_sees_are_compared() {
    let app = &late_in_2026().await[0];
    let root = app.root().await;
    let [before, after] = two(app, &root).await;
    let stranger = team_token(app, &root, "pirates", &[Permission::Read, Permission::Push]).await;
    let own = json!({ "application": "boat", "service": "sail", "version": "1", "team": "pirates" });
    let own = app.post("/releases", &stranger, own).await.text("/id");
    let mut answers = Vec::new();
    for (release, with) in [(&after, &before), (&own, &before)] {
        let answer = app.get(&format!("/releases/{release}/comparison?with={with}"), &stranger).await;
        answers.push(answer.status.as_u16());
    }
    let no_id = app.get(&format!("/releases/{after}/comparison?with=1.4.0"), &root).await;
    answers.push(no_id.status.as_u16());
    assert_eq!(answers, [404, 404, 422]);
}
