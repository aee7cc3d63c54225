//! Exceptions: who may ask, answer and take back, and what is refused.

use crate::gate_shop::Shop;
use crate::gates::scrub;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shipworthy_model::{Permission, Scope};

fn asked(until: &str) -> Value {
    json!({ "matchers": { "rule": "CVE-2026-0001" }, "scope": { "application": "shop", "service": "cart",
        "environment": "production" }, "reason": "not reachable", "ticket": "SHOP-7",
        "justification": "vulnerable_code_not_in_execute_path", "until": until })
}

#[tokio::test]
async fn whoever_asks_does_not_answer_not_even_through_a_token_of_theirs() {
    for shop in Shop::both().await {
        let request = shop.app.post("/exceptions", &shop.ada, asked("2026-04-01T00:00:00Z")).await;
        assert_eq!(request.status, 201, "{}", request.body);
        let id = request.text("/id");
        let second_token = shop.app.token("ada", Permission::ALL, Scope::Everything).await;
        let mut seen = vec![request.whole()];
        for token in [&shop.ada, &second_token] {
            for verb in ["approve", "reject"] {
                let own = shop.app.post(&format!("/exceptions/{id}/{verb}"), token, json!({})).await;
                assert_eq!((own.status.as_u16(), own.text("/title").as_str()), (403, "Your own request"));
            }
        }
        let body = json!({ "comment": "looked at it" });
        seen.push(shop.app.post(&format!("/exceptions/{id}/approve"), &shop.bob, body).await.whole());
        seen.push(shop.app.post(&format!("/exceptions/{id}/reject"), &shop.bob, json!({})).await.whole());
        seen.push(shop.app.post(&format!("/exceptions/{id}/revoke"), &shop.ada, json!({})).await.whole());
        seen.push(shop.app.post(&format!("/exceptions/{id}/revoke"), &shop.ada, json!({})).await.whole());
        let mut seen = json!(seen);
        scrub(&mut seen);
        insta::allow_duplicates! { insta::assert_json_snapshot!("life_of_an_exception", seen) };
        let audit = shop.app.get(&format!("/audit?object={id}"), &shop.ada).await;
        let actions: Vec<_> =
            audit.body["items"].as_array().expect("items").iter().map(|e| e["action"].clone()).collect();
        assert_eq!(actions, ["exception.revoke", "exception.approve", "exception.request"]);
    }
}

#[tokio::test]
async fn what_cannot_be_an_exception_is_refused_with_the_place_and_the_reason() {
    let shop = Shop::sqlite().await;
    let with = |pointer: &str, value: Value| {
        let mut body = asked("2026-04-01T00:00:00Z");
        let (parent, field) = pointer.rsplit_once('/').expect("a pointer");
        body.pointer_mut(parent).expect("a parent")[field] = value;
        body
    };
    let mut seen = Vec::new();
    for body in [
        with("/matchers", json!({})),
        with("/matchers", json!({ "policy": "no-such-policy" })),
        with("/matchers", json!({ "purl": "left-pad" })),
        with("/matchers", json!({ "artifact": "sha256:short" })),
        with("/matchers", json!({ "severity": "low" })),
        with("/until", json!("2026-03-01T12:00:00Z")),
        with("/until", json!("2027-06-01T00:00:00Z")),
        with("/until", json!("tomorrow")),
        with("/from", json!("1970-01-01T00:00:00Z")),
        with("/reason", json!("  ")),
        with("/scope", json!({ "application": "nothing" })),
        with("/scope", json!({ "service": "cart" })),
        with("/scope", json!({ "environment": "moon" })),
        with("/justification", json!("because")),
    ] {
        let answer = shop.app.post("/exceptions", &shop.ada, body).await;
        seen.push(answer.whole());
    }
    insta::assert_json_snapshot!("refused_exceptions", seen);
    let listed = shop.app.get("/exceptions", &shop.ada).await;
    assert_eq!(listed.body["items"], json!([]), "nothing is half recorded");
}

#[tokio::test]
async fn a_request_for_everything_needs_a_permission_on_everything() {
    let shop = Shop::sqlite().await;
    let mut session = shop.app.app.db.read().await.expect("a session");
    let found = shipworthy_store::application::find(&mut session, "shop").await.expect("asked").expect("found");
    drop(session);
    let permissions = [Permission::RequestException, Permission::Approve, Permission::Read];
    let dev = shop.app.token("dev", &permissions, Scope::Application(found.id)).await;
    let mut wide = asked("2026-04-01T00:00:00Z");
    wide["scope"] = json!({});
    assert_eq!(shop.app.post("/exceptions", &dev, wide.clone()).await.status, 403);
    assert_eq!(shop.app.post("/exceptions", &dev, asked("2026-04-01T00:00:00Z")).await.status, 201);
    let by_ada = shop.app.post("/exceptions", &shop.ada, wide).await.text("/id");
    let answer = shop.app.post(&format!("/exceptions/{by_ada}/approve"), &dev, json!({})).await;
    assert_eq!(answer.status, 403, "{}", answer.body);
    let shown = shop.app.get(&format!("/exceptions/{by_ada}"), &dev).await;
    assert_eq!(shown.body["actions"], json!([]));
}

#[tokio::test]
async fn a_request_whose_time_is_over_can_no_longer_be_approved() {
    let shop = Shop::sqlite().await;
    let id = shop.app.post("/exceptions", &shop.ada, asked("2026-03-02T00:00:00Z")).await.text("/id");
    shop.app.wait(SignedDuration::from_hours(24));
    let late = shop.app.post(&format!("/exceptions/{id}/approve"), &shop.bob, json!({})).await;
    assert_eq!(
        (late.status.as_u16(), late.text("/detail").as_str()),
        (409, "the exception is `expired`; only a requested one can be answered")
    );
}

#[tokio::test]
async fn exceptions_are_listed_by_state_policy_and_page() {
    for shop in Shop::both().await {
        for n in 0..3 {
            let mut body = asked("2026-04-01T00:00:00Z");
            body["matchers"] = json!({ "rule": format!("CVE-2026-000{n}"), "policy": "tests-passed" });
            shop.app.post("/exceptions", &shop.bob, body).await;
        }
        let first = shop.app.get("/exceptions?limit=2&state=requested", &shop.ada).await;
        let cursor = first.text("/next_cursor");
        let second = shop.app.get(&format!("/exceptions?limit=2&cursor={cursor}"), &shop.ada).await;
        let rules = |answer: &crate::test_app::Answer| {
            let items = answer.body["items"].as_array().expect("items").clone();
            items.iter().map(|item| item["matchers"]["rule"].as_str().expect("a rule").to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(rules(&first), ["CVE-2026-0002", "CVE-2026-0001"]);
        assert_eq!(rules(&second), ["CVE-2026-0000"]);
        let by_rule = shop.app.get("/exceptions?rule=CVE-2026-0001&policy=tests-passed", &shop.ada).await;
        assert_eq!(rules(&by_rule), ["CVE-2026-0001"]);
        assert_eq!(shop.app.get("/exceptions?state=open", &shop.ada).await.status, 422);
    }
}
