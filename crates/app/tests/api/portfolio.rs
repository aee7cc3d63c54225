//! Teams, applications and environments.

use crate::test_app::{Answer, TestApp, unused_id};
use serde_json::json;
use shipworthy_model::{Permission, Scope, TeamId};

/// Makes a team and gives a token of `bob` with these permissions on it.
pub(crate) async fn team_token(app: &TestApp, root: &str, team: &str, permissions: &[Permission]) -> String {
    let made = app.post("/teams", root, json!({ "name": team })).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let id = TeamId(made.text("/id").parse().expect("an id"));
    app.token("bob", permissions, Scope::Team(id)).await
}

/// Makes the environments `test` and `production`.
pub(crate) async fn environments(app: &TestApp, root: &str) -> Vec<Answer> {
    let mut made = Vec::new();
    for (name, kind, exposure) in [("test", "test", "internal"), ("production", "production", "internet")] {
        let body = json!({ "name": name, "kind": kind, "exposure": exposure });
        made.push(app.post("/environments", root, body).await);
    }
    made
}

#[tokio::test]
async fn an_environment_is_made_once_changed_and_listed() {
    for app in TestApp::both().await {
        let root = app.root().await;
        let made = environments(&app, &root).await;
        let id = made[0].text("/id");
        let twice = app.post("/environments", &root, json!({ "name": "test", "kind": "test" })).await;
        let no_kind = app.post("/environments", &root, json!({ "name": "x", "kind": "moon" })).await;
        let blank = app.post("/environments", &root, json!({ "name": "pre prod", "kind": "staging" })).await;
        let changed = app.patch(&format!("/environments/{id}"), &root, json!({ "gate_mode": "warn" })).await;
        let renamed = app.patch(&format!("/environments/{id}"), &root, json!({ "name": "other" })).await;
        assert_eq!(
            [twice.status, no_kind.status, blank.status, renamed.status].map(|s| s.as_u16()),
            [409, 422, 422, 422]
        );
        let reader = app.token("eve", &[Permission::Read], Scope::Everything).await;
        let listed = app.get("/environments", &reader).await;
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("environment_made", made[1].whole());
            insta::assert_json_snapshot!("environment_changed", changed.whole());
            insta::assert_json_snapshot!("environments_refused", [twice.whole(), no_kind.whole(), blank.whole()]);
            insta::assert_json_snapshot!("environments_listed", listed.whole());
        }
    }
}

#[tokio::test]
async fn environments_and_teams_are_made_by_those_who_govern_everything() {
    let app = TestApp::sqlite().await;
    let root = app.root().await;
    let partial = team_token(&app, &root, "harbour", &[Permission::Govern, Permission::Admin]).await;
    let environment = app.post("/environments", &partial, json!({ "name": "test", "kind": "test" })).await;
    let team = app.post("/teams", &partial, json!({ "name": "pirates" })).await;
    insta::assert_json_snapshot!("refused_for_a_part", [environment.whole(), team.whole()]);
}

#[tokio::test]
async fn an_application_belongs_to_the_team_of_who_makes_it() {
    for app in TestApp::both().await {
        let root = app.root().await;
        let of_team = team_token(&app, &root, "harbour", &[Permission::Push, Permission::Read]).await;
        let own = app.post("/applications", &of_team, json!({ "name": "shop" })).await;
        let default = app.post("/applications", &root, json!({ "name": "bank" })).await;
        let twice = app.post("/applications", &of_team, json!({ "name": "shop" })).await;
        let new_team = app.post("/applications", &root, json!({ "name": "depot", "team": "logistics" })).await;
        let foreign = app.post("/applications", &of_team, json!({ "name": "x", "team": "logistics" })).await;
        let missing = app.post("/applications", &of_team, json!({ "name": "x", "team": "nobody" })).await;
        let nameless = app.post("/applications", &root, json!({ "name": "" })).await;
        assert_eq!(new_team.text("/team/name"), "logistics");
        assert_eq!(foreign.body.to_string().replace("logistics", "nobody"), missing.body.to_string());
        let seen_by_team = app.get("/applications", &of_team).await;
        let page = app.get("/applications?limit=2", &root).await;
        let rest = app.get(&format!("/applications?limit=2&cursor={}", page.text("/next_cursor")), &root).await;
        let teams = app.get("/teams", &root).await;
        let own_teams = app.get("/teams", &of_team).await;
        insta::allow_duplicates! {
            insta::assert_json_snapshot!("application_of_the_own_team", own.whole());
            insta::assert_json_snapshot!("application_of_the_default_team", default.whole());
            insta::assert_json_snapshot!("applications_refused", [twice.whole(), foreign.whole(), nameless.whole()]);
            insta::assert_json_snapshot!("applications_seen_by_a_team", seen_by_team.whole());
            insta::assert_json_snapshot!("applications_by_page", [names(&page), names(&rest)]);
            insta::assert_json_snapshot!("teams", [teams.whole(), own_teams.whole()]);
        }
    }
}

fn names(answer: &Answer) -> Vec<String> {
    let items = answer.body["items"].as_array().expect("items");
    items.iter().map(|item| item["name"].as_str().expect("a name").to_owned()).collect()
}

#[tokio::test]
async fn what_a_caller_may_not_see_looks_like_what_does_not_exist() {
    for app in TestApp::both().await {
        let root = app.root().await;
        let of_team = team_token(&app, &root, "harbour", Permission::ALL).await;
        environments(&app, &root).await;
        let new = json!({ "application": "bank", "service": "ledger", "version": "1.0.0" });
        let release = app.post("/releases", &root, new).await.text("/id");
        let start = json!({ "release": release, "environment": "test" });
        let deployment = app.post("/deployments", &root, start.clone()).await.text("/id");
        let absent = unused_id().to_string();
        let mut asked = 0;
        for (method, path, body) in [
            ("GET", "/releases/ID", json!(null)),
            ("GET", "/releases/ID/approvals", json!(null)),
            ("POST", "/releases/ID/approvals", json!({ "environment": "test" })),
            ("GET", "/deployments/ID", json!(null)),
            ("POST", "/deployments/ID/finish", json!({})),
            ("POST", "/deployments/ID/fail", json!({})),
            ("POST", "/deployments/ID/rollback", json!({})),
            ("POST", "/deployments", json!({ "release": "ID", "environment": "test" })),
        ] {
            let real = if path.starts_with("/releases") || path == "/deployments" { &release } else { &deployment };
            let mut answers = Vec::new();
            for id in [real, &absent] {
                let body: serde_json::Value = serde_json::from_str(&body.to_string().replace("ID", id)).expect("JSON");
                let body = (method == "POST").then_some(body);
                let request = crate::test_app::request(method, &path.replace("ID", id), &of_team, body);
                let answer = app.send(request).await;
                answers.push((answer.status.as_u16(), answer.body.to_string().replace(id.as_str(), "ID")));
            }
            assert_eq!(answers[0], answers[1], "{method} {path}");
            assert_eq!(answers[0].0, 404, "{method} {path}: {}", answers[0].1);
            asked += 1;
        }
        assert_eq!(asked, 8);
        for list in ["/releases", "/deployments", "/applications"] {
            assert_eq!(app.get(list, &of_team).await.body, json!({ "items": [] }), "{list}");
        }
    }
}
