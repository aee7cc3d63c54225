//! Health, readiness, metrics and what every answer carries.

use crate::test_app::TestApp;
use axum::body::Body;
use axum::http::Request;
use shipworthy_model::{Permission, Scope, TeamId};

fn get(path: &str, token: &str) -> Request<Body> {
    let builder = Request::builder().uri(path).header("authorization", format!("Bearer {token}"));
    builder.body(Body::empty()).expect("well formed")
}

#[tokio::test]
async fn a_server_whose_parts_answer_is_ready() {
    for app in TestApp::both().await {
        for (path, expected) in [("/health/live", "live\n"), ("/health/ready", "ready\n")] {
            let answer = app.send(get(path, "")).await;
            assert_eq!((answer.status.as_u16(), answer.bytes.as_slice()), (200, expected.as_bytes()), "{path}");
        }
    }
}

#[tokio::test]
async fn a_server_without_its_database_is_not_ready_but_lives() {
    for app in TestApp::both().await {
        app.app.db.close().await;
        assert_eq!(app.send(get("/health/live", "")).await.status, 200);
        let answer = app.send(get("/health/ready", "")).await;
        insta::allow_duplicates! { insta::assert_json_snapshot!("not_ready", answer.whole()) };
    }
}

#[tokio::test]
async fn metrics_are_for_those_who_read_everything() {
    let app = TestApp::sqlite().await;
    let root = app.root().await;
    let partial = app.token("eve", &[Permission::Read], Scope::Team(TeamId(crate::test_app::unused_id()))).await;
    assert_eq!(app.send(get("/metrics", "")).await.status, 401);
    assert_eq!(app.send(get("/metrics", &partial)).await.status, 403);
    let answer = app.send(get("/metrics", &root)).await;
    let text = String::from_utf8(answer.bytes).expect("text");
    assert!(
        text.contains("shipworthy_http_requests_total{method=\"GET\",route=\"/metrics\",status=\"403\"}"),
        "{text}"
    );
}

#[tokio::test]
async fn every_answer_forbids_what_a_browser_could_be_tricked_into() {
    let app = TestApp::sqlite().await;
    let answer = app.send(get("/api/v1/nothing", "")).await;
    let mut shown: Vec<String> = Vec::new();
    for name in ["content-security-policy", "x-content-type-options", "referrer-policy", "x-frame-options"] {
        let value = answer.headers.get(name).expect("the header is there").to_str().expect("text");
        shown.push(format!("{name}: {value}"));
    }
    insta::assert_snapshot!("security_headers", shown.join("\n"));
    insta::assert_json_snapshot!("no_such_operation", answer.whole());
}
