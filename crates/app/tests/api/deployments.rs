//! Deployments: requested, running, replaced, failed, rolled back, and whether the right image runs.

use crate::portfolio::environments;
use crate::releases::{cart, digest};
use crate::test_app::{Answer, TestApp};
use serde_json::{Value, json};

async fn release(app: &TestApp, root: &str, version: &str) -> String {
    app.post("/releases", root, cart(version)).await.text("/id")
}

async fn start(app: &TestApp, root: &str, release: &str) -> Answer {
    app.post("/deployments", root, json!({ "release": release, "environment": "test", "tool": "argo-cd" })).await
}

async fn act(app: &TestApp, root: &str, deployment: &str, verb: &str, body: Value) -> Answer {
    app.post(&format!("/deployments/{deployment}/{verb}"), root, body).await
}

async fn states(app: &TestApp, root: &str) -> Vec<String> {
    let listed = app.get("/deployments?environment=test", root).await;
    let items = listed.body["items"].as_array().expect("items");
    items.iter().map(|d| format!("{} {}", d["release"]["name"], d["state"]).replace('"', "")).collect()
}

#[tokio::test]
async fn a_deployment_replaces_the_one_before_and_rolling_back_brings_it_back() {
    for app in TestApp::both().await {
        let root = app.root().await;
        environments(&app, &root).await;
        let mut deployments = Vec::new();
        for version in ["1.0.0", "1.1.0"] {
            let release = release(&app, &root, version).await;
            let started = start(&app, &root, &release).await;
            let again = start(&app, &root, &release).await;
            assert_eq!((started.status.as_u16(), again.status.as_u16()), (201, 200), "a retry is no second one");
            assert_eq!(started.body, again.body);
            app.wait(jiff::SignedDuration::from_mins(5));
            let finished = act(&app, &root, &started.text("/id"), "finish", json!({})).await;
            assert_eq!(finished.status, 200, "{}", finished.body);
            deployments.push((started, finished));
        }
        assert_eq!(states(&app, &root).await, ["1.1.0 running", "1.0.0 replaced"]);
        let (started, finished) = &deployments[1];
        let back = act(&app, &root, &started.text("/id"), "rollback", json!({})).await;
        let twice = act(&app, &root, &started.text("/id"), "rollback", json!({})).await;
        assert_eq!(back.body, twice.body);
        assert_eq!(states(&app, &root).await, ["1.1.0 rolled-back", "1.0.0 running"]);
        let too_late = act(&app, &root, &started.text("/id"), "finish", json!({})).await;
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("deployment_started", started.whole());
            insta::assert_json_snapshot!("deployment_finished", finished.whole());
            insta::assert_json_snapshot!("deployment_rolled_back", back.whole());
            insta::assert_json_snapshot!("deployment_finished_too_late", too_late.whole());
        }
    }
}

#[tokio::test]
async fn an_image_that_was_not_released_is_noticed() {
    for app in TestApp::both().await {
        let root = app.root().await;
        environments(&app, &root).await;
        let release = release(&app, &root, "1.0.0").await;
        let id = start(&app, &root, &release).await.text("/id");
        let wrong = act(&app, &root, &id, "finish", json!({ "running": [digest("patched by hand")] })).await;
        assert_eq!(wrong.body["is_right_image"], json!(false));
        let right = act(&app, &root, &id, "finish", json!({ "running": [digest("1.0.0")] })).await;
        assert_eq!(right.body["is_right_image"], json!(true), "what runs is said again when it changes");
        let log = app.get("/audit?action=deployment&limit=3", &root).await;
        let said: Vec<&Value> = log.body["items"].as_array().expect("items").iter().map(|e| &e["summary"]).collect();
        assert_eq!(
            json!(said),
            json!([
                "deployed `cart` 1.0.0 to `test`",
                "deployed `cart` 1.0.0 to `test`, where another image runs",
                "began to deploy `cart` 1.0.0 to `test`",
            ])
        );
        let no_digest = act(&app, &root, &id, "finish", json!({ "running": ["latest"] })).await;
        insta::allow_duplicates! { insta::assert_json_snapshot!("running_what_is_no_digest", no_digest.whole()) };
    }
}

#[tokio::test]
async fn a_release_without_artifacts_leaves_unknown_whether_the_right_image_runs() {
    let app = TestApp::sqlite().await;
    let root = app.root().await;
    environments(&app, &root).await;
    let new = json!({ "application": "shop", "service": "cart", "version": "1" });
    let release = app.post("/releases", &root, new).await.text("/id");
    let id = start(&app, &root, &release).await.text("/id");
    let finished = act(&app, &root, &id, "finish", json!({ "running": [digest("something")] })).await;
    assert_eq!(finished.body["is_right_image"], Value::Null);
}

#[tokio::test]
async fn a_failed_deployment_leaves_running_what_ran() {
    for app in TestApp::both().await {
        let root = app.root().await;
        environments(&app, &root).await;
        let first = start(&app, &root, &release(&app, &root, "1.0.0").await).await.text("/id");
        act(&app, &root, &first, "finish", json!({})).await;
        let second = start(&app, &root, &release(&app, &root, "1.1.0").await).await.text("/id");
        let failed = act(&app, &root, &second, "fail", json!({ "reason": "no node has room" })).await;
        assert_eq!(failed.status, 200, "{}", failed.body);
        assert_eq!(states(&app, &root).await, ["1.1.0 failed", "1.0.0 running"]);
        let log = app.get("/audit?action=deployment.fail", &root).await;
        assert_eq!(log.body["items"][0]["details"], json!({ "reason": "no node has room" }));
        let back = act(&app, &root, &second, "rollback", json!({})).await;
        assert_eq!(back.status, 409, "what never ran cannot be taken back: {}", back.body);
    }
}
