//! Setting up, signing in and out, users, tokens, and what the audit log says of it.

use crate::test_app::{Answer, TestApp, request};
use axum::http::header;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shipworthy_model::{Permission, Scope};

const PASSWORD: &str = "correct horse battery";

/// Uses the setup link and gives cookie and CSRF token of the first administrator.
async fn set_up(app: &TestApp) -> (String, String) {
    let link = shipworthy::people::make_setup_link(&app.app).await.expect("made").expect("nobody is there yet");
    let (_, secret) = link.split_once('#').expect("the secret is in the fragment");
    let answer = app.post("/setup", "", json!({ "token": secret, "name": "ada", "password": PASSWORD })).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    (cookie_of(&answer), answer.text("/csrf_token"))
}

fn cookie_of(answer: &Answer) -> String {
    let cookie = answer.headers.get(header::SET_COOKIE).expect("a cookie").to_str().expect("text");
    cookie.split(';').next().expect("name and value").to_owned()
}

async fn with_cookie(app: &TestApp, method: &str, path: &str, cookie: &str, csrf: &str, body: Option<Value>) -> Answer {
    let mut request = request(method, path, "", body);
    request.headers_mut().insert(header::COOKIE, cookie.parse().expect("a header"));
    if !csrf.is_empty() {
        request.headers_mut().insert("x-shipworthy-csrf", csrf.parse().expect("a header"));
    }
    app.send(request).await
}

#[tokio::test]
async fn the_setup_link_makes_one_administrator_and_no_second() {
    for app in TestApp::both().await {
        assert_eq!(app.get("/setup", "").await.body, json!({ "is_open": true }));
        let wrong = app.post("/setup", "", json!({ "token": "x", "name": "eve", "password": PASSWORD })).await;
        let (cookie, _) = set_up(&app).await;
        assert_eq!(app.get("/setup", "").await.body, json!({ "is_open": false }));
        assert_eq!(shipworthy::people::make_setup_link(&app.app).await.expect("asked"), None);
        let session = with_cookie(&app, "GET", "/session", &cookie, "", None).await;
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("setup_with_a_wrong_link", wrong.whole());
            insta::assert_json_snapshot!("session_of_the_administrator", session.whole());
        }
    }
}

#[tokio::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    for app in TestApp::both().await {
        set_up(&app).await;
        let wrong = app.post("/session", "", json!({ "name": "ada", "password": "wrong" })).await;
        let unknown = app.post("/session", "", json!({ "name": "nobody", "password": "wrong" })).await;
        assert_eq!(wrong.whole(), unknown.whole());
        insta::allow_duplicates! { insta::assert_json_snapshot!("wrong_password", wrong.whole()) };
        let right = app.post("/session", "", json!({ "name": "ada", "password": PASSWORD })).await;
        assert_eq!(right.status, 200);
        let set = right.headers.get(header::SET_COOKIE).expect("a cookie").to_str().expect("text");
        assert!(set.ends_with("; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax"), "{set}");
    }
}

#[tokio::test]
async fn guessing_is_slowed_down_for_names_that_exist_and_names_that_do_not() {
    let app = TestApp::sqlite().await;
    set_up(&app).await;
    for name in ["ada", "nobody"] {
        let mut statuses = Vec::new();
        for _ in 0..6 {
            let answer = app.post("/session", "", json!({ "name": name, "password": "wrong" })).await;
            statuses.push(answer.status.as_u16());
        }
        assert_eq!(statuses, [401, 401, 401, 401, 401, 429], "{name}");
    }
}

#[tokio::test]
async fn a_browser_must_repeat_its_guard_to_change_anything() {
    let app = TestApp::sqlite().await;
    let (cookie, csrf) = set_up(&app).await;
    let body = || Some(json!({ "name": "bob", "password": PASSWORD }));
    let without = with_cookie(&app, "POST", "/users", &cookie, "", body()).await;
    let wrong = with_cookie(&app, "POST", "/users", &cookie, "wrong", body()).await;
    let right = with_cookie(&app, "POST", "/users", &cookie, &csrf, body()).await;
    assert_eq!([without.status, wrong.status, right.status].map(|s| s.as_u16()), [403, 403, 201]);
    insta::assert_json_snapshot!("without_the_guard", without.whole());
}

#[tokio::test]
async fn signing_out_ends_the_session_and_time_does_too() {
    for app in TestApp::both().await {
        let (cookie, csrf) = set_up(&app).await;
        let out = with_cookie(&app, "DELETE", "/session", &cookie, &csrf, None).await;
        assert_eq!(out.status, 204);
        assert_eq!(with_cookie(&app, "GET", "/session", &cookie, "", None).await.status, 401);

        let again = app.post("/session", "", json!({ "name": "ada", "password": PASSWORD })).await;
        let cookie = cookie_of(&again);
        assert_eq!(with_cookie(&app, "GET", "/session", &cookie, "", None).await.status, 200);
        app.wait(SignedDuration::from_hours(12));
        assert_eq!(with_cookie(&app, "GET", "/session", &cookie, "", None).await.status, 401);
    }
}

#[tokio::test]
async fn users_are_made_changed_and_switched_off() {
    for app in TestApp::both().await {
        let root = app.root().await;
        let grants = json!([{ "role": "developer", "scope": { "kind": "everything" } }]);
        let made = app.post("/users", &root, json!({ "name": "bob", "password": PASSWORD, "grants": grants })).await;
        let twice = app.post("/users", &root, json!({ "name": "bob", "password": PASSWORD })).await;
        let short = app.post("/users", &root, json!({ "name": "eve", "password": "short" })).await;
        let role = json!([{ "role": "boss", "scope": { "kind": "everything" } }]);
        let no_role = app.post("/users", &root, json!({ "name": "eve", "password": PASSWORD, "grants": role })).await;
        let off = app.patch(&format!("/users/{}", made.text("/id")), &root, json!({ "is_active": false })).await;
        let refused = app.post("/session", "", json!({ "name": "bob", "password": PASSWORD })).await;
        assert_eq!(refused.status, 401, "who is switched off cannot sign in");
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("user_made", made.whole());
            insta::assert_json_snapshot!("user_made_twice", twice.whole());
            insta::assert_json_snapshot!("user_with_a_short_password", short.whole());
            insta::assert_json_snapshot!("user_with_an_unknown_role", no_role.whole());
            insta::assert_json_snapshot!("user_switched_off", off.whole());
        }
    }
}

#[tokio::test]
async fn a_token_is_shown_once_works_and_can_be_taken_back() {
    for app in TestApp::both().await {
        let root = app.root().await;
        let new = json!({ "name": "ci", "permissions": ["push"], "scope": { "kind": "everything" },
            "expires_at": "2026-06-01T00:00:00Z" });
        let made = app.post("/tokens", &root, new).await;
        let secret = made.text("/secret");
        let path = format!("/tokens/{}", made.text("/token/id"));
        assert_eq!(app.get("/session", &secret).await.status, 200);
        let listed = app.get("/tokens", &root).await;
        assert!(!listed.body.to_string().contains(&secret), "the secret is shown once");
        assert_eq!(app.delete(&path, &root).await.status, 204);
        assert_eq!(app.get("/session", &secret).await.status, 401);
        insta::allow_duplicates! { insta::assert_json_snapshot!("token_made", made.whole()) };
    }
}

#[tokio::test]
async fn a_token_cannot_do_more_than_who_made_it_nor_live_for_ever() {
    let app = TestApp::sqlite().await;
    let weak = app.token("bob", &[Permission::Push, Permission::Admin], Scope::Everything).await;
    let new = |permission: &str, expires_at: &str| json!({ "name": "ci", "permissions": [permission], "scope": { "kind": "everything" }, "expires_at": expires_at });
    let more = app.post("/tokens", &weak, new("govern", "2026-06-01T00:00:00Z")).await;
    let endless = app.post("/tokens", &weak, new("push", "2099-01-01T00:00:00Z")).await;
    let ended = app.post("/tokens", &weak, new("push", "2026-02-01T00:00:00Z")).await;
    let not_a_time = app.post("/tokens", &weak, new("push", "tomorrow")).await;
    insta::assert_json_snapshot!("tokens_refused", [more.whole(), endless.whole(), ended.whole(), not_a_time.whole()]);
}

#[tokio::test]
async fn a_token_of_another_looks_like_none_to_who_may_not_see_it() {
    let app = TestApp::sqlite().await;
    let root = app.root().await;
    let weak = app.token("bob", &[Permission::Read], Scope::Everything).await;
    let listed = app.get("/tokens", &root).await;
    let of_ada = listed.body["items"].as_array().expect("items").iter().find(|t| t["owner"]["name"] == "ada");
    let id = of_ada.expect("ada has a token")["id"].as_str().expect("an id").to_owned();
    let hidden = app.delete(&format!("/tokens/{id}"), &weak).await;
    let absent = app.delete(&format!("/tokens/{}", crate::test_app::unused_id()), &weak).await;
    assert_eq!(hidden.status, absent.status);
    let without_id = |answer: &Answer, id: &str| answer.body.to_string().replace(id, "ID");
    assert_eq!(without_id(&hidden, &id), without_id(&absent, &crate::test_app::unused_id().to_string()));
}

#[tokio::test]
async fn what_people_do_is_in_the_audit_log() {
    for app in TestApp::both().await {
        let (cookie, csrf) = set_up(&app).await;
        app.post("/session", "", json!({ "name": "ada", "password": "wrong" })).await;
        let body = Some(json!({ "name": "bob", "password": PASSWORD }));
        with_cookie(&app, "POST", "/users", &cookie, &csrf, body).await;
        let log = with_cookie(&app, "GET", "/audit?limit=2", &cookie, "", None).await;
        let rest = format!("/audit?limit=2&cursor={}", log.text("/next_cursor"));
        let rest = with_cookie(&app, "GET", &rest, &cookie, "", None).await;
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("audit_log_of_people", [log.whole(), rest.whole()]);
        }
        let bad = with_cookie(&app, "GET", "/audit?cursor=x", &cookie, "", None).await;
        assert_eq!(bad.status, 400);
    }
}
