//! The delivery bill of materials: the same evidence gives the same bytes, and what is missing is said.

use crate::evidence::late_in_2026;
use crate::portfolio::environments;
use crate::releases::{COMMIT, cart, digest};
use crate::test_app::{TestApp, unused_id};
use crate::upload::sample;
use jiff::SignedDuration;
use serde_json::json;
use shipworthy_model::Digest;

async fn of(app: &TestApp, token: &str, release: &str, format: &str) -> Vec<u8> {
    let answer = app.get(&format!("/releases/{release}/dbom?format={format}"), token).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.bytes
}

#[tokio::test]
async fn a_release_without_evidence_says_what_is_missing() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let bare = json!({ "application": "shop", "service": "cart", "version": "1.0.0" });
        let release = app.post("/releases", &root, bare).await.text("/id");
        let page = String::from_utf8(of(&app, &root, &release, "markdown").await).expect("text");
        insta::allow_duplicates! { insta::assert_snapshot!("dbom_without_evidence", page) };
    }
}

#[tokio::test]
async fn a_release_with_evidence_of_every_phase_is_told_whole() {
    for app in late_in_2026().await {
        let root = app.root().await;
        environments(&app, &root).await;
        let release = app.post("/releases", &root, cart("1.4.0")).await.text("/id");
        for file in [
            "github-pull-request/rest-with-reviews.json",
            "sonarqube-quality-gate/failed.json",
            "sarif/bandit.sarif",
            "jenkins-build/multibranch-pipeline.json",
            "junit/pytest.xml",
            "jacoco/shopwright-billing.xml",
            "cyclonedx-json/image-with-vulnerabilities.json",
            "trivy/image.json",
            "kube-bench/node.json",
        ] {
            app.wait(SignedDuration::from_mins(1));
            let pushed = app.push(&root, json!({ "release": release }), &[sample(file)]).await;
            assert_eq!(pushed.status, 201, "{file}: {}", pushed.body);
        }
        let started = json!({ "release": release, "environment": "test", "tool": "argo-cd" });
        let deployment = app.post("/deployments", &root, started).await.text("/id");
        let running = json!({ "running": [digest("1.4.0")] });
        let finished = app.post(&format!("/deployments/{deployment}/finish"), &root, running).await;
        assert_eq!(finished.status, 200, "{}", finished.body);
        let approval = json!({ "environment": "production", "comment": "looks fine" });
        let approved = app.post(&format!("/releases/{release}/approvals"), &root, approval).await;
        assert_eq!(approved.status, 201, "{}", approved.body);

        let bytes = of(&app, &root, &release, "json").await;
        app.wait(SignedDuration::from_hours(24));
        assert_eq!(of(&app, &root, &release, "json").await, bytes, "time alone changes nothing");
        let text = String::from_utf8(bytes).expect("text");
        let (before, after) = text.split_once(",\"digest\":\"").expect("it ends in its digest");
        assert_eq!(after, format!("{}\"}}", Digest::of(format!("{before}}}").as_bytes())));
        let page = String::from_utf8(of(&app, &root, &release, "markdown").await).expect("text");
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("dbom_of_every_phase", serde_json::from_str::<serde_json::Value>(&text).expect("JSON"));
            insta::assert_snapshot!("dbom_as_markdown", page);
        }
    }
}

#[tokio::test]
async fn another_image_than_was_released_is_told() {
    for app in late_in_2026().await {
        let root = app.root().await;
        environments(&app, &root).await;
        let release = app.post("/releases", &root, cart("1.4.0")).await.text("/id");
        let agree = async || {
            let bytes = of(&app, &root, &release, "json").await;
            serde_json::from_slice::<serde_json::Value>(&bytes).expect("JSON")["digests"].clone()
        };
        let mut told = vec![agree().await];
        let started = json!({ "release": release, "environment": "test" });
        let deployment = app.post("/deployments", &root, started).await.text("/id");
        let running = json!({ "running": [digest("something else")] });
        app.post(&format!("/deployments/{deployment}/finish"), &root, running).await;
        told.push(agree().await);
        insta::allow_duplicates! { insta::assert_json_snapshot!("digests_that_do_not_agree", told) };
    }
}

#[tokio::test]
async fn a_newer_scan_of_the_same_image_stands_for_the_older_one() {
    for app in late_in_2026().await {
        let root = app.root().await;
        let release = app.post("/releases", &root, cart("1.4.0")).await.text("/id");
        let scan = |count: usize| {
            let vulnerabilities: Vec<_> = (0..count)
                .map(|n| {
                    json!({ "VulnerabilityID": format!("CVE-2026-{n}"), "PkgName": "a", "InstalledVersion": "1",
                    "Severity": "HIGH" })
                })
                .collect();
            let results =
                json!([{ "Target": "a", "Class": "lang-pkgs", "Type": "npm", "Vulnerabilities": vulnerabilities }]);
            let scan = json!({ "SchemaVersion": 2, "ArtifactName": "a", "ArtifactType": "container_image",
                "Results": results });
            scan.to_string().into_bytes()
        };
        let about = json!({ "subjects": [digest("1.4.0")] });
        for count in [3, 1] {
            app.wait(SignedDuration::from_mins(1));
            let pushed = app.push(&root, about.clone(), &[scan(count)]).await;
            assert_eq!(pushed.status, 201, "{}", pushed.body);
        }
        let dbom = app.get(&format!("/releases/{release}/dbom"), &root).await;
        let artifact = &dbom.body["phases"][2];
        assert_eq!(artifact["evidence"][0]["is_replaced"], json!(true), "{artifact}");
        assert_eq!(artifact["evidence"][1].get("is_replaced"), None);
        let fact = artifact["facts"].as_array().expect("facts").iter().find(|fact| fact["name"] == "vulnerabilities");
        assert_eq!(fact.expect("they are known")["value"], json!("1 high"));
        let findings = app.get(&format!("/releases/{release}/findings"), &root).await;
        assert_eq!(findings.body["counts"]["high"], json!(1));
    }
}

#[tokio::test]
async fn it_is_for_those_who_may_see_the_release_in_a_form_that_exists() {
    let app = TestApp::sqlite().await;
    let root = app.root().await;
    let release = app.post("/releases", &root, cart("1.4.0")).await.text("/id");
    let absent = app.get(&format!("/releases/{}/dbom", unused_id()), &root).await;
    let form = app.get(&format!("/releases/{release}/dbom?format=pdf"), &root).await;
    assert_eq!((absent.status.as_u16(), form.status.as_u16()), (404, 422));
    let commit = app.get(&format!("/releases/{release}/dbom"), &root).await;
    assert_eq!(commit.body["release"]["commit"], json!(COMMIT));
}
