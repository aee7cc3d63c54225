//! Releases: made once, never changed, and only where the caller may.

use crate::portfolio::{environments, team_token};
use crate::test_app::{TestApp, unused_id};
use serde_json::{Value, json};
use shipworthy_model::{ApplicationId, Digest, Permission, Scope};

pub(crate) const COMMIT: &str = "3f2a9c1d5e7b8a6094c1f0e2d3b4a5968778695a";

pub(crate) fn digest(of: &str) -> String {
    Digest::of(of.as_bytes()).to_string()
}

/// A whole description of a release of the cart.
pub(crate) fn cart(version: &str) -> Value {
    json!({
        "application": "shop", "service": "cart", "version": version,
        "repository": "https://git.example/shop/cart", "branch": "main", "commit": COMMIT.to_uppercase(),
        "build": format!("Jenkins/cart/{version}"),
        "artifacts": [{ "digest": digest(version), "name": format!("registry.example/shop/cart:{version}") }],
    })
}

fn with(mut body: Value, field: &str, value: Value) -> Value {
    body[field] = value;
    body
}

#[tokio::test]
async fn the_same_release_again_is_the_same_release() {
    for app in TestApp::both().await {
        let root = app.root().await;
        let made = app.post("/releases", &root, cart("1.4.0")).await;
        let again = app.post("/releases", &root, cart("1.4.0")).await;
        assert_eq!((made.status.as_u16(), again.status.as_u16()), (201, 200));
        assert_eq!(made.body, again.body);
        let got = app.get(&format!("/releases/{}", made.text("/id")), &root).await;
        assert_eq!(got.body, made.body);
        let log = app.get("/audit?limit=10", &root).await;
        let said: Vec<&Value> = log.body["items"].as_array().expect("items").iter().map(|e| &e["summary"]).collect();
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("release_made", made.whole());
            insta::assert_json_snapshot!("release_in_the_audit_log", said);
        }
    }
}

#[tokio::test]
async fn a_release_never_changes() {
    for app in TestApp::both().await {
        let root = app.root().await;
        app.post("/releases", &root, cart("1.4.0")).await;
        let other_commit = with(cart("1.4.0"), "commit", json!("0".repeat(40)));
        let other_image = with(cart("1.4.0"), "artifacts", json!([{ "digest": digest("other"), "kind": "file" }]));
        let other_team = with(cart("1.5.0"), "team", json!("pirates"));
        let mut refused = Vec::new();
        for body in [other_commit, other_image, other_team] {
            refused.push(app.post("/releases", &root, body).await.whole());
        }
        insta::allow_duplicates! { insta::assert_json_snapshot!("release_with_other_content", refused) };
    }
}

#[tokio::test]
async fn a_release_cannot_name_the_digest_of_another_application() {
    for app in TestApp::both().await {
        let root = app.root().await;
        app.post("/releases", &root, cart("1.4.0")).await;
        let sibling = with(with(cart("1.4.0"), "service", json!("checkout")), "build", json!("jenkins/checkout/1"));
        assert_eq!(app.post("/releases", &root, sibling).await.status, 201, "the same application may share");
        let thief = app.post("/releases", &root, with(cart("1.4.0"), "application", json!("pirates"))).await;
        insta::allow_duplicates! { insta::assert_json_snapshot!("release_with_anothers_digest", thief.whole()) };
        let applications = app.get("/applications", &root).await;
        assert!(!applications.body.to_string().contains("pirates"), "nothing is half recorded: {}", applications.body);
    }
}

#[tokio::test]
async fn what_cannot_be_accepted_is_refused_with_its_place() {
    let app = TestApp::sqlite().await;
    let root = app.root().await;
    let mut refused = Vec::new();
    for (field, value) in [
        ("commit", json!("3f2a9c1")),
        ("build", json!("jenkins")),
        ("version", json!("")),
        ("service", json!("<script>")),
        ("branch", json!("a\nb")),
        ("artifacts", json!([{ "digest": "sha256:abc" }])),
        ("artifacts", json!([{ "digest": digest("a"), "kind": "ship" }])),
        ("artifacts", json!([{ "digest": digest("a") }, { "digest": digest("a") }])),
        ("comit", json!("typo")),
    ] {
        let answer = app.post("/releases", &root, with(cart("1.4.0"), field, value)).await;
        assert_eq!(answer.status, 422, "{field}");
        refused.push(answer.body);
    }
    insta::assert_json_snapshot!("releases_refused", refused);
    assert_eq!(app.get("/applications", &root).await.body, json!({ "items": [] }), "nothing is half recorded");
}

#[tokio::test]
async fn a_token_creates_releases_in_its_scope_only() {
    for app in TestApp::both().await {
        let root = app.root().await;
        let of_team = team_token(&app, &root, "harbour", &[Permission::Push]).await;
        let first = app.post("/releases", &of_team, cart("1.0.0")).await;
        assert_eq!((first.status.as_u16(), first.text("/team/name").as_str()), (201, "harbour"));

        let shop = ApplicationId(first.text("/application/id").parse().expect("an id"));
        let of_shop = app.token("carl", &[Permission::Push], Scope::Application(shop)).await;
        assert_eq!(app.post("/releases", &of_shop, cart("1.1.0")).await.status, 201);
        app.post("/releases", &root, json!({ "application": "bank", "service": "ledger", "version": "1" })).await;
        for token in [&of_shop, &of_team] {
            let foreign =
                app.post("/releases", token, json!({ "application": "bank", "service": "x", "version": "1" })).await;
            insta::allow_duplicates! { insta::assert_json_snapshot!("release_of_a_foreign_application", foreign.whole()) };
        }
        let body = json!({ "application": "unheard", "service": "x", "version": "1" });
        let unheard = app.post("/releases", &of_shop, body.clone()).await;
        assert_eq!(unheard.status, 404, "who pushes for one application makes no other");
        assert_eq!(app.post("/releases", &of_team, body).await.status, 201, "a team makes its own");
    }
}

#[tokio::test]
async fn releases_are_listed_by_filter_and_page() {
    for app in TestApp::both().await {
        let root = app.root().await;
        for version in ["1.0.0", "1.1.0", "1.2.0"] {
            app.post("/releases", &root, cart(version)).await;
        }
        let mut found = Vec::new();
        let artifact = format!("artifact={}", digest("1.1.0"));
        let commit = format!("commit={}", &COMMIT[..9]);
        for query in ["limit=2", "q=1.2", "service=cart&application=shop", "service=other", &artifact, &commit] {
            let listed = app.get(&format!("/releases?{query}"), &root).await;
            let versions: Vec<&Value> =
                listed.body["items"].as_array().expect("items").iter().map(|r| &r["version"]).collect();
            found.push(json!([versions, listed.body.get("next_cursor").is_some()]));
        }
        assert_eq!(
            json!(found),
            json!([
                [["1.2.0", "1.1.0"], true],
                [["1.2.0"], false],
                [["1.2.0", "1.1.0", "1.0.0"], false],
                [[], false],
                [["1.1.0"], false],
                [["1.2.0", "1.1.0", "1.0.0"], false],
            ])
        );
        let no_digest = app.get("/releases?artifact=latest", &root).await;
        assert_eq!(no_digest.status, 422, "{}", no_digest.body);
    }
}

#[tokio::test]
async fn an_approval_is_a_persons_word_given_once() {
    for app in TestApp::both().await {
        let root = app.root().await;
        environments(&app, &root).await;
        let release = app.post("/releases", &root, cart("1.4.0")).await.text("/id");
        let approver = app.token("grace", &[Permission::Approve], Scope::Everything).await;
        let path = format!("/releases/{release}/approvals");
        let body = json!({ "environment": "production", "comment": "looked at it" });
        let given = app.post(&path, &approver, body.clone()).await;
        let again = app.post(&path, &approver, body).await;
        assert_eq!((given.status.as_u16(), again.status.as_u16(), &given.body), (201, 200, &again.body));
        let nowhere = app.post(&path, &approver, json!({ "environment": "moon" })).await;
        let listed = app.get(&path, &root).await;
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("approval_given", given.whole());
            insta::assert_json_snapshot!("approval_for_nowhere", nowhere.whole());
            insta::assert_json_snapshot!("approvals_listed", listed.whole());
        }
        let missing = app.get(&format!("/releases/{}/approvals", unused_id()), &root).await;
        assert_eq!(missing.status, 404);
    }
}
