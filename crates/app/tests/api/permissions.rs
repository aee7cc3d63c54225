//! Every operation of the OpenAPI description, without a token and with each single permission: what is not 401 or 403
//! must be in the committed list, which may only shrink.

use crate::test_app::{TestApp, request, unused_id};
use serde_json::{Value, json};
use shipworthy_model::{Permission, Scope};
use std::collections::BTreeMap;

/// Operations that answer without a token, for reasons.
const PUBLIC: &[&str] = &["GET /setup", "POST /setup", "POST /session"];

/// The operations as `(method, path)` below `/api/v1`, with ids that nothing has in place of parameters.
fn operations() -> Vec<(String, String, String)> {
    let (_, openapi) = shipworthy::api::routes().split_for_parts();
    let openapi: Value = serde_json::to_value(openapi).expect("it serialises");
    let mut operations = Vec::new();
    for (path, methods) in openapi["paths"].as_object().expect("paths") {
        for method in methods.as_object().expect("methods").keys() {
            let shown = path.strip_prefix("/api/v1").expect("below the API").to_owned();
            let mut real = shown.clone();
            while let (Some(begin), Some(end)) = (real.find('{'), real.find('}')) {
                real.replace_range(begin..=end, &unused_id().to_string());
            }
            operations.push((method.to_uppercase(), shown, real));
        }
    }
    operations
}

#[tokio::test]
async fn every_operation_without_a_token_answers_401_unless_it_is_in_the_public_list() {
    let app = TestApp::sqlite().await;
    let mut open = Vec::new();
    for (method, shown, real) in operations() {
        for token in ["", "swt_wrong"] {
            let body = (method != "GET").then(|| json!({}));
            let status = app.send(request(&method, &real, token, body)).await.status;
            if status != 401 {
                open.push(format!("{method} {shown}"));
            }
        }
    }
    open.dedup();
    open.sort();
    let mut public: Vec<&str> = PUBLIC.to_vec();
    public.sort_unstable();
    assert_eq!(open, public);
}

#[tokio::test]
async fn every_operation_asks_for_the_permission_that_it_is_known_to_ask_for() {
    let app = TestApp::sqlite().await;
    let mut tokens = BTreeMap::new();
    for permission in Permission::ALL {
        tokens.insert(*permission, app.token("eve", &[*permission], Scope::Everything).await);
    }
    let mut lines = Vec::new();
    for (method, shown, real) in operations() {
        if method == "GET" && shown == "/events" {
            // It never ends; its 401 is asserted above.
            continue;
        }
        let mut passes = Vec::new();
        for (permission, token) in &tokens {
            let body = (method != "GET").then(|| json!({}));
            let status = app.send(request(&method, &real, token, body)).await.status;
            if status != 403 {
                passes.push(permission.as_str());
            }
        }
        lines.push(format!("{method:6} {shown}: {}", passes.join(" ")));
    }
    insta::assert_snapshot!("operations_by_permission", lines.join("\n"));
}
