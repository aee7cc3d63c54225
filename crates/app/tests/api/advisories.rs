//! Vulnerability data from outside: imported in any order and as often as one likes, and what is known from it.

use crate::evidence::late_in_2026;
use crate::portfolio::team_token;
use crate::test_app::{Answer, TestApp};
use axum::body::Body;
use axum::http::{Request, header};
use serde_json::{Value, json};
use shipworthy_model::Permission;
use std::path::Path;

fn sample(name: &str) -> Vec<u8> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../advisories/samples").join(name);
    std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

const ALL: [&str; 4] = ["osv.json", "cve.json", "epss.csv", "known-exploited.json"];

/// A tar archive as any tool writes it.
fn archive(documents: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = Vec::new();
    for (name, document) in documents {
        let mut header = [0_u8; 512];
        header[..name.len()].copy_from_slice(name.as_bytes());
        header[124..135].copy_from_slice(format!("{:011o}", document.len()).as_bytes());
        header[148..157].copy_from_slice(b"        0");
        header[257..265].copy_from_slice(b"ustar\x0000");
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        archive.extend(header);
        archive.extend(document);
        archive.resize(archive.len().next_multiple_of(512), 0);
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

impl TestApp {
    pub(crate) async fn import(&self, token: &str, body: Vec<u8>) -> Answer {
        let request =
            Request::post("/api/v1/advisories/import").header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::from(body)).expect("well formed")).await
    }
}

fn everything() -> Vec<u8> {
    archive(&ALL.map(|name| (name, sample(name))))
}

#[tokio::test]
async fn an_archive_of_all_sources_is_imported_and_told_by_any_id() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let first = app.import(&root, everything()).await;
        let again = app.import(&root, everything()).await;
        let loaded = app.get("/advisories", &root).await;
        let by_cve = app.get("/vulnerabilities/CVE-2026-90001", &root).await;
        let by_alias = app.get("/vulnerabilities/GHSA-9m3x-c2jp-5v3q", &root).await;
        let log = app.get("/audit?action=advisories", &root).await;
        let log: Vec<_> = log.body["items"].as_array().expect("items").iter().map(|entry| &entry["summary"]).collect();
        assert_eq!(by_cve.body, by_alias.body);
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("advisories_are_imported", json!([first.whole(), again.whole()]));
            insta::assert_json_snapshot!("advisories_are_loaded", loaded.whole());
            insta::assert_json_snapshot!("a_vulnerability", by_cve.whole());
            insta::assert_json_snapshot!("imports_in_the_audit_log", log);
        }
    }
}

#[tokio::test]
async fn what_is_broken_in_an_archive_is_left_out_and_told() {
    for app in TestApp::both().await {
        let root = app.root().await;
        let documents = [
            ("labels.json", sample("broken.json")),
            ("notes.json", br#"{"hello": "world"}"#.to_vec()),
            ("cut.json", sample("cve.json")[..200].to_vec()),
            ("good.json", sample("osv.json")),
        ];
        let imported = app.import(&root, archive(&documents)).await;
        let known = app.get("/vulnerabilities/SHOP-2026-1", &root).await;
        assert_eq!(known.text("/name"), "CVE-2026-90001");
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("a_broken_archive", imported.whole());
        }
    }
}

#[tokio::test]
async fn what_is_no_vulnerability_data_is_refused_and_the_good_data_stays() {
    for app in TestApp::both().await {
        let root = app.root().await;
        let empty = app.get("/vulnerabilities/CVE-2026-90001", &root).await;
        assert_eq!(app.import(&root, everything()).await.status, 200);
        let other = app.import(&root, br#"{"bomFormat": "CycloneDX"}"#.to_vec()).await;
        let short = app.import(&root, b"cve,epss,percentile\nCVE-2026-90001,0.5,0.5\n".to_vec()).await;
        let end_of_life = app.import(&root, br#"[{"cycle": "1", "eol": false}]"#.to_vec()).await;
        let governor = team_token(&app, &root, "payments", &[Permission::Read, Permission::Govern]).await;
        let forbidden = app.import(&governor, everything()).await;
        let unknown = app.get("/vulnerabilities/CVE-2026-99999", &root).await;
        let small = app.get("/vulnerabilities/cve-2026-90001", &root).await;
        let loaded = app.get("/advisories", &root).await;
        let answers: Vec<Value> =
            [other, short, end_of_life, forbidden, empty, unknown, small, loaded].iter().map(Answer::whole).collect();
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("refused_vulnerability_data", answers);
        }
    }
}

/// Records that hang together in several ways: through each other, through a CVE id, and about two of them.
fn linked() -> Vec<(&'static str, Vec<&'static str>)> {
    vec![
        ("GHSA-1111-1111-1111", vec!["CVE-2026-90010"]),
        ("PYSEC-2026-1", vec!["GHSA-1111-1111-1111"]),
        ("SHOP-1", vec!["PYSEC-2026-1"]),
        ("DSA-1-1", vec!["CVE-2026-90010", "CVE-2026-90011"]),
        ("CVE-2026-90011", vec!["GHSA-2222-2222-2222"]),
        ("GO-2026-1", vec!["RUSTSEC-2026-1"]),
        ("RUSTSEC-2026-1", vec!["GHSA-3333-3333-3333"]),
    ]
}

fn record(id: &str, aliases: &[&str], modified: &str) -> Vec<u8> {
    json!({ "schema_version": "1.7.0", "id": id, "aliases": aliases, "modified": modified }).to_string().into_bytes()
}

async fn names(app: &TestApp, root: &str) -> Vec<Value> {
    let mut ids: Vec<&str> = linked().into_iter().flat_map(|(id, aliases)| [vec![id], aliases].concat()).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut names = Vec::new();
    for id in ids {
        let known = app.get(&format!("/vulnerabilities/{id}"), root).await;
        names.push(json!([id, known.body["ids"], known.body["covers"], known.body["named_by"]]));
    }
    names
}

#[tokio::test]
async fn ids_join_the_same_way_in_every_order_and_part_again() {
    let count = linked().len();
    for turn in 0..3 {
        for app in TestApp::both().await {
            let root = app.root().await;
            for step in 0..count {
                let (id, aliases) = &linked()[(step * [1, 3, 5][turn] + turn) % count];
                assert_eq!(app.import(&root, record(id, aliases, "2026-02-01T00:00:00Z")).await.status, 200);
            }
            let joined = names(&app, &root).await;
            let older = record("PYSEC-2026-1", &[], "2026-01-01T00:00:00Z");
            assert_eq!(app.import(&root, older).await.body["sources"][0]["changed"], 0);
            assert_eq!(names(&app, &root).await, joined, "an older state changes nothing");
            let later = record("PYSEC-2026-1", &[], "2026-02-02T00:00:00Z");
            assert_eq!(app.import(&root, later).await.body["sources"][0]["changed"], 1);
            let parted = names(&app, &root).await;
            insta::allow_duplicates! {
                insta::assert_json_snapshot!("ids_that_are_joined", joined);
                insta::assert_json_snapshot!("ids_that_part_again", parted);
            }
        }
    }
}
